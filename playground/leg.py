"""One end of a telephone call: who, how it stands, what was heard."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING

from playground.addresses import place
from playground.core import API_VERSION, PER_PHONE, new_sid
from playground.values import Heard
from playground.verbs import Dial, Gather, Record

if TYPE_CHECKING:
    from playground.telephone import Exchange

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
RINGING = frozenset({"queued", "ringing"})
WAITING = {Gather: "gather", Record: "record", Dial: "dial"}


class Leg:
    """One call of one person's phone. `direction` is as Twilio's: inbound, outbound-api, outbound-dial."""

    def __init__(self, exchange: Exchange, person: str, direction: str, *, parent: Leg | None = None) -> None:
        self._exchange = exchange
        self.sid = new_sid("CA")
        self.token = new_sid("")
        self.person = person
        self.direction = direction
        self.parent = parent
        self.shows = ""
        """The number that the second phone of a Dial shows, where that is not the caller's."""
        self.status = "ringing" if direction == "inbound" else "queued"
        self.created: datetime = exchange.core.clock()
        self.started: datetime | None = None
        self.ended: datetime | None = None
        self.reports = 0
        # A leg and its parent take turns together: two locks taken in both orders would lock up.
        self._turn: threading.RLock = parent._turn if parent else threading.RLock()
        self._heard: deque[Heard] = deque(maxlen=PER_PHONE)
        self._said: deque[str] = deque(maxlen=PER_PHONE)
        self._at: Gather | Record | Dial | None = None
        self._leg: Leg | None = None

    @property
    def transcript(self) -> list[Heard]:
        """Everything heard so far, the latest 500."""
        return list(self._heard)

    @property
    def said(self) -> str:
        """What was spoken since the person's last input."""
        return " ".join(self._said)

    @property
    def waiting(self) -> str | None:
        """What the line waits for: gather, record, dial (the other phone rings or talks), or None."""
        return None if self._at is None else WAITING[type(self._at)]

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self.status in OVER

    @property
    def seconds(self) -> int:
        """How long the two talked, in seconds; 0 when nobody picked up."""
        if self.started is None:
            return 0
        return max(1, round(((self.ended or self._exchange.core.clock()) - self.started).total_seconds()))

    @property
    def caller(self) -> str:
        """Who rang."""
        if self.direction == "inbound":
            return self.person
        return self.shows or (self.parent.caller if self.parent else self._exchange.line.number)

    @property
    def called(self) -> str:
        """Who was rung."""
        return self._exchange.line.number if self.direction == "inbound" else self.person

    def params(self) -> dict[str, str]:
        """The parameters that all webhooks of this call carry."""
        return {
            "CallSid": self.sid,
            "AccountSid": self._exchange.core.accounts.account_sid,
            "ApiVersion": API_VERSION,
            "CallStatus": self.status,
            "Direction": self.direction,
            "CallToken": self.token,
            "StirVerstat": "TN-Validation-Passed-C",
            **place("From", self.caller),
            **place("Caller", self.caller),
            **place("To", self.called),
            **place("Called", self.called),
        } | ({"ParentCallSid": self.parent.sid} if self.parent else {})

    def end(self, status: str, who: str = "") -> None:
        """End the call with one of Twilio's final statuses."""
        self.status, self.ended, self._at = status, self._exchange.core.clock(), None
        leg, self._leg = self._leg, None
        if leg is not None and not leg.over:
            leg.end("completed" if leg.started else "canceled")
        self.hear(Heard("hangup", who))
        self.tell()
        self._exchange.report(self, "completed")
        if self.parent is not None:
            self.parent.leg_ended(self)

    def leg_ended(self, leg: Leg) -> None:
        """Told by the other phone of a Dial when it is done."""

    def hear(self, heard: Heard) -> None:
        """Add to the transcript and show it to the page."""
        self._heard.append(heard)
        if heard.kind == "say":
            self._said.append(heard.text)
        self._exchange.show(self, heard)

    def tell(self) -> None:
        """Show the page how the call stands."""
        self._exchange.show_state(self)

    def _answered(self) -> None:
        self.status, self.started = "in-progress", self._exchange.core.clock()
        self.tell()
