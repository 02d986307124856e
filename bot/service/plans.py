"""Plans: what a contact and a counsellor do with a path. The contact's lock is held by whoever changes one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.cases import CaseStatus
from bot.events import EventType
from bot.messages import Mode
from bot.plans import Assignment, Item, ItemState, Path, may_move
from bot.service.case_errors import AlreadyOnPath, AssignmentUnknown, EmptyTitle, NoSuchItem, NotYours, TooLong
from bot.service.case_views import existing
from bot.service.house import House
from bot.store import cases, plans

PUT_OFF = timedelta(days=3)
"""When "later" is: soon enough not to be forgotten, late enough not to press."""

NEXT_ONE = timedelta(days=1)
"""After something was done, when the next is sent by itself to who does not ask for it sooner."""

LONGEST_TITLE = 60
"""Characters of a counsellor's own words: the whole path is told in one SMS."""

DONE, GONE = "ok", "gone"


def start(connection: Connection, contact_id: int, ref: str, now: datetime) -> str:
    """What is next becomes what the contact is at."""
    return _move(connection, contact_id, ref, ItemState.NOW, now, "plan_started", due_at=None, sent_at=now)


def done(connection: Connection, contact_id: int, ref: str, now: datetime) -> str:
    """Done: the next one comes up, and is sent by itself if the contact does not ask for it sooner."""
    outcome = _move(connection, contact_id, ref, ItemState.DONE, now, "plan_done", due_at=None)
    if outcome == DONE:
        _bring_up(connection, contact_id, now)
    return outcome


def later(connection: Connection, contact_id: int, ref: str, now: datetime) -> str:
    """Put off for some days; what comes after it waits too: one thing at a time."""
    return _move(connection, contact_id, ref, ItemState.LATER, now, "plan_later", due_at=now + PUT_OFF)


def drop(connection: Connection, contact_id: int, ref: str, now: datetime) -> str:
    """Not this one: it can be picked again."""
    return _move(connection, contact_id, ref, ItemState.DROPPED, now, "plan_dropped", due_at=None)


def pick(connection: Connection, contact_id: int, assignment: Assignment, now: datetime) -> str:
    """The contact's own choice: what the contact was at comes after it."""
    now_at = plans.path(connection, contact_id).now
    if now_at is not None:
        plans.change(connection, now_at.id, now, state=ItemState.NEXT.value)
    item_id = plans.add(
        connection, contact_id, now, assignment=assignment.id, title=_name(assignment), state=ItemState.NOW
    )
    plans.change(connection, item_id, now, sent_at=now)
    _note(connection, contact_id, "plan_picked", item_id, now)
    return DONE


def _name(assignment: Assignment) -> str:
    """What an item is called once its assignment is gone from the file."""
    return assignment.title.of(Mode.TEXT)


def ask_help(connection: Connection, contact_id: int, ref: str, now: datetime) -> str:
    """The contact wants help with one: people see with which."""
    item = _own(connection, contact_id, ref)
    if item is None:
        return GONE
    _note(connection, contact_id, "plan_help", item.id, now)
    return DONE


def _move(
    connection: Connection, contact_id: int, ref: str, to: ItemState, now: datetime, event: EventType, **values: Any
) -> str:
    item = _own(connection, contact_id, ref)
    if item is None or not may_move(item.state, to):
        return GONE
    plans.change(connection, item.id, now, state=to.value, **values)
    _note(connection, contact_id, event, item.id, now)
    return DONE


def _bring_up(connection: Connection, contact_id: int, now: datetime) -> None:
    ahead = plans.path(connection, contact_id).ahead
    if ahead and ahead[0].state is ItemState.NEXT:
        plans.change(connection, ahead[0].id, now, due_at=now + NEXT_ONE)


def _own(connection: Connection, contact_id: int, ref: str) -> Item | None:
    """The item of that name, if it is this contact's."""
    return plans.path(connection, contact_id).item(int(ref)) if ref.isdecimal() else None


def _note(
    connection: Connection, contact_id: int, event: EventType, item_id: int, now: datetime, user_id: int | None = None
) -> None:
    case = cases.open_case(connection, contact_id)
    case_id = case.id if case is not None else None
    cases.add_event(connection, event, contact_id, now, case_id=case_id, user_id=user_id, data={"item": item_id})


# Counsellors


def add_for(house: House, case_id: int, user_id: int, *, assignment: str = "", title: str = "") -> int:
    """A counsellor adds an assignment, or something in the own words, to the path of a case's contact.

    Raises NoSuchCase, NotYours, AssignmentUnknown, EmptyTitle, TooLong, and AlreadyOnPath for a form sent twice.
    """
    words = " ".join(title.split())
    if assignment and assignment not in house.assignments:
        raise AssignmentUnknown
    if not assignment and not words:
        raise EmptyTitle
    if len(words) > LONGEST_TITLE:
        raise TooLong
    now = house.now()
    with house.store.write() as connection:
        contact_id = _contact_of(connection, case_id, user_id)
        path = plans.path(connection, contact_id)
        if _stands_there(path, assignment, words):
            raise AlreadyOnPath
        alone = not path.open
        named = _name(house.assignments[assignment]) if assignment else words
        item_id = plans.add(connection, contact_id, now, assignment=assignment, title=named, user_id=user_id)
        if alone:
            plans.change(connection, item_id, now, due_at=now)
        _note(connection, contact_id, "plan_added", item_id, now, user_id)
    return item_id


def drop_for(house: House, case_id: int, user_id: int, item_id: int) -> None:
    """A counsellor takes something off the path. Raises NoSuchCase, NotYours, NoSuchItem."""
    now = house.now()
    with house.store.write() as connection:
        contact_id = _contact_of(connection, case_id, user_id)
        item = plans.path(connection, contact_id).item(item_id)
        if item is None or not may_move(item.state, ItemState.DROPPED):
            raise NoSuchItem
        plans.change(connection, item.id, now, state=ItemState.DROPPED.value, due_at=None)
        _note(connection, contact_id, "plan_dropped", item.id, now, user_id)


def _contact_of(connection: Connection, case_id: int, user_id: int) -> int:
    """The contact of a case, locked. A case that a colleague has is the colleague's, its path too."""
    contact_id = int(existing(connection, case_id).contact_id)
    cases.contact(connection, contact_id, lock=True)
    case = existing(connection, case_id)
    if case.status == CaseStatus.CLAIMED.value and case.owner_id != user_id:
        raise NotYours
    return contact_id


def _stands_there(path: Path, assignment: str, words: str) -> bool:
    """Whether the same is on the path: an assignment also when it is done, own words while they are to be done."""
    gone = (ItemState.DROPPED,) if assignment else (ItemState.DROPPED, ItemState.DONE)
    there = [item for item in path.items if item.state not in gone]
    return any(item.assignment == assignment if assignment else item.title == words for item in there)


def catalogue(house: House) -> tuple[Assignment, ...]:
    """Every assignment there is."""
    return tuple(house.assignments.values())
