"""Accounts that log in through the organisation's identity service.

Which account somebody of the service has is decided once: by an e-mail address that the service verified and that is
the account's own login name, or by its owner, who is logged in here and proves to be that person there.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, Row

from bot.identity import Person
from bot.service import passwords
from bot.service.account_errors import AnothersIdentity, NoAccountHere, NoSuchAccount
from bot.service.accounts import tidy
from bot.service.house import House
from bot.service.logins import begin
from bot.service.tries import hash_of
from bot.store import accounts


def log_in(house: House, person: Person, device: str) -> str:
    """The token of a new login. Raises NoAccountHere."""
    nobody_knows = passwords.hashed(secrets.token_urlsafe(32))
    with house.store.write() as connection:
        row = accounts.by_subject(connection, subject(person)) or _first_time(house, connection, person, nobody_knows)
        if row is None or not row.active:
            raise NoAccountHere
        return begin(connection, row, device, house.now())


def _first_time(house: House, connection: Connection, person: Person, nobody_knows: str) -> Row[object] | None:
    """The account whose login name is the person's address. A password to begin with is good no more."""
    row = accounts.by_login(connection, tidy(person.email)) if person.email else None
    if row is None or not row.active or row.subject is not None:
        return None
    password_hash = nobody_knows if row.must_change else row.password_hash
    accounts.change(connection, row.id, subject=subject(person), password_hash=password_hash, must_change=False)
    accounts.add_event(connection, "identity_linked", row.id, house.now(), by=row.id)
    return row


def link(house: House, user_id: int, person: Person) -> None:
    """Whoever is logged in here is that person there. Raises AnothersIdentity."""
    with house.store.write() as connection:
        row = accounts.by_subject(connection, subject(person))
        if row is not None and row.id != user_id:
            raise AnothersIdentity
        accounts.change(connection, user_id, subject=subject(person))
        accounts.add_event(connection, "identity_linked", user_id, house.now(), by=user_id)


def unlink(house: House, by: int, user_id: int) -> None:
    """The account is nobody's at the identity service any more. Raises NoSuchAccount."""
    with house.store.write() as connection:
        row = accounts.get(connection, user_id, lock=True)
        if row is None:
            raise NoSuchAccount
        accounts.change(connection, user_id, subject=None)
        if row.subject is not None:
            accounts.add_event(connection, "identity_unlinked", user_id, house.now(), by=by)


def subject(person: Person) -> str:
    """What the store keeps of who somebody is there: at some services the subject itself says too much."""
    return hash_of(f"{person.issuer}\n{person.subject}").hex()
