"""Who works here: seen by who looks after teams, changed by administrators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.roles import Role
from bot.service import identities, second_factor, staff
from bot.service.account_errors import AccountError, NoSuchAccount
from bot.service.house import House
from bot.service.staff import Details, Member
from console.context import Console, Routes, current_user
from console.staff_words import MEANS, PROBLEMS, ROLES

CHANGED = N_("Bewaard.")
CLOSED = N_("Dit account is gesloten en overal afgemeld. De gesprekken ervan wachten weer op iemand.")
OPENED = N_("Dit account is weer open.")
LOGGED_OUT = N_("Dit account is overal afgemeld.")
UNLINKED = N_("Dit account hoort niet meer bij de aanmelddienst.")
CODE_OFF = N_("Voor dit account wordt geen code meer gevraagd.")

_SEE_OTHER = 303
_UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Given:
    """What stands in the form."""

    login: str
    details: Details
    field: str = ""
    problem: str = ""


def people(console: Console) -> ResponseReturnValue:
    """Everybody, or those of the own teams."""
    return console.pages.render(
        "people.html",
        members=staff.listed(console.house, current_user().viewer),
        roles=_roles(console),
        team_names=lambda names: staff.team_names(console.house, names),
    )


def new(console: Console) -> ResponseReturnValue:
    """The form for a new account, and what is sent from it."""
    if request.method == "GET":
        return _form(console, Given("", Details("")))
    given = _read()
    try:
        user_id, password = staff.hire(console.house, current_user().id, given.login, given.details)
    except AccountError as error:
        return _form(console, _wrong(console, given, error)), _UNPROCESSABLE
    return _password(console, user_id, password)


def person(console: Console, user_id: int) -> ResponseReturnValue:
    """One account, and what is changed in it."""
    member = _member(console, user_id)
    if request.method == "GET":
        return _form(console, Given(member.login, _details(member)), member)
    given = _read(member)
    try:
        staff.change(console.house, current_user().id, user_id, given.details)
    except AccountError as error:
        return _form(console, _wrong(console, given, error), member), _UNPROCESSABLE
    return _back(console, user_id, CHANGED)


def act(console: Console, user_id: int, act: str) -> ResponseReturnValue:
    """Closes an account or opens it again, ends its logins, takes off its second factor or its identity elsewhere."""
    member = _member(console, user_id)
    if act == "password":
        return _give_password(console, member)
    does, words = ACTS[act]
    try:
        does(console.house, current_user().id, user_id)
    except AccountError as error:
        given = _wrong(console, Given(member.login, _details(member)), error)
        return _form(console, given, member), _UNPROCESSABLE
    return _back(console, user_id, words)


def _give_password(console: Console, member: Member) -> ResponseReturnValue:
    if member.id == current_user().id:
        return redirect(url_for("console.me_password"), _SEE_OTHER)
    return _password(console, member.id, staff.give_password(console.house, current_user().id, member.id))


def _take_code_off(house: House, by: int, user_id: int) -> None:
    second_factor.take_off(house, user_id, by)


ACTS: Mapping[str, tuple[Callable[[House, int, int], None], str]] = {
    "close": (staff.close, CLOSED),
    "open": (staff.reopen, OPENED),
    "logout": (staff.end_logins, LOGGED_OUT),
    "code": (_take_code_off, CODE_OFF),
    "identity": (identities.unlink, UNLINKED),
}
"""What can be done with an account, and what is said afterwards."""


def _member(console: Console, user_id: int) -> Member:
    try:
        return staff.one(console.house, user_id)
    except NoSuchAccount:
        abort(404)


def _details(member: Member) -> Details:
    most = "" if member.most_open is None else str(member.most_open)
    return Details(member.name, member.language, member.phone, member.role, member.teams, most)


def _read(member: Member | None = None) -> Given:
    """The form as it was filled in. Of an account that is there the name to log in with stays."""
    form = request.form
    wanted = form.get("role", "")
    details = Details(
        name=form.get("name", ""),
        language=form.get("language", ""),
        phone=form.get("phone", ""),
        role=Role(wanted) if wanted in set(Role) else Role.COUNSELLOR if member is None else member.role,
        teams=frozenset(form.getlist("teams")),
        most_open=form.get("most_open", ""),
    )
    return Given(form.get("login", "") if member is None else member.login, details)


def _wrong(console: Console, given: Given, error: AccountError) -> Given:
    field, words = PROBLEMS[type(error)]
    return Given(given.login, given.details, field, console.pages.text(words))


def _form(console: Console, given: Given, member: Member | None = None) -> str:
    return console.pages.render(
        "person.html",
        given=given,
        details=given.details,
        member=member,
        oneself=member is not None and member.id == current_user().id,
        roles=_roles(console),
        means={role: console.pages.text(words) for role, words in MEANS.items()},
        teams=console.house.teams,
        languages=console.house.complete,
    )


def _password(console: Console, user_id: int, password: str) -> ResponseReturnValue:
    """The first password, this once: it stands in no address, no cookie and no log."""
    member = _member(console, user_id)
    return console.pages.render("person_password.html", member=member, password=password)


def _roles(console: Console) -> Mapping[Role, str]:
    return {role: console.pages.text(words) for role, words in ROLES.items()}


def _back(console: Console, user_id: int, words: str) -> ResponseReturnValue:
    flash(console.pages.text(words))
    return redirect(url_for("console.person", user_id=user_id, _anchor="main"), _SEE_OTHER)


ROUTES: Routes = (
    ("/people", "people", people, "GET"),
    ("/people/new", "people_new", new, "GET POST"),
    ("/people/<int:user_id>", "person", person, "GET POST"),
    ("/people/<int:user_id>/<any(close, open, logout, code, identity, password):act>", "person_act", act, "POST"),
)
