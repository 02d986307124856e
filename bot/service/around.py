"""What a contact has beside the questions: looked up when a turn first needs it, and again after something changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row

from bot.hours import BELGIUM
from bot.meetings import MeetingKind, Slot
from bot.plans import Assignment, Path
from bot.service import meetings, noticed
from bot.service.house import House
from bot.service.routing import team_of
from bot.service.usual import usual_wait
from bot.session import Back, NoticeWords, Scene, Usual
from bot.store import cases, contacts, plans
from bot.teams import Team


@dataclass(frozen=True)
class Surroundings:
    """``bot.session.Around``, from the store."""

    house: House
    connection: Connection
    contact_id: int
    now: datetime

    @cached_property
    def path(self) -> Path:
        """The contact's own plan."""
        return plans.path(self.connection, self.contact_id)

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """Every assignment there is."""
        return tuple(self.house.assignments.values())

    @cached_property
    def booked(self) -> tuple[Slot, ...]:
        """The meetings to come."""
        return meetings.of_contact(self.connection, self.contact_id, self.now)

    @cached_property
    def back(self) -> Back | None:
        """From when people of the team are there; None while they are, once it was told, and when somebody has it."""
        if self._case is not None and (self._case.told_hours_at is not None or self._case.owner_id is not None):
            return None
        opens = self.house.hours_of(self._team).next_open(self.now, self.house.holidays)
        return Back(opens) if opens > self.now else None

    @cached_property
    def usual(self) -> Usual | None:
        """Within which time the team usually answers."""
        minutes = usual_wait(self.house, self.connection, self._team, self.now)
        return None if minutes is None else Usual(minutes)

    @cached_property
    def _case(self) -> Row[Any] | None:
        return cases.open_case(self.connection, self.contact_id)

    @cached_property
    def _team(self) -> Team | None:
        """Whose the conversation is, or will be."""
        if self._case is not None:
            return self.house.team(self._case.team)
        session = contacts.open_session(self.connection, self.contact_id)
        return None if session is None else team_of(self.house, self.connection, session)

    @cached_property
    def _times(self) -> dict[tuple[MeetingKind, ...], tuple[Slot, ...]]:
        return {}

    def times(self, kinds: tuple[MeetingKind, ...]) -> tuple[Slot, ...]:
        """The near times that are free; the same all through a turn."""
        if kinds not in self._times:
            self._times[kinds] = meetings.offered(self.house, self.connection, self.contact_id, kinds, self.now)
        return self._times[kinds]

    def notice(self, notice_id: str) -> NoticeWords | None:
        """A notice that this contact got."""
        return noticed.words_for(self.house, self.connection, self.contact_id, notice_id)


def scene_for(
    house: House,
    connection: Connection,
    contact_id: int,
    channel: str,
    facts: dict[str, str],
    now: datetime,
) -> Scene:
    """What a turn with this contact over this channel is taken in."""
    return Scene(
        flow=house.flow,
        mode=house.channels[channel].mode,
        facts=facts,
        rules=house.rules,
        today=now.astimezone(BELGIUM).date(),
        offices=house.offices,
        around=Surroundings(house, connection, contact_id, now),
    )
