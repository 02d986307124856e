"""What waits to be said about meetings: reminders that are due, and news of what somebody else changed.

Whoever says it locks the contact, takes one thing here and says it in the same transaction: each exactly once, also
when two workers ask at the same moment or one falls over in the middle.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row

from bot.hours import Hours
from bot.meetings import MeetingKind, News, Slot, bookable
from bot.reminders import HOURS_BEFORE, When, due, look_ahead
from bot.store import meetings as store


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that is due."""

    booking_id: int
    contact_id: int
    when: When
    slot: Slot


@dataclass(frozen=True, slots=True)
class Untold:
    """Something that a contact is still to be told of a booking."""

    booking_id: int
    contact_id: int
    news: News


def due_reminders(
    connection: Connection, now: datetime, hours: Hours, holidays: Collection[date], limit: int
) -> list[Reminder]:
    """Reminders to send now, the next meeting first. ``hours`` are those in which it is decent to write."""
    if not hours.is_open(now, holidays):
        return []
    rows = store.to_remind(connection, now, now + HOURS_BEFORE, look_ahead(now, hours, holidays))
    found = ((row, due(row.starts_at, row.changed_at, now, hours, holidays)) for row in rows)
    wanted = (Reminder(row.booking_id, row.contact_id, when, _slot(row)) for row, when in found if when is not None)
    return list(islice(wanted, limit))


def take_reminder(connection: Connection, reminder: Reminder, now: datetime) -> bool:
    """Marks a reminder as sent; False when it was sent before, or the meeting was cancelled meanwhile.

    The caller holds the contact's lock, and says it in this transaction.
    """
    return store.mark_reminded(connection, reminder.booking_id, reminder.when, now)


def untold(connection: Connection, limit: int) -> list[Untold]:
    """News that contacts are still to be told, the oldest first."""
    return [Untold(row.id, row.contact_id, News(row.news)) for row in store.news(connection, limit)]


def take_news(connection: Connection, untold: Untold, now: datetime) -> Slot | None:
    """Takes one piece of news and gives the meeting; None when it is told already, or too late to be of use.

    The caller holds the contact's lock, and says it in this transaction.
    """
    meeting = store.take_news(connection, untold.booking_id, untold.news)
    if meeting is None or meeting.starts_at <= now:
        return None
    if untold.news is News.INVITED and not bookable(meeting.starts_at, now):
        return None
    return _slot(meeting)


def _slot(row: Row[Any]) -> Slot:
    return Slot(row.id, MeetingKind(row.kind), row.starts_at, row.minutes, row.office, row.title)
