"""A house with offices, counsellors and contacts for the tests of meetings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import insert, select, update

from bot.hours import BELGIUM, Hours
from bot.meetings import MeetingKind, Office, Outcome, Slot
from bot.service import house as houses
from bot.service import meetings, publishing
from bot.service.house import House
from bot.service.publishing import Times
from bot.session import new_session
from bot.store import cases
from bot.store.engine import Store
from bot.store.schema import bookings, contacts, events, sessions, users

GENT = Office("gent", "Gent", "9000", "east_flanders")
AALST = Office("aalst", "Aalst", "9300", "east_flanders")
LEUVEN = Office("leuven", "Leuven", "3000", "flemish_brabant")
VILVOORDE = Office("vilvoorde", "Vilvoorde", "1800", "flemish_brabant")
HASSELT = Office("hasselt", "Hasselt", "3500", "limburg")
OFFICES = {office.id: office for office in (GENT, AALST, LEUVEN, VILVOORDE, HASSELT)}

WEEK = range(5)
OFFICE_HOURS = Hours(dict.fromkeys(WEEK, (time(8), time(17))))
DECENT = Hours({**dict.fromkeys(WEEK, (time(8), time(20))), 5: (time(10), time(18))})
HOLIDAYS = frozenset({date(2026, 11, 11), date(2027, 3, 29)})


def here(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment by the clock in Belgium."""
    return datetime.combine(day, time(hour, minute), BELGIUM)


class Moment:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """What it shows."""
        return self.now


@dataclass
class Bureau:
    """Counsellors and contacts, and what they do with meetings: each through the service, each its own transaction."""

    house: House
    moment: Moment

    def user(self, login: str = "mieke") -> int:
        """A counsellor; the same one when asked again."""
        with self.house.store.write() as connection:
            found = connection.execute(select(users.c.id).where(users.c.login == login)).scalar()
            row = {"login": login, "name": login.title(), "password_hash": "", "created_at": self.moment()}
            return found or int(connection.execute(insert(users).values(row).returning(users.c.id)).scalar_one())

    def contact(self, name: str = "An", postcode: str = "9000", **values: Any) -> int:
        """Somebody who told a name and a postcode."""
        now = self.moment()
        row = {"name": name, "language": "nl", "created_at": now, "seen_at": now, **values}
        answers = {"postcode": (postcode,)} if postcode else {}
        state = replace(new_session(self.house.flow), answers=answers).to_dict()
        with self.house.store.write() as connection:
            made = int(connection.execute(insert(contacts).values(row).returning(contacts.c.id)).scalar_one())
            session = {"contact_id": made, "run": 1, "state": state, "opened_at": now, "changed_at": now}
            connection.execute(insert(sessions).values(session))
        return made

    def publish(self, day: date, hour: int = 10, **values: Any) -> list[int]:
        """Times of Mieke's: talks of half an hour in Gent unless told otherwise."""
        wanted = {"kind": MeetingKind.TALK, "minutes": 30, "office": "gent", "user_id": self.user(), **values}
        times = Times(day=day, first=time(hour), **wanted)
        return publishing.publish(self.house, times, self.user(), OFFICE_HOURS, HOLIDAYS)

    def group(self, day: date, hour: int = 14, **values: Any) -> int:
        """A group session."""
        wanted = {"kind": MeetingKind.GROUP, "minutes": 120, "title": "Samen sterk", "places": 2, **values}
        return self.publish(day, hour, **wanted)[0]

    def book(self, contact_id: int, meeting_id: int) -> Outcome:
        """What came of wanting a place."""
        with self.house.store.write() as connection:
            cases.contact(connection, contact_id, lock=True)
            return meetings.book(connection, contact_id, meeting_id, self.moment())

    def cancel(self, contact_id: int, meeting_id: int) -> list[int]:
        """Who moved up."""
        with self.house.store.write() as connection:
            cases.contact(connection, contact_id, lock=True)
            return meetings.cancel(self.house, connection, contact_id, meeting_id, self.moment())

    def move(self, contact_id: int, old: int, new: int) -> Outcome:
        """What came of wanting another time."""
        with self.house.store.write() as connection:
            cases.contact(connection, contact_id, lock=True)
            return meetings.move(self.house, connection, contact_id, old, new, self.moment())

    def offered(self, contact_id: int, *kinds: MeetingKind) -> list[int]:
        """The ids of what is offered."""
        with self.house.store.read() as connection:
            wanted = kinds or (MeetingKind.TALK, MeetingKind.CALL)
            return [s.id for s in meetings.offered(self.house, connection, contact_id, wanted, self.moment())]

    def of(self, contact_id: int) -> Sequence[Slot]:
        """What a contact has to do with."""
        with self.house.store.read() as connection:
            return meetings.of_contact(connection, contact_id, self.moment())

    def places(self, meeting_id: int) -> list[int]:
        """The places that are taken."""
        query = select(bookings.c.place).where(bookings.c.meeting_id == meeting_id, bookings.c.place.is_not(None))
        with self.house.store.read() as connection:
            return sorted(connection.execute(query).scalars())

    def facts(self, contact_id: int) -> list[str]:
        """What was written down about a contact, in order."""
        query = select(events.c.type).where(events.c.contact_id == contact_id).order_by(events.c.id)
        with self.house.store.read() as connection:
            return list(connection.execute(query).scalars())

    def knows(self, contact_id: int, user_id: int) -> None:
        """The counsellor helped this contact before."""
        with self.house.store.write() as connection:
            row = update(contacts).where(contacts.c.id == contact_id)
            connection.execute(row.values(counsellor_id=user_id))


_built: list[House] = []
"""Content is read once for all tests."""


def bureau(store: Store, now: datetime) -> Bureau:
    """A bureau at that moment."""
    if not _built:
        _built.append(houses.build(store, [], ("nl", "fr", "en")))
    moment = Moment(now)
    return Bureau(replace(_built[0], store=store, now=moment, offices=OFFICES), moment)
