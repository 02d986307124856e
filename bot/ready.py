"""Reads ``content/ready_answers.yaml``: what counsellors say often, in approved words with gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.flow import Words, line_of
from bot.reading import Row, by_id, each, only, stop_at, words_of

LONGEST_TEXT = 110


class Subject(StrEnum):
    """What a ready answer is about, in the order of the list."""

    GREETING = "greeting"
    WAITING = "waiting"
    ASKING = "asking"
    MEETING = "meeting"
    PAPERS = "papers"
    REFERRAL = "referral"
    GOODBYE = "goodbye"


class Gap(StrEnum):
    """What a ready answer may leave open."""

    NAME = "name"
    COUNSELLOR = "counsellor"
    OFFICE = "office"
    TIME = "time"


_GAP = re.compile("{(" + "|".join(Gap) + ")}")
_ANY_GAP = re.compile(r"{(\w*)}")


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """One answer that a counsellor can choose."""

    id: str
    subject: Subject
    text: Words
    line: int = 0


def read_ready(data: Row, where: str) -> dict[str, ReadyAnswer]:
    """The ready answers by their id, from the parsed file ``where``. Raises FlowError with every problem found."""
    problems: list[str] = []
    only(data, "checked valid_until answers")
    found = by_id(each(data["answers"], _answer, where, problems), where, problems)
    stop_at(problems)
    return found


def gaps_in(text: str) -> tuple[Gap, ...]:
    """The gaps that still stand in a text, each once, in their order."""
    return tuple(dict.fromkeys(Gap(name) for name in _GAP.findall(text)))


def filled(text: str, values: Mapping[Gap, str]) -> str:
    """The text with what is known in its gaps. Any other brace is somebody's own, and stays."""
    return _GAP.sub(lambda gap: values.get(Gap(gap[1])) or gap[0], text)


def _answer(row: Row) -> ReadyAnswer:
    only(row, "id subject text")
    text = words_of(row, "text", LONGEST_TEXT)
    unknown = {name for words in text.by_mode.values() for name in _ANY_GAP.findall(words)} - set(Gap)
    if unknown:
        raise ValueError(f"nothing fills the gap {', '.join(sorted(unknown))}; there are {', '.join(Gap)}")
    return ReadyAnswer(str(row["id"]), Subject(row["subject"]), text, line_of(row))
