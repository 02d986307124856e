"""Meetings and who has a place in them.

Whoever changes a booking holds the lock of its meeting; whoever acts for a contact took that contact's lock before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, insert, or_, select, update

from bot.meetings import HOLDS, BookingState, MeetingKind, News, Slot
from bot.reminders import When
from bot.store.schema import bookings, contacts, meetings, sessions, users

LONGEST = timedelta(hours=12)
"""No meeting lasts longer: how far back one has to look for what still goes on."""

LAST_RUNS = 5
"""Sessions in which a contact's postcode is looked for, the newest first."""

_TAKEN = (
    select(func.count())
    .where(bookings.c.meeting_id == meetings.c.id, bookings.c.place.is_not(None))
    .correlate(meetings)
    .scalar_subquery()
)


# Meetings


def locked(connection: Connection, *meeting_ids: int) -> dict[int, Row[Any]]:
    """Meetings, locked until the transaction ends, in the order of their ids: nobody waits for another in a ring."""
    query = select(meetings).where(meetings.c.id.in_(meeting_ids)).order_by(meetings.c.id)
    return {row.id: row for row in connection.execute(query.with_for_update(key_share=True))}


def add(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[int]:
    """New meetings; their ids in the order of the rows."""
    return [int(connection.execute(insert(meetings).values(row).returning(meetings.c.id)).scalar_one()) for row in rows]


def call_off(connection: Connection, meeting_id: int, now: datetime) -> None:
    """The meeting does not take place."""
    connection.execute(update(meetings).where(meetings.c.id == meeting_id).values(cancelled_at=now))


def around(connection: Connection, starts_at: datetime, ends_at: datetime) -> list[Row[Any]]:
    """Meetings that take place and may touch a stretch of time; the caller looks at how long each lasts."""
    query = select(meetings).where(*_touching(starts_at, ends_at)).order_by(meetings.c.starts_at)
    return list(connection.execute(query))


def _touching(starts_at: datetime, ends_at: datetime) -> tuple[Any, ...]:
    began = (meetings.c.starts_at > starts_at - LONGEST, meetings.c.starts_at < ends_at)
    return (*began, meetings.c.cancelled_at.is_(None))


def lock_users(connection: Connection, user_ids: Collection[int]) -> None:
    """Holds the accounts that times are published for and by: the same form sent twice is looked at one by one."""
    query = select(users.c.id).where(users.c.id.in_(user_ids)).order_by(users.c.id)
    connection.execute(query.with_for_update(key_share=True)).all()


# For a contact


def slot_of(row: Row[Any]) -> Slot:
    """A row of ``_slots`` as the conversation knows it."""
    return Slot(
        id=row.id,
        kind=MeetingKind(row.kind),
        starts_at=row.starts_at,
        minutes=row.minutes,
        office=row.office,
        title=row.title,
        free=row.places - row.taken,
        state=BookingState(row.state) if row.state else None,
        known=bool(row.known),
    )


_SHOWN = tuple(meetings.c[name] for name in ("id", "kind", "starts_at", "minutes", "office", "title", "places"))


def _slots(contact_id: int) -> Select[Any]:
    """Meetings that take place, as one contact sees them."""
    own = and_(bookings.c.meeting_id == meetings.c.id, bookings.c.contact_id == contact_id)
    known = select(contacts.c.counsellor_id).where(contacts.c.id == contact_id).scalar_subquery()
    return (
        select(
            *_SHOWN,
            bookings.c.state,
            _TAKEN.label("taken"),
            func.coalesce(meetings.c.user_id == known, False).label("known"),
        )
        .outerjoin(bookings, own)
        .where(meetings.c.cancelled_at.is_(None))
    )


def offer(
    connection: Connection,
    contact_id: int,
    kinds: Collection[MeetingKind],
    span: tuple[datetime, datetime],
    offices: Collection[str],
    teams: Collection[str],
) -> list[Slot]:
    """What could be offered: of these kinds, at these offices or by telephone, in a language that the contact speaks.

    Times of a team are for its own people; those of the counsellor who knows the contact are always for this contact.
    Of ten counsellors who are free at the same time and place one is enough.
    """
    query = _slots(contact_id)
    known = query.selected_columns.known
    language = select(contacts.c.language).where(contacts.c.id == contact_id).scalar_subquery()
    invited = bookings.c.state == BookingState.INVITED.value
    free = meetings.c.places > _TAKEN
    fitting = query.where(
        meetings.c.kind.in_([kind.value for kind in kinds]),
        meetings.c.starts_at.between(*span),
        meetings.c.office.in_(["", *offices]),
        or_(meetings.c.language == "", meetings.c.language == language),
        or_(meetings.c.team.in_(["", *teams]), known, invited),
        or_(~meetings.c.invited_only, invited),
        or_(bookings.c.state.is_(None), bookings.c.state.not_in(HOLDS)),
        or_(free, meetings.c.kind == MeetingKind.GROUP.value),
    )
    same = (meetings.c.kind, meetings.c.starts_at, meetings.c.office, meetings.c.title, known, free)
    first = fitting.with_only_columns(func.min(meetings.c.id)).group_by(*same)
    return [slot_of(row) for row in connection.execute(query.where(meetings.c.id.in_(first)))]


def of_contact(connection: Connection, contact_id: int, now: datetime) -> list[Slot]:
    """What a contact has, waits for or is invited to, and that has not begun."""
    query = _slots(contact_id).where(bookings.c.state.in_([*HOLDS, BookingState.INVITED]), meetings.c.starts_at > now)
    return [slot_of(row) for row in connection.execute(query.order_by(meetings.c.starts_at, meetings.c.id))]


def held_around(connection: Connection, contact_id: int, starts_at: datetime, ends_at: datetime) -> list[Slot]:
    """What a contact has or waits for that may touch a stretch of time."""
    query = _slots(contact_id).where(bookings.c.state.in_(HOLDS), *_touching(starts_at, ends_at))
    return [slot_of(row) for row in connection.execute(query)]


def postcode(connection: Connection, contact_id: int) -> str:
    """Where a contact lives, as last told; empty when it is not known."""
    newest = select(sessions.c.state).where(sessions.c.contact_id == contact_id).order_by(sessions.c.id.desc())
    told = (row.state.get("answers", {}).get("postcode") for row in connection.execute(newest.limit(LAST_RUNS)))
    return next((str(values[0]) for values in told if values), "")


# Bookings


def booking(connection: Connection, meeting_id: int, contact_id: int) -> Row[Any] | None:
    """What a contact has to do with a meeting."""
    query = select(bookings).where(bookings.c.meeting_id == meeting_id, bookings.c.contact_id == contact_id)
    return connection.execute(query).one_or_none()


def taken(connection: Connection, meeting_id: int) -> set[int]:
    """The places that are taken."""
    query = select(bookings.c.place).where(bookings.c.meeting_id == meeting_id, bookings.c.place.is_not(None))
    return set(connection.execute(query).scalars())


def put(
    connection: Connection,
    meeting_id: int,
    contact_id: int,
    state: BookingState,
    now: datetime,
    *,
    place: int | None = None,
    news: News | None = None,
) -> None:
    """A contact's booking as it stands from now on: reminders begin anew, and old news is none any more."""
    values = {
        "state": state.value,
        "place": place,
        "changed_at": now,
        "reminded_day_at": None,
        "reminded_hours_at": None,
        "news": news.value if news is not None else "",
    }
    own = (bookings.c.meeting_id == meeting_id, bookings.c.contact_id == contact_id)
    if not connection.execute(update(bookings).where(*own).values(values)).rowcount:
        row = {"meeting_id": meeting_id, "contact_id": contact_id, "created_at": now}
        connection.execute(insert(bookings).values(row | values))


def first_waiting(connection: Connection, meeting_id: int) -> int | None:
    """The contact who has waited longest."""
    query = select(bookings.c.contact_id).where(
        bookings.c.meeting_id == meeting_id, bookings.c.state == BookingState.WAITING.value
    )
    return connection.execute(query.order_by(bookings.c.changed_at, bookings.c.id).limit(1)).scalar()


def contacts_of(connection: Connection, meeting_id: int, states: Collection[BookingState]) -> list[int]:
    """The contacts whose booking is in one of these states, the longest so first."""
    query = select(bookings.c.contact_id).where(bookings.c.meeting_id == meeting_id, bookings.c.state.in_(states))
    return list(connection.execute(query.order_by(bookings.c.changed_at, bookings.c.id)).scalars())


def strangers(connection: Connection, meeting_id: int, contact_ids: Collection[int]) -> list[int]:
    """Those of some contacts who have nothing to do with a meeting yet."""
    known = select(bookings.c.contact_id).where(bookings.c.meeting_id == meeting_id)
    query = select(contacts.c.id).where(contacts.c.id.in_(contact_ids), contacts.c.id.not_in(known))
    return list(connection.execute(query.order_by(contacts.c.id)).scalars())


# Reminders and news


def to_remind(connection: Connection, now: datetime, soon: datetime, until: datetime) -> list[Row[Any]]:
    """Bookings of meetings up to ``until`` whose reminder of the day is to come; up to ``soon``, that of the hours."""
    query = (
        select(meetings, bookings.c.id.label("booking_id"), bookings.c.contact_id, bookings.c.changed_at)
        .join(bookings, bookings.c.meeting_id == meetings.c.id)
        .where(
            bookings.c.state == BookingState.BOOKED.value,
            meetings.c.cancelled_at.is_(None),
            meetings.c.starts_at > now,
            or_(
                and_(meetings.c.starts_at <= soon, bookings.c.reminded_hours_at.is_(None)),
                and_(meetings.c.starts_at > soon, meetings.c.starts_at < until, bookings.c.reminded_day_at.is_(None)),
            ),
        )
    )
    return list(connection.execute(query.order_by(meetings.c.starts_at, bookings.c.id)))


_REMINDED = {When.DAY: bookings.c.reminded_day_at, When.HOURS: bookings.c.reminded_hours_at}


def mark_reminded(connection: Connection, booking_id: int, when: When, now: datetime) -> bool:
    """Takes one reminder: False when it was taken before, or there is nothing left to remind of."""
    column = _REMINDED[when]
    wanted = (bookings.c.id == booking_id, bookings.c.state == BookingState.BOOKED.value, column.is_(None))
    return bool(connection.execute(update(bookings).where(*wanted).values({column: now})).rowcount)


def news(connection: Connection, limit: int) -> list[Row[Any]]:
    """Bookings of which a contact is still to be told something, the oldest first."""
    query = select(bookings.c.id, bookings.c.contact_id, bookings.c.news).where(bookings.c.news != "")
    return list(connection.execute(query.order_by(bookings.c.changed_at, bookings.c.id).limit(limit)))


def take_news(connection: Connection, booking_id: int, what: News) -> Row[Any] | None:
    """Takes one piece of news and gives the meeting it is about; None when it was taken or has changed."""
    wanted = (bookings.c.id == booking_id, bookings.c.news == what.value)
    took = update(bookings).where(*wanted).values(news="").returning(bookings.c.meeting_id)
    meeting_id = connection.execute(took).scalar()
    return None if meeting_id is None else connection.execute(select(meetings).where(meetings.c.id == meeting_id)).one()


# For counsellors


def of_counsellor(connection: Connection, user_id: int, since: datetime, *, off: bool) -> list[Row[Any]]:
    """A counsellor's meetings since a moment, with how many places are taken and when anything last changed.

    What has no counsellor of its own is also of who published it. ``off``: also what was called off.
    """
    own = or_(meetings.c.user_id == user_id, and_(meetings.c.user_id.is_(None), meetings.c.created_by == user_id))
    touched = select(func.max(bookings.c.changed_at)).where(bookings.c.meeting_id == meetings.c.id)
    changed = touched.correlate(meetings).scalar_subquery().label("changed_at")
    query = select(meetings, _TAKEN.label("taken"), changed).where(own, meetings.c.starts_at > since)
    if not off:
        query = query.where(meetings.c.cancelled_at.is_(None))
    return list(connection.execute(query.order_by(meetings.c.starts_at, meetings.c.id)))


def attendance(connection: Connection, meeting_ids: Collection[int]) -> list[Row[Any]]:
    """Who has a place, waits or is invited, with name and language, in the order in which they came."""
    query = (
        select(bookings, contacts.c.name, contacts.c.language)
        .join(contacts, contacts.c.id == bookings.c.contact_id)
        .where(bookings.c.meeting_id.in_(meeting_ids), bookings.c.state != BookingState.CANCELLED.value)
    )
    return list(connection.execute(query.order_by(bookings.c.place, bookings.c.changed_at, bookings.c.id)))


# The calendar


def set_calendar(connection: Connection, user_id: int, token_hash: bytes | None) -> None:
    """Another secret address for a counsellor's calendar, or none."""
    connection.execute(update(users).where(users.c.id == user_id).values(calendar_hash=token_hash))


def has_calendar(connection: Connection, user_id: int) -> bool:
    """Whether a counsellor's calendar has a secret address."""
    query = select(users.c.id).where(users.c.id == user_id, users.c.calendar_hash.is_not(None))
    return connection.execute(query).scalar() is not None


def calendar_owner(connection: Connection, token_hash: bytes) -> Row[Any] | None:
    """Whose calendar has that secret address."""
    return connection.execute(select(users).where(users.c.calendar_hash == token_hash, users.c.active)).one_or_none()
