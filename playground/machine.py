"""Carries out TwiML documents on a call until a person must do something."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

from playground.leg import Leg
from playground.twiml import TwimlError, read_verbs
from playground.values import Answer, Heard
from playground.verbs import Dial, Gather, Hangup, Pause, Play, Record, Redirect, Reject, Say, Verb
from playground.wire import Webhook

if TYPE_CHECKING:
    from playground.telephone import Exchange

MOST_DOCUMENTS = 50
MOST_REPEATS = 10
"""What a Say or Play without end is cut to: nobody listens longer."""
REJECTED = {"busy": "busy", "rejected": "no-answer"}
ORDER_SECONDS = 1.0
"""How long an order of the REST API waits for a turn that is on; after that the turn obeys it at its end."""


@dataclass(frozen=True)
class Source:
    """Where a call's next words come from: an address, or a document as it is."""

    url: str = ""
    method: str = "POST"
    twiml: str = ""


class Machine(Leg):
    """A leg with a program: the document it is at, and what of it is still to be carried out."""

    def __init__(self, exchange: Exchange, person: str, direction: str, *, parent: Leg | None = None) -> None:
        super().__init__(exchange, person, direction, parent=parent)
        self._program: deque[Verb] = deque()
        self._orders: deque[Source | str] = deque()
        self._keys = ""
        self._url = ""
        self._documents = 0
        self._fell_back = False
        self._asking = False
        self._last: Webhook | None = None

    def begin(self, source: Source) -> None:
        """Start an inbound call: ask the application what to say."""
        with self._turn:
            self.tell()
            self._follow(source)
            self._run()

    def order(self, what: Source | str) -> None:
        """Obey the REST API: a new document, or a final status. A turn that is on obeys at its end."""
        self._orders.append(what)
        if not self._asking and self._turn.acquire(timeout=ORDER_SECONDS):
            try:
                if self._obey():
                    self._run()
            finally:
                self._turn.release()

    def end(self, status: str, who: str = "") -> None:
        """End the call; nothing of its program is left."""
        self._program.clear()
        super().end(status, who)

    def leg_ended(self, leg: Leg) -> None:
        """The other phone of a Dial is done: ask what is next."""
        verb = self._at
        if self.over or leg is not self._leg or not isinstance(verb, Dial):
            return
        self._leg = None
        bridged = "true" if leg.started else "false"
        result = {"DialCallSid": leg.sid, "DialCallStatus": leg.status, "DialBridged": bridged}
        if leg.started:
            result["DialCallDuration"] = str(leg.seconds)
        self._at = None
        if verb.action:
            self._visit(verb.action, verb.method, result)
        self._run()

    def _answer(self, at: Gather | Record, found: Mapping[str, str]) -> None:
        self._keys, self._at = "", None
        self._visit(at.action or self._url, at.method, found)
        self._run()

    def _go_on(self) -> None:
        self._keys, self._at = "", None
        self._run()

    def _follow(self, source: Source) -> None:
        if source.twiml:
            self._read(self._url, Answer(200, source.twiml, {"Content-Type": "text/xml"}))
        else:
            self._visit(source.url, source.method, {})

    def _visit(self, url: str, method: str, extra: Mapping[str, str]) -> None:
        target = urljoin(self._url, url)
        self._documents += 1
        if self._documents > MOST_DOCUMENTS:
            self._fail(target, 14106, f"more than {MOST_DOCUMENTS} documents in one call")
        elif not target.startswith(("http://", "https://")):
            self._fail(target, 11100, "not an address")
        else:
            self._last = Webhook(target, {**self.params(), **extra}, method)
            self._read(target, self._ask(self._last))
            self._obey()

    def _ask(self, webhook: Webhook) -> Answer:
        """Ask the application. Orders that come meanwhile wait, perhaps from the very door that is asked."""
        self._asking = True
        try:
            return self._exchange.core.wire.twilio(webhook)
        finally:
            self._asking = False

    def _read(self, target: str, answer: Answer) -> None:
        if not answer.ok:
            code = 11200 if answer.status else 11205
            self._fail(target, code, f"the door answered {answer.status}", answer.status)
            return
        try:
            self._program = deque(read_verbs(answer.body, answer.header("Content-Type")))
        except TwimlError as error:
            self._fail(target, error.code, error.reason, answer.status)
            return
        self._url = urldefrag(target).url
        if self.started is None and not (self._program and isinstance(self._program[0], Reject)):
            self._answered()

    def _fail(self, target: str, code: int, reason: str, status: int = 0) -> None:
        """A runtime error ends the program, unless the number has a fallback that may know better."""
        self.hear(Heard("error", f"{code}: {reason}", code=code))
        if code not in (11200, 11205):
            self._exchange.core.wire.note(target, status, code, reason)
        self._program.clear()
        self._at = None
        url, method = self._exchange.line.door("voice_fallback_url")
        if url and not self._fell_back:
            self._fell_back = True
            self._visit(url, method, {"ErrorCode": str(code), "ErrorUrl": target})

    def _obey(self) -> bool:
        obeyed = False
        while self._orders and not self.over:
            what = self._orders.popleft()
            obeyed = True
            if isinstance(what, str):
                self.end(what)
            else:
                self._keys, self._at = "", None
                self._follow(what)
        return obeyed

    def _run(self) -> None:
        while self._program and self._at is None and not self.over:
            verb = self._program.popleft()
            CARRY_OUT[type(verb)](self, verb)
        if self._at is None and not self.over:
            self.end("completed")
        self.tell()

    # Verbs

    def _say(self, verb: Say) -> None:
        for _ in range(min(verb.loop or MOST_REPEATS, MOST_REPEATS)):
            self.hear(Heard("say", verb.text, verb.language, verb.voice, verb.rate))

    def _play(self, verb: Play) -> None:
        for _ in range(min(verb.loop or MOST_REPEATS, MOST_REPEATS)):
            self.hear(Heard("play", verb.url or verb.digits))

    def _pause(self, verb: Pause) -> None:
        self.hear(Heard("pause", str(verb.length)))

    def _gather(self, verb: Gather) -> None:
        for prompt in verb.prompts:
            CARRY_OUT[type(prompt)](self, prompt)
        self._at = verb

    def _record(self, verb: Record) -> None:
        self.hear(Heard("record", "beep" if verb.beep else ""))
        self._at = verb

    def _dial(self, verb: Dial) -> None:
        self.hear(Heard("dial", verb.number))
        self._at = verb
        self._leg = self._exchange.ring_leg(self, verb, verb.callback and urljoin(self._url, verb.callback))

    def _redirect(self, verb: Redirect) -> None:
        self._program.clear()
        self._visit(verb.url, verb.method, {})

    def _hangup(self, _verb: Hangup) -> None:
        self.end("completed")

    def _reject(self, verb: Reject) -> None:
        self.end(REJECTED.get(verb.reason, "no-answer"))


CARRY_OUT: Mapping[type, Callable[[Machine, Any], None]] = {
    Say: Machine._say,
    Play: Machine._play,
    Pause: Machine._pause,
    Gather: Machine._gather,
    Record: Machine._record,
    Dial: Machine._dial,
    Redirect: Machine._redirect,
    Hangup: Machine._hangup,
    Reject: Machine._reject,
}
