"""The people who work here: seen by leads and administrators, changed by administrators. Everything is written down."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from sqlalchemy import Connection, Row

from bot.events import AccountEventType
from bot.roles import Right, Role, Viewer
from bot.service import passwords
from bot.service.account_errors import (
    BadLanguage,
    BadLimit,
    BadNumber,
    LastAdministrator,
    NoSuchAccount,
    Oneself,
)
from bot.service.accounts import add_user, check_teams, checked_name, of_login
from bot.service.cases import put_back_all
from bot.service.house import House
from bot.service.routing import PRESENT
from bot.store import accounts, teams

MOST_OPEN = 99
COSTLY = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)
COUNTRY = "BE"


@dataclass(frozen=True, slots=True)
class Details:
    """What an administrator decides about an account. ``most_open``: as it was typed; empty: as the team says."""

    name: str
    language: str = "nl"
    phone: str = ""
    role: Role = Role.COUNSELLOR
    teams: frozenset[str] = field(default_factory=frozenset)
    most_open: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here. ``present``: at work a moment ago; ``identity``: known to the identity service."""

    id: int
    login: str
    name: str
    language: str
    phone: str
    role: Role
    teams: frozenset[str]
    most_open: int | None
    active: bool
    away: bool
    present: bool
    seen_at: datetime | None
    code_on: bool
    identity: bool


def listed(house: House, viewer: Viewer) -> list[Member]:
    """Everybody, or the people of the viewer's own teams."""
    with house.store.read() as connection:
        rows = accounts.listed(connection)
        of = teams.of_all(connection)
    members = [_member(row, of.get(row.id, frozenset()), house.now()) for row in rows]
    return [member for member in members if _known_to(viewer, member)]


def one(house: House, user_id: int) -> Member:
    """One of them. Raises NoSuchAccount."""
    with house.store.read() as connection:
        rows = [row for row in accounts.listed(connection) if row.id == user_id]
        if not rows:
            raise NoSuchAccount
        return _member(rows[0], teams.of_user(connection, user_id), house.now())


def _known_to(viewer: Viewer, member: Member) -> bool:
    return viewer.has(Right.EVERY_TEAM) or viewer.id == member.id or bool(member.teams & set(viewer.teams))


def _member(row: Row[Any], of: frozenset[str], now: datetime) -> Member:
    seen = max(filter(None, (row.seen_at, row.did_at)), default=None)
    return Member(
        id=row.id,
        login=row.login,
        name=row.name,
        language=row.language,
        phone=row.phone,
        role=Role(row.role),
        teams=of,
        most_open=row.most_open,
        active=row.active,
        away=row.away,
        present=row.seen_at is not None and row.seen_at >= now - PRESENT,
        seen_at=seen,
        code_on=row.totp_since is not None,
        identity=row.subject is not None,
    )


def hire(house: House, by: int, login: str, details: Details) -> tuple[int, str]:
    """A new account, and its first password: to be given to the person, who has to change it. Raises AccountError."""
    password = first_password()
    more = {**_values(house, details), "must_change": True}
    wanted = (details.name, password, details.language, details.teams, details.role)
    return add_user(house, login, *wanted, by=by, more=more), password


def change(house: House, by: int, user_id: int, details: Details) -> None:
    """Changes an account. Raises AccountError, Oneself and LastAdministrator when the role is not to change."""
    values = _values(house, details)
    check_teams(house, details.teams)
    with house.store.write() as connection:
        row = _among_all(connection, user_id)
        if details.role.value != row.role:
            _set_role(connection, row, details.role, by, house.now())
        if details.teams != teams.of_user(connection, user_id):
            teams.put(connection, user_id, details.teams)
            accounts.add_event(connection, "teams_changed", user_id, house.now(), by=by)
        _put(connection, row, values, by, house.now())


def change_own(house: House, user_id: int, name: str, language: str, phone: str) -> None:
    """What everybody decides about the own account. Raises AccountError."""
    values = _values(house, Details(name, language, phone))
    with house.store.write() as connection:
        row = _existing(connection, user_id)
        _put(connection, row, {**values, "most_open": row.most_open}, user_id, house.now())


def set_role(house: House, login: str, role: Role) -> None:
    """Another role, by the command line. Raises NoSuchAccount, LastAdministrator."""
    with house.store.write() as connection:
        row = _among_all(connection, of_login(connection, login).id)
        _set_role(connection, row, role, None, house.now())


