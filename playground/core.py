"""What every part of the town shares: accounts, wire, post, faults, clock."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from playground.faults import Faults, Receipts
from playground.feed import Feed
from playground.post import Post
from playground.values import Accounts, DoorError
from playground.wire import Transport, Wire

API_VERSION = "2010-04-01"
PER_PHONE = 500
PHONES = 200
MESSAGES = 5000
CALLS = 500

K = TypeVar("K")
V = TypeVar("V")


def new_sid(prefix: str) -> str:
    """A fresh identifier in Twilio's shape: two letters and 32 hexadecimal digits."""
    return prefix + uuid.uuid4().hex


def keep(table: OrderedDict[K, V], key: K, value: V, most: int) -> V:
    """Add to a table and drop its oldest entries beyond `most`."""
    table[key] = value
    while len(table) > most:
        table.popitem(last=False)
    return value


def whole(text: str | None, default: int) -> int:
    """A number written in at most 9 digits; anything else is the default."""
    return int(text) if text and text.isdecimal() and len(text) <= 9 else default


class Clock:
    """The town's time, UTC. `reads` may be replaced in a test."""

    def __init__(self) -> None:
        self.reads: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __call__(self) -> datetime:
        """Now."""
        return self.reads()


@dataclass
class Core:
    """The shared parts. `lock` guards all tables and is never held while HTTP is on its way."""

    accounts: Accounts
    app_url: str
    live: bool
    clock: Clock
    wire: Wire
    post: Post
    receipts: Receipts
    faults: Faults
    feed: Feed
    door_errors: deque[DoorError]
    api_url: str
    lock: threading.RLock = field(default_factory=threading.RLock)


def build_core(accounts: Accounts, app_url: str, *, live: bool, transport: Transport) -> Core:
    """Put the shared parts together."""
    clock, post = Clock(), Post(live=live)
    door_errors: deque[DoorError] = deque(maxlen=PER_PHONE)
    return Core(
        accounts=accounts,
        app_url=app_url,
        live=live,
        clock=clock,
        wire=Wire(accounts.auth_token, transport, door_errors.append),
        post=post,
        receipts=Receipts(post),
        faults=Faults(),
        feed=Feed(clock),
        door_errors=door_errors,
        api_url=f"{app_url}/playground/twilio",
    )
