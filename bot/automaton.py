"""Phrases as small machines: from a word to the next, as many states as a phrase has places, however many its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.patterns import Form, Gap, One, Place, Row


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


def needs(form: Form, cost: Callable[[Iterable[Place]], float]) -> Needs:
    """What a message must have for a form to be in it: a set for each word that cannot be left out.

    Of alternatives of several words the rarest of each: ``cost`` says how common places are.
    """
    if isinstance(form, One):
        return (frozenset({form.place}),)
    if isinstance(form, Gap):
        return ()
    found = [needs(item, cost) for item in form.items]
    if isinstance(form, Row):
        return tuple(need for row in found for need in row)
    if not all(found):
        return ()
    return (frozenset().union(*(min(row, key=cost) for row in found)),)


def starts(form_state: State) -> frozenset[int]:
    """The classes of the words with which a phrase may begin."""
    return frozenset(number for number, _ in form_state.steps)
