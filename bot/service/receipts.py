"""What became of a message out: a provider's word on it, and what a failure leads to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.cases import Reason
from bot.messages import Receipt, Status
from bot.service.house import House
from bot.service.missed import hung_up
from bot.store import cases, messages


def receipt(house: House, word: Receipt) -> bool:
    """Takes a provider's word on a message out; whether anything changed by it.

    Kept first, then looked at: whoever records the provider's id at the same moment does the same the other way round,
    so that one of the two sees the other.
    """
    now = house.now()
    with house.store.write() as connection:
        messages.insert_receipt(connection, word, now)
    with house.store.write() as connection:
        row = messages.by_provider_id(connection, word.channel, word.provider_id)
        if row is None:
            return word.channel == "voice" and word.status in _OVER and hung_up(connection, word.provider_id, now)
        return settle(connection, with_contact(connection, row), word, now)


def with_contact(connection: Connection, row: Row[Any]) -> Row[Any]:
    """A message with its contact locked: the order in which everybody locks.

    Two contacts may become one, or two again, while we wait for the lock: then it is somebody else's message.
    """
    while True:
        cases.contact(connection, row.contact_id, lock=True)
        held = messages.some(connection, [row.id])[0]
        if held.contact_id == row.contact_id:
            return held
        row = held


_OVER = frozenset({Status.DELIVERED, Status.FAILED})
"""What a provider says of a call that is over; of one that came in, it says nothing else."""


def settle(connection: Connection, row: Row[Any], word: Receipt, now: datetime) -> bool:
    """Moves a message to what a receipt says, if the table of moves allows it; a failure reaches people.

    The caller holds the contact's lock.
    """
    if word.status is Status.FAILED:
        return fail(connection, row, "undelivered", word.code, now)
    moved = messages.move(connection, row.id, word.status)
    if moved:
        cases.add_event(connection, "status", row.contact_id, now, message_id=row.id)
    return moved


def fail(connection: Connection, row: Row[Any], reason: str, code: str, now: datetime) -> bool:
    """A message did not reach the person and will not: marked, and handed to people as a case.

    The caller holds the contact's lock: without it, two failures could open two cases.
    """
    if not messages.move(connection, row.id, Status.FAILED, reason=reason, code=code):
        return False
    case_id = _case_of_failure(connection, row, reason, now)
    cases.add_event(connection, cases.UNDELIVERED, row.contact_id, now, case_id=case_id, message_id=row.id)
    return True


def _case_of_failure(connection: Connection, row: Row[Any], reason: str, now: datetime) -> int | None:
    """Who said stop is left in peace; everybody else who cannot be reached becomes a case, if there is none yet.

    Who waited for an answer that did not arrive has the place in line of before it.
    """
    contact_id = row.contact_id
    case = cases.open_case(connection, contact_id)
    if case is not None:
        cases.change(connection, case.id, snoozed_until=None)
    if reason == "stopped":
        return None if case is None else int(case.id)
    waited = messages.unanswered_since(connection, contact_id, case.opened_at) if case is not None else None
    case_id, new = cases.open_or_raise(connection, contact_id, Reason.NOT_DELIVERED, (), waited or now)
    cases.add_event(connection, "case_opened" if new else "case_raised", contact_id, now, case_id=case_id)
    return case_id
