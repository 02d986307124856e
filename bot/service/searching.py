"""Looking for somebody: by name, by a number written in any way, by the number of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.cases import CaseStatus, Reason
from bot.roles import Viewer
from bot.searching import sought
from bot.service.access import seen_by
from bot.service.house import House
from bot.store import search as store

MOST = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who was found. ``case_id`` is None for who never had a conversation with people.

    ``at``: when the case was opened or closed; without a case, when the person was last heard.
    """

    contact_id: int
    name: str
    language: str
    at: datetime
    case_id: int | None = None
    status: CaseStatus = CaseStatus.CLOSED
    reason: Reason = Reason.INTAKE
    owner_name: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; ``more``: not all of it fits here."""

    hits: tuple[Hit, ...]
    more: bool = False


def find(house: House, viewer: Viewer, typed: str) -> Found:
    """Cases, open and closed, that a viewer may see, then people without any case: no more than ``MOST`` together."""
    wanted = sought(typed)
    if not wanted:
        return Found(())
    with house.store.read() as connection:
        rows = store.found(connection, wanted)
        others = store.without_case(connection, wanted, MOST + 1)
    hits = [*map(_of_case, seen_by(house, viewer, rows)), *map(_of_contact, others)]
    return Found(tuple(hits[:MOST]), more=len(hits) > MOST or len(rows) == store.MOST)


def _of_case(row: Row[Any]) -> Hit:
    return Hit(
        contact_id=row.contact_id,
        name=row.name,
        language=row.language,
        at=row.closed_at or row.opened_at,
        case_id=row.id,
        status=CaseStatus(row.status),
        reason=Reason(row.reason),
        owner_name=row.owner_name,
    )


def _of_contact(row: Row[Any]) -> Hit:
    return Hit(contact_id=row.id, name=row.name, language=row.language, at=row.seen_at)
