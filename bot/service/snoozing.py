"""A case is put off: it stays whose it is, out of sight until its time, or until something happens with the contact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.later import may_wait
from bot.service.case_errors import BadMoment
from bot.service.holding import own, record, with_case
from bot.service.house import House
from bot.store import cases


def snooze(house: House, case_id: int, user_id: int, until: datetime) -> None:
    """Puts a case off. Raises NotYours, CaseClosed, BadMoment."""

    def putting_off(connection: Connection, case: Row[Any], now: datetime) -> None:
        own(case, user_id)
        if not may_wait(now, until):
            raise BadMoment
        cases.change(connection, case.id, snoozed_until=until)
        record(connection, "snoozed", case, user_id, now, data={"until": until.isoformat()})

    with_case(house, case_id, putting_off)


def wake(house: House, case_id: int, user_id: int) -> None:
    """Brings a case back now. Raises NotYours, CaseClosed."""

    def waking(connection: Connection, case: Row[Any], now: datetime) -> None:
        own(case, user_id)
        cases.change(connection, case.id, snoozed_until=None)
        record(connection, "woken", case, user_id, now)

    with_case(house, case_id, waking)
