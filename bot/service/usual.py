"""How long people usually wait for a team: what the last days tell, rounded up, or nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Connection

from bot.hours import BELGIUM
from bot.service.house import House
from bot.store import cases
from bot.teams import Team
from bot.waiting import OpenTime

DAYS = timedelta(days=14)
MOST = 60
"""Cases that are looked at, the newest."""

FEWEST = 8
"""With fewer of them it is chance."""

STEPS = (15, 30, 60, 120, 240)
"""Minutes that are named: whoever waits longer is told nothing that may not come true."""


def usual_wait(house: House, connection: Connection, team: Team | None, now: datetime) -> int | None:
    """Minutes within which half of the people were helped, while the team works; None where that is not known.

    Nor is it named when the office closes before it is over. Whoever still waits counts too, once that is longer than
    it took the others.
    """
    rows = cases.newest_of_team(connection, team.id if team is not None else "", now - DAYS, MOST)
    first = min((row.opened_at for row in rows), default=now).astimezone(BELGIUM).date()
    open_time = OpenTime(house.hours_of(team), house.holidays, first)
    taken = [open_time.passed(row.opened_at, row.claimed_at) for row in rows if row.claimed_at is not None]
    if not taken:
        return None
    still = [open_time.passed(row.opened_at, now) for row in rows if row.claimed_at is None]
    waits = taken + [wait for wait in still if wait > median(taken)]  # one that has just begun tells nothing yet
    named = next((step for step in STEPS if median(waits) <= step), None)
    if len(waits) < FEWEST or named is None:
        return None
    until = house.after(now, named, team)
    return named if until - now <= timedelta(minutes=named, seconds=1) else None
