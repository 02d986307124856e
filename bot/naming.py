"""Messages at the question of a name: "Kees" stops nothing there, though it does in Turkish, and "Hilde" is no slip of
the pen for a word of despair.
"""

from __future__ import annotations

from dataclasses import replace

from bot.lexicon import Is
from bot.matching import MOST, Match, Reading
from bot.meaning import Meaning, Question
from bot.safety import ALARMS

NAME = "name"
"""The question, in every flow that asks it."""

LONGEST = 3
"""Words of a message that may be a name."""

SURELY = 0.5
"""Likelihood of an alarm from which words that no phrase knows are no name."""


def may_be_a_name(reading: Reading, question: Question) -> bool:
    """Whether a name is asked for, and this may be one."""
    return question.step == NAME and 0 < len(reading.tokens) <= LONGEST


def as_a_name(reading: Reading) -> Reading:
    """Without what names are now and then mistaken for: words of other languages, and such as are only nearly words."""
    least = MOST * reading.weight_of(range(len(reading.words)))
    matches = tuple(match for match in reading.matches if match.weight >= least and _counts(match, reading.language))
    return replace(reading, matches=matches)


def _counts(match: Match, own: str) -> bool:
    several = match.end - match.start > 1
    return (match.sure or several) and (match.language in ("", own) or match.name in ALARMS)


def other_than_a_name(reading: Reading, question: Question) -> Meaning | None:
    """A no is no wish to say one. Who says hello once more is called so: "Jo", "Saida"."""
    said = {match.name for match in reading.matches if match.whole and match.language in ("", reading.language)}
    if Is.NO in said:
        return Meaning(Is.SKIP)
    named = question.again and Is.GREETING in said
    return Meaning(Is.TEXT, (" ".join(reading.written).title(),)) if named else None
