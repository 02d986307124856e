"""The proposal of a case: a counsellor confirms it, or makes something else of it and says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.service import case_views, proposals
from bot.service.case_errors import CaseClosed, CaseError, NotYours, NoWhy, TooLong, UnknownProgramme
from bot.service.proposals import LONGEST_WHY, ProposalView
from bot.triage import Tier
from console.case import Stand, Typed, page, stand
from console.context import CASE, Console, Routes, clean, current_user

PROBLEMS: Mapping[type[CaseError], tuple[int, str]] = {
    NoWhy: (422, N_("Schrijf in een paar woorden waarom u het voorstel verandert.")),
    UnknownProgramme: (422, N_("Kies minstens één programma dat er is.")),
    TooLong: (422, N_("Uw uitleg telt %(length)s tekens. Hoogstens %(longest)s passen er. Kort hem in.")),
    NotYours: (409, N_("Dit gesprek is niet, of niet meer, van u. Het voorstel is niet veranderd.")),
    CaseClosed: (409, N_("Dit gesprek is al afgesloten. Het voorstel is niet veranderd.")),
}

MOVED_ON = N_("Het voorstel is intussen anders dan wat u zag. Kijk het nog eens na.")
CONFIRMED = N_("Het voorstel is bevestigd.")
CHANGED = N_("Het voorstel is veranderd.")

_SEE_OTHER = 303


def confirm(console: Console, case_id: int) -> ResponseReturnValue:
    """Confirms what stood on the page: when it is something else by now, nothing is confirmed."""
    try:
        _decide(console, case_id, _chosen(), "")
    except NoWhy:
        return page(console, case_id, Typed(about_proposal=console.pages.text(MOVED_ON)), 409)
    except CaseError as error:
        status, problem = _told(console, error, "")
        return page(console, case_id, Typed(about_proposal=problem), status)
    return _done(console, case_id, CONFIRMED)


def proposal(console: Console, case_id: int) -> ResponseReturnValue:
    """The page on which a proposal is changed, and what is sent from it."""
    if request.method == "GET":
        return _form(console, case_id)
    why = clean(request.form.get("why", ""))
    try:
        _decide(console, case_id, _in_order(), why)
    except CaseError as error:
        status, problem = _told(console, error, why)
        return _form(console, case_id, problem, why, status)
    return _done(console, case_id, CHANGED)


def _decide(console: Console, case_id: int, programmes: Sequence[str], why: str) -> None:
    tier = request.form.get("tier", "")
    if tier not in set(Tier):
        raise UnknownProgramme
    proposals.decide(console.house, case_id, current_user().id, Tier(tier), programmes, why)


def _chosen() -> list[str]:
    return list(dict.fromkeys(request.form.getlist("programme")))


def _in_order() -> list[str]:
    """The programmes that were ticked, the first one first: whether it was ticked or not."""
    return [name for name in dict.fromkeys([request.form.get("first", ""), *_chosen()]) if name]


def _told(console: Console, error: CaseError, why: str) -> tuple[int, str]:
    if type(error) not in PROBLEMS:
        raise error
    status, words = PROBLEMS[type(error)]
    return status, console.pages.text(words, length=str(len(why.strip())), longest=str(LONGEST_WHY))


def _done(console: Console, case_id: int, words: str) -> ResponseReturnValue:
    flash(console.pages.text(words))
    return redirect(url_for("console.case", case_id=case_id, _anchor="proposal"), _SEE_OTHER)


def _form(
    console: Console, case_id: int, problem: str = "", why: str | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page; who cannot decide, and has typed nothing, is sent to the case."""
    language = console.pages.language
    row = case_views.view(console.house, case_id, language, current_user().id).row
    found = proposals.of_case(console.house, case_id, language)
    if found is None or (stand(row) is not Stand.MINE and not problem):
        return redirect(url_for("console.case", case_id=case_id, _anchor="proposal"), _SEE_OTHER)
    html = console.pages.render(
        "proposal.html",
        row=row,
        proposal=found,
        tiers=list(Tier),
        problem=problem,
        why=found.why if why is None else why,
        longest=LONGEST_WHY,
        **_ticked(found),
    )
    return html, status


def _ticked(found: ProposalView) -> dict[str, object]:
    """What is chosen on the page: what was just sent, else what holds."""
    if request.method == "POST":
        return {"tier": request.form.get("tier", ""), "first": request.form.get("first", ""), "ticked": _chosen()}
    names = [line.id for line in found.chosen]
    return {"tier": found.holds.value, "first": next(iter(names), ""), "ticked": names}


ROUTES: Routes = (
    (f"{CASE}/proposal", "proposal", proposal, "GET POST"),
    (f"{CASE}/confirm", "confirm", confirm, "POST"),
)
