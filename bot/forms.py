"""What phrases are made of, and where each form stands in a message: all ways through it at once.

A form is asked twice. ``reach``: where one may stand behind it, for who stands at the bits of ``before``, quickly.
``follow``: how one gets there, and over which words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from bot.outline import LANGUAGE, NUMBER
from bot.sentence import Place, Sentence, marks

WIDEST_GAP = 4
"""Words that may stand where a phrase has ``...`` in its middle."""

ENDLESS = 1000

PLACE = 8
"""Bits for one place: a message is cut off before its 256th word (``bot.matching.LONGEST``)."""

Threads = dict[int, int]
"""Ways that were begun: where each began and stands (``begin << PLACE | place``), and which words it took, as bits; the
word that is its number or language a second time, ``VALUE`` bits higher."""

VALUE = 1 << PLACE
_HERE = (1 << PLACE) - 1
_SLOTS = frozenset({NUMBER, LANGUAGE})
_NOWHERE: Place = frozenset()


class One:
    """One word."""

    __slots__ = ("_taken", "marks", "place")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.marks = marks(place)
        self._taken = 1 if _SLOTS.isdisjoint(place) else 1 << VALUE | 1

    @property
    def first(self) -> Place:
        """The words one of which it cannot do without."""
        return self.place

    def longest(self) -> int:
        """The most words it can take."""
        return 1

    def opening(self, sentence: Sentence) -> int:
        """Where it may begin."""
        return sentence.standing(self.place)

    def reach(self, sentence: Sentence, before: int) -> int:
        """The next word, or one behind words that fill."""
        standing = sentence.standing(self.place)
        if not standing:
            return 0
        if before & sentence.fillers:
            before = sentence.past_fillers(before)
        return (before & standing) << 1

    def follow(self, sentence: Sentence, threads: Threads) -> Threads:
        """The next word; for who took one already, also one behind words that fill."""
        standing = sentence.standing(self.place)
        found: Threads = {}
        if not standing:
            return found
        for way, taken in threads.items():
            here = way & _HERE
            before = 1 << here
            ahead = standing & (sentence.past_fillers(before) if taken else before)
            while ahead:
                at = (ahead & -ahead).bit_length() - 1
                ahead ^= 1 << at
                _keep(found, way + at - here + 1, taken | self._taken << at, sentence)
        return found


class Gap:
    """Any words, or none."""

    __slots__ = ()

    marks = -1
    """Of any word."""

    @property
    def first(self) -> Place:
        """It can do without any word."""
        return _NOWHERE

    def longest(self) -> int:
        """It has no end."""
        return ENDLESS

    def opening(self, sentence: Sentence) -> int:
        """Anywhere."""
        return sentence.anywhere

    def reach(self, sentence: Sentence, before: int) -> int:
        """A few words farther at most."""
        for _ in range(WIDEST_GAP):
            before |= before << 1
        return before

    def follow(self, sentence: Sentence, threads: Threads) -> Threads:
        """The threads that leap over words, or over none."""
        found: Threads = {}
        for way, taken in threads.items():
            room = min(WIDEST_GAP, sentence.count - (way & _HERE))
            for leap in range(room + 1):
                _keep(found, way + leap, taken, sentence)
        return found


class Row:
    """These, one after the other; an empty one is nothing at all."""

    __slots__ = ("_places", "items", "marks")

    def __init__(self, items: tuple[Form, ...]) -> None:
        self.items = items
        self.marks = _marks_of(items)
        self._places = [item.place for item in items if isinstance(item, One)]

    @property
    def first(self) -> Place:
        """The words one of which it cannot do without, if that is easily told."""
        return next((item.place for item in self.items if isinstance(item, One)), _NOWHERE)

    def opening(self, sentence: Sentence) -> int:
        """Where its first may begin."""
        return self.items[0].opening(sentence) if self.items else sentence.anywhere

    def longest(self) -> int:
        """The most words it can take; ``ENDLESS`` where other words may stand within."""
        return min(ENDLESS, sum(item.longest() for item in self.items))

    def reach(self, sentence: Sentence, before: int) -> int:
        """Behind the last."""
        if len(self._places) == len(self.items):
            return sentence.walked(self._places, before)
        for item in self.items:
            before = item.reach(sentence, before)
            if not before:
                break
        return before

    def follow(self, sentence: Sentence, threads: Threads) -> Threads:
        """The threads behind the last."""
        for item in self.items:
            threads = item.follow(sentence, threads)
            if not threads:
                break
        return threads


FEW = 3
"""Alternatives that are not worth choosing from."""


class Either:
    """One of these."""

    __slots__ = ("_chosen", "_spare", "items", "marks")

    def __init__(self, items: tuple[Form, ...]) -> None:
        self.items = items
        self.marks = _marks_of(items)
        self._spare = any(item is NOTHING for item in items)
        self._chosen: tuple[Mapping[str, Sequence[Form]], list[Form]] | None = None

    def _among(self, sentence: Sentence) -> Sequence[Form]:
        """Those that can be there, by the first word that each cannot do without; some of them twice."""
        begins, rest = self._chosen or self._by_first_word()
        if not begins:
            return rest
        return [item for word in sentence.said if word in begins for item in begins[word]] + rest

    def _by_first_word(self) -> tuple[Mapping[str, Sequence[Form]], list[Form]]:
        """What each first word begins, and what begins in other ways. Several threads may come here at once: it is
        made apart and put in its place whole."""
        items = [item for item in self.items if item is not NOTHING]
        begins: dict[str, list[Form]] = {}
        if len(items) > FEW:
            for item in items:
                for word in item.first:
                    begins.setdefault(word, []).append(item)
            items = [item for item in items if not item.first]
        self._chosen = begins, items
        return self._chosen

    @property
    def first(self) -> Place:
        """Not easily told."""
        return _NOWHERE

    def opening(self, sentence: Sentence) -> int:
        """Anywhere: asking each of them would take longer than to follow it."""
        return sentence.anywhere

    def longest(self) -> int:
        """As the longest of them."""
        return max(item.longest() for item in self.items)

    def reach(self, sentence: Sentence, before: int) -> int:
        """Behind any of them."""
        after = before if self._spare else 0
        for item in self._among(sentence):
            after |= item.reach(sentence, before)
        return after

    def follow(self, sentence: Sentence, threads: Threads) -> Threads:
        """The threads behind any of them."""
        found: Threads = dict(threads) if self._spare else {}
        for item in self._among(sentence):
            for way, taken in item.follow(sentence, threads).items():
                _keep(found, way, taken, sentence)
        return found


Form = One | Gap | Row | Either


def _marks_of(items: Iterable[Form]) -> int:
    """The marks of all words of some forms."""
    return reduce(or_, (item.marks for item in items), 0)


NOTHING = Row(())
ANY = Gap()


def _keep(found: Threads, way: int, taken: int, sentence: Sentence) -> None:
    """Of two threads that stand at one place the one that accounts for more."""
    other = found.get(way)
    if other is None or (other != taken and sentence.weight(taken) > sentence.weight(other)):
        found[way] = taken


@dataclass(frozen=True, slots=True)
class Part:
    """A phrase, or one part of a phrase with ``+``. ``open``: whether other words may stand there."""

    form: Form
    open_left: bool
    open_right: bool

    def stands_in(self, sentence: Sentence) -> bool:
        """Whether it stands in a message: quick, and now and then too kind."""
        if not (self.open_left or self.open_right) and self._lacks_a_word(sentence):
            return False
        return self.form.reach(sentence, sentence.begins[self.open_left]) & sentence.ends[self.open_right] != 0

    def _lacks_a_word(self, sentence: Sentence) -> bool:
        """Whether a whole message says something first, or last, that surely is no word of it."""
        marks = self.form.marks
        return not (marks & sentence.first and marks & sentence.last)

    def ways(self, sentence: Sentence) -> Iterator[tuple[int, int, int]]:
        """Where it begins and ends, and the words it takes: of two ways the one that takes most."""
        begins, ends = sentence.begins[self.open_left], sentence.ends[self.open_right]
        begins &= self.form.opening(sentence)
        threads = {at << PLACE | at: 0 for at in range(begins.bit_length()) if begins >> at & 1}
        for way, taken in self.form.follow(sentence, threads).items():
            start, end = way >> PLACE, way & _HERE
            if ends >> end & 1 and taken >> start & 1 and taken >> end - 1 & 1:
                yield start, end, taken


def value_of(taken: int) -> int:
    """Which word is the number or the language of a thread; -1 for none."""
    return (taken >> VALUE).bit_length() - 1


def words_of(taken: int) -> int:
    """The words that a thread took."""
    return taken & (1 << VALUE) - 1
