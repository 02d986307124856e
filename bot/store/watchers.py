"""Who has a case open on a screen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.store.schema import users, watchers


def since(connection: Connection, case_id: int, moment: datetime) -> list[Row[Any]]:
    """Those who were seen at a case since ``moment``, by name."""
    query = select(watchers.c.user_id, watchers.c.seen_at, users.c.name).join(users, users.c.id == watchers.c.user_id)
    own = (watchers.c.case_id == case_id, watchers.c.seen_at >= moment)
    return list(connection.execute(query.where(*own).order_by(users.c.name, users.c.id)))


def seen(connection: Connection, case_id: int, user_id: int, now: datetime) -> None:
    """Somebody is there. The caller holds the lock of the writer or of the contact."""
    own = (watchers.c.case_id == case_id, watchers.c.user_id == user_id)
    found = connection.execute(update(watchers).where(*own).values(seen_at=now).returning(watchers.c.user_id))
    if found.first() is None:
        connection.execute(insert(watchers).values(case_id=case_id, user_id=user_id, seen_at=now))
