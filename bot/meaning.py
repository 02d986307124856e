"""What a message amounts to, and the question it is held against. Plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from bot.flow import StepKind
from bot.lexicon import Is
from bot.messages import Choice, Mode

DOUBTFUL = 0.7
"""A choice of less confidence is asked back: "Bedoelt u 2: een opleiding?"."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning. ``values`` are the choices, the language, the text …; ``evidence`` the words it was seen in."""

    name: Is
    values: tuple[str, ...] = ()
    confidence: float = 1.0
    evidence: tuple[str, ...] = ()
    language: str = ""  # of the lexicon it was found in
    step: str = ""
    run: int = 0
    told: tuple[str, ...] = ()  # what was said of one's own accord: bot.triage.VOLUNTEERED
    redacted: str | None = None  # the message as it may be kept, where it told what we must not keep


NAME = "name"
"""The question how somebody is called, in every flow that asks it."""

WHOLE, PART, HESITANT = 1.0, 0.85, 0.4
"""Confidence in what is a whole message and in a part of one, and what it loses by a doubt."""

ASIDE = 0.55
"""The most confidence in an answer of who speaks of somebody else, asks, or tells of what was or may be."""


class Candidate(NamedTuple):
    """One thing a message may mean. ``score`` compares within one message only; ``made``: the meaning, of the best."""

    name: Is
    score: float
    made: Callable[[], Meaning]


@dataclass(frozen=True, slots=True)
class Question:
    """What stands open: the kind of answer expected and the choices as this person got them.

    ``doubt``: the choice that was asked back, so that a yes means it. ``step``: its name in the flow. ``again``:
    whether an answer was not understood before. ``year``: the one we are in.
    """

    kind: StepKind | None
    mode: Mode
    choices: tuple[Choice, ...] = ()
    more: bool = False
    doubt: str = ""
    step: str = ""
    again: bool = False
    year: int = 0

    @property
    def asks_name(self) -> bool:
        """Whether it asks how somebody is called."""
        return self.step == NAME

    def by_key(self, key: str) -> str | None:
        """The choice that a digit gives."""
        return next((choice.id for choice in self.choices if choice.key == key), None)
