"""What counsellors answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.messages import Mode, Urn
from bot.service.case_errors import AlreadySent, EmptyReply, TooLong
from bot.service.case_views import ReplyChannel
from bot.service.holding import own, record, silence_bot, way_over, with_case
from bot.service.house import House
from bot.service.reaching import Way, outbound
from bot.store import cases, messages

LONGEST_REPLY = 1600
"""Characters: the longest message that Twilio takes (error 21617 above it)."""


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
        own(case, user_id)
        before = messages.by_token(connection, token)
        if before is not None:
            if before.contact_id == case.contact_id and before.text in (
                words,
                _as_spoken(house, words, before.language),
            ):
                return
            raise AlreadySent
        way = way_over(house, connection, case.contact_id, channel)
        row = _reply_row(house, connection, case, user_id, words, way, token, now)
        message_id = messages.insert_outbound(connection, [row])[0]
        silence_bot(connection, case.contact_id, now)
        cases.change(connection, case.id, waiting_since=None, handed_by_id=None)
        record(connection, "message_out", case, user_id, now, message_id)

    with_case(house, case_id, replying)


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
