"""The items of contacts' own paths."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.plans import Item, ItemState, Path
from bot.store.schema import plan_items


def rows(connection: Connection, contact_id: int) -> list[Row[Any]]:
    """Every item of a path, in its order."""
    query = select(plan_items).where(plan_items.c.contact_id == contact_id)
    return list(connection.execute(query.order_by(plan_items.c.place, plan_items.c.id)))


def path(connection: Connection, contact_id: int) -> Path:
    """The path of a contact."""
    return Path(
        tuple(Item(row.id, row.assignment, row.title, ItemState(row.state)) for row in rows(connection, contact_id))
    )


def add(
    connection: Connection,
    contact_id: int,
    now: datetime,
    *,
    assignment: str = "",
    title: str = "",
    state: ItemState = ItemState.NEXT,
    user_id: int | None = None,
) -> int:
    """Puts an item at the end of a path. One assignment stands there once: picked anew it is taken up again."""
    before = _of_assignment(connection, contact_id, assignment) if assignment else None
    if before is not None:
        change(connection, before.id, now, state=state.value, due_at=None, sent_at=None)
        return int(before.id)
    last = select(func.coalesce(func.max(plan_items.c.place), 0)).where(plan_items.c.contact_id == contact_id)
    values = {
        "contact_id": contact_id,
        "assignment": assignment,
        "title": title,
        "state": state.value,
        "place": connection.execute(last).scalar_one() + 1,
        "user_id": user_id,
        "created_at": now,
        "changed_at": now,
    }
    return int(connection.execute(insert(plan_items).values(values).returning(plan_items.c.id)).scalar_one())


def _of_assignment(connection: Connection, contact_id: int, assignment: str) -> Row[Any] | None:
    query = select(plan_items).where(plan_items.c.contact_id == contact_id, plan_items.c.assignment == assignment)
    return connection.execute(query).one_or_none()


def get(connection: Connection, item_id: int) -> Row[Any] | None:
    """One item."""
    return connection.execute(select(plan_items).where(plan_items.c.id == item_id)).one_or_none()


def change(connection: Connection, item_id: int, now: datetime, **values: Any) -> None:
    """Changes an item."""
    connection.execute(update(plan_items).where(plan_items.c.id == item_id).values(changed_at=now, **values))


def due(connection: Connection, now: datetime, limit: int) -> list[Row[Any]]:
    """Items that are to be sent now, the longest due first."""
    waiting = plan_items.c.state.in_([ItemState.NEXT.value, ItemState.NOW.value, ItemState.LATER.value])
    query = select(plan_items).where(plan_items.c.due_at <= now, waiting)
    return list(connection.execute(query.order_by(plan_items.c.due_at, plan_items.c.id).limit(limit)))
