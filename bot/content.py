"""Reads the content files. Each mapping remembers its line, so that a mistake is told with file, line and reason."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache, partial
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

from bot.assignments import read_assignments
from bot.flow import Flow, FlowError, read_flow
from bot.hours import Openings
from bot.letters import Letter, read_letters
from bot.lexicon import Is, Lexicon, folded, plain
from bot.matching import Matcher
from bot.meetings import Office
from bot.opinion import Opinion
from bot.patterns import Pattern, Reader, read_lines
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
OPINION = "opinion.json"
WEIGHTS, _CLOSED = '"weights":{', "}}"
Read = TypeVar("Read")


class Located(dict[str, Any]):
    """A mapping that knows the line it starts at, and the line of each value: of a block of text, its first line."""

    line = 0
    lines: Mapping[str, int] = MappingProxyType({})


class _Loader(yaml.CSafeLoader):
    """YAML's safe loader, with lines and without double keys."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Located:
    seen: set[Hashable] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise yaml.MarkedYAMLError(None, None, f"{key} stands here twice", key_node.start_mark)
        seen.add(key)
    located = Located({str(key): value for key, value in loader.construct_mapping(node, deep=True).items()})
    located.line = node.start_mark.line + 1
    located.lines = {
        str(loader.construct_object(key)): value.start_mark.line + (2 if getattr(value, "style", "") == "|" else 1)
        for key, value in node.value
    }
    return located


