"""The channels: each one file with the same verbs in the same order (verify, parse, render, send); no decisions."""
