"""Contacts, their addresses and their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.messages import Inbound, Urn
from bot.searching import searched_name
from bot.session import Session
from bot.store.schema import contacts, sessions, urns


@dataclass(frozen=True, slots=True)
class Contact:
    """A person, as the turn needs them."""

    id: int
    name: str
    language: str
    phone: str


@dataclass(frozen=True, slots=True)
class Address:
    """One of a contact's addresses; ``channel`` is where the newest message from it came in."""

    urn: Urn
    channel: str
    account: str
    stopped: bool


def lock_contact(connection: Connection, inbound: Inbound, now: datetime, language: str) -> Contact:
    """The contact behind an address, made when new, locked until the transaction ends.

    Two first messages may arrive together: whoever comes second finds the row of the first (upsert, then look).
    The lock leaves the contact's key alone, so that rows which only point to it do not wait.
    """
    contact_id = _contact_id(connection, inbound.urn) or _known_otherwise(connection, inbound, now)
    if contact_id is None:
        contact_id = _new_contact(connection, inbound, now, language)
    row = _locked(connection, contact_id)
    while (held := _contact_id(connection, inbound.urn)) not in (None, row.id):
        row = _locked(connection, held)  # two contacts became one, or two again, while we waited for the lock
    contact_id = row.id
    connection.execute(update(contacts).where(contacts.c.id == contact_id).values(seen_at=now))
    return Contact(row.id, row.name, row.language, row.phone)


def _locked(connection: Connection, contact_id: int | None) -> Row[Any]:
    query = select(contacts).where(contacts.c.id == contact_id)
    return connection.execute(query.with_for_update(key_share=True)).one()


def _contact_id(connection: Connection, urn: Urn) -> int | None:
    return connection.execute(select(urns.c.contact_id).where(urns.c.urn == str(urn))).scalar()


def _known_otherwise(connection: Connection, inbound: Inbound, now: datetime) -> int | None:
    """Who has the other address of a message: its own becomes theirs too."""
    contact_id = None if inbound.also is None else _contact_id(connection, inbound.also)
    if contact_id is not None:
        add_urn(connection, contact_id, inbound.urn, inbound.channel, inbound.account, now)
    return contact_id


def _new_contact(connection: Connection, inbound: Inbound, now: datetime, language: str) -> int:
    fresh = insert(contacts).values(language=language, created_at=now, seen_at=now)
    made = int(connection.execute(fresh.returning(contacts.c.id)).scalar_one())
    if add_urn(connection, made, inbound.urn, inbound.channel, inbound.account, now):
        return made
    connection.execute(contacts.delete().where(contacts.c.id == made))
    existing = _contact_id(connection, inbound.urn)
    if existing is None:
        raise LookupError("an address vanished while it was being made")
    return existing


def add_urn(connection: Connection, contact_id: int, urn: Urn, channel: str, account: str, now: datetime) -> bool:
    """Gives a contact one more address; False when it belongs to somebody already."""
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = (
        dialect.insert(urns)
        .values(contact_id=contact_id, urn=str(urn), channel=channel, account=account, created_at=now)
        .on_conflict_do_nothing(index_elements=["urn"])
        .returning(urns.c.id)
    )
    return connection.execute(statement).scalar() is not None


def behind(connection: Connection, addresses: Sequence[str]) -> dict[str, int]:
    """The contacts behind addresses, by address."""
    rows = connection.execute(select(urns.c.urn, urns.c.contact_id).where(urns.c.urn.in_(addresses)))
    return {row.urn: row.contact_id for row in rows}


def came_by(connection: Connection, inbound: Inbound) -> None:
    """Remembers over which channel and account an address was last heard."""
    connection.execute(
        update(urns).where(urns.c.urn == str(inbound.urn)).values(channel=inbound.channel, account=inbound.account)
    )


def set_stopped(connection: Connection, urn: Urn, at: datetime | None) -> None:
    """Marks an address as not to be written to, or lifts that."""
    connection.execute(update(urns).where(urns.c.urn == str(urn)).values(stopped_at=at))


