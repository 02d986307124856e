"""Reads ``content/notices.yaml``: what would have been a letter, in plain words."""

from __future__ import annotations

import string
from dataclasses import dataclass

from bot.flow import Words, line_of
from bot.reading import Row, by_id, each, only, stop_at, words_of

LONGEST_TEXT, LONGEST_EXPLANATION = 100, 150
GAPS = frozenset({"day"})
"""What a text may leave open."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of notice. ``dated``: it names a day, which whoever sends it gives."""

    id: str
    name: str
    text: Words
    explanation: Words
    dated: bool
    line: int = 0


def read_letters(data: Row, where: str) -> dict[str, Letter]:
    """The notices by their id, from the parsed file ``where``. Raises FlowError with every problem found."""
    problems: list[str] = []
    only(data, "checked valid_until notices")
    found = by_id(each(data["notices"], _letter, where, problems), where, problems)
    stop_at(problems)
    return found


def _letter(row: Row) -> Letter:
    only(row, "id name text explanation")
    text = words_of(row, "text", LONGEST_TEXT)
    return Letter(
        id=str(row["id"]),
        name=str(row["name"]),
        text=text,
        explanation=words_of(row, "explanation", LONGEST_EXPLANATION),
        dated=_gaps(text) == GAPS,
        line=line_of(row),
    )


def _gaps(words: Words) -> frozenset[str]:
    """The gaps of a text. Raises ValueError for one that nothing fills, or that not every mode has."""
    rows = {
        frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in words.by_mode.values()
    }
    if len(rows) != 1 or not next(iter(rows)) <= GAPS:
        raise ValueError(f"a text may have the gap {', '.join(sorted(GAPS))}, the same in every mode")
    return next(iter(rows))
