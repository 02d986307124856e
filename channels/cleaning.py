"""Makes a text from outside fit to store: no null bytes, no halves of characters, no control signs, not endless."""

from __future__ import annotations

LONGEST = 4096
"""Characters kept of one message: Telegram's own limit, and more than any SMS."""

_KEPT = frozenset("\n\t")


def clean(text: object) -> str:
    """A text that every database and every page can hold; anything that is no text is empty."""
    if not isinstance(text, str):
        return ""
    whole = text[: LONGEST * 2].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept = (
        c for c in whole.replace("\r\n", "\n").replace("\r", "\n") if c in _KEPT or c.isprintable() or c in _JOINERS
    )
    return "".join(kept)[:LONGEST].strip()


_JOINERS = frozenset("\u200c\u200d\u200e\u200f\u00a0\u202f\ufe0f")
"""Invisible, and part of how Arabic, Persian and emoji are written."""
