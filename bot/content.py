"""Reads the content files. Each mapping remembers its line, so that a mistake is told with file, line and reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from datetime import time
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.flow import Flow, FlowError, read_flow
from bot.lexicon import Is, Lexicon, plain
from bot.safety import Helpline

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"
LOCALES = ROOT / "locales"
Read = TypeVar("Read")


class Located(dict[str, Any]):
    """A mapping that knows the line it starts at."""

    line = 0


class _Loader(yaml.SafeLoader):
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
    return located


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
# YAML 1.1 reads yes, no and on as truth values; to the people who write these files they are words, as in YAML 1.2.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
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


def load_lexicons(languages: Iterable[str], directory: Path = LOCALES) -> dict[str, Lexicon]:
    """The lexicon of each language. Raises FlowError."""
    return {code: _checked(directory / code / "lexicon.yaml", _lexicon) for code in languages}


def _lexicon(data: Located) -> Lexicon:
    return Lexicon(
        language=str(data["language"]),
        phrases={Is(name): frozenset(_plain_phrases(phrases)) for name, phrases in data["phrases"].items()},
        numbers={plain(str(word)): int(number) for word, number in data["numbers"].items()},
        fillers=frozenset(_plain_phrases(data["fillers"])),
        languages={plain(str(word)): str(code) for word, code in data["languages"].items()},
        name_openings=tuple(sorted((str(o).casefold() for o in data["name_openings"]), key=len, reverse=True)),
    )


def _plain_phrases(phrases: Iterable[object]) -> Iterable[str]:
    return (plain(str(phrase)) for phrase in phrases)


def load_helplines(directory: Path = CONTENT) -> tuple[Helpline, ...]:
    """The numbers that help. Raises FlowError."""
    return _checked(directory / "helplines.yaml", lambda data: tuple(_helpline(r) for r in data["helplines"]))


def _helpline(row: Located) -> Helpline:
    return Helpline(
        number=str(row["number"]),
        purpose=Is(row["for"]),
        languages=frozenset(row["languages"]),
        days=frozenset(row.get("days", range(7))),
        opens=time.fromisoformat(row.get("opens", "00:00")),
        closes=time.fromisoformat(row.get("closes", "23:59:59")),
        young=bool(row.get("young", False)),
    )
