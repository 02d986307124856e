"""The second factor: a code that a telephone shows and that changes every half minute (RFC 6238, with pyotp).

No code is good twice. The clock of the telephone may be one step off. Who lost the telephone has ten spare codes, of
which the store keeps the hashes.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import Connection, Row

from bot.service import passwords, tries
from bot.service.account_errors import NoSuchAccount, NotEnrolling, WrongCode
from bot.service.house import House
from bot.service.tries import Limit, hash_of
from bot.store import accounts

MOST_TRIES = 5
STEP = 30
"""Seconds that a code stands."""

DRIFT = (0, -1, 1)
"""Steps by which a telephone's clock may be off."""

SPARE_CODES = 10
ISSUER = "Drempelvrij"

_GROUP = 4


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor that waits for its first code: the secret to type over, and the address that a camera reads."""

    secret: str
    address: str


def begin(house: House, user_id: int) -> None:
    """A new secret, until its first code was right. Raises NotEnrolling where a second factor is on."""
    with house.store.write() as connection:
        row = _locked(connection, user_id)
        if row.totp_since is not None:
            raise NotEnrolling
        accounts.change(connection, user_id, totp_secret=pyotp.random_base32(), totp_used=None)


def enrolment(house: House, user_id: int) -> Enrolment | None:
    """What waits for its first code, if anything does."""
    with house.store.read() as connection:
        row = accounts.get(connection, user_id)
    if row is None or not row.totp_secret or row.totp_since is not None:
        return None
    secret = str(row.totp_secret)
    groups = [secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP)]
    address = pyotp.TOTP(secret).provisioning_uri(name=row.login, issuer_name=ISSUER)
    return Enrolment(" ".join(groups), address)


def spare_left(house: House, user_id: int) -> int:
    """How many spare codes an account still has."""
    with house.store.read() as connection:
        row = accounts.get(connection, user_id)
    return 0 if row is None else len(row.totp_spare or ())


def confirm(house: House, user_id: int, code: str) -> Sequence[str]:
    """The first code is right: from now on one is asked for. The spare codes, this once.

    Raises NotEnrolling, WrongCode, TooManyTries.
    """

    def turn_on(connection: Connection, row: Row[Any], now: datetime) -> Sequence[str]:
        if not row.totp_secret or row.totp_since is not None:
            raise NotEnrolling
        if not _shown_now(connection, row, code, now):
            return ()
        accounts.change(connection, user_id, totp_since=now)
        accounts.add_event(connection, "code_on", user_id, now, by=user_id)
        return _new_spare(connection, user_id)

    return _tried(house, user_id, turn_on)


def check(house: House, token: str, user_id: int, code: str) -> None:
    """The code of a login that waits for it, or a spare one: the login is whole. Raises WrongCode, TooManyTries."""

    def let_in(connection: Connection, row: Row[Any], now: datetime) -> Sequence[str]:
        if not (_shown_now(connection, row, code, now) or _spare_used(connection, row, code, now)):
            return ()
        accounts.change_login(connection, hash_of(token), waits_for_code=False)
        return (code,)

    _tried(house, user_id, let_in)


def renew_spare(house: House, user_id: int) -> Sequence[str]:
    """Ten new spare codes; the old ones are good no more. Raises NotEnrolling."""
    with house.store.write() as connection:
        if _locked(connection, user_id).totp_since is None:
            raise NotEnrolling
        accounts.add_event(connection, "spare_codes_made", user_id, house.now(), by=user_id)
        return _new_spare(connection, user_id)


def take_off(house: House, user_id: int, by: int) -> None:
    """No second factor any more: one's own wish, or an administrator's for who lost the telephone."""
    with house.store.write() as connection:
        row = _locked(connection, user_id)
        accounts.change(connection, user_id, totp_secret="", totp_since=None, totp_used=None, totp_spare=None)
        if row.totp_since is not None:
            accounts.add_event(connection, "code_off", user_id, house.now(), by=by)


def _tried(house: House, user_id: int, attempt: Any) -> Sequence[str]:
    """Counts and checks in one transaction: many tries at once are no way around the limit."""
    limit = Limit(f"code {user_id}", MOST_TRIES)
    with house.store.write() as connection:
        now = house.now()
        row = _locked(connection, user_id)
        tries.check(connection, [limit], now)
        gained: Sequence[str] = attempt(connection, row, now)
        reached = [] if gained else tries.failed(connection, [limit], now)
        if reached:
            accounts.add_event(connection, "account_locked", user_id, now, by=None)
    if not gained:
        raise WrongCode
    return gained


def _locked(connection: Connection, user_id: int) -> Row[Any]:
    row = accounts.get(connection, user_id, lock=True)
    if row is None:
        raise NoSuchAccount
    return row


def _shown_now(connection: Connection, row: Row[Any], typed: str, now: datetime) -> bool:
    """Whether the telephone shows this code about now, and nobody used it."""
    code = _plain(typed)
    if not row.totp_secret or not code.isascii():
        return False
    totp, here = pyotp.TOTP(row.totp_secret, interval=STEP), int(now.timestamp()) // STEP
    steps = [here + drift for drift in DRIFT if hmac.compare_digest(totp.generate_otp(here + drift), code)]
    return bool(steps) and accounts.use_step(connection, row.id, max(steps))


def _spare_used(connection: Connection, row: Row[Any], typed: str, now: datetime) -> bool:
    digest = _spare_hash(typed)
    left = list(row.totp_spare or ())
    if digest not in left:
        return False
    accounts.change(connection, row.id, totp_spare=[one for one in left if one != digest])
    accounts.add_event(connection, "spare_code_used", row.id, now, by=row.id)
    return True


def _new_spare(connection: Connection, user_id: int) -> Sequence[str]:
    codes = [passwords.readable(2, 5) for _ in range(SPARE_CODES)]
    accounts.change(connection, user_id, totp_spare=[_spare_hash(code) for code in codes])
    return codes


def _spare_hash(typed: str) -> str:
    return hash_of(_plain(typed)).hex()


def _plain(typed: str) -> str:
    """A code as it is typed over: spaces and hyphens do not count."""
    return re.sub(r"[\s-]", "", typed).casefold()