def _date(loader: _Loader, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:
        raise yaml.MarkedYAMLError(None, None, f"{node.value} is no date: {error}", node.start_mark) from error


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)
# YAML 1.1 reads yes, no and on as truth values; to the people who write these files they are words, as in YAML 1.2.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def load_yaml(path: Path) -> Located:
    """The mapping in a YAML file. Raises FlowError naming file, line and reason when it cannot be read."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - derives from SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise FlowError([f"{path.name}:{line}: {error.problem}"]) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FlowError([f"{path.name}:0: {error}"]) from error
    if not isinstance(data, Located):
        raise FlowError([f"{path.name}:1: a mapping was expected"])
    return data


def load_intake(directory: Path = CONTENT) -> Flow:
    """The intake. Raises FlowError."""
    path = directory / "intake.yaml"
    return read_flow(load_yaml(path), path.name)


def _checked(path: Path, read: Callable[[Located], Read]) -> Read:
    data = load_yaml(path)
    try:
        return read(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        told = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise FlowError([f"{path.parent.name}/{path.name}:{data.line}: {told}"]) from error


def load_lexicons(directory: Path = LOCALES) -> tuple[Lexicon, ...]:
    """Every lexicon there is, also of languages not on offer: danger is understood in all. Raises FlowError.

    ``lexicon.yaml`` beside the languages is for all of them; a language has one, and ``lexicon-<script>.yaml`` for
    another script that people write it in.
    """
    return tuple(_checked(path, partial(_lexicon, path)) for path in lexicon_paths(directory))


def lexicon_paths(directory: Path = LOCALES) -> list[Path]:
    """Where the lexicons stand."""
    return [directory / "lexicon.yaml", *sorted(directory.glob("*/lexicon*.yaml"))]


def load_opinion(directory: Path = LOCALES) -> Opinion:
    """What was learned. Raises FlowError."""
    path = directory / OPINION
    try:
        text = path.read_text(encoding="utf-8")
        head, _, rows = text.partition(WEIGHTS)
        data = json.loads(f"{head}{WEIGHTS}{_CLOSED}" if rows.rstrip().endswith(_CLOSED) else text)
        return Opinion(tuple(data["names"]), tuple(data["base"]), dict(_weight_rows(rows)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        line = getattr(error, "lineno", 0)
        raise FlowError([f"{path.name}:{line}: {error}"]) from error


def _weight_rows(rows: str) -> Iterator[tuple[str, str]]:
    """Each piece of a word and what it says: a piece a line, and a row is read when it is needed."""
    for line in rows.splitlines():
        piece, colon, row = line.rpartition(":")
        if colon:
            yield piece[1:-1] if "\\" not in piece else json.loads(piece), row.rstrip(",")


@cache
def load_matcher(directory: Path = LOCALES) -> Matcher:
    """Every lexicon, made ready, once for the process. Raises FlowError.

    Its phrases are read to the end while the first messages come. Nothing of it is ever thrown away, so that nobody
    looks for what can be: that took half of the start, and later held up a message now and then for some milliseconds.
    """
    matcher = new_matcher(directory)
    Thread(target=_read_ahead, args=(matcher,), name="lexicons", daemon=True).start()
    return matcher


def new_matcher(directory: Path = LOCALES) -> Matcher:
    """Every lexicon, made ready; its phrases are read when a message wakes them. Raises FlowError."""
    gc.disable()
    try:
        matcher = Matcher(load_lexicons(directory), load_opinion(directory))
        gc.freeze()
    finally:
        gc.enable()
    return matcher


def _read_ahead(matcher: Matcher) -> None:
    matcher.read_ahead()
    gc.freeze()


def _lexicon(path: Path, data: Located) -> Lexicon:
    spellings = data.get("spellings", Located())
    fillers, doubts = _plain_words(data.get("fillers", "")), _plain_words(data.get("doubts", ""))
    return Lexicon(
        language=str(data["language"]),
        phrases=_phrases(path, data, fillers | doubts),
        numbers={plain(str(word)): int(number) for word, number in data.get("numbers", {}).items()},
        fillers=fillers,
        doubts=doubts,
        ordinary=_plain_words(data.get("ordinary", "")),
        negations=_plain_words(data.get("negations", "")),
        prefixes=tuple(_plain_words(data.get("prefixes", ""))),
        spellings={plain(str(written)): plain(str(word)) for word, rows in spellings.items() for written in rows},
        shorthand={plain(str(k)): tuple(plain(str(v)).split()) for k, v in data.get("shorthand", {}).items()},
        languages={plain(str(word)): str(code) for word, code in data.get("languages", {}).items()},
        alike=tuple(tuple(str(group).split()) for group in data.get("alike", ())),
        name_openings=tuple(sorted((str(o).casefold() for o in data.get("name_openings", ())), key=len, reverse=True)),
    )


def _plain_words(text: str) -> frozenset[str]:
    return frozenset(plain(text).split())


_REMARK = re.compile(r"#.*")


def _phrases(path: Path, data: Located, filling: frozenset[str]) -> dict[Is, tuple[Pattern, ...]]:
    """The phrases per meaning. Raises FlowError with every bad one."""
    rules = {str(name): " | ".join(str(text).strip().splitlines()) for name, text in data.get("rules", {}).items()}
    lines = data["phrases"].lines
    blocks = {str(name): folded(_REMARK.sub("", str(block))) for name, block in data["phrases"].items()}
    reader = Reader(rules, blocks.values(), filling)
    read = {Is(name): list(read_lines(block, lines[name], reader)) for name, block in blocks.items()}
    rows = [row for found in read.values() for row in found]
    bad = [row for row in rows if isinstance(row, tuple)]
    if bad:
        raise FlowError([f"{path.parent.name}/{path.name}:{line}: {error}" for line, error in bad])
    return {name: tuple(row for row in found if isinstance(row, Pattern)) for name, found in read.items()}


def load_assignments(directory: Path = CONTENT) -> dict[str, Assignment]:
    """The assignments by their id, in their order. Raises FlowError."""
    path = directory / "assignments.yaml"
    return _checked(path, partial(read_assignments, where=path.name))


def load_letters(directory: Path = CONTENT) -> dict[str, Letter]:
    """The notices that can be sent, by their id. Raises FlowError."""
    path = directory / "notices.yaml"
    return _checked(path, partial(read_letters, where=path.name))


def load_ready(directory: Path = CONTENT) -> dict[str, ReadyAnswer]:
    """What counsellors say often, by its id, in its order. Raises FlowError."""
    path = directory / "ready_answers.yaml"
    return _checked(path, partial(read_ready, where=path.name))


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
    return _checked(directory / "transliteration.yaml", _transliteration)


def _transliteration(data: Located) -> dict[str, dict[int, str]]:
    return {
        str(language): {ord(letter): str(instead) for letter, instead in letters.items()}
        for language, letters in data["languages"].items()
    }


def load_jargon(directory: Path = CONTENT) -> dict[str, tuple[str, ...]]:
    """Per language the words of offices that no text of the bot may have; a star stands for any ending."""

    def read(data: Located) -> dict[str, tuple[str, ...]]:
        return {str(language): tuple(map(str, words)) for language, words in data["jargon"].items()}

    return _checked(directory / "plain_words.yaml", read)


def load_price(directory: Path = CONTENT) -> float:
    """Euro for one SMS segment."""
    return _checked(directory / "prices.yaml", lambda data: float(data["sms_segment"]))


def load_teams(directory: Path = CONTENT) -> tuple[Team, ...]:
    """The teams. Raises FlowError."""
    path = directory / "teams.yaml"
    return _checked(path, partial(read_teams, where=path.name))


def load_rules(flow: Flow, directory: Path = CONTENT) -> Rules:
    """The service catalogue and its rules, which look at the answers of ``flow``. Raises FlowError."""
    kinds = {team.kind for team in load_teams(directory)}
    path = directory / "programmes.yaml"
    return _checked(path, partial(read_rules, where=path.name, flow=flow, kinds=kinds))


def load_offices(directory: Path = CONTENT) -> dict[str, Office]:
    """The towns with an office, by their id. Raises FlowError."""
    path = directory / "offices.yaml"
    return _checked(path, partial(read_offices, where=path.name))


def load_hours(directory: Path = CONTENT) -> Openings:
    """The hours of people and of messages. Raises FlowError."""
    path = directory / "hours.yaml"
    return _checked(path, partial(read_hours, where=path.name))


def load_helplines(directory: Path = CONTENT) -> tuple[Helpline, ...]:
    """The numbers that help. Raises FlowError."""
    return _checked(directory / "helplines.yaml", lambda data: tuple(_helpline(r) for r in data["helplines"]))


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
