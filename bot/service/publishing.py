"""What counsellors do with meetings: publish times, call one off, invite people, see who comes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from bot.hours import BELGIUM, Hours
from bot.meetings import HOLDS, BookingState, MeetingKind, News, bookable
from bot.service.house import House
from bot.service.meeting_errors import (
    BadTimes,
    NoSuchMeeting,
    NotAGroup,
    OutsideHours,
    Overlaps,
    PublicHoliday,
    TooSoon,
)
from bot.service.meetings import note
from bot.store import cases
from bot.store import meetings as store

MINUTES = range(5, 8 * 60 + 1)
MOST_IN_A_ROW = 40
MOST_PLACES = 200
LONGEST_TITLE = 60
"""Characters: it is read in an SMS."""

STILL_SHOWN = timedelta(hours=12)
"""How long a meeting that has begun stays on the counsellor's page."""


@dataclass(frozen=True, slots=True)
class Times:
    """Times to publish: ``count`` in a row, each of ``minutes``, from ``first`` on that day in Belgium.

    ``user_id`` is the counsellor they are with; ``anyway``: also on a public holiday or when the office is closed.
    """

    kind: MeetingKind
    day: date
    first: time
    minutes: int
    count: int = 1
    places: int = 1
    office: str = ""
    team: str = ""
    language: str = ""
    title: str = ""
    invited_only: bool = False
    user_id: int | None = None
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who has a place, waits for one or is invited. ``case_id``: where the conversation stands, if there."""

    contact_id: int
    name: str
    language: str
    place: int | None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting on the counsellor's page, with its people in the order in which they came."""

    id: int
    kind: MeetingKind
    starts_at: datetime
    minutes: int
    office: str
    title: str
    team: str
    language: str
    places: int
    invited_only: bool
    booked: tuple[Attendee, ...]
    waiting: tuple[Attendee, ...]
    invited: tuple[Attendee, ...]

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def told(self) -> tuple[Attendee, ...]:
        """Who hears of it when it is called off."""
        return self.booked + self.waiting


def publish(house: House, times: Times, by: int, hours: Hours, holidays: Collection[date]) -> list[int]:
    """Publishes all of these times, or none. ``by`` is who does it; ``hours`` are those of the offices.

    Raises BadTimes, PublicHoliday, OutsideHours, TooSoon and Overlaps.
    """
    now = house.now()
    _check(house, times)
    spans = _spans(times)
    if not times.anyway:
        _check_hours(times, spans, hours, holidays)
    if not bookable(spans[0][0], now):
        raise TooSoon
    with house.store.write() as connection:
        store.lock_users(connection, {by, times.user_id or by})
        _check_free(connection, times, spans)
        return store.add(connection, [_row(house, times, starts_at, by, now) for starts_at, _ in spans])


def _check(house: House, times: Times) -> None:
    wrong = next(_problems(house, times), None)
    if wrong is not None:
        raise BadTimes(wrong)


def _problems(house: House, times: Times) -> Iterator[str]:
    group, at_office = times.kind is MeetingKind.GROUP, times.kind is MeetingKind.TALK
    checks = {
        "minutes": times.minutes in MINUTES,
        "count": 1 <= times.count <= MOST_IN_A_ROW,
        "places": 1 <= times.places <= MOST_PLACES,
        "office": times.office in house.offices if times.office else not at_office,
        "title": 0 < len(times.title.strip()) <= LONGEST_TITLE if group else not times.title,
        "invited_only": group or not times.invited_only,
        "language": times.language in ("", *house.languages),
        "first": _real(times.day, times.first),
    }
    if times.kind is MeetingKind.CALL and times.office:
        yield "office"
    yield from (field for field, right in checks.items() if not right)


def _real(day: date, at: time) -> bool:
    """Whether clocks in Belgium show that time on that day: one night in March they skip an hour."""
    here = datetime.combine(day, at, BELGIUM)
    return here.astimezone(UTC).astimezone(BELGIUM).replace(tzinfo=None) == here.replace(tzinfo=None)


def _spans(times: Times) -> list[tuple[datetime, datetime]]:
    """Beginnings and ends, in UTC: a talk lasts as long in the night when the clocks change."""
    first = datetime.combine(times.day, times.first, BELGIUM).astimezone(UTC)
    each = timedelta(minutes=times.minutes)
    return [(first + n * each, first + (n + 1) * each) for n in range(times.count)]


def _check_hours(
    times: Times, spans: list[tuple[datetime, datetime]], hours: Hours, holidays: Collection[date]
) -> None:
    if times.day in holidays:
        raise PublicHoliday
    last = spans[-1][1] - timedelta(minutes=1)
    if not hours.is_open(spans[0][0], holidays) or not hours.is_open(last, holidays):
        raise OutsideHours


