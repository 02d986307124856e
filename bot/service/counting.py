"""What an answer takes on a channel, whether it fits, and what the contact will get of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from bot.messages import Mode
from bot.ready import gaps_in
from bot.replies import LONGEST, LONGEST_ELSEWHERE, MOST_SEGMENTS, as_sentence, seconds
from bot.service.case_errors import EmptyReply, OpenGaps, TooLong, TooManyPieces
from bot.service.case_views import existing
from bot.service.holding import way_over
from bot.service.house import House
from bot.store import cases


@dataclass(frozen=True, slots=True)
class Counted:
    """What an answer takes: characters as they travel, pieces of an SMS, seconds of a call.

    Pieces and seconds are 0 where nobody counts them. ``costly``: the signs that make it more pieces.
    """

    letters: int
    pieces: int = 0
    seconds: int = 0
    costly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """An answer as the contact will get it. ``around``: the same without the signs that cost more, where that helps."""

    text: str
    channel: str
    language: str
    counted: Counted
    euro: float
    around: str


def preview(house: House, case_id: int, user_language: str, text: str, channel: str) -> Preview:
    """What would arrive. Raises NoSuchCase, EmptyReply, OpenGaps, TooLong, TooManyPieces, NoSuchChannel."""
    words = text.strip()
    with house.store.read() as connection:
        case = existing(connection, case_id)
        way_over(house, connection, case.contact_id, channel)
        language = cases.contact(connection, case.contact_id).language
    check(house, channel, language, words)
    counted = count(house, channel, language, words)
    around = written_around(house, channel, language, user_language, words)
    return Preview(
        text=as_sent(house, channel, language, words),
        channel=channel,
        language=language,
        counted=counted,
        euro=counted.pieces * house.sms_price,
        around=around if around != words else "",
    )


def check(house: House, channel: str, language: str, words: str) -> None:
    """Whether an answer can go over a channel at all. Raises EmptyReply, OpenGaps, TooLong, TooManyPieces."""
    if not words:
        raise EmptyReply
    if gaps := gaps_in(words):
        raise OpenGaps(", ".join(f"{{{gap}}}" for gap in gaps))
    counted = count(house, channel, language, words)
    longest = LONGEST.get(channel, LONGEST_ELSEWHERE)
    if counted.letters > longest:
        raise TooLong(longest)
    if counted.pieces > MOST_SEGMENTS:
        raise TooManyPieces(counted.pieces, MOST_SEGMENTS)


def count(house: House, channel: str, language: str, words: str) -> Counted:
    """What an answer takes on a channel."""
    info = house.channels.get(channel)
    if info is None:
        return Counted(len(words))
    if info.measure is not None:
        size = info.measure.size(words)
        return Counted(len(info.measure.sent(words)), pieces=size.pieces, costly=size.costly)
    aloud = seconds(len(spoken(house, words, language))) if info.mode is Mode.VOICE else 0
    return Counted(len(words), seconds=aloud)


def as_sent(house: House, channel: str, language: str, words: str) -> str:
    """What the contact gets of an answer: in a call with what is said around it."""
    info = house.channels[channel]
    if info.mode is Mode.VOICE:
        return spoken(house, words, language)
    return info.measure.sent(words) if info.measure is not None else words


def written_around(house: House, channel: str, language: str, user_language: str, words: str) -> str:
    """The answer without letters that cost more, as readers of the language accept it; as it was if nothing is won."""
    around = words.translate(dict(house.wording.letters(language, user_language)))
    before, after = (count(house, channel, language, text).pieces for text in (words, around))
    return around if after < before else words


def frame(house: House, language: str) -> tuple[str, str]:
    """What a call says before and after a person's words: who calls, and that one can answer."""
    said = house.wording.words(house.flow.messages["spoken_answer"], Mode.VOICE, language, "message/spoken_answer")
    before, _, after = said.partition("{text}")
    return before, after


def unframed(house: House, row: Row[Any]) -> str:
    """The person's own words in a message that was sent."""
    words, info = str(row.text), house.channels.get(row.channel)
    if info is None or info.mode is not Mode.VOICE:
        return words
    before, after = frame(house, row.language)
    return words.removeprefix(before).removesuffix(after)


def spoken(house: House, words: str, language: str) -> str:
    """What is read aloud of a person's words."""
    before, after = frame(house, language)
    return f"{before}{as_sentence(words)}{after}"
