"""Passwords: hashed, checked, and made for who begins. Slow on purpose: never inside a transaction."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.service.account_errors import TooShort

SHORTEST_PASSWORD = 12

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody mistakes for one another."""

_hasher = PasswordHasher()
_DECOY = _hasher.hash(secrets.token_hex(16))
"""Checked when there is no such account: a wrong name takes as long as a wrong password."""


def hashed(password: str) -> str:
    """What the store keeps of a password. Raises TooShort."""
    if len(password) < SHORTEST_PASSWORD:
        raise TooShort(SHORTEST_PASSWORD)
    return _hasher.hash(password)


def fits(password: str, password_hash: str | None) -> bool:
    """Whether this is the password; never when there is no account, after just as long."""
    try:
        _hasher.verify(_DECOY if password_hash is None else password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether it was hashed with parameters of before."""
    return _hasher.check_needs_rehash(password_hash)


def rehashed(password: str) -> str:
    """The same password with the parameters of now, however short it is."""
    return _hasher.hash(password)


def readable(groups: int, length: int) -> str:
    """A random secret to read and type over: ``groups`` groups of ``length``."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(length)) for _ in range(groups))
