"""Channels that deliver only for a while after somebody's last message there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from bot.service.house import House
from bot.store import messages

MARGIN = timedelta(minutes=10)
"""Before the end of a window: what is written then may still be under way when it shuts."""


def shut(house: House, connection: Connection, contact_id: int) -> frozenset[str]:
    """The channels that deliver nothing to this contact now, who has not written there for too long."""
    windows = {channel.name: channel.window for channel in house.channels.values() if channel.window is not None}
    heard = {name: messages.last_heard(connection, contact_id, name) for name in windows}
    latest = house.now() + MARGIN
    return frozenset(name for name, window in windows.items() if (at := heard[name]) is None or at + window < latest)
