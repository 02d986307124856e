"""What happened in the town, for the page to poll."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

REMEMBERED = 4000
"""Events kept: some hours of demo, a few megabytes at most."""
AT_ONCE = 500

Event = dict[str, Any]


class Feed:
    """A bounded list of events with rising ids; each belongs to one phone or chat."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._events: deque[tuple[str, Event]] = deque(maxlen=REMEMBERED)
        self._last = 0

    def add(self, owner: str, kind: str, /, **details: object) -> None:
        """Append an event; `owner` is `tel:<number>` or `telegram:<id>`."""
        with self._lock:
            self._last += 1
            event = {"id": self._last, "type": kind, "at": self._clock().isoformat(), **details}
            self._events.append((owner, event))

    def after(self, cursor: int, owners: Collection[str]) -> tuple[int, list[Event]]:
        """The new cursor, and the events of these owners since the old one, the last 500 at most.

        A cursor from before a restart (higher than any id) starts over, as 0 does.
        """
        with self._lock:
            since = cursor if cursor <= self._last else 0
            found = [event for owner, event in self._events if event["id"] > since and owner in owners]
            return self._last, found[-AT_ONCE:]

    def clear(self) -> None:
        """Forget everything; ids go on, so that no cursor points past a new event."""
        with self._lock:
            self._events.clear()
