"""The log of who looked at what and who changed what. It holds no words that people wrote: only who, what and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.roles import Right, Viewer
from bot.service.house import House
from bot.store import audit
from bot.store.audit import Wanted

__all__ = ["PAGE", "Line", "Page", "Wanted", "of_accounts", "of_cases"]

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that somebody did. ``who``: empty for the command line, or what happened by itself."""

    id: int
    at: datetime
    type: str
    who: str
    case_id: int | None = None
    about: str = ""
    own: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, the newest first. ``next``: from where the page after this goes on; None when this is the last."""

    lines: tuple[Line, ...]
    next: int | None


def of_cases(house: House, viewer: Viewer, wanted: Wanted) -> Page:
    """What was looked at and done: with every case, or with those of the viewer's teams."""
    teams = None if viewer.has(Right.EVERY_TEAM) else viewer.teams
    with house.store.read() as connection:
        rows = audit.of_cases(connection, wanted, teams, PAGE + 1)
    return _page(rows, [Line(row.id, row.at, row.type, row.name, case_id=row.case_id) for row in rows])


def of_accounts(house: House, wanted: Wanted) -> Page:
    """What happened with accounts."""
    with house.store.read() as connection:
        rows = audit.of_accounts(connection, wanted, PAGE + 1)
    return _page(rows, [_about_account(row) for row in rows])


def _about_account(row: Row[Any]) -> Line:
    return Line(
        id=row.id,
        at=row.at,
        type=row.type,
        who=row.name or "",
        about=row.about_name or "",
        own=row.user_id == row.about_id,
        role=row.data.get("role", ""),
    )


def _page(rows: list[Row[Any]], lines: list[Line]) -> Page:
    more = len(rows) > PAGE
    return Page(tuple(lines[:PAGE]), lines[PAGE - 1].id if more else None)
