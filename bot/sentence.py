"""A message as the phrases of one language see it: the places before, between and behind its words are bits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Protocol

Place = frozenset[str]
"""One place in a phrase: a word out of these (``word*``: any ending), or a number or a language."""


_WIDTH = 251
"""Bits that words are told apart by: two words of one message seldom share one."""


def marks(words: Iterable[str]) -> int:
    """A bit for each word, to see at once what surely is not there.

    Which bit a word has differs from process to process, and no meaning hangs on it.
    """
    bits = 0
    for word in words:
        bits |= 1 << hash(word) % _WIDTH
    return bits


class Marked(Protocol):
    """A word that has the marks of all that it stands for."""

    @property
    def marks(self) -> int:
        """Those."""
        ...


class Sentence:
    """What one language makes of a message.

    ``at``: where each word of the lexicons stands in it; ``count`` its ``words``; ``fillers`` those that a phrase may
    leap over, ``idle`` those that may stand around a phrase that is a whole message.
    """

    __slots__ = ("_at", "_places", "anywhere", "begins", "count", "ends", "fillers", "first", "last", "said")

    def __init__(self, at: Mapping[str, int], words: Sequence[Marked], fillers: int, idle: int) -> None:
        count = len(words)
        everywhere = (1 << count + 1) - 1
        self.count = count
        self.fillers = fillers
        self.said: Set[str] = at.keys()
        self._at = at
        self._places: dict[Place, int] = {}
        self.anywhere = everywhere
        self.begins = (_first(idle, count), everywhere)
        """Where a phrase may begin: one that is a whole message, and one that stands among other words."""
        self.ends = (_last(idle, count), everywhere)
        solid = everywhere >> 1 & ~idle
        self.first = words[(solid & -solid).bit_length() - 1].marks if solid else -1
        self.last = words[solid.bit_length() - 1].marks if solid else -1
        """The marks of its first and last word that is not idle; where all are, every mark."""

    def standing(self, place: Place) -> int:
        """Where a word of a place stands."""
        bits = self._places.get(place)
        if bits is None:
            bits = 0
            for word in place if len(place) == 1 else self.said & place:
                bits |= self._at.get(word, 0)
            self._places[place] = bits
        return bits

    def walked(self, places: Iterable[Place], before: int) -> int:
        """Where one may stand behind words of these places, one after the other."""
        known, fillers = self._places, self.fillers
        for place in places:
            standing = known.get(place)
            if standing is None:
                standing = self.standing(place)
            if not standing:
                return 0
            if before & fillers:
                before = self.past_fillers(before)
            before = (before & standing) << 1
            if not before:
                return 0
        return before

    def past_fillers(self, before: int) -> int:
        """Where one may stand too, for who stands at the bits of ``before``: behind words that fill."""
        skipped = before & self.fillers
        while skipped:
            before |= skipped << 1
            skipped = skipped << 1 & self.fillers
        return before

    def is_whole(self, begin: int, end: int) -> bool:
        """Whether only idle words stand around these."""
        return bool(self.begins[0] >> begin & self.ends[0] >> end & 1)

    def weight(self, taken: int) -> int:
        """What words account for: twice as much where they say something."""
        return taken.bit_count() + (taken & ~self.fillers).bit_count()


def _first(idle: int, count: int) -> int:
    """The places with only idle words before them."""
    found = at = 1
    while idle & at and at >> count == 0:
        at <<= 1
        found |= at
    return found


def _last(idle: int, count: int) -> int:
    """The places with only idle words behind them."""
    found = at = 1 << count
    while at > 1 and idle & at >> 1:
        at >>= 1
        found |= at
    return found
