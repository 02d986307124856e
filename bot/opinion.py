"""A second opinion, where no phrase of a lexicon is found: what messages of this kind usually mean.

It was learned (``flask content learn``) from examples and from the lexicons' own phrases, and stands in a file of
weights: how much each piece of a word speaks for each meaning. Whether a message is an alarm at all is a question of
its own, learned apart: among many meanings what is unlike everything known would look like one. Nothing of it changes
while the program runs.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import pairwise, repeat

LONGEST_PIECE = 5
"""Letters: longer pieces are whole words."""

STEM, NEAR = 4, 4
"""Letters of a word, and words behind it, of which two words say something together: "kill" of "killing" and "film"."""

SHORT = 3
"""Words of a message that is short."""

ALARMS = ("danger", "distress")
SAY = 0.6
"""What the odds of an alarm among all meanings count beside those of its own question."""

_LEAST, _HARDLY_EVER = 1e-6, -700.0
"""The least likelihood that is told apart from none, and the logarithm of the least odds that can be reckoned with."""

REMEMBERED = 20_000
"""Words whose sum is kept at hand; then the memory starts anew."""

Weights = Mapping[str, Sequence[float]]
"""For each piece: number of a meaning, weight, number of a meaning, weight …"""

_FIELD = 32
"""Bits of a field: twenty million units of weight either way, more than the longest message can say."""

_MIDDLE, _FULL = 1 << _FIELD - 1, (1 << _FIELD) - 1
_STEPS = 100
"""Steps in one unit of weight: the file has two decimals."""


class Likely:
    """How likely each meaning of a message is: together they make 1. ``alarm``: that it is one at all."""

    def __init__(self, names: Sequence[str], scores: Callable[[], Sequence[float]], alarm: float) -> None:
        self.alarm = _share(alarm)
        self._odds = alarm
        self._names = names
        self._scores = scores

    @cached_property
    def alarming(self) -> float:
        """That it is an alarm, where what it would be among all meanings has a say as well."""
        among = min(max(sum(self.meanings.get(name, 0.0) for name in ALARMS), _LEAST), 1 - _LEAST)
        return _share(self._odds + SAY * math.log(among / (1 - among)))

    @cached_property
    def meanings(self) -> Mapping[str, float]:
        """Told when they are first asked for: of most messages only the alarm is."""
        scores = self._scores()
        highest = max(scores)
        likely = [math.exp(score - highest) for score in scores]
        whole = sum(likely)
        return {name: value / whole for name, value in zip(self._names, likely, strict=True)}


class Opinion:
    """What was learned. ``names`` are the meanings as the files of examples name them; ``base`` how usual each is, and
    at its end how usual alarms are; the number after the last meaning is that of the alarms.

    What a piece says for all of them is one number with a field for each, so that pieces are added up at once.
    """

    def __init__(self, names: Sequence[str], base: Sequence[float], weights: Weights) -> None:
        self.names = tuple(names)
        self._base = tuple(base)
        self._rows = {piece: _added_up(row) for piece, row in weights.items()}
        self._middles = sum(_MIDDLE << _FIELD * n for n in range(len(self._base)))
        self._everyday: dict[str, tuple[int, int]] = {}
        self._memory: dict[str, tuple[int, int]] = {}
        self._last: tuple[Sequence[str], Likely] | None = None

    def of(self, tokens: Sequence[str]) -> Likely:
        """How likely a message of these words means each thing, from 0 to 1. One message is asked of several times."""
        last = self._last
        if last is None or last[0] != tokens:
            last = self._last = (tokens, self._weighed(tokens))
        return last[1]

    def _weighed(self, tokens: Sequence[str]) -> Likely:
        everyday = self._everyday
        rows = [everyday.get(token) or self._word(token) for token in tokens]
        rows.append(self._sum(list(around(tokens))))
        counts, sums = zip(*rows, strict=True)
        share = 1 / math.sqrt(max(1, sum(counts))) / _STEPS
        total = sum(sums) + self._middles
        alarm = self._base[-1] + ((total >> _FIELD * len(self.names)) - _MIDDLE) * share
        return Likely(self.names, partial(self._scores, total, share), alarm)

    def read_ahead(self, words: Iterable[str]) -> None:
        """Adds up the words that many people use, and keeps them at hand for good; lets others go first."""
        for word in words:
            self._everyday[word] = self._sum(list(inside(word)))
            time.sleep(0)

    def forget(self) -> None:
        """Starts anew with all but those: for measuring what a word costs that nobody used yet."""
        self._memory.clear()
        self._last = None

    def _word(self, token: str) -> tuple[int, int]:
        row = self._memory.get(token)
        if row is None:
            if len(self._memory) >= REMEMBERED:
                self._memory.clear()
            row = self._memory[token] = self._sum(list(inside(token)))
        return row

    def _sum(self, found: Sequence[str]) -> tuple[int, int]:
        """How many pieces, and what they say together."""
        return len(found), sum(map(self._rows.get, found, repeat(0)))

    def _scores(self, total: int, share: float) -> list[float]:
        fields = [total >> _FIELD * n & _FULL for n in range(len(self.names))]
        return [base + (field - _MIDDLE) * share for base, field in zip(self._base[:-1], fields, strict=True)]


def _share(odds: float) -> float:
    """A likelihood from the logarithm of its odds; these are without bounds where a word is (a key that hangs)."""
    return 1 / (1 + math.exp(-max(odds, _HARDLY_EVER)))


def _added_up(row: Sequence[float]) -> int:
    """What a piece says, as one number."""
    pairs = zip(row[::2], row[1::2], strict=True)
    return sum(round(weight * _STEPS) << _FIELD * int(number) for number, weight in pairs)


def pieces(tokens: Sequence[str]) -> Iterator[str]:
    """The pieces of a message as ``plain`` leaves it."""
    for token in tokens:
        yield from inside(token)
    yield from around(tokens)


def inside(token: str) -> Iterator[str]:
    """The pieces of a word: itself, and every two to five letters of it, its ends marked."""
    marked = f"^{token}$"
    yield marked
    whole = len(marked)
    for length in range(2, LONGEST_PIECE + 1):
        for end in range(length, whole + 1):
            yield marked[end - length : end]


def around(tokens: Sequence[str]) -> Iterator[str]:
    """What words say together: every two neighbours, the beginnings of every two that stand near each other, and of a
    short message how long it is and all of it."""
    yield from map(" ".join, pairwise(tokens))
    stems = [token[:STEM] for token in tokens]
    for far in range(1, NEAR + 1):
        yield from map("~".join, zip(stems, stems[far:], strict=False))
    if len(tokens) <= SHORT:
        yield f"#{len(tokens)}"
        yield f"={' '.join(tokens)}"
