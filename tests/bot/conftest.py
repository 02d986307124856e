"""The real intake with its words, and a person who answers without any channel."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from bot import content
from bot.catalogues import Catalogues
from bot.conversation import take_turn
from bot.errands import GONE, after, begin
from bot.flow import Flow, Words
from bot.lexicon import Is
from bot.lexicon_files import load_matcher
from bot.matching import Matcher
from bot.meetings import BookingState, MeetingKind, Outcome, Slot
from bot.messages import Inbound, Kind, Mode, Said, Urn
from bot.plans import Assignment, Item, ItemState, Path, may_move
from bot.session import Attempt, Back, Effect, NoticeWords, Scene, Session, Turn, Usual
from bot.steps import ask
from bot.understanding import understand
from bot.wording import Context, Wording

COMPLETE = ("nl", "fr", "en", "ar", "tr", "uk", "ru", "pl", "ro", "es")
PREPARED = ("fa", "ps", "ti", "so")
LANGUAGES = COMPLETE + PREPARED
LINES = Context(
    {
        Is.DANGER: ("112", "101"),
        Is.VIOLENCE: ("112", "101", "1712"),
        Is.DISTRESS: ("1813", "106"),
        Is.HOMELESS: ("0800 13 500", "106"),
    }
)
KINDS = {Mode.TEXT: Kind.TEXT, Mode.CHAT: Kind.TEXT, Mode.VOICE: Kind.SPEECH}


@pytest.fixture(scope="session")
def flow() -> Flow:
    """The real intake."""
    return content.load_intake()


@pytest.fixture(scope="session")
def matcher() -> Matcher:
    """The real lexicons, ready."""
    return load_matcher()


@pytest.fixture(scope="session")
def wording() -> Wording:
    """The real words."""
    return Wording(Catalogues(LANGUAGES), content.load_transliteration())


def stored_and_read(session: Session) -> Session:
    """A session as the next turn finds it: through JSON and back."""
    read = Session.from_dict(json.loads(json.dumps(session.to_dict())))
    assert read == session
    return read


RULES = content.load_rules(content.load_intake())
OFFICES = content.load_offices()
ASSIGNMENTS = content.load_assignments()
TODAY = date(2026, 12, 1)
AFTER_STATE = {"done": ItemState.DONE, "later": ItemState.LATER, "drop": ItemState.DROPPED, "start": ItemState.NOW}


@dataclass
class AroundInMemory:
    """``bot.session.Around`` without a store: what a contact has, and what trying does to it."""

    path: Path = field(default_factory=Path)
    slots: list[Slot] = field(default_factory=list)
    booked: tuple[Slot, ...] = ()
    notices: dict[str, NoticeWords] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    tried: list[Attempt] = field(default_factory=list)
    back: Back | None = None
    usual: Usual | None = None
    assignments: tuple[Assignment, ...] = tuple(ASSIGNMENTS.values())

    def times(self, kinds: tuple[MeetingKind, ...]) -> tuple[Slot, ...]:
        """Those of the kinds, which nobody has."""
        return tuple(s for s in self.slots if s.kind in kinds and s.id not in self.taken | {b.id for b in self.booked})

    def notice(self, notice_id: str) -> NoticeWords | None:
        """The notice of that name."""
        return self.notices.get(notice_id)

    def perform(self, attempt: Attempt, session: Session) -> str:
        """What the service would do."""
        self.tried.append(attempt)
        if attempt.verb in AFTER_STATE:
            return self._moved(int(attempt.ref), AFTER_STATE[attempt.verb])
        doing = {"pick": self._pick, "slot": self._book, "keep": self._book, "cancel": self._cancel}.get(attempt.verb)
        return "ok" if doing is None else doing(attempt.ref, session)

    def _moved(self, item_id: int, to: ItemState) -> str:
        item = self.path.item(item_id)
        if item is None or not may_move(item.state, to):
            return GONE
        self.path = Path(tuple(replace(i, state=to) if i.id == item_id else i for i in self.path.items))
        return "ok"

    def _pick(self, ref: str, session: Session) -> str:
        rest = tuple(replace(i, state=ItemState.NEXT) if i.state is ItemState.NOW else i for i in self.path.items)
        self.path = Path((*rest, Item(len(rest) + 1, ref, "", ItemState.NOW)))
        return "ok"

    def _book(self, ref: str, session: Session) -> str:
        if int(ref) in {slot.id for slot in self.booked}:
            return Outcome.ALREADY
        slot = next((s for s in self.slots if s.id == int(ref) and s.id not in self.taken), None)
        if slot is None:
            return Outcome.FULL
        kept = tuple(s for s in self.booked if str(s.id) != session.about)
        self.booked = (*kept, replace(slot, state=BookingState.BOOKED))
        return Outcome.BOOKED

    def _cancel(self, ref: str, session: Session) -> str:
        self.booked = tuple(s for s in self.booked if s.id != int(ref))
        return Outcome.GONE


MONDAY = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
TALKS = [Slot(n, MeetingKind.TALK, MONDAY.replace(day=6 + n), 30, "gent") for n in (1, 2, 3)]
CALLS = [Slot(n, MeetingKind.CALL, MONDAY.replace(day=6 + n), 15) for n in (11, 12)]


LETTER = NoticeWords(
    "letter",
    Words({Mode.TEXT: "Op {day} is er een gesprek. Wilt u uitleg?"}, verbatim=True),
    Words({Mode.TEXT: "In de brief staat wanneer u moet komen."}, verbatim=True),
    MONDAY.date(),
)


def tried(turn: Turn, scene: Scene, around: AroundInMemory) -> Turn:
    """What the service does: tries, and goes on with what came of it."""
    while turn.attempt is not None:
        outcome = around.perform(turn.attempt, turn.session)
        then = after(scene, turn.session, turn.attempt, outcome)
        turn = replace(then, prompts=(*turn.prompts, *then.prompts), effects=(*turn.effects, *then.effects))
    return turn


@dataclass
class Person:
    """Answers the bot; the session is stored and read back between every two turns."""

    flow: Flow
    matcher: Matcher
    wording: Wording
    mode: Mode = Mode.TEXT
    facts: dict[str, str] = field(default_factory=lambda: {"phone": "yes", "case": "none", "hidden": "no"})
    session: Session | None = None
    effects: tuple[Effect, ...] = ()
    said: tuple[Said, ...] = ()
    around: AroundInMemory = field(default_factory=AroundInMemory)

    @property
    def scene(self) -> Scene:
        """What the turn is taken in."""
        return Scene(self.flow, self.mode, self.facts, RULES, TODAY, OFFICES, self.around)

    def __call__(self, *texts: str, kind: Kind | None = None, payload: str = "") -> str:
        """Says one thing after the other; the words of the last answer, messages joined by a blank line."""
        for text in texts:
            self._say(text, kind, payload)
        return "\n\n".join(part.text for part in self.said)

    def _say(self, text: str, kind: Kind | None, payload: str) -> None:
        question = self.wording.question(self.scene, self.session)
        sort = kind or (Kind.KEYS if self.mode is Mode.VOICE and text.strip("0123456789*#") == "" else KINDS[self.mode])
        inbound = Inbound("", "", "", Urn("tel", "+32470000001"), sort, text, payload)
        language = self.session.language if self.session else "nl"
        turn = take_turn(self.session, understand(inbound, question, self.matcher, language), self.scene)
        self._after(tried(turn, self.scene, self.around))

    def begins(self, step: str, about: str = "") -> str:
        """An errand of ours comes: a reminder, an assignment, a notice."""
        self._after(ask(self.scene, begin(self.scene, self.now, step, about)))
        return "\n\n".join(part.text for part in self.said)

    def _after(self, turn: Turn) -> None:
        self.session = stored_and_read(turn.session)
        self.effects = turn.effects
        self.said = self.wording.say(turn.prompts, self.scene, self.session, LINES)

    @property
    def now(self) -> Session:
        """The session as it stands."""
        assert self.session is not None
        return self.session


@pytest.fixture
def person(flow: Flow, matcher: Matcher, wording: Wording) -> Person:
    """Somebody who writes SMS."""
    return Person(flow, matcher, wording)


@pytest.fixture
def chatter(flow: Flow, matcher: Matcher, wording: Wording) -> Person:
    """Somebody in a chat app, without a known phone number."""
    facts = {"phone": "no", "case": "none", "hidden": "no"}
    return Person(flow, matcher, wording, Mode.CHAT, facts)


@pytest.fixture
def caller(flow: Flow, matcher: Matcher, wording: Wording) -> Person:
    """Somebody on the telephone."""
    return Person(flow, matcher, wording, Mode.VOICE)
