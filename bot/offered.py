"""What an errand offers at this moment: the choices of a plan, of assignments, of times.

The labels of most stand in ``content/intake.yaml`` under the name before the colon; a time and an assignment bring
their own. The part after the colon is an id, so that a button pressed days later still means what it meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.flow import Option, Step, Words
from bot.meetings import BookingState, MeetingKind, Slot
from bot.messages import Mode
from bot.plans import Assignment, picks
from bot.session import Scene, Session
from bot.triage import TOLD, Tier, propose

PICKS = 3
"""Assignments on offer at a time: more would not fit into one SMS."""

UNNAMED = Words({Mode.TEXT: ""}, verbatim=True)
"""The label of a time: it is named in each language when it is said."""


def offered(step: Step, scene: Scene, session: Session) -> tuple[Option, ...]:
    """The choices of an errand for this contact now."""
    rows = _OFFERS[step.id](step, scene, session)
    return tuple(option for option in rows if scene.mode in option.modes)


def tier_of(scene: Scene, session: Session) -> Tier:
    """How much support the answers so far speak for."""
    return propose(scene.rules, session.answers, session.language, scene.today).tier


def kinds_wanted(scene: Scene, session: Session) -> tuple[MeetingKind, ...]:
    """The kinds of times that fit: as the contact asked for; at an office for who needs somebody face to face.

    Who is deaf is never called.
    """
    if "deaf" in session.answers.get(TOLD, ()):
        return (MeetingKind.TALK,)
    asked = _KINDS.get("".join(session.answers.get("way", ())))
    if asked is not None:
        return (asked,)
    return (MeetingKind.TALK,) if tier_of(scene, session) is Tier.FACE else (MeetingKind.CALL,)


_KINDS: Mapping[str, MeetingKind] = {"call": MeetingKind.CALL, "visit": MeetingKind.TALK}


def meeting_about(scene: Scene, session: Session) -> Slot | None:
    """The meeting that is talked about."""
    return next((slot for slot in scene.around.booked if str(slot.id) == session.about), None)


def _named(step: Step, ref: str, *names: str) -> Iterator[Option]:
    """Choices of the file, for one item, meeting or notice."""
    for name in names:
        option = step.option(name)
        if option is not None:
            yield replace(option, id=f"{name}:{ref}", source=f"choice/{step.id}/{name}")


def _plan(step: Step, scene: Scene, session: Session) -> Iterator[Option]:
    now = scene.around.path.now
    if now is not None:
        yield from _named(step, str(now.id), "done", "help", "later")
    if _left(scene, session):
        yield from _named(step, "", "other")
    if now is not None:
        yield from _named(step, str(now.id), "drop")


def _left(scene: Scene, session: Session) -> tuple[Assignment, ...]:
    return picks(scene.around.assignments, scene.around.path, tier_of(scene, session))


def _pick(step: Step, scene: Scene, session: Session) -> Iterator[Option]:
    """In writing three and the next three; a caller hears them page by page."""
    left = _left(scene, session)
    if scene.voice or len(left) <= PICKS:
        yield from map(_assignment_option, left)
        return
    pages = -(-len(left) // PICKS)
    first = (session.page % pages) * PICKS
    yield from map(_assignment_option, left[first : first + PICKS])
    yield from _named(step, "", "more")


def _assignment_option(assignment: Assignment) -> Option:
    return Option(f"pick:{assignment.id}", assignment.title, source=f"assignment/{assignment.id}/title")


def _assignment(step: Step, scene: Scene, session: Session) -> Iterator[Option]:
    yield from _named(step, session.about, "done", "help", "later")


def _times(step: Step, scene: Scene, session: Session) -> Iterator[Option]:
    moved = meeting_about(scene, session)
    kinds = (moved.kind,) if moved is not None else kinds_wanted(scene, session)
    for slot in scene.around.times(kinds):
        yield Option(f"slot:{slot.id}", UNNAMED, starts_at=slot.starts_at, office=slot.office)
    yield from _named(step, session.about, "none")


def _meeting(step: Step, scene: Scene, session: Session) -> Iterator[Option]:
    meeting = meeting_about(scene, session)
    movable = meeting is None or (meeting.kind is not MeetingKind.GROUP and meeting.state is BookingState.BOOKED)
    yield from _named(step, session.about, *("keep", "move", "cancel") if movable else ("keep", "cancel"))


def _notice(step: Step, scene: Scene, session: Session) -> Iterator[Option]:
    yield from _named(step, session.about, "explain", "help", "seen")


_OFFERS: Mapping[str, Callable[[Step, Scene, Session], Iterator[Option]]] = {
    "plan": _plan,
    "pick": _pick,
    "assignment": _assignment,
    "times": _times,
    "meeting": _meeting,
    "notice": _notice,
}
