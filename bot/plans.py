"""A contact's own path: small steps at the contact's own pace. The contact sits at the wheel, the counsellor beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.flow import Words
from bot.triage import Tier


class ItemState(StrEnum):
    """Next: still to come. Now: what the contact is at. Later: put off. Done and dropped are behind us."""

    NEXT = "next"
    NOW = "now"
    LATER = "later"
    DONE = "done"
    DROPPED = "dropped"


MOVES: Mapping[ItemState, frozenset[ItemState]] = {
    ItemState.NEXT: frozenset({ItemState.NOW, ItemState.DONE, ItemState.LATER, ItemState.DROPPED}),
    ItemState.NOW: frozenset({ItemState.NEXT, ItemState.DONE, ItemState.LATER, ItemState.DROPPED}),
    ItemState.LATER: frozenset({ItemState.NOW, ItemState.NEXT, ItemState.DONE, ItemState.DROPPED}),
    ItemState.DONE: frozenset(),
    ItemState.DROPPED: frozenset({ItemState.NOW, ItemState.NEXT}),
}
"""What may become what. Done stays done; what was dropped can be picked up again."""

AHEAD = (ItemState.NEXT, ItemState.LATER)
"""What is still to come; what was put off comes last."""


def may_move(now: ItemState, to: ItemState) -> bool:
    """Whether an item that stands at ``now`` may become ``to``."""
    return to in MOVES[now]


class AssignmentKind(StrEnum):
    """For whom an assignment is: who is at home on the internet, or who takes the first steps there."""

    DIGITAL = "digital"
    FIRST_STEP = "first_step"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One small task of ``content/assignments.yaml``: what it is called, and what to do."""

    id: str
    kind: AssignmentKind
    title: Words
    text: Words
    line: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One place on a path: an assignment of the content, or a counsellor's own words (``title``).

    Of an assignment ``title`` is what it was called when it was put there: for when the file has it no more.
    """

    id: int
    assignment: str
    title: str
    state: ItemState


@dataclass(frozen=True, slots=True)
class Path:
    """The whole path in its order."""

    items: tuple[Item, ...] = ()

    @property
    def now(self) -> Item | None:
        """What the contact is at."""
        return next((item for item in self.items if item.state is ItemState.NOW), None)

    @property
    def ahead(self) -> tuple[Item, ...]:
        """What is to come, what was put off last."""
        waiting = [item for item in self.items if item.state in AHEAD]
        return tuple(sorted(waiting, key=lambda item: AHEAD.index(item.state)))

    @property
    def done(self) -> tuple[Item, ...]:
        """What is behind the contact."""
        return tuple(item for item in self.items if item.state is ItemState.DONE)

    @property
    def open(self) -> bool:
        """Whether there is anything left to do."""
        return self.now is not None or bool(self.ahead)

    def item(self, item_id: int) -> Item | None:
        """The item with that id."""
        return next((item for item in self.items if item.id == item_id), None)


def picks(assignments: Sequence[Assignment], path: Path, tier: Tier) -> tuple[Assignment, ...]:
    """What a contact can choose from: never what is on the path or done; first what fits how digital somebody is."""
    taken = {item.assignment for item in path.items if item.state is not ItemState.DROPPED}
    first = AssignmentKind.DIGITAL if tier is Tier.DIGITAL else AssignmentKind.FIRST_STEP
    left = [assignment for assignment in assignments if assignment.id not in taken]
    return tuple(sorted(left, key=lambda assignment: assignment.kind is not first))
