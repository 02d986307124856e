"""What the pages share that do something else with a case than answering: how they say that it was done, or why not."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.service.case_errors import CaseClosed, CaseError, NotYours
from console.case import Typed, page
from console.context import Console

Problems = Mapping[type[CaseError], tuple[int, str]]
"""For each reason why it was not done: the status of the answer, and the words."""

ANYWHERE: Problems = {
    NotYours: (409, N_("Dit gesprek is niet, of niet meer, van u. Er is niets veranderd.")),
    CaseClosed: (409, N_("Dit gesprek is al afgesloten. Er is niets veranderd.")),
}

SEE_OTHER = 303


def problem(console: Console, error: CaseError, problems: Problems, **gaps: str) -> tuple[int, str]:
    """The status and the words for what was not done."""
    known = {**ANYWHERE, **problems}
    if type(error) not in known:
        raise error
    status, words = known[type(error)]
    return status, console.pages.text(words, **gaps)


def refused(
    console: Console, case_id: int, act: str, error: CaseError, problems: Problems, **gaps: str
) -> ResponseReturnValue:
    """The page of the case, with what was sent still in the form of ``act``, and why it was not done."""
    status, words = problem(console, error, problems, **gaps)
    typed = Typed(about_act=words, act=act, form=dict(request.form.items()))
    return page(console, case_id, typed, status)


def done(console: Console, case_id: int, words: str, **gaps: str) -> ResponseReturnValue:
    """Back to the case, and what was done."""
    flash(console.pages.text(words, **gaps))
    return redirect(url_for("console.case", case_id=case_id, _anchor="text"), SEE_OTHER)


def left(console: Console, words: str, **gaps: str) -> ResponseReturnValue:
    """To the queue: the case is with somebody else now."""
    flash(console.pages.text(words, **gaps))
    return redirect(url_for("console.queue", _anchor="main"), SEE_OTHER)
