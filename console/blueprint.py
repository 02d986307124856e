"""The console as one Flask blueprint: its routes, the guard before them, and what happens when something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial, update_wrapper
from typing import Any

from flask import Blueprint, redirect, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge

from bot.catalogues import N_, Catalogues
from bot.identity import IdentityService
from bot.messages import Permanent
from bot.service.case_errors import NoSuchCase
from bot.service.house import House
from console import (
    access,
    actions,
    aside,
    attachment,
    audit,
    calling,
    case,
    closing,
    code,
    handing,
    me,
    merging,
    notices,
    noting,
    path,
    people,
    proposal,
    queue,
    recording,
    replying,
    search,
    snoozing,
    sso,
    times,
)
from console.context import CASE, Console, written
from console.pages import Pages
from console.transport import finisher

_LARGEST_KEY = 2**63 - 1

_BACK = (
    ("/next", "queue"),
    ("/presence", "queue"),
    ("/notices/preview", "notices"),
    ("/notices/send", "notices"),
    ("/times/calendar", "times"),
    ("/me/logins", "me"),
    ("/me/code/new", "me_code"),
    ("/me/code/spare", "me_code"),
    ("/me/code/off", "me_code"),
    ("/me/identity/off", "me"),
)
"""Addresses that only take forms, and the page that each form stands on."""

_FORMS_OF_CASE = (
    *("claim", "release", "close", "call", "confirm", "path", "back", "reopen", "snooze", "wake", "unmerge"),
    *("reply", "preview", "draft", "ready", "fill", "take", "again", "notes"),
)
"""The same under a case: they lead back to it."""

_ROOMS = (
    *(access, sso, code, me, people, audit),
    *(queue, search, times, notices, aside),
    *(case, recording, attachment, actions, replying, noting, calling, proposal, path),
    *(closing, handing, merging, snoozing),
)
"""Modules with pages: each says in ROUTES which addresses are its own."""

_ERRORS: Mapping[int, tuple[str, str]] = {
    400: (
        N_("Dit formulier kunnen wij niet aannemen"),
        N_("De pagina was te lang open, of u hebt u intussen opnieuw aangemeld. Ga terug en probeer het nog eens."),
    ),
    403: (N_("Dit mag u niet zien"), N_("Uw account geeft geen toegang tot deze pagina.")),
    404: (N_("Deze pagina is er niet"), N_("Misschien is het adres niet juist, of bestaat het gesprek niet.")),
    413: (N_("Dit is te groot"), N_("Wat u stuurde is te groot om aan te nemen.")),
    500: (
        N_("Er ging iets mis bij ons"),
        N_("Het ligt niet aan u. Probeer het straks opnieuw. Blijft het zo? Zeg het aan wie de console beheert."),
    ),
}


def no_recordings(reference: str) -> bytes:
    """Where there is no telephone there is nothing to hear."""
    raise Permanent("no_telephone")


def create_console(
    house: House,
    catalogues: Catalogues,
    *,
    secure_cookies: bool,
    embeddable: bool,
    segments: Callable[[str], int],
    calendar_address: Callable[[str], str],
    fetch: Callable[[str], bytes] = no_recordings,
    demo_login: tuple[str, str] | None = None,
    two_factor_required: bool = False,
    identity: IdentityService | None = None,
) -> Blueprint:
    """The pages for counsellors; mount it at /console in an application with a secret key and CSRFProtect.

    ``secure_cookies``: the session cookie only travels over https. ``embeddable``: our own pages may show the console
    in a frame. ``segments``: how many a text takes as an SMS. ``calendar_address``: where a calendar stands, by its
    secret. ``fetch``: the sound of a recording by its reference, or SendError. ``demo_login``: a name and password
    that the login page shows and fills in. ``two_factor_required``: nobody gets inside without a second factor.
    ``identity``: the organisation's identity service.
    """
    pages = Pages(house, catalogues)
    console = Console(house, pages, fetch, segments, calendar_address, demo_login, two_factor_required, identity)
    blueprint = Blueprint("console", __name__, static_folder="static")
    blueprint.record_once(partial(_safe_cookies, secure_cookies))
    blueprint.url_value_preprocessor(_no_larger_than_keys)
    blueprint.before_request(partial(access.guard, console))
    blueprint.after_request(finisher(embeddable=embeddable))
    for rule, name, view, methods in (route for room in _ROOMS for route in room.ROUTES):
        named = update_wrapper(partial(view, console), view)  # CSRFProtect looks a view up by its name
        blueprint.add_url_rule(rule, name, named, methods=methods.split())
    _ways_back(blueprint)
    blueprint.register_error_handler(NoSuchCase, partial(_no_such_case, console))
    blueprint.register_error_handler(HTTPException, partial(_error_page, console))
    return blueprint


def _no_larger_than_keys(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A number that no database could hold is asked for as the largest one: there is nothing of that number either."""
    for name, value in (values or {}).items():
        if values and isinstance(value, int):
            values[name] = min(value, _LARGEST_KEY)


def _ways_back(blueprint: Blueprint) -> None:
    """Addresses without a page of their own lead somewhere all the same."""
    of_case = f"any({', '.join(_FORMS_OF_CASE)})"
    blueprint.add_url_rule(f"{CASE}/<{of_case}:form>", "form", lambda case_id, form: case.back_to_case(case_id))
    for path_, room in _BACK:
        blueprint.add_url_rule(path_, f"{room}_back_from{path_.replace('/', '_')}", partial(_back, room))
    blueprint.add_url_rule("/<path:path>", "nowhere", _nowhere, methods=["GET", "POST"])


def _back(room: str) -> ResponseReturnValue:
    return redirect(url_for(f"console.{room}"))


def _nowhere(path: str) -> ResponseReturnValue:
    raise NotFound


def _safe_cookies(secure: bool, state: BlueprintSetupState) -> None:
    """Scripts never see the session, other sites never send it; a form stays good as long as the login."""
    state.app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        WTF_CSRF_TIME_LIMIT=None,
    )


def _no_such_case(console: Console, error: NoSuchCase) -> ResponseReturnValue:
    return _error_page(console, NotFound())


def _error_page(console: Console, error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or code < 400:  # a redirect, or an answer that is complete already
        return error.get_response()
    title, words = _ERRORS.get(code) or _ERRORS[400 if code < 500 else 500]
    return console.pages.render("error.html", title=title, words=words, written=_typed()), code


def _typed() -> str:
    """What was typed into the form that failed; a form that is too large is not read at all."""
    try:
        return written()
    except RequestEntityTooLarge:
        return ""
