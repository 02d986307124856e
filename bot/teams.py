"""The teams that take cases over, read from ``content/teams.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from bot.flow import line_of
from bot.hours import Hours
from bot.places import hours_of
from bot.reading import Row, by_id, each, only, regions_of, stop_at
from bot.triage import URGENCIES


@dataclass(frozen=True, slots=True)
class Team:
    """People who take over cases of one kind.

    ``known_first``: minutes in which a case is for the counsellor who knows the contact. ``wait``: per urgency, minutes
    until everybody may take it. ``most``: open cases at once for each of its people, if there is a limit. ``hours``:
    when it works, where that is not as the others do; ``closed``: days on which it does not.
    """

    id: str
    name: str
    kind: str
    regions: frozenset[str]
    languages: tuple[str, ...]
    known_first: int
    wait: Mapping[int, int]
    most: int | None = None
    hours: Hours | None = None
    closed: frozenset[date] = frozenset()
    line: int = 0


def team_for(teams: Iterable[Team], kind: str, region: str, language: str) -> Team | None:
    """The team of a kind that is nearest: its region first, then its language; the first of the file among equals.

    None when there is no team of that kind.
    """
    of_kind = [team for team in teams if team.kind == kind]
    return max(of_kind, key=lambda team: (region in team.regions, language in team.languages), default=None)


_TEAM = "id kind name regions languages known_first wait most hours closed"


def read_teams(data: Row, where: str) -> tuple[Team, ...]:
    """The teams from the parsed file ``where``. Raises FlowError with every problem found."""
    problems: list[str] = []
    only(data, "checked valid_until teams")
    read = partial(_team, where=where, problems=problems)
    teams = by_id(each(data["teams"], read, where, problems), where, problems)
    stop_at(problems)
    return tuple(teams.values())


def _team(row: Row, where: str, problems: list[str]) -> Team:
    only(row, _TEAM)
    return Team(
        id=str(row["id"]),
        name=str(row["name"]),
        kind=str(row["kind"]),
        regions=regions_of(row),
        languages=tuple(map(str, row["languages"])),
        known_first=_minutes(row["known_first"]),
        wait=_wait(row["wait"]),
        most=_most(row["most"]) if "most" in row else None,
        hours=hours_of(row["hours"], where, problems) if "hours" in row else None,
        closed=frozenset(map(_day, row.get("closed", ()))),
        line=line_of(row),
    )


def _wait(row: Row) -> dict[int, int]:
    wait = {int(urgency): _minutes(minutes) for urgency, minutes in row.items()}
    if set(wait) != set(URGENCIES):
        raise ValueError(f"wait needs minutes for urgency {', '.join(map(str, URGENCIES))}")
    return wait


def _minutes(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"{value}: no number of minutes")
    return value


def _most(value: object) -> int:
    if not isinstance(value, int) or value < 1:
        raise ValueError(f"{value}: no number of open cases")
    return value


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError(f"{value}: no day")
    return value
