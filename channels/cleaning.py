"""Makes a text from outside fit to store: no null bytes, no halves of characters, no control signs, not endless."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 4096
"""Characters kept of one message: Telegram's own limit, and more than any SMS."""

LONGEST_ID = 64
"""Characters kept of a provider's name for something; the longest real one has 36."""

_SHARE = re.compile(r"0(?:\.\d{1,20})?|1(?:\.0{1,20})?")

_KEPT = frozenset("\n\t\u00a0\u202f\u061c\u200c\u200d\u200e\u200f\ufe0f")
"""Line ends, hard spaces, and invisible signs that are part of how Arabic, Persian and emoji are written."""

_INSTEAD = {"Cc": "", "Cs": "", "Cf": "", "Zs": " ", "Zl": "\n", "Zp": "\n"}
"""By Unicode category. What has none yet (Cn: an emoji newer than this Python) is kept."""


def clean(text: object, longest: int = LONGEST) -> str:
    """A text that every database and every page can hold; anything that is no text is empty."""
    if not isinstance(text, str):
        return ""
    whole = text[: longest * 2].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = whole.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c in _KEPT else _INSTEAD.get(unicodedata.category(c), c) for c in lines)[:longest].strip()


def identifier(text: object) -> str:
    """A provider's name for something, fit to store: printable ASCII, not long; empty when it is anything else."""
    named = isinstance(text, str) and len(text) <= LONGEST_ID and text.isascii() and text.isprintable()
    return str(text) if named else ""


def share(text: str) -> float:
    """A number from 0 to 1 as providers write it; 1 when it is anything else."""
    return float(text) if _SHARE.fullmatch(text) else 1.0


def number(text: str, most: int = 10**9) -> int | None:
    """A number in plain digits, at most ``most``; None when it is anything else."""
    plain = text.isascii() and text.isdigit() and len(text) < 10
    return min(int(text), most) if plain else None
