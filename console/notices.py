"""Notices: what would have been a letter, written, looked at, sent, and followed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.letters import Letter
from bot.messages import Mode
from bot.service import case_views
from bot.service import notices as service
from bot.service.notices import Candidate, NoticeError
from console.choosing import Group, group, ids, names
from console.context import Console, Routes, current_user, whole_number

SHOWN = 20
"""Notices on the list."""

MOST_NAMES = 30
"""Names of people who are left out: beyond that a number tells enough."""

PROBLEMS: Mapping[str, str] = {
    "letter": N_("Kies eerst een bericht."),
    "day": N_("Dit bericht noemt een dag. Vul hem in."),
    "past": N_("Die dag is voorbij. Kies een dag die nog komt."),
    "recipients": N_("Kies wie het bericht krijgt: minstens één, hoogstens 5000 mensen."),
    "key_taken": N_("Van deze pagina is al een ander bericht verstuurd. Dit nog niet: begin opnieuw."),
}

READY = N_("Het bericht staat klaar voor %(number)s. Het vertrekt overdag, nooit op zondag of op een feestdag.")
STOPPED = N_("Wie het bericht nog niet had, krijgt het niet meer.")

_TOKEN = r"[A-Za-z0-9_-]{20,64}"  # noqa: S105 - the shape of one
_SEE_OTHER = 303


def notices(console: Console) -> ResponseReturnValue:
    """What was sent, and what became of it."""
    return console.pages.render("notices.html", sent=service.newest(console.house, SHOWN))


def new(console: Console) -> ResponseReturnValue:
    """Which notice, and for whom. Sent here from the preview, everything stands as it was chosen there."""
    return _form(console)


def _form(console: Console, problem: str = "") -> ResponseReturnValue:
    case_id, candidates = _candidates(console)
    page = console.pages.render(
        "notices_new.html",
        letters=console.house.letters.values(),
        letter=request.values.get("letter", ""),
        day=request.values.get("day", ""),
        today=console.house.today(),
        words=_texts(console),
        group=group(console, candidates),
        case_id=case_id,
        case_name=candidates[0].name.strip() if case_id is not None else "",
        problem=problem,
    )
    return page, 422 if problem else 200


def _texts(console: Console) -> dict[str, str]:
    """The text of each notice, in the reader's language."""
    said, language = console.house.wording.words, console.pages.language
    return {
        letter.id: said(letter.text, Mode.TEXT, language, f"notice/{letter.id}/text")
        for letter in console.house.letters.values()
    }


def _candidates(console: Console) -> tuple[int | None, list[Candidate]]:
    """Who can be chosen: everybody, or the one contact of a case."""
    everybody = service.candidates(console.house)
    case_id = whole_number(request.values.get("case", ""))
    if case_id is None:
        return None, everybody
    contact_id = case_views.contact_of(console.house, case_id)
    return case_id, [one for one in everybody if one.id == contact_id]


def preview(console: Console) -> ResponseReturnValue:
    """What will go out, in whose words, what it costs, and who is left out."""
    _, candidates = _candidates(console)
    chosen = group(console, candidates)
    try:
        letter, day = _letter(console)
        contact_ids = _wanted(chosen)
        shown = service.preview(console.house, letter.id, day, contact_ids, console.segments)
    except NoticeError as error:
        return _form(console, _told(console, error))
    return console.pages.render(
        "notices_preview.html",
        letter=letter,
        day=day,
        preview=shown,
        contacts=contact_ids,
        wanted=chosen.wanted,
        case_id=request.form.get("case", ""),
        without={why: names(console, candidates, some[:MOST_NAMES]) for why, some in shown.without.items()},
        token=secrets.token_urlsafe(),
    )


def send(console: Console) -> ResponseReturnValue:
    """Sends it. The form's token is the name of the notice: a double click is one."""
    token = request.form.get("token", "")
    if not re.fullmatch(_TOKEN, token):
        abort(400)
    contact_ids = ids(request.form.get("contacts", "").split())
    try:
        letter, day = _letter(console)
        service.send(console.house, token, letter.id, day, contact_ids, current_user().id)
    except NoticeError as error:
        return _form(console, _told(console, error))
    return _listed(console, READY, number=str(len(contact_ids)))


def stop(console: Console, notice_id: int) -> ResponseReturnValue:
    """Who has not got it yet does not get it."""
    try:
        service.call_off(console.house, notice_id)
    except NoticeError:
        abort(404)
    return _listed(console, STOPPED)


def _letter(console: Console) -> tuple[Letter, date | None]:
    """The notice that was chosen, with its day if it names one. Raises NoticeError."""
    letter = console.house.letters.get(request.form.get("letter", ""))
    if letter is None:
        raise NoticeError("letter")
    if not letter.dated:
        return letter, None
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError as error:
        raise NoticeError("day") from error
    if day < console.house.today():
        raise NoticeError("past")
    return letter, day


def _wanted(chosen: Group) -> Sequence[int]:
    if not 0 < len(chosen.chosen) <= service.MOST_RECIPIENTS:
        raise NoticeError("recipients")
    return chosen.chosen


def _told(console: Console, error: NoticeError) -> str:
    if error.reason not in PROBLEMS:
        raise error
    return console.pages.text(PROBLEMS[error.reason])


def _listed(console: Console, words: str, **values: str) -> ResponseReturnValue:
    flash(console.pages.text(words, **values))
    return redirect(url_for("console.notices", _anchor="main"), _SEE_OTHER)


ROUTES: Routes = (
    ("/notices", "notices", notices, "GET"),
    ("/notices/new", "notices_new", new, "GET POST"),
    ("/notices/preview", "notices_preview", preview, "POST"),
    ("/notices/send", "notices_send", send, "POST"),
    ("/notices/<int:notice_id>/stop", "notices_stop", stop, "POST"),
)
