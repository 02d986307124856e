"""In which order cases come, with each team's own opening hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.hours import BELGIUM
from bot.queueing import Rank, has_aged, rank
from bot.roles import Viewer
from bot.service.access import seen_by
from bot.service.house import House
from bot.service.routing import opens_for
from bot.waiting import OpenTime


class Order:
    """The places of some rows of cases at one moment; the rows come with the longest waiting first."""

    def __init__(self, house: House, rows: Iterable[Row[Any]], now: datetime) -> None:
        self._house = house
        self._now = now
        longest = next((row.waiting_since for row in rows if row.waiting_since is not None), now)
        self._first = longest.astimezone(BELGIUM).date()
        self._times: dict[str, OpenTime] = {}
        self._apart = frozenset(team.id for team in house.teams if team.hours or team.closed)

    def waited(self, row: Any) -> float:
        """Minutes of opening time of its team that a case has waited."""
        if row.waiting_since is None:
            return 0.0
        return self._time(row.team).passed(row.waiting_since, self._now)

    def first(self, rows: Iterable[Row[Any]], viewer_id: int, count: int) -> list[Row[Any]]:
        """The first ``count`` for who looks, in order.

        Of cases that differ in nothing but the waiting the order is known: only the first of each kind are weighed.
        """
        kinds: dict[object, list[Row[Any]]] = {}
        for row in rows:
            known = row.known_id == viewer_id
            kind = kinds.setdefault((row.urgency, row.waiting_since is None, known, self._own_time(row.team)), [])
            if len(kind) < count:
                kind.append(row)
        likely = [row for kind in kinds.values() for row in kind]
        return sorted(likely, key=lambda row: self.rank(row, viewer_id))[:count]

    def rank(self, row: Any, viewer_id: int) -> Rank:
        """The place of a case for who looks."""
        return rank(row, self.waited(row), viewer_id)

    def aged(self, row: Any) -> bool:
        """Whether it goes before others because it waited so long."""
        return has_aged(row, self.waited(row))

    def _own_time(self, team_id: str) -> str:
        """The team, where it has hours or days of its own."""
        return team_id if team_id in self._apart else ""

    def _time(self, team_id: str) -> OpenTime:
        if team_id not in self._times:
            hours = self._house.hours_of(self._house.team(team_id))
            self._times[team_id] = OpenTime(hours, self._house.holidays, self._first)
        return self._times[team_id]


def free_for(house: House, viewer: Viewer, rows: Sequence[Row[Any]], now: datetime) -> list[Row[Any]]:
    """Those of the rows that are in play (``store.cases.in_play``) that a viewer may take now."""
    own = frozenset(viewer.teams)
    free = [row for row in rows if row.owner_id is None and row.snoozed_until is None]
    return [row for row in seen_by(house, viewer, free) if opens_for(row, viewer.id, own, now) is None]