def close(house: House, by: int, user_id: int) -> None:
    """Nobody logs in with it any more; its logins end now, its cases wait for others.

    Raises NoSuchAccount, Oneself, LastAdministrator.
    """
    with house.store.write() as connection:
        row = _among_all(connection, user_id)
        if row.id == by:
            raise Oneself
        _not_the_last(connection, row)
        accounts.change(connection, user_id, active=False)
        accounts.end_logins(connection, user_id)
        accounts.add_event(connection, "account_closed", user_id, house.now(), by=by)
        put_back_all(connection, user_id, by, house.now())


def reopen(house: House, by: int, user_id: int) -> None:
    """It is good again. Raises NoSuchAccount."""
    with house.store.write() as connection:
        _existing(connection, user_id)
        accounts.change(connection, user_id, active=True)
        accounts.add_event(connection, "account_opened", user_id, house.now(), by=by)


def end_logins(house: House, by: int, user_id: int) -> None:
    """Whoever is logged in with it has to log in again. Raises NoSuchAccount."""
    with house.store.write() as connection:
        _existing(connection, user_id)
        accounts.end_logins(connection, user_id)
        accounts.add_event(connection, "logins_ended", user_id, house.now(), by=by)


def give_password(house: House, by: int, user_id: int) -> str:
    """A new first password, for who forgot the own one; every login ends. Raises NoSuchAccount, Oneself."""
    if by == user_id:
        raise Oneself
    password = first_password()
    password_hash = passwords.hashed(password)
    with house.store.write() as connection:
        _existing(connection, user_id)
        accounts.change(connection, user_id, password_hash=password_hash, must_change=True)
        accounts.end_logins(connection, user_id)
        accounts.add_event(connection, "password_given", user_id, house.now(), by=by)
    return password


def first_password() -> str:
    """A password to be told and typed once: 77 bits."""
    return passwords.readable(4, 4)


def _existing(connection: Connection, user_id: int) -> Row[Any]:
    row = accounts.get(connection, user_id, lock=True)
    if row is None:
        raise NoSuchAccount
    return row


def _among_all(connection: Connection, user_id: int) -> Row[Any]:
    """The account, once the administrators are locked: two who demote each other take turns."""
    accounts.administrators(connection)
    return _existing(connection, user_id)


def _set_role(connection: Connection, row: Row[Any], role: Role, by: int | None, now: datetime) -> None:
    if row.id == by:
        raise Oneself
    if role is not Role.ADMINISTRATOR:
        _not_the_last(connection, row)
    accounts.change(connection, row.id, role=role.value)
    accounts.add_event(connection, "role_changed", row.id, now, by=by, data={"role": role.value})


def _not_the_last(connection: Connection, row: Row[Any]) -> None:
    if accounts.administrators(connection) == [row.id]:
        raise LastAdministrator


def _put(connection: Connection, row: Row[Any], values: dict[str, Any], by: int, now: datetime) -> None:
    """Writes what is another value now, and that it was changed: which fields, never what stands in them."""
    fields = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not fields:
        return
    changed: AccountEventType = "account_changed"
    accounts.change(connection, row.id, **{name: values[name] for name in fields})
    accounts.add_event(connection, changed, row.id, now, by=by, data={"fields": fields})


def _values(house: House, details: Details) -> dict[str, Any]:
    if details.language not in house.complete:
        raise BadLanguage
    return {
        "name": checked_name(details.name),
        "language": details.language,
        "phone": number(details.phone),
        "most_open": _limit(details.most_open),
    }


def number(typed: str) -> str:
    """A telephone number in full, or empty where none was typed. Raises BadNumber."""
    if not typed.strip():
        return ""
    try:
        parsed = phonenumbers.parse(typed, COUNTRY)
    except phonenumbers.NumberParseException as error:
        raise BadNumber from error
    if not phonenumbers.is_valid_number(parsed) or phonenumbers.number_type(parsed) in COSTLY:
        raise BadNumber
    return str(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))


def _limit(typed: str) -> int | None:
    if not typed.strip():
        return None
    if not (typed.strip().isascii() and typed.strip().isdecimal() and 1 <= int(typed.strip()[:4]) <= MOST_OPEN):
        raise BadLimit
    return int(typed.strip())


def team_names(house: House, names: Collection[str]) -> list[str]:
    """What teams are called, in the order of the file."""
    return [team.name for team in house.teams if team.id in names]
