"""What the worker does by itself, again and again: recalls, assignments, reminders, news of meetings, notices.

One contact is one transaction. What was done stands in the store before anything goes out, so that a worker that is
killed in the middle does nothing twice and leaves nothing out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.plans import ItemState
from bot.service import calling, meeting_news, notices, reaching
from bot.service.house import House
from bot.service.nudging import next_nudge
from bot.service.one_by_one import one_by_one
from bot.session import Prompt, State
from bot.store import cases, contacts, plans

AT_ONCE = 50
"""Contacts of one kind in one round: the webhooks' own transactions go between them."""

LATER = timedelta(hours=4)
"""When an assignment is tried again that came at a bad moment."""


def go(house: House) -> int:
    """One round; how many contacts were reached."""
    return sum(job(house) for job in JOBS)


def nudge(house: House) -> int:
    """Questions that nobody answered: recalled once, then over another channel, then never again."""
    if not house.decent():
        return 0
    with house.store.read() as connection:
        due = contacts.due_nudges(connection, house.now(), AT_ONCE)
    return one_by_one(due, lambda contact_id: _nudged(house, contact_id))


def _nudged(house: House, contact_id: int) -> bool:
    with house.store.write() as connection:
        return _recalled(house, connection, contact_id, house.now())


def _recalled(house: House, connection: Connection, contact_id: int, now: datetime) -> bool:
    cases.contact(connection, contact_id, lock=True)
    nudges = contacts.nudges(connection, contact_id, now)
    session = contacts.open_session(connection, contact_id)
    if nudges is None or session is None:
        return False
    contacts.nudged(connection, contact_id, nudges + 1, next_nudge(nudges + 1, now))
    last = reaching.last_written(house, connection, contact_id)
    way = reaching.way_to(house, connection, contact_id, besides=last if nudges else "")
    if session.state is not State.ASKING or way is None:
        return False
    note = Prompt("nudge_other" if nudges else "nudge")
    return bool(reaching.told(house, connection, contact_id, way, now, note, Prompt(step=session.step)))


def send_assignments(house: House) -> int:
    """Assignments whose time has come. Who has a person, or a question open, gets none now."""
    if not house.decent():
        return 0
    with house.store.read() as connection:
        due = [row.id for row in plans.due(connection, house.now(), AT_ONCE)]
    return one_by_one(due, lambda item_id: _assigned(house, item_id))


def _assigned(house: House, item_id: int) -> bool:
    with house.store.write() as connection:
        return _handed_out(house, connection, item_id, house.now())


def _handed_out(house: House, connection: Connection, item_id: int, now: datetime) -> bool:
    row = plans.get(connection, item_id)
    if row is None:
        return False
    cases.contact(connection, row.contact_id, lock=True)
    row = plans.get(connection, item_id)
    if row is None or row.due_at is None or row.due_at > now:
        return False
    way = reaching.way_to(house, connection, row.contact_id)
    if way is None:  # nothing that can be written to: it stays on the path, and PLAN or a call brings it up
        plans.change(connection, item_id, now, due_at=None)
        return False
    if not reaching.may_be_asked(connection, row.contact_id):
        plans.change(connection, item_id, now, due_at=now + LATER)
        return False
    _put_at(connection, row.contact_id, item_id, now)
    return bool(reaching.asked(house, connection, row.contact_id, way, now, "assignment", str(item_id)))


def _put_at(connection: Connection, contact_id: int, item_id: int, now: datetime) -> None:
    """One thing at a time: what the contact was at comes after it."""
    now_at = plans.path(connection, contact_id).now
    if now_at is not None and now_at.id != item_id:
        plans.change(connection, now_at.id, now, state=ItemState.NEXT.value)
    plans.change(connection, item_id, now, state=ItemState.NOW.value, due_at=None, sent_at=now)
    cases.add_event(connection, "plan_sent", contact_id, now, data={"item": item_id})


JOBS: tuple[Callable[[House], int], ...] = (
    nudge,
    send_assignments,
    meeting_news.remind,
    meeting_news.tell,
    notices.release,
    calling.give_up,
)
"""Every kind of round."""
