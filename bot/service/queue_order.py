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
    """The places of some rows of cases at one moment."""

    def __init__(self, house: House, rows: Iterable[Row[Any]], now: datetime) -> None:
        self._house = house
        self._now = now
        waiting = (row.waiting_since for row in rows if row.waiting_since is not None)
        self._first = min(waiting, default=now).astimezone(BELGIUM).date()
        self._times: dict[str, OpenTime] = {}

    def waited(self, row: Any) -> float:
        """Minutes of opening time of its team that a case has waited."""
        if row.waiting_since is None:
            return 0.0
        return self._time(row.team).passed(row.waiting_since, self._now)

    def rank(self, row: Any, viewer_id: int) -> Rank:
        """The place of a case for who looks."""
        return rank(row, self.waited(row), viewer_id)

    def aged(self, row: Any) -> bool:
        """Whether it goes before others because it waited so long."""
        return has_aged(row, self.waited(row))

    def _time(self, team_id: str) -> OpenTime:
        if team_id not in self._times:
            hours = self._house.hours_of(self._house.team(team_id))
            self._times[team_id] = OpenTime(hours, self._house.holidays, self._first)
        return self._times[team_id]


def snoozed(row: Any, now: datetime) -> bool:
    """Whether a case was put off until a moment that has not come."""
    return row.snoozed_until is not None and row.snoozed_until > now


def free_for(house: House, viewer: Viewer, rows: Sequence[Row[Any]], now: datetime) -> list[Row[Any]]:
    """Those of the rows that a viewer may take now."""
    own = frozenset(viewer.teams)
    free = [row for row in rows if row.owner_id is None and not snoozed(row, now)]
    return [row for row in seen_by(house, viewer, free) if opens_for(row, viewer.id, own, now) is None]
