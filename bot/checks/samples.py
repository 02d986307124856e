"""What fills the gaps of texts when they are counted: for each text with gaps the longest that it can become."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.content import Content
from bot.gaps import LONGEST_PERSON, moment
from bot.meetings import BookingState, MeetingKind, Slot
from bot.messages import Mode
from bot.plans import Assignment, Item, ItemState, Path
from bot.ready import Gap
from bot.session import Back, Handing, NoticeWords, Scene, Session, Usual
from bot.triage import Proposal, Rules
from bot.wording import Wording

A_MOMENT = datetime(2026, 12, 23, 12, 30, tzinfo=UTC)
"""A Wednesday with two digits in every place."""

LONGEST_WAIT = 30
"""Minutes, in two digits."""

LONGEST_TITLE = "x" * 40
"""The longest name of a group session."""


@dataclass(frozen=True)
class LongestAround:
    """A contact with a path, meetings and a notice whose words take the most room; ``bot.session.Around``."""

    content: Content
    path: Path
    booked: tuple[Slot, ...]
    shown: NoticeWords | None = None
    town: str = ""
    back: Back | None = None
    usual: Usual | None = None
    assignments: tuple[Assignment, ...] = field(default=())

    def times(self, kinds: tuple[MeetingKind, ...]) -> tuple[Slot, ...]:
        """Three times in the town with the longest name."""
        office = "" if MeetingKind.CALL in kinds else self.town
        return tuple(Slot(n, kinds[0], A_MOMENT + timedelta(days=n), 30, office) for n in range(1, 4))

    def notice(self, notice_id: str) -> NoticeWords | None:
        """The one that is counted."""
        return self.shown


def scenes(content: Content, wording: Wording, step: str, language: str) -> Iterator[tuple[str, Scene, Session]]:
    """For an errand: each way it can be asked, with its name, the longest of its kind."""
    for name, around, about, way in _ways(content, wording, step, language):
        scene = Scene(
            content.flow,
            Mode.TEXT,
            {"phone": "no", "case": "none", "hidden": "no"},
            rules=content.rules,
            offices=content.offices,
            around=around,
        )
        answers = {"way": (way,), "digital": ("yes",)}
        yield name, scene, Session(content.flow.name, 1, language=language, step=step, about=about, answers=answers)


def _ways(
    content: Content, wording: Wording, step: str, language: str
) -> Iterator[tuple[str, LongestAround, str, str]]:
    ordered = tuple(sorted(content.assignments.values(), key=lambda a: -len(_title(wording, a, language))))
    slot = longest_meeting(content)
    town = slot.office
    if step == "assignment":
        for assignment in ordered:
            path = Path((Item(1, assignment.id, "", ItemState.NOW),))
            yield assignment.id, LongestAround(content, path, (), assignments=ordered), "1", "message"
    elif step == "plan":
        states = (ItemState.NOW, ItemState.NEXT, *(ItemState.DONE,) * 10)
        items = tuple(Item(n, a.id, "", state) for n, (a, state) in enumerate(zip(ordered, states, strict=False), 1))
        yield "longest", LongestAround(content, Path(items), (), assignments=ordered), "1", "message"
    elif step == "notice":
        for notice in notices(content):
            yield notice.template, LongestAround(content, Path(), (), shown=notice), "1", "message"
    elif step == "meeting":
        for name, booked in (("talk", slot), ("group", _group(town))):
            yield name, LongestAround(content, Path(), (booked,)), "7", "message"
    else:
        for way in ("call", "visit"):
            yield way, LongestAround(content, Path(), (), town=town, assignments=ordered), "", way


def longest_meeting(content: Content) -> Slot:
    """A talk in the town with the longest name."""
    town = max(content.offices.values(), key=lambda office: len(office.town)).id
    return Slot(7, MeetingKind.TALK, A_MOMENT, 30, town, state=BookingState.BOOKED)


def _group(town: str) -> Slot:
    return Slot(7, MeetingKind.GROUP, A_MOMENT, 90, town, LONGEST_TITLE, state=BookingState.BOOKED)


def _title(wording: Wording, assignment: Assignment, language: str) -> str:
    return wording.words(assignment.title, Mode.TEXT, language, f"assignment/{assignment.id}/title")


def longest_handing() -> Handing:
    """Two counsellors with long names."""
    return Handing("x" * LONGEST_PERSON, "x" * LONGEST_PERSON)


def long_gaps(content: Content, language: str) -> dict[Gap, str]:
    """What fills the gaps of a ready answer, not short."""
    office = max((office.town for office in content.offices.values()), key=len)
    when = moment(A_MOMENT, Mode.TEXT, language)
    return {Gap.NAME: "Maximiliaan", Gap.COUNSELLOR: "Mieke Vandenbroucke", Gap.OFFICE: office, Gap.TIME: when}


def notices(content: Content) -> list[NoticeWords]:
    """Every notice, with a day where it names one."""
    day = A_MOMENT.date()
    return [NoticeWords(letter.id, letter.text, letter.explanation, day) for letter in content.letters.values()]


def proposals(rules: Rules) -> Iterator[Proposal]:
    """Every proposal as it is told: one for each rule, and the one that no rule gave."""
    for rule in rules.every_rule:
        yield Proposal(rules.version, rule.tier, (rule.programme,), 0, "nl", "", (rule.id,))
