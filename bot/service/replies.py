"""What counsellors answer: sent once, and sent again when it did not arrive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.messages import Mode, Status, Urn
from bot.replies import again_token, as_sentence
from bot.service.case_errors import AlreadySent, NewerMessage, NothingToRepeat
from bot.service.counting import check, spoken, unframed
from bot.service.holding import own, record, silence_bot, way_over, with_case
from bot.service.house import House
from bot.service.reaching import Way, outbound
from bot.store import cases, drafts, messages


def reply(
    house: House, case_id: int, user_id: int, text: str, channel: str, token: str, seen: int | None = None
) -> None:
    """Sends a person's words to the contact. ``token`` names the form: sent twice, it is one reply. ``seen``: the
    newest message that stood on the page of the form; None does not ask.

    Raises NotYours, CaseClosed, EmptyReply, OpenGaps, TooLong, TooManyPieces, NoSuchChannel, AlreadySent, NewerMessage.
    """
    words = text.strip()

    def replying(connection: Connection, case: Row[Any], now: datetime) -> None:
        own(case, user_id)
        if _sent_before(house, connection, case, words, token):
            return
        row = _row(house, connection, case, user_id, words, channel, now)
        if seen is not None and messages.came_after(connection, case.contact_id, seen):
            raise NewerMessage
        _put(connection, case, user_id, {**row, "token": token}, now)
        drafts.drop(connection, case.id, user_id)

    with_case(house, case_id, replying)


def send_again(house: House, case_id: int, user_id: int, message_id: int, channel: str) -> None:
    """Sends the words of an answer that did not arrive as a new message, after all that is on its way: once.

    Raises NotYours, CaseClosed, NothingToRepeat, NoSuchChannel, TooLong, TooManyPieces, AlreadySent.
    """

    def sending(connection: Connection, case: Row[Any], now: datetime) -> None:
        own(case, user_id)
        failed = _failed(connection, case, message_id)
        words = unframed(house, failed)
        if _sent_before(house, connection, case, words, again_token(message_id), channel):
            return
        row = _row(house, connection, case, user_id, words, channel, now)
        new_id = _put(connection, case, user_id, {**row, "token": again_token(message_id)}, now)
        record(connection, "sent_again", case, user_id, now, message_id, {"as": new_id})

    with_case(house, case_id, sending)


def _sent_before(
    house: House, connection: Connection, case: Row[Any], words: str, token: str, channel: str = ""
) -> bool:
    """Whether this form was sent with the same words. Raises AlreadySent when it was with others."""
    before = messages.by_token(connection, token)
    if before is None:
        return False
    same = before.contact_id == case.contact_id and unframed(house, before) in (words, as_sentence(words))
    if same and channel in ("", before.channel):
        return True
    raise AlreadySent


def _failed(connection: Connection, case: Row[Any], message_id: int) -> Row[Any]:
    rows = messages.some(connection, [message_id])
    own_words = [row for row in rows if row.contact_id == case.contact_id and row.author == "counsellor"]
    if not own_words or own_words[0].status != Status.FAILED.value:
        raise NothingToRepeat
    return own_words[0]


def _row(
    house: House, connection: Connection, case: Row[Any], user_id: int, words: str, channel: str, now: datetime
) -> dict[str, Any]:
    way = way_over(house, connection, case.contact_id, channel)
    language = cases.contact(connection, case.contact_id).language
    check(house, channel, language, words)
    base = outbound(house, connection, case.contact_id, Way(way.channel, Urn.parse(way.urn)), language, now)
    text = spoken(house, words, language) if house.channels[channel].mode is Mode.VOICE else words
    return {**base, "author": "counsellor", "user_id": user_id, "text": text}


def _put(connection: Connection, case: Row[Any], user_id: int, row: dict[str, Any], now: datetime) -> int:
    message_id = messages.insert_outbound(connection, [row])[0]
    silence_bot(connection, case.contact_id, now)
    cases.change(connection, case.id, waiting_since=None, handed_by_id=None)
    record(connection, "message_out", case, user_id, now, message_id)
    return message_id
