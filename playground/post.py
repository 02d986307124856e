"""What travels by itself: jobs that are due now or later."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

Job = Callable[[], int]
"""Sends something; returns how many requests it sent."""

logger = logging.getLogger(__name__)


class Post:
    """A queue of jobs. Live, a background thread runs them in real time; otherwise `deliver` does, in order.

    Without `live` there is no clock: one call of `deliver` is one round, and `late` counts rounds.
    """

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._jobs: list[tuple[float, int, Job]] = []
        self._order = itertools.count()
        self._round = 0
        self._changed = threading.Condition()
        self._carrier: threading.Thread | None = None
        self._closed = False

    def add(self, job: Job, *, delay: float = 0.0, late: float = 0) -> None:
        """Queue a job: after `delay` seconds (live only) and `late` seconds, or rounds when not live."""
        with self._changed:
            due = self._now() + late + (delay if self._live else 0.0)
            heapq.heappush(self._jobs, (due, next(self._order), job))
            self._start()
            self._changed.notify_all()

    def deliver(self) -> int:
        """Run all that is due, and what becomes due by that; returns how many requests were sent."""
        sent = 0
        while (job := self._next()) is not None:
            sent += job()
        with self._changed:
            self._round += 1
        return sent

    def clear(self) -> None:
        """Forget everything that waits."""
        with self._changed:
            self._jobs.clear()

    def close(self) -> None:
        """Stop the background thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._carrier is not None:
            self._carrier.join(timeout=5)

    def _now(self) -> float:
        return time.monotonic() if self._live else float(self._round)

    def _next(self) -> Job | None:
        with self._changed:
            if self._jobs and self._jobs[0][0] <= self._now():
                return heapq.heappop(self._jobs)[2]
            return None

    def _start(self) -> None:
        if self._live and self._carrier is None and not self._closed:
            self._carrier = threading.Thread(target=self._carry, name="playground-post", daemon=True)
            self._carrier.start()

    def _carry(self) -> None:
        while not self._closed:
            job = self._next()
            if job is None:
                self._wait()
                continue
            try:
                job()
            except Exception as error:  # one bad job must not stop the post of the whole town
                logger.warning("playground: a job failed with %s", type(error).__name__)

    def _wait(self) -> None:
        with self._changed:
            pause = self._jobs[0][0] - self._now() if self._jobs else None
            if not self._closed and (pause is None or pause > 0):
                self._changed.wait(pause)
