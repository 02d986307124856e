"""Two contacts who are one person: which of what both have stays. Pure: rows come in, a choice goes out.

In each choice the first of the two stays where neither has more to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.meetings import BookingState
from bot.session import Session, State


class CaseLike(Protocol):
    """What of a case decides whether it stays open."""

    urgency: int
    owner_id: int | None


class ItemLike(Protocol):
    """What of an item of a path decides whether it stays."""

    changed_at: datetime


BOOKINGS: Mapping[str, int] = {
    BookingState.CANCELLED: 0,
    BookingState.INVITED: 1,
    BookingState.WAITING: 2,
    BookingState.BOOKED: 3,
}
"""Of two bookings of one meeting the higher one stays: a place before a wish for one."""

RECIPIENTS: Mapping[str, int] = {"skipped": 0, "waiting": 1, "sent": 2}
"""Of two places on one list of recipients the higher one stays: what was sent is sent."""


def second_case_stays(first: CaseLike, second: CaseLike) -> bool:
    """Of two open cases the more urgent one stays open; then the one that somebody has."""
    return _weight(second) > _weight(first)


def _weight(case: CaseLike) -> tuple[int, bool]:
    return case.urgency, case.owner_id is not None


def second_session_stays(first: Session, second: Session) -> bool:
    """Of two open sessions the one with more answers goes on; one that was stopped only if both were."""
    return _told(second) > _told(first)


def _told(session: Session) -> tuple[bool, int]:
    return session.state is not State.STOPPED, len(session.answers)


def alarm_of(first: Session, second: Session) -> str:
    """The alarm after which one of the two waits for a person; empty where neither does."""
    waiting = [session for session in (first, second) if session.state is State.PERSON]
    return next((session.alarm for session in waiting if session.alarm), "")


def second_item_stays(first: ItemLike, second: ItemLike) -> bool:
    """Of one assignment on two paths: how it stood last."""
    return second.changed_at > first.changed_at
