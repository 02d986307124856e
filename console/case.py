"""One case: the whole conversation, what is known of the person, and what came since the page was opened."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import merge

from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.cases import OUTCOMES, CaseStatus
from bot.service import acts, calling, case_views, help_views, notes, watching
from bot.service.case_views import CaseRow, LogEntry
from bot.service.notes import Note
from bot.service.plans import LONGEST_TITLE
from bot.service.watching import Watcher
from console import answering
from console.answering import Written
from console.context import CASE, Console, Routes, current_user
from console.transport import NO_CONTENT

_NEWEST = 2**63 - 1


class Stand(StrEnum):
    """What a case is to the person who looks at it: that decides what can be done. Later: others come first."""

    FREE = "free"
    LATER = "later"
    MINE = "mine"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and could not be done, and why: about the answer (``problem``), the path, the proposal, a call, a
    note.

    ``about_act``: about what else can be done; ``act`` names it, and ``form`` is what was sent for it.
    """

    written: Written = field(default_factory=Written)
    problem: str = ""
    about_path: str = ""
    assignment: str = ""
    title: str = ""
    about_proposal: str = ""
    about_call: str = ""
    about_act: str = ""
    act: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    about_note: str = ""

    @property
    def what_went_wrong(self) -> str:
        """The first of the problems; empty when there is none."""
        every = (self.problem, self.about_path, self.about_proposal, self.about_call, self.about_act, self.about_note)
        return next(filter(None, every), "")


NOTHING = Typed()


def case(console: Console, case_id: int) -> ResponseReturnValue:
    """The page of a case."""
    return page(console, case_id)


def updates(console: Console, case_id: int) -> ResponseReturnValue:
    """What changed after the event ``after``; 204 when nothing did."""
    after = request.args.get("after", type=int)
    if after is None or not 0 <= after <= _NEWEST:
        abort(400)
    user_id, at_work = current_user().id, request.args.get("here") != "0"
    others = watching.look(console.house, case_id, user_id, touch=at_work)
    changed = request.args.get("with", names_of(others)) != names_of(others)
    news = case_views.updates(console.house, case_id, after, console.pages.language, user_id, anyway=changed)
    if news is None:
        return "", NO_CONTENT
    stands = stand(news.row)
    about = {"row": news.row, "stand": stands, "ways": news.reply_channels}
    lines = in_order(news.entries, notes.since(console.house, case_id, after))
    entries = [{"id": key_of(line), "html": console.pages.render("_line.html", entry=line, **about)} for line in lines]
    header = console.pages.render("_state.html", row=news.row, stand=stands, watchers=others, company=names_of(others))
    return jsonify(cursor=news.cursor, entries=entries, header=header)


def in_order(entries: Iterable[LogEntry], written: Iterable[Note]) -> list[LogEntry | Note]:
    """Messages and notes in one row, as they came; messages keep their own order."""
    rows: list[Iterable[LogEntry | Note]] = [entries, written]
    return list(merge(*rows, key=lambda line: line.at))


def key_of(line: LogEntry | Note) -> int | str:
    """What a line is called on the page."""
    return f"note-{line.id}" if isinstance(line, Note) else line.id


def names_of(others: Sequence[Watcher]) -> str:
    """Who else looks, as an open page says it back: by number, no name is in an address."""
    return "-".join(str(one.id) for one in others)


def back_to_case(case_id: int) -> ResponseReturnValue:
    """Who asks for the address of a form gets the page that it stands on."""
    return redirect(url_for("console.case", case_id=case_id))


def page(console: Console, case_id: int, typed: Typed = NOTHING, status: int = 200) -> ResponseReturnValue:
    """The page, with what was typed still in it and what went wrong above it."""
    view = case_views.view(console.house, case_id, console.pages.language, current_user().id)
    others = watching.look(console.house, case_id, current_user().id)
    html = console.pages.render(
        "case.html",
        view=view,
        row=view.row,
        stand=stand(view.row),
        lines=in_order(view.log, notes.of_case(console.house, case_id)),
        ways=view.reply_channels,
        watchers=others,
        company=names_of(others),
        box=answering.box(console, view, typed.written),
        beside=help_views.of_case(console.house, case_id, console.pages.language),
        acts=acts.of_case(console.house, current_user().viewer, case_id, console.pages.language),
        outcomes=OUTCOMES,
        offices=console.house.offices,
        typed=typed,
        problem=typed.what_went_wrong,
        calls=calling.possibilities(console.house, case_id, current_user().id),
        token=secrets.token_urlsafe(),
        longest_title=LONGEST_TITLE,
    )
    return html, status


def stand(row: CaseRow) -> Stand:
    """What this case is to who is logged in."""
    if row.status is CaseStatus.CLOSED:
        return Stand.CLOSED
    if row.owner_id is None:
        return Stand.FREE if row.opens_at is None else Stand.LATER
    return Stand.MINE if row.owner_id == current_user().id else Stand.TAKEN


ROUTES: Routes = (
    (CASE, "case", case, "GET"),
    (f"{CASE}/updates", "updates", updates, "GET"),
)
