"""Who else works here, and what they have."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.cases import CaseStatus
from bot.store.schema import cases, users


def at_work_here(connection: Connection) -> list[Row[Any]]:
    """Everybody whose account is open, by name, with how many open cases each has (``held``)."""
    own = (cases.c.owner_id == users.c.id, cases.c.status != CaseStatus.CLOSED.value)
    held = select(func.count()).select_from(cases).where(*own).correlate(users).scalar_subquery()
    query = select(users.c.id, users.c.name, users.c.away, users.c.most_open, held.label("held"))
    return list(connection.execute(query.where(users.c.active).order_by(users.c.name, users.c.id)))
