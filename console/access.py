"""Who may come in: logging in and out, and the one guard before every page."""

from __future__ import annotations

import re

from flask import g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.service.access import admit
from bot.service.accounts import TooManyTries, WrongPassword, log_in, log_out, user_of
from console.context import Console, Routes, current_user, written

OPEN = frozenset({"console.login", "console.static"})
"""The only endpoints for who is not logged in."""

BY_ITSELF = frozenset({"console.queue_fragment", "console.updates"})
"""What an open page asks without anybody at work."""

ROOMS = ("times", "notices")
"""Pages whose parts have endpoints that begin like theirs."""

_TOKEN = "login"  # noqa: S105 - the name of a field
_INSIDE = r"(?:[a-z0-9_-]+/)*[a-z0-9_-]*(?:\?[a-z0-9_=&-]*)?"
_SEE_OTHER = 303

WRONG = N_("Naam en wachtwoord horen niet bij elkaar. Kijk ze nog eens na.")
TOO_MANY = N_("Er is te vaak een verkeerd wachtwoord gebruikt. Probeer het over een kwartier opnieuw.")


def guard(console: Console) -> ResponseReturnValue | None:
    """Before every request: who is this? Without a login the only way is the login page."""
    token = session.get(_TOKEN)
    asked_by_page = request.endpoint in BY_ITSELF
    g.user = user_of(console.house, token, touch=not asked_by_page) if token else None
    if request.endpoint in OPEN:
        return None
    if g.user is not None:
        _let_in(console)
        return None
    if written():
        return _login_page(console, _page_asked_for(), 401, typed=written())
    return redirect(url_for("console.login", next=_page_asked_for()), _SEE_OTHER)


def _let_in(console: Console) -> None:
    """Every page of a case, whatever it is for, is for who may see that case. Raises NoSuchCase."""
    case_id = (request.view_args or {}).get("case_id")
    if case_id is not None:
        admit(console.house, current_user().viewer, case_id)


def login(console: Console) -> ResponseReturnValue:
    """The login page, and what is sent from it."""
    target = inside(request.values.get("next", ""), url_for("console.queue"))
    if g.user is not None:
        return redirect(target, _SEE_OTHER)
    if request.method == "GET":
        return _login_page(console, target)
    return _try(console, target)


def logout(console: Console) -> ResponseReturnValue:
    """Ends the login, here and in the store."""
    log_out(console.house, session[_TOKEN])
    session.clear()
    return redirect(url_for("console.login"), _SEE_OTHER)


def inside(path: str, home: str) -> str:
    """``path`` when it surely is a page of the console, else ``home``: nobody is sent elsewhere after logging in."""
    return path if re.fullmatch(re.escape(home) + _INSIDE, path, re.ASCII) else home


def _try(console: Console, target: str) -> ResponseReturnValue:
    name, password = request.form.get("name", ""), request.form.get("password", "")
    try:
        token = log_in(console.house, name, password, request.remote_addr or "")
    except WrongPassword:
        return _login_page(console, target, 401, problem=WRONG)
    except TooManyTries as error:
        response = make_response(_login_page(console, target, 429, problem=TOO_MANY))
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    session.clear()
    session[_TOKEN] = token
    return redirect(target, _SEE_OTHER)


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
    )
    return page, status


def _page_asked_for() -> str:
    """The page to come back to: the case that was looked at or worked on, else the list that a page belongs to."""
    case_id = (request.view_args or {}).get("case_id")
    if case_id is not None:
        return url_for("console.case", case_id=case_id)
    room = next((room for room in ROOMS if (request.endpoint or "").startswith(f"console.{room}")), "queue")
    return url_for(f"console.{room}")


ROUTES: Routes = (
    ("/login", "login", login, "GET POST"),
    ("/logout", "logout", logout, "POST"),
)
