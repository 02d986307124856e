"""Notices and who is to get them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.schema import contacts, messages, notice_recipients, notices, proposals

WAITING, SENT, SKIPPED = "waiting", "sent", "skipped"


def _dialect(connection: Connection) -> Any:
    return sqlite if connection.dialect.name == "sqlite" else postgresql


def add(connection: Connection, values: dict[str, Any]) -> tuple[int, bool]:
    """A new notice, or the one that its sender already made under that key; its id, and whether it is new."""
    statement = _dialect(connection).insert(notices).values(values).on_conflict_do_nothing(index_elements=["key"])
    made = connection.execute(statement.returning(notices.c.id)).scalar()
    if made is not None:
        return int(made), True
    before = select(notices.c.id).where(notices.c.key == values["key"])
    return int(connection.execute(before).scalar_one()), False


def add_recipients(connection: Connection, notice_id: int, contact_ids: Iterable[int], now: datetime) -> int:
    """Puts contacts on the list, each once; how many are new on it."""
    rows = [
        {"notice_id": notice_id, "contact_id": contact_id, "state": WAITING, "changed_at": now}
        for contact_id in dict.fromkeys(contact_ids)
    ]
    made = [
        connection.execute(
            _dialect(connection)
            .insert(notice_recipients)
            .values(row)
            .on_conflict_do_nothing(index_elements=["notice_id", "contact_id"])
            .returning(notice_recipients.c.id)
        ).scalar()
        for row in rows
    ]
    return sum(1 for found in made if found is not None)


def get(connection: Connection, notice_id: int) -> Row[Any] | None:
    """One notice."""
    return connection.execute(select(notices).where(notices.c.id == notice_id)).one_or_none()


def by_key(connection: Connection, key: str) -> Row[Any] | None:
    """The notice that its sender calls so."""
    return connection.execute(select(notices).where(notices.c.key == key)).one_or_none()


def listed(connection: Connection, limit: int) -> list[Row[Any]]:
    """The newest notices."""
    return list(connection.execute(select(notices).order_by(notices.c.id.desc()).limit(limit)))


def stop(connection: Connection, notice_id: int, now: datetime) -> None:
    """Nobody who still waits for it gets it."""
    connection.execute(update(notices).where(notices.c.id == notice_id).values(stopped_at=now))
    waiting = (notice_recipients.c.notice_id == notice_id, notice_recipients.c.state == WAITING)
    values = {"state": SKIPPED, "reason": "called_off", "changed_at": now}
    connection.execute(update(notice_recipients).where(*waiting).values(values))


def waiting(connection: Connection, limit: int) -> list[Row[Any]]:
    """Who is to get one now, who waits longest first."""
    query = select(notice_recipients).where(notice_recipients.c.state == WAITING)
    return list(connection.execute(query.order_by(notice_recipients.c.changed_at, notice_recipients.c.id).limit(limit)))


def sent_since(connection: Connection, since: datetime) -> int:
    """How many went out since a moment."""
    query = select(func.count()).select_from(notice_recipients)
    counted = query.where(notice_recipients.c.state == SENT, notice_recipients.c.changed_at >= since)
    return int(connection.execute(counted).scalar_one())


def still_waits(connection: Connection, recipient_id: int) -> bool:
    """Whether it has not gone out meanwhile. The contact's lock is held."""
    query = select(notice_recipients.c.state).where(notice_recipients.c.id == recipient_id)
    return connection.execute(query).scalar() == WAITING


def settle(connection: Connection, recipient_id: int, now: datetime, **values: Any) -> None:
    """What became of it for one contact."""
    connection.execute(
        update(notice_recipients).where(notice_recipients.c.id == recipient_id).values(changed_at=now, **values)
    )


def answer(connection: Connection, contact_id: int, notice_id: int, given: str, now: datetime) -> bool:
    """Keeps what a contact answered; False when it never got that notice."""
    own = (notice_recipients.c.notice_id == notice_id, notice_recipients.c.contact_id == contact_id)
    found = connection.execute(
        update(notice_recipients)
        .where(*own, notice_recipients.c.state == SENT)
        .values(answer=given, answered_at=now)
        .returning(notice_recipients.c.id)
    ).scalar()
    return found is not None


def of_contact(connection: Connection, contact_id: int, notice_id: int) -> Row[Any] | None:
    """A notice, if it is for this contact."""
    query = (
        select(notices)
        .join(notice_recipients, notice_recipients.c.notice_id == notices.c.id)
        .where(notices.c.id == notice_id, notice_recipients.c.contact_id == contact_id)
    )
    return connection.execute(query).one_or_none()


def outcome(connection: Connection, notice_id: int) -> list[Row[Any]]:
    """How many contacts of the list (``number``) stand where: state, reason, delivery of the message, answer."""
    kept = notice_recipients.c
    where = (kept.state, kept.reason, kept.answer, messages.c.status.label("delivery"))
    query = (
        select(*where, func.count().label("number"))
        .outerjoin(messages, messages.c.id == kept.message_id)
        .where(kept.notice_id == notice_id)
        .group_by(kept.state, kept.reason, kept.answer, messages.c.status)
    )
    return list(connection.execute(query))


def candidates(connection: Connection) -> list[Row[Any]]:
    """Every contact with the newest proposal, for choosing a group; not who turned out to be another one."""
    newest = select(func.max(proposals.c.id)).where(proposals.c.contact_id == contacts.c.id).correlate(contacts)
    query = (
        select(
            contacts.c.id,
            contacts.c.name,
            contacts.c.language,
            proposals.c.region,
            proposals.c.tier,
            proposals.c.decided_tier,
            proposals.c.programmes,
            proposals.c.decided_programmes,
        )
        .outerjoin(proposals, proposals.c.id == newest.scalar_subquery())
        .where(contacts.c.merged_into.is_(None))
        .order_by(contacts.c.id)
    )
    return list(connection.execute(query))


def known(connection: Connection, contact_ids: Sequence[int]) -> set[int]:
    """Those of the contacts that there are."""
    query = select(contacts.c.id).where(contacts.c.id.in_(contact_ids))
    return set(connection.execute(query).scalars())
