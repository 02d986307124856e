"""Times to meet: one place or many. What a meeting and a booking are, and which times are near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class MeetingKind(StrEnum):
    """A talk at an office, a call to the contact, or a group session."""

    TALK = "talk"
    CALL = "call"
    GROUP = "group"


class BookingState(StrEnum):
    """Invited: asked to come. Booked: has a place. Waiting: has one as soon as somebody else cancels."""

    INVITED = "invited"
    BOOKED = "booked"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What became of a wish for a place."""

    BOOKED = "booked"
    WAITING = "waiting"
    FULL = "full"
    GONE = "gone"
    ALREADY = "already"


@dataclass(frozen=True, slots=True)
class Slot:
    """A time as it is offered. ``office`` is where, empty for a call; ``free`` how many places are left."""

    id: int
    kind: MeetingKind
    starts_at: datetime
    minutes: int
    office: str = ""
    title: str = ""
    free: int = 1
    state: BookingState | None = None  # of the contact it is shown to


@dataclass(frozen=True, slots=True)
class Office:
    """A town with an office of VDAB: its name as people say it, and its postcode."""

    id: str
    town: str
    postcode: str
    region: str


MOST_OFFERED = 3
NOTICE = timedelta(hours=3)
"""No time is offered that begins sooner: people need to get there, and to find somebody for the children."""

HORIZON = timedelta(days=21)
"""Nor one so far away that it is no answer."""


def near(
    slots: Iterable[Slot],
    region: str,
    postcode: str,
    offices: Mapping[str, Office],
    now: datetime,
    most: int = MOST_OFFERED,
) -> tuple[Slot, ...]:
    """The times to offer: near home before soon, in the order of time. A call is near everywhere."""
    fitting = [slot for slot in slots if slot.free > 0 and now + NOTICE <= slot.starts_at <= now + HORIZON]
    best = sorted(fitting, key=lambda slot: (_away(slot, region, postcode, offices), slot.starts_at, slot.id))
    return tuple(sorted(best[:most], key=lambda slot: (slot.starts_at, slot.id)))


def _away(slot: Slot, region: str, postcode: str, offices: Mapping[str, Office]) -> int:
    """How far, in steps: the same town or its neighbours, the same province, elsewhere."""
    office = offices.get(slot.office)
    if office is None:
        return 0
    if postcode and office.postcode[:2] == postcode[:2]:
        return 0
    return 1 if region and office.region == region else 2
