"""How the town is told to misbehave."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial

from playground.post import Job, Post

PLANNED = 200
HELD = 5000
STEP_SECONDS = 0.4
"""Between two receipts of one message, live: long enough to see, short enough to wait for."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the next `times` calls of one method of an API.

    `api` is messages.create, calls.create, a Telegram method, file (its download), or * for all; `to` narrows it to one
    number, WhatsApp address or chat, or to all of a kind ("+*", "whatsapp:*"). `error` in 2xxxx refuses the request
    with that code of Twilio's; from 30000 on the request is accepted and the receipt says so. `delay` is in seconds.
    With `drop_answer` the request is carried out, but its answer is lost on the way (500): the sender cannot know.
    """

    api: str
    error: int | None = None
    http_status: int | None = None
    retry_after: int | None = None
    delay: float = 0.0
    times: int = 1
    to: str | None = None
    drop_answer: bool = False

    def status(self) -> int | None:
        """The HTTP status to refuse a request with; None when the code decides, or nothing is refused."""
        error = self.error if self.error in range(400, 600) else None
        return self.http_status or error

    def fits(self, api: str, to: str) -> bool:
        """Whether this fault is meant for a call of `api` about `to`."""
        return self.api in ("*", api) and fnmatchcase(to, self.to or "*")


class Faults:
    """The faults still to come, first added first used; at most `PLANNED`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: list[tuple[Fault, int]] = []

    def add(self, fault: Fault) -> None:
        """Plan a fault."""
        with self._lock:
            self._left = [*self._left, (fault, fault.times)][-PLANNED:]

    def take(self, api: str, to: str) -> Fault | None:
        """The fault for this call, used up once."""
        with self._lock:
            for place, (fault, left) in enumerate(self._left):
                if fault.fits(api, to):
                    self._left[place : place + 1] = [(fault, left - 1)] if left > 1 else []
                    return fault
            return None

    def list(self) -> list[tuple[Fault, int]]:
        """Every fault still planned, with how many times it is left."""
        with self._lock:
            return list(self._left)

    def clear(self) -> None:
        """All is well again."""
        with self._lock:
            self._left.clear()


class Receipts:
    """How receipts travel: in order; or double, reversed, late (by seconds live, else rounds), held."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._held: deque[Sequence[Job]] = deque(maxlen=HELD)
        self.reset()

    def reset(self) -> None:
        """Back to receipts as they mostly are."""
        self.double = False
        self.reversed = False
        self.late: float = 0
        self.hold = False
        self._held.clear()

    def state(self) -> dict[str, float]:
        """The settings, by name."""
        return {"double": self.double, "reversed": self.reversed, "late": self.late, "hold": self.hold}

    def schedule(self, run: Sequence[Job]) -> None:
        """Send the receipts of one message or call, one job each, first to last."""
        self._post.add(partial(self._set_off, run, waited=False))

    def release(self) -> None:
        """Let go of what was held."""
        self.hold = False
        while self._held:
            self.schedule(self._held.popleft())

    def _set_off(self, run: Sequence[Job], *, waited: bool) -> int:
        if self.hold:
            self._held.append(run)
        elif self.late and not waited:
            self._post.add(partial(self._set_off, run, waited=True), late=self.late)
        else:
            self._spread(run)
        return 0

    def _spread(self, run: Sequence[Job]) -> None:
        ordered = list(reversed(run)) if self.reversed else list(run)
        doubled = [job for job in ordered for _ in range(2 if self.double else 1)]
        for place, job in enumerate(doubled):
            self._post.add(job, delay=STEP_SECONDS * place)
