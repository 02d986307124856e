"""Counsellors' accounts, their logins and the tries that failed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.store.schema import login_failures, logins, users


def by_login(connection: Connection, login: str) -> Row[Any] | None:
    """The account of that name."""
    return connection.execute(select(users).where(users.c.login == login)).one_or_none()


def add(connection: Connection, values: dict[str, Any]) -> int:
    """A new account."""
    return int(connection.execute(insert(users).values(values).returning(users.c.id)).scalar_one())


def set_password(connection: Connection, user_id: int, password_hash: str) -> None:
    """Another password; every login of that account ends."""
    connection.execute(update(users).where(users.c.id == user_id).values(password_hash=password_hash))
    connection.execute(delete(logins).where(logins.c.user_id == user_id))


def set_hash(connection: Connection, user_id: int, password_hash: str) -> None:
    """The same password, hashed with newer parameters."""
    connection.execute(update(users).where(users.c.id == user_id).values(password_hash=password_hash))


def failures_since(connection: Connection, key_hash: bytes, since: datetime) -> int:
    """How many tries failed under a key."""
    query = select(func.count()).select_from(login_failures)
    counted = query.where(login_failures.c.key_hash == key_hash, login_failures.c.at >= since)
    return int(connection.execute(counted).scalar_one())


def add_failure(connection: Connection, key_hash: bytes, now: datetime) -> None:
    """One more failed try."""
    connection.execute(insert(login_failures).values(key_hash=key_hash, at=now))


def forget_failures(connection: Connection, before: datetime) -> None:
    """Old tries count no longer."""
    connection.execute(delete(login_failures).where(login_failures.c.at < before))


def add_login(connection: Connection, token_hash: bytes, user_id: int, now: datetime) -> None:
    """A login begins."""
    connection.execute(insert(logins).values(token_hash=token_hash, user_id=user_id, created_at=now, seen_at=now))


def user_of(connection: Connection, token_hash: bytes) -> Row[Any] | None:
    """The active account behind a login, with when it began and was last seen."""
    query = (
        select(users, logins.c.created_at.label("login_at"), logins.c.seen_at)
        .join(logins, logins.c.user_id == users.c.id)
        .where(logins.c.token_hash == token_hash, users.c.active)
    )
    return connection.execute(query).one_or_none()


def touch_login(connection: Connection, token_hash: bytes, now: datetime) -> None:
    """The login was used."""
    connection.execute(update(logins).where(logins.c.token_hash == token_hash).values(seen_at=now))


def end_login(connection: Connection, token_hash: bytes) -> None:
    """The login ends."""
    connection.execute(delete(logins).where(logins.c.token_hash == token_hash))
