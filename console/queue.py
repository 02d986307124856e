"""The queue: who waits, what is mine, what colleagues have; views, filters, and taking the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.queueing import MOST_SHOWN, NONE, PAGE, SPANS, WAITS, View, Wanted, wanted
from bot.service import queue_views, taking
from bot.service.case_errors import EnoughCases, NobodyWaits
from bot.service.glance import Glance
from bot.service.queue_views import Board
from console.actions import PROBLEMS
from console.choosing import called
from console.context import Console, Routes, current_user
from console.transport import NO_CONTENT

VIEWS: Mapping[View, str] = {
    View.WAITING: N_("Wacht"),
    View.MINE: N_("Van mij"),
    View.TEAM: N_("Mijn team"),
    View.ALL: N_("Alles"),
    View.SNOOZED: N_("Uitgesteld"),
    View.UNDELIVERED: N_("Niet bezorgd"),
}

TITLES: Mapping[str, str] = {
    "waiting": N_("Wacht op een mens"),
    "mine": N_("Van mij"),
    "later": N_("Eerst voor iemand anders"),
    "others": N_("Van collega’s"),
    "team": N_("Van mijn team"),
    "snoozed": N_("Uitgesteld"),
    "undelivered": N_("Met een bericht dat niet bezorgd is"),
}
"""What each list is called."""

FILTERS: Mapping[str, str] = {
    "team": N_("Team"),
    "language": N_("Taal"),
    "region": N_("Streek"),
    "channel": N_("Kanaal"),
    "programme": N_("Programma"),
    WAITS: N_("Wacht langer dan"),
}

WAITED: Mapping[str, str] = {"1h": N_("1 uur"), "1d": N_("1 dag"), "3d": N_("3 dagen")}
EVERYBODYS = N_("Van iedereen")
"""The team of a case that no team has."""

NOBODY = N_("Er wacht nu niemand die u kunt helpen. Nieuwe gesprekken verschijnen hier vanzelf.")
CAME = N_("Fijn dat u er weer bent.")

_SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: what is wanted of it (empty: anything), and its choices: value, name, how many cases."""

    name: str
    title: str
    wanted: str
    options: tuple[tuple[str, str, int], ...]


def queue(console: Console) -> ResponseReturnValue:
    """The whole page."""
    asked = wanted(request.args)
    board = _board(console, asked)
    return console.pages.render("queue.html", filters=_filters(console, board, asked), **_told(console, board, asked))


def fragment(console: Console) -> ResponseReturnValue:
    """Only the lists, for a page that is open; 204 when they are what it has ``seen``."""
    if queue_views.unchanged(console.house, current_user().viewer, request.args.get("seen", "")):
        return "", NO_CONTENT
    asked = wanted(request.args)
    return console.pages.render("_queue.html", **_told(console, _board(console, asked, console.glance), asked))


def take_next(console: Console) -> ResponseReturnValue:
    """Takes the case that comes first for who asks, and goes there."""
    try:
        case_id = taking.take_next(console.house, current_user().viewer)
    except NobodyWaits:
        return _back(console.pages.text(NOBODY), "note")
    except EnoughCases as error:
        return _back(console.pages.text(PROBLEMS[EnoughCases][1], most=str(error.most)), "note")
    return redirect(url_for("console.case", case_id=case_id, _anchor="text"), _SEE_OTHER)


def presence(console: Console) -> ResponseReturnValue:
    """Away for a while, or back."""
    away = request.form.get("away") == "yes"
    taking.set_away(console.house, current_user().id, away=away)
    return _back("" if away else console.pages.text(CAME))


def _back(words: str, kind: str = "done") -> ResponseReturnValue:
    """To the queue, where these words are said: of something done, or only to know.

    Where the page itself shows what changed, nothing more is said.
    """
    if words:
        flash(words, kind)
    return redirect(url_for("console.queue", _anchor="main"), _SEE_OTHER)


def _board(console: Console, asked: Wanted, glance: Glance | None = None) -> Board:
    return queue_views.look(console.house, current_user().viewer, asked, console.pages.language, glance)


def _told(console: Console, board: Board, asked: Wanted) -> dict[str, object]:
    """What the lists are shown with. ``asked``: the address of this page, for links that change one thing of it."""
    address = {"view": asked.view.value, **asked.filters}
    return {
        "line": partial(console.pages.line, me=current_user().id),
        "board": board,
        "view": asked.view.value,
        "views": [(view.value, console.pages.text(VIEWS[view]), board.counts[view]) for view in _views()],
        "titles": {name: console.pages.text(words) for name, words in TITLES.items()},
        "waiting": board.counts[View.WAITING],
        "address": address,
        "filtered": bool(asked.filters),
        "show": asked.show,
        "further": min(asked.show + PAGE, MOST_SHOWN) if asked.show < MOST_SHOWN else 0,
    }


def _views() -> list[View]:
    """Who is in no team has none to look at."""
    return [view for view in View if view is not View.TEAM or current_user().teams]


def _filters(console: Console, board: Board, asked: Wanted) -> list[Filter]:
    return [_filter(console, name, board.choices.get(name, {}), asked.filters.get(name, "")) for name in FILTERS]


def _filter(console: Console, name: str, counted: Mapping[str, int], chosen: str) -> Filter:
    """Only what occurs can be chosen; what is chosen stays, also when nobody fits it any more."""
    counts = {chosen: 0, **counted} if chosen else counted
    order = list(SPANS) if name == WAITS else []
    rows = sorted(
        (order.index(value) if value in order else 0, _called(console, name, value), value) for value in counts
    )
    options = tuple((value, words, counts[value]) for _, words, value in rows)
    return Filter(name, console.pages.text(FILTERS[name]), chosen, options)


def _called(console: Console, name: str, value: str) -> str:
    """What a choice is called."""
    if name == WAITS:
        return console.pages.text(WAITED[value])
    if name == "team":
        team = console.house.team(value)
        return team.name if team is not None else console.pages.text(EVERYBODYS) if value == NONE else value
    if name == "channel":
        return console.pages.words.channel(value) if value != NONE else called(console, "", value)
    return called(console, name if value != NONE else "", value)


ROUTES: Routes = (
    ("/", "queue", queue, "GET"),
    ("/queue", "queue_fragment", fragment, "GET"),
    ("/next", "take_next", take_next, "POST"),
    ("/presence", "presence", presence, "POST"),
)
