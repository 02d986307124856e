"""What each role may do, and whose case one may see: the one place where that is decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.cases import URGENCY, CaseStatus, Reason


class Role(StrEnum):
    """Counsellors help people of their own teams; leads look after those teams; administrators after everybody."""

    COUNSELLOR = "counsellor"
    LEAD = "lead"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """Something that not every role may do."""

    EVERY_TEAM = "every_team"  # see the cases of all teams
    OTHERS_CASES = "others_cases"  # hand over or close what a colleague has
    STAFF = "staff"  # see who works in the own teams, and when
    AUDIT = "audit"  # see who looked at what, and who changed it
    ACCOUNTS = "accounts"  # make, change and close accounts


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.COUNSELLOR: frozenset(),
    Role.LEAD: frozenset({Right.OTHERS_CASES, Right.STAFF, Right.AUDIT}),
    Role.ADMINISTRATOR: frozenset(Right),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: the account, its role and its teams."""

    id: int
    role: Role
    teams: Collection[str]

    def has(self, right: Right) -> bool:
        """Whether the role brings that right."""
        return right in RIGHTS[self.role]


class CaseLike(Protocol):
    """What of a case decides who sees it: a row of cases, with ``helped_id``, who helped the contact last."""

    status: str
    urgency: int
    team: str
    owner_id: int | None
    known_id: int | None
    helped_id: int | None
    all_from: datetime | None


def may_see(viewer: Viewer, case: CaseLike, now: datetime) -> bool:
    """Whether a case is one of the viewer's own, of the own teams, or open to everybody by now."""
    if viewer.has(Right.EVERY_TEAM) or viewer.id in (case.owner_id, case.known_id, case.helped_id):
        return True
    return not case.team or case.team in viewer.teams or _everybodys(case, now)


def _everybodys(case: CaseLike, now: datetime) -> bool:
    """Danger and distress at once, and whatever nobody of its team took in time; not what somebody has, or closed."""
    free = case.owner_id is None and case.status != CaseStatus.CLOSED
    urgent = case.urgency >= URGENCY[Reason.DISTRESS]
    return free and (urgent or case.all_from is None or case.all_from <= now)
