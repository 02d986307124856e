"""Two contacts who turn out to be one person become one: what the second had is the first one's, in one transaction.

All that is done is written down (``bot.store.merges.Ledger``), so that ``bot.service.unmerging`` can take it back.
Where both have what one person can only have once, one of the two stays and the other keeps still.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.cases import CaseStatus, Outcome
from bot.meetings import BookingState
from bot.merging import BOOKINGS, RECIPIENTS, alarm_of, second_case_stays, second_item_stays, second_session_stays
from bot.plans import ItemState
from bot.service import meetings
from bot.service.case_errors import NoSuchContact, SameContact
from bot.service.case_views import existing
from bot.service.closing import end
from bot.service.holding import own_or_lead, record, silence_bot
from bot.service.house import House
from bot.session import Session
from bot.store import cases, merges
from bot.store import meetings as meeting_rows
from bot.store.merges import Ledger
from bot.store.schema import bookings, contacts, notice_recipients, plan_items, sessions
from bot.store.schema import cases as case_rows

MERGED_AWAY = "merged"
"""Why somebody on a list of recipients gets nothing: the same person stands on it."""


def merge(house: House, case_id: int, user_id: int, other_id: int) -> int:
    """Joins the contact ``other_id`` to that of a case; the id of the merge. Both must be visible to who does it.

    Of two open cases the more urgent one stays open, and whoever had the other one has it.
    Raises NoSuchCase, NoSuchContact, SameContact, NotYours (somebody else has one of the cases).
    """
    with house.store.write() as connection:
        kept_id = _locked(connection, case_id, other_id)
        now = house.now()
        _may(connection, existing(connection, case_id, lock=True), user_id)
        ledger = Ledger(connection)
        joined = _one_case(ledger, kept_id, other_id, user_id, now)
        alarm = _one_session(ledger, kept_id, other_id, now)
        left = {
            plan_items.name: _one_path(ledger, kept_id, other_id),
            bookings.name: _one_booking_each(ledger, kept_id, other_id, now),
            notice_recipients.name: _one_letter_each(ledger, kept_id, other_id),
        }
        for table in merges.MOVED:
            ledger.move(table, other_id, kept_id, left.get(table.name, ()))
        _know(ledger, kept_id, other_id)
        merges.become(connection, other_id, kept_id)
        _hush(ledger, kept_id, now, alarm)
        moved = {"moved": ledger.moved, "changed": ledger.changed, **joined}
        values = {"kept_id": kept_id, "gone_id": other_id, "user_id": user_id, "moved": moved, "at": now}
        merge_id = merges.add(connection, values)
        case = existing(connection, case_id)
        record(connection, "merged", case, user_id, now, data={"merge": merge_id, "contact": other_id})
        return merge_id


def _locked(connection: Connection, case_id: int, other_id: int) -> int:
    """Locks both contacts, in the order of their ids: the contact of the case."""
    kept_id = int(existing(connection, case_id).contact_id)
    if kept_id == other_id:
        raise SameContact
    lock_both(connection, kept_id, other_id)
    if existing(connection, case_id).contact_id != kept_id:
        raise NoSuchContact
    if cases.contact(connection, other_id).merged_into is not None:
        raise NoSuchContact
    return kept_id


def lock_both(connection: Connection, first_id: int, second_id: int) -> None:
    """Locks two contacts, always in the same order. Raises NoSuchContact."""
    for contact_id in sorted((first_id, second_id)):
        if not cases.is_contact(connection, contact_id):
            raise NoSuchContact
        cases.contact(connection, contact_id, lock=True)


def _may(connection: Connection, case: Row[Any], user_id: int) -> None:
    if case.owner_id is None and case.status != CaseStatus.CLOSED:
        return
    own_or_lead(connection, case, user_id)


def _one_case(ledger: Ledger, kept_id: int, other_id: int, user_id: int, now: datetime) -> dict[str, Any]:
    """At most one stays open; which drafts went from the one that is closed to the other."""
    connection = ledger.connection
    first, second = cases.open_case(connection, kept_id), cases.open_case(connection, other_id)
    if second is not None and second.owner_id is not None:
        own_or_lead(connection, second, user_id)
    if first is None or second is None:
        return {}
    stays, goes = (second, first) if second_case_stays(first, second) else (first, second)
    with ledger.around(case_rows, goes.id):
        end(connection, goes, user_id, Outcome.MERGED, now, goes.programme)
    ledger.put(case_rows, stays.id, **_of_both(stays, goes))
    if stays.owner_id is None and goes.owner_id is not None:
        theirs = {"status": goes.status, "owner_id": goes.owner_id, "claimed_at": goes.claimed_at}
        ledger.put(case_rows, stays.id, **theirs)
    passed = merges.pass_drafts(connection, goes.id, stays.id)
    return {"drafts": {"from": goes.id, "to": stays.id, "users": passed}}


def _of_both(stays: Row[Any], goes: Row[Any]) -> dict[str, Any]:
    """What the case that stays has of the other one: since when somebody waits, and what was said."""
    waiting = [moment for moment in (stays.waiting_since, goes.waiting_since) if moment is not None]
    evidence = list(dict.fromkeys([*stays.evidence, *goes.evidence]))
    return {"waiting_since": min(waiting, default=None), "evidence": evidence, "snoozed_until": None}


def _one_session(ledger: Ledger, kept_id: int, other_id: int, now: datetime) -> str:
    """At most one goes on; the other one is over. The alarm after which somebody waits for a person, or nothing."""
    connection = ledger.connection
    first, second = (merges.open_session_id(connection, contact_id) for contact_id in (kept_id, other_id))
    if first is None or second is None:
        return ""
    told = [Session.from_dict(merges.row(connection, sessions, id_).state) for id_ in (first, second)]
    over = first if second_session_stays(*told) else second
    with ledger.around(sessions, over):
        merges.close_session(connection, over, now)
    return alarm_of(*told)


def _one_path(ledger: Ledger, kept_id: int, other_id: int) -> list[int]:
    """Each assignment once, as it stood last; the other path comes after one's own. What stays behind."""
    connection = ledger.connection
    pairs = merges.both(connection, plan_items, "assignment", kept_id, other_id)
    for mine, theirs in pairs:
        if second_item_stays(mine, theirs):
            names = ("state", "user_id", "changed_at", "sent_at", "due_at")
            ledger.put(plan_items, mine.id, **{name: getattr(theirs, name) for name in names})
        ledger.put(plan_items, theirs.id, due_at=None)
    left = [theirs.id for _, theirs in pairs]
    mine_all = merges.of(connection, plan_items, kept_id)
    end_of_path = max((row.place for row in mine_all), default=0)
    at_one = any(row.state == ItemState.NOW for row in mine_all)
    for row in merges.of(connection, plan_items, other_id):
        if row.id not in left:
            waits = at_one and row.state == ItemState.NOW
            state = ItemState.NEXT.value if waits else row.state
            ledger.put(plan_items, row.id, place=end_of_path + row.place, state=state)
    return left


