"""Calls that counsellors make to contacts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from bot.calls import OPEN, CallState
from bot.store.schema import calls


def add(connection: Connection, values: dict[str, Any]) -> int:
    """A new call."""
    return int(connection.execute(insert(calls).values(values).returning(calls.c.id)).scalar_one())


def by_token(connection: Connection, token: str, *, lock: bool = False) -> Row[Any] | None:
    """The call of that name; locked until the transaction ends when it is about to change."""
    query = select(calls).where(calls.c.token == token)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def change(connection: Connection, call_id: int, **values: Any) -> None:
    """Changes a call."""
    connection.execute(update(calls).where(calls.c.id == call_id).values(**values))


def under_way(connection: Connection, case_id: int, user_id: int) -> bool:
    """Whether a call of this case, or of this counsellor, is not over."""
    whose = or_(calls.c.case_id == case_id, calls.c.user_id == user_id)
    query = select(calls.c.id).where(calls.c.state.in_([state.value for state in OPEN]), whose)
    return connection.execute(query.limit(1)).scalar() is not None


def asked(connection: Connection, limit: int) -> list[str]:
    """The names of calls that nobody has taken up, the oldest first."""
    query = select(calls.c.token).where(calls.c.state == CallState.ASKED.value)
    return list(connection.execute(query.order_by(calls.c.id).limit(limit)).scalars())


def silent(connection: Connection, now: datetime, patience: Mapping[CallState, timedelta], limit: int) -> list[str]:
    """The names of calls that stand somewhere for longer than is likely."""
    late = [and_(calls.c.state == state.value, calls.c.changed_at < now - most) for state, most in patience.items()]
    return list(connection.execute(select(calls.c.token).where(or_(*late)).order_by(calls.c.id).limit(limit)).scalars())


def of_messages(connection: Connection, ids: Collection[int]) -> dict[int, Row[Any]]:
    """The calls behind lines of a conversation, by line."""
    if not ids:
        return {}
    return {row.message_id: row for row in connection.execute(select(calls).where(calls.c.message_id.in_(ids)))}
