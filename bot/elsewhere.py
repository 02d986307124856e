"""The choices of a question in the words of other languages: somebody keeps Dutch, and answers "une formation"."""

from __future__ import annotations

from collections import Counter

from bot.flow import StepKind
from bot.labelled import plain_label, words_of
from bot.lexicon import Is
from bot.matching import Reading
from bot.meaning import Meaning, Question

IN_FULL, IN_PART = 0.9, 0.6
"""Confidence where the message is a label of one choice alone, and where it has words of one: that is asked back."""

LONG_ENOUGH = 4
"""Letters: what is shorter means too many things in too many languages."""


def in_full_elsewhere(reading: Reading, question: Question, language: str) -> Meaning | None:
    """The very words of one choice in another language, where they are none of one's own and say nothing else."""
    words = " ".join(reading.tokens)
    if len(words) < LONG_ENOUGH or all(language in word.known for word in reading.words):
        return None
    if any(match.whole and match.name is not Is.OTHER for match in reading.matches):
        return None
    exact = [choice.id for choice in question.choices if words in map(plain_label, choice.also.values())]
    return Meaning(Is.CHOICE, (exact[0],), IN_FULL) if len(exact) == 1 else None


def in_part_elsewhere(reading: Reading, question: Question, language: str) -> Meaning | None:
    """Words of one choice alone in another language, among other words."""
    if reading.negated or question.kind in (None, StepKind.TEXT):
        return None
    found = {choice for other in _written(reading, language) for choice in _named(reading, question, other)}
    return Meaning(Is.CHOICE, (found.pop(),), IN_PART) if len(found) == 1 else None


def _written(reading: Reading, own: str) -> list[str]:
    """The languages that know more of the words than one's own does."""
    count = Counter(language for word in reading.words if word.sure for language in word.known if language)
    return [language for language, number in count.items() if number > count[own]]


def _named(reading: Reading, question: Question, language: str) -> list[str]:
    """The choices that words point to, each to one alone, in a language."""
    labels = {choice.id: words_of(choice.also.get(language, "")) for choice in question.choices}
    said = [token for token, word in zip(reading.tokens, reading.words, strict=True) if language not in word.filler]
    owners = [[choice for choice, label in labels.items() if _points(token, label)] for token in said]
    return [found[0] for found in owners if len(found) == 1]


def _points(token: str, label: frozenset[str]) -> bool:
    """Whether a word is one of a label, or a longer form of it: "formations"."""
    if token in label:
        return len(token) > 1 and not token.isdecimal()
    return any(len(word) > LONG_ENOUGH and token.startswith(word) for word in label)
