"""Files that contacts send: expected in the turn that tells of them, fetched by the worker, seen by counsellors."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from bot.attachments import (
    KINDS,
    LARGEST,
    MOST_A_DAY,
    MOST_AN_HOUR,
    AttachmentState,
    FileKind,
    Refusal,
    Refused,
    Shown,
    kind_of,
    tidy_name,
)
from bot.events import EventType
from bot.messages import Inbound, Media, SendError
from bot.pictures import draw_anew
from bot.service.case_errors import NoAttachment
from bot.service.case_views import existing
from bot.service.house import House
from bot.store import attachments, cases

LEASE = timedelta(seconds=90)
"""Longer than any one try takes: a lease that ran out belonged to a worker that died."""

MOST_TRIES = 8
"""Tries to fetch a file, over some nine minutes."""

FETCHED = frozenset({"photo", "voice_note", "audio", "document", "video", "video_note"})
"""Kinds of media that are worth a look. A sticker is a mood; its name says enough."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to fetch: ``reference`` is the name that the provider of ``channel`` has for it."""

    id: int
    channel: str
    reference: str
    tries: int


@dataclass(frozen=True, slots=True)
class File:
    """A file for a counsellor's browser."""

    content: bytes
    kind: FileKind
    name: str


def expect(
    house: House, connection: Connection, inbound: Inbound, message_id: int, contact_id: int, now: datetime
) -> None:
    """Writes down the files of a message that has just come in. The contact is locked."""
    if not house.channels[inbound.channel].fetches:
        return
    wanted = [(place, media) for place, media in enumerate(inbound.media) if media.kind in FETCHED]
    room = MOST_AN_HOUR - attachments.counted(connection, contact_id, now - HOUR) if wanted else 0
    about = {"message_id": message_id, "contact_id": contact_id, "at": now}
    rows = [{**about, "place": place, **_expected(media, room - n, now)} for n, (place, media) in enumerate(wanted)]
    attachments.add(connection, rows)


def _expected(media: Media, room: int, now: datetime) -> dict[str, Any]:
    told = {"reference": media.reference[:255], "name": media.name}
    why = Refusal.TOO_LARGE if (media.size or 0) > LARGEST else Refusal.TOO_MANY if room <= 0 else None
    if why is not None:
        return {**told, "state": AttachmentState.REFUSED.value, "reason": why.value}
    return {**told, "state": AttachmentState.WAITING.value, "next_at": now}


# The worker


def take(house: House, channels: Collection[str], limit: int) -> list[Wanted]:
    """Claims files to fetch, each for one worker alone."""
    with house.store.write() as connection:
        rows = attachments.claim(connection, house.now(), LEASE, channels, limit)
    return [Wanted(row.id, row.channel, row.reference, row.tries) for row in rows]


def keep(house: House, wanted: Wanted, content: bytes) -> None:
    """A file is here: looked at, pictures drawn anew, and stored; or refused, which people are told."""
    try:
        values = _looked_at(content)
    except Refused as refused:
        _settle(house, wanted, AttachmentState.REFUSED, reason=refused.why.value)
        return
    _settle(house, wanted, AttachmentState.KEPT, **values)


def _looked_at(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST:
        raise Refused(Refusal.TOO_LARGE)
    kind = kind_of(content)
    if kind.shown is not Shown.PICTURE:
        return {"kind": kind.content_type, "content": content, "size": len(content)}
    drawn = draw_anew(content)
    size = len(drawn.content)
    return {"kind": "image/jpeg", "content": drawn.content, "thumbnail": drawn.thumbnail, "size": size}


def later(house: House, wanted: Wanted, at: datetime) -> None:
    """To be fetched again at ``at``."""
    with house.store.write() as connection:
        attachments.change(connection, wanted.id, next_at=at)


def never(house: House, wanted: Wanted, error: SendError) -> None:
    """A file that cannot be fetched: people are told why."""
    too_large = error.reason == Refusal.TOO_LARGE
    state = AttachmentState.REFUSED if too_large else AttachmentState.FAILED
    _settle(house, wanted, state, reason=error.reason)


EVENTS: dict[AttachmentState, EventType] = {
    AttachmentState.KEPT: "attachment_kept",
    AttachmentState.REFUSED: "attachment_refused",
    AttachmentState.FAILED: "attachment_failed",
}


def _settle(house: House, wanted: Wanted, state: AttachmentState, **values: Any) -> None:
    now = house.now()
    with house.store.write() as connection:
        row = _locked(connection, wanted.id)
        if row is None or row.state != AttachmentState.WAITING.value:
            return
        if state is AttachmentState.KEPT and _too_much(connection, row, values["size"], now):
            state, values = AttachmentState.REFUSED, {"reason": Refusal.TOO_MUCH.value}
        attachments.change(connection, row.id, state=state.value, next_at=None, **values)
        case = cases.open_case(connection, row.contact_id)
        case_id = None if case is None else case.id
        cases.add_event(connection, EVENTS[state], row.contact_id, now, case_id=case_id, message_id=row.message_id)


def _too_much(connection: Connection, row: Row[Any], size: int, now: datetime) -> bool:
    return attachments.weight(connection, row.contact_id, now - DAY) + size > MOST_A_DAY


def _locked(connection: Connection, attachment_id: int) -> Row[Any] | None:
    """The file, with its contact locked first: the order in which everybody locks. None when it is gone."""
    found = attachments.get(connection, attachment_id)
    if found is None:
        return None
    cases.contact(connection, found.contact_id, lock=True)
    return attachments.get(connection, attachment_id, lock=True)


# Counsellors


def of_case(house: House, case_id: int, attachment_id: int, *, small: bool = False) -> File:
    """A file of a case's contact, or its thumbnail. Raises NoSuchCase, NoAttachment."""
    with house.store.read() as connection:
        case = existing(connection, case_id)
        row = attachments.get(connection, attachment_id)
        if row is None or row.contact_id != case.contact_id or row.state != AttachmentState.KEPT.value:
            raise NoAttachment
        content = attachments.held(connection, attachment_id, small=small)
    if not content:
        raise NoAttachment
    kind = KINDS["image/webp" if small else row.kind]
    return File(content, kind, tidy_name(row.name, kind))
