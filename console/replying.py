"""Answering: write, keep, look at it as it will arrive, send. What was typed is never lost."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.ready import Gap
from bot.service import case_views, counting, drafts, ready_answers, replies
from bot.service.case_errors import (
    AlreadySent,
    CaseClosed,
    CaseError,
    EmptyReply,
    NewerMessage,
    NoSuchChannel,
    NoSuchDraft,
    NothingToRepeat,
    NotYours,
    OpenGaps,
    TooLong,
    TooManyPieces,
)
from bot.service.ready_answers import Both
from console import reply_words
from console.answering import Written
from console.case import Typed, page
from console.context import CASE, FORM_TOKEN, Console, Routes, clean, current_user, whole_number

PROBLEMS: Mapping[type[CaseError], tuple[int, str]] = {
    NotYours: (409, N_("Dit gesprek is niet, of niet meer, van u. Er is niets veranderd en niets verstuurd.")),
    CaseClosed: (409, N_("Dit gesprek is al afgesloten. Er is niets veranderd en niets verstuurd.")),
    AlreadySent: (409, N_("Van deze pagina is al een ander antwoord verstuurd. Dit nog niet: verstuur het opnieuw.")),
    NewerMessage: (409, N_("Er kwam net een nieuw bericht. Uw antwoord is nog niet verstuurd. Klopt het nog?")),
    NothingToRepeat: (409, N_("Dit bericht is al bezorgd, of het is er niet meer. Er is niets verstuurd.")),
    NoSuchDraft: (409, N_("Uw collega heeft niets meer klaarstaan.")),
    EmptyReply: (422, N_("Er staat nog geen antwoord. Schrijf eerst iets.")),
    OpenGaps: (422, N_("Er staat nog iets open: %(gaps)s. Vul het eerst in.")),
    TooLong: (
        422,
        N_("Uw antwoord telt %(length)s tekens. Hoogstens %(longest)s kan. Stuur het in delen."),
    ),
    TooManyPieces: (
        422,
        N_("Uw antwoord telt %(pieces)s sms. Hoogstens %(most)s kan. Stuur het in delen."),
    ),
    NoSuchChannel: (422, N_("Langs die weg is deze persoon niet te bereiken. Kies een andere weg.")),
}

KEPT = N_("Uw tekst is bewaard. Hij is nog niet verstuurd.")
TAKEN = N_("De tekst van uw collega staat in uw antwoord.")
AGAIN = N_("Het bericht vertrekt opnieuw.")
NOTHING_CHOSEN = N_("Kies eerst een klaar antwoord.")
NOT_TRANSLATED = N_("Dit antwoord is nog niet vertaald in de taal van deze persoon. Het staat er in het Nederlands.")
NOT_FILLED = N_("Er staat nog iets open. Kies een kantoor, of een dag en een uur die nog komen.")

_NO_CONTENT, _SEE_OTHER = 204, 303


def reply(console: Console, case_id: int) -> ResponseReturnValue:
    """Sends an answer. The form's token makes a double click one answer."""
    token, seen = _token(), whole_number(request.form.get("seen", ""))
    try:
        replies.reply(console.house, case_id, current_user().id, _text(), _channel(), token, seen)
    except CaseError as error:
        return _refused(console, case_id, error)
    return _to_box(case_id)


def preview(console: Console, case_id: int) -> ResponseReturnValue:
    """The answer as it will arrive, what it takes, and a button that sends it. ``around``: with ordinary letters."""
    house, text = console.house, _text()
    try:
        shown = counting.preview(house, case_id, console.pages.language, text, _channel())
        if "around" in request.form and shown.around:
            text = shown.around
            shown = counting.preview(house, case_id, console.pages.language, text, _channel())
    except CaseError as error:
        return _refused(console, case_id, error)
    _keep(console, case_id, text)
    view = case_views.view(house, case_id, console.pages.language, current_user().id)
    say = console.pages.words.text
    return console.pages.render(
        "reply_preview.html",
        row=view.row,
        preview=shown,
        text=text,
        size=reply_words.size(shown.counted, console.pages.euro(shown.euro), say),
        costly=reply_words.costly(shown.counted.costly, say),
        token=_token(),
        seen=request.form.get("seen", ""),
    )


def draft(console: Console, case_id: int) -> ResponseReturnValue:
    """Keeps what stands in the box: by the script (``quiet``), or by a button."""
    _keep(console, case_id, _text(), request.form.get("token", ""))
    if "quiet" in request.form:
        return "", _NO_CONTENT
    flash(console.pages.text(KEPT))
    return _to_box(case_id)


