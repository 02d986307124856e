"""Two contacts side by side, before they become one; and who might be the same person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.cases import CaseStatus
from bot.merging import second_case_stays
from bot.roles import Right, Viewer, may_see
from bot.service.access import admit
from bot.service.case_errors import NoSuchCase, NoSuchContact, SameContact
from bot.service.case_views import existing
from bot.service.house import House
from bot.service.unmerging import may_undo, standing
from bot.store import cases, contacts, merges
from bot.store.contacts import Address
from bot.store.schema import cases as case_rows
from bot.store.schema import messages, plan_items


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. ``open_case``: the one that is not closed, and ``owner_name`` who has it."""

    contact_id: int
    name: str
    language: str
    seen_at: datetime
    addresses: tuple[Address, ...]
    cases: int
    messages: int
    steps: int
    open_case: int | None
    owner_name: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Both of them. ``closes``: the open case that ends when they become one, where both have one."""

    kept: Side
    other: Side
    closes: int | None


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge that can be taken back."""

    id: int
    at: datetime
    by: str
    name: str


def chosen(house: House, viewer: Viewer, case_id: int | None, contact_id: int | None) -> int:
    """The contact that a viewer chose: behind a case that they may see, or one that never had a case.

    Raises NoSuchContact.
    """
    if case_id is not None:
        return _behind(house, viewer, case_id)
    with house.store.read() as connection:
        known = contact_id is not None and cases.is_contact(connection, contact_id)
        if contact_id is None or not known or cases.of_contact(connection, contact_id, 1):
            raise NoSuchContact
    return contact_id


def _behind(house: House, viewer: Viewer, case_id: int) -> int:
    try:
        admit(house, viewer, case_id)
    except NoSuchCase as error:
        raise NoSuchContact from error
    with house.store.read() as connection:
        contact_id = int(existing(connection, case_id).contact_id)
        every = cases.of_contact(connection, contact_id, 1)
    if any(row.status != CaseStatus.CLOSED and not may_see(viewer, row, house.now()) for row in every):
        raise NoSuchContact
    return contact_id


def pair(house: House, case_id: int, other_id: int) -> Pair:
    """What one looks at before two become one. Raises NoSuchCase, SameContact."""
    with house.store.read() as connection:
        kept_id = int(existing(connection, case_id).contact_id)
        if kept_id == other_id:
            raise SameContact
        kept, other = (_side(connection, contact_id) for contact_id in (kept_id, other_id))
        first, second = (cases.open_case(connection, contact_id) for contact_id in (kept_id, other_id))
    if first is None or second is None:
        return Pair(kept, other, None)
    return Pair(kept, other, first.id if second_case_stays(first, second) else second.id)


def _side(connection: Connection, contact_id: int) -> Side:
    row, case = cases.contact(connection, contact_id), cases.open_case(connection, contact_id)
    owner = None if case is None else case.owner_id
    return Side(
        contact_id=contact_id,
        name=row.name,
        language=row.language,
        seen_at=row.seen_at,
        addresses=tuple(contacts.addresses(connection, contact_id)),
        cases=merges.count(connection, case_rows, contact_id),
        messages=merges.count(connection, messages, contact_id),
        steps=merges.count(connection, plan_items, contact_id),
        open_case=None if case is None else int(case.id),
        owner_name="" if owner is None else cases.user_names(connection, {owner}).get(owner, ""),
    )


def merged(house: House, viewer: Viewer, case_id: int) -> Merged | None:
    """The merge that a viewer can take back at a case."""
    with house.store.read() as connection:
        case = existing(connection, case_id)
        found = standing(connection, case.contact_id)
        if found is None or not may_undo(case, found, viewer.id, leads=viewer.has(Right.OTHERS_CASES)):
            return None
        by = cases.user_names(connection, {found.user_id}).get(found.user_id, "")
        name = cases.contact(connection, found.gone_id).name
    return Merged(found.id, found.at, by, name)
