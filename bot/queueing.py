"""Who comes next: urgency first; among ordinary cases the waiting counts, so that nobody is left for ever.

Danger comes before all, then distress, each as they came. Every other case counts its waiting in minutes of opening
time, and whoever waits for a person begins with a lead on who only gave answers to read. A lead can be made up for by
waiting longer: docs/decisions.md tells why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.cases import URGENCY, Reason

LEAD = 960
"""Minutes of opening time, about two days: what a person who waits has on answers to read. Who waited as long as that
has aged: it is said beside the case."""

KNOWN = 240
"""Minutes of opening time: what somebody whom the counsellor helped before has on the others, for that counsellor."""

AT_ONCE = URGENCY[Reason.DISTRESS]
"""From this urgency on a case comes before all others, whatever they waited."""

Rank = tuple[int, bool, float, float, int]


class Queued(Protocol):
    """What of a case decides its place."""

    @property
    def id(self) -> int:
        """Its number."""
        ...

    @property
    def urgency(self) -> int:
        """As ``bot.cases.URGENCY``."""
        ...

    @property
    def waiting_since(self) -> datetime | None:
        """The oldest message that no person has answered."""
        ...

    @property
    def known_id(self) -> int | None:
        """The counsellor who knows the contact."""
        ...


def rank(case: Queued, waited: float, viewer_id: int | None = None) -> Rank:
    """The place of a case for one who looks: the smallest comes first. ``waited``: minutes of opening time.

    A case whose person waits for nothing comes after all of its kind that wait.
    """
    since = case.waiting_since
    moment = since.timestamp() if since is not None else 0.0
    if case.urgency >= AT_ONCE:
        return (-case.urgency, since is None, 0.0, moment, case.id)
    known = KNOWN if viewer_id is not None and case.known_id == viewer_id else 0
    return (0, since is None, -(waited + LEAD * case.urgency + known), moment, case.id)


def has_aged(case: Queued, waited: float) -> bool:
    """Whether a case goes before others because it waited so long."""
    return case.waiting_since is not None and case.urgency < AT_ONCE and waited >= LEAD


class View(StrEnum):
    """What of the queue is looked at."""

    WAITING = "waiting"
    MINE = "mine"
    TEAM = "team"
    ALL = "all"
    SNOOZED = "snoozed"
    UNDELIVERED = "undelivered"


FACETS = ("team", "language", "region", "channel", "programme")
"""What a case can be filtered by, beside the waiting."""

SPANS: Mapping[str, timedelta] = {"1h": timedelta(hours=1), "1d": timedelta(days=1), "3d": timedelta(days=3)}
"""How long somebody has to wait at least, by the name of the choice."""

WAITS = "waits"
"""The filter of ``SPANS``."""

NONE = "unknown"
"""What a filter calls a value that a case does not have."""

PAGE = 25
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the queue. ``filters``: values by the name of the filter; ``show``: lines of each list."""

    view: View = View.WAITING
    filters: Mapping[str, str] = field(default_factory=dict)
    show: int = PAGE


def wanted(asked: Mapping[str, str]) -> Wanted:
    """What an address asks for; what it cannot mean is left out."""
    view = View(asked["view"]) if asked.get("view") in set(View) else View.WAITING
    filters = {name: asked[name] for name in (*FACETS, WAITS) if asked.get(name)}
    if filters.get(WAITS) not in SPANS:
        filters.pop(WAITS, None)
    show = asked.get("show", "")
    lines = int(show) if show.isascii() and show.isdecimal() and len(show) < 4 else PAGE
    return Wanted(view, filters, min(max(lines, PAGE), MOST_SHOWN))


Values = Mapping[str, Collection[str]]
"""Of one case the values that each filter looks at."""


@dataclass(slots=True)
class Sieve:
    """Lets through the cases that every filter wants, and counts what each choice would leave."""

    filters: Mapping[str, str]
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def takes(self, values: Values, number: int = 1) -> bool:
        """Whether cases with these values pass, ``number`` of them.

        What one filter alone keeps out counts for the choices of that filter.
        """
        failing = [name for name, value in self.filters.items() if value not in values.get(name, ())]
        for name in values if not failing else failing if len(failing) == 1 else ():
            counted = self.counts.setdefault(name, {})
            for value in values.get(name, ()):
                counted[value] = counted.get(value, 0) + number
        return not failing


@dataclass(frozen=True, slots=True)
class Room:
    """How many open cases somebody has, and may have; ``most`` is None without a limit."""

    has: int
    most: int | None

    def takes(self, urgency: int) -> bool:
        """Whether one more fits. Danger and distress always do."""
        return self.most is None or self.has < self.most or urgency >= AT_ONCE


def most_of(own: int | None, teams: Iterable[int | None]) -> int | None:
    """At most how many open cases: the person's own number, else the largest of the teams'; None without any."""
    if own is not None:
        return own
    return max((most for most in teams if most is not None), default=None)
