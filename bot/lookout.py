"""Looks out for alarms: in a message as it is read, in the other ways to read it, and in all that stands behind."""

from __future__ import annotations

from collections.abc import Iterator

from bot.lexicon import plain, with_two
from bot.matching import HARMLESS, Match, Matcher, Reading
from bot.meaning import Meaning
from bot.opinion import Opinion
from bot.safety import ALARMS, Alarm, alarm
from bot.seconding import SURELY_ALARM, hardly_alarm, second_alarm, surely_alarm
from bot.signs import ENDS, broken
from bot.volunteered import volunteered

PIECE, STEP = 40, 30
"""Words of a long message that are read by themselves, and after how many the next piece begins."""

BEHIND = 0.5
"""Likelihood from which the words of a piece are an alarm that no phrase sees: a long story has many pieces."""

READ = 4 * STEP
"""Words of a long message that are surely read at once."""


def alarm_by_phrase(text: str, reading: Reading, matcher: Matcher) -> Meaning | None:
    """An alarm that phrases see in a message, in whichever way it is read."""
    found = alarm(reading, _harmless(text, reading)) or _read_otherwise(text, reading, matcher)
    if found is None or (not found.sure and hardly_alarm(reading, matcher.opinion, found.start)):
        return None
    return Meaning(found.name, evidence=found.evidence, language=found.language)


def alarm_behind(text: str, matcher: Matcher, language: str) -> Meaning | None:
    """An alarm that a long message has somewhere behind its first words, by phrases or by all words of a piece of it:
    people end a story with its point.
    """
    for piece in pieces(text, STEP):
        reading = matcher.read(plain(piece), language)
        found = alarm_by_phrase(piece, reading, matcher)
        found = found or second_alarm(reading, matcher.opinion, at_least=BEHIND)
        if found:
            return found
    return None


def first_words(text: str) -> str:
    """The words of a long message that are surely read at once."""
    return " ".join(text.split()[:READ])


def told_behind(text: str, matcher: Matcher, language: str) -> list[Match]:
    """What a long message tells behind the words that are surely read at once."""
    readings = ((piece, matcher.read(plain(piece), language)) for piece in pieces(text, READ))
    return [match for piece, reading in readings for match in volunteered(reading, piece)]


def pieces(text: str, start: int) -> Iterator[str]:
    """The pieces of a long message that go over its word ``start``; they overlap."""
    words = text.split() if len(text) > PIECE else ()
    for begin in range(start, max(len(words) - (PIECE - STEP), 0), STEP):
        yield " ".join(words[begin : begin + PIECE])


def _harmless(text: str, reading: Reading) -> list[Match]:
    """The phrases that say it only looks alarming, within one sentence: "Ik wil niet meer leven. Ik werk bij Aldi."."""
    found = [match for match in reading.matches if match.name is HARMLESS]
    return [match for match in found if not broken(match, reading, text, ENDS)]


def _read_otherwise(text: str, reading: Reading, matcher: Matcher) -> Alarm | None:
    """With words as they were written, with two letters where one was stretched, without what calls it harmless."""
    if reading.rewritten and not reading.harmless:
        found = alarm(matcher.read(" ".join(dict.fromkeys(reading.written)), "", write_out=False), ())
        if found:
            return found
    stretched = with_two(text)
    if stretched:
        doubled = matcher.read(stretched, reading.language)
        found = alarm(doubled, _harmless(text, doubled))
        if found:
            return found
    outright = reading.harmless and (surely_alarm(reading, matcher.opinion) or _outright(reading, matcher.opinion))
    return alarm(reading, ()) if outright else None


def _outright(reading: Reading, opinion: Opinion | None) -> bool:
    """Whether words of alarm that a harmless phrase leaps over say it by themselves: "ik zoek werk ik wil dood"."""
    harmless = [match for match in reading.matches if match.name is HARMLESS]
    return opinion is not None and any(
        match.name in ALARMS
        and all(match.says & ~other.says for other in harmless)
        and match.end - match.start > 1
        and opinion.of(reading.tokens[max(0, match.start - 1) : match.end]).alarming >= SURELY_ALARM
        for match in reading.matches
    )
