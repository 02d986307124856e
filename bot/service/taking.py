"""Taking a case: this one, or the next that waits. How many at once, and who is at work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.cases import CaseStatus
from bot.queueing import Room, most_of
from bot.roles import Viewer
from bot.service.account_errors import NoSuchAccount
from bot.service.case_errors import AlreadyClaimed, CaseClosed, EnoughCases, NobodyWaits, NotYetYours
from bot.service.case_views import existing
from bot.service.holding import move, record, silence_bot
from bot.service.house import House
from bot.service.queue_order import Order, free_for
from bot.service.routing import opens_for
from bot.store import accounts, cases, contacts, teams

MOST_TRIES = 30
"""Times that somebody else may be just ahead before we give up: each time one case of the queue has gone."""


def take(house: House, connection: Connection, case: Row[Any], user_id: int, now: datetime) -> None:
    """Takes a case that is locked. Raises AlreadyClaimed, CaseClosed, NotYetYours, EnoughCases."""
    if case.owner_id == user_id:
        return
    if case.owner_id is not None:
        raise AlreadyClaimed(cases.user_names(connection, {case.owner_id}).get(case.owner_id, ""))
    opens = opens_for(case, user_id, teams.of_user(connection, user_id), now)
    if opens is not None:
        raise NotYetYours(opens)
    room = room_of(house, connection, user_id, now, lock=True)
    if room.most is not None and not room.takes(case.urgency):
        raise EnoughCases(room.most)
    contacts.helped_by(connection, case.contact_id, user_id)
    move(connection, case, CaseStatus.CLAIMED, owner_id=user_id, claimed_at=now, snoozed_until=None)
    silence_bot(connection, case.contact_id, now)
    record(connection, "claimed", case, user_id, now)


def take_next(house: House, viewer: Viewer) -> int:
    """Takes the case that comes first for a viewer; its id. Of several who ask at once, each gets another one.

    A case that somebody else took meanwhile, in a transaction that was ahead of ours, is passed over.

    Raises NobodyWaits, and EnoughCases when only ordinary cases wait for who has enough of them.
    """
    for _ in range(MOST_TRIES):
        case_id = _tried(house, viewer)
        if case_id is not None:
            return case_id
    raise NobodyWaits


def _tried(house: House, viewer: Viewer) -> int | None:
    """None when somebody else was ahead. Looking comes before taking: a long queue holds nobody up."""
    case_id = _first(house, viewer)
    with house.store.write() as connection:
        cases.contact(connection, existing(connection, case_id).contact_id, lock=True)
        case = existing(connection, case_id, lock=True)
        if case.owner_id is not None:  # also when it is our own by now: a button pressed twice takes two
            return None
        try:
            take(house, connection, case, viewer.id, house.now())
        except (CaseClosed, NotYetYours):
            return None
        return int(case.id)


def _first(house: House, viewer: Viewer) -> int:
    now = house.now()
    with house.store.read() as connection:
        free = free_for(house, viewer, cases.in_play(connection, now), now)
        room = room_of(house, connection, viewer.id, now)
    fitting = [row for row in free if room.takes(row.urgency)]
    if fitting:
        return int(Order(house, fitting, now).first(fitting, viewer.id, 1)[0].id)
    if free and room.most is not None:
        raise EnoughCases(room.most)
    raise NobodyWaits


def room_of(house: House, connection: Connection, user_id: int, now: datetime, *, lock: bool = False) -> Room:
    """How many open cases somebody has and may have; locked, where it is about to be one more. Raises NoSuchAccount."""
    account = accounts.get(connection, user_id, lock=lock)
    if account is None:
        raise NoSuchAccount
    of = [house.team(team) for team in teams.of_user(connection, user_id)]
    most = most_of(account.most_open, (team.most for team in of if team is not None))
    return Room(cases.held_by(connection, user_id, now), most)


def set_away(house: House, user_id: int, *, away: bool) -> None:
    """Somebody takes no new cases for a while, or is back."""
    with house.store.write() as connection:
        accounts.change(connection, user_id, away=away)
        accounts.add_event(connection, "went_away" if away else "came_back", user_id, house.now(), by=user_id)
