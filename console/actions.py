"""What is done with a case: take it, give it back. What was typed is never lost."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.service import cases
from bot.service.case_errors import AlreadyClaimed, CaseClosed, CaseError, EnoughCases, NotYetYours, NotYours
from console.answering import Written
from console.case import Typed, page
from console.context import CASE, Console, Routes, clean, current_user

PROBLEMS: Mapping[type[CaseError], tuple[int, str]] = {
    AlreadyClaimed: (409, N_("%(owner)s heeft dit gesprek net genomen.")),
    NotYetYours: (409, N_("Iemand anders komt eerst voor dit gesprek. Daarna is het ook voor u.")),
    EnoughCases: (
        409,
        N_("U hebt al %(most)s gesprekken. Sluit er eerst een af, of geef er een terug."),
    ),
    NotYours: (409, N_("Dit gesprek is niet, of niet meer, van u. Er is niets veranderd en niets verstuurd.")),
    CaseClosed: (409, N_("Dit gesprek is al afgesloten. Er is niets veranderd en niets verstuurd.")),
}

RELEASED = N_("Het gesprek staat weer bij de mensen die wachten.")

_SEE_OTHER = 303


def claim(console: Console, case_id: int) -> ResponseReturnValue:
    """Takes a case. Words that were typed before somebody else let it go are in the box again."""
    try:
        cases.claim(console.house, case_id, current_user().id)
    except CaseError as error:
        return _refused(console, case_id, error)
    written = _written()
    return page(console, case_id, Typed(written=Written(written))) if written else _to_box(case_id)


def release(console: Console, case_id: int) -> ResponseReturnValue:
    """Puts a case back with those that wait."""
    try:
        cases.release(console.house, case_id, current_user().id)
    except CaseError as error:
        return _refused(console, case_id, error)
    return _to_queue(console, RELEASED)


def _refused(console: Console, case_id: int, error: CaseError) -> ResponseReturnValue:
    if type(error) not in PROBLEMS:
        raise error
    status, words = PROBLEMS[type(error)]
    told = {"owner": getattr(error, "owner", ""), "most": str(getattr(error, "most", ""))}
    problem = console.pages.text(words, **told)
    return page(console, case_id, Typed(written=Written(_written()), problem=problem), status)


def _written() -> str:
    """The answer that was typed."""
    return clean(request.form.get("text", ""))


def _to_box(case_id: int) -> ResponseReturnValue:
    return redirect(url_for("console.case", case_id=case_id, _anchor="text"), _SEE_OTHER)


def _to_queue(console: Console, words: str) -> ResponseReturnValue:
    flash(console.pages.text(words))
    return redirect(url_for("console.queue", _anchor="main"), _SEE_OTHER)


ROUTES: Routes = (
    (f"{CASE}/claim", "claim", claim, "POST"),
    (f"{CASE}/release", "release", release, "POST"),
)