def ready(console: Console, case_id: int) -> ResponseReturnValue:
    """Puts a ready answer into the box, after what stands there."""
    user, language = current_user(), console.pages.language
    told = ready_answers.chosen(console.house, case_id, request.form.get("ready", ""), _channel(), user.name, language)
    if told is None:
        return _again(console, case_id, console.pages.text(NOTHING_CHOSEN))
    own = drafts.kept(console.house, case_id, user.id).own
    meaning = drafts.joined(own.meaning if own and _text().strip() else "", told.meaning)
    _keep(console, case_id, drafts.joined(_text(), told.text), meaning=meaning)
    if not told.translated:
        flash(console.pages.text(NOT_TRANSLATED))
    return _to_box(case_id)


def fill(console: Console, case_id: int) -> ResponseReturnValue:
    """Puts what was given into the gaps of what stands in the box."""
    own = drafts.kept(console.house, case_id, current_user().id).own
    given = {gap: clean(request.form.get(f"gap_{gap}", "")) for gap in Gap}
    before = Both(_text(), own.meaning if own else "")
    after = ready_answers.fill(console.house, case_id, before, given, console.pages.language)
    _keep(console, case_id, after.text, meaning=after.meaning)
    if after.text == before.text:
        return _again(console, case_id, console.pages.text(NOT_FILLED))
    return _to_box(case_id)


def take(console: Console, case_id: int) -> ResponseReturnValue:
    """What a colleague had ready goes into the own box."""
    from_id = whole_number(request.form.get("from", "")) or 0
    try:
        drafts.take(console.house, case_id, current_user().id, from_id)
    except CaseError as error:
        return _refused(console, case_id, error)
    flash(console.pages.text(TAKEN))
    return _to_box(case_id)


def again(console: Console, case_id: int) -> ResponseReturnValue:
    """Sends once more what did not arrive, over the same way or another."""
    message_id = whole_number(request.form.get("message", "")) or 0
    try:
        replies.send_again(console.house, case_id, current_user().id, message_id, _channel())
    except CaseError as error:
        return _refused(console, case_id, error)
    flash(console.pages.text(AGAIN))
    return _to_box(case_id)


def _refused(console: Console, case_id: int, error: CaseError) -> ResponseReturnValue:
    """The page again with the words in the box. They are kept too: whoever leaves now finds them again."""
    if type(error) not in PROBLEMS:
        raise error
    status, words = PROBLEMS[type(error)]
    values = {name: str(value) for name, value in vars(error).items()}
    problem = console.pages.text(words, **{"length": str(len(_text().strip())), **values})
    if _text():
        _keep(console, case_id, _text())
    newer = isinstance(error, NewerMessage)
    return _again(console, case_id, problem, status, seen=whole_number(request.form.get("seen", "")) if newer else None)


def _again(
    console: Console, case_id: int, problem: str, status: int = 422, seen: int | None = None
) -> ResponseReturnValue:
    return page(console, case_id, Typed(written=Written(_text(), _channel(), seen), problem=problem), status)


def _keep(console: Console, case_id: int, text: str, token: str = "", meaning: str | None = None) -> None:
    drafts.keep(console.house, case_id, current_user().id, text, _channel(), token, meaning)


def _text() -> str:
    """The answer that was typed."""
    return clean(request.form.get("text", ""))


def _channel() -> str:
    return request.form.get("channel", "")[:LONGEST_CHANNEL]


LONGEST_CHANNEL = 16
"""Characters of the name of a channel, as the store has it."""


def _token() -> str:
    """The name of the form. A form without one is not ours."""
    token = request.form.get("token", "")
    if not re.fullmatch(FORM_TOKEN, token):
        abort(400)
    return token


def _to_box(case_id: int) -> ResponseReturnValue:
    return redirect(url_for("console.case", case_id=case_id, _anchor="text"), _SEE_OTHER)


ROUTES: Routes = (
    (f"{CASE}/reply", "reply", reply, "POST"),
    (f"{CASE}/preview", "preview", preview, "POST"),
    (f"{CASE}/draft", "draft", draft, "POST"),
    (f"{CASE}/ready", "ready", ready, "POST"),
    (f"{CASE}/fill", "fill", fill, "POST"),
    (f"{CASE}/take", "take", take, "POST"),
    (f"{CASE}/again", "again", again, "POST"),
)
