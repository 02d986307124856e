"""Says what waits to be said about meetings: reminders, places that came free, sessions that do not take place."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot.meetings import News, Slot
from bot.reminders import When
from bot.service import reaching, telling
from bot.service.house import House
from bot.service.one_by_one import one_by_one
from bot.service.telling import Reminder, Untold
from bot.session import Prompt, State
from bot.store import cases, contacts

AT_ONCE = 50
"""Contacts in one round."""

NOTES = {When.DAY: "remind_day", When.HOURS: "remind_hours"}

log = structlog.get_logger("rounds")


def remind(house: House) -> int:
    """Reminders of the day before and of some hours before; by telephone to who has no other way."""
    with house.store.read() as connection:
        due = telling.due_reminders(connection, house.now(), house.openings.outreach, house.holidays, AT_ONCE)
    return one_by_one(due, lambda reminder: _reminded(house, reminder))


def _reminded(house: House, reminder: Reminder) -> bool:
    with house.store.write() as connection:
        now = house.now()
        cases.contact(connection, reminder.contact_id, lock=True)
        if not telling.take_reminder(connection, reminder, now):
            return False
        return _said(house, connection, reminder.contact_id, reminder.slot, Prompt(NOTES[reminder.when]), now)


def tell(house: House) -> int:
    """News of what somebody else changed."""
    if not house.decent():
        return 0
    with house.store.read() as connection:
        waiting = telling.untold(connection, AT_ONCE)
    return one_by_one(waiting, lambda news: _told(house, news))


def _told(house: House, news: Untold) -> bool:
    with house.store.write() as connection:
        now = house.now()
        cases.contact(connection, news.contact_id, lock=True)
        slot = telling.take_news(connection, news, now)
        if slot is None:
            return False
        if news.news is News.INVITED:
            return _said(house, connection, news.contact_id, slot, Prompt("invited"), now)
        return _only_told(house, connection, news.contact_id, Prompt(_NEWS[news.news], about=slot), now)


_NEWS = {News.MOVED_UP: "moved_up", News.OFF: "meeting_off"}


def _said(house: House, connection: Connection, contact_id: int, slot: Slot, note: Prompt, now: datetime) -> bool:
    """Asks whether the contact comes; while a person has the conversation it is only told."""
    way = reaching.way_to(house, connection, contact_id, calls=True)
    if way is None:
        return _nobody(contact_id)
    if _with_person(connection, contact_id):
        return _only_told(house, connection, contact_id, Prompt("remind_only", about=slot), now)
    return bool(reaching.asked(house, connection, contact_id, way, now, "meeting", str(slot.id), note))


def _only_told(house: House, connection: Connection, contact_id: int, prompt: Prompt, now: datetime) -> bool:
    way = reaching.way_to(house, connection, contact_id, calls=True)
    if way is None:
        return _nobody(contact_id)
    return bool(reaching.told(house, connection, contact_id, way, now, prompt))


def _nobody(contact_id: int) -> bool:
    """After STOP, or with a number that nobody knows: the counsellor sees the booking."""
    log.info("not_reachable", contact_id=contact_id)
    return False


def _with_person(connection: Connection, contact_id: int) -> bool:
    case = cases.open_case(connection, contact_id)
    session = contacts.open_session(connection, contact_id)
    claimed = case is not None and case.owner_id is not None
    return claimed or session is None or session.state is State.STOPPED
