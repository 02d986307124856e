"""What counsellors do with a case: claim it, give it back, close it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.cases import CaseStatus
from bot.messages import Mode, Urn
from bot.people import hand_back
from bot.service.around import scene_for
from bot.service.case_errors import AlreadyClaimed, NotYetYours
from bot.service.case_views import existing, reply_channels
from bot.service.facts import facts
from bot.service.holding import move, own, record, silence_bot, way_over, with_case
from bot.service.house import House
from bot.service.nudging import first_nudge
from bot.service.reaching import Way, put
from bot.service.routing import opens_for
from bot.steps import fitted
from bot.store import cases, contacts, messages, teams


def claim(house: House, case_id: int, user_id: int) -> None:
    """Takes a case: of several who try, one wins. The bot is silent from here.

    Raises AlreadyClaimed, CaseClosed, and NotYetYours while somebody else comes first.
    """

    def taking(connection: Connection, case: Row[Any], now: datetime) -> None:
        if case.owner_id not in (None, user_id):
            raise AlreadyClaimed(cases.user_names(connection, {case.owner_id}).get(case.owner_id, ""))
        opens = opens_for(case, user_id, teams.of_user(connection, user_id), now)
        if opens is not None:
            raise NotYetYours(opens)
        contacts.helped_by(connection, case.contact_id, user_id)
        move(connection, case, CaseStatus.CLAIMED, owner_id=user_id, claimed_at=now)
        silence_bot(connection, case.contact_id, now)
        record(connection, "claimed", case, user_id, now)

    with_case(house, case_id, taking)


def release(house: House, case_id: int, user_id: int) -> None:
    """Puts a claimed case back in the queue. Raises NotYours, CaseClosed."""

    def releasing(connection: Connection, case: Row[Any], now: datetime) -> None:
        own(case, user_id)
        _put_back(connection, case, user_id, now)

    with_case(house, case_id, releasing)


def put_back_all(connection: Connection, owner_id: int, by: int, now: datetime) -> None:
    """What somebody has who works here no more waits for others again. ``by``: who closed the account."""
    for case_id, contact_id in cases.owned(connection, owner_id):
        cases.contact(connection, contact_id, lock=True)
        case = existing(connection, case_id, lock=True)
        if case.owner_id == owner_id and case.status != CaseStatus.CLOSED.value:
            _put_back(connection, case, by, now)


def _put_back(connection: Connection, case: Row[Any], by: int, now: datetime) -> None:
    waiting = case.waiting_since or now
    move(connection, case, CaseStatus.OPEN, owner_id=None, claimed_at=None, waiting_since=waiting)
    record(connection, "released", case, by, now)


def close(house: House, case_id: int, user_id: int) -> None:
    """Closes a case; the bot goes on where it stood. Raises NotYours, CaseClosed."""

    def closing(connection: Connection, case: Row[Any], now: datetime) -> None:
        own(case, user_id)
        move(connection, case, CaseStatus.CLOSED, closed_at=now, waiting_since=None)
        record(connection, "closed", case, user_id, now)
        _hand_back(house, connection, case, now)

    with_case(house, case_id, closing)


def _hand_back(house: House, connection: Connection, case: Row[Any], now: datetime) -> None:
    session = contacts.open_session(connection, case.contact_id)
    if session is None:
        return
    channel = _written_channel(house, connection, case.contact_id)
    known = facts(contacts.addresses(connection, case.contact_id), None)
    scene = scene_for(house, connection, case.contact_id, channel or _any_written(house), known, now)
    turn = hand_back(fitted(session, scene), scene)
    nudge_at = first_nudge(turn.session, now)
    contacts.save_session(connection, case.contact_id, session, turn.session, now, nudge_at)
    if channel:
        way = way_over(house, connection, case.contact_id, channel)
        to = Way(way.channel, Urn.parse(way.urn))
        put(house, connection, case.contact_id, to, turn.prompts, scene, turn.session, now)


def _any_written(house: House) -> str:
    """A channel to think in where nothing is said."""
    written = [channel.name for channel in house.channels.values() if channel.mode is not Mode.VOICE]
    return next(iter(written), next(iter(house.channels)))


def _written_channel(house: House, connection: Connection, contact_id: int) -> str:
    """The channel to say goodbye over: the last one, if it carries writing; nobody is called for that."""
    last = messages.last_channel(connection, contact_id)
    ways = reply_channels(house, contacts.addresses(connection, contact_id))
    fits = any(way.channel == last and not way.stopped for way in ways)
    return last if fits and house.channels[last].mode is not Mode.VOICE else ""
