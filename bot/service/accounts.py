"""Accounts: how one is made, and its password."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from bot.roles import Right, Role, Viewer
from bot.service import passwords
from bot.service.account_errors import (
    AccountError,
    BadLogin,
    BadName,
    NameTaken,
    NoSuchAccount,
    NoSuchTeam,
    SamePassword,
)
from bot.service.house import House
from bot.store import accounts, teams

__all__ = ["AccountError", "User", "add_user", "change_own_password", "first_role", "set_password", "set_teams"]

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class User:
    """A counsellor who is logged in.

    ``waits_for_code``: the password was right, the code of the second factor was not given yet. ``code_on``: there is a
    second factor. ``must_change``: the password is one that somebody else made. ``away``: takes no new cases now.
    """

    id: int
    login: str
    name: str
    language: str
    role: Role = Role.COUNSELLOR
    teams: frozenset[str] = frozenset()
    phone: str = ""
    waits_for_code: bool = False
    code_on: bool = False
    must_change: bool = False
    away: bool = False

    @property
    def viewer(self) -> Viewer:
        """What decides which cases this person sees."""
        return Viewer(self.id, self.role, self.teams)

    def may(self, right: str) -> bool:
        """Whether the role brings a right (``bot.roles.Right``)."""
        return self.viewer.has(Right(right))


def first_role(house: House) -> Role:
    """What the next account is when nobody says: the first one of all can make the others."""
    with house.store.read() as connection:
        return Role.COUNSELLOR if accounts.any_at_all(connection) else Role.ADMINISTRATOR


def add_user(
    house: House,
    login: str,
    name: str,
    password: str,
    language: str = "nl",
    teams_of: Collection[str] = (),
    role: Role = Role.COUNSELLOR,
    *,
    by: int | None = None,
    more: Mapping[str, Any] | None = None,
) -> int:
    """Makes an account, with its teams. ``by``: the administrator; None for the command line. ``more``: other columns.

    Raises AccountError.
    """
    check_teams(house, teams_of)
    values = {
        **(more or {}),
        "login": checked_login(login),
        "name": checked_name(name),
        "password_hash": passwords.hashed(password),
        "language": language,
        "role": role.value,
        "created_at": house.now(),
    }
    with house.store.write() as connection:
        if accounts.by_login(connection, str(values["login"])):
            raise NameTaken
        user_id = accounts.add(connection, values)
        teams.put(connection, user_id, teams_of)
        accounts.add_event(connection, "account_made", user_id, house.now(), by=by, data={"role": role.value})
        return user_id


def set_teams(house: House, login: str, teams_of: Collection[str]) -> int:
    """The teams of an account: these, and no others. The id of the account. Raises AccountError."""
    check_teams(house, teams_of)
    with house.store.write() as connection:
        row = of_login(connection, login)
        if teams.of_user(connection, row.id) != frozenset(teams_of):
            teams.put(connection, row.id, teams_of)
            accounts.add_event(connection, "teams_changed", row.id, house.now(), by=None)
        return int(row.id)


def set_password(house: House, login: str, password: str) -> None:
    """Another password for an account; its logins end. Raises AccountError."""
    password_hash = passwords.hashed(password)
    with house.store.write() as connection:
        row = of_login(connection, login)
        accounts.change(connection, row.id, password_hash=password_hash, must_change=False)
        accounts.end_logins(connection, row.id)
        accounts.add_event(connection, "password_given", row.id, house.now(), by=None)


def change_own_password(house: House, user_id: int, old: str, new: str, keep: bytes) -> None:
    """One's own password, after ``old`` was checked; every other login ends but ``keep``. Raises AccountError."""
    if new == old:
        raise SamePassword
    password_hash = passwords.hashed(new)
    with house.store.write() as connection:
        accounts.change(connection, user_id, password_hash=password_hash, must_change=False)
        accounts.end_logins(connection, user_id, keep)
        accounts.add_event(connection, "password_changed", user_id, house.now(), by=user_id)


def of_login(connection: Connection, login: str) -> Row[Any]:
    """The account of that name. Raises NoSuchAccount."""
    row = accounts.by_login(connection, tidy(login))
    if row is None:
        raise NoSuchAccount
    return row


def check_teams(house: House, names: Collection[str]) -> None:
    """Raises NoSuchTeam."""
    known = [team.id for team in house.teams]
    wrong = sorted(set(names) - set(known))
    if wrong:
        raise NoSuchTeam(wrong, known)


def checked_name(name: str) -> str:
    """What contacts and colleagues read. Raises BadName."""
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise BadName
    return name.strip()


def checked_login(login: str) -> str:
    """What somebody logs in with. Raises BadLogin."""
    if not 0 < len(tidy(login)) <= LONGEST_NAME:
        raise BadLogin
    return tidy(login)


def tidy(login: str) -> str:
    """Large and small letters are the same name."""
    return login.strip().casefold()
