"""Looking for people and cases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from bot.cases import CaseStatus
from bot.searching import Sought
from bot.store.schema import cases, contacts, urns, users

MOST = 500
"""Cases that are looked at in one search: whoever finds more than that looks for too little."""


def found(connection: Connection, wanted: Sought) -> list[Row[Any]]:
    """The cases of the people who are looked for, and the case of that number: the open ones, then the newest."""
    query = (
        select(
            cases,
            contacts.c.name,
            contacts.c.language,
            contacts.c.counsellor_id.label("helped_id"),
            users.c.name.label("owner_name"),
        )
        .join(contacts, contacts.c.id == cases.c.contact_id)
        .outerjoin(users, users.c.id == cases.c.owner_id)
        .where(or_(_is(wanted), cases.c.id == wanted.case_id) if wanted.case_id is not None else _is(wanted))
    )
    closed = cases.c.status == CaseStatus.CLOSED.value
    return list(connection.execute(query.order_by(closed, cases.c.id.desc()).limit(MOST)))


def without_case(connection: Connection, wanted: Sought, limit: int) -> list[Row[Any]]:
    """The people who are looked for and never had a case, the one that was heard last first."""
    query = select(contacts.c.id, contacts.c.name, contacts.c.language, contacts.c.seen_at)
    never = ~select(cases.c.id).where(cases.c.contact_id == contacts.c.id).exists()
    rows = query.where(_is(wanted), never, contacts.c.merged_into.is_(None))
    return list(connection.execute(rows.order_by(contacts.c.seen_at.desc()).limit(limit)))


def _is(wanted: Sought) -> Any:
    """Every word stands in the name, or a number ends so. What is typed is never a pattern."""
    named = [contacts.c.sought_name.contains(word, autoescape=True) for word in wanted.words]
    numbered = [_ends(end) for end in wanted.ends]
    return and_(*named) if named else or_(False, *numbered)


def _ends(end: str) -> Any:
    own = (urns.c.contact_id == contacts.c.id, urns.c.urn.not_like("telegram:%"), urns.c.urn.endswith(end))
    heard = select(urns.c.id).where(*own).exists()
    return or_(contacts.c.phone.endswith(end), heard)
