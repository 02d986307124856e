"""The queue as one counsellor sees it: the lists of a view, what filters would leave, who is at work, what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row

from bot.queueing import FACETS, NONE, SPANS, WAITS, Room, Sieve, Values, View, Wanted
from bot.roles import Viewer
from bot.service.access import seen_by
from bot.service.case_views import CaseRow
from bot.service.glance import Glance, Taken
from bot.service.house import House
from bot.service.queue_order import Order
from bot.service.routing import PRESENT, opens_for
from bot.service.taking import room_of
from bot.store import cases, messages, teams

FRESH = timedelta(minutes=10)
"""How long a page may stand without anything new before it is made anew: what is said of waiting and of colleagues."""

RESTS = timedelta(seconds=5)
"""How long a page rests after it was made: where something happens all the time, hundreds of open pages would be made
anew at every question. When it is quiet, what is new is there at the next one; danger and distress always are."""

LONGEST_NUMBER = 18
"""Digits of a number that any database holds."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list of a page: its first lines, and how many there are."""

    name: str
    rows: tuple[CaseRow, ...]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True)
class Board:
    """What a page of the queue shows. ``choices``: per filter its values and how many cases each would leave.

    ``colleagues``: how many of the own teams are at work, the viewer not counted. ``seen``: to ask what is new since.
    """

    lists: tuple[Listing, ...]
    counts: Mapping[View, int]
    unreadable: int
    choices: Mapping[str, Mapping[str, int]]
    room: Room
    colleagues: int
    seen: str


LISTS: Mapping[View, tuple[str, ...]] = {
    View.WAITING: ("waiting", "mine", "later"),
    View.MINE: ("mine",),
    View.TEAM: ("team",),
    View.ALL: ("waiting", "mine", "later", "others"),
    View.SNOOZED: ("snoozed",),
    View.UNDELIVERED: ("undelivered",),
}
"""The lists that each view shows, in their order."""

TITLED = frozenset(name for names in LISTS.values() for name in names)
"""Every list."""


Placed = dict[str, list[Row[Any]]]
"""The rows of each list."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """All that a viewer may see, at one moment; the longest waiting first."""

    house: House
    viewer: Viewer
    rows: Sequence[Row[Any]]
    now: datetime

    def placed(self) -> Placed:
        """Which case is in which lists. One that was put off is in no other."""
        lists: Placed = {name: [] for name in TITLED}
        own, me = frozenset(self.viewer.teams), self.viewer.id
        for row in self.rows:
            if row.snoozed_until is not None:
                lists["snoozed"].append(row)
                continue
            lists[self._list(row, own, me)].append(row)
            if row.team in own:
                lists["team"].append(row)
            if row.undelivered:
                lists["undelivered"].append(row)
        return lists

    def _list(self, row: Row[Any], own: frozenset[str], me: int) -> str:
        if row.owner_id is not None:
            return "mine" if row.owner_id == me else "others"
        if row.team_from is None and row.all_from is None:
            return "waiting"
        return "waiting" if opens_for(row, me, own, self.now) is None else "later"

    def opens_at(self, row: Row[Any]) -> datetime | None:
        """Until when somebody else comes first."""
        return opens_for(row, self.viewer.id, frozenset(self.viewer.teams), self.now)


def look(house: House, viewer: Viewer, wanted: Wanted, language: str, glance: Glance | None = None) -> Board:
    """The queue as ``viewer`` wants to see it, its words in the reader's ``language``; as it stood at a ``glance``."""
    now = house.now()
    with house.store.read() as connection:
        taken = (glance or Glance()).take(house, connection, now)
        seen = _Seen(house, viewer, seen_by(house, viewer, taken.rows), now)
        placed = seen.placed()
        shown = {name: placed[name] for name in LISTS[wanted.view]}
        kept, choices = _sifted(shown, wanted, now)
        return Board(
            lists=_listed(connection, seen, taken, kept, wanted, language),
            counts={view: sum(len(placed[name]) for name in _counted(view)) for view in View},
            unreadable=messages.count_aside(connection),
            choices=choices,
            room=room_of(house, connection, viewer.id, now),
            colleagues=_colleagues(connection, viewer, now),
            seen=_mark(seen, taken.newest),
        )


