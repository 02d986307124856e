"""What a conversation is made of: a session, what it is taken in, and what a turn leads to. Plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.cases import Reason
from bot.flow import Flow, Words
from bot.meaning import Meaning
from bot.meetings import MeetingKind, Office, Slot
from bot.messages import Mode, Next
from bot.plans import Assignment, Item, Path
from bot.triage import Proposal, Rules


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
    about: str = ""  # what an errand is about: the id of an item, a meeting, a notice
    before: State = State.DONE  # where the contact was when an errand came

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
        states = {name: State(data[name]) for name in ("state", "paused", "before") if name in data}
        return cls(**{**data, **rows, **states, "answers": answers})


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something to say. ``message`` names one of the flow's messages; ``step`` the question to ask.

    ``lines`` is the alarm whose numbers are given; ``language`` where it is not the session's; ``about`` what fills
    its gaps: a time, an item of a plan, a proposal, a notice, who gives a conversation to whom, when people are there.
    """

    message: str = ""
    step: str = ""
    again: bool = False
    next: Next = Next.ASK
    slow: bool = False
    lines: str = ""
    language: str = ""
    about: Slot | Item | Proposal | NoticeWords | Handing | Back | Usual | None = None


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


@dataclass(frozen=True, slots=True)
class Propose:
    """Keep the proposal: people confirm or change it."""

    proposal: Proposal


@dataclass(frozen=True, slots=True)
class ToldHours:
    """The contact heard from when people are there: once for a case is enough."""


Effect = ToldHours | OpenCase | StopContact | ResumeContact | LearnPhone | Propose


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something that may fail, because others reach for it too: a place at a time, an item that a counsellor changed.

    The service tries, then asks ``bot.errands.after`` what is said of the outcome. ``ref`` is an id.
    """

    verb: str
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a meaning led to."""

    session: Session
    prompts: tuple[Prompt, ...] = ()
    effects: tuple[Effect, ...] = ()
    attempt: Attempt | None = None


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """A notice as ``content/notices.yaml`` words it, and what fills its gaps. ``explained``: it is explained."""

    template: str
    text: Words
    explanation: Words
    day: date | None = None
    explained: bool = False


@dataclass(frozen=True, slots=True)
class Handing:
    """A conversation goes from one person to another; without a name, to whoever takes it up."""

    giver: str
    taker: str = ""


@dataclass(frozen=True, slots=True)
class Back:
    """Nobody is at work; from ``at`` on people are."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Usual:
    """Within so many minutes people are usually answered."""

    minutes: int


class Around(Protocol):
    """What a contact has beside the questions; looked up when it is first needed."""

    @property
    def path(self) -> Path:
        """The contact's own plan."""
        ...

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """Every assignment there is."""
        ...

    @property
    def booked(self) -> tuple[Slot, ...]:
        """The meetings to come."""
        ...

    @property
    def back(self) -> Back | None:
        """From when people are there; None while they are, and once the contact knows."""
        ...

    @property
    def usual(self) -> Usual | None:
        """Within which time an answer usually comes; None where nobody can know."""
        ...

    def times(self, kinds: tuple[MeetingKind, ...]) -> tuple[Slot, ...]:
        """The three near times that are free."""
        ...

    def notice(self, notice_id: str) -> NoticeWords | None:
        """A notice that this contact got."""
        ...


class NothingAround:
    """A contact without plan, meetings or notices, where no times are published."""

    path = Path()
    assignments: tuple[Assignment, ...] = ()
    booked: tuple[Slot, ...] = ()
    back: Back | None = None
    usual: Usual | None = None

    def times(self, kinds: tuple[MeetingKind, ...]) -> tuple[Slot, ...]:
        """None."""
        return ()

    def notice(self, notice_id: str) -> NoticeWords | None:
        """None."""
        return None


NO_RULES = Rules(version=0, programmes={}, rules=(), elsewhere={})
"""A catalogue in which nothing stands: everybody is proposed a person by telephone."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a turn is taken in: the flow, how words travel, the facts known of the contact (``phone``, ``case`` …),
    the rules of triage, and what the contact has beside the questions.
    """

    flow: Flow
    mode: Mode
    facts: Mapping[str, str] = field(default_factory=dict)
    rules: Rules = NO_RULES
    today: date = date.min
    offices: Mapping[str, Office] = field(default_factory=dict)
    around: Around = field(default_factory=NothingAround)

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
