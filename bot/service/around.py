"""What a contact has beside the questions: looked up when a turn first needs it, and again after something changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection

from bot.hours import BELGIUM
from bot.meetings import MeetingKind, Slot
from bot.plans import Assignment, Path
from bot.service import meetings, noticed
from bot.service.house import House
from bot.session import NoticeWords, Scene
from bot.store import plans


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
