"""Typing errors: the words that a mistyped one stands near to.

Words are looked for among those with the same first letter and about the same length: people seldom miss the first
letter. One slip leaves the first two letters as they are, or else the last two; the few words that are left are
compared by a library in C. A letter that is written once and should be there twice is looked up, in short words too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import product

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 5
"""Letters: a shorter word is too near to too many others."""

SWAPPED = 3
"""Letters of a word of which two may have changed places: "evte", "sotp", where it is a word that many people use."""

SLIPS = 1
"""Letters too many, too few, wrong, or changed places with the next."""

_DOUBLED = re.compile(r"([^\W\d_])\1")


def undoubled(word: str) -> str:
    """A word with each letter once where it stands twice: "dod" of "dood"."""
    return _DOUBLED.sub(r"\1", word)


class Spelling:
    """Near words among those given; ``usual`` are those that many people use."""

    def __init__(self, words: Iterable[str], usual: Collection[str]) -> None:
        self._usual = usual
        self._shelves: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._doubled: dict[str, list[str]] = defaultdict(list)
        for word in words:
            if (single := undoubled(word)) != word:
                self._doubled[single].append(word)
            if len(word) >= SHORTEST:
                for ends, slip in product(_ends(word), range(-SLIPS, SLIPS + 1)):
                    self._shelves[ends, len(word) + slip].append(word)

    def near(self, word: str) -> list[str]:
        """The words that one slip away stand ``word``, where it is long enough; with the same first letter."""
        if len(word) < SHORTEST or not word.isalpha():
            return self.swapped(word)
        shelves = [self._shelves[key] for ends in _ends(word) if (key := (ends, len(word))) in self._shelves]
        found = (process.extract(word, shelf, scorer=OSA.distance, score_cutoff=SLIPS, limit=None) for shelf in shelves)
        return sorted({near for rows in found for near, _, _ in rows})

    def doubled(self, word: str) -> list[str]:
        """The words that one is, with letters twice that it has once: "dod", or "dooood", of which one o is left."""
        return sorted(self._doubled.get(undoubled(word), ())) if len(word) >= SWAPPED else []

    def swapped(self, word: str) -> list[str]:
        """The usual words that a short one is, with two letters that changed places."""
        ends = range(2, len(word) + 1) if SWAPPED <= len(word) < SHORTEST and word.isalpha() else ()
        turned = [word[: end - 2] + word[end - 1] + word[end - 2] + word[end:] for end in ends]
        return sorted({near for near in turned if near in self._usual})


def _ends(word: str) -> tuple[str, str]:
    """Two letters at its beginning; and the first of them with two at its end."""
    return word[:2], f"{word[0]}…{word[-2:]}"
