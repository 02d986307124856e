"""When people work and when it is decent to write to somebody: Belgian time, with the public holidays passed in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BELGIUM = ZoneInfo("Europe/Brussels")
LONGEST_CLOSED = 31
"""Days to look ahead: more of them closed in a row is a mistake in the file."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening times by weekday (0 is Monday); a day without an entry is closed, a public holiday and ``closed`` too."""

    days: Mapping[int, tuple[time, time]]
    closed: frozenset[date] = frozenset()

    def is_open(self, moment: datetime, holidays: Collection[date]) -> bool:
        """Whether ``moment`` lies within the hours."""
        here = moment.astimezone(BELGIUM)
        span = self.span(here.date(), holidays)
        return span is not None and span[0] <= here.time() < span[1]

    def next_open(self, moment: datetime, holidays: Collection[date]) -> datetime:
        """``moment`` itself when it lies within the hours, else when they next begin. Raises ValueError if never."""
        here = moment.astimezone(BELGIUM)
        if self.is_open(here, holidays):
            return moment
        for ahead in range(LONGEST_CLOSED):
            day = here.date() + timedelta(days=ahead)
            span = self.span(day, holidays)
            opens = datetime.combine(day, span[0], BELGIUM) if span is not None else None
            if opens is not None and opens >= here:
                return opens.astimezone(moment.tzinfo)
        raise ValueError("no opening hours within a month")

    def span(self, day: date, holidays: Collection[date]) -> tuple[time, time] | None:
        """From when to when it is open that day; None when it is closed."""
        return None if day in self.closed or day in holidays else self.days.get(day.weekday())


@dataclass(frozen=True, slots=True)
class Openings:
    """When people work, and when a message may go out by itself."""

    office: Hours
    outreach: Hours