def is_stopped(connection: Connection, urn: Urn) -> bool:
    """Whether the person does not want messages there."""
    stopped = select(urns.c.stopped_at).where(urns.c.urn == str(urn))
    return connection.execute(stopped).scalar() is not None


def addresses(connection: Connection, contact_id: int) -> list[Address]:
    """Every address of a contact, oldest first."""
    rows = connection.execute(select(urns).where(urns.c.contact_id == contact_id).order_by(urns.c.id))
    return [_address(row) for row in rows]


def _address(row: Row[Any]) -> Address:
    return Address(Urn.parse(row.urn), row.channel, row.account, row.stopped_at is not None)


def learn(connection: Connection, contact_id: int, **values: str) -> None:
    """Keeps what a contact told: name, language, phone. A name is kept once more, as it is searched."""
    if "name" in values:
        values["sought_name"] = searched_name(values["name"])
    connection.execute(update(contacts).where(contacts.c.id == contact_id).values(**values))


def helped_by(connection: Connection, contact_id: int, user_id: int) -> None:
    """Remembers who helps: the same counsellor comes first when the contact is back."""
    connection.execute(update(contacts).where(contacts.c.id == contact_id).values(counsellor_id=user_id))


def open_session(connection: Connection, contact_id: int) -> Session | None:
    """The session that is open, read back from how it was stored."""
    state = connection.execute(
        select(sessions.c.state).where(sessions.c.contact_id == contact_id, sessions.c.closed_at.is_(None))
    ).scalar()
    return Session.from_dict(state) if state else None


def last_run(connection: Connection, contact_id: int) -> int:
    """The number of the newest run, 0 when there was none."""
    newest = select(sessions.c.run).where(sessions.c.contact_id == contact_id).order_by(sessions.c.id.desc())
    return connection.execute(newest.limit(1)).scalar() or 0


def save_session(
    connection: Connection,
    contact_id: int,
    before: Session | None,
    after: Session,
    now: datetime,
    nudge_at: datetime | None = None,
) -> None:
    """Stores a session. A new run closes the one before: one open session a contact, kept by a unique index.

    ``nudge_at``: when the question that is open may be recalled, if nothing is heard.
    """
    own = (sessions.c.contact_id == contact_id, sessions.c.closed_at.is_(None))
    nudging = {"nudges": 0, "nudge_at": nudge_at}
    if before is not None and before.run == after.run:
        connection.execute(update(sessions).where(*own).values(state=after.to_dict(), changed_at=now, **nudging))
        return
    connection.execute(update(sessions).where(*own).values(closed_at=now, nudge_at=None))
    row = {"run": after.run, "state": after.to_dict(), "opened_at": now, "changed_at": now, **nudging}
    connection.execute(insert(sessions).values(contact_id=contact_id, **row))


# Questions that nobody answered


def due_nudges(connection: Connection, now: datetime, limit: int) -> list[int]:
    """Contacts whose open question is to be recalled, the longest silent first."""
    query = select(sessions.c.contact_id).where(sessions.c.nudge_at <= now, sessions.c.closed_at.is_(None))
    return list(connection.execute(query.order_by(sessions.c.nudge_at).limit(limit)).scalars())


def nudges(connection: Connection, contact_id: int, now: datetime) -> int | None:
    """How often the open question was recalled, if it is to be recalled now; None if not."""
    query = select(sessions.c.nudges).where(sessions.c.contact_id == contact_id, sessions.c.closed_at.is_(None))
    found: int | None = connection.execute(query.where(sessions.c.nudge_at <= now)).scalar()
    return found


def nudged(connection: Connection, contact_id: int, count: int, next_at: datetime | None) -> None:
    """The open question was recalled once more."""
    own = (sessions.c.contact_id == contact_id, sessions.c.closed_at.is_(None))
    connection.execute(update(sessions).where(*own).values(nudges=count, nudge_at=next_at))
