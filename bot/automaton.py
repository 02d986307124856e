"""Phrases as small machines: from a word to the next, as many states as a phrase has places, however many its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.patterns import Either, Form, Gap, One, Place, Row


@dataclass(eq=False, slots=True)
class State:
    """A place in a phrase. ``steps``: a class of words, and the state behind it; ``gaps``: states before which other
    words may stand; ``end``: whether the phrase may end here."""

    steps: list[tuple[int, State]] = field(default_factory=list)
    gaps: list[State] = field(default_factory=list)
    end: bool = False


def build(form: Form, classes: Mapping[Place, int]) -> State:
    """The first state of a form."""
    return _before(form, State(end=True), classes)


def _before(form: Form, then: State, classes: Mapping[Place, int]) -> State:
    """The state from which a form leads to ``then``: built from the end to the beginning."""
    if isinstance(form, One):
        return State(steps=[(classes[form.place], then)])
    if isinstance(form, Gap):
        return State(gaps=[then])
    if isinstance(form, Row):
        for item in reversed(form.items):
            then = _before(item, then, classes)
        return then
    ways = [_before(item, then, classes) for item in form.items]
    return State(
        steps=[step for way in ways for step in way.steps],
        gaps=[gap for way in ways for gap in way.gaps],
        end=any(way.end for way in ways),
    )


Needs = tuple[frozenset[Place], ...]
"""Of each of these sets of places a message must have one."""


class Wanted:
    """What a message must have for a phrase to be in it. ``cost`` says how common places are.

    Remembers what it found: the rules of a lexicon stand in many phrases.
    """

    def __init__(self, cost: Callable[[Iterable[Place]], float]) -> None:
        self._cost = cost
        self._known: dict[int, tuple[Form, Needs]] = {}

    def by(self, form: Form) -> Needs:
        """A set for each word that cannot be left out; of alternatives of several words the rarest of each."""
        if isinstance(form, One):
            return (frozenset({form.place}),)
        if isinstance(form, Gap):
            return ()
        known = self._known.get(id(form))
        if known is None:
            known = self._known[id(form)] = (form, self._of(form))  # the form is kept, so that its id stays its own
        return known[1]

    def _of(self, form: Row | Either) -> Needs:
        found = [self.by(item) for item in form.items]
        if isinstance(form, Row):
            return tuple(need for row in found for need in row)
        if not all(found):
            return ()
        return (frozenset().union(*(min(row, key=self._cost) if len(row) > 1 else row[0] for row in found)),)


Program = tuple[Any, ...]
"""A form for the sieve: what it is, then its class, its parts, or its alternatives with what each cannot do without."""

_ONE, _GAP, _ROW, _EITHER = range(4)


def program(form: Form, classes: Mapping[Place, int]) -> Program:
    """A form made ready for the sieve."""
    if isinstance(form, One):
        return (_ONE, classes[form.place])
    if isinstance(form, Gap):
        return (_GAP,)
    items = tuple(program(item, classes) for item in form.items)
    if isinstance(form, Row):
        return (_ROW, *items)
    return (_EITHER, *((_first_of(item), item) for item in items))


def _first_of(item: Program) -> int | None:
    """The class of the first word that an alternative cannot do without, if there is one that is easily told."""
    if item[0] == _ONE:
        return int(item[1])
    if item[0] == _ROW:
        return next((int(part[1]) for part in item[1:] if part[0] == _ONE), None)
    return None


class Sieve:
    """Whether a form can stand in a message at all: all ways at once, the places in the message as bits of a number.

    Quick, and now and then too kind; what passes is walked through.
    """

    def __init__(
        self, words: Sequence[frozenset[int]], said: frozenset[int], fillers: int, idle: int, widest: int
    ) -> None:
        """``fillers``: the words that a phrase may leap over; ``idle``: those that may stand around a closed one."""
        everywhere = (1 << len(words) + 1) - 1
        self._from = {True: everywhere, False: self._first(idle, len(words))}
        self._to = {True: everywhere, False: self._last(idle, len(words))}
        self._words = words
        self._said = said
        self._fillers = fillers
        self._widest = widest
        self._places: dict[int, int] = {}

    def passes(self, ready: Program, open_left: bool, open_right: bool) -> bool:
        """Whether it can; a phrase that is closed on a side has nothing but idle words there."""
        return self._after(ready, self._from[open_left]) & self._to[open_right] != 0

    @staticmethod
    def _first(idle: int, count: int) -> int:
        """The places with only idle words before them."""
        found = at = 1
        while idle & at and at >> count == 0:
            at <<= 1
            found |= at
        return found

    @staticmethod
    def _last(idle: int, count: int) -> int:
        """The places with only idle words behind them."""
        found = at = 1 << count
        while at > 1 and idle & at >> 1:
            at >>= 1
            found |= at
        return found

    def _after(self, ready: Program, before: int) -> int:
        """Where one may stand behind a form, for who stands at the bits of ``before``."""
        kind = ready[0]
        if kind == _ONE:
            return (self._past_fillers(before) & self._standing(ready[1])) << 1
        if kind == _ROW:
            for item in ready[1:]:
                before = self._after(item, before)
                if not before:
                    return 0
            return before
        if kind == _GAP:
            for _ in range(self._widest):
                before |= before << 1
            return before
        found = 0
        for first, item in ready[1:]:
            if first is None or first in self._said:
                found |= self._after(item, before)
        return found

    def _past_fillers(self, before: int) -> int:
        skipped = before & self._fillers
        while skipped:
            before |= skipped << 1
            skipped = (skipped << 1) & self._fillers
        return before

    def _standing(self, number: int) -> int:
        """The places of the words of a class."""
        bits = self._places.get(number)
        if bits is None:
            bits, here = 0, 1
            for row in self._words:
                if number in row:
                    bits |= here
                here <<= 1
            self._places[number] = bits
        return bits
