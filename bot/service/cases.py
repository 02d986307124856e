"""What counsellors do with a case: claim it, answer, give it back, close it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.cases import CaseStatus, may_move
from bot.events import EventType
from bot.messages import Mode, Urn
from bot.people import hand_back, to_person
from bot.service.around import scene_for
from bot.service.case_errors import (
    AlreadyClaimed,
    AlreadySent,
    CaseClosed,
    EmptyReply,
    NoSuchChannel,
    NotYetYours,
    NotYours,
    TooLong,
)
from bot.service.case_views import ReplyChannel, existing, reply_channels
from bot.service.facts import facts
from bot.service.house import House
from bot.service.nudging import first_nudge
from bot.service.reaching import Way, outbound, put
from bot.service.routing import opens_for
from bot.session import State
from bot.steps import fitted
from bot.store import cases, contacts, messages, teams

LONGEST_REPLY = 1600
"""Characters: the longest message that Twilio takes (error 21617 above it)."""


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
        _move(connection, case, CaseStatus.CLAIMED, owner_id=user_id, claimed_at=now)
        _silence_bot(connection, case.contact_id, now)
        _note(connection, "claimed", case, user_id, now)

    _with_case(house, case_id, taking)


def release(house: House, case_id: int, user_id: int) -> None:
    """Puts a claimed case back in the queue. Raises NotYours, CaseClosed."""

    def releasing(connection: Connection, case: Row[Any], now: datetime) -> None:
        _own(case, user_id)
        waiting = case.waiting_since or now
        _move(
            connection,
            case,
            CaseStatus.OPEN,
            owner_id=None,
            claimed_at=None,
            waiting_since=waiting,
        )
        _note(connection, "released", case, user_id, now)

    _with_case(house, case_id, releasing)


def reply(house: House, case_id: int, user_id: int, text: str, channel: str, token: str) -> None:
    """Sends a person's words to the contact. ``token`` names the form: sent twice, it is one reply.

    Raises NotYours, CaseClosed, EmptyReply, TooLong, NoSuchChannel, AlreadySent.
    """
    words = text.strip()
    if not words:
        raise EmptyReply
    if len(words) > LONGEST_REPLY:
        raise TooLong

    def replying(connection: Connection, case: Row[Any], now: datetime) -> None:
        _own(case, user_id)
        before = messages.by_token(connection, token)
        if before is not None:
            if before.contact_id == case.contact_id and before.text in (
                words,
                _as_spoken(house, words, before.language),
            ):
                return
            raise AlreadySent
        way = _way(house, connection, case.contact_id, channel)
        row = _reply_row(house, connection, case, user_id, words, way, token, now)
        message_id = messages.insert_outbound(connection, [row])[0]
        _silence_bot(connection, case.contact_id, now)
        cases.change(connection, case.id, waiting_since=None)
        _note(connection, "message_out", case, user_id, now, message_id)

    _with_case(house, case_id, replying)


def close(house: House, case_id: int, user_id: int) -> None:
    """Closes a case; the bot goes on where it stood. Raises NotYours, CaseClosed."""

    def closing(connection: Connection, case: Row[Any], now: datetime) -> None:
        _own(case, user_id)
        _move(connection, case, CaseStatus.CLOSED, closed_at=now, waiting_since=None)
        _note(connection, "closed", case, user_id, now)
        _hand_back(house, connection, case, now)

    _with_case(house, case_id, closing)


def _with_case(house: House, case_id: int, act: Callable[[Connection, Row[Any], datetime], None]) -> None:
    """Locks the contact, then the case: the order that a message in takes too."""
    with house.store.write() as connection:
        contact_id = existing(connection, case_id).contact_id
        cases.contact(connection, contact_id, lock=True)
        case = existing(connection, case_id, lock=True)
        if case.status == CaseStatus.CLOSED.value:
            raise CaseClosed
        act(connection, case, house.now())


def _move(connection: Connection, case: Row[Any], to: CaseStatus, **values: Any) -> None:
    """Along the table of ``bot.cases``; what is so already stays so."""
    stands = CaseStatus(case.status)
    if stands is not to and not may_move(stands, to):
        raise CaseClosed
    cases.change(connection, case.id, status=to.value, **values)


def _own(case: Row[Any], user_id: int) -> None:
    if case.owner_id != user_id:
        raise NotYours


def _silence_bot(connection: Connection, contact_id: int, now: datetime) -> None:
    session = contacts.open_session(connection, contact_id)
    if session is not None and session.state is not State.STOPPED:
        contacts.save_session(connection, contact_id, session, to_person(session), now)


def _note(
    connection: Connection,
    type_: EventType,
    case: Row[Any],
    user_id: int,
    now: datetime,
    message_id: int | None = None,
) -> None:
    cases.add_event(connection, type_, case.contact_id, now, case_id=case.id, user_id=user_id, message_id=message_id)


def _way(house: House, connection: Connection, contact_id: int, channel: str) -> ReplyChannel:
    ways = reply_channels(house, contacts.addresses(connection, contact_id))
    way = next((way for way in ways if way.channel == channel), None)
    if way is None or way.stopped:
        raise NoSuchChannel
    return way


def _reply_row(
    house: House,
    connection: Connection,
    case: Row[Any],
    user_id: int,
    words: str,
    way: ReplyChannel,
    token: str,
    now: datetime,
) -> dict[str, Any]:
    language = cases.contact(connection, case.contact_id).language
    base = outbound(house, connection, case.contact_id, Way(way.channel, Urn.parse(way.urn)), language, now)
    spoken = house.channels[way.channel].mode is Mode.VOICE
    text = _as_spoken(house, words, base["language"]) if spoken else words
    return {**base, "author": "counsellor", "user_id": user_id, "text": text, "token": token}


def _as_spoken(house: House, words: str, language: str) -> str:
    """What a call says around a person's words: who calls, and that one can answer."""
    frame = house.wording.words(house.flow.messages["spoken_answer"], Mode.VOICE, language, "message/spoken_answer")
    whole = words if words.endswith((".", "!", "?")) else f"{words}."
    return frame.format(text=whole)


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
        way = _way(house, connection, case.contact_id, channel)
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
