"""A case goes to a colleague, who has it from that moment, or to another team, where it waits for who takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.cases import CaseStatus
from bot.service import notes
from bot.service.case_errors import NoSuchChannel, NoSuchColleague
from bot.service.holding import move, own_or_lead, record, silence_bot, with_case
from bot.service.house import House
from bot.service.reaching import told, way_to
from bot.service.routing import turns_of_team
from bot.session import Handing, Prompt
from bot.store import accounts, cases, contacts, teams


@dataclass(frozen=True, slots=True)
class Word:
    """What goes with a case that is handed over.

    ``note``: for the colleague; ``token`` names the form, so that one that is sent twice is one note. ``tells``: the
    contact hears who answers from now on.
    """

    note: str = ""
    token: str = ""
    tells: bool = False


@dataclass(frozen=True, slots=True)
class _Goal:
    """Where a case goes: who has it then, what else changes, and what is written down."""

    name: str
    owner_id: int | None
    data: dict[str, Any]
    values: dict[str, Any]


_Aim = Callable[[Connection, Row[Any], datetime], _Goal]


def to_person(house: House, case_id: int, user_id: int, taker_id: int, word: Word) -> str:
    """Gives a case to a colleague: it is theirs at once, and the bot stays silent. The colleague's name.

    Raises NotYours, CaseClosed, NoSuchColleague, NoSuchChannel (nobody can be told), TooLong, AlreadySent.
    """

    def aim(connection: Connection, case: Row[Any], now: datetime) -> _Goal:
        taker = accounts.get(connection, taker_id)
        if taker is None or not taker.active:
            raise NoSuchColleague
        values = {"claimed_at": now, "handed_by_id": user_id}
        return _Goal(taker.name, taker_id, {"to": taker_id}, values)

    return _hand(house, case_id, user_id, aim, word)


def to_team(house: House, case_id: int, user_id: int, team_id: str, word: Word) -> str:
    """Puts a case with another team, free for who takes it; what the rules say later leaves it there. The team's name.

    Raises NotYours, CaseClosed, NoSuchColleague, NoSuchChannel (nobody can be told), TooLong, AlreadySent.
    """

    def aim(connection: Connection, case: Row[Any], now: datetime) -> _Goal:
        team = next((team for team in house.teams if team.id == team_id), None)
        if team is None or team.id not in teams.staffed(connection):
            raise NoSuchColleague
        turns = turns_of_team(house, case.urgency, team, now)
        waits = {"claimed_at": None, "handed_by_id": None, "waiting_since": case.waiting_since or now}
        return _Goal(team.name, None, {"team": team.id}, {"team": team.id, **waits, **turns})

    return _hand(house, case_id, user_id, aim, word)


def _hand(house: House, case_id: int, user_id: int, aim: _Aim, word: Word) -> str:
    names: list[str] = []

    def handing(connection: Connection, case: Row[Any], now: datetime) -> None:
        goal = aim(connection, case, now)
        names.append(goal.name)
        if _done_before(connection, case, user_id, goal):
            return
        own_or_lead(connection, case, user_id)
        if goal.owner_id is not None and goal.owner_id == case.owner_id:
            raise NoSuchColleague
        _pass_on(house, connection, case, user_id, goal, word, now)

    with_case(house, case_id, handing)
    return names[0]


def _done_before(connection: Connection, case: Row[Any], user_id: int, goal: _Goal) -> bool:
    """Whether it stands already as this person wanted it: a form that was sent twice."""
    last = cases.last_handing(connection, case.id)
    return last is not None and (last.user_id, last.data, case.owner_id) == (user_id, goal.data, goal.owner_id)


def _pass_on(
    house: House, connection: Connection, case: Row[Any], user_id: int, goal: _Goal, word: Word, now: datetime
) -> None:
    if word.note.strip():
        notes.write(connection, case, user_id, word.note, word.token, now)
    if word.tells:
        _tell(house, connection, case, user_id, goal, now)
    status = CaseStatus.OPEN if goal.owner_id is None else CaseStatus.CLAIMED
    move(connection, case, status, owner_id=goal.owner_id, snoozed_until=None, **goal.values)
    if goal.owner_id is not None:
        contacts.helped_by(connection, case.contact_id, goal.owner_id)
        silence_bot(connection, case.contact_id, now)
    record(connection, cases.HANDED_OVER, case, user_id, now, data=goal.data)


def _tell(house: House, connection: Connection, case: Row[Any], user_id: int, goal: _Goal, now: datetime) -> None:
    """The contact hears who answers from now on: from whom they know, if anybody had the case."""
    way = way_to(house, connection, case.contact_id)
    if way is None or contacts.open_session(connection, case.contact_id) is None:
        raise NoSuchChannel
    giver_id = case.owner_id or user_id
    giver = cases.user_names(connection, {giver_id})[giver_id]
    message, taker = ("handed_team", "") if goal.owner_id is None else ("handed_over", goal.name)
    told(house, connection, case.contact_id, way, now, Prompt(message, about=Handing(giver, taker)))
