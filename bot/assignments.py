"""Reads ``content/assignments.yaml``: the small tasks that contacts can put on their own path."""

from __future__ import annotations

from bot.flow import line_of
from bot.plans import Assignment, AssignmentKind
from bot.reading import Row, by_id, each, only, stop_at, words_of

LONGEST_TITLE, LONGEST_TEXT = 30, 100
"""Characters: three titles, or one text with its answers, fit into an SMS."""


def read_assignments(data: Row, where: str) -> dict[str, Assignment]:
    """The assignments by their id, from the parsed file ``where``. Raises FlowError with every problem found."""
    problems: list[str] = []
    only(data, "checked valid_until assignments")
    found = by_id(each(data["assignments"], _assignment, where, problems), where, problems)
    stop_at(problems)
    return found


def _assignment(row: Row) -> Assignment:
    only(row, "id kind title text")
    return Assignment(
        id=str(row["id"]),
        kind=AssignmentKind(row["kind"]),
        title=words_of(row, "title", LONGEST_TITLE),
        text=words_of(row, "text", LONGEST_TEXT),
        line=line_of(row),
    )
