"""What counsellors write for one another. Nothing here is ever sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from bot.store.schema import case_notes, users


def add(connection: Connection, case: Row[Any], user_id: int, text: str, token: str, now: datetime) -> int:
    """A note in a case; its id."""
    values = {
        "case_id": case.id,
        "contact_id": case.contact_id,
        "user_id": user_id,
        "text": text,
        "token": token,
        "at": now,
    }
    return int(connection.execute(insert(case_notes).values(values).returning(case_notes.c.id)).scalar_one())


def by_token(connection: Connection, token: str) -> Row[Any] | None:
    """The note of that form, when it is there already."""
    return connection.execute(select(case_notes).where(case_notes.c.token == token)).one_or_none()


def of_contact(connection: Connection, contact_id: int) -> list[Row[Any]]:
    """Every note about a contact with who wrote it, in order."""
    return list(connection.execute(_named().where(case_notes.c.contact_id == contact_id)))


def some(connection: Connection, ids: Iterable[int]) -> list[Row[Any]]:
    """Those notes, in order."""
    return list(connection.execute(_named().where(case_notes.c.id.in_(set(ids)))))


def _named() -> Any:
    query = select(case_notes, users.c.name).join(users, users.c.id == case_notes.c.user_id)
    return query.order_by(case_notes.c.id)
