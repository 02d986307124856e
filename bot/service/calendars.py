"""A counsellor's meetings as an iCalendar feed, at a secret address that a calendar program can read.

A calendar is read by other companies' servers: there is no name or number of a contact in it, only when, where and how
many come. The address is a random token; the store holds only its hash.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vRecur
from sqlalchemy import Row

from bot.catalogues import N_
from bot.hours import BELGIUM
from bot.meetings import MeetingKind
from bot.service.house import House
from bot.store import meetings as store

KEPT = timedelta(days=31)
"""How long a meeting stays in the calendar after it was."""

REFRESH = timedelta(minutes=15)
"""How often a calendar program may look."""

TALK, CALL = N_("Gesprek"), N_("Telefoongesprek")
TAKEN = N_("Plaatsen bezet: {taken} van {places}")
LIVE, OFF = ("CONFIRMED", 0), ("CANCELLED", 1)
"""Status and sequence: a meeting never moves, it can only be called off, once."""


def renew_address(house: House, user_id: int) -> str:
    """The secret part of a new address; the one before opens nothing any more. It is told once, and kept nowhere."""
    token = secrets.token_urlsafe(32)
    with house.store.write() as connection:
        store.set_calendar(connection, user_id, _hash(token))
    return token


def has_address(house: House, user_id: int) -> bool:
    """Whether there is an address that opens the calendar."""
    with house.store.read() as connection:
        return store.has_calendar(connection, user_id)


def close_address(house: House, user_id: int) -> None:
    """No address opens the calendar any more."""
    with house.store.write() as connection:
        store.set_calendar(connection, user_id, None)


def feed(house: House, token: str) -> bytes | None:
    """The calendar behind a secret address; None when it is no address. The same meetings give the same bytes."""
    hashed = _hash(token)
    with house.store.read() as connection:
        user = store.calendar_owner(connection, hashed)
        if user is None or not hmac.compare_digest(user.calendar_hash, hashed):
            return None
        rows = store.of_counsellor(connection, user.id, house.now() - KEPT, off=True)
    calendar = _calendar()
    for row in rows:
        calendar.add_component(_event(house, row, user.language))
    whole: bytes = calendar.to_ical()
    return whole


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Drempelvrij//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Drempelvrij")
    calendar.add("x-wr-timezone", BELGIUM.key)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    calendar.add_component(_zone())
    return calendar


def _zone() -> Timezone:
    """Belgian time as a rule, which every program reads; lists of dates are not read by all."""
    zone = Timezone()
    zone.add("tzid", BELGIUM.key)
    for part, name, month, hour, offsets in (
        (TimezoneDaylight(), "CEST", 3, 2, (1, 2)),
        (TimezoneStandard(), "CET", 10, 3, (2, 1)),
    ):
        before, after = (timedelta(hours=offset) for offset in offsets)
        part.add("dtstart", _last_sunday(1996, month, hour))  # since then the same everywhere in the Union
        part.add("rrule", vRecur(freq="yearly", bymonth=month, byday="-1su"))
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone


def _last_sunday(year: int, month: int, hour: int) -> datetime:
    last = date(year, month, 31)
    day = last - timedelta(days=(last.weekday() + 1) % 7)
    return datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - the clock on the wall


def _event(house: House, row: Row[Any], language: str) -> Event:
    status, sequence = LIVE if row.cancelled_at is None else OFF
    changed = max(moment for moment in (row.created_at, row.cancelled_at, row.changed_at) if moment is not None)
    starts_at = row.starts_at.astimezone(BELGIUM)
    event = Event()
    event.add("uid", f"{row.id}.{row.created_at:%Y%m%dT%H%M%S%f}@drempelvrij")  # another database has other moments
    event.add("sequence", sequence)
    event.add("status", status)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", starts_at)
    event.add("dtend", (row.starts_at + timedelta(minutes=row.minutes)).astimezone(BELGIUM))
    event.add("summary", ", ".join(filter(None, (_title(house, row, language), _town(house, row)))))
    event.add("description", house.wording.text(language, TAKEN).format(taken=row.taken, places=row.places))
    if row.office:
        event.add("location", _town(house, row))
    return event


def _title(house: House, row: Row[Any], language: str) -> str:
    if row.kind == MeetingKind.GROUP:
        return str(row.title)
    return house.wording.text(language, CALL if row.kind == MeetingKind.CALL else TALK)


def _town(house: House, row: Row[Any]) -> str:
    office = house.offices.get(row.office)
    return office.town if office is not None else str(row.office)
