"""The outbox's side of the store: take messages to send, record what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from bot.messages import Mode, Outbound, Permanent, SendError, Status, Urn
from bot.service.house import House
from bot.service.receipts import fail, settle, with_contact
from bot.service.turns import FAREWELL
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
        rows = messages.some(connection, [message.id for message in claimed])
        refused = {row.id: why for row in rows if (why := _unwanted(house, connection, row, now))}
    for message in claimed:
        if message.id in refused:
            never(house, message, Permanent(refused[message.id]), stopped=False)
    return [message for message in claimed if message.id not in refused]


def _unwanted(house: House, connection: Connection, row: Row[Any], now: datetime) -> str:
    """Why a message is not sent any more; empty when it is. STOP is about messages, not about the goodbye or a call."""
    if now - row.at > EXPIRES:
        return "gave_up"
    written = house.channels[row.channel].mode is not Mode.VOICE
    stopped = written and row.kind != FAREWELL and contacts.is_stopped(connection, Urn.parse(row.urn))
    return "stopped" if stopped else ""


def unknown(house: House, channel: str, candidates: Sequence[str]) -> str | None:
    """The first provider id that is of no message we know: the one an uncertain try left behind."""
    with house.store.read() as connection:
        return next((c for c in candidates if messages.by_provider_id(connection, channel, c) is None), None)


def sent(house: House, message: Outbound, provider_id: str) -> None:
    """The provider has it. Receipts that overtook this are taken now."""
    now = house.now()
    with house.store.write() as connection:
        row = _locked(connection, message)
        if not messages.move(connection, message.id, Status.SENT, provider_id=provider_id, uncertain=False):
            return
        cases.add_event(connection, "status", row.contact_id, now, message_id=row.id)
    with house.store.write() as connection:
        row = _locked(connection, message)
        for word in messages.receipts_of(connection, message.channel, provider_id):
            settle(connection, row, word, now)


def _locked(connection: Connection, message: Outbound) -> Row[Any]:
    return with_contact(connection, messages.some(connection, [message.id])[0])


def tries(house: House, message: Outbound) -> int:
    """How often a message was tried, this time included."""
    with house.store.read() as connection:
        return messages.attempts(connection, message.id)


def later(house: House, message: Outbound, error: SendError, at: datetime, *, uncertain: bool) -> None:
    """To be tried again at ``at``; after a day it has failed for good."""
    now = house.now()
    with house.store.write() as connection:
        row = _locked(connection, message)
        if now - row.at > EXPIRES:
            fail(connection, row, "gave_up", error.code, now)
            return
        values = {"next_at": at, "reason": error.reason, "code": error.code}
        messages.move(connection, message.id, Status.QUEUED, uncertain=uncertain or message.uncertain, **values)
        cases.add_event(connection, "postponed", row.contact_id, now, message_id=row.id)


def never(house: House, message: Outbound, error: SendError, *, stopped: bool) -> None:
    """Trying again cannot help: people are told, and an address whose owner said stop is left in peace."""
    now = house.now()
    with house.store.write() as connection:
        row = _locked(connection, message)
        if stopped:
            contacts.set_stopped(connection, Urn.parse(row.urn), now)
        fail(connection, row, error.reason, error.code, now)
