"""When to remind somebody of a meeting: the day before and two hours before, at decent hours. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.hours import BELGIUM, LONGEST_CLOSED, Hours

HOURS_BEFORE = timedelta(hours=2)
TOO_LATE = timedelta(minutes=30)
"""Who is told so shortly before is on the way, or cannot come in time any more: it would only frighten."""

LAST_CALL = timedelta(hours=1)
"""So long before the end of the decent hours the last reminders of a day go out: a worker may be slow."""


class When(StrEnum):
    """Which of the two reminders."""

    DAY = "day"
    HOURS = "hours"


def due(
    starts_at: datetime, booked_at: datetime, now: datetime, hours: Hours, holidays: Collection[date]
) -> When | None:
    """Which reminder is due now, if one is. Never one of something that was booked after its moment had passed."""
    if not hours.is_open(now, holidays) or now > starts_at - TOO_LATE:
        return None
    moment, which = starts_at - HOURS_BEFORE, When.HOURS
    if now < moment:
        moment, which = day_before(starts_at, hours, holidays), When.DAY
        if now.astimezone(BELGIUM).date() >= starts_at.astimezone(BELGIUM).date():
            return None  # on the day itself only the hours count
    return which if booked_at <= moment <= now else None


def day_before(starts_at: datetime, hours: Hours, holidays: Collection[date]) -> datetime:
    """The same time by the clock on the last decent day before, moved into the hours of that day.

    Before a Monday that is Saturday or Friday. Raises ValueError when there are no decent days.
    """
    here = starts_at.astimezone(BELGIUM)
    for back in range(1, LONGEST_CLOSED + 1):
        day = here.date() - timedelta(days=back)
        span = hours.span(day, holidays)
        if span is not None:
            return _within(day, here.time(), *span)
    raise ValueError("no decent hours within a month")


def _within(day: date, wanted: time, opens: time, closes: time) -> datetime:
    last = datetime.combine(day, closes, BELGIUM) - LAST_CALL
    first = datetime.combine(day, opens, BELGIUM)
    return max(first, min(datetime.combine(day, wanted, BELGIUM), last)).astimezone(UTC)


def look_ahead(now: datetime, hours: Hours, holidays: Collection[date]) -> datetime:
    """Up to when meetings may be that somebody is reminded of now: the end of the next decent day."""
    day = now.astimezone(BELGIUM).date()
    for _ in range(LONGEST_CLOSED):
        day += timedelta(days=1)
        if hours.span(day, holidays) is not None:
            break
    return datetime.combine(day + timedelta(days=1), time(), BELGIUM).astimezone(UTC)
