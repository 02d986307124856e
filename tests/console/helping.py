"""People whose questions are over, and a counsellor's days, for the tests of the pages of help."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask.testing import FlaskClient

from bot.hours import BELGIUM
from bot.meetings import MeetingKind, Outcome
from bot.service import case_views, cases, meetings, publishing
from bot.service.house import House
from bot.service.publishing import Times
from bot.store import cases as stored
from tests.console.conftest import People

NASTY = "<script>alert(1)</script>\"'><img src=x>"
ANSWERS = ("9000", "1", "1", "2", "3", "5", "4", "2", "1", "1")
"""Somebody young in Gent without work, school or worries, who cannot fill in forms alone."""

DUTCH, FRENCH = "1", "2"


@dataclass
class Desk:
    """Contacts, cases and times, through the services."""

    house: House
    people: People

    def asks(self, name: str = "Amina", number: int = 1, language: str = DUTCH, channel: str = "sms") -> int:
        """Answers every question; the case."""
        urn = f"tel:+3247000{number:04}" if channel == "sms" else f"telegram:{number}"
        for text in ("hallo", language, name, *ANSWERS):
            self.people.says(text, urn, channel)
        return max(row.id for row in case_views.queue(self.house))

    def contact(self, case_id: int) -> int:
        """The contact of a case."""
        return case_views.contact_of(self.house, case_id)

    def claimed(self, user_id: int, name: str = "Amina", number: int = 1, language: str = DUTCH) -> int:
        """A case that a counsellor has."""
        case_id = self.asks(name, number, language)
        cases.claim(self.house, case_id, user_id)
        return case_id

    def workday(self, ahead: int = 1) -> date:
        """A day on which people work."""
        day = self.house.now().astimezone(BELGIUM).date() + timedelta(days=ahead)
        while day.weekday() > 4 or day in self.house.holidays:
            day += timedelta(days=1)
        return day

    def holiday(self) -> date:
        """The next Christmas or New Year on a weekday, or Easter Monday: some public holiday within a year."""
        days = (self.house.today() + timedelta(days=ahead) for ahead in range(5, 360))
        return next(day for day in days if day in self.house.holidays and day.weekday() < 5)

    def publish(self, by: int, kind: MeetingKind = MeetingKind.TALK, hour: int = 10, **more: object) -> int:
        """One time of a counsellor's, the next working day."""
        group = {"title": "Samen sterk", "places": 1} if kind is MeetingKind.GROUP else {}
        wanted = {"office": "" if kind is MeetingKind.CALL else "gent", "minutes": 30, "user_id": by, **group, **more}
        times = Times(kind, self.workday(2), time(hour), **wanted)  # type: ignore[arg-type]
        return publishing.publish(self.house, times, by, self.house.openings.office, self.house.holidays)[0]

    def book(self, case_id: int, meeting_id: int) -> Outcome:
        """The contact of a case takes a place."""
        with self.house.store.write() as connection:
            contact_id = self.contact(case_id)
            stored.contact(connection, contact_id, lock=True)
            return meetings.book(connection, contact_id, meeting_id, self.house.now())


def to_a_working_day(advance: Callable[..., None], now: datetime, holidays: object) -> None:
    """Moves a clock to ten in the morning of a Monday or Tuesday that is followed by days on which people work."""
    here = now.astimezone(BELGIUM)
    day = here.date() + timedelta(days=1)
    while day.weekday() > 1 or any(day + timedelta(days=n) in holidays for n in range(8)):  # type: ignore[operator]
        day += timedelta(days=1)
    advance(seconds=(datetime.combine(day, time(10), BELGIUM) - here).total_seconds())


def form_of(page: str, action: str) -> dict[str, list[str]]:
    """The hidden fields of the form of a page that goes to ``action``."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}(?:#\w+)?".*?</form>', page, re.DOTALL)
    assert form, action
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]):
        fields.setdefault(name, []).append(value)
    return fields


def post(client: FlaskClient, path: str, **data: object) -> tuple[int, str]:
    """What a form answers: its status and its page."""
    answer = client.post(f"/console{path}", data=data)
    return answer.status_code, answer.text


def text_of(page: str) -> str:
    """What stands on a page, without its markup and with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))
