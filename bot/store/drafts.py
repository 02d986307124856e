"""What counsellors are writing: one draft for each of them in each case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.store.schema import drafts, users


def of_case(connection: Connection, case_id: int) -> list[Row[Any]]:
    """Every draft in a case, with who writes it, the newest first."""
    query = select(drafts, users.c.name).join(users, users.c.id == drafts.c.user_id)
    return list(connection.execute(query.where(drafts.c.case_id == case_id).order_by(drafts.c.changed_at.desc())))


def put(connection: Connection, case_id: int, user_id: int, now: datetime, **values: str) -> None:
    """Keeps a draft in place of the one that is there; what is not given stays. The caller holds the case's contact."""
    found = connection.execute(
        update(drafts).where(*_one(case_id, user_id)).values(changed_at=now, **values).returning(drafts.c.case_id)
    )
    if found.first() is None:
        connection.execute(insert(drafts).values(case_id=case_id, user_id=user_id, changed_at=now, **values))


def drop(connection: Connection, case_id: int, user_id: int) -> None:
    """There is nothing to keep any more."""
    connection.execute(delete(drafts).where(*_one(case_id, user_id)))


def _one(case_id: int, user_id: int) -> tuple[Any, Any]:
    return drafts.c.case_id == case_id, drafts.c.user_id == user_id
