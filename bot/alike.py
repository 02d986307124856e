"""Letters that people write for one another where a language has no spelling of its own: "3awnni", "aawni", "3awni"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

SHORTEST = 4
"""Letters: a shorter word sounds like too many others."""

_DOUBLED = re.compile(r"(.)\1+")


class Alike:
    """The words of a lexicon by how they sound. ``groups``: letters that stand for the same sound."""

    def __init__(self, groups: Iterable[Sequence[str]], words: Iterable[str]) -> None:
        self._one = {letters: group[0] for group in groups for letters in group}
        self._letters = re.compile("|".join(sorted(map(re.escape, self._one), key=len, reverse=True)))
        self._written = words

    def sound(self, word: str) -> str:
        """How a word sounds: one way to write each sound, and none of them twice."""
        return _DOUBLED.sub(r"\1", self._letters.sub(lambda found: self._one[found[0]], word))

    def words(self, written: str) -> list[str]:
        """The words that sound like this one, or begin it (``ghan9tl*``)."""
        if len(written) < SHORTEST or not written.isascii():
            return []
        sound = self.sound(written)
        begun = (self._begins.get(sound[:end], ()) for end in range(SHORTEST, len(sound) + 1))
        return [*self._wholes.get(sound, ()), *(word for words in begun for word in words)]

    @cached_property
    def _wholes(self) -> dict[str, list[str]]:
        return self._by_sound(word for word in self._written if word[-1] != "*")

    @cached_property
    def _begins(self) -> dict[str, list[str]]:
        return self._by_sound(word for word in self._written if word[-1] == "*")

    def _by_sound(self, words: Iterable[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words):
            found[self.sound(word.rstrip("*"))].append(word)
        return dict(found)
