"""Which choice the numbers of a message mean: not those that count something, nor those that are taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial

from bot.flow import StepKind
from bot.lexicon import NO_CHOICE, Is
from bot.matching import CONTENT, Match, Reading
from bot.meaning import ASIDE, HESITANT, WHOLE, Candidate, Meaning, Question
from bot.numbers import LAST

CERTAIN = 100.0
"""The score of an answer in so many digits."""

LIKELY = CONTENT + 0.5
"""The score of a number, or a word of a choice, among other words."""

BY_SPAN = 0.9
"""Confidence in a number that falls within a choice: an age."""

YEAR, OLDEST = 4, 110
"""Digits of a year, and the years since one in which somebody may be born who writes to us."""

AMONG_WORDS = 0.6
"""Confidence in a number that stands among other words."""


def by_number(reading: Reading, question: Question) -> Iterator[Candidate]:
    """What the numbers of a message choose: one is an answer, two say that somebody wavers."""
    alone = _nothing_else(reading)
    keys = _keys(reading, question, alone=alone)
    chosen = [choice for key in keys for choice in [question.by_key(key)] if choice is not None]
    if not chosen:
        return
    sure = WHOLE - (HESITANT if reading.doubtful else 0)
    if question.kind is StepKind.MULTI:
        yield Candidate(Is.CHOICE, CERTAIN, partial(Meaning, Is.CHOICE, tuple(dict.fromkeys(chosen))))
    elif len(set(chosen)) > 1:
        yield Candidate(Is.UNSURE, LIKELY, partial(Meaning, Is.UNSURE))
    elif alone:
        yield Candidate(Is.CHOICE, CERTAIN, partial(Meaning, Is.CHOICE, (chosen[0],), sure))
    elif reading.tokens[0].isdecimal() or _corrected(reading):
        yield Candidate(Is.CHOICE, LIKELY, partial(Meaning, Is.CHOICE, (chosen[0],), min(sure, AMONG_WORDS)))


def by_span(reading: Reading, question: Question) -> Iterator[Candidate]:
    """ "25 jaar" at the question of age: the choice within which a number of the message falls. Whoever tells the year
    of their birth may still have a birthday this year: where that makes a difference they are asked back."""
    born = [int(value) for value in reading.numbers if len(value) == YEAR and 0 < question.year - int(value) < OLDEST]
    found = [chosen for age in _ages(reading, question, born) if (chosen := _spanning(age, question))]
    if len(set(found)) == 1 or (found and len(born) == 1):
        sure = ASIDE if reading.aside or len(set(found)) > 1 else BY_SPAN
        yield Candidate(Is.CHOICE, CERTAIN - 1, partial(Meaning, Is.CHOICE, (found[0],), sure))


def _ages(reading: Reading, question: Question, born: Sequence[int]) -> list[int]:
    if born:
        return [question.year - year - before for before in (0, 1) for year in born]
    return [int(value) for value in reading.numbers if value and len(value) < YEAR]


def _spanning(number: int, question: Question) -> str:
    """The choice that a number falls within; empty where there is none."""
    return next((c.id for c in question.choices if c.span and c.span[0] <= number <= c.span[1]), "")


def number_meant(reading: Reading, question: Question) -> str:
    """The choice of the only number that a message has, in digits or in a word; empty where there is none, or more.

    A number that seems to count something ("nummer 2 broer") is meant where there is no other.
    """
    meant = [value for value in _meant(reading) if value] or [value for value in reading.numbers if value]
    keys = [question.by_key(key_of(value, question)) for value in dict.fromkeys(meant)]
    return keys[0] or "" if len(keys) == 1 else ""


def key_of(value: str, question: Question) -> str:
    """The key that a number stands for: below zero it is counted from the last choice, which is -1."""
    from_last = value[1:] if value.startswith("-") else ""
    if not from_last or int(from_last) > len(question.choices):
        return value
    return question.choices[-int(from_last)].key


def no_choice(match: Match, reading: Reading) -> bool:
    """Whether the number of a phrase is taken back, or counts something."""
    places = [at for at in range(match.start, match.end) if reading.numbers[at] == match.value]
    return bool(places) and not any(_meant(reading)[at] for at in places)


def _keys(reading: Reading, question: Question, *, alone: bool) -> list[str]:
    """The numbers of a message: digits, and number words where nothing else is said ("een brief" is a letter)."""
    words_count = alone or _corrected(reading)
    pairs = zip(reading.tokens, _meant(reading), strict=True)
    said = [value for token, value in pairs if value and (words_count or token.isdecimal())]
    if said == [str(LAST), "1"]:  # "the last one", where "one" is a number too
        said.pop()
    values = [key_of(value, question) for value in said]
    if question.kind is not StepKind.MULTI:
        return values
    return [part for value in values for part in ([value] if question.by_key(value) else list(value))]


def _meant(reading: Reading) -> tuple[str, ...]:
    """For each word the number it is, without those that are no choice."""
    none = _places(reading, NO_CHOICE)
    return tuple("" if at in none else value for at, value in enumerate(reading.numbers))


def _corrected(reading: Reading) -> bool:
    """Whether a number is taken back."""
    return bool(_places(reading, {Is.TAKEN_BACK}))


def _places(reading: Reading, names: Collection[Is]) -> set[int]:
    """Where the numbers of phrases with one of these meanings stand."""
    rows = [m for m in reading.matches if m.name in names and m.sure and m.language in ("", reading.language)]
    return {at for match in rows for at in range(match.start, match.end) if reading.numbers[at] == match.value}


def _nothing_else(reading: Reading) -> bool:
    """Whether all words but the numbers fill, in one and the same language."""
    words = zip(reading.words, reading.numbers, strict=True)
    rest = [word.filler for word, number in words if not number and "" not in word.filler]
    return not rest or bool(frozenset.intersection(*rest))
