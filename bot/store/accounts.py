"""Counsellors' accounts, their logins, the tries that failed, and what happened with an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.events import AccountEventType
from bot.roles import Role
from bot.store.schema import account_events, login_failures, logins, users


def by_login(connection: Connection, login: str) -> Row[Any] | None:
    """The account of that name."""
    return connection.execute(select(users).where(users.c.login == login)).one_or_none()


def by_subject(connection: Connection, subject: str) -> Row[Any] | None:
    """The account of somebody whom the identity service knows."""
    return connection.execute(select(users).where(users.c.subject == subject)).one_or_none()


def get(connection: Connection, user_id: int, *, lock: bool = False) -> Row[Any] | None:
    """One account; locked until the transaction ends when it is about to change."""
    query = select(users).where(users.c.id == user_id)
    return connection.execute(query.with_for_update(key_share=True) if lock else query).one_or_none()


def any_at_all(connection: Connection) -> bool:
    """Whether there is an account."""
    return connection.execute(select(users.c.id).limit(1)).scalar() is not None


def add(connection: Connection, values: dict[str, Any]) -> int:
    """A new account."""
    return int(connection.execute(insert(users).values(values).returning(users.c.id)).scalar_one())


def change(connection: Connection, user_id: int, **values: Any) -> None:
    """Changes an account."""
    connection.execute(update(users).where(users.c.id == user_id).values(**values))


def administrators(connection: Connection) -> list[int]:
    """Whose accounts are open and may do everything; locked, so that no two of them demote each other."""
    query = select(users.c.id).where(users.c.role == Role.ADMINISTRATOR.value, users.c.active)
    return list(connection.execute(query.order_by(users.c.id).with_for_update(key_share=True)).scalars())


def listed(connection: Connection) -> list[Row[Any]]:
    """Every account with when it was last seen, the open ones first, by name."""
    seen = select(func.max(logins.c.seen_at)).where(logins.c.user_id == users.c.id).scalar_subquery()
    own = (account_events.c.user_id == users.c.id, account_events.c.about_id == users.c.id)
    did = select(func.max(account_events.c.at)).where(*own).scalar_subquery()
    query = select(users, seen.label("seen_at"), did.label("did_at"))
    return list(connection.execute(query.order_by(users.c.active.desc(), users.c.name, users.c.id)))


def use_step(connection: Connection, user_id: int, step: int) -> bool:
    """Uses up the code of a time step; False when it, or a later one, was used."""
    unused = (users.c.totp_used.is_(None)) | (users.c.totp_used < step)
    done = connection.execute(update(users).where(users.c.id == user_id, unused).values(totp_used=step))
    return done.rowcount == 1


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


def add_login(connection: Connection, values: Mapping[str, Any]) -> None:
    """A login begins."""
    connection.execute(insert(logins).values(values))


def user_of(connection: Connection, token_hash: bytes) -> Row[Any] | None:
    """The active account behind a login, with when it began and was last seen, and whether it waits for a code."""
    query = (
        select(users, logins.c.created_at.label("login_at"), logins.c.seen_at, logins.c.waits_for_code)
        .join(logins, logins.c.user_id == users.c.id)
        .where(logins.c.token_hash == token_hash, users.c.active)
    )
    return connection.execute(query).one_or_none()


def logins_of(connection: Connection, user_id: int) -> list[Row[Any]]:
    """The logins of an account, the one that was seen last first."""
    query = select(logins).where(logins.c.user_id == user_id)
    return list(connection.execute(query.order_by(logins.c.seen_at.desc(), logins.c.created_at.desc())))


def change_login(connection: Connection, token_hash: bytes, **values: Any) -> None:
    """Changes a login: it was used, or its code was right."""
    connection.execute(update(logins).where(logins.c.token_hash == token_hash).values(**values))


def end_login(connection: Connection, token_hash: bytes) -> None:
    """The login ends."""
    connection.execute(delete(logins).where(logins.c.token_hash == token_hash))


def forget_logins(connection: Connection, user_id: int, began_before: datetime) -> None:
    """Logins of an account that are long over."""
    connection.execute(delete(logins).where(logins.c.user_id == user_id, logins.c.created_at < began_before))


def end_logins(connection: Connection, user_id: int, but: bytes = b"") -> int:
    """Every login of an account ends, but one that may stay; how many."""
    gone = delete(logins).where(logins.c.user_id == user_id, logins.c.token_hash != but)
    return int(connection.execute(gone).rowcount)


def add_event(
    connection: Connection,
    type_: AccountEventType,
    about_id: int | None,
    now: datetime,
    *,
    by: int | None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Appends what happened with an account. ``by``: who did it; None for the command line, or nobody we know."""
    values = {"type": type_, "user_id": by, "about_id": about_id, "data": dict(data or {}), "at": now}
    connection.execute(insert(account_events).values(values))
