"""The exchange: all calls of the town, the phones that ring, recordings and the callbacks of calls."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Collection
from email.utils import format_datetime
from functools import partial

from playground.call import Call
from playground.core import API_VERSION, CALLS, Core, keep
from playground.leg import RINGING, Leg
from playground.line import Line
from playground.machine import Source
from playground.post import Job
from playground.recordings import Recordings
from playground.values import Heard
from playground.verbs import Dial
from playground.wire import Webhook

ANONYMOUS = frozenset({"anonymous", "+266696687"})
"""What Twilio puts in From when a caller hides the number ("How to handle anonymous callers")."""
EVENTS = ("initiated", "ringing", "answered", "completed")


class Exchange:
    """Twilio's telephony for one account."""

    def __init__(self, core: Core, line: Line) -> None:
        self.core = core
        self.line = line
        self.recordings = Recordings(core)
        self.calls: OrderedDict[str, Call] = OrderedDict()
        self._callbacks: OrderedDict[str, tuple[str, Collection[str]]] = OrderedDict()

    def dial_in(self, person: str) -> Call:
        """A person rings the application's number; returns when the line waits or the call is over."""
        call = self._keep(Call(self, person, "inbound"), self.line.door("status_callback")[0], ("completed",))
        call.begin(Source(*self.line.door("voice_url")))
        return call

    def dial_out(self, to: str, source: Source, callback: str, events: Collection[str], timeout: int = 60) -> Call:
        """The application rings a person. The phone rings; `source` speaks once it is picked up."""
        call = self._keep(Call(self, to, "outbound-api"), callback, events)
        call.source = source
        self.report(call, "initiated")
        self.core.post.add(call.ring)
        self.later(timeout, partial(self._give_up, call))
        return call

    def ring_leg(self, parent: Leg, verb: Dial, callback: str) -> Call:
        """Dial rings a second phone."""
        leg = self._keep(Call(self, verb.number, "outbound-dial", parent=parent), callback, verb.events)
        leg.shows = verb.caller
        leg.status = "ringing"
        leg.tell()
        self.report(leg, "ringing")
        self.later(verb.timeout, partial(self._give_up, leg))
        self.later(verb.longest, partial(self._cut, leg))
        return leg

    def ringing(self, person: str) -> list[Call]:
        """The calls that ring at a phone now, oldest first."""
        with self.core.lock:
            calls = list(self.calls.values())
        return [call for call in calls if call.person == person and call.status in RINGING]

    def get(self, sid: str) -> Call | None:
        """A call by its sid."""
        with self.core.lock:
            return self.calls.get(sid)

    def later(self, seconds: float, job: Job) -> None:
        """Live, let a time-out pass by itself; a test lets it pass with `silence()`."""
        if self.core.live:
            self.core.post.add(job, delay=seconds)

    def recorded(self, call: Leg, callback: str, words: str, seconds: int) -> dict[str, str]:
        """Keep a recording and say so as Twilio does; returns what the action is told."""
        made = self.recordings.make(call.sid, words, seconds)
        account = self.core.accounts.account_sid
        about = {
            "RecordingSid": made.sid,
            "RecordingUrl": f"{self.core.api_url}/{API_VERSION}/Accounts/{account}/Recordings/{made.sid}",
            "RecordingDuration": str(seconds),
        }
        if callback:
            status = {"CallSid": call.sid, "AccountSid": account, "RecordingStatus": "completed"}
            details = {"RecordingChannels": "1", "RecordingSource": "RecordVerb"}
            webhook = Webhook(callback, {**status, **about, **details})
            self.core.receipts.schedule([partial(self._send, webhook)])
        return about

    def report(self, call: Leg, event: str) -> None:
        """Send the status callback of an event, when this call has one for it."""
        with self.core.lock:
            url, events = self._callbacks.get(call.sid, ("", ()))
        if not url or event not in events:
            return
        params = call.params() | {
            "Timestamp": format_datetime(self.core.clock()),
            "SequenceNumber": str(call.reports),
            "CallbackSource": "call-progress-events",
        }
        if event == "initiated":
            params["CallStatus"] = "initiated"
        if event == "completed":
            params |= {"CallDuration": str(call.seconds), "Duration": str(math.ceil(call.seconds / 60))}
        call.reports += 1
        self.core.receipts.schedule([partial(self._send, Webhook(url, params))])

    def show(self, call: Leg, heard: Heard) -> None:
        """Show the page what is heard."""
        self.core.feed.add(
            f"tel:{call.person}",
            "heard",
            call=call.sid,
            kind=heard.kind,
            text=heard.text,
            language=heard.language,
            voice=heard.voice,
            rate=heard.rate,
        )

    def show_state(self, call: Leg) -> None:
        """Show the page how a call stands."""
        self.core.feed.add(
            f"tel:{call.person}",
            "call",
            call=call.sid,
            status=call.status,
            waiting=call.waiting,
            direction=call.direction,
        )

    def _keep(self, call: Call, callback: str, events: Collection[str]) -> Call:
        with self.core.lock:
            keep(self._callbacks, call.sid, (callback, events), CALLS)
            return keep(self.calls, call.sid, call, CALLS)

    def _send(self, webhook: Webhook) -> int:
        self.core.wire.twilio(webhook)
        return 1

    def _cut(self, call: Call) -> int:
        call.hang_up()
        return 0

    def _give_up(self, call: Call) -> int:
        if call.status in RINGING:
            call.silence()
        return 0
