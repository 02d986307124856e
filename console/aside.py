"""What could not be read: shown to people, who may make something of it."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from bot.service import aside as set_aside
from console.context import Console, Routes


def aside(console: Console) -> ResponseReturnValue:
    """The whole page."""
    return console.pages.render("aside.html", listed=set_aside.listed(console.house))


ROUTES: Routes = (("/aside", "aside", aside, "GET"),)
