"""What a phrase cannot do without, told from its signs alone: so that a start need not read every phrase to the end.

A phrase is read (``bot.patterns``) when a message first has what it needs. A mistake in it is found here, at the start.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, repeat
from operator import itemgetter
from typing import NamedTuple

from bot.lexicon import plain

NUMBER = "<number>"
LANGUAGE = "<language>"
GAP = "..."
TOGETHER = "+"

SIGNS = re.compile(r"\([^()\[\]<>.+]+\)|\[[^()\[\]<>.+]+\]|\.\.\.|[()\[\]|]|<\w+>|[^\s()\[\]|<>]+")
"""A bracket of plain words is one sign: most of a lexicon is such brackets."""

CLOSED_BY = {"(": ")", "[": "]"}
ENDS = frozenset({"", "|", ")", "]"})

_ONLY_WORDS = re.compile(r"[\w*|\s]+")
_WORDS = re.compile(r"<\w+>|(\w[\w*]*)")
_MIXED = re.compile(r"[^\s|]*[^\w*|\s][^\s|]*")
_SLOT = 3000
"""Numbers and languages are what most answers are: hardly a phrase has a commoner word."""


class PatternError(ValueError):
    """A phrase that cannot be read."""


class Need(NamedTuple):
    """Words of which a message must have one, and how many messages have one, by a rough measure."""

    cost: int
    words: frozenset[str]


Needs = tuple[Need, ...]
_COST = itemgetter(0)


class Outline:
    """Knows the ``rules`` of one lexicon, and how often each word is ``used`` there: about as often as people do."""

    def __init__(self, rules: Mapping[str, str], used: Mapping[str, int]) -> None:
        self._rules = rules
        self._used = used
        slots: dict[str, Needs] = {slot: (Need(_SLOT, frozenset({slot})),) for slot in (NUMBER, LANGUAGE)}
        self._known: dict[str, Needs] = {GAP: (), **slots}
        self._open: list[str] = []

    def phrases(self, text: str) -> Iterator[tuple[tuple[str, ...], Needs]]:
        """Per phrase of a line its parts, and what they need. Raises PatternError."""
        for row in _apart(SIGNS.findall(text), "|"):
            parts = [row] if len(row) == 1 else _apart(row, TOGETHER)
            needs = [self._whole(part, text) for part in parts]
            if not all(needs):
                raise PatternError(f"{text}: says nothing")
            yield tuple(map(" ".join, parts)), needs[0] if len(needs) == 1 else tuple(chain(*needs))

    def _whole(self, row: list[str], text: str) -> Needs:
        signs = ["", *reversed(row)]
        needs = self._either(signs, text)
        if signs[-1]:
            raise PatternError(f"{text}: {signs[-1]} stands where nothing was opened")
        return needs

    def _either(self, signs: list[str], text: str) -> Needs:
        """Of alternatives the rarest need of each; ``signs`` are those still to come, the next one last."""
        needs = self._row(signs, text)
        if signs[-1] != "|":
            return needs
        rows = [needs]
        while signs[-1] == "|":
            signs.pop()
            rows.append(self._row(signs, text))
        return _one_of(rows)

    def _row(self, signs: list[str], text: str) -> Needs:
        needs: list[Need] = []
        while signs[-1] not in ENDS:
            sign = signs.pop()
            if sign == TOGETHER and (needs or signs[-1] not in ENDS):
                raise PatternError(f"{text}: + stands within brackets")
            known = self._known.get(sign)
            if known is None:
                known = self._inside(sign, signs, text) if sign in CLOSED_BY else self._read(sign, text)
            needs += known
        return tuple(needs)

    def _inside(self, sign: str, signs: list[str], text: str) -> Needs:
        inside = self._either(signs, text)
        if signs[-1] != CLOSED_BY[sign]:
            raise PatternError(f"{text}: {CLOSED_BY[sign]} is missing")
        signs.pop()
        return inside if sign == "(" else ()

    def _read(self, sign: str, text: str) -> Needs:
        """What a sign that was not met before needs."""
        if sign[0] == "(":
            needs = self._bracket(sign[1:-1], text)
        elif sign[0] == "[":
            needs = ()
        elif sign[0] == "<":
            needs = self._rule(sign[1:-1], text)
        else:
            needs = self._word(sign, text)
        self._known[sign] = needs
        return needs

    def _bracket(self, inside: str, text: str) -> Needs:
        """A bracket of plain words: of each alternative its longest one."""
        if not _ONLY_WORDS.fullmatch(inside):
            inside = _MIXED.sub(lambda found: " ".join(_compared(found[0], text)), inside)
        rows = list(map(str.split, inside.split("|")))
        if not all(rows):
            return ()
        return (self._need(frozenset([row[0] if len(row) == 1 else max(row, key=len) for row in rows])),)

    def _rule(self, name: str, text: str) -> Needs:
        if name not in self._rules:
            raise PatternError(f"{text}: there is no rule <{name}>")
        if name in self._open:
            raise PatternError(f"{text}: the rule <{name}> comes back to itself")
        self._open.append(name)
        try:
            return self._whole(SIGNS.findall(self._rules[name]), self._rules[name])
        finally:
            self._open.pop()

    def _word(self, written: str, text: str) -> Needs:
        if written in self._known:
            return self._known[written]
        words = [written] if written.isalnum() else _compared(written, text)
        needs = self._known[written] = tuple(self._need(frozenset({word})) for word in words)
        return needs

    def _need(self, words: frozenset[str]) -> Need:
        return Need(sum(map(self._used.get, words, repeat(1))), words)


def words_of(texts: Iterable[str]) -> Counter[str]:
    """How often each word, and each beginning of words (``verwijder*``), stands in texts as ``folded`` leaves them."""
    used = Counter[str]()
    for text in texts:
        used.update(_WORDS.findall(text))
    del used[""]
    return used


def compared(written: str) -> list[str]:
    """The words that one written word of a phrase is compared as; the last keeps its star."""
    words = plain(written.rstrip("*")).split()
    if words and written.endswith("*"):
        words[-1] += "*"
    return words


def _compared(written: str, text: str) -> list[str]:
    words = compared(written)
    if not words:
        raise PatternError(f"{text}: {written} is no word")
    return words


def _one_of(rows: list[Needs]) -> Needs:
    if not all(rows):
        return ()
    needs = [row[0] if len(row) == 1 else min(row, key=_COST) for row in rows]
    return (Need(sum(need.cost for need in needs), frozenset().union(*(need.words for need in needs))),)


def _apart(signs: list[str], separator: str) -> list[list[str]]:
    """What stands between separators outside brackets."""
    if separator not in signs:
        return [signs]
    rows: list[list[str]] = [[]]
    depth = 0
    for sign in signs:
        depth += (sign in CLOSED_BY) - (sign in (")", "]"))
        if sign == separator and depth == 0:
            rows.append([])
        else:
            rows[-1].append(sign)
    return rows
