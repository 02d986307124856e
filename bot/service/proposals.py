"""What triage proposed for a case, with its reasons in the counsellor's language; and the counsellor's own decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.catalogues import SOURCE
from bot.events import EventType
from bot.messages import Mode
from bot.service.case_errors import CaseClosed, NotYours, NoWhy, TooLong, UnknownProgramme
from bot.service.case_views import existing
from bot.service.house import House
from bot.store import cases, proposals
from bot.triage import Programme, Tier

LONGEST_WHY = 500
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme as counsellors see it: its name, what it is, whether it is one of those proposed or decided."""

    id: str
    name: str
    explained: str
    chosen: bool
    asked_by_counsellor: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal, and what was made of it. ``reasons``: one plain reason for each rule that fired.

    ``programmes`` are all there are, those that hold first; ``proposed`` the names of those that the rules gave.
    """

    id: int
    rules: int
    tier: Tier
    urgency: int
    region: str
    programmes: tuple[ProgrammeLine, ...]
    proposed: tuple[str, ...]
    reasons: tuple[str, ...]
    decided_by: str
    decided_at: datetime | None
    decided_tier: Tier | None
    why: str

    @property
    def chosen(self) -> tuple[ProgrammeLine, ...]:
        """The programmes that hold, in their order."""
        return tuple(line for line in self.programmes if line.chosen)

    @property
    def holds(self) -> Tier:
        """The tier that holds: what a person decided, else what was proposed."""
        return self.decided_tier or self.tier

    @property
    def changed(self) -> bool:
        """Whether a person made something else of it."""
        return self.holds is not self.tier or {line.name for line in self.chosen} != set(self.proposed)


def of_case(house: House, case_id: int, language: str = SOURCE) -> ProposalView | None:
    """The proposal of a case; None while the questions are not over. Raises NoSuchCase."""
    with house.store.read() as connection:
        return seen(house, connection, case_id, language)


def seen(house: House, connection: Connection, case_id: int, language: str) -> ProposalView | None:
    """The same, inside a transaction."""
    row = _row(connection, case_id)
    if row is None:
        return None
    names = cases.user_names(connection, {row.user_id} - {None})
    return _view(house, row, names.get(row.user_id, ""), language)


def _row(connection: Connection, case_id: int) -> Row[Any] | None:
    """The proposal that led to the case, else the newest for its contact."""
    case = existing(connection, case_id)
    return proposals.of_case(connection, case_id) or proposals.newest(connection, case.contact_id)


def _view(house: House, row: Row[Any], who: str, language: str) -> ProposalView:
    chosen = list(row.programmes if row.decided_programmes is None else row.decided_programmes)
    open_ones = [programme for programme in house.rules.programmes.values() if can_be_chosen(programme)]
    first = [house.rules.programmes[id_] for id_ in chosen if id_ in house.rules.programmes]
    ordered = [*first, *(programme for programme in open_ones if programme.id not in chosen)]
    return ProposalView(
        id=row.id,
        rules=row.rules,
        tier=Tier(row.tier),
        urgency=row.urgency,
        region=row.region,
        programmes=tuple(_line(house, programme, language, chosen) for programme in ordered),
        proposed=tuple(house.programme(id_, language) for id_ in row.programmes),
        reasons=tuple(_reasons(house, row.reasons, language)),
        decided_by=who,
        decided_at=row.decided_at,
        decided_tier=Tier(row.decided_tier) if row.decided_tier else None,
        why=row.why,
    )


def can_be_chosen(programme: Programme) -> bool:
    """Whether people can be led to a programme now."""
    return programme.door and not programme.ended


def _line(house: House, programme: Programme, language: str, chosen: Sequence[str]) -> ProgrammeLine:
    return ProgrammeLine(
        id=programme.id,
        name=house.programme(programme.id, language),
        explained=house.wording.words(programme.explain, Mode.TEXT, language, f"programme/{programme.id}/explain"),
        chosen=programme.id in chosen,
        asked_by_counsellor=not programme.can_be_proposed,
    )


def _reasons(house: House, fired: Sequence[str], language: str) -> list[str]:
    """One plain reason a rule; of a rule that the file has no more, its name."""
    rows = [(name, house.rules.rule(name)) for name in fired]
    return [
        name if rule is None else house.wording.words(rule.because, Mode.TEXT, language, f"rule/{name}/because")
        for name, rule in rows
    ]


def decide(house: House, case_id: int, user_id: int, tier: Tier, programmes: Sequence[str], why: str) -> None:
    """A counsellor confirms the proposal of a case, or changes it and says why. Only a person lowers support.

    Raises NoSuchCase, NotYours, CaseClosed, UnknownProgramme, NoWhy (a change needs a reason), TooLong.
    """
    words = why.strip()
    if len(words) > LONGEST_WHY:
        raise TooLong
    known = {programme.id for programme in house.rules.programmes.values() if can_be_chosen(programme)}
    if not programmes or not set(programmes) <= known:
        raise UnknownProgramme
    with house.store.write() as connection:
        cases.contact(connection, existing(connection, case_id).contact_id, lock=True)
        case = existing(connection, case_id, lock=True)
        _may_decide(case, user_id)
        row = _row(connection, case_id)
        if row is None:
            raise UnknownProgramme
        changed = (Tier(row.tier), set(row.programmes)) != (tier, set(programmes))
        if changed and not words:
            raise NoWhy
        now = house.now()
        proposals.decide(connection, row.id, user_id, tier, programmes, words, now)
        cases.change(connection, case_id, programme=programmes[0])
        event: EventType = "proposal_changed" if changed else "proposal_confirmed"
        cases.add_event(connection, event, case.contact_id, now, case_id=case_id, user_id=user_id)


def _may_decide(case: Row[Any], user_id: int) -> None:
    if case.closed_at is not None:
        raise CaseClosed
    if case.owner_id != user_id:
        raise NotYours
