"""Reads the content files. Each mapping remembers its line, so that a mistake is told with file, line and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from functools import partial
from pathlib import Path

from bot.assignments import read_assignments
from bot.flow import Flow, read_flow
from bot.hours import Openings
from bot.letters import Letter, read_letters
from bot.lexicon import Is
from bot.located import Located, checked, load_yaml
from bot.meetings import Office
from bot.places import read_hours, read_offices
from bot.plans import Assignment
from bot.programmes import read_rules
from bot.ready import ReadyAnswer, read_ready
from bot.safety import Helpline
from bot.teams import Team, read_teams
from bot.triage import Rules

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"
LOCALES = ROOT / "locales"


def load_intake(directory: Path = CONTENT) -> Flow:
    """The intake. Raises FlowError."""
    path = directory / "intake.yaml"
    return read_flow(load_yaml(path), path.name)


def load_assignments(directory: Path = CONTENT) -> dict[str, Assignment]:
    """The assignments by their id, in their order. Raises FlowError."""
    path = directory / "assignments.yaml"
    return checked(path, partial(read_assignments, where=path.name))


def load_letters(directory: Path = CONTENT) -> dict[str, Letter]:
    """The notices that can be sent, by their id. Raises FlowError."""
    path = directory / "notices.yaml"
    return checked(path, partial(read_letters, where=path.name))


def load_ready(directory: Path = CONTENT) -> dict[str, ReadyAnswer]:
    """What counsellors say often, by its id, in its order. Raises FlowError."""
    path = directory / "ready_answers.yaml"
    return checked(path, partial(read_ready, where=path.name))


@dataclass(frozen=True)
class Content:
    """Every content file that people's words come from."""

    flow: Flow
    rules: Rules
    offices: Mapping[str, Office]
    assignments: Mapping[str, Assignment]
    letters: Mapping[str, Letter]
    ready: Mapping[str, ReadyAnswer]


def load_all(directory: Path = CONTENT) -> Content:
    """Every content file that people's words come from. Raises FlowError."""
    flow = load_intake(directory)
    return Content(
        flow,
        load_rules(flow, directory),
        load_offices(directory),
        load_assignments(directory),
        load_letters(directory),
        load_ready(directory),
    )


def load_transliteration(directory: Path = CONTENT) -> dict[str, dict[int, str]]:
    """For each language that has them: letters that an SMS does without, as ``str.translate`` takes them."""
    return checked(directory / "transliteration.yaml", _transliteration)


def _transliteration(data: Located) -> dict[str, dict[int, str]]:
    return {
        str(language): {ord(letter): str(instead) for letter, instead in letters.items()}
        for language, letters in data["languages"].items()
    }


def load_jargon(directory: Path = CONTENT) -> dict[str, tuple[str, ...]]:
    """Per language the words of offices that no text of the bot may have; a star stands for any ending."""

    def read(data: Located) -> dict[str, tuple[str, ...]]:
        return {str(language): tuple(map(str, words)) for language, words in data["jargon"].items()}

    return checked(directory / "plain_words.yaml", read)


def load_price(directory: Path = CONTENT) -> float:
    """Euro for one SMS segment."""
    return checked(directory / "prices.yaml", lambda data: float(data["sms_segment"]))


def load_teams(directory: Path = CONTENT) -> tuple[Team, ...]:
    """The teams. Raises FlowError."""
    path = directory / "teams.yaml"
    return checked(path, partial(read_teams, where=path.name))


def load_rules(flow: Flow, directory: Path = CONTENT) -> Rules:
    """The service catalogue and its rules, which look at the answers of ``flow``. Raises FlowError."""
    kinds = {team.kind for team in load_teams(directory)}
    path = directory / "programmes.yaml"
    return checked(path, partial(read_rules, where=path.name, flow=flow, kinds=kinds))


def load_offices(directory: Path = CONTENT) -> dict[str, Office]:
    """The towns with an office, by their id. Raises FlowError."""
    path = directory / "offices.yaml"
    return checked(path, partial(read_offices, where=path.name))


def load_hours(directory: Path = CONTENT) -> Openings:
    """The hours of people and of messages. Raises FlowError."""
    path = directory / "hours.yaml"
    return checked(path, partial(read_hours, where=path.name))


def load_helplines(directory: Path = CONTENT) -> tuple[Helpline, ...]:
    """The numbers that help. Raises FlowError."""
    return checked(directory / "helplines.yaml", lambda data: tuple(_helpline(r) for r in data["helplines"]))


def _helpline(row: Located) -> Helpline:
    return Helpline(
        number=str(row["number"]),
        purposes=frozenset(Is(purpose) for purpose in row["for"]),
        languages=frozenset(row["languages"]),
        days=frozenset(row.get("days", range(7))),
        opens=time.fromisoformat(row.get("opens", "00:00")),
        closes=time.fromisoformat(row.get("closes", "23:59:59")),
        young=bool(row.get("young", False)),
    )
