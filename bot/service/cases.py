"""What counsellors do with a case: claim it, and give it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.cases import CaseStatus
from bot.service.case_views import existing
from bot.service.holding import move, own, record, with_case
from bot.service.house import House
from bot.service.taking import take
from bot.store import cases


def claim(house: House, case_id: int, user_id: int) -> None:
    """Takes a case: of several who try, one wins. The bot is silent from here.

    Raises AlreadyClaimed, CaseClosed, EnoughCases, and NotYetYours while somebody else comes first.
    """

    def taking(connection: Connection, case: Row[Any], now: datetime) -> None:
        take(house, connection, case, user_id, now)

    with_case(house, case_id, taking)


def release(house: House, case_id: int, user_id: int) -> None:
    """Puts a claimed case back in the queue. Raises NotYours, CaseClosed."""

    def releasing(connection: Connection, case: Row[Any], now: datetime) -> None:
        own(case, user_id)
        _put_back(connection, case, user_id, now)

    with_case(house, case_id, releasing)


def put_back_all(connection: Connection, owner_id: int, by: int, now: datetime) -> None:
    """What somebody has who works here no more waits for others again. ``by``: who closed the account."""
    for case_id, contact_id in cases.owned(connection, owner_id):
        cases.contact(connection, contact_id, lock=True)
        case = existing(connection, case_id, lock=True)
        if case.owner_id == owner_id and case.status != CaseStatus.CLOSED.value:
            _put_back(connection, case, by, now)


def _put_back(connection: Connection, case: Row[Any], by: int, now: datetime) -> None:
    nobodys = {"owner_id": None, "claimed_at": None, "snoozed_until": None, "handed_by_id": None}
    move(connection, case, CaseStatus.OPEN, waiting_since=case.waiting_since or now, **nobodys)
    record(connection, "released", case, by, now)
