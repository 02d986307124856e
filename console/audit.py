"""The log: who looked at which case, who changed what. For administrators, and for leads about their own teams."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from bot.hours import BELGIUM
from bot.roles import Role
from bot.service import audit as log
from bot.service import staff
from bot.service.audit import Line, Wanted
from console.audit_words import ACCOUNT_EVENTS, EVENTS, NOBODY, ON_THE_SERVER, SORTS, Sort, types_of
from console.context import Console, Routes, current_user, whole_number
from console.staff_words import ROLES

FIELDS = ("who", "sort", "day")


def audit(console: Console) -> ResponseReturnValue:
    """What was looked at and done with cases."""
    sort = _sort()
    page = log.of_cases(console.house, current_user().viewer, _wanted(types_of(sort) if sort else None))
    sorts = {name: console.pages.text(words) for name, words in SORTS.items()}
    return _page(console, "audit", page, sorts=sorts)


def accounts(console: Console) -> ResponseReturnValue:
    """What happened with accounts."""
    return _page(console, "audit_accounts", log.of_accounts(console.house, _wanted(None)), sorts={})


def _page(console: Console, here: str, page: log.Page, sorts: Mapping[Sort, str]) -> str:
    given = {name: request.args.get(name, "") for name in FIELDS}
    return console.pages.render(
        "audit.html",
        endpoint=f"console.{here}",
        lines=[(line, *_told(console, line)) for line in page.lines],
        given=given,
        asked={name: value for name, value in given.items() if value},
        next=page.next,
        first=not request.args.get("before"),
        sorts=sorts,
        members=staff.listed(console.house, current_user().viewer),
        today=console.house.today(),
    )


def _wanted(types: tuple[str, ...] | None) -> Wanted:
    """What the address asks for; what it asks for in vain is left out."""
    since, until = _day(request.args.get("day", ""))
    return Wanted(
        user_id=whole_number(request.args.get("who", "")),
        types=types,
        since=since,
        until=until,
        before=whole_number(request.args.get("before", "")),
    )


def _sort() -> Sort | None:
    wanted = request.args.get("sort", "")
    return Sort(wanted) if wanted in set(SORTS) else None


def _day(typed: str) -> tuple[datetime | None, datetime | None]:
    """The moments between which a day lies, in Belgium."""
    try:
        day = date.fromisoformat(typed)
        return datetime.combine(day, time(), BELGIUM), datetime.combine(day + timedelta(days=1), time(), BELGIUM)
    except (ValueError, OverflowError):
        return None, None


def _told(console: Console, line: Line) -> tuple[str, str]:
    """Who did it, and what it was."""
    text = console.pages.text
    if line.type in EVENTS:
        return line.who, text(_of(EVENTS, line.type)[1])
    own, others = _of(ACCOUNT_EVENTS, line.type)
    role = text(ROLES[Role(line.role)]) if line.role else ""
    who = line.who or text(NOBODY.get(line.type, ON_THE_SERVER))
    return who, text((line.own and own) or others or own, about=line.about, role=role)


def _of(table: Mapping[Any, tuple[Any, str]], name: str) -> tuple[Any, str]:
    """The words of an event; of one that no version of this knows, its name."""
    return table.get(name, (name, name))


ROUTES: Routes = (
    ("/audit", "audit", audit, "GET"),
    ("/audit/accounts", "audit_accounts", accounts, "GET"),
)
