"""Notes for colleagues beside a conversation."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.service import notes
from bot.service.case_errors import AlreadySent, CaseError, EmptyNote, TooLong
from console.case import Typed, page
from console.context import CASE, FORM_TOKEN, Console, Routes, clean, current_user

PROBLEMS: Mapping[type[CaseError], tuple[int, str]] = {
    EmptyNote: (422, N_("Er staat nog niets in uw notitie.")),
    TooLong: (422, N_("Uw notitie is te lang. Hoogstens %(longest)s tekens passen erin.")),
    AlreadySent: (409, N_("Van deze pagina is al een andere notitie bewaard. Deze nog niet: bewaar ze opnieuw.")),
}

NOTED = N_("Uw notitie is bewaard. Alleen collega’s zien ze.")
_SEE_OTHER = 303


def note(console: Console, case_id: int) -> ResponseReturnValue:
    """Keeps a note. The form's token makes a double click one note."""
    token, text = request.form.get("note_token", ""), clean(request.form.get("note", ""))
    if not re.fullmatch(FORM_TOKEN, token):
        abort(400)
    try:
        notes.add(console.house, case_id, current_user().id, text, token)
    except CaseError as error:
        return _refused(console, case_id, error, text)
    flash(console.pages.text(NOTED))
    return redirect(url_for("console.case", case_id=case_id, _anchor="log"), _SEE_OTHER)


def _refused(console: Console, case_id: int, error: CaseError, text: str) -> ResponseReturnValue:
    if type(error) not in PROBLEMS:
        raise error
    status, words = PROBLEMS[type(error)]
    problem = console.pages.text(words, longest=str(getattr(error, "longest", "")))
    return page(console, case_id, Typed(note=text, about_note=problem), status)


ROUTES: Routes = ((f"{CASE}/notes", "note", note, "POST"),)
