"""Messages at the question of a name: "Kees" stops nothing there, though it does in Turkish, and "Hilde" is no slip of
the pen for a word of despair.
"""

from __future__ import annotations

from dataclasses import replace

from bot.lexicon import Is
from bot.matching import Match, Reading
from bot.meaning import Meaning, Question
from bot.safety import ALARMS

LONGEST = 3
"""Words of a message that may be a name."""

HALF = 0.5
"""The part of the words that something else must account for, to be no name."""

EVERYWHERE = frozenset({"stop", "help"})
"""Words of other languages that count all the same, besides those that say it in several."""

LONG_ENOUGH = 6
"""Letters of the name of a language that is no name of a person ("Pol", "Roman"): "polski"."""

SURELY = 0.3
"""Likelihood of an alarm from which words that no phrase knows are no name."""


def may_be_a_name(reading: Reading, question: Question) -> bool:
    """Whether a name is asked for, and this may be one."""
    return question.asks_name and 0 < len(reading.tokens) <= LONGEST


def as_a_name(reading: Reading) -> Reading:
    """Without what names are now and then mistaken for: words of other languages, and such as are only nearly words."""
    least = HALF * reading.weight_of(range(len(reading.words)))
    matches = tuple(match for match in reading.matches if match.weight >= least and _counts(match, reading))
    return replace(reading, matches=matches)


def _counts(match: Match, reading: Reading) -> bool:
    words = reading.tokens[match.start : match.end]
    if match.language in ("", reading.language) or match.name in ALARMS:
        return match.sure or len(words) > 1
    named = match.name is Is.LANGUAGE and len(words[0]) >= LONG_ENOUGH
    return match.sure and (named or len(set(words)) > 1 or not EVERYWHERE.isdisjoint(words))


def other_than_a_name(reading: Reading, question: Question) -> Meaning | None:
    """A no is no wish to say one; a yes and a number are no names. Who says hello once more is called so: "Jo"."""
    said = {match.name for match in reading.matches if match.whole and match.language in ("", reading.language)}
    if Is.NO in said:
        return Meaning(Is.SKIP)
    if Is.YES in said or all(map(str.isdecimal, reading.tokens)):
        return Meaning(Is.NOT_UNDERSTOOD, confidence=0.0)
    named = question.again and Is.GREETING in said
    return Meaning(Is.TEXT, (" ".join(reading.written).title(),)) if named else None
