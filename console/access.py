"""Who may come in: logging in and out, and the one guard before every page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from flask import abort, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.roles import Right
from bot.service.access import admit
from bot.service.account_errors import TooManyTries, WrongPassword
from bot.service.accounts import User
from bot.service.logins import log_in, log_out, user_of
from console.context import TOKEN, Console, Routes, current_user, written
from console.devices import device

OPEN = frozenset({"console.login", "console.static", "console.sso", "console.sso_back"})
"""The only endpoints for who is not logged in."""

BY_ITSELF = frozenset({"console.queue_fragment", "console.updates"})
"""What an open page asks without anybody at work."""

NO_LOOK = BY_ITSELF | {"console.form", "console.attachment_small"}
"""Addresses of a case at which nothing of it is shown to anybody anew, or only a part of its page: no look at it."""

NEEDS: Mapping[str, Right] = {
    "console.people": Right.STAFF,
    "console.people_new": Right.ACCOUNTS,
    "console.person": Right.ACCOUNTS,
    "console.person_act": Right.ACCOUNTS,
    "console.audit": Right.AUDIT,
    "console.audit_accounts": Right.ACCOUNTS,
}
"""Pages that are not for everybody who is logged in, and what one needs for them."""


class Stage(StrEnum):
    """How far somebody has come who gave the right password."""

    INSIDE = "inside"
    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - the name of a stage
    ENROL = "enrol"


FIRST: Mapping[Stage, str] = {
    Stage.CODE: "console.code",
    Stage.PASSWORD: "console.me_password",
    Stage.ENROL: "console.me_code",
}
"""The page on which somebody gets further."""

REACHES: Mapping[Stage, frozenset[str]] = {
    Stage.CODE: frozenset({"console.code", "console.logout"}),
    Stage.PASSWORD: frozenset({"console.me_password", "console.logout"}),
    Stage.ENROL: frozenset({"console.me_code", "console.me_code_new", "console.me_code_image", "console.logout"}),
}
"""All that can be reached before one is inside."""

ROOMS: Mapping[str, str] = {
    "times": "times",
    "notices": "notices",
    "me": "me",
    "people": "people",
    "person": "people",
    "audit": "audit",
}
"""Where somebody comes back to after logging in, by the first part of the name of the endpoint; else the queue."""

_INSIDE = r"(?:[a-z0-9_-]+/)*[a-z0-9_-]*(?:\?[a-z0-9_=&-]*)?"
_SEE_OTHER = 303

WRONG = N_("Naam en wachtwoord horen niet bij elkaar. Kijk ze nog eens na.")
TOO_MANY = N_("Er is te vaak een verkeerd wachtwoord gebruikt. Probeer het over een kwartier opnieuw.")
NOT_YET = N_("Er is nog iets nodig")
NOT_YET_WORDS = N_("U bent nog niet helemaal aangemeld. Kopieer eerst uw tekst, en ga dan verder.")


def guard(console: Console) -> ResponseReturnValue | None:
    """Before every request: who is this, and how far did they come? Without a login the only way is the login page."""
    token = session.get(TOKEN)
    asked_by_page = request.endpoint in BY_ITSELF
    user = user_of(console.house, token, touch=not asked_by_page) if token else None
    stage = _stage(console, user)
    g.user = user if stage is Stage.INSIDE else None
    g.arriving = user
    if request.endpoint in OPEN:
        return None
    if user is None:
        return _to_the_door(console)
    if stage is not Stage.INSIDE:
        return _held(console, stage)
    _let_in(console)
    return None


def _stage(console: Console, user: User | None) -> Stage:
    if user is None or user.waits_for_code:
        return Stage.CODE
    if user.must_change:
        return Stage.PASSWORD
    return Stage.ENROL if console.two_factor_required and not user.code_on else Stage.INSIDE


def _to_the_door(console: Console) -> ResponseReturnValue:
    if written():
        return _login_page(console, _page_asked_for(), 401, typed=written())
    return redirect(url_for("console.login", next=_page_asked_for()), _SEE_OTHER)


def _held(console: Console, stage: Stage) -> ResponseReturnValue | None:
    """Not inside yet: only to what brings further. What was typed is shown, not lost."""
    if request.endpoint in REACHES[stage]:
        return None
    further = url_for(FIRST[stage], next=_page_asked_for())
    if written():
        told = {"title": NOT_YET, "words": NOT_YET_WORDS, "written": written(), "further": further}
        return console.pages.render("error.html", **told), 401
    return redirect(further, _SEE_OTHER)


def _let_in(console: Console) -> None:
    """What one may do is decided by the endpoint; a case is for who may see it. Each look at one is written down.

    Raises NoSuchCase.
    """
    viewer = current_user().viewer
    needed = NEEDS.get(request.endpoint or "")
    if needed is not None and not viewer.has(needed):
        abort(403)
    case_id = (request.view_args or {}).get("case_id")
    if case_id is not None:
        looks = request.method == "GET" and request.endpoint not in NO_LOOK
        admit(console.house, viewer, case_id, looks=looks)


def login(console: Console) -> ResponseReturnValue:
    """The login page, and what is sent from it."""
    target = wanted_page()
    if g.arriving is not None:
        return redirect(target, _SEE_OTHER)
    if request.method == "GET":
        return _login_page(console, target)
    return _try(console, target)


def logout(console: Console) -> ResponseReturnValue:
    """Ends the login, here and in the store."""
    log_out(console.house, session[TOKEN])
    session.clear()
    return redirect(url_for("console.login"), _SEE_OTHER)


def wanted_page() -> str:
    """Where somebody wanted to be, if that is one of our pages."""
    return inside(request.values.get("next", ""), url_for("console.queue"))


def inside(path: str, home: str) -> str:
    """``path`` when it surely is a page of the console, else ``home``: nobody is sent elsewhere after logging in."""
    return path if re.fullmatch(re.escape(home) + _INSIDE, path, re.ASCII) else home


def _try(console: Console, target: str) -> ResponseReturnValue:
    name, password = request.form.get("name", ""), request.form.get("password", "")
    try:
        token = log_in(console.house, name, password, request.remote_addr or "", device(request.user_agent.string))
    except WrongPassword:
        return _login_page(console, target, 401, problem=WRONG)
    except TooManyTries as error:
        response = make_response(_login_page(console, target, 429, problem=TOO_MANY))
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    begin(token)
    return redirect(target, _SEE_OTHER)


def begin(token: str) -> None:
    """A new login in this browser. Nothing of before it stays in the session."""
    session.clear()
    session[TOKEN] = token


def _login_page(
    console: Console, target: str, status: int = 200, problem: str = "", typed: str = ""
) -> tuple[str, int]:
    name, password = console.demo_login or ("", "")
    page = console.pages.render(
        "login.html",
        target=target,
        problem=problem,
        written=typed,
        name=request.form.get("name", name),
        password=password,
        demo=console.demo_login is not None,
        identity=console.identity is not None,
    )
    return page, status


def _page_asked_for() -> str:
    """The page to come back to: the case that was looked at or worked on, else the list that a page belongs to."""
    case_id = (request.view_args or {}).get("case_id")
    if case_id is not None:
        return url_for("console.case", case_id=case_id)
    room = (request.endpoint or "").removeprefix("console.").partition("_")[0]
    return url_for(f"console.{ROOMS.get(room, 'queue')}")


ROUTES: Routes = (
    ("/login", "login", login, "GET POST"),
    ("/logout", "logout", logout, "POST"),
)
