"""What every page of the console works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import g

from bot.service.accounts import User
from bot.service.house import House
from console.pages import Pages


@dataclass(frozen=True, slots=True)
class Console:
    """The house behind the pages, how pages are made, and ``fetch``: the sound of a recording by its reference.

    ``demo_login``: name and password shown at the door.
    """

    house: House
    pages: Pages
    fetch: Callable[[str], bytes]
    demo_login: tuple[str, str] | None = None


def current_user() -> User:
    """Who is logged in. The guard let nobody else through: there is always one."""
    user: User = g.user
    return user
