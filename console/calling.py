"""Calling a contact: the counsellor's own telephone rings first."""

from __future__ import annotations

import re

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.service import calling
from bot.service.case_errors import (
    AlreadyCalling,
    AlreadySent,
    CaseClosed,
    CaseError,
    NoOwnTelephone,
    NoSuchChannel,
    NotYours,
    TooCostly,
)
from console.case import Typed, page
from console.context import CASE, FORM_TOKEN, Console, Routes, current_user

PROBLEMS: dict[type[CaseError], tuple[int, str]] = {
    NotYours: (409, N_("Dit gesprek is niet, of niet meer, van u. Er is niemand gebeld.")),
    CaseClosed: (409, N_("Dit gesprek is al afgesloten. Er is niemand gebeld.")),
    AlreadyCalling: (409, N_("U belt al, of er loopt al een oproep in dit gesprek.")),
    AlreadySent: (409, N_("Vanaf deze pagina is al een ander nummer gebeld. Kies het nummer opnieuw.")),
    NoSuchChannel: (422, N_("Dit nummer hoort niet bij deze persoon, of de telefoon staat uit.")),
    TooCostly: (422, N_("Dit nummer kost te veel, of het bestaat niet. Vraag een ander nummer.")),
    NoOwnTelephone: (422, N_("Uw eigen telefoonnummer ontbreekt. Vul het in bij uw account, dan kunt u bellen.")),
}

RINGS = N_("Uw telefoon gaat zo over. Neem op en druk 1, dan bellen wij verder.")

_SEE_OTHER = 303


def call(console: Console, case_id: int) -> ResponseReturnValue:
    """Asks for a call. The form's token makes a double click one call; the number is never in an address."""
    token = request.form.get("token", "")
    if not re.fullmatch(FORM_TOKEN, token):
        abort(400)
    try:
        calling.ask(console.house, case_id, current_user().id, request.form.get("number", ""), token)
    except CaseError as error:
        return _refused(console, case_id, error)
    flash(console.pages.text(RINGS))
    return redirect(url_for("console.case", case_id=case_id, _anchor="call"), _SEE_OTHER)


def _refused(console: Console, case_id: int, error: CaseError) -> ResponseReturnValue:
    if type(error) not in PROBLEMS:
        raise error
    status, words = PROBLEMS[type(error)]
    return page(console, case_id, Typed(about_call=console.pages.text(words)), status)


ROUTES: Routes = ((f"{CASE}/call", "call", call, "POST"),)
