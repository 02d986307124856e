"""All ways through a phrase at once: the places before, between and behind the words of a message are bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.outline import LANGUAGE, NUMBER
from bot.patterns import Form, Gap, One, Part, Place, Row

WIDEST_GAP = 4
"""Words that may stand where a phrase has ``...`` in its middle."""

PLACE = 8
"""Bits for one place: messages are cut off long before 256 words."""

Threads = dict[int, int]
"""Ways that were begun: where each began and stands (``begin << PLACE | place``), and which words it took, as bits; the
word that is its number or language a second time, ``VALUE`` bits higher."""

VALUE = 1 << PLACE
_HERE = (1 << PLACE) - 1
_SLOTS = frozenset({NUMBER, LANGUAGE})


class Sentence:
    """A message as the phrases of one language see it.

    ``at``: where each word of the lexicons stands in it; ``count`` its words; ``fillers`` those that a phrase may leap
    over, ``idle`` those that may stand around a phrase that is a whole message.
    """

    def __init__(self, at: Mapping[str, int], count: int, fillers: int, idle: int) -> None:
        everywhere = (1 << count + 1) - 1
        self.said = at.keys()
        self.fillers = fillers
        self._at = at
        self._count = count
        self._places: dict[Place, int] = {}
        self._first, self._last = _first(idle, count), _last(idle, count)
        self._from = (self._first, everywhere)
        self._to = (self._last, everywhere)

    def has(self, part: Part) -> bool:
        """Whether a part of a phrase stands in it: quick, and now and then too kind."""
        return self._reach(part.form, self._from[part.open_left]) & self._to[part.open_right] != 0

    def ways(self, part: Part) -> Iterator[tuple[int, int, int]]:
        """Where a part of a phrase begins and ends, and the words it takes: of two ways the one that takes most."""
        begins, ends = self._from[part.open_left], self._to[part.open_right]
        threads = {at << PLACE | at: 0 for at in range(self._count) if begins >> at & 1}
        for way, taken in self._follow(part.form, threads).items():
            start, end = way >> PLACE, way & _HERE
            if ends >> end & 1 and taken >> start & 1 and taken >> end - 1 & 1:
                yield start, end, taken

    def is_whole(self, begin: int, end: int) -> bool:
        """Whether only idle words stand around these."""
        return bool(self._first >> begin & self._last >> end & 1)

    def weight(self, taken: int) -> int:
        """What words account for: twice as much where they say something."""
        return taken.bit_count() + (taken & ~self.fillers).bit_count()

    def _reach(self, form: Form, before: int) -> int:
        """Where one may stand behind a form, for who stands at the bits of ``before``."""
        if isinstance(form, Row):
            for item in form.items:
                if isinstance(item, One):
                    standing = self._places.get(item.place)
                    if standing is None:
                        standing = self._standing(item.place)
                    before = (self._past_fillers(before) & standing) << 1
                else:
                    before = self._reach(item, before)
                if not before:
                    break
            return before
        if isinstance(form, One):
            return (self._past_fillers(before) & self._standing(form.place)) << 1
        if isinstance(form, Gap):
            for _ in range(WIDEST_GAP):
                before |= before << 1
            return before
        after = 0
        for item in form.among(self.said):
            after |= self._reach(item, before)
        return after

    def _past_fillers(self, before: int) -> int:
        skipped = before & self.fillers
        while skipped:
            before |= skipped << 1
            skipped = (skipped << 1) & self.fillers
        return before

    def _standing(self, place: Place) -> int:
        """Where a word of a place stands."""
        bits = self._places.get(place)
        if bits is None:
            bits = 0
            for word in place.intersection(self._at):
                bits |= self._at[word]
            self._places[place] = bits
        return bits

    def _follow(self, form: Form, threads: Threads) -> Threads:
        """The threads behind a form."""
        if isinstance(form, One):
            return self._taken(form.place, threads)
        if isinstance(form, Row):
            for item in form.items:
                threads = self._follow(item, threads)
                if not threads:
                    break
            return threads
        if isinstance(form, Gap):
            return self._leapt(threads)
        found: Threads = {}
        for item in form.among(self.said):
            self._add(found, self._follow(item, threads))
        return found

    def _taken(self, place: Place, threads: Threads) -> Threads:
        """The threads that find a word of a place: the next one, or one behind words that fill."""
        standing = self._standing(place)
        value = VALUE if not _SLOTS.isdisjoint(place) else 0
        found: Threads = {}
        if not standing:
            return found
        for way, taken in threads.items():
            here = way & _HERE
            for at in range(here, self._count):
                if standing >> at & 1:
                    self._add(found, {way + at - here + 1: taken | 1 << at | (1 << at + value if value else 0)})
                if not (taken and self.fillers >> at & 1):
                    break
        return found

    def _leapt(self, threads: Threads) -> Threads:
        """The threads that leap over words, or over none."""
        found: Threads = {}
        for way, taken in threads.items():
            room = min(WIDEST_GAP, self._count - (way & _HERE))
            self._add(found, {way + leap: taken for leap in range(room + 1)})
        return found

    def _add(self, found: Threads, more: Threads) -> None:
        for way, taken in more.items():
            if way not in found or self.weight(taken) > self.weight(found[way]):
                found[way] = taken


def value_of(taken: int) -> int:
    """Which word is the number or the language of a thread; -1 for none."""
    return (taken >> VALUE).bit_length() - 1


def words_of(taken: int) -> int:
    """The words that a thread took."""
    return taken & (1 << VALUE) - 1


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
