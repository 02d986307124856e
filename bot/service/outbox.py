"""The outbox's side of the store: take messages to send, record what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.messages import Outbound, SendError, Status, Urn
from bot.service.house import House
from bot.service.turns import FAREWELL, fail, settle
from bot.store import cases, contacts, messages

LEASE = timedelta(seconds=60)
"""Longer than any one try takes: a lease that ran out belonged to a worker that died."""

EXPIRES = timedelta(hours=24)
"""A question or answer of yesterday helps nobody: after a day of trying, people take over."""


def take(house: House, channels: Iterable[str], limit: int) -> list[Outbound]:
    """Claims up to ``limit`` messages, at most one an address. Those to addresses that stopped are failed here."""
    now = house.now()
    with house.store.write() as connection:
        claimed = messages.claim(connection, now, LEASE, channels, limit)
        rows = {row.id: row for row in messages.some(connection, [message.id for message in claimed])}
        ready = []
        for message in claimed:
            row = rows[message.id]
            unwanted = row.kind != FAREWELL and message.channel in _written(house)
            if unwanted and contacts.is_stopped(connection, message.urn):
                fail(connection, row, "stopped", "", now)
            else:
                ready.append(message)
    return ready


def _written(house: House) -> set[str]:
    """STOP is about messages; a call is another matter."""
    return {channel.name for channel in house.channels.values() if channel.mode != "voice"}


def unknown(house: House, channel: str, candidates: Sequence[str]) -> str | None:
    """The first provider id that is of no message we know: the one an uncertain try left behind."""
    with house.store.read() as connection:
        return next((c for c in candidates if messages.by_provider_id(connection, channel, c) is None), None)


def sent(house: House, message: Outbound, provider_id: str) -> None:
    """The provider has it. Receipts that overtook this are taken now."""
    now = house.now()
    with house.store.write() as connection:
        moved = messages.move(connection, message.id, Status.SENT, provider_id=provider_id, uncertain=False)
        if not moved:
            return
        row = messages.some(connection, [message.id])[0]
        cases.add_event(connection, "status", row.contact_id, now, message_id=row.id)
        for word in messages.receipts_of(connection, message.channel, provider_id):
            settle(connection, messages.some(connection, [message.id])[0], word, now)


def tries(house: House, message: Outbound) -> int:
    """How often a message was tried, this time included."""
    with house.store.read() as connection:
        return messages.attempts(connection, message.id)


def later(house: House, message: Outbound, error: SendError, at: datetime, *, uncertain: bool) -> None:
    """To be tried again at ``at``; after a day it has failed for good."""
    now = house.now()
    with house.store.write() as connection:
        row = messages.some(connection, [message.id])[0]
        if now - row.at > EXPIRES:
            fail(connection, row, "gave_up", error.code, now)
            return
        values = {"next_at": at, "reason": error.reason, "code": error.code}
        messages.move(connection, message.id, Status.QUEUED, uncertain=uncertain or message.uncertain, **values)


def never(house: House, message: Outbound, error: SendError, *, stopped: bool) -> None:
    """Trying again cannot help: people are told, and an address whose owner said stop is left in peace."""
    now = house.now()
    with house.store.write() as connection:
        row = messages.some(connection, [message.id])[0]
        if stopped:
            contacts.set_stopped(connection, Urn.parse(row.urn), now)
        fail(connection, row, error.reason, error.code, now)
