"""The conversation. Knows no Flask, no provider and no channel's format."""
