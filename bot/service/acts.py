"""What can be done with a case beside answering, for who looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import later
from bot.later import Later
from bot.roles import Right, Viewer
from bot.service.case_views import existing
from bot.service.earlier import EarlierCase, others
from bot.service.house import House
from bot.service.pairing import Merged, merged
from bot.service.proposals import can_be_chosen


@dataclass(frozen=True, slots=True)
class Acts:
    """All that. ``leads``: also with what a colleague has. ``programme``: the id of the one that is proposed.

    ``programmes``: those that a case can come to, by id. ``moments``: until when it can be put off. ``merged``: two
    contacts that became one, and can be two again.
    """

    leads: bool
    programme: str
    programmes: Mapping[str, str]
    moments: Mapping[Later, datetime]
    others: tuple[EarlierCase, ...]
    merged: Merged | None

    @property
    def open_one(self) -> EarlierCase | None:
        """Another case of the contact that is open."""
        return next((one for one in self.others if one.closed_at is None), None)


def of_case(house: House, viewer: Viewer, case_id: int, language: str) -> Acts:
    """What ``viewer`` can do with a case. Raises NoSuchCase."""
    with house.store.read() as connection:
        case = existing(connection, case_id)
        other = others(house, connection, case, viewer, language)
    known = [programme.id for programme in house.rules.programmes.values() if can_be_chosen(programme)]
    ids = dict.fromkeys([case.programme, *known] if case.programme else known)
    return Acts(
        leads=viewer.has(Right.OTHERS_CASES),
        programme=case.programme,
        programmes={id_: house.programme(id_, language) for id_ in ids},
        moments=later.moments(house.now(), house.openings.office, house.holidays),
        others=other,
        merged=merged(house, viewer, case_id),
    )
