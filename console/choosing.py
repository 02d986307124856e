"""Choosing contacts: by language, region, tier and programme, then each by a tick, or all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import request

from bot.catalogues import N_
from bot.service.notices import Candidate
from bot.triage import Tier
from console.context import Console, whole_number
from console.help_words import REGIONS

MOST_SHOWN = 100
"""Contacts with a tick of their own: who wants another one chooses a smaller group."""

FIELDS: Mapping[str, str] = {
    "language": N_("Taal"),
    "region": N_("Streek"),
    "tier": N_("Hulp"),
    "programme": N_("Programma"),
}
"""What contacts can be narrowed down by."""

UNKNOWN = "unknown"
"""What an address says for a value that nobody knows."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One field: what is wanted of it (empty: anything), and what there is: value, name, how many contacts."""

    name: str
    title: str
    wanted: str
    options: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The contacts that fit, and what they were narrowed down by. ``ticked``: those that are chosen now."""

    narrowings: tuple[Narrowing, ...]
    fitting: tuple[Candidate, ...]
    ticked: frozenset[int]
    everybody: bool

    @property
    def shown(self) -> tuple[Candidate, ...]:
        """Those with a tick of their own."""
        return self.fitting[:MOST_SHOWN]

    @property
    def wanted(self) -> dict[str, str]:
        """What they were narrowed down by, for an address or a form."""
        return {narrowing.name: narrowing.wanted for narrowing in self.narrowings if narrowing.wanted}

    @property
    def chosen(self) -> list[int]:
        """The ids of those that are chosen."""
        return [one.id for one in self.fitting if self.everybody or one.id in self.ticked]


def group(console: Console, candidates: Sequence[Candidate], fields: Iterable[str] = FIELDS) -> Group:
    """The group that the request asks for."""
    wanted = {name: request.values.get(name, "") for name in fields}
    fitting = [one for one in candidates if all(_fits(one, name, value) for name, value in wanted.items())]
    return Group(
        narrowings=tuple(_narrowing(console, candidates, name, value) for name, value in wanted.items()),
        fitting=tuple(fitting),
        ticked=frozenset(ids([*request.form.getlist("contact"), *request.form.get("contacts", "").split()])),
        everybody=bool(request.form.get("everybody")),
    )


def ids(typed: Iterable[str]) -> list[int]:
    """Numbers of contacts, as a form sends them; what is none is left out."""
    return [number for number in map(whole_number, typed) if number is not None]


def names(console: Console, candidates: Iterable[Candidate], wanted: Iterable[int]) -> list[str]:
    """What some contacts are called."""
    by_id = {one.id: one.name.strip() for one in candidates}
    return [by_id.get(contact_id) or console.pages.text(NAMELESS) for contact_id in wanted]


NAMELESS = N_("Zonder naam")

_VALUES: Mapping[str, Callable[[Candidate], tuple[str, ...]]] = {
    "language": lambda one: (one.language,),
    "region": lambda one: (one.region or UNKNOWN,),
    "tier": lambda one: (one.tier or UNKNOWN,),
    "programme": lambda one: one.programmes,
}


def _fits(one: Candidate, name: str, value: str) -> bool:
    return not value or value in _VALUES[name](one)


def _narrowing(console: Console, candidates: Sequence[Candidate], name: str, wanted: str) -> Narrowing:
    """Only what occurs can be chosen; what is wanted stays, also when nobody fits it."""
    counted: dict[str, int] = {wanted: 0} if wanted else {}
    for one in candidates:
        for value in _VALUES[name](one):
            counted[value] = counted.get(value, 0) + 1
    rows = sorted((called(console, name, value), value, number) for value, number in counted.items())
    options = tuple((value, words, number) for words, value, number in rows)
    return Narrowing(name, FIELDS[name], wanted, options)


def called(console: Console, name: str, value: str) -> str:
    """What a value of a field is called."""
    words = console.pages.words
    if name == "language":
        return words.language(value)
    if name == "programme":
        return console.house.programme(value, console.pages.language)
    if name == "tier" and value in set(Tier):
        return words.help.tier(value)
    return words.help.region(value) if value in REGIONS else words.text(NOT_KNOWN)


NOT_KNOWN = N_("Onbekend")
