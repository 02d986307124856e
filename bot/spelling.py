"""Typing errors: the words that a mistyped one stands near to.

Every word is filed under itself and under itself without one letter; two words that differ by one letter, or by two
that changed places, meet there (the symmetric delete idea of SymSpell).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

SHORTEST = 5
"""Letters: a shorter word is too near to too many others."""


class Spelling:
    """Near words among those given."""

    def __init__(self, words: Iterable[str]) -> None:
        self._filed: dict[str, list[str]] = defaultdict(list)
        for word in words:
            if len(word) >= SHORTEST:
                for key in _keys(word):
                    self._filed[key].append(word)

    def near(self, word: str) -> list[str]:
        """The words that one slip away stand ``word``, where it is long enough; with the same first letter."""
        if len(word) < SHORTEST or not word.isalpha():
            return []
        found = {other for key in _keys(word) for other in self._filed.get(key, ())}
        return sorted(other for other in found if other[0] == word[0] and OSA.distance(other, word, score_cutoff=1) < 2)


def _keys(word: str) -> Iterator[str]:
    yield word
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
