"""Times to meet: one place or many. What a meeting and a booking are, and which times are near."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.hours import BELGIUM


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


HOLDS = (BookingState.BOOKED, BookingState.WAITING)
"""What keeps the hour of a contact taken: who waits gets a place at once, and must be able to come then."""


class News(StrEnum):
    """What a contact still has to be told of a booking that somebody else changed."""

    INVITED = "invited"
    MOVED_UP = "moved_up"
    OFF = "off"


class Outcome(StrEnum):
    """What became of a wish for a place."""

    BOOKED = "booked"
    WAITING = "waiting"
    FULL = "full"
    GONE = "gone"
    ALREADY = "already"


@dataclass(frozen=True, slots=True)
class Slot:
    """A time as it is offered. ``office`` is where, empty for a call; ``free`` how many places are left.

    ``known``: it is with the counsellor who helped this contact before.
    """

    id: int
    kind: MeetingKind
    starts_at: datetime
    minutes: int
    office: str = ""
    title: str = ""
    free: int = 1
    state: BookingState | None = None  # of the contact it is shown to
    known: bool = False

    @property
    def ends_at(self) -> datetime:
        """When the next one may begin."""
        return self.starts_at + timedelta(minutes=self.minutes)


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

HORIZON: Mapping[MeetingKind, timedelta] = {
    MeetingKind.TALK: timedelta(days=21),
    MeetingKind.CALL: timedelta(days=21),
    MeetingKind.GROUP: timedelta(days=60),
}
"""Nor one so far away that it is no answer. Group sessions are rare: people wait longer for them."""

SAME_AREA, SAME_REGION = 0, 1
"""How far an office is, in steps: where the postcode begins with the same two digits, and the province. No further."""

NEIGHBOURS: Mapping[str, str] = {"brussels": "flemish_brabant"}
"""Where no office may be but all around: people in Brussels go to those of Flemish Brabant."""


def overlap(one: Slot, other: Slot) -> bool:
    """Whether nobody can be at both."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def bookable(starts_at: datetime, now: datetime) -> bool:
    """Whether there is time enough to come."""
    return now + NOTICE <= starts_at


def offices_near(region: str, postcode: str, offices: Mapping[str, Office]) -> dict[str, int]:
    """The offices that somebody can be asked to come to, and how far each is. Without a region: every one."""
    steps = {id_: _away(office, region, postcode) for id_, office in offices.items()}
    return {id_: step for id_, step in steps.items() if step is not None}


def _away(office: Office, region: str, postcode: str) -> int | None:
    if postcode and office.postcode[:2] == postcode[:2]:
        return SAME_AREA
    reached = not region or office.region in (region, NEIGHBOURS.get(region))
    return SAME_REGION if reached else None


def near(
    slots: Iterable[Slot],
    region: str,
    postcode: str,
    offices: Mapping[str, Office],
    now: datetime,
    most: int = MOST_OFFERED,
) -> tuple[Slot, ...]:
    """The times to offer, in the order of time. A call is near everywhere; a town that nobody can reach is no offer.

    A free place goes before a waiting list, near home before the same counsellor again, that before soon; and where
    there is a choice, the times lie in different halves of days: who never can in the morning is not asked three times.
    """
    steps = offices_near(region, postcode, offices)
    fitting = [slot for slot in slots if _fits(slot, now) and (not slot.office or slot.office in steps)]
    ranked = sorted(fitting, key=lambda slot: (_rank(slot, steps), slot.starts_at, slot.id))
    spread = sorted(_spread(ranked, steps), key=lambda row: row[:2])  # stable: sooner stays first
    best = [slot for _, _, slot in spread][:most]
    return tuple(sorted(best, key=lambda slot: (slot.starts_at, slot.id)))


_Rank = tuple[bool, int, bool]


def _rank(slot: Slot, steps: Mapping[str, int]) -> _Rank:
    return slot.free <= 0, steps.get(slot.office, SAME_AREA), not slot.known


def _fits(slot: Slot, now: datetime) -> bool:
    """A full group has a waiting list; a talk that is taken is gone."""
    open_ = slot.free > 0 or slot.kind is MeetingKind.GROUP
    return open_ and bookable(slot.starts_at, now) and slot.starts_at <= now + HORIZON[slot.kind]


def _spread(ranked: Iterable[Slot], steps: Mapping[str, int]) -> Iterator[tuple[_Rank, int, Slot]]:
    """Each with its rank and how many of that rank lie in the same half day before it; the same twice is once."""
    halves: Counter[tuple[_Rank, date, bool]] = Counter()
    seen: set[tuple[object, ...]] = set()
    for slot in ranked:
        same = (slot.kind, slot.starts_at, slot.office, slot.title)
        if same in seen:
            continue
        seen.add(same)
        here, rank = slot.starts_at.astimezone(BELGIUM), _rank(slot, steps)
        half = (rank, here.date(), here.hour < 12)
        yield rank, halves[half], slot
        halves[half] += 1
