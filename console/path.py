"""The contact's own path: a counsellor adds to it, or takes something off. The contact sits at the wheel."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.service import plans
from bot.service.case_errors import (
    AlreadyOnPath,
    AssignmentUnknown,
    CaseError,
    EmptyTitle,
    NoSuchItem,
    NotYours,
    TooLong,
)
from bot.service.plans import LONGEST_TITLE
from console.case import Typed, page
from console.context import CASE, Console, Routes, clean, current_user

PROBLEMS: Mapping[type[CaseError], tuple[int, str]] = {
    EmptyTitle: (422, N_("Kies een opdracht, of schrijf zelf iets.")),
    TooLong: (422, N_("Uw woorden tellen %(length)s tekens. Hoogstens %(longest)s passen er in een sms.")),
    AssignmentUnknown: (422, N_("Deze opdracht is er niet meer. Kies een andere.")),
    AlreadyOnPath: (409, N_("Dit staat al op het pad.")),
    NoSuchItem: (409, N_("Dit staat niet meer op het pad, of het is al gedaan.")),
    NotYours: (409, N_("Een collega heeft dit gesprek. Het pad is niet veranderd.")),
}

ADDED = N_("Het staat op het pad.")
DROPPED = N_("Het is van het pad gehaald.")

_SEE_OTHER = 303


def add(console: Console, case_id: int) -> ResponseReturnValue:
    """An assignment, or a counsellor's own words: whoever typed words meant those."""
    title = clean(request.form.get("title", ""))
    assignment = "" if title.strip() else request.form.get("assignment", "")
    try:
        plans.add_for(console.house, case_id, current_user().id, assignment=assignment, title=title)
    except CaseError as error:
        return _refused(console, case_id, error, title)
    return _done(console, case_id, ADDED)


def drop(console: Console, case_id: int, item_id: int) -> ResponseReturnValue:
    """Takes something off."""
    try:
        plans.drop_for(console.house, case_id, current_user().id, item_id)
    except CaseError as error:
        return _refused(console, case_id, error, "")
    return _done(console, case_id, DROPPED)


def _refused(console: Console, case_id: int, error: CaseError, title: str) -> ResponseReturnValue:
    if type(error) not in PROBLEMS:
        raise error
    status, words = PROBLEMS[type(error)]
    length = str(len(" ".join(title.split())))
    problem = console.pages.text(words, length=length, longest=str(LONGEST_TITLE))
    typed = Typed(about_path=problem, title=title, assignment=request.form.get("assignment", ""))
    return page(console, case_id, typed, status)


def _done(console: Console, case_id: int, words: str) -> ResponseReturnValue:
    flash(console.pages.text(words))
    return redirect(url_for("console.case", case_id=case_id, _anchor="path"), _SEE_OTHER)


ROUTES: Routes = (
    (f"{CASE}/path", "add_step", add, "POST"),
    (f"{CASE}/path/<int:item_id>/drop", "drop_step", drop, "POST"),
)
