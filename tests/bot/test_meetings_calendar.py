"""The calendar of a counsellor, read back as a calendar program reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar, Event
from sqlalchemy import select, update

from bot.hours import BELGIUM
from bot.meetings import MeetingKind
from bot.service import calendars, publishing
from bot.store.engine import Store
from bot.store.schema import users
from tests.bot.meeting_house import Bureau, bureau, here
from town import Town

MONDAY = date(2026, 11, 2)
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def desk(store: Store) -> Bureau:
    return bureau(store, here(MONDAY, 9))


def read(desk: Bureau, token: str) -> Calendar:
    whole = calendars.feed(desk.house, token)
    assert whole is not None
    return Calendar.from_ical(whole)


def events(desk: Bureau, token: str) -> list[Event]:
    return read(desk, token).events


def texts(event: Event) -> tuple[str, ...]:
    return tuple(str(event[name]) for name in ("SUMMARY", "DESCRIPTION", "STATUS", "SEQUENCE"))


def test_meetings_stand_in_the_calendar_without_any_contact(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    desk.publish(TUESDAY, 13, kind=MeetingKind.CALL, office="")
    group = desk.group(TUESDAY, 14, title="Samen sterk; elke week, echt", places=12)
    an = desk.contact("Annelies Vandevelde", phone="+32470000001")
    desk.book(an, talk)
    desk.book(an, group)
    token = calendars.renew_address(desk.house, desk.user())
    assert [texts(event)[:2] for event in events(desk, token)] == [
        ("Gesprek, Gent", "Plaatsen bezet: 1 van 1"),
        ("Telefoongesprek", "Plaatsen bezet: 0 van 1"),
        ("Samen sterk; elke week, echt, Gent", "Plaatsen bezet: 1 van 12"),
    ]
    whole = calendars.feed(desk.house, token) or b""
    assert b"Annelies" not in whole
    assert b"470000001" not in whole


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [(date(2026, 10, 24), 8), (date(2026, 10, 25), 9), (date(2027, 3, 27), 9), (date(2027, 3, 28), 8)],
)
def test_ten_o_clock_is_ten_o_clock_on_both_sides_of_the_clock_change(desk: Bureau, day: date, utc_hour: int) -> None:
    desk.moment.now = here(day, 1)
    desk.publish(day, 10, anyway=True)
    [event] = events(desk, calendars.renew_address(desk.house, desk.user()))
    assert event["DTSTART"].params["TZID"] == "Europe/Brussels"
    assert event.start == datetime(day.year, day.month, day.day, 10, tzinfo=BELGIUM)
    assert isinstance(event.start, datetime)
    assert event.start.astimezone(UTC).hour == utc_hour
    assert event.end - event.start == timedelta(minutes=30)


def test_the_zone_that_is_sent_along_is_belgian_time(desk: Bureau) -> None:
    [zone] = read(desk, calendars.renew_address(desk.house, desk.user())).timezones
    told = zone.to_tz(lookup_tzid=False)
    for year in range(2024, 2032):
        for month, day in ((1, 15), (3, 24), (4, 2), (7, 1), (10, 24), (11, 2)):
            moment = datetime(year, month, day, 10)  # noqa: DTZ001 - a clock on the wall
            assert moment.replace(tzinfo=told).utcoffset() == moment.replace(tzinfo=BELGIUM).utcoffset(), moment


def test_what_is_called_off_is_cancelled_under_the_same_name(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    token = calendars.renew_address(desk.house, desk.user())
    [before] = events(desk, token)
    desk.moment.now += timedelta(hours=1)
    publishing.cancel_meeting(desk.house, talk, desk.user())
    [after] = events(desk, token)
    assert after["UID"] == before["UID"]
    assert (texts(before)[2:], texts(after)[2:]) == (("CONFIRMED", "0"), ("CANCELLED", "1"))
    assert after.DTSTAMP > before.DTSTAMP


def test_nothing_changes_while_nothing_happens(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    token = calendars.renew_address(desk.house, desk.user())
    first = calendars.feed(desk.house, token)
    desk.moment.now += timedelta(hours=1)
    assert calendars.feed(desk.house, token) == first
    desk.book(desk.contact(), talk)
    assert calendars.feed(desk.house, token) != first


def test_old_meetings_leave_the_calendar(desk: Bureau) -> None:
    desk.publish(TUESDAY)
    token = calendars.renew_address(desk.house, desk.user())
    desk.moment.now += timedelta(days=30)
    assert len(events(desk, token)) == 1
    desk.moment.now += timedelta(days=5)
    assert events(desk, token) == []


def test_a_calendar_shows_one_counsellor_s_meetings(desk: Bureau) -> None:
    desk.publish(TUESDAY)
    desk.publish(TUESDAY, user_id=desk.user("jan"), office="aalst")
    token = calendars.renew_address(desk.house, desk.user("jan"))
    assert [texts(event)[0] for event in events(desk, token)] == ["Gesprek, Aalst"]


def test_a_calendar_speaks_its_counsellor_s_language(desk: Bureau) -> None:
    desk.publish(TUESDAY)
    with desk.house.store.write() as connection:
        connection.execute(update(users).values(language="fr"))
    [event] = events(desk, calendars.renew_address(desk.house, desk.user()))
    assert texts(event)[:2] == ("Entretien, Gent", "Places prises : 0 sur 1")


def test_an_address_that_was_renewed_or_closed_opens_nothing(desk: Bureau) -> None:
    first = calendars.renew_address(desk.house, desk.user())
    second = calendars.renew_address(desk.house, desk.user())
    assert calendars.feed(desk.house, first) is None
    assert calendars.feed(desk.house, second) is not None
    calendars.close_address(desk.house, desk.user())
    assert calendars.feed(desk.house, second) is None
    assert calendars.feed(desk.house, "") is None


def test_who_left_has_no_calendar(desk: Bureau) -> None:
    token = calendars.renew_address(desk.house, desk.user())
    with desk.house.store.write() as connection:
        connection.execute(update(users).values(active=False))
    assert calendars.feed(desk.house, token) is None


def test_the_store_holds_no_address(desk: Bureau) -> None:
    token = calendars.renew_address(desk.house, desk.user())
    with desk.house.store.read() as connection:
        [kept] = connection.execute(select(users.c.calendar_hash)).scalars()
    assert len(kept) == 32
    assert token.encode() not in kept


def test_a_calendar_program_comes_to_the_door(town: Town) -> None:
    desk = Bureau(town.house, bureau(town.store, here(MONDAY, 9)).moment)
    token = calendars.renew_address(town.house, desk.user())
    web = town.app.test_client()
    answer = web.get(f"/calendar/{token}.ics")
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert Calendar.from_ical(answer.data).events == []
    again = web.get(f"/calendar/{token}.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert web.get(f"/calendar/{token}x.ics").status_code == 404
    assert web.post(f"/calendar/{token}.ics").status_code == 405
