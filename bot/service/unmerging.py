"""A merge of two contacts is taken back: the rows go back to whose they were, and later messages go with their address.

What changed since stays as it is: a row gets its old values only while it holds what the merge gave it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.cases import CaseStatus
from bot.meetings import BookingState
from bot.service.case_errors import NothingToUndo
from bot.service.case_views import existing
from bot.service.holding import may_lead, record, silence_bot
from bot.service.house import House
from bot.service.merging import lock_both
from bot.session import State
from bot.store import accounts, cases, contacts, merges
from bot.store.schema import bookings, metadata, sessions
from bot.store.schema import cases as case_rows


def unmerge(house: House, case_id: int, user_id: int, merge_id: int) -> None:
    """Takes back the last merge into the contact of a case: who did it may, a lead too, and who has the case.

    Raises NoSuchCase, NothingToUndo.
    """
    with house.store.write() as connection:
        kept_id = int(existing(connection, case_id).contact_id)
        found = standing(connection, kept_id)
        case = existing(connection, case_id)
        leads = may_lead(connection, user_id)
        if found is None or found.id != merge_id or not may_undo(case, found, user_id, leads=leads):
            raise NothingToUndo
        lock_both(connection, kept_id, found.gone_id)
        again = standing(connection, kept_id)
        if again is None or again.id != merge_id:
            raise NothingToUndo
        now = house.now()
        _take_back(connection, found, now)
        merges.undone(connection, merge_id, now)
        _tell(connection, existing(connection, case_id), found, user_id, now)


def standing(connection: Connection, contact_id: int) -> Row[Any] | None:
    """The merge into a contact that can be taken back: the last one, while the contact is nobody else itself."""
    if cases.contact(connection, contact_id).merged_into is not None:
        return None
    return merges.newest(connection, contact_id)


def may_undo(case: Row[Any], found: Row[Any], user_id: int, *, leads: bool) -> bool:
    """Whether somebody may take a merge back: who did it, who has the case, and who ``leads``."""
    return leads or user_id in (found.user_id, case.owner_id)


def _take_back(connection: Connection, found: Row[Any], now: datetime) -> None:
    moved, kept_id, gone_id = found.moved["moved"], found.kept_id, found.gone_id
    since = merges.said_since(connection, kept_id, moved["urns"], set(moved["messages"]))
    merges.give_messages(connection, since, gone_id)
    for name, ids in moved.items():
        merges.give(connection, metadata.tables[name], ids, gone_id)
    merges.become(connection, gone_id, None)
    for entry in reversed(found.moved["changed"]):
        _restore(connection, entry)
    drafts = found.moved.get("drafts")
    if drafts is not None:
        merges.pass_drafts(connection, drafts["to"], drafts["from"], drafts["users"])
    for contact_id in (kept_id, gone_id):
        _settle(connection, contact_id, now)


def _restore(connection: Connection, entry: dict[str, Any]) -> None:
    """What it was, where nothing else has taken its place since."""
    table = metadata.tables[entry["table"]]
    before, row = entry["before"], merges.row(connection, table, entry["id"])
    opens = table in (sessions, case_rows) and "closed_at" in before
    if opens and merges.has_open(connection, table, row.contact_id):
        return
    place = before.get("place") if table is bookings else None
    gone = place is not None and merges.place_taken(connection, row.meeting_id, place)
    merges.restore(connection, entry, **(WAITS if gone else {}))


WAITS = {"place": None, "state": BookingState.WAITING.value}
"""A booking whose place is somebody else's by now."""


def _settle(connection: Connection, contact_id: int, now: datetime) -> None:
    """Whose case is open again still works here, or it waits for others; the bot is silent if somebody has it."""
    case = cases.open_case(connection, contact_id)
    if case is None or case.owner_id is None:
        return
    owner = accounts.get(connection, case.owner_id)
    if owner is None or not owner.active:
        waits = {"owner_id": None, "claimed_at": None, "waiting_since": case.waiting_since or now}
        cases.change(connection, case.id, status=CaseStatus.OPEN.value, **waits)
        return
    session = contacts.open_session(connection, contact_id)
    if session is not None and session.state is not State.PERSON:
        silence_bot(connection, contact_id, now)


def _tell(connection: Connection, case: Row[Any], found: Row[Any], user_id: int, now: datetime) -> None:
    """Both conversations know of it."""
    data = {"merge": found.id}
    record(connection, "merge_undone", case, user_id, now, data=data)
    other_id = found.gone_id if case.contact_id == found.kept_id else found.kept_id
    theirs = cases.newest_of(connection, [other_id]).get(other_id)
    cases.add_event(connection, "merge_undone", other_id, now, case_id=theirs, user_id=user_id, data=data)
