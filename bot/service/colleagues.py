"""To whom a case can go: colleagues, who is at work first, and the other teams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from bot.queueing import most_of
from bot.service.case_views import existing
from bot.service.house import House
from bot.service.reaching import way_to
from bot.service.routing import PRESENT
from bot.store import colleagues as store
from bot.store import contacts, teams
from bot.teams import Team


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can take a case. ``near``: of the case's team. ``full``: has as many cases as they may have."""

    id: int
    name: str
    near: bool
    present: bool
    away: bool
    full: bool
    held: int


@dataclass(frozen=True, slots=True)
class Takers:
    """All of them. ``told``: the contact can be told in writing who answers from now on."""

    colleagues: tuple[Colleague, ...]
    teams: tuple[Team, ...]
    told: bool


def takers(house: House, case_id: int) -> Takers:
    """To whom a case can go: not to who has it, nor to the team whose turn it is. Raises NoSuchCase."""
    with house.store.read() as connection:
        case = existing(connection, case_id)
        rows = store.at_work_here(connection)
        of_all, present = teams.of_all(connection), teams.present(connection, house.now() - PRESENT)
        staffed = teams.staffed(connection)
        way = way_to(house, connection, case.contact_id)
        told = way is not None and contacts.open_session(connection, case.contact_id) is not None
    every = [_colleague(house, row, case.team, of_all, row.id in present) for row in rows if row.id != case.owner_id]
    here = case.team if case.owner_id is None else ""
    others = tuple(team for team in house.teams if team.id in staffed and team.id != here)
    return Takers(tuple(sorted(every, key=_rank)), others, told)


def _rank(one: Colleague) -> tuple[bool, bool, bool, bool]:
    return (one.away, not one.present, one.full, not one.near)


def _colleague(house: House, row: Row[Any], team: str, of_all: dict[int, frozenset[str]], present: bool) -> Colleague:
    own = of_all.get(row.id, frozenset())
    most = most_of(row.most_open, (found.most for found in map(house.team, own) if found is not None))
    return Colleague(
        id=row.id,
        name=row.name,
        near=not team or team in own,
        present=present,
        away=row.away,
        full=most is not None and row.held >= most,
        held=row.held,
    )
