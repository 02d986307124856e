"""A case goes to a colleague or to another team, with a word for who gets it."""

from __future__ import annotations

import re
import secrets

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.roles import Right
from bot.service import case_views, handing
from bot.service.case_errors import AlreadySent, CaseError, NoSuchChannel, NoSuchColleague, TooLong
from bot.service.case_views import CaseRow
from bot.service.colleagues import takers
from bot.service.handing import Word
from bot.service.notes import LONGEST_NOTE
from console.acts import SEE_OTHER, Problems, left, problem
from console.case import Stand, stand
from console.context import CASE, FORM_TOKEN, Console, Routes, clean, current_user, whole_number

PROBLEMS: Problems = {
    NoSuchColleague: (422, N_("Kies aan wie u het gesprek geeft.")),
    NoSuchChannel: (422, N_("Deze persoon kan nu geen bericht krijgen. Geef het door zonder iets te zeggen.")),
    TooLong: (422, N_("Uw notitie telt %(length)s tekens. Hoogstens %(longest)s passen er. Kort ze in.")),
    AlreadySent: (409, N_("Van deze pagina is al een andere notitie bewaard. Geef het gesprek opnieuw door.")),
}

HANDED = N_("%(name)s heeft het gesprek nu.")
WAITS = N_("Het gesprek wacht nu bij het team %(name)s.")

PERSON, TEAM = "person", "team"


def hand(console: Console, case_id: int) -> ResponseReturnValue:
    """The page on which one chooses, and what is sent from it."""
    if request.method == "GET":
        return _form(console, case_id)
    if not re.fullmatch(FORM_TOKEN, request.form.get("token", "")):
        abort(400)
    kind, _, name = request.form.get("to", "").partition(":")
    try:
        told = _hand(console, case_id, kind, name)
    except CaseError as error:
        length = str(len(_note().strip()))
        status, words = problem(console, error, PROBLEMS, length=length, longest=str(LONGEST_NOTE))
        return _form(console, case_id, words, status)
    return left(console, HANDED if kind == PERSON else WAITS, name=told)


def _hand(console: Console, case_id: int, kind: str, name: str) -> str:
    word = Word(_note(), request.form["token"], tells=bool(request.form.get("tell")))
    me, taker = current_user().id, whole_number(name)
    if kind == PERSON and taker is not None:
        return handing.to_person(console.house, case_id, me, taker, word)
    if kind == TEAM:
        return handing.to_team(console.house, case_id, me, name, word)
    raise NoSuchColleague


def _note() -> str:
    return clean(request.form.get("text", ""))


def _form(console: Console, case_id: int, problem: str = "", status: int = 200) -> ResponseReturnValue:
    """The page; who cannot hand it over, and has typed nothing, is sent to the case."""
    row = case_views.view(console.house, case_id, console.pages.language, current_user().id).row
    if not problem and not may_hand(row):
        return redirect(url_for("console.case", case_id=case_id, _anchor="acts"), SEE_OTHER)
    html = console.pages.render(
        "hand.html",
        row=row,
        takers=takers(console.house, case_id),
        problem=problem,
        form=request.form,
        note=_note(),
        token=secrets.token_urlsafe(),
    )
    return html, status


def may_hand(row: CaseRow) -> bool:
    """Whether who is logged in may give a case to somebody else."""
    here = stand(row)
    return here is Stand.MINE or (here is not Stand.CLOSED and current_user().viewer.has(Right.OTHERS_CASES))


ROUTES: Routes = ((f"{CASE}/hand", "hand", hand, "GET POST"),)
