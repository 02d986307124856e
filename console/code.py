"""The second factor: asked for after the password, and switched on and off on one's own page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import segno
from flask import Response, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.service import logins, second_factor
from bot.service.account_errors import NotEnrolling, TooManyTries, WrongCode, WrongPassword
from console.access import wanted_page
from console.context import TOKEN, Console, Routes, current_user
from console.me import TOO_OFTEN, WRONG_OLD

WRONG = N_("Deze code is niet juist, of al gebruikt. Neem de code die er nu staat.")
OFF = N_("Er wordt geen code meer gevraagd.")

_SEE_OTHER = 303
_UNPROCESSABLE = 422
_TOO_MANY = 429
_SCALE = 5
_MARGIN = 3


def after_password(console: Console) -> ResponseReturnValue:
    """The page that asks for the code, and the code that is sent from it."""
    if not current_user().waits_for_code:
        return redirect(wanted_page(), _SEE_OTHER)
    if request.method == "GET":
        return _ask(console)
    try:
        second_factor.check(console.house, session[TOKEN], current_user().id, request.form.get("code", ""))
    except WrongCode:
        return _ask(console, WRONG, _UNPROCESSABLE)
    except TooManyTries:
        return _ask(console, TOO_OFTEN, _TOO_MANY)
    return redirect(wanted_page(), _SEE_OTHER)


def _ask(console: Console, problem: str = "", status: int = 200) -> ResponseReturnValue:
    return console.pages.render("code.html", problem=problem, target=wanted_page()), status


def own(console: Console) -> ResponseReturnValue:
    """One's second factor: what it is, how it stands, and the first code."""
    if request.method == "GET":
        return _page(console)
    try:
        spare = second_factor.confirm(console.house, current_user().id, request.form.get("code", ""))
    except NotEnrolling:
        return redirect(url_for("console.me_code"), _SEE_OTHER)
    except WrongCode:
        return _page(console, "code", WRONG, _UNPROCESSABLE)
    except TooManyTries:
        return _page(console, "code", TOO_OFTEN, _TOO_MANY)
    return _page(console, spare=spare)


def begin(console: Console) -> ResponseReturnValue:
    """A new secret to put into the telephone."""
    try:
        second_factor.begin(console.house, current_user().id)
    except NotEnrolling:
        abort(409)
    return redirect(url_for("console.me_code", next=wanted_page(), _anchor="main"), _SEE_OTHER)


def image(console: Console) -> ResponseReturnValue:
    """The secret as a picture for the camera of a telephone, as long as it waits for its first code."""
    waiting = second_factor.enrolment(console.house, current_user().id)
    if waiting is None:
        abort(404)
    picture = BytesIO()
    code = segno.make(waiting.address, error="m", micro=False)
    code.save(picture, kind="svg", scale=_SCALE, border=_MARGIN, dark="#000", light="#fff", xmldecl=False)
    return Response(picture.getvalue(), content_type="image/svg+xml")


def spare(console: Console) -> ResponseReturnValue:
    """Ten new spare codes, for who knows the password."""
    return _with_password(console, "spare", lambda user_id: second_factor.renew_spare(console.house, user_id))


def off(console: Console) -> ResponseReturnValue:
    """No second factor any more, for who knows the password, and where none is required."""
    if console.two_factor_required:
        abort(403)

    def take_off(user_id: int) -> Sequence[str]:
        second_factor.take_off(console.house, user_id, user_id)
        return ()

    return _with_password(console, "off", take_off)


def _with_password(console: Console, field: str, act: Callable[[int], Sequence[str]]) -> ResponseReturnValue:
    user_id = current_user().id
    try:
        logins.check_password(console.house, user_id, request.form.get("password", ""))
        made = act(user_id)
    except WrongPassword:
        return _page(console, field, WRONG_OLD, _UNPROCESSABLE)
    except TooManyTries:
        return _page(console, field, TOO_OFTEN, _TOO_MANY)
    except NotEnrolling:
        abort(409)
    if made:
        return _page(console, spare=made)
    flash(console.pages.text(OFF))
    return redirect(url_for("console.me", _anchor="main"), _SEE_OTHER)


def _page(
    console: Console, field: str = "", problem: str = "", status: int = 200, spare: Sequence[str] = ()
) -> tuple[str, int]:
    user = current_user()
    page = console.pages.render(
        "me_code.html",
        field=field,
        problem=problem,
        spare=spare,
        on=user.code_on or bool(spare),
        waiting=second_factor.enrolment(console.house, user.id),
        left=second_factor.spare_left(console.house, user.id),
        required=console.two_factor_required,
        target=wanted_page(),
    )
    return page, status


ROUTES: Routes = (
    ("/code", "code", after_password, "GET POST"),
    ("/me/code", "me_code", own, "GET POST"),
    ("/me/code/new", "me_code_new", begin, "POST"),
    ("/me/code/image", "me_code_image", image, "GET"),
    ("/me/code/spare", "me_code_spare", spare, "POST"),
    ("/me/code/off", "me_code_off", off, "POST"),
)
