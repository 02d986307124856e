"""One case: the whole conversation, what is known of the person, and what came since the page was opened."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.cases import OUTCOMES, CaseStatus
from bot.service import acts, calling, case_views, help_views
from bot.service.case_views import CaseRow, CaseView
from bot.service.plans import LONGEST_TITLE
from bot.service.replies import LONGEST_REPLY
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
    """What was typed and could not be done, and why: about the answer (``problem``), the path, the proposal, a call.

    ``about_act``: about what else can be done; ``act`` names it, and ``form`` is what was sent for it.
    """

    draft: str = ""
    channel: str = ""
    problem: str = ""
    about_path: str = ""
    assignment: str = ""
    title: str = ""
    about_proposal: str = ""
    about_call: str = ""
    about_act: str = ""
    act: str = ""
    form: Mapping[str, str] = field(default_factory=dict)


NOTHING = Typed()


def case(console: Console, case_id: int) -> ResponseReturnValue:
    """The page of a case."""
    return page(console, case_id)


def updates(console: Console, case_id: int) -> ResponseReturnValue:
    """What changed after the event ``after``; 204 when nothing did."""
    after = request.args.get("after", type=int)
    if after is None or not 0 <= after <= _NEWEST:
        abort(400)
    news = case_views.updates(console.house, case_id, after, console.pages.language, current_user().id)
    if news is None:
        return "", NO_CONTENT
    entries = [
        {"id": entry.id, "html": console.pages.render("_entry.html", entry=entry, row=news.row)}
        for entry in news.entries
    ]
    header = console.pages.render("_state.html", row=news.row, stand=stand(news.row))
    return jsonify(cursor=news.cursor, entries=entries, header=header)


def back_to_case(case_id: int) -> ResponseReturnValue:
    """Who asks for the address of a form gets the page that it stands on."""
    return redirect(url_for("console.case", case_id=case_id))


def page(console: Console, case_id: int, typed: Typed = NOTHING, status: int = 200) -> ResponseReturnValue:
    """The page, with what was typed still in it and what went wrong above it."""
    view = case_views.view(console.house, case_id, console.pages.language, current_user().id)
    html = console.pages.render(
        "case.html",
        view=view,
        row=view.row,
        stand=stand(view.row),
        beside=help_views.of_case(console.house, case_id, console.pages.language),
        acts=acts.of_case(console.house, current_user().viewer, case_id, console.pages.language),
        outcomes=OUTCOMES,
        offices=console.house.offices,
        typed=typed,
        problem=typed.problem or typed.about_path or typed.about_proposal or typed.about_call or typed.about_act,
        chosen=_chosen(view, typed.channel),
        calls=calling.possibilities(console.house, case_id, current_user().id),
        token=secrets.token_urlsafe(),
        longest=LONGEST_REPLY,
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


def _chosen(view: CaseView, channel: str) -> str:
    """The channel to answer over: the one that was picked, else the person's last one, if it can be used at all."""
    usable = [way.channel for way in view.reply_channels if not way.stopped]
    return next((name for name in (channel, view.default_channel) if name in usable), "")


ROUTES: Routes = (
    (CASE, "case", case, "GET"),
    (f"{CASE}/updates", "updates", updates, "GET"),
)
