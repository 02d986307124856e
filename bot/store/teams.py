"""Who is in which team, and who is at work now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from bot.store.schema import logins, team_members, users


def of_user(connection: Connection, user_id: int) -> frozenset[str]:
    """The teams of a counsellor."""
    query = select(team_members.c.team).where(team_members.c.user_id == user_id)
    return frozenset(connection.execute(query).scalars())


def put(connection: Connection, user_id: int, teams: Iterable[str]) -> None:
    """These teams, and no others."""
    connection.execute(delete(team_members).where(team_members.c.user_id == user_id))
    rows = [{"user_id": user_id, "team": team} for team in sorted(set(teams))]
    if rows:
        connection.execute(insert(team_members), rows)


def staffed(connection: Connection) -> frozenset[str]:
    """The teams that have anybody at all."""
    query = select(team_members.c.team).join(users, users.c.id == team_members.c.user_id).where(users.c.active)
    return frozenset(connection.execute(query.distinct()).scalars())


def is_present(connection: Connection, user_id: int, since: datetime) -> bool:
    """Whether a counsellor was at work since a moment, and did not say to be away."""
    return user_id in present(connection, since)


def present(connection: Connection, since: datetime) -> frozenset[int]:
    """Who was at work since a moment, and did not say to be away."""
    query = select(logins.c.user_id).join(users, users.c.id == logins.c.user_id)
    seen = query.where(users.c.active, ~users.c.away, logins.c.seen_at >= since)
    return frozenset(connection.execute(seen.distinct()).scalars())


def of_all(connection: Connection) -> dict[int, frozenset[str]]:
    """The teams of every counsellor who is in any."""
    found: dict[int, set[str]] = {}
    for row in connection.execute(select(team_members)):
        found.setdefault(row.user_id, set()).add(row.team)
    return {user_id: frozenset(names) for user_id, names in found.items()}