def _check_free(connection: Connection, times: Times, spans: list[tuple[datetime, datetime]]) -> None:
    begins, ends = spans[0][0], spans[-1][1]
    for row in store.around(connection, begins, ends):
        if row.starts_at + timedelta(minutes=row.minutes) > begins and _same(row, times):
            raise Overlaps(row.starts_at)


def _same(row: Row[Any], times: Times) -> bool:
    """Whether two meetings need the same person; those of nobody in particular are the same if all else is."""
    if times.user_id is not None or row.user_id is not None:
        return bool(row.user_id == times.user_id)
    return (row.kind, row.office, row.title, row.team) == (times.kind, times.office, times.title.strip(), times.team)


def _row(house: House, times: Times, starts_at: datetime, by: int, now: datetime) -> dict[str, Any]:
    office = house.offices.get(times.office)
    return {
        "kind": times.kind.value,
        "title": times.title.strip(),
        "office": times.office,
        "region": office.region if office is not None else "",
        "team": times.team,
        "user_id": times.user_id,
        "language": times.language,
        "invited_only": times.invited_only,
        "starts_at": starts_at,
        "minutes": times.minutes,
        "places": times.places,
        "created_by": by,
        "created_at": now,
    }


def cancel_meeting(house: House, meeting_id: int, user_id: int) -> list[int]:
    """Calls a meeting off. Who had a place or waited for one; ``News.OFF`` waits for them. Twice is once.

    Raises NoSuchMeeting where there is none, or it has begun.
    """
    now = house.now()
    with house.store.write() as connection:
        meeting = store.locked(connection, meeting_id).get(meeting_id)
        if meeting is None or meeting.starts_at <= now:
            raise NoSuchMeeting
        if meeting.cancelled_at is not None:
            return []
        store.call_off(connection, meeting_id, now)
        told = store.contacts_of(connection, meeting_id, HOLDS)
        for contact_id in told:
            store.put(connection, meeting_id, contact_id, BookingState.CANCELLED, now, news=News.OFF)
            note(connection, "meeting_off", contact_id, meeting_id, now, user_id)
        for contact_id in store.contacts_of(connection, meeting_id, (BookingState.INVITED,)):
            store.put(connection, meeting_id, contact_id, BookingState.CANCELLED, now)
    return told


def invite(house: House, meeting_id: int, contact_ids: Collection[int], user_id: int) -> list[int]:
    """Invites people to a group session, each once in its life. Who is new; ``News.INVITED`` waits for them.

    Raises NoSuchMeeting and NotAGroup.
    """
    now = house.now()
    with house.store.write() as connection:
        meeting = store.locked(connection, meeting_id).get(meeting_id)
        if meeting is None or meeting.cancelled_at is not None or not bookable(meeting.starts_at, now):
            raise NoSuchMeeting
        if meeting.kind != MeetingKind.GROUP:
            raise NotAGroup
        fresh = store.strangers(connection, meeting_id, contact_ids)
        for contact_id in fresh:
            store.put(connection, meeting_id, contact_id, BookingState.INVITED, now, news=News.INVITED)
            note(connection, "meeting_invited", contact_id, meeting_id, now, user_id)
    return fresh


def upcoming(house: House, user_id: int) -> tuple[MeetingView, ...]:
    """A counsellor's meetings of today and to come, with who has a place, who waits and who is invited."""
    with house.store.read() as connection:
        rows = store.of_counsellor(connection, user_id, house.now() - STILL_SHOWN, off=False)
        people = store.attendance(connection, [row.id for row in rows])
        known = cases.newest_of(connection, {row.contact_id for row in people})
    by_meeting: dict[tuple[int, str], list[Attendee]] = {}
    for row in people:
        attendee = Attendee(row.contact_id, row.name, row.language, row.place, known.get(row.contact_id))
        by_meeting.setdefault((row.meeting_id, row.state), []).append(attendee)
    return tuple(_view(row, by_meeting) for row in rows)


def own(house: House, meeting_id: int, user_id: int) -> MeetingView:
    """One of a counsellor's meetings to come. Raises NoSuchMeeting, also for one that is a colleague's."""
    found = next((meeting for meeting in upcoming(house, user_id) if meeting.id == meeting_id), None)
    if found is None or found.starts_at <= house.now():
        raise NoSuchMeeting
    return found


def _view(row: Row[Any], people: dict[tuple[int, str], list[Attendee]]) -> MeetingView:
    booked, waiting, invited = (
        tuple(people.get((row.id, state), ()))
        for state in (BookingState.BOOKED, BookingState.WAITING, BookingState.INVITED)
    )
    return MeetingView(
        id=row.id,
        kind=MeetingKind(row.kind),
        starts_at=row.starts_at,
        minutes=row.minutes,
        office=row.office,
        title=row.title,
        team=row.team,
        language=row.language,
        places=row.places,
        invited_only=row.invited_only,
        booked=booked,
        waiting=waiting,
        invited=invited,
    )
