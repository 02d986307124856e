"""What a conversation is made of: a session, what it is taken in, and what a turn leads to. Plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from bot.cases import Reason
from bot.flow import Flow
from bot.meaning import Meaning
from bot.messages import Mode, Next


class State(StrEnum):
    """Asking: the bot has a question open. Person: people have the conversation. Done: nothing is open. Stopped."""

    ASKING = "asking"
    PERSON = "person"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Session:
    """One run of a flow by one contact. An answer of no values is a question that was skipped."""

    flow: str
    version: int
    run: int = 1
    language: str = "nl"
    state: State = State.ASKING
    step: str = ""
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trail: tuple[str, ...] = ()
    resume: str = ""
    picked: tuple[str, ...] = ()
    page: int = 0
    failures: int = 0
    paused: State = State.ASKING
    told: bool = False  # while a person has it: the one line that says so was said
    kept: tuple[str, ...] = ()  # what was picked of the question to come back to
    alarm: str = ""  # the alarm just answered in a call: said once more to who then says nothing
    doubt: str = ""  # the choice that was asked back: "Bedoelt u 2: een opleiding?"

    def to_dict(self) -> dict[str, Any]:
        """As stored: plain JSON."""
        data = asdict(self)
        data["answers"] = {step: list(values) for step, values in self.answers.items()}
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Session:
        """The inverse of ``to_dict``."""
        answers = {step: tuple(values) for step, values in data["answers"].items()}
        rows = {name: tuple(data[name]) for name in ("trail", "picked", "kept")}
        states = {name: State(data[name]) for name in ("state", "paused")}
        return cls(**{**data, **rows, **states, "answers": answers})


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something to say. ``message`` names one of the flow's messages; ``step`` the question to ask.

    ``lines`` is the alarm whose numbers are given; ``language`` where it is not the session's.
    """

    message: str = ""
    step: str = ""
    again: bool = False
    next: Next = Next.ASK
    slow: bool = False
    lines: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Hand the conversation to people, or raise the case that is open. ``evidence``: the words that made it urgent."""

    reason: Reason
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StopContact:
    """No more messages to this address."""


@dataclass(frozen=True, slots=True)
class ResumeContact:
    """Messages to this address are welcome again."""


@dataclass(frozen=True, slots=True)
class LearnPhone:
    """The contact's own phone number, as the channel vouches for it (E.164)."""

    number: str


Effect = OpenCase | StopContact | ResumeContact | LearnPhone


@dataclass(frozen=True, slots=True)
class Turn:
    """What a meaning led to."""

    session: Session
    prompts: tuple[Prompt, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What a turn is taken in: the flow, how words travel, the facts known of the contact (``phone``, ``case`` …)."""

    flow: Flow
    mode: Mode
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def voice(self) -> bool:
        """Whether the person is on the phone now."""
        return self.mode is Mode.VOICE

    @property
    def hidden(self) -> bool:
        """Whether the caller's number is unknown."""
        return self.facts.get("hidden") == "yes"


Handler = Callable[[Scene, Session, Meaning], Turn]


def new_session(flow: Flow, *, run: int = 1, language: str = "nl") -> Session:
    """A session at its first question."""
    return Session(flow=flow.name, version=flow.version, run=run, language=language, step=flow.start)
