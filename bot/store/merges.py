"""Rows that go from one contact to another, and back: every change is written down so that it can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, select, update

from bot.cases import CaseStatus
from bot.store.schema import (
    UtcDateTime,
    attachments,
    bookings,
    calls,
    case_notes,
    cases,
    contacts,
    drafts,
    events,
    merges,
    messages,
    metadata,
    notice_recipients,
    plan_items,
    proposals,
    sessions,
    urns,
)

MOVED: tuple[Table, ...] = (
    urns,
    sessions,
    cases,
    messages,
    proposals,
    plan_items,
    bookings,
    notice_recipients,
    events,
    case_notes,
    calls,
    attachments,
)
"""Every table whose rows belong to a contact."""

AT_ONCE = 500
"""Ids in one statement."""


class Ledger:
    """What a merge does, as it is done: ``moved`` are ids per table, ``changed`` what rows were and became."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.moved: dict[str, list[int]] = {}
        self.changed: list[dict[str, Any]] = []

    @contextmanager
    def around(self, table: Table, id_: int) -> Iterator[None]:
        """Writes down how a row changes inside."""
        before = _plain(self.connection, table, id_)
        yield
        after = _plain(self.connection, table, id_)
        names = [name for name in before if before[name] != after[name]]
        if names:
            told = {"before": {n: before[n] for n in names}, "after": {n: after[n] for n in names}}
            self.changed.append({"table": table.name, "id": id_, **told})

    def put(self, table: Table, id_: int, **values: Any) -> None:
        """Changes a row."""
        with self.around(table, id_):
            self.connection.execute(update(table).where(table.c.id == id_).values(**values))

    def move(self, table: Table, from_id: int, to_id: int, but: Collection[int] = ()) -> None:
        """Gives the rows of one contact to another, except some."""
        own = self.connection.execute(select(table.c.id).where(table.c.contact_id == from_id).order_by(table.c.id))
        self.moved[table.name] = [id_ for id_ in own.scalars() if id_ not in but]
        give(self.connection, table, self.moved[table.name], to_id)


def give(connection: Connection, table: Table, ids: Sequence[int], contact_id: int) -> None:
    """These rows belong to that contact."""
    for first in range(0, len(ids), AT_ONCE):
        some = table.c.id.in_(ids[first : first + AT_ONCE])
        connection.execute(update(table).where(some).values(contact_id=contact_id))


def _plain(connection: Connection, table: Table, id_: int) -> dict[str, Any]:
    """A row as JSON can hold it, without whose it is."""
    row = connection.execute(select(table).where(table.c.id == id_)).one()._mapping
    named = {column.name: row[column.name] for column in table.columns if column.name not in ("id", "contact_id")}
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in named.items() if _holds(v)}


def _holds(value: object) -> bool:
    return not isinstance(value, bytes)


def restore(connection: Connection, entry: Mapping[str, Any], **instead: Any) -> bool:
    """Makes a row what it was, if what was done to it still stands; whether it did. ``instead``: other values."""
    table = metadata.tables[entry["table"]]
    now = _plain(connection, table, entry["id"])
    if any(now[name] != value for name, value in entry["after"].items()):
        return False
    values = {name: _value(table, name, value) for name, value in entry["before"].items()} | instead
    connection.execute(update(table).where(table.c.id == entry["id"]).values(values))
    return True


def _value(table: Table, name: str, value: Any) -> Any:
    moment = isinstance(table.c[name].type, UtcDateTime) and value is not None
    return datetime.fromisoformat(value) if moment else value


def add(connection: Connection, values: Mapping[str, Any]) -> int:
    """A merge; its id."""
    return int(connection.execute(insert(merges).values(**values).returning(merges.c.id)).scalar_one())


def undone(connection: Connection, merge_id: int, now: datetime) -> None:
    """It was taken back."""
    connection.execute(update(merges).where(merges.c.id == merge_id).values(undone_at=now))


def newest(connection: Connection, kept_id: int) -> Row[Any] | None:
    """The last merge into a contact that still stands: the only one that can be taken back."""
    query = select(merges).where(merges.c.kept_id == kept_id, merges.c.undone_at.is_(None))
    return connection.execute(query.order_by(merges.c.id.desc()).limit(1)).one_or_none()


