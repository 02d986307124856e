"""Object access, in one place: which cases somebody sees. What is not theirs is as if it were not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from bot.roles import Viewer, may_see
from bot.service.case_errors import NoSuchCase
from bot.service.house import House
from bot.store import cases


def admit(house: House, viewer: Viewer, case_id: int, *, looks: bool = False) -> None:
    """Lets a viewer through to a case. Raises NoSuchCase when there is none, or none that they may see.

    ``looks``: it is about to be shown, which is written down first.
    """
    with house.store.write() if looks else house.store.read() as connection:
        case = cases.guarded(connection, case_id)
        if case is None or not may_see(viewer, case, house.now()):
            raise NoSuchCase
        if looks:
            cases.add_event(connection, cases.LOOKED, case.contact_id, house.now(), case_id=case_id, user_id=viewer.id)


def seen_by(house: House, viewer: Viewer, rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """Those of the listed cases that a viewer may see."""
    now = house.now()
    return [row for row in rows if may_see(viewer, row, now)]
