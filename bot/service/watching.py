"""Who looks at a case at this moment, so that two people know of each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.service.case_views import existing
from bot.service.house import House
from bot.store import cases, watchers

TOUCH_AFTER = timedelta(seconds=20)
"""An open page asks every two seconds; it is written down no more often than this."""

GONE_AFTER = timedelta(seconds=60)
"""Longer than a page in the background rests between two questions."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody else who looks."""

    id: int
    name: str


def look(house: House, case_id: int, user_id: int, *, touch: bool = True) -> tuple[Watcher, ...]:
    """Somebody looks at a case; who else does. Raises NoSuchCase.

    ``touch`` is False for a page that stands open while nobody has touched it for long: that is no looking.
    """
    now = house.now()
    with house.store.read() as connection:
        rows = watchers.since(connection, case_id, now - GONE_AFTER)
    fresh = any(row.user_id == user_id and row.seen_at > now - TOUCH_AFTER for row in rows)
    if touch and not fresh:
        _touch(house, case_id, user_id)
    return tuple(Watcher(row.user_id, row.name) for row in rows if row.user_id != user_id)


def _touch(house: House, case_id: int, user_id: int) -> None:
    with house.store.write() as connection:
        case = existing(connection, case_id)
        cases.contact(connection, case.contact_id, lock=True)
        watchers.seen(connection, case_id, user_id, house.now())