def _one_booking_each(ledger: Ledger, kept_id: int, other_id: int, now: datetime) -> list[int]:
    """One booking for each meeting, a place before a wish for one; a second place is somebody else's. What stays."""
    connection = ledger.connection
    pairs = merges.both(connection, bookings, "meeting_id", kept_id, other_id)
    locked = meeting_rows.locked(connection, *(mine.meeting_id for mine, _ in pairs)) if pairs else {}
    for mine, theirs in pairs:
        ledger.put(bookings, theirs.id, state=BookingState.CANCELLED.value, place=None, news="")
        if BOOKINGS[theirs.state] > BOOKINGS[mine.state]:
            names = ("state", "place", "changed_at", "reminded_day_at", "reminded_hours_at", "news")
            ledger.put(bookings, mine.id, **{name: getattr(theirs, name) for name in names})
        elif theirs.place is not None:
            meetings.move_up(connection, locked[theirs.meeting_id], theirs.place, now)
    return [theirs.id for _, theirs in pairs]


def _one_letter_each(ledger: Ledger, kept_id: int, other_id: int) -> list[int]:
    """One place on each list of recipients: what was sent is sent, and nobody gets it twice. What stays."""
    pairs = merges.both(ledger.connection, notice_recipients, "notice_id", kept_id, other_id)
    for mine, theirs in pairs:
        if RECIPIENTS[theirs.state] > RECIPIENTS[mine.state]:
            names = ("state", "reason", "message_id", "answer", "answered_at", "changed_at")
            ledger.put(notice_recipients, mine.id, **{name: getattr(theirs, name) for name in names})
        if theirs.state != "sent" or mine.state != "sent":
            values = {"state": "skipped", "reason": MERGED_AWAY, "message_id": None}
            ledger.put(notice_recipients, theirs.id, **values)
    return [theirs.id for _, theirs in pairs]


def _know(ledger: Ledger, kept_id: int, other_id: int) -> None:
    """What is not known of the one may be known of the other."""
    kept, other = (cases.contact(ledger.connection, contact_id) for contact_id in (kept_id, other_id))
    for names in (("name", "sought_name"), ("phone",), ("counsellor_id",)):
        if not getattr(kept, names[0]) and getattr(other, names[0]):
            ledger.put(contacts, kept_id, **{name: getattr(other, name) for name in names})


def _hush(ledger: Ledger, contact_id: int, now: datetime, alarm: str) -> None:
    """The bot is silent if a person has the case, and asks nothing of who waits for one after an ``alarm``."""
    case = cases.open_case(ledger.connection, contact_id)
    session_id = merges.open_session_id(ledger.connection, contact_id)
    if case is None or session_id is None or not (case.owner_id or alarm):
        return
    with ledger.around(sessions, session_id):
        silence_bot(ledger.connection, contact_id, now, alarm)
