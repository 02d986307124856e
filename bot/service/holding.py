"""What every change of a case shares: the locks, whose it is, which way it may move, the event that tells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.cases import CaseStatus, may_move
from bot.events import EventType
from bot.people import to_person
from bot.roles import RIGHTS, Right, Role
from bot.service.case_errors import CaseClosed, CaseStillOpen, NoSuchChannel, NotYours
from bot.service.case_views import ReplyChannel, existing, ways_to
from bot.service.house import House
from bot.session import State
from bot.store import accounts, cases, contacts


def with_case(
    house: House, case_id: int, act: Callable[[Connection, Row[Any], datetime], None], *, closed: bool = False
) -> None:
    """Locks the contact, then the case: the order that a message in takes too.

    ``closed``: for a case that is closed, and for no other. Raises NoSuchCase, CaseClosed, CaseStillOpen.
    """
    with house.store.write() as connection:
        case = locked(connection, case_id)
        if (case.status == CaseStatus.CLOSED.value) is not closed:
            raise CaseStillOpen if closed else CaseClosed
        act(connection, case, house.now())


def locked(connection: Connection, case_id: int) -> Row[Any]:
    """A case, with its contact locked first: the one that it has by then. Raises NoSuchCase."""
    contact_id = None
    while contact_id != (contact_id := existing(connection, case_id).contact_id):
        cases.contact(connection, contact_id, lock=True)
    return existing(connection, case_id, lock=True)


def move(connection: Connection, case: Row[Any], to: CaseStatus, **values: Any) -> None:
    """Along the table of ``bot.cases``; what is so already stays so."""
    stands = CaseStatus(case.status)
    if stands is not to and not may_move(stands, to):
        raise CaseClosed
    cases.change(connection, case.id, status=to.value, **values)


def own(case: Row[Any], user_id: int) -> None:
    """Raises NotYours unless this counsellor has the case."""
    if case.owner_id != user_id:
        raise NotYours


def own_or_lead(connection: Connection, case: Row[Any], user_id: int) -> None:
    """Raises NotYours unless this counsellor has the case, or looks after those of others.

    Whether they may see it was asked before (``bot.service.access``).
    """
    if case.owner_id != user_id and not may_lead(connection, user_id):
        raise NotYours


def may_lead(connection: Connection, user_id: int) -> bool:
    """Whether somebody may hand over and close what a colleague has."""
    account = accounts.get(connection, user_id)
    return account is not None and Right.OTHERS_CASES in RIGHTS[Role(account.role)]


def silence_bot(connection: Connection, contact_id: int, now: datetime, alarm: str = "") -> None:
    """A person answers from here; until one does, whose numbers are given again after an ``alarm``."""
    session = contacts.open_session(connection, contact_id)
    if session is not None and session.state is not State.STOPPED:
        contacts.save_session(connection, contact_id, session, replace(to_person(session), alarm=alarm), now)


def record(
    connection: Connection,
    type_: EventType,
    case: Row[Any],
    user_id: int,
    now: datetime,
    message_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Writes down who did it."""
    about = {"case_id": case.id, "user_id": user_id, "message_id": message_id, "data": data}
    cases.add_event(connection, type_, case.contact_id, now, **about)


def way_over(house: House, connection: Connection, contact_id: int, channel: str) -> ReplyChannel:
    """The contact's address on a channel. Raises NoSuchChannel where none is that can be used."""
    way = next((way for way in ways_to(house, connection, contact_id) if way.channel == channel), None)
    if way is None or not way.usable:
        raise NoSuchChannel
    return way
