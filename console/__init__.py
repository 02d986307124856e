"""The counsellors' web console: plain pages over ``bot.service``, that work without JavaScript and live with it."""

from console.blueprint import create_console, no_recordings

__all__ = ["create_console", "no_recordings"]
