"""The other cases of the same contact: what it was about, how it ended, who helped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.cases import CaseStatus, Outcome, Reason
from bot.roles import Viewer, may_see
from bot.service.house import House
from bot.store import cases

LONGEST = 50
"""Cases: the newest."""


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """Another case of the same contact. ``closed_at``: None while it is open. ``seen``: the reader may open it."""

    id: int
    opened_at: datetime
    closed_at: datetime | None
    reason: Reason
    outcome: Outcome | None
    programme: str
    owner_name: str
    seen: bool


def others(
    house: House, connection: Connection, case: Row[Any], viewer: Viewer, language: str
) -> tuple[EarlierCase, ...]:
    """The other cases of the contact of a case, the newest first."""
    rows = cases.of_contact(connection, case.contact_id, LONGEST)
    return tuple(_earlier(house, row, viewer, language) for row in rows if row.id != case.id)


def _earlier(house: House, row: Any, viewer: Viewer, language: str) -> EarlierCase:
    return EarlierCase(
        id=row.id,
        opened_at=row.opened_at,
        closed_at=row.closed_at if row.status == CaseStatus.CLOSED else None,
        reason=Reason(row.reason),
        outcome=Outcome(row.outcome) if row.outcome else None,
        programme=house.programme(row.programme, language),
        owner_name=row.owner_name or "",
        seen=may_see(viewer, row, house.now()),
    )
