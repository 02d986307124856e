"""Who did what, newest first: with cases, and with accounts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.store.schema import account_events, cases, events, users


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; None: anything. ``before``: only what has a lower id, for the next page."""

    user_id: int | None = None
    types: Collection[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def of_cases(connection: Connection, wanted: Wanted, teams: Collection[str] | None, limit: int) -> list[Row[Any]]:
    """What counsellors looked at and did; of the cases of some teams and of those that are no team's, or of all."""
    query = (
        select(events, users.c.name)
        .join(users, users.c.id == events.c.user_id)
        .outerjoin(cases, cases.c.id == events.c.case_id)
    )
    if teams is not None:
        query = query.where(cases.c.team.in_([*teams, ""]))
    return _page(connection, query, events, wanted, limit)


def of_accounts(connection: Connection, wanted: Wanted, limit: int) -> list[Row[Any]]:
    """What happened with accounts."""
    about = users.alias("about")
    query = (
        select(account_events, users.c.name, about.c.name.label("about_name"))
        .outerjoin(users, users.c.id == account_events.c.user_id)
        .outerjoin(about, about.c.id == account_events.c.about_id)
    )
    return _page(connection, query, account_events, wanted, limit)


def _page(connection: Connection, query: Any, table: Any, wanted: Wanted, limit: int) -> list[Row[Any]]:
    narrowed: Mapping[str, Callable[[Any], Any]] = {
        "user_id": lambda value: table.c.user_id == value,
        "types": lambda value: table.c.type.in_(sorted(value)),
        "since": lambda value: table.c.at >= value,
        "until": lambda value: table.c.at < value,
        "before": lambda value: table.c.id < value,
    }
    for name, condition in narrowed.items():
        value = getattr(wanted, name)
        query = query if value is None else query.where(condition(value))
    return list(connection.execute(query.order_by(table.c.id.desc()).limit(limit)))
