"""Whose a case is: first the counsellor who knows the contact, if at work; then the team; after a while everybody.

The waiting counts in office hours. Danger and distress are everybody's at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.queueing import AT_ONCE
from bot.service.house import House
from bot.session import Session
from bot.store import cases, teams
from bot.teams import Team, team_for
from bot.triage import Proposal, propose

Turns = dict[str, int | datetime | None]
"""Columns of a case: who comes first, and until when."""

PRESENT = timedelta(minutes=15)
"""Who did something in the console within this is at work."""


def route(house: House, connection: Connection, case_id: int, session: Session, now: datetime) -> None:
    """Puts an open case with the team of its programme, region and language. A claimed one stays where it is."""
    case = cases.get(connection, case_id)
    if case is None or case.owner_id is not None:
        return
    proposal = propose(house.rules, session.answers, session.language, house.today())
    urgency = max(case.urgency, min(proposal.urgency, AT_ONCE - 1))
    programme = next(iter(proposal.programmes), "")
    cases.change(connection, case_id, programme=programme, region=proposal.region, urgency=urgency)
    if not _stays(house, connection, case_id, urgency):
        team = _team(house, connection, proposal)
        turns = _turns(house, connection, case_id, team, now)
        cases.change(connection, case_id, team="" if team is None else team.id, **turns)


def _stays(house: House, connection: Connection, case_id: int, urgency: int) -> bool:
    """Whether a person chose the team: then the rules do not. Only what is urgent by now is everybody's."""
    handed = cases.last_handing(connection, case_id)
    team = next((team for team in house.teams if handed is not None and team.id == handed.data.get("team")), None)
    if handed is None or team is None:
        return False
    cases.change(connection, case_id, team=team.id, **turns_of_team(house, urgency, team, handed.at))
    return True


def turns_of_team(house: House, urgency: int, team: Team, since: datetime) -> Turns:
    """Who comes first with a case that was given to a team: its people, and after a while everybody."""
    if urgency >= AT_ONCE:
        return {"known_id": None, "team_from": None, "all_from": None}
    wait = team.wait[min(urgency, max(team.wait))]
    return {"known_id": None, "team_from": None, "all_from": house.after(since, wait, team)}


def team_of(house: House, connection: Connection, session: Session) -> Team | None:
    """The team that the answers of a session lead to."""
    return _team(house, connection, propose(house.rules, session.answers, session.language, house.today()))


def _team(house: House, connection: Connection, proposal: Proposal) -> Team | None:
    """The team that takes it over; None, which is everybody, where it has no people."""
    programme = house.rules.programmes.get(next(iter(proposal.programmes), ""))
    if programme is None:
        return None
    staffed = teams.staffed(connection)
    manned = [team for team in house.teams if team.id in staffed]
    return team_for(manned, programme.team, proposal.region, proposal.language)


def _turns(house: House, connection: Connection, case_id: int, team: Team | None, now: datetime) -> Turns:
    """Who comes first, and until when: counted from when the case opened, so that who asks again does not wait anew."""
    case = cases.get(connection, case_id)
    if case is None or case.urgency >= AT_ONCE:
        return {"known_id": None, "team_from": None, "all_from": None}
    known = _known(connection, case.contact_id, now)
    first = team.known_first if team is not None else FIRST_WITHOUT_TEAM
    team_from = house.after(case.opened_at, first, team) if known is not None else None
    begins = team_from or case.opened_at
    return {
        "known_id": known,
        "team_from": team_from,
        "all_from": house.after(begins, team.wait[min(case.urgency, max(team.wait))], team) if team else team_from,
    }


FIRST_WITHOUT_TEAM = 60
"""Minutes in which the counsellor who knows the contact comes first, where there is no team that says otherwise."""


def _known(connection: Connection, contact_id: int, now: datetime) -> int | None:
    """The counsellor who helped this contact before, if at work now."""
    known = cases.contact(connection, contact_id).counsellor_id
    if known is None or not teams.is_present(connection, known, now - PRESENT):
        return None
    return int(known)


def opens_for(case: object, user_id: int, own_teams: frozenset[str], now: datetime) -> datetime | None:
    """When a case is open to a counsellor: None is now. ``case`` is a row of cases."""
    if getattr(case, "known_id", None) == user_id or getattr(case, "owner_id", None) == user_id:
        return None
    in_team = not getattr(case, "team", "") or getattr(case, "team", "") in own_teams
    at: datetime | None = getattr(case, "team_from", None) if in_team else getattr(case, "all_from", None)
    return at if at is not None and at > now else None
