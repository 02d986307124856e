"""What every page of the console works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import g, request

from bot.identity import IdentityService
from bot.service.accounts import User
from bot.service.glance import Glance
from bot.service.house import House
from console.pages import Pages

CASE = "/cases/<int:case_id>"
"""Where a case stands; whoever asks for an address that begins so may see that case, or gets no further."""

TOKEN = "login"  # noqa: S105 - the name of a field
"""What the session of a browser calls its login."""

Routes = tuple[tuple[str, str, Any, str], ...]
"""Address, name of the endpoint, view, methods."""


@dataclass(frozen=True, slots=True)
class Console:
    """The house behind the pages, how pages are made, and what the console cannot do itself.

    ``fetch``: the sound of a recording by its reference. ``segments``: of a text as an SMS. ``calendar_address``: where
    a calendar stands, by its secret. ``demo_login``: name and password shown at the door. ``two_factor_required``:
    nobody is inside without a second factor. ``identity``: the organisation's identity service, where there is one.
    ``glance``: what pages of the queue that stand open share.
    """

    house: House
    pages: Pages
    fetch: Callable[[str], bytes]
    segments: Callable[[str], int]
    calendar_address: Callable[[str], str]
    demo_login: tuple[str, str] | None = None
    two_factor_required: bool = False
    identity: IdentityService | None = None
    glance: Glance = field(default_factory=Glance)


def current_user() -> User:
    """Who is logged in, or nearly so. The guard let nobody else through: there is always one."""
    user: User = g.arriving
    return user


FORM_TOKEN = r"[A-Za-z0-9_-]{20,64}"  # noqa: S105 - the shape of one
"""What the name of a form looks like: sent twice, it is done once."""

LONG_TEXTS = ("text", "note", "why", "title")
"""Fields in which people write sentences."""


def written() -> str:
    """What was typed into a form that is not taken. Browsers send a line's end as two characters."""
    typed = next((request.form[name] for name in LONG_TEXTS if request.form.get(name)), "")
    return clean(typed)


def clean(typed: str) -> str:
    """One kind of line end; no channel and no database carries a null byte."""
    return typed.replace("\r\n", "\n").replace("\0", "")


def whole_number(typed: str) -> int | None:
    """A number that was sent, if it is one that a database can hold."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < MOST_DIGITS else None


MOST_DIGITS = 19