def become(connection: Connection, contact_id: int, kept_id: int | None) -> None:
    """A contact is the same person as another one; with None one of its own again."""
    connection.execute(update(contacts).where(contacts.c.id == contact_id).values(merged_into=kept_id))


def both(connection: Connection, table: Table, key: str, first_id: int, second_id: int) -> list[tuple[Any, Any]]:
    """The rows of two contacts that are about the same (``key``; not where that is empty), in pairs."""
    rows = connection.execute(select(table).where(table.c.contact_id.in_([first_id, second_id])).order_by(table.c.id))
    found: dict[Any, dict[int, Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), {})[row.contact_id] = row
    return [(pair[first_id], pair[second_id]) for name, pair in found.items() if name and len(pair) > 1]


def of(connection: Connection, table: Table, contact_id: int) -> list[Row[Any]]:
    """The rows of a contact."""
    return list(connection.execute(select(table).where(table.c.contact_id == contact_id).order_by(table.c.id)))


def count(connection: Connection, table: Table, contact_id: int) -> int:
    """How many rows a contact has."""
    query = select(func.count()).select_from(table).where(table.c.contact_id == contact_id)
    return int(connection.execute(query).scalar_one())


def open_session_id(connection: Connection, contact_id: int) -> int | None:
    """The row of the session that is open."""
    query = select(sessions.c.id).where(sessions.c.contact_id == contact_id, sessions.c.closed_at.is_(None))
    return connection.execute(query).scalar()


def close_session(connection: Connection, session_id: int, now: datetime) -> None:
    """Nothing is asked in it any more."""
    values = {"closed_at": now, "nudge_at": None}
    connection.execute(update(sessions).where(sessions.c.id == session_id).values(values))


def has_open(connection: Connection, table: Table, contact_id: int) -> bool:
    """Whether a contact has a session, or a case, that is open."""
    is_open = table.c.closed_at.is_(None) if table is sessions else table.c.status != CaseStatus.CLOSED.value
    return connection.execute(select(table.c.id).where(table.c.contact_id == contact_id, is_open)).scalar() is not None


def pass_drafts(connection: Connection, from_id: int, to_id: int, users: Collection[int] | None = None) -> list[int]:
    """What was being written in a case goes on in another, of those who write nothing there; whose it was."""
    there = select(drafts.c.user_id).where(drafts.c.case_id == to_id)
    mine = (drafts.c.case_id == from_id, drafts.c.user_id.not_in(there))
    found = connection.execute(select(drafts.c.user_id).where(*mine)).scalars()
    ids = [user_id for user_id in found if users is None or user_id in users]
    own = (drafts.c.case_id == from_id, drafts.c.user_id.in_(ids))
    connection.execute(update(drafts).where(*own).values(case_id=to_id))
    return ids


def said_since(connection: Connection, holder_id: int, urn_ids: Sequence[int], known: Collection[int]) -> list[int]:
    """The messages over some addresses that a contact got since a merge: all but the ``known`` ones."""
    over = select(urns.c.urn).where(urns.c.id.in_(urn_ids))
    query = select(messages.c.id).where(messages.c.contact_id == holder_id, messages.c.urn.in_(over))
    return [id_ for id_ in connection.execute(query).scalars() if id_ not in known]


def give_messages(connection: Connection, ids: Sequence[int], contact_id: int) -> None:
    """Messages belong to that contact, with what was sent along and what happened to them."""
    give(connection, messages, ids, contact_id)
    for first in range(0, len(ids), AT_ONCE):
        some = ids[first : first + AT_ONCE]
        for table in (attachments, events):
            connection.execute(update(table).where(table.c.message_id.in_(some)).values(contact_id=contact_id))


def place_taken(connection: Connection, meeting_id: int, place: int) -> bool:
    """Whether somebody sits there."""
    query = select(bookings.c.id).where(bookings.c.meeting_id == meeting_id, bookings.c.place == place)
    return connection.execute(query).scalar() is not None


def row(connection: Connection, table: Table, id_: int) -> Row[Any]:
    """One row."""
    return connection.execute(select(table).where(table.c.id == id_)).one()
