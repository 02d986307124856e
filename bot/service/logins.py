"""Logging in: with a password, and with the code of a second factor after it.

A login is a random token. The browser holds it in its signed cookie; the store holds only its hash, so that whoever
reads the database cannot log in with what stands there.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from sqlalchemy import Connection, Row

from bot.roles import Role
from bot.service import passwords, tries
from bot.service.account_errors import NoSuchAccount, WrongPassword
from bot.service.accounts import User, tidy
from bot.service.house import House
from bot.service.tries import Limit, hash_of
from bot.store import accounts, teams

MOST_TRIES_PER_ACCOUNT = 10
MOST_TRIES_PER_ADDRESS = 30
LASTS = timedelta(hours=12)
RESTS = timedelta(hours=2)
CODE_WAITS = timedelta(minutes=10)
TOUCH_AFTER = timedelta(minutes=5)
LONGEST_DEVICE = 120


@dataclass(frozen=True, slots=True)
class Login:
    """One login of an account. ``ref``: what a form calls it; nobody can log in with that."""

    ref: str
    device: str
    began_at: datetime
    seen_at: datetime
    this: bool


def log_in(house: House, login: str, password: str, origin: str, device: str = "") -> str:
    """Checks a password; the token of the new login. ``origin``: the address of the browser, ``device``: what it is.

    Raises WrongPassword and TooManyTries. The slow hash is checked outside any transaction.
    """
    limits = [_of_account(login), *_of_address(origin)]
    with house.store.read() as connection:
        tries.check(connection, limits, house.now())
        row = accounts.by_login(connection, tidy(login))
    if not _right(row, password):
        _failed(house, limits, row)
        raise WrongPassword
    if row is None:
        raise WrongPassword
    with house.store.write() as connection:
        if passwords.outdated(row.password_hash):
            accounts.change(connection, row.id, password_hash=passwords.rehashed(password))
        return begin(connection, row, device, house.now())


def begin(connection: Connection, row: Row[Any], device: str, now: datetime) -> str:
    """A new login of an account; its token. Where there is a second factor, it waits for the code."""
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": hash_of(token),
        "user_id": row.id,
        "created_at": now,
        "seen_at": now,
        "device": device[:LONGEST_DEVICE],
        "waits_for_code": row.totp_since is not None,
    }
    accounts.forget_logins(connection, row.id, now - LASTS)
    accounts.add_login(connection, values)
    accounts.add_event(connection, "logged_in", row.id, now, by=row.id)
    return token


def check_password(house: House, user_id: int, password: str) -> None:
    """Whether it is really this person who sits there. Raises WrongPassword, TooManyTries, NoSuchAccount."""
    with house.store.read() as connection:
        row = accounts.get(connection, user_id)
        if row is None:
            raise NoSuchAccount
        limits = [_of_account(row.login)]
        tries.check(connection, limits, house.now())
    if not _right(row, password):
        _failed(house, limits, row)
        raise WrongPassword


def _right(row: Row[Any] | None, password: str) -> bool:
    right = passwords.fits(password, None if row is None else row.password_hash)
    return right and row is not None and bool(row.active)


def _of_account(login: str) -> Limit:
    return Limit(f"login {tidy(login)}", MOST_TRIES_PER_ACCOUNT)


def _of_address(origin: str) -> list[Limit]:
    return [] if _our_own(origin) else [Limit(f"from {origin}", MOST_TRIES_PER_ADDRESS)]


def _our_own(origin: str) -> bool:
    """Whether the address is this machine's: a proxy that was not named, behind which everybody would be one person."""
    try:
        return ip_address(origin).is_loopback
    except ValueError:
        return True


def _failed(house: House, limits: list[Limit], row: Row[Any] | None) -> None:
    """Counts it; an account that is shut by it for a while is written down."""
    with house.store.write() as connection:
        reached = tries.failed(connection, limits, house.now())
        if row is not None and _of_account(row.login) in reached:
            accounts.add_event(connection, "account_locked", row.id, house.now(), by=None)


def user_of(house: House, token: str, *, touch: bool = True) -> User | None:
    """Who is logged in with a token; None when the login ended, rested too long, or the account is closed.

    ``touch`` is False for what a page asks by itself: an open tab alone does not keep a login alive.
    """
    now = house.now()
    with house.store.read() as connection:
        row = accounts.user_of(connection, hash_of(token))
        of = frozenset[str]() if row is None else teams.of_user(connection, row.id)
    if row is None or _over(row, now):
        return None
    if touch and now - row.seen_at > TOUCH_AFTER:
        with house.store.write() as connection:
            accounts.change_login(connection, hash_of(token), seen_at=now)
    return _user(row, of)


def _over(row: Row[Any], now: datetime) -> bool:
    lasts = CODE_WAITS if row.waits_for_code else LASTS
    return bool(now - row.login_at > lasts or now - row.seen_at > RESTS)


def _user(row: Row[Any], of: frozenset[str]) -> User:
    return User(
        id=row.id,
        login=row.login,
        name=row.name,
        language=row.language,
        role=Role(row.role),
        teams=of,
        phone=row.phone,
        waits_for_code=row.waits_for_code,
        code_on=row.totp_since is not None,
        must_change=row.must_change,
        away=row.away,
    )


def log_out(house: House, token: str) -> None:
    """Ends a login."""
    with house.store.write() as connection:
        row = accounts.user_of(connection, hash_of(token))
        accounts.end_login(connection, hash_of(token))
        if row is not None:
            accounts.add_event(connection, "logged_out", row.id, house.now(), by=row.id)


def of_user(house: House, user_id: int, token: str) -> list[Login]:
    """The logins of an account that are still good; ``token``: the one of the browser that asks."""
    now = house.now()
    with house.store.read() as connection:
        rows = accounts.logins_of(connection, user_id)
    return [
        Login(_ref(row.token_hash), row.device, row.created_at, row.seen_at, row.token_hash == hash_of(token))
        for row in rows
        if now - row.created_at <= LASTS and now - row.seen_at <= RESTS and not row.waits_for_code
    ]


def end_one(house: House, user_id: int, ref: str) -> bool:
    """Ends one of an account's own logins; False when it had ended."""
    with house.store.write() as connection:
        rows = [row for row in accounts.logins_of(connection, user_id) if _ref(row.token_hash) == ref]
        for row in rows:
            accounts.end_login(connection, row.token_hash)
            accounts.add_event(connection, "logins_ended", user_id, house.now(), by=user_id)
    return bool(rows)


def end_others(house: House, user_id: int, token: str) -> int:
    """Ends every login of an account but this one; how many there were."""
    with house.store.write() as connection:
        ended = accounts.end_logins(connection, user_id, hash_of(token))
        if ended:
            accounts.add_event(connection, "logins_ended", user_id, house.now(), by=user_id)
    return ended


def _ref(token_hash: bytes) -> str:
    return token_hash[:9].hex()
