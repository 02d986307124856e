"""Reads YAML files. Each mapping remembers its line, so that a mistake is told with file, line and reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

from bot.flow import FlowError

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


def checked(path: Path, read: Callable[[Located], Read]) -> Read:
    """What ``read`` makes of a file. Raises FlowError naming file, line and reason."""
    data = load_yaml(path)
    try:
        return read(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        told = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise FlowError([f"{path.parent.name}/{path.name}:{data.line}: {told}"]) from error
