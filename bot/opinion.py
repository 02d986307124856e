"""A second opinion, where no phrase of a lexicon is found: what messages of this kind usually mean.

It was learned (``flask content learn``) from examples and from the lexicons' own phrases, and stands in a file of
weights: how much each piece of a word speaks for each meaning. Nothing of it changes while the program runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import add

LONGEST_PIECE = 5
"""Letters: longer pieces are whole words."""

SHORT = 3
"""Words of a message that is short."""

REMEMBERED = 20_000
"""Words whose sum is kept at hand; then the memory starts anew."""

Weights = Mapping[str, Sequence[float]]
"""For each piece: number of a meaning, weight, number of a meaning, weight …"""


class Opinion:
    """What was learned. ``names`` are the meanings as the files of examples name them; ``base`` how usual each is."""

    def __init__(self, names: Sequence[str], base: Sequence[float], weights: Weights) -> None:
        self.names = tuple(names)
        self._base = tuple(base)
        self._weights = weights
        self._memory: dict[str, tuple[int, list[float]]] = {}

    def of(self, tokens: Sequence[str]) -> dict[str, float]:
        """How likely each meaning is, from 0 to 1; together they make 1."""
        rows = [self._word(token) for token in tokens]
        rows.append(self._sum(list(around(tokens))))
        count = sum(number for number, _ in rows)
        total = [0.0] * len(self.names)
        for _, row in rows:
            total = list(map(add, total, row))
        return self._likely(total, 1 / math.sqrt(max(1, count)))

    def forget(self) -> None:
        """Starts anew: for measuring what a word costs that nobody used yet."""
        self._memory.clear()

    def _word(self, token: str) -> tuple[int, list[float]]:
        row = self._memory.get(token)
        if row is None:
            if len(self._memory) >= REMEMBERED:
                self._memory.clear()
            row = self._memory[token] = self._sum(list(inside(token)))
        return row

    def _sum(self, found: Sequence[str]) -> tuple[int, list[float]]:
        """How many pieces, and what they say together."""
        total = [0.0] * len(self.names)
        for piece in found:
            row = self._weights.get(piece, ())
            for at in range(0, len(row), 2):
                total[int(row[at])] += row[at + 1]
        return len(found), total

    def _likely(self, total: Iterable[float], share: float) -> dict[str, float]:
        scores = [base + value * share for base, value in zip(self._base, total, strict=True)]
        highest = max(scores)
        likely = [math.exp(score - highest) for score in scores]
        whole = sum(likely)
        return {name: value / whole for name, value in zip(self.names, likely, strict=True)}


def pieces(tokens: Sequence[str]) -> Iterator[str]:
    """The pieces of a message as ``plain`` leaves it."""
    for token in tokens:
        yield from inside(token)
    yield from around(tokens)


def inside(token: str) -> Iterator[str]:
    """The pieces of a word: itself, and every two to five letters of it, its ends marked."""
    marked = f"^{token}$"
    yield marked
    for length in range(2, LONGEST_PIECE + 1):
        for at in range(len(marked) - length + 1):
            yield marked[at : at + length]


def around(tokens: Sequence[str]) -> Iterator[str]:
    """What words say together: every two neighbours, and of a short message how long it is and all of it."""
    yield from map(" ".join, pairwise(tokens))
    if len(tokens) <= SHORT:
        yield f"#{len(tokens)}"
        yield f"={' '.join(tokens)}"
