"""A second opinion, where no phrase of a lexicon is found: what messages of this kind usually mean.

It was learned (``flask content learn``) from examples and from the lexicons' own phrases, and stands in a table of
weights: how much each piece of a word speaks for each meaning. Whether a message is an alarm at all is a question of
its own, learned apart: among many meanings what is unlike everything known would look like one. Nothing of it changes
while the program runs.

The table has a row for each place, and a piece's place follows from its letters: no list of pieces is kept, and two
rare ones may share a place. Source: Weinberger e.a., Feature hashing (ICML 2009).
"""

from __future__ import annotations

import math
import time
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

import numpy
from numpy.typing import NDArray

from bot.skeleton import skeleton

PLACES = 1 << 20
"""Rows of the table."""

STEPS = 10
"""Steps in one unit of weight: a message has dozens of weights, and what is rounded off comes out even."""

LONGEST_PIECE = 5
"""Letters: longer pieces are whole words."""

STEM, NEAR = 4, 4
"""Letters of a word, and words behind it, of which two words say something together: "kill" of "killing" and "film"."""

SHORT = 3
"""Words of a message that is short."""

ALARMS = ("danger", "distress")
POSITIONS = (1, 2, -2, -1)
"""Which of the choices may be meant, counted from the first or from the last: the lessons are about one of four."""

SAY = 0.6
"""What the odds of an alarm among all meanings count beside those of its own question."""

_LEAST, _HARDLY_EVER = 1e-6, -700.0
"""The least likelihood that is told apart from none, and the logarithm of the least odds that can be reckoned with."""

REMEMBERED = 20_000
"""Words whose places are kept at hand; then the memory starts anew."""

Table = NDArray[numpy.int8]
"""By place: what it says for each meaning, for alarms, and for each of the positions, in steps."""


class Placed(NamedTuple):
    """What is kept of a word: the places of its pieces, and its skeleton."""

    places: array[int]
    skeleton: str


class Likely:
    """How likely each meaning of a message is: together they make 1. ``alarm``: that it is one at all."""

    def __init__(self, names: Sequence[str], scores: NDArray[numpy.float64]) -> None:
        """``scores``: of the meanings, of an alarm, of the positions."""
        self._names = names
        self._scores = scores
        self._odds = float(scores[len(names)])
        self.alarm = _share(self._odds)

    @cached_property
    def alarming(self) -> float:
        """That it is an alarm, where what it would be among all meanings has a say as well."""
        among = min(max(sum(self.meanings.get(name, 0.0) for name in ALARMS), _LEAST), 1 - _LEAST)
        return _share(self._odds + SAY * math.log(among / (1 - among)))

    @cached_property
    def meanings(self) -> Mapping[str, float]:
        """Told when they are first asked for: of most messages only the alarm is."""
        return dict(zip(self._names, _shares(self._scores[: len(self._names)].tolist()), strict=True))

    @property
    def position(self) -> tuple[int, float]:
        """Which of the choices is meant, if one is, and how likely that is."""
        likely = _shares(self._scores[-len(POSITIONS) :].tolist())
        best = max(likely)
        return POSITIONS[likely.index(best)], best


class Opinion:
    """What was learned. ``names`` are the meanings as the files of examples name them; ``base`` how usual each is, then
    alarms, then each of the positions."""

    def __init__(self, names: Sequence[str], base: Sequence[float], table: Table) -> None:
        self.names = tuple(names)
        self.base = tuple(base)
        self.table = table
        self._base = numpy.array(base)
        self._everyday: dict[str, Placed] = {}
        self._memory: dict[str, Placed] = {}
        self._last: tuple[Sequence[str], Likely] | None = None

    def of(self, tokens: Sequence[str]) -> Likely:
        """How likely a message of these words means each thing, from 0 to 1. One message is asked of several times."""
        last = self._last
        if last is None or last[0] != tokens:
            last = self._last = (tokens, self._weighed(tokens))
        return last[1]

    def _weighed(self, tokens: Sequence[str]) -> Likely:
        everyday = self._everyday
        words = [everyday.get(token) or self._word(token) for token in tokens]
        places = array("I", map(place, around(tokens, [word.skeleton for word in words])))
        for word in words:
            places.extend(word.places)
        said = self.table.take(numpy.asarray(places), axis=0).sum(axis=0, dtype=numpy.int32)
        return Likely(self.names, self._base + said / (STEPS * math.sqrt(max(1, len(places)))))

    def read_ahead(self, words: Iterable[str]) -> None:
        """Looks up the words that many people use, and keeps them at hand for good; lets others go first."""
        for word in words:
            self._everyday[word] = _looked_up(word)
            time.sleep(0)

    def forget(self) -> None:
        """Starts anew with all but those: for measuring what a word costs that nobody used yet."""
        self._memory.clear()
        self._last = None

    def _word(self, token: str) -> Placed:
        word = self._memory.get(token)
        if word is None:
            if len(self._memory) >= REMEMBERED:
                self._memory.clear()
            word = self._memory[token] = _looked_up(token)
        return word


def _looked_up(token: str) -> Placed:
    return Placed(array("I", map(place, inside(token))), skeleton(token))


def _share(odds: float) -> float:
    """A likelihood from the logarithm of its odds; these are without bounds where a word is (a key that hangs)."""
    return 1 / (1 + math.exp(-max(odds, _HARDLY_EVER)))


def _shares(scores: Sequence[float]) -> list[float]:
    """Likelihoods from scores; together they make 1."""
    highest = max(scores)
    likely = [math.exp(score - highest) for score in scores]
    whole = sum(likely)
    return [value / whole for value in likely]


def place(piece: str) -> int:
    """The row of the table in which a piece stands."""
    return crc32(piece.encode()) % PLACES


def pieces(tokens: Sequence[str]) -> Iterator[str]:
    """The pieces of a message as ``plain`` leaves it."""
    for token in tokens:
        yield from inside(token)
    yield from around(tokens, list(map(skeleton, tokens)))


def inside(token: str) -> Iterator[str]:
    """The pieces of a word: itself, its skeleton, and every two to five letters of it, its ends marked."""
    marked = f"^{token}$"
    yield marked
    bones = skeleton(token)
    if len(bones) > 1:
        yield f"%{bones}"
    whole = len(marked)
    for length in range(2, LONGEST_PIECE + 1):
        for end in range(length, whole + 1):
            yield marked[end - length : end]


def around(tokens: Sequence[str], skeletons: Sequence[str]) -> Iterator[str]:
    """What words say together: every two neighbours, the skeletons of two and of three, the beginnings of every two
    that stand near each other, the first and the last, and of a short message how long it is and all of it."""
    yield from map(" ".join, pairwise(tokens))
    yield from map("%{} {}".format, skeletons, skeletons[1:])
    yield from map("%{} {} {}".format, skeletons, skeletons[1:], skeletons[2:])
    stems = [token[:STEM] for token in tokens]
    for far in range(1, NEAR + 1):
        yield from map("~".join, zip(stems, stems[far:], strict=False))
    if tokens:
        yield from (f"<{tokens[0]}", f"{tokens[-1]}>", f"<{stems[0]}~", f"~{stems[-1]}>")
    if len(tokens) <= SHORT:
        yield f"#{len(tokens)}"
        yield f"={' '.join(tokens)}"
