"""The real intake with its words, and a person who answers without any channel."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from bot import content
from bot.catalogues import Catalogues
from bot.conversation import take_turn
from bot.flow import Flow
from bot.lexicon import Is
from bot.matching import Matcher
from bot.messages import Inbound, Kind, Mode, Said, Urn
from bot.session import Effect, Scene, Session, Turn
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
    return content.load_matcher()


@pytest.fixture(scope="session")
def wording() -> Wording:
    """The real words."""
    return Wording(Catalogues(LANGUAGES), content.load_transliteration())


def stored_and_read(session: Session) -> Session:
    """A session as the next turn finds it: through JSON and back."""
    read = Session.from_dict(json.loads(json.dumps(session.to_dict())))
    assert read == session
    return read


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

    @property
    def scene(self) -> Scene:
        """What the turn is taken in."""
        return Scene(self.flow, self.mode, self.facts)

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
        self._after(turn)

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
