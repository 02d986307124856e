"""Files that contacts sent, with what they hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.attachments import AttachmentState
from bot.store.schema import attachments, messages

_TOLD = tuple(c for c in attachments.c if c.name not in ("content", "thumbnail"))
"""All but what the file holds."""


def add(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Files that came with a message."""
    for row in rows:
        connection.execute(insert(attachments).values(row))


def counted(connection: Connection, contact_id: int, since: datetime) -> int:
    """How many files of a contact were taken up since then."""
    query = select(func.count()).select_from(attachments)
    own = (attachments.c.contact_id == contact_id, attachments.c.at >= since)
    taken = query.where(*own, attachments.c.state != AttachmentState.REFUSED.value)
    return int(connection.execute(taken).scalar_one())


def weight(connection: Connection, contact_id: int, since: datetime) -> int:
    """Bytes of a contact's files since then."""
    own = (attachments.c.contact_id == contact_id, attachments.c.at >= since)
    return int(connection.execute(select(func.coalesce(func.sum(attachments.c.size), 0)).where(*own)).scalar_one())


def claim(
    connection: Connection, now: datetime, lease: timedelta, channels: Collection[str], limit: int
) -> list[Row[Any]]:
    """Takes files to fetch: those that are due, with the channel that they came over."""
    due = (
        select(attachments.c.id)
        .join(messages, messages.c.id == attachments.c.message_id)
        .where(attachments.c.next_at <= now, messages.c.channel.in_(channels))
        .order_by(attachments.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=attachments)
    )
    ids = list(connection.execute(due).scalars())
    mine = attachments.c.id.in_(ids)
    connection.execute(update(attachments).where(mine).values(next_at=now + lease, tries=attachments.c.tries + 1))
    query = select(*_TOLD, messages.c.channel).join(messages, messages.c.id == attachments.c.message_id)
    return list(connection.execute(query.where(mine).order_by(attachments.c.id)))


def get(connection: Connection, attachment_id: int, *, lock: bool = False) -> Row[Any] | None:
    """All about a file but what it holds; locked until the transaction ends when it is about to change."""
    query = select(*_TOLD).where(attachments.c.id == attachment_id)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def held(connection: Connection, attachment_id: int, *, small: bool) -> bytes:
    """What a file holds, or its thumbnail; empty when there is none."""
    column = attachments.c.thumbnail if small else attachments.c.content
    return connection.execute(select(column).where(attachments.c.id == attachment_id)).scalar() or b""


def change(connection: Connection, attachment_id: int, **values: Any) -> None:
    """Changes a file."""
    connection.execute(update(attachments).where(attachments.c.id == attachment_id).values(**values))


def of_messages(connection: Connection, ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """The files of messages, by message, in order."""
    found: dict[int, list[Row[Any]]] = {}
    if ids:
        query = select(*_TOLD).where(attachments.c.message_id.in_(ids)).order_by(attachments.c.place)
        for row in connection.execute(query):
            found.setdefault(row.message_id, []).append(row)
    return found
