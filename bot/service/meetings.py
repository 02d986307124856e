"""What a contact does with meetings: see the times, take a place, give it back, move.

Called inside a turn, with the contact locked; the meeting is locked here, after the contact. So two people never get
the same place: whoever comes second waits, and then sees what the first one took.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.events import EventType
from bot.meetings import (
    HOLDS,
    HORIZON,
    BookingState,
    MeetingKind,
    News,
    Outcome,
    Slot,
    bookable,
    near,
    offices_near,
    overlap,
)
from bot.regions import region_of
from bot.service.house import House
from bot.service.routing import team_of
from bot.store import cases, contacts
from bot.store import meetings as store

_KEPT = {BookingState.BOOKED: Outcome.ALREADY, BookingState.WAITING: Outcome.WAITING}
_EVENTS: Mapping[Outcome, EventType] = {Outcome.BOOKED: "meeting_booked", Outcome.WAITING: "meeting_waiting"}


def offered(
    house: House, connection: Connection, contact_id: int, kinds: Collection[MeetingKind], now: datetime
) -> tuple[Slot, ...]:
    """The three near free times for this contact; never one at an hour at which the contact has something already."""
    if not kinds:
        return ()
    postcode = store.postcode(connection, contact_id)
    region = region_of(postcode)
    span = (now, now + max(HORIZON[kind] for kind in kinds))
    offices = offices_near(region, postcode, house.offices)
    slots = store.offer(connection, contact_id, kinds, span, offices, _teams(house, connection, contact_id))
    held = store.held_around(connection, contact_id, *span)
    fitting = [slot for slot in slots if not any(overlap(slot, own) for own in held)]
    return near(fitting, region, postcode, house.offices, now)


def _teams(house: House, connection: Connection, contact_id: int) -> tuple[str, ...]:
    """The team that has the contact, or that the answers so far lead to: times of other teams are not offered."""
    case = cases.open_case(connection, contact_id)
    if case is not None and case.team:
        return (case.team,)
    session = contacts.open_session(connection, contact_id)
    team = None if session is None else team_of(house, connection, session)
    return () if team is None else (team.id,)


def of_contact(connection: Connection, contact_id: int, now: datetime) -> tuple[Slot, ...]:
    """What the contact has, waits for or is invited to, the next first."""
    return tuple(store.of_contact(connection, contact_id, now))


def book(connection: Connection, contact_id: int, meeting_id: int, now: datetime) -> Outcome:
    """Takes a place. ALREADY: the contact has it, or something else at that hour. WAITING: on a group's list now.

    GONE: called off, begun, about to begin, or only for people who were invited.
    """
    meeting = store.locked(connection, meeting_id).get(meeting_id)
    return _book(connection, contact_id, meeting, now)


def _book(
    connection: Connection,
    contact_id: int,
    meeting: Row[Any] | None,
    now: datetime,
    *,
    but: int | None = None,
) -> Outcome:
    """``but`` is the meeting that is given up for this one: its hour is no hindrance, and no list is worth it."""
    if meeting is None or meeting.cancelled_at is not None or not bookable(meeting.starts_at, now):
        return Outcome.GONE
    own = store.booking(connection, meeting.id, contact_id)
    state = BookingState(own.state) if own is not None else None
    if state in _KEPT:
        return _KEPT[state]
    if meeting.invited_only and state is None:
        return Outcome.GONE
    if _clashes(connection, contact_id, meeting, but):
        return Outcome.ALREADY
    return _seat(connection, contact_id, meeting, now, may_wait=but is None)


def _clashes(connection: Connection, contact_id: int, meeting: Row[Any], but: int | None) -> bool:
    wanted = Slot(meeting.id, MeetingKind(meeting.kind), meeting.starts_at, meeting.minutes)
    held = store.held_around(connection, contact_id, wanted.starts_at, wanted.ends_at)
    return any(overlap(slot, wanted) for slot in held if slot.id != but)


def _seat(connection: Connection, contact_id: int, meeting: Row[Any], now: datetime, *, may_wait: bool) -> Outcome:
    taken = store.taken(connection, meeting.id)
    place = next((number for number in range(1, meeting.places + 1) if number not in taken), None)
    if place is not None:
        store.put(connection, meeting.id, contact_id, BookingState.BOOKED, now, place=place)
        return _noted(connection, contact_id, meeting.id, Outcome.BOOKED, now)
    if meeting.kind != MeetingKind.GROUP or not may_wait:
        return Outcome.FULL
    store.put(connection, meeting.id, contact_id, BookingState.WAITING, now)
    return _noted(connection, contact_id, meeting.id, Outcome.WAITING, now)


def _noted(connection: Connection, contact_id: int, meeting_id: int, outcome: Outcome, now: datetime) -> Outcome:
    note(connection, _EVENTS[outcome], contact_id, meeting_id, now)
    return outcome


def cancel(house: House, connection: Connection, contact_id: int, meeting_id: int, now: datetime) -> list[int]:
    """Gives a place back, leaves a waiting list, or declines. Who moved up by it; ``News.MOVED_UP`` waits for them."""
    meeting = store.locked(connection, meeting_id).get(meeting_id)
    return _cancel(connection, contact_id, meeting, now)


def _cancel(connection: Connection, contact_id: int, meeting: Row[Any] | None, now: datetime) -> list[int]:
    if meeting is None or meeting.starts_at <= now:
        return []
    own = store.booking(connection, meeting.id, contact_id)
    if own is None or own.state == BookingState.CANCELLED:
        return []
    store.put(connection, meeting.id, contact_id, BookingState.CANCELLED, now)
    note(connection, "meeting_cancelled", contact_id, meeting.id, now)
    return move_up(connection, meeting, own.place, now)


def move_up(connection: Connection, meeting: Row[Any], place: int | None, now: datetime) -> list[int]:
    """Gives a free place to who waits longest. Not so shortly before that nobody could come. The meeting is locked."""
    if place is None or not bookable(meeting.starts_at, now):
        return []
    contact_id = store.first_waiting(connection, meeting.id)
    if contact_id is None:
        return []
    store.put(connection, meeting.id, contact_id, BookingState.BOOKED, now, place=place, news=News.MOVED_UP)
    note(connection, "meeting_moved_up", contact_id, meeting.id, now)
    return [contact_id]


def move(house: House, connection: Connection, contact_id: int, old_id: int, new_id: int, now: datetime) -> Outcome:
    """Takes a place at another time, then gives back the old one; if there is none, the old one stays.

    Both meetings are locked first, in the order of their ids. ``News.MOVED_UP`` waits for who got the old place.
    """
    locked = store.locked(connection, old_id, new_id)
    holds = any(slot.id == old_id and slot.state in HOLDS for slot in store.of_contact(connection, contact_id, now))
    outcome = _book(connection, contact_id, locked.get(new_id), now, but=old_id if holds else None)
    if outcome is Outcome.BOOKED and holds:
        _cancel(connection, contact_id, locked.get(old_id), now)
    return outcome


def note(
    connection: Connection,
    type_: EventType,
    contact_id: int,
    meeting_id: int,
    now: datetime,
    user_id: int | None = None,
) -> None:
    """Appends a fact about a contact and a meeting."""
    case = cases.open_case(connection, contact_id)
    case_id = None if case is None else case.id
    cases.add_event(connection, type_, contact_id, now, case_id=case_id, user_id=user_id, data={"meeting": meeting_id})