def _counted(view: View) -> tuple[str, ...]:
    """Of the view of those who wait only those count that one can take."""
    return ("waiting",) if view is View.WAITING else LISTS[view]


def _sifted(shown: Placed, wanted: Wanted, now: datetime) -> tuple[Placed, Mapping[str, Mapping[str, int]]]:
    """What passes the filters, and what their choices would leave. Cases of one kind are looked at once."""
    since = {name: now - span for name, span in SPANS.items()}
    kinds = {name: [(_kind(row, since), row) for row in rows] for name, rows in shown.items()}
    sieve = Sieve(wanted.filters)
    numbers = Counter(kind for rows in kinds.values() for kind, _ in rows)
    passing = {kind for kind, number in numbers.items() if sieve.takes(_values(kind), number)}
    return {name: [row for kind, row in rows if kind in passing] for name, rows in kinds.items()}, sieve.counts


_Kind = tuple[Any, ...]
"""Of a case all that filters look at, in the order of ``FACETS``; last how many of ``SPANS`` somebody waited."""


def _kind(row: Row[Any], since: Mapping[str, datetime]) -> _Kind:
    waits = row.waiting_since
    passed = 0 if waits is None else sum(1 for moment in since.values() if waits <= moment)
    return (row.team, row.language, row.region, row.channel, row.programme, passed)


def _values(kind: _Kind) -> Values:
    facets = {name: (value or NONE,) for name, value in zip(FACETS, kind[:-1], strict=True)}
    return {**facets, WAITS: tuple(SPANS)[: kind[-1]]}


def _listed(
    connection: Connection, seen: _Seen, taken: Taken, kept: Placed, wanted: Wanted, language: str
) -> tuple[Listing, ...]:
    """The lists with their first lines; only of those the words are looked up."""
    order = Order(seen.house, seen.rows, seen.now)
    first = {name: order.first(rows, seen.viewer.id, wanted.show) for name, rows in kept.items()}
    shown = {row.id: row for rows in first.values() for row in rows}
    lines = taken.lines(seen.house, connection, list(shown), language)
    told = {
        case_id: replace(lines[case_id], opens_at=seen.opens_at(row), aged=order.aged(row))
        for case_id, row in shown.items()
    }
    return tuple(Listing(name, tuple(told[row.id] for row in first[name]), len(rows)) for name, rows in kept.items())


def _colleagues(connection: Connection, viewer: Viewer, now: datetime) -> int:
    at_work = teams.present(connection, now - PRESENT) - {viewer.id}
    of = teams.of_all(connection)
    own = set(viewer.teams)
    return sum(1 for user_id in at_work if not own or own & of.get(user_id, frozenset()))


# What is new


def unchanged(house: House, viewer: Viewer, seen: str) -> bool:
    """Whether a page that was made with this mark would be the same now, or was made only just now."""
    parts = seen.split("_")
    numbers = [int(part) for part in parts[:3] if part.isdecimal() and len(part) <= LONGEST_NUMBER]
    if len(parts) != len(("newest", "made", "stale", "of")) or len(numbers) < 3 or parts[3] != _of(viewer):
        return False
    newest, made, stale = numbers
    now = house.now().timestamp()
    if now >= stale:
        return False
    is_new = cases.alarm_since if now < made + RESTS.total_seconds() else cases.news_since
    with house.store.read() as connection:
        return not is_new(connection, newest)


def _mark(seen: _Seen, newest: int) -> str:
    return f"{newest}_{int(seen.now.timestamp())}_{int(_stale(seen).timestamp())}_{_of(seen.viewer)}"


def _of(viewer: Viewer) -> str:
    """What of the viewer decides what is seen."""
    return sha256(repr((viewer.id, viewer.role, sorted(viewer.teams))).encode()).hexdigest()[:8]


def _stale(seen: _Seen) -> datetime:
    """When the page changes without anything having happened: a turn that is over, a case that comes back."""
    turns = (moment for row in seen.rows for moment in (row.team_from, row.all_from, row.snoozed_until))
    ahead: list[datetime] = [moment for moment in turns if moment is not None]
    return min([seen.now + FRESH, *ahead])
