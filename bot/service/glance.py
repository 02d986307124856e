"""What all pages of the queue are made from, as it stood a moment ago: pages that ask together share one look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Row

from bot.service.case_views import CaseRow, rows_of
from bot.service.house import House
from bot.store import cases

SHARED = timedelta(milliseconds=250)
"""How old a look may be. A page asks again after seconds, and then hears what this one came too early for."""


@dataclass(frozen=True, slots=True)
class Taken:
    """All cases that are not closed, and the newest event of which one can be sure; ``told``: lines, per language."""

    at: datetime
    newest: int
    rows: Sequence[Row[Any]]
    told: dict[str, dict[int, CaseRow]] = field(default_factory=dict)

    def lines(self, house: House, connection: Connection, ids: Sequence[int], language: str) -> dict[int, CaseRow]:
        """Some of the cases as the queue shows them, by their ids."""
        known = self.told.setdefault(language, {})
        missing = [case_id for case_id in ids if case_id not in known]
        if missing:
            known.update(rows_of(house, connection, missing, language))
        return known


class Glance:
    """The last look at all cases. One for a process; a page of which nothing may be old takes one of its own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: Taken | None = None

    def take(self, house: House, connection: Connection, now: datetime) -> Taken:
        """The last look, or a new one when that is too old. Who comes while somebody looks waits for what they see."""
        with self._lock:
            if self._last is None or not timedelta() <= now - self._last.at < SHARED:
                newest = cases.settled_event(connection, now)
                self._last = Taken(now, newest, cases.in_play(connection, now))
            return self._last
