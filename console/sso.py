"""Logging in through the organisation's identity service, and tying one's account to it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.identity import Declined, Handshake, IdentityService, Person, Refused, Stale, Unreachable
from bot.service import identities
from bot.service.account_errors import AnothersIdentity, NoAccountHere
from console.access import begin as begin_login
from console.access import wanted_page
from console.context import Console, Routes, current_user
from console.devices import device

LINKED = N_("Uw account hoort nu bij de aanmelddienst. Daar kunt u zich voortaan mee aanmelden.")
UNLINKED = N_("Uw account hoort niet meer bij de aanmelddienst.")

PROBLEMS: Mapping[type[Exception], tuple[int, str, str]] = {
    Declined: (403, N_("U bent niet aangemeld"), N_("De aanmelddienst liet u niet door, of u brak het aanmelden af.")),
    Stale: (400, N_("Dit duurde te lang"), N_("Het aanmelden begon te lang geleden, of in een ander venster.")),
    Refused: (
        502,
        N_("De aanmelddienst antwoordt vreemd"),
        N_("Wij weten niet zeker wie u bent. Zeg het aan wie de console beheert als dit zo blijft."),
    ),
    Unreachable: (
        503,
        N_("De aanmelddienst antwoordt niet"),
        N_("Het ligt niet aan u. Probeer het straks opnieuw, of neem uw wachtwoord."),
    ),
    NoAccountHere: (
        403,
        N_("U hebt hier nog geen account"),
        N_("De aanmelddienst kent u, maar hier bent u nog niet bekend. Vraag een account aan een beheerder."),
    ),
    AnothersIdentity: (
        409,
        N_("Dit is al iemand anders"),
        N_("Bij de aanmelddienst bent u al verbonden met een ander account hier."),
    ),
}
"""What went wrong: the status, and what is said about it."""

_HANDSHAKE = "sso"
_LASTS = 600
"""Seconds in which somebody has to come back."""

_SEE_OTHER = 303


def begin(console: Console) -> ResponseReturnValue:
    """To the identity service, to log in."""
    return _leave(console, "")


def begin_link(console: Console) -> ResponseReturnValue:
    """To the identity service, to tie the own account to it."""
    return _leave(console, current_user().id)


def _leave(console: Console, user_id: int | str) -> ResponseReturnValue:
    """A browser goes there with what its answer will have to fit. ``user_id``: whose account is to be tied, if any."""
    try:
        address, handshake = _service(console).begin()
    except (Refused, Unreachable) as error:
        return _told(console, error)
    session[_HANDSHAKE] = {
        "state": handshake.state,
        "nonce": handshake.nonce,
        "verifier": handshake.verifier,
        "at": int(time.time()),
        "next": wanted_page(),
        "link": user_id,
    }
    return redirect(address, _SEE_OTHER)


def back(console: Console) -> ResponseReturnValue:
    """The answer that a browser brings back, good for one question."""
    asked = session.pop(_HANDSHAKE, None)
    try:
        person = _service(console).finish(_handshake(asked), request.args)
        return _link(console, asked, person) if asked["link"] else _come_in(console, asked, person)
    except tuple(PROBLEMS) as error:
        return _told(console, error)


def _handshake(asked: Mapping[str, Any] | None) -> Handshake:
    if request.args.get("error"):
        raise Declined("error")
    if asked is None or not 0 <= time.time() - asked["at"] <= _LASTS:
        raise Stale("time")
    return Handshake(asked["state"], asked["nonce"], asked["verifier"])


def _come_in(console: Console, asked: Mapping[str, Any], person: Person) -> ResponseReturnValue:
    begin_login(identities.log_in(console.house, person, device(request.user_agent.string)))
    return redirect(asked["next"], _SEE_OTHER)


def _link(console: Console, asked: Mapping[str, Any], person: Person) -> ResponseReturnValue:
    """Only for who is still logged in here as who began."""
    if g.user is None or g.user.id != asked["link"]:
        raise Stale("login")
    identities.link(console.house, g.user.id, person)
    flash(console.pages.text(LINKED))
    return redirect(url_for("console.me", _anchor="main"), _SEE_OTHER)


def unlink(console: Console) -> ResponseReturnValue:
    """Unties the own account."""
    identities.unlink(console.house, current_user().id, current_user().id)
    flash(console.pages.text(UNLINKED))
    return redirect(url_for("console.me", _anchor="main"), _SEE_OTHER)


def _service(console: Console) -> IdentityService:
    if console.identity is None:
        abort(404)
    return console.identity


def _told(console: Console, error: Exception) -> ResponseReturnValue:
    status, title, words = PROBLEMS[type(error)]
    return console.pages.render("sso.html", title=title, words=words), status


ROUTES: Routes = (
    ("/sso", "sso", begin, "GET"),
    ("/sso/back", "sso_back", back, "GET"),
    ("/me/identity", "me_identity", begin_link, "GET"),
    ("/me/identity/off", "me_identity_off", unlink, "POST"),
)
