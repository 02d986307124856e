"""Two contacts who are one person become one: looked for, looked at side by side, joined, and taken apart again."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.roles import Right
from bot.service import case_views, merging, pairing, searching, unmerging
from bot.service.case_errors import CaseError, NoSuchContact, NothingToUndo, NotYours, SameContact
from bot.service.case_views import CaseRow
from bot.service.searching import Found
from console.acts import SEE_OTHER, Problems, done, problem, refused
from console.case import Stand, stand
from console.context import CASE, Console, Routes, clean, current_user, whole_number

PROBLEMS: Problems = {
    NoSuchContact: (422, N_("Kies iemand uit de lijst.")),
    SameContact: (422, N_("Dat is dezelfde persoon al.")),
    NotYours: (409, N_("Een collega heeft een van de gesprekken. Vraag het die collega, of uw teamleider.")),
    NothingToUndo: (409, N_("Dit kan niet meer ongedaan worden gemaakt. Er is niets veranderd.")),
}

MERGED = N_("Alles van deze persoon staat nu samen.")
UNDONE = N_("Het zijn weer twee personen. Later gekregen berichten gingen mee met hun adres.")

CASE_CHOSEN, CONTACT_CHOSEN = "case", "contact"


def merge(console: Console, case_id: int) -> ResponseReturnValue:
    """Looks for the other one; shows both; joins them when that is confirmed. The words never stand in an address."""
    row = case_views.view(console.house, case_id, console.pages.language, current_user().id).row
    if request.method == "GET":
        if not _may(row):
            return redirect(url_for("console.case", case_id=case_id, _anchor="acts"), SEE_OTHER)
        return _page(console, case_id)
    try:
        return _step(console, case_id)
    except CaseError as error:
        status, words = problem(console, error, PROBLEMS)
        return _page(console, case_id, words, status)


def _may(row: CaseRow) -> bool:
    """Whether who is logged in may join somebody to the person of a case: not while a colleague has it."""
    here = stand(row)
    leads = current_user().viewer.has(Right.OTHERS_CASES)
    return here in (Stand.MINE, Stand.FREE) or (leads and here is not Stand.CLOSED)


def _step(console: Console, case_id: int) -> ResponseReturnValue:
    if not request.form.get("other"):
        if "words" not in request.form or "choose" in request.form:
            raise NoSuchContact
        return _page(console, case_id)
    other_id = _chosen(console)
    if not request.form.get("sure"):
        return _side_by_side(console, case_id, other_id)
    merging.merge(console.house, case_id, current_user().id, other_id)
    return done(console, case_id, MERGED)


def _chosen(console: Console) -> int:
    kind, _, number = request.form["other"].partition(":")
    id_ = whole_number(number)
    if kind not in (CASE_CHOSEN, CONTACT_CHOSEN) or id_ is None:
        raise NoSuchContact
    by_case = kind == CASE_CHOSEN
    return pairing.chosen(console.house, current_user().viewer, id_ if by_case else None, None if by_case else id_)


def _page(console: Console, case_id: int, problem: str = "", status: int = 200) -> ResponseReturnValue:
    row = case_views.view(console.house, case_id, console.pages.language, current_user().id).row
    typed = clean(request.form.get("words", "")).strip()
    found = searching.find(console.house, current_user().viewer, typed) if typed else None
    others = None if found is None else _others(found, row.contact_id)
    return console.pages.render("merge.html", row=row, typed=typed, found=others, problem=problem), status


def _others(found: Found, contact_id: int) -> list[searching.Hit]:
    """Everybody else, each once: by the newest case, which search puts first."""
    once = {hit.contact_id: hit for hit in reversed(found.hits) if hit.contact_id != contact_id}
    return list(reversed(once.values()))


def _side_by_side(console: Console, case_id: int, other_id: int) -> ResponseReturnValue:
    row = case_views.view(console.house, case_id, console.pages.language, current_user().id).row
    both = pairing.pair(console.house, case_id, other_id)
    return console.pages.render("merge_both.html", row=row, pair=both, other=request.form["other"])


def unmerge(console: Console, case_id: int) -> ResponseReturnValue:
    """One becomes two again."""
    merge_id = whole_number(request.form.get("merge", ""))
    try:
        unmerging.unmerge(console.house, case_id, current_user().id, merge_id or 0)
    except CaseError as error:
        return refused(console, case_id, "unmerge", error, PROBLEMS)
    return done(console, case_id, UNDONE)


ROUTES: Routes = (
    (f"{CASE}/merge", "merge", merge, "GET POST"),
    (f"{CASE}/unmerge", "unmerge", unmerge, "POST"),
)
