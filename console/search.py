"""Looking for somebody. The words travel in the form, never in an address: addresses are kept in many places."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from bot.service import searching
from bot.service.searching import MOST
from console.context import Console, Routes, clean, current_user


def search(console: Console) -> ResponseReturnValue:
    """The page, with what was found once something was looked for."""
    typed = clean(request.form.get("words", "")).strip()
    found = searching.find(console.house, current_user().viewer, typed) if typed else None
    return console.pages.render("search.html", typed=typed, found=found, most=MOST)


ROUTES: Routes = (("/search", "search", search, "GET POST"),)
