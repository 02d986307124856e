"""Looks out for alarms: in a message as it is read, in the other ways to read it, and in all that stands behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.lexicon import plain, with_two
from bot.matching import HARMLESS, Match, Matcher, Reading
from bot.meaning import Meaning
from bot.safety import ALARMS, Alarm, alarm
from bot.seconding import SURELY_ALARM, alarm_within, hardly_alarm, second_alarm
from bot.signs import ENDS, broken
from bot.volunteered import volunteered

PIECE, STEP = 40, 30
"""Words of a long message that are read by themselves, and after how many the next piece begins."""

BEHIND = 0.5
"""Likelihood from which the words of a piece are an alarm that no phrase sees: a long story has many pieces."""

ANEW = 0.7
"""Likelihood from which words that begin anew with an I are an alarm."""

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
    outright = reading.harmless and (
        alarm_within(reading, matcher.opinion) >= SURELY_ALARM or _outright(reading, matcher)
    )
    return alarm(reading, ()) if outright else None


def _outright(reading: Reading, matcher: Matcher) -> bool:
    """Whether words of alarm say it by themselves that a harmless phrase leaps over, or that begin anew within it with
    an I: "ik zoek werk ik wil dood", "by phone i want to die"."""
    harmless = [match for match in reading.matches if match.name is HARMLESS]
    alarms = [match for match in reading.matches if match.name in ALARMS and match.end - match.start > 1]
    return any(
        start >= 0 and alarm_within(reading, matcher.opinion, start, match.end) >= least
        for match in alarms
        for start, least in (
            (_leapt_over(match, harmless), SURELY_ALARM),
            (_begun_anew(match, harmless, reading, matcher), ANEW),
        )
    )


def _leapt_over(match: Match, harmless: Sequence[Match]) -> int:
    """Where words of alarm begin that no harmless phrase is wholly about, with the word before them; else -1."""
    return max(0, match.start - 1) if all(match.says & ~other.says for other in harmless) else -1


def _begun_anew(match: Match, harmless: Sequence[Match], reading: Reading, matcher: Matcher) -> int:
    """Where somebody says I, behind words of every harmless phrase and before all words of alarm; else -1."""
    selves = matcher.selves.get(match.language, frozenset())
    places = [at for at in range(match.start + 1) if reading.tokens[at] in selves or reading.written[at] in selves]
    at = places[-1] if places else -1
    before = (1 << at) - 1 if at > 0 else 0
    return at if not match.says & before and all(other.says & before for other in harmless) else -1
