"""What counsellors see of messages that came in for real and that nobody could read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.service.house import House
from bot.store import messages


@dataclass(frozen=True, slots=True)
class Aside:
    """Something that was set aside. ``reason``: our own word for why; ``body``: what came in, as it came."""

    id: int
    channel: str
    reason: str
    body: str
    at: datetime


def listed(house: House) -> list[Aside]:
    """What was set aside, the newest first; no more than the newest hundred."""
    with house.store.read() as connection:
        rows = messages.aside(connection)
    return [Aside(id=row.id, channel=row.channel, reason=row.reason, body=row.body, at=row.at) for row in rows]
