"""When a conversation that is put off comes back: moments to choose from, and one that was typed. Belgian time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.hours import BELGIUM, LONGEST_CLOSED, Hours


class Later(StrEnum):
    """The moments that are offered."""

    AFTERNOON = "afternoon"
    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"
    IN_A_WEEK = "in_a_week"


NOON, AFTERNOON, MORNING = time(12, 30), time(13, 30), time(9)

LONGEST = timedelta(days=366)
"""Nothing is put off for longer."""


def moments(now: datetime, office: Hours, holidays: Collection[date]) -> dict[Later, datetime]:
    """What can be chosen, in order: only moments at which people work, and none twice."""
    found: dict[Later, datetime] = {}
    for name, moment in _every(now.astimezone(BELGIUM), office, holidays):
        if moment not in found.values():
            found[name] = moment
    return found


def _every(here: datetime, office: Hours, holidays: Collection[date]) -> Iterator[tuple[Later, datetime]]:
    today = here.date()
    afternoon = datetime.combine(today, AFTERNOON, BELGIUM)
    if here.time() < NOON and office.is_open(afternoon, holidays):
        yield Later.AFTERNOON, afternoon.astimezone(UTC)
    tomorrow = today + timedelta(days=1)
    if office.span(tomorrow, holidays) is not None:
        yield Later.TOMORROW, _morning(tomorrow, office, holidays)
    yield Later.NEXT_WEEK, _morning(today + timedelta(days=7 - today.weekday()), office, holidays)
    yield Later.IN_A_WEEK, _morning(today + timedelta(days=7), office, holidays)


def _morning(day: date, office: Hours, holidays: Collection[date]) -> datetime:
    """Nine o'clock, or when it opens later, on the first day from ``day`` on which people work."""
    for ahead in range(LONGEST_CLOSED):
        span = office.span(day + timedelta(days=ahead), holidays)
        if span is not None:
            return datetime.combine(day + timedelta(days=ahead), max(span[0], MORNING), BELGIUM).astimezone(UTC)
    raise ValueError("no opening hours within a month")


def typed(text: str) -> datetime:
    """A moment as a form sends it: with its zone, or a date and time on a Belgian clock. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment.replace(tzinfo=BELGIUM) if moment.tzinfo is None else moment).astimezone(UTC)


def may_wait(now: datetime, until: datetime) -> bool:
    """Whether a conversation may be put off until then."""
    return now < until <= now + LONGEST
