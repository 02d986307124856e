"""Counsellors' accounts: passwords, logins, and how often one may try.

A login is a random token. The browser holds it in its signed cookie; the store holds only its hash, so that whoever
reads the database cannot log in with what stands there.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Row

from bot.roles import Role, Viewer
from bot.service.house import House
from bot.store import accounts, teams

MOST_TRIES_PER_ACCOUNT = 10
MOST_TRIES_PER_ADDRESS = 30
TRIES_COUNT_FOR = timedelta(minutes=15)
LOGIN_LASTS = timedelta(hours=12)
LOGIN_RESTS = timedelta(hours=2)
TOUCH_AFTER = timedelta(minutes=5)
SHORTEST_PASSWORD = 12

_hasher = PasswordHasher()
_DECOY = _hasher.hash(secrets.token_hex(16))
"""Checked when there is no such account: a wrong name takes as long as a wrong password."""


class WrongPassword(Exception):
    """No account of that name with that password: which of the two is not said."""


class TooManyTries(Exception):
    """``retry_after`` seconds from now it can be tried again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many tries")
        self.retry_after = retry_after


class AccountError(Exception):
    """An account that cannot be made: the message says why."""


@dataclass(frozen=True, slots=True)
class User:
    """A counsellor who is logged in."""

    id: int
    login: str
    name: str
    language: str
    role: Role = Role.COUNSELLOR
    teams: frozenset[str] = frozenset()

    @property
    def viewer(self) -> Viewer:
        """What decides which cases this person sees."""
        return Viewer(self.id, self.role, self.teams)


def add_user(
    house: House, login: str, name: str, password: str, language: str = "nl", teams_of: Collection[str] = ()
) -> int:
    """Makes an account, with its teams. Raises AccountError."""
    _check_teams(house, teams_of)
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(f"a password has at least {SHORTEST_PASSWORD} characters")
    values = {
        "login": _tidy(login),
        "name": name.strip(),
        "password_hash": _hasher.hash(password),
        "language": language,
        "created_at": house.now(),
    }
    with house.store.write() as connection:
        if not values["login"] or accounts.by_login(connection, str(values["login"])):
            raise AccountError("there is an account of that name already, or the name is empty")
        user_id = accounts.add(connection, values)
        teams.put(connection, user_id, teams_of)
        return user_id


def set_teams(house: House, login: str, teams_of: Collection[str]) -> int:
    """The teams of an account: these, and no others. The id of the account. Raises AccountError."""
    _check_teams(house, teams_of)
    with house.store.write() as connection:
        row = accounts.by_login(connection, _tidy(login))
        if row is None:
            raise AccountError("there is no account of that name")
        teams.put(connection, row.id, teams_of)
        return int(row.id)


def _check_teams(house: House, names: Collection[str]) -> None:
    known = [team.id for team in house.teams]
    wrong = sorted(set(names) - set(known))
    if wrong:
        raise AccountError(f"no such team: {', '.join(wrong)}; there are {', '.join(known)}")


def log_in(house: House, login: str, password: str, origin: str) -> str:
    """Checks a password; the token of the new login. ``origin`` is the address of the browser.

    Raises WrongPassword and TooManyTries. The slow hash is checked outside any transaction.
    """
    now = house.now()
    keys = {f"login {_tidy(login)}": MOST_TRIES_PER_ACCOUNT}
    if not _our_own(origin):
        keys[f"from {origin}"] = MOST_TRIES_PER_ADDRESS
    with house.store.read() as connection:
        for key, most in keys.items():
            if accounts.failures_since(connection, _hash(key), now - TRIES_COUNT_FOR) >= most:
                raise TooManyTries(int(TRIES_COUNT_FOR.total_seconds()))
        row = accounts.by_login(connection, _tidy(login))
    if not _verified(row, password):
        _count_failure(house, list(keys), now)
        raise WrongPassword
    return _begin(house, row, password, now)


def _our_own(origin: str) -> bool:
    """Whether the address is this machine's: a proxy that was not named, behind which everybody would be one person."""
    try:
        return ip_address(origin).is_loopback
    except ValueError:
        return True


def _begin(house: House, row: Row[Any] | None, password: str, now: datetime) -> str:
    if row is None:
        raise WrongPassword
    token = secrets.token_urlsafe(32)
    with house.store.write() as connection:
        if _hasher.check_needs_rehash(row.password_hash):
            accounts.set_hash(connection, row.id, _hasher.hash(password))
        accounts.add_login(connection, _hash(token), row.id, now)
    return token


def _verified(row: Row[Any] | None, password: str) -> bool:
    try:
        _hasher.verify(row.password_hash if row is not None else _DECOY, password)
    except (VerificationError, InvalidHashError):
        return False
    return row is not None and bool(row.active)


def _count_failure(house: House, keys: list[str], now: datetime) -> None:
    with house.store.write() as connection:
        accounts.forget_failures(connection, now - TRIES_COUNT_FOR)
        for key in keys:
            accounts.add_failure(connection, _hash(key), now)


def user_of(house: House, token: str, *, touch: bool = True) -> User | None:
    """Who is logged in with a token; None when the login ended, rested too long, or the account is closed.

    ``touch`` is False for what a page asks by itself: an open tab alone does not keep a login alive.
    """
    now = house.now()
    with house.store.read() as connection:
        row = accounts.user_of(connection, _hash(token))
        of = frozenset[str]() if row is None else teams.of_user(connection, row.id)
    if row is None or now - row.login_at > LOGIN_LASTS or now - row.seen_at > LOGIN_RESTS:
        return None
    if touch and now - row.seen_at > TOUCH_AFTER:
        with house.store.write() as connection:
            accounts.touch_login(connection, _hash(token), now)
    return User(row.id, row.login, row.name, row.language, Role(row.role), of)


def log_out(house: House, token: str) -> None:
    """Ends a login."""
    with house.store.write() as connection:
        accounts.end_login(connection, _hash(token))


def set_password(house: House, login: str, password: str) -> None:
    """Another password for an account; its logins end. Raises AccountError."""
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(f"a password has at least {SHORTEST_PASSWORD} characters")
    with house.store.write() as connection:
        row = accounts.by_login(connection, _tidy(login))
        if row is None:
            raise AccountError("there is no account of that name")
        accounts.set_password(connection, row.id, _hasher.hash(password))


def _tidy(login: str) -> str:
    return login.strip().casefold()


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
