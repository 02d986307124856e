"""What stands beside a conversation: the proposal, the contact's own path and its history, the meetings to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.catalogues import SOURCE
from bot.flow import Words
from bot.meetings import Slot
from bot.messages import Mode
from bot.plans import Assignment, AssignmentKind, ItemState, Path, picks
from bot.service import proposals
from bot.service.case_views import existing
from bot.service.house import House
from bot.service.proposals import ProposalView
from bot.store import cases, contacts, meetings, plans
from bot.triage import Tier

ORDER = (ItemState.NOW, ItemState.NEXT, ItemState.LATER, ItemState.DONE, ItemState.DROPPED)
"""How a path is read: what the contact is at, what comes, what was put off, what is behind."""

LONGEST_HISTORY = 30


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing on the path, as the reader names it. ``by``: the counsellor who added it; empty: the contact."""

    id: int
    title: str
    state: ItemState
    by: str
    sent_at: datetime | None
    due_at: datetime | None

    @property
    def behind(self) -> bool:
        """Whether it cannot be taken off any more."""
        return self.state in (ItemState.DONE, ItemState.DROPPED)


@dataclass(frozen=True, slots=True)
class StepFact:
    """Something that happened on the path: ``type`` is that of the event, ``by`` a counsellor; empty: the contact."""

    at: datetime
    type: str
    title: str
    by: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An assignment that can be added. ``title`` is the reader's, ``text`` what the contact will read."""

    id: str
    kind: AssignmentKind
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class HelpView:
    """All that. ``language`` is the contact's; ``history`` has the newest first."""

    language: str
    proposal: ProposalView | None
    path: tuple[StepLine, ...]
    history: tuple[StepFact, ...]
    choices: tuple[Choice, ...]
    meetings: tuple[Slot, ...]


def of_case(house: House, case_id: int, language: str = SOURCE) -> HelpView:
    """What stands beside the conversation of a case, in the reader's ``language``. Raises NoSuchCase."""
    with house.store.read() as connection:
        contact_id = existing(connection, case_id).contact_id
        proposal = proposals.seen(house, connection, case_id, language)
        rows = plans.rows(connection, contact_id)
        happened = cases.events_of(connection, contact_id, "plan_", LONGEST_HISTORY)
        names = cases.user_names(connection, {row.user_id for row in (*rows, *happened) if row.user_id})
        titles = {row.id: _title(house, row, language) for row in rows}
        spoken = _spoken(connection, contact_id)
        return HelpView(
            language=spoken,
            proposal=proposal,
            path=_path(rows, titles, names),
            history=tuple(_fact(row, titles, names) for row in happened),
            choices=_choices(house, plans.path(connection, contact_id), proposal, language, spoken),
            meetings=tuple(meetings.of_contact(connection, contact_id, house.now())),
        )


def _spoken(connection: Connection, contact_id: int) -> str:
    """The language in which the contact is spoken to."""
    session = contacts.open_session(connection, contact_id)
    return session.language if session is not None else str(cases.contact(connection, contact_id).language)


def _path(rows: Sequence[Row[Any]], titles: Mapping[int, str], names: Mapping[int, str]) -> tuple[StepLine, ...]:
    lines = [
        StepLine(row.id, titles[row.id], ItemState(row.state), names.get(row.user_id, ""), row.sent_at, row.due_at)
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: ORDER.index(line.state)))


def _title(house: House, row: Row[Any], language: str) -> str:
    """What a step is called: an assignment's title, a counsellor's own words, else the name of what the file lost."""
    assignment = house.assignments.get(row.assignment)
    if assignment is None:
        return row.title or str(row.assignment)
    return _words(house, assignment, "title", assignment.title, language)


def _words(house: House, assignment: Assignment, part: str, words: Words, language: str) -> str:
    return house.wording.words(words, Mode.TEXT, language, f"assignment/{assignment.id}/{part}")


def _fact(row: Row[Any], titles: Mapping[int, str], names: Mapping[int, str]) -> StepFact:
    return StepFact(row.at, row.type, titles.get(row.data.get("item"), ""), names.get(row.user_id, ""))


def _choices(house: House, path: Path, proposal: ProposalView | None, language: str, spoken: str) -> tuple[Choice, ...]:
    """What is not on the path yet; first what fits how digital the contact is."""
    tier = Tier.FACE if proposal is None else proposal.holds
    return tuple(
        Choice(
            id=assignment.id,
            kind=assignment.kind,
            title=_words(house, assignment, "title", assignment.title, language),
            text=_words(house, assignment, "text", assignment.text, spoken),
        )
        for assignment in picks(tuple(house.assignments.values()), path, tier)
    )
