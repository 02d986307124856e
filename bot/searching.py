"""What somebody looks for: a name, a number written in any way, or the number of a case."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.lexicon import folded

LONGEST = 100
"""Characters of a search that are looked at."""

FEWEST_DIGITS = 4
"""The last digits of a number that can be looked for."""

LONGEST_NAME = 400
_NATIONAL = 8
"""From this many digits on a number that begins with a zero is one as it is dialled in Belgium."""

_LARGEST_ID = 18
_BETWEEN = str.maketrans("", "", " .-/()\u00a0\u200e\u200f\u202a\u202c\u2066\u2069")


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: words that all stand in a name, ends of a number, a case."""

    words: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    case_id: int | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.ends or self.case_id)


def sought(typed: str) -> Sought:
    """What was typed amounts to."""
    text = typed.replace("\0", "").strip()[:LONGEST]
    digits = _digits(text)
    if digits is None:
        return Sought(words=tuple(searched_name(text).split()))
    return Sought(ends=_ends(digits), case_id=int(digits) if len(digits) <= _LARGEST_ID else None)


def searched_name(name: str) -> str:
    """A name as it is compared: without capitals and accents, in any script."""
    return folded(name)[:LONGEST_NAME]


def _digits(text: str) -> str | None:
    """The digits of a number, in whatever script it was written; None when it is none."""
    kept = text.removeprefix("#").replace("(0)", "").translate(_BETWEEN).removeprefix("+")
    values = [unicodedata.decimal(letter, None) for letter in kept]
    return "".join(map(str, values)) if values and None not in values else None


def _ends(digits: str) -> tuple[str, ...]:
    """What a number in the store may end with: as it was typed, and without what is dialled before it."""
    if len(digits) < FEWEST_DIGITS:
        return ()
    bare = digits.lstrip("0") if len(digits) >= _NATIONAL else digits
    return tuple(dict.fromkeys(end for end in (digits, bare) if len(end) >= FEWEST_DIGITS))
