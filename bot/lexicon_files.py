"""Reads the lexicons and what was learned, and makes them ready: once for the process.

What takes long, the outlines of all phrases, is kept on a shelf (``bot.shelf``) until a file of theirs changes, or the
code that reads them.
"""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar
from zlib import crc32

import numpy

from bot import lexicon, located, outline, patterns
from bot.content import LOCALES
from bot.flow import FlowError
from bot.lexicon import Is, Lexicon, folded, plain
from bot.located import Located, checked
from bot.matching import Matcher
from bot.opinion import PLACES, Opinion, Table
from bot.patterns import Pattern, Reader, read_lines
from bot.shelf import kept

OPINION, TABLE = "opinion.json", "opinion.npy"
"""What was learned: how it is called and how usual each meaning is, and the weights."""

ASIDES = "asides"
"""Where ``answers.yaml`` has the phrases that answer nothing for sure."""

SHELF = "__pycache__"
_CODE = (lexicon, located, outline, patterns)
_READERS = [Path(file) for file in (__file__, *(str(module.__file__) for module in _CODE))]
"""What is kept depends on these, too."""


def load_lexicons(directory: Path = LOCALES) -> tuple[Lexicon, ...]:
    """Every lexicon there is, also of languages not on offer: danger is understood in all. Raises FlowError.

    ``lexicon.yaml`` beside the languages is for all of them; a language has one, and ``lexicon-<script>.yaml`` for
    another script that people write it in.
    """
    rows = tuple(checked(path, partial(_lexicon, path)) for path in lexicon_paths(directory))
    answers = [checked(path, partial(_answers, path)) for path in answer_paths(directory)]
    return (*rows, *answers)


def lexicon_paths(directory: Path = LOCALES) -> list[Path]:
    """Where the lexicons stand."""
    return [directory / "lexicon.yaml", *sorted(directory.glob("*/lexicon*.yaml"))]


def answer_paths(directory: Path = LOCALES) -> list[Path]:
    """Where it stands how people answer our questions in their own words."""
    return sorted(directory.glob("*/answers.yaml"))


def load_opinion(directory: Path = LOCALES) -> Opinion:
    """What was learned. Its table stays a part of the file, and all processes share it. Raises FlowError."""
    path = directory / OPINION
    try:
        head = json.loads(path.read_text(encoding="utf-8"))
        path = directory / TABLE
        return Opinion(head["names"], head["base"], _table(path, head))
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise FlowError([f"{path.name}:{getattr(error, 'lineno', 0)}: {error}"]) from error


def _table(path: Path, head: Mapping[str, Any]) -> Table:
    table = numpy.asarray(numpy.load(path, mmap_mode="r"))
    if (table.shape, table.dtype.name, _digest(table)) != ((PLACES, len(head["base"])), "int8", head["digest"]):
        raise ValueError(f"not the table that {OPINION} tells of")
    return table


def write_opinion(directory: Path, opinion: Opinion, *, learned_from: int) -> None:
    """Writes what was learned: its names and bases, and beside them its table. ``learned_from``: messages.

    The table takes the place of the older one: whoever runs with that keeps it, as it is a part of their memory.
    """
    head = {"learned_from": learned_from, "names": opinion.names, "base": opinion.base}
    fresh = directory / f"new-{TABLE}"
    numpy.save(fresh, opinion.table)
    fresh.replace(directory / TABLE)
    written = json.dumps({**head, "digest": _digest(opinion.table)}, indent=1)
    (directory / OPINION).write_text(f"{written}\n", encoding="utf-8")


def _digest(table: Table) -> str:
    return f"{crc32(numpy.ascontiguousarray(table).data):08x}"


@cache
def load_matcher(directory: Path = LOCALES) -> Matcher:
    """Every lexicon, made ready, once for the process. Raises FlowError.

    Its phrases are read to the end while the first messages come. Nothing of it is ever thrown away, so that nobody
    looks for what can be: that took half of the start, and later held up a message now and then for some milliseconds.
    """
    matcher = new_matcher(directory, directory / SHELF)
    Thread(target=read_ahead, args=(matcher,), name="lexicons", daemon=True).start()
    return matcher


def new_matcher(directory: Path = LOCALES, shelf: Path = LOCALES / SHELF) -> Matcher:
    """Every lexicon, made ready; its phrases are read when a message wakes them. Raises FlowError."""
    gc.disable()
    try:
        files = [*lexicon_paths(directory), *answer_paths(directory)]
        lexicons = kept(shelf, "lexicons", [*files, *_READERS], lambda: load_lexicons(directory))
        matcher = Matcher(lexicons, load_opinion(directory))
        gc.freeze()
    finally:
        gc.enable()
    return matcher


def read_ahead(matcher: Matcher) -> None:
    """Reads what no message asked for yet, and keeps all of it for good."""
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
        selves=_plain_words(data.get("selves", "")),
        no_denies=bool(data.get("no_denies", False)),
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
    phrases = data["phrases"]
    blocks = {Is(name): (str(block), phrases.lines[name]) for name, block in phrases.items()}
    return _read(path, data, blocks, filling)


def _answers(path: Path, data: Located) -> Lexicon:
    """How people of a language answer our questions. Raises FlowError with every bad phrase."""
    blocks = {
        (str(step), str(choice)): (str(block), choices.lines[choice])
        for step, choices in data["answers"].items()
        for choice, block in choices.items()
    }
    if ASIDES in data:
        blocks[ASIDES, ""] = (str(data[ASIDES]), data.lines[ASIDES])
    read = _read(path, data, blocks, frozenset())
    asides = read.pop((ASIDES, ""), ())
    return Lexicon(language=str(data["language"]), phrases={}, answers=read, asides=asides)


_Name = TypeVar("_Name")


def _read(
    path: Path, data: Located, written: Mapping[_Name, tuple[str, int]], filling: frozenset[str]
) -> dict[_Name, tuple[Pattern, ...]]:
    """The phrases of blocks, each with the line it starts at. Raises FlowError with every bad one."""
    rules = {str(name): " | ".join(str(text).strip().splitlines()) for name, text in data.get("rules", {}).items()}
    blocks = {name: (folded(_REMARK.sub("", block)), line) for name, (block, line) in written.items()}
    reader = Reader(rules, [block for block, _ in blocks.values()], filling)
    read = {name: list(read_lines(block, line, reader)) for name, (block, line) in blocks.items()}
    rows = [row for found in read.values() for row in found]
    bad = [row for row in rows if isinstance(row, tuple)]
    if bad:
        raise FlowError([f"{path.parent.name}/{path.name}:{line}: {error}" for line, error in bad])
    return {name: tuple(row for row in found if isinstance(row, Pattern)) for name, found in read.items()}
