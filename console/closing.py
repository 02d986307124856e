"""A case ends, with what became of it, or goes back to the computer; and is opened again."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from bot.cases import OUTCOMES, Outcome
from bot.catalogues import N_
from bot.service import closing
from bot.service.case_errors import CaseError, CaseStillOpen, OtherCaseOpen, UnknownOutcome, UnknownProgramme
from console.acts import Problems, done, left, refused
from console.context import CASE, Console, Routes, current_user

PROBLEMS: Problems = {
    UnknownOutcome: (422, N_("Kies eerst hoe het gesprek afliep.")),
    UnknownProgramme: (422, N_("Dit programma is er niet meer. Kies een ander, of geen.")),
    CaseStillOpen: (409, N_("Dit gesprek is al weer open.")),
    OtherCaseOpen: (409, N_("Deze persoon heeft al een ander gesprek dat open is. Ga daar verder.")),
}

CLOSED = N_("Het gesprek is afgesloten. De computer neemt het weer over.")
HANDED_BACK = N_("De computer gaat verder met deze persoon.")
REOPENED = N_("Het gesprek is weer open, en van u. De computer zwijgt.")


def close(console: Console, case_id: int) -> ResponseReturnValue:
    """Closes a case with its outcome and programme: the computer answers again."""
    try:
        closing.close(console.house, case_id, current_user().id, _outcome(), request.form.get("programme", ""))
    except CaseError as error:
        return refused(console, case_id, "close", error, PROBLEMS)
    return left(console, CLOSED)


def _outcome() -> Outcome:
    chosen = request.form.get("outcome", "")
    if chosen not in OUTCOMES:
        raise UnknownOutcome
    return Outcome(chosen)


def hand_back(console: Console, case_id: int) -> ResponseReturnValue:
    """The computer goes on, and the case is over."""
    try:
        closing.close(console.house, case_id, current_user().id, Outcome.HANDED_BACK)
    except CaseError as error:
        return refused(console, case_id, "hand_back", error, PROBLEMS)
    return left(console, HANDED_BACK)


def reopen(console: Console, case_id: int) -> ResponseReturnValue:
    """Opens a closed case again, for who does it."""
    try:
        closing.reopen(console.house, case_id, current_user().id)
    except CaseError as error:
        return refused(console, case_id, "reopen", error, PROBLEMS)
    return done(console, case_id, REOPENED)


ROUTES: Routes = (
    (f"{CASE}/close", "close", close, "POST"),
    (f"{CASE}/back", "hand_back", hand_back, "POST"),
    (f"{CASE}/reopen", "reopen", reopen, "POST"),
)
