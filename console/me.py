"""One's own account: name, language, telephone, password, and where one is logged in."""

from __future__ import annotations

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.service import logins, staff
from bot.service.account_errors import AccountError, TooManyTries, WrongPassword
from bot.service.accounts import change_own_password
from bot.service.passwords import SHORTEST_PASSWORD
from bot.service.tries import hash_of
from console.access import wanted_page
from console.context import TOKEN, Console, Routes, current_user
from console.staff_words import PROBLEMS, ROLES

SAVED = N_("Uw gegevens zijn bewaard.")
NEW_PASSWORD = N_("Uw nieuwe wachtwoord geldt vanaf nu. Overal elders bent u afgemeld.")
ENDED = N_("U bent daar afgemeld.")
ENDED_ALL = N_("U bent overal elders afgemeld.")
WRONG_OLD = N_("Dit is niet uw wachtwoord van nu. Kijk het nog eens na.")
NOT_TWICE = N_("De twee nieuwe wachtwoorden zijn niet gelijk.")
TOO_OFTEN = N_("Dit ging te vaak mis. Probeer het over een kwartier opnieuw.")

_SEE_OTHER = 303
_UNPROCESSABLE = 422
_TOO_MANY = 429

OTHERS = "others"


def me(console: Console) -> ResponseReturnValue:
    """The page of one's own account, and the details that are sent from it."""
    if request.method == "GET":
        return _page(console)
    form = request.form
    try:
        staff.change_own(
            console.house, current_user().id, form.get("name", ""), form.get("language", ""), form.get("phone", "")
        )
    except AccountError as error:
        field, words = PROBLEMS[type(error)]
        return _page(console, field, console.pages.text(words)), _UNPROCESSABLE
    flash(console.pages.text(SAVED))
    return redirect(url_for("console.me", _anchor="main"), _SEE_OTHER)


def _page(console: Console, field: str = "", problem: str = "") -> str:
    user = current_user()
    given = request.form if problem else {"name": user.name, "language": user.language, "phone": user.phone}
    return console.pages.render(
        "me.html",
        given={name: given.get(name, "") for name in ("name", "language", "phone")},
        field=field,
        problem=problem,
        languages=console.house.complete,
        role=console.pages.text(ROLES[user.role]),
        team_names=staff.team_names(console.house, user.teams),
        logins=logins.of_user(console.house, user.id, session[TOKEN]),
        identity=console.identity is not None,
        linked=staff.one(console.house, user.id).identity,
    )


def password(console: Console) -> ResponseReturnValue:
    """Another password of one's own; with the first one, that somebody else made, it is the only page."""
    if request.method == "GET":
        return _password_page(console)
    old, new = request.form.get("old", ""), request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _password_page(console, "again", NOT_TWICE, _UNPROCESSABLE)
    try:
        logins.check_password(console.house, current_user().id, old)
        change_own_password(console.house, current_user().id, old, new, hash_of(session[TOKEN]))
    except WrongPassword:
        return _password_page(console, "old", WRONG_OLD, _UNPROCESSABLE)
    except TooManyTries:
        return _password_page(console, "old", TOO_OFTEN, _TOO_MANY)
    except AccountError as error:
        return _password_page(console, *PROBLEMS[type(error)], _UNPROCESSABLE)
    return _after_password(console)


def _after_password(console: Console) -> ResponseReturnValue:
    flash(console.pages.text(NEW_PASSWORD))
    first = current_user().must_change
    return redirect(wanted_page() if first else url_for("console.me", _anchor="main"), _SEE_OTHER)


def _password_page(console: Console, field: str = "", problem: str = "", status: int = 200) -> tuple[str, int]:
    page = console.pages.render(
        "me_password.html",
        field=field,
        problem=problem,
        first=current_user().must_change,
        shortest=SHORTEST_PASSWORD,
        login=current_user().login,
        target=wanted_page(),
    )
    return page, status


def end_logins(console: Console) -> ResponseReturnValue:
    """Ends one of one's logins, or all but this."""
    which = request.form.get("login", "")
    if which == OTHERS:
        logins.end_others(console.house, current_user().id, session[TOKEN])
    else:
        logins.end_one(console.house, current_user().id, which)
    flash(console.pages.text(ENDED_ALL if which == OTHERS else ENDED))
    return redirect(url_for("console.me", _anchor="logins"), _SEE_OTHER)


ROUTES: Routes = (
    ("/me", "me", me, "GET POST"),
    ("/me/password", "me_password", password, "GET POST"),
    ("/me/logins", "me_logins", end_logins, "POST"),
)
