"""A telephone call as the person has it: what can be pressed, said, recorded, and waited for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from playground.leg import RINGING, Leg
from playground.machine import Machine, Source
from playground.values import Answer, Heard, NotNowError
from playground.verbs import Gather, Record

if TYPE_CHECKING:
    from playground.telephone import Exchange


class Call(Machine):
    """A call of one phone with the application's number, or the second phone that Dial rang."""

    def __init__(self, exchange: Exchange, person: str, direction: str, *, parent: Leg | None = None) -> None:
        super().__init__(exchange, person, direction, parent=parent)
        self.source = Source()

    def press(self, keys: str) -> None:
        """Press keys, one after another; each goes to whatever then waits."""
        with self._turn:
            self._act()
            for key in keys:
                self._key(key)

    def say(self, words: str, confidence: float = 0.9) -> None:
        """Speak: an answer to a Gather that listens, or the words of a recording."""
        with self._turn:
            self._act("" if isinstance(self._at, Record) else words)
            if isinstance(self._at, Gather) and "speech" in self._at.inputs:
                heard = {"SpeechResult": words, "Confidence": f"{confidence:.8g}"}
                self._answer(self._at, heard | {"Language": self._at.language})
            elif isinstance(self._at, Record):
                self._recorded(self._at, words, 5)

    def record(self, words: str, seconds: int = 5) -> None:
        """Speak into a recording for some seconds and end it with a key."""
        with self._turn:
            self._act()
            if not isinstance(self._at, Record):
                raise NotNowError("nothing is being recorded")
            self._recorded(self._at, words, min(seconds, self._at.longest))

    def silence(self) -> None:
        """Let time pass until whatever waits gives up: Gather, Record, a phone that rings."""
        with self._turn:
            self._act()
            if isinstance(self._at, Gather):
                self._empty(self._at, {})
            elif isinstance(self._at, Record):
                self._go_on()
            elif self._leg is not None and self._leg.status in RINGING:
                self._leg.end("no-answer")
            elif self.status in RINGING:
                self.end("no-answer")

    def hang_up(self) -> None:
        """Put the phone down."""
        with self._turn:
            if not self.over:
                self.end("completed" if self.started else "canceled", "you")

    def pick_up(self) -> None:
        """Answer a phone that rings."""
        with self._turn:
            if self.status not in RINGING:
                raise NotNowError("this phone does not ring")
            self._answered()
            self._exchange.report(self, "answered")
            if self.parent is not None:
                self.parent.hear(Heard("dial", "connected"))
            else:
                self._follow(self.source)
                self._run()

    def decline(self) -> None:
        """Refuse a phone that rings."""
        with self._turn:
            if self.status not in RINGING:
                raise NotNowError("this phone does not ring")
            self.end("busy")

    def replay(self) -> Answer:
        """Send the last webhook once more, exactly; the call itself stays where it is."""
        if self._last is None:
            raise NotNowError("this call has asked nothing yet")
        return self._exchange.core.wire.twilio(self._last)

    def ring(self) -> int:
        """Let the phone ring; for the post."""
        with self._turn:
            if self.status == "queued":
                self.status = "ringing"
                self._exchange.report(self, "ringing")
                self.tell()
        return 0

    def _act(self, words: str = "") -> None:
        if self.over:
            raise NotNowError("the call is over")
        self._said.clear()
        if words:
            self.hear(Heard("you", words))

    def _key(self, key: str) -> None:
        if self.over:
            return
        self.hear(Heard("you", key))
        at = self._at
        if isinstance(at, Gather) and "dtmf" in at.inputs:
            self._gather_key(at, key)
        elif isinstance(at, Record) and key in at.finish:
            self._recorded(at, "", 1, key)

    def _gather_key(self, at: Gather, key: str) -> None:
        if key in at.finish:
            self._empty(at, {"FinishedOnKey": key})
            return
        self._keys += key
        if len(self._keys) == at.digits:
            self._answer(at, {"Digits": self._keys})
        else:
            self._exchange.later(at.timeout, partial(self._pause_over, at, self._keys))

    def _pause_over(self, at: Gather, keys: str) -> int:
        """Live: nothing more was pressed for the time-out of the Gather."""
        with self._turn:
            if self._at is at and self._keys == keys:
                self._empty(at, {})
        return 0

    def _empty(self, at: Gather, extra: Mapping[str, str]) -> None:
        """The Gather ends: with the keys so far, or with none."""
        if self._keys or at.on_empty:
            heard = "Digits" if "dtmf" in at.inputs else "SpeechResult"
            self._answer(at, {heard: self._keys, **extra})
        else:
            self._go_on()

    def _recorded(self, at: Record, words: str, seconds: int, key: str = "") -> None:
        self.hear(Heard("you", words))
        found = self._exchange.recorded(self, at.callback and urljoin(self._url, at.callback), words, seconds)
        self._answer(at, found | {"Digits": key or at.finish[-1:]})
