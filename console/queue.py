"""The queue: who waits, what is mine, what colleagues have."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue

from bot.service import aside, case_views
from bot.service.case_views import CaseRow
from bot.service.routing import AT_ONCE
from console.context import Console, Routes, current_user
from console.transport import NO_CONTENT


def queue(console: Console) -> ResponseReturnValue:
    """The whole page."""
    rows = _rows(console)
    unread = len(aside.listed(console.house))
    return console.pages.render("queue.html", unread=unread, **_sections(rows))


def fragment(console: Console) -> ResponseReturnValue:
    """Only the lists, for a page that is open; 204 when they are what it has ``seen``."""
    rows = _rows(console)
    if request.args.get("seen") == _fingerprint(rows):
        return "", NO_CONTENT
    return console.pages.render("_queue.html", **_sections(rows))


def _rows(console: Console) -> list[CaseRow]:
    return case_views.queue(console.house, current_user().viewer, console.pages.language)


def _sections(rows: Sequence[CaseRow]) -> dict[str, object]:
    me = current_user().id
    waiting = [row for row in rows if row.owner_id is None and row.opens_at is None]
    return {
        "me": me,
        "waiting": sorted(waiting, key=lambda row: (row.urgency < AT_ONCE, row.known_id != me)),  # else as they came
        "later": [row for row in rows if row.owner_id is None and row.opens_at is not None],
        "mine": [row for row in rows if row.owner_id == me],
        "others": [row for row in rows if row.owner_id not in (None, me)],
        "seen": _fingerprint(rows),
    }


def _fingerprint(rows: Sequence[CaseRow]) -> str:
    return hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()[:16]


ROUTES: Routes = (
    ("/", "queue", queue, "GET"),
    ("/queue", "queue_fragment", fragment, "GET"),
)
