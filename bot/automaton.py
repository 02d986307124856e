"""Phrases as small machines: from a word to the next, as many states as a phrase has places, however many its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

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
