"""A case is put off until a moment, or brought back before it."""

from __future__ import annotations

from datetime import datetime

from flask import request
from flask.typing import ResponseReturnValue

from bot import later
from bot.catalogues import N_
from bot.service import snoozing
from bot.service.case_errors import BadMoment, CaseError
from console.acts import Problems, done, left, refused
from console.context import CASE, Console, Routes, current_user

PROBLEMS: Problems = {
    BadMoment: (422, N_("Kies een moment dat nog komt, hoogstens een jaar ver.")),
}

SNOOZED = N_("Uitgesteld tot %(moment)s. Schrijft of belt deze persoon eerder, dan ziet u het meteen.")
WOKEN = N_("Het gesprek staat weer bij uw gesprekken.")

OTHER = "other"
"""The choice of a moment that is typed."""


def snooze(console: Console, case_id: int) -> ResponseReturnValue:
    """Puts a case off: it is out of sight until then."""
    try:
        until = _until()
        snoozing.snooze(console.house, case_id, current_user().id, until)
    except CaseError as error:
        return refused(console, case_id, "snooze", error, PROBLEMS)
    return left(console, SNOOZED, moment=console.pages.clock(until))


def _until() -> datetime:
    chosen = request.form.get("until", "")
    try:
        return later.typed(request.form.get("at", "") if chosen == OTHER else chosen)
    except (ValueError, OverflowError) as error:
        raise BadMoment from error


def wake(console: Console, case_id: int) -> ResponseReturnValue:
    """Brings a case back now."""
    try:
        snoozing.wake(console.house, case_id, current_user().id)
    except CaseError as error:
        return refused(console, case_id, "wake", error, PROBLEMS)
    return done(console, case_id, WOKEN)


ROUTES: Routes = (
    (f"{CASE}/snooze", "snooze", snooze, "POST"),
    (f"{CASE}/wake", "wake", wake, "POST"),
)
