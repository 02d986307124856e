"""How often somebody may try: kept in the store, so that it holds for every process and after a new start."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.service.account_errors import TooManyTries
from bot.store import accounts

COUNT_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many failed tries within ``COUNT_FOR`` under one key."""

    key: str
    most: int


def check(connection: Connection, limits: Iterable[Limit], now: datetime) -> None:
    """Raises TooManyTries where a limit is reached."""
    if any(_count(connection, limit, now) >= limit.most for limit in limits):
        raise TooManyTries(int(COUNT_FOR.total_seconds()))


def failed(connection: Connection, limits: Iterable[Limit], now: datetime) -> list[Limit]:
    """Counts a failed try; the limits that are reached by it."""
    accounts.forget_failures(connection, now - COUNT_FOR)
    reached = []
    for limit in limits:
        accounts.add_failure(connection, hash_of(limit.key), now)
        if _count(connection, limit, now) == limit.most:
            reached.append(limit)
    return reached


def _count(connection: Connection, limit: Limit, now: datetime) -> int:
    return accounts.failures_since(connection, hash_of(limit.key), now - COUNT_FOR)


def hash_of(text: str) -> bytes:
    """What the store keeps of a token or a key."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
