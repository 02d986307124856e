"""Messages in and out in one table: what a person and we said, in order. Also the outbox and its receipts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.calls import CallState
from bot.deliveries import may_move
from bot.messages import Choice, Inbound, Kind, Outbound, Receipt, Said, Status, Urn
from bot.store.schema import STILL_OPEN, calls, messages, quarantine, receipts

RECEIVED = "received"


def _dialect(connection: Connection) -> Any:
    return sqlite if connection.dialect.name == "sqlite" else postgresql


def insert_inbound(connection: Connection, contact_id: int, inbound: Inbound, now: datetime) -> int | None:
    """Stores a message in; None when it is there already."""
    values = {
        "contact_id": contact_id,
        "direction": "in",
        "author": "contact",
        "channel": inbound.channel,
        "account": inbound.account,
        "urn": str(inbound.urn),
        "provider_id": inbound.provider_id,
        "kind": inbound.kind.value,
        "text": inbound.text,
        "choices": [],
        "media": [media.to_dict() for media in inbound.media],
        "status": RECEIVED,
        "at": now,
    }
    statement = (
        _dialect(connection)
        .insert(messages)
        .values(values)
        .on_conflict_do_nothing(index_elements=["direction", "channel", "account", "provider_id"])
        .returning(messages.c.id)
    )
    found: int | None = connection.execute(statement).scalar()
    return found


def find_inbound(connection: Connection, inbound: Inbound, provider_id: str) -> Row[Any] | None:
    """The stored message of that name on the same channel and account."""
    return connection.execute(
        select(messages).where(
            messages.c.direction == "in",
            messages.c.channel == inbound.channel,
            messages.c.account == inbound.account,
            messages.c.provider_id == provider_id,
        )
    ).one_or_none()


def settle_inbound(
    connection: Connection, message_id: int, *, step: str, meaning: str, outcome: Sequence[Said], text: str
) -> None:
    """Completes a stored message with what it was taken for and what was answered."""
    said = [part.to_dict() for part in outcome]
    values = {"step": step, "meaning": meaning, "outcome": said, "text": text}
    connection.execute(update(messages).where(messages.c.id == message_id).values(values))


def insert_outbound(connection: Connection, rows: Iterable[dict[str, Any]]) -> list[int]:
    """Puts messages in the outbox, in order."""
    defaults = {"direction": "out", "kind": "text", "media": [], "choices": []}
    statement = insert(messages).returning(messages.c.id)
    return [connection.execute(statement.values({**defaults, **row})).scalar_one() for row in rows]


def of_contact(connection: Connection, contact_id: int, after: int = 0) -> list[Row[Any]]:
    """Everything said with a contact, in order."""
    query = select(messages).where(messages.c.contact_id == contact_id, messages.c.id > after)
    return list(connection.execute(query.order_by(messages.c.id)))


def some(connection: Connection, ids: Iterable[int]) -> list[Row[Any]]:
    """Those messages, in order."""
    return list(connection.execute(select(messages).where(messages.c.id.in_(set(ids))).order_by(messages.c.id)))


def by_token(connection: Connection, token: str) -> Row[Any] | None:
    """The reply of that name, when it is there already."""
    return connection.execute(select(messages).where(messages.c.token == token)).one_or_none()


def last_by_counsellor(connection: Connection, contact_id: int) -> datetime | None:
    """When a counsellor last answered a contact; None when nobody did."""
    query = select(messages.c.at).where(messages.c.contact_id == contact_id, messages.c.author == "counsellor")
    found: datetime | None = connection.execute(query.order_by(messages.c.id.desc()).limit(1)).scalar()
    return found


def came_after(connection: Connection, contact_id: int, message_id: int) -> bool:
    """Whether the contact wrote after that message."""
    own = (messages.c.contact_id == contact_id, messages.c.direction == "in", messages.c.id > message_id)
    return connection.execute(select(messages.c.id).where(*own).limit(1)).first() is not None


def with_tokens(connection: Connection, tokens: Iterable[str]) -> list[Row[Any]]:
    """The replies of those names that are there."""
    return list(connection.execute(select(messages).where(messages.c.token.in_(list(tokens)))))


def last_channel(connection: Connection, contact_id: int) -> str:
    """The channel that a contact used last; empty when none."""
    query = select(messages.c.channel).where(messages.c.contact_id == contact_id, messages.c.direction == "in")
    return connection.execute(query.order_by(messages.c.id.desc()).limit(1)).scalar() or ""


def last_heard(connection: Connection, contact_id: int, channel: str) -> datetime | None:
    """When a contact last wrote on a channel; None when never."""
    query = select(messages.c.at).where(
        messages.c.contact_id == contact_id, messages.c.channel == channel, messages.c.direction == "in"
    )
    found: datetime | None = connection.execute(query.order_by(messages.c.id.desc()).limit(1)).scalar()
    return found


def last_account(connection: Connection, contact_id: int, channel: str) -> str | None:
    """Our own address that this person last used on a channel: the answer comes from where they know us."""
    query = select(messages.c.account).where(
        messages.c.contact_id == contact_id, messages.c.channel == channel, messages.c.direction == "in"
    )
    return connection.execute(query.order_by(messages.c.id.desc()).limit(1)).scalar()


MOST_TURNS = 50
"""Turns of one call: the provider carries out no more documents (Twilio, error 14106)."""


def last_of_call(connection: Connection, call: str) -> Row[Any] | None:
    """The newest turn of a call that came in."""
    turns = [f"{call}:{turn}" for turn in range(MOST_TURNS + 1)]
    query = select(messages).where(
        messages.c.channel == "voice", messages.c.provider_id.in_(turns), messages.c.direction == "in"
    )
    return connection.execute(query.order_by(messages.c.id.desc()).limit(1)).one_or_none()


_TOLD = frozenset({Kind.MEDIA.value, Kind.RECORDING.value})
_TALKED = frozenset({CallState.BRIDGED.value, CallState.ENDED.value})


def unanswered_since(connection: Connection, contact_id: int, since: datetime) -> datetime | None:
    """The oldest thing that a contact said after ``since`` and after the last answer of a person that arrived."""
    own = messages.c.contact_id == contact_id
    arrived = or_(calls.c.id.is_(None), calls.c.state.in_(_TALKED))
    answered = (
        select(func.max(messages.c.id))
        .outerjoin(calls, calls.c.message_id == messages.c.id)
        .where(own, messages.c.author == "counsellor", messages.c.status != Status.FAILED.value, arrived)
    )
    last: int = connection.execute(answered).scalar() or 0
    told = or_(messages.c.text != "", messages.c.kind.in_(_TOLD))
    newer = (messages.c.id > last, messages.c.at >= since)
    found: datetime | None = connection.execute(
        select(func.min(messages.c.at)).where(own, messages.c.direction == "in", told, *newer)
    ).scalar()
    return found


# The outbox


def claim(
    connection: Connection, now: datetime, lease: timedelta, channels: Iterable[str], limit: int
) -> list[Outbound]:
    """Takes messages to send: of each address the oldest that is still open, if it is due.

    A lease that ran out belonged to a worker that died while sending: that message is uncertain.
    """
    heads = select(func.min(messages.c.id)).where(text(STILL_OPEN)).group_by(messages.c.urn)
    # An expression, so that SQLite does not go through every message of a channel instead of the few heads.
    offered = func.coalesce(messages.c.channel, "").in_(list(channels))
    due = or_(
        and_(messages.c.status == Status.QUEUED.value, messages.c.next_at <= now),
        and_(messages.c.status == Status.SENDING.value, messages.c.leased_until < now),
    )
    ready = (
        select(messages.c.id)
        .where(messages.c.id.in_(heads), due, offered)
        .order_by(messages.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(connection.execute(ready).scalars())
    rows = some(connection, ids)
    connection.execute(
        update(messages)
        .where(messages.c.id.in_(ids))
        .values(status=Status.SENDING.value, leased_until=now + lease, attempts=messages.c.attempts + 1)
    )
    for row in rows:
        if row.tried_at is None:
            connection.execute(update(messages).where(messages.c.id == row.id).values(tried_at=now))
    return [_outbound(row, now) for row in rows]


def _outbound(row: Row[Any], now: datetime) -> Outbound:
    return Outbound(
        id=row.id,
        channel=row.channel,
        account=row.account,
        urn=Urn.parse(row.urn),
        text=row.text,
        language=row.language,
        choices=tuple(Choice(**choice) for choice in row.choices),
        uncertain=row.uncertain or row.status == Status.SENDING.value,
        first_tried_at=row.tried_at or now,
    )


def attempts(connection: Connection, message_id: int) -> int:
    """How often a message was tried."""
    return int(connection.execute(select(messages.c.attempts).where(messages.c.id == message_id)).scalar_one())


def move(connection: Connection, message_id: int, to: Status, **values: Any) -> bool:
    """Moves a message out to another status if the table of moves allows it; whether it did."""
    row = connection.execute(select(messages.c.status).where(messages.c.id == message_id).with_for_update()).one()
    if not may_move(Status(row.status), to):
        return False
    connection.execute(
        update(messages).where(messages.c.id == message_id).values(status=to.value, leased_until=None, **values)
    )
    return True


def by_provider_id(connection: Connection, channel: str, provider_id: str) -> Row[Any] | None:
    """The message out that a provider knows by that name."""
    return connection.execute(
        select(messages).where(
            messages.c.direction == "out",
            messages.c.channel == channel,
            messages.c.provider_id == provider_id,
        )
    ).one_or_none()


# Receipts


def insert_receipt(connection: Connection, receipt: Receipt, now: datetime) -> bool:
    """Keeps a receipt, also one that overtakes the answer to our own request; False when it is there already."""
    values = {
        "channel": receipt.channel,
        "provider_id": receipt.provider_id,
        "status": receipt.status.value,
        "code": receipt.code,
        "at": now,
    }
    statement = (
        _dialect(connection)
        .insert(receipts)
        .values(values)
        .on_conflict_do_nothing(index_elements=["channel", "provider_id", "status"])
        .returning(receipts.c.id)
    )
    return connection.execute(statement).scalar() is not None


def receipts_of(connection: Connection, channel: str, provider_id: str) -> list[Receipt]:
    """The receipts kept for one message, in the order they came."""
    query = select(receipts).where(receipts.c.channel == channel, receipts.c.provider_id == provider_id)
    rows = connection.execute(query.order_by(receipts.c.id))
    return [Receipt(row.channel, row.provider_id, Status(row.status), row.code) for row in rows]


# Quarantine


def set_aside(connection: Connection, channel: str, provider_id: str, reason: str, body: str, now: datetime) -> None:
    """Keeps something authentic that we could not read."""
    values = {"channel": channel, "provider_id": provider_id, "reason": reason, "body": body, "at": now}
    statement = _dialect(connection).insert(quarantine).values(values).on_conflict_do_nothing()
    connection.execute(statement)


def count_aside(connection: Connection) -> int:
    """How much lies in quarantine."""
    return int(connection.execute(select(func.count()).select_from(quarantine)).scalar_one())


def aside(connection: Connection) -> list[Row[Any]]:
    """What lies in quarantine, newest first."""
    return list(connection.execute(select(quarantine).order_by(quarantine.c.id.desc()).limit(100)))
