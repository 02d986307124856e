"""Which choice the words of a message mean: its very words, or some of them that no other choice has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial

from rapidfuzz.distance import OSA

from bot.flow import StepKind
from bot.lexicon import Is, contains, plain
from bot.matching import CONTENT, Reading
from bot.meaning import ASIDE, Candidate, Meaning, Question
from bot.messages import Choice
from bot.vocabulary import Word

IN_FULL, AS_WRITTEN, NEARLY = 0.9, 0.8, 0.65
"""Confidence in the words of a choice, in one of them, and in one with a typing error."""

LONG_ENOUGH, LONG_ENOUGH_LATIN = 3, 4
"""Letters of a word that can point to a choice: "kan" says too little, and so short words of other scripts say more."""

LITTLE = 1 / 3
"""The part of a message that words of a choice account for at least, to be no more than a guess."""

TO_MISTYPE = 5
"""Letters of a word that is read over a typing error, where it is no word of its own."""


def named(choice: Choice) -> str:
    """What a choice is called, as words are compared."""
    return plain_label(choice.label)


@lru_cache(maxsize=2000)
def plain_label(label: str) -> str:
    """What a choice is called, as words are compared."""
    return plain(label)


@lru_cache(maxsize=2000)
def words_of(label: str) -> frozenset[str]:
    """The words of what a choice is called."""
    return frozenset(plain(label).split())


def by_label(reading: Reading, question: Question, language: str) -> Iterator[Candidate]:
    """The words of a choice inside the message, or words of the message that only one choice has."""
    words, most = " ".join(reading.tokens), ASIDE if reading.aside else IN_FULL
    inside = [c for c in question.choices if len(c.label) > 1 and contains(words, named(c))]
    if len(inside) == 1 or (inside and question.kind is StepKind.MULTI):
        if _denied(inside, reading, language):
            most = ASIDE
        weight = CONTENT * max(len(c.label.split()) for c in inside)
        yield Candidate(Is.CHOICE, weight + 1, partial(Meaning, Is.CHOICE, tuple(c.id for c in inside), most))
        return
    if reading.negated:
        return
    hits = _distinct(reading, question.choices, language)
    if len(hits) == 1 or (hits and question.kind is StepKind.MULTI):
        weight = max(count for count, _ in hits.values())
        little = CONTENT * weight < LITTLE * reading.weight_of(range(len(reading.words)))
        best = min(NEARLY if little else 1.0, most, max(sure for _, sure in hits.values()))
        yield Candidate(Is.CHOICE, CONTENT * weight + 0.25, partial(Meaning, Is.CHOICE, tuple(hits), best))


def _denied(inside: Sequence[Choice], reading: Reading, language: str) -> bool:
    """Whether something is denied in words that no choice has: "no está hecho" may well not be "hecho"."""
    own = frozenset().union(*(words_of(choice.label) for choice in inside))
    words = zip(reading.tokens, reading.words, strict=True)
    return any(language in word.negates and token not in own for token, word in words)


def _distinct(reading: Reading, choices: tuple[Choice, ...], language: str) -> dict[str, tuple[int, float]]:
    """Per choice: how many words point to it and to no other, and how sure the surest is."""
    said = _owners(choices)
    found: dict[str, tuple[int, float]] = {}
    if not said:
        return found
    for token, word in zip(reading.tokens, reading.words, strict=True):
        least = LONG_ENOUGH_LATIN if token.isascii() else LONG_ENOUGH
        if len(token) < least or token.isdecimal() or language in word.filler:
            continue
        owners, sure = _pointed_to(token, word, said)
        if len(owners) == 1:
            count, before = found.get(owners[0], (0, 0.0))
            found[owners[0]] = count + 1, max(before, sure)
    return found


_Owners = Mapping[str, Sequence[str]]
"""Per word of the labels the choices that have it."""


@lru_cache(maxsize=500)
def _owners(choices: tuple[Choice, ...]) -> _Owners:
    owners: dict[str, list[str]] = {}
    for choice in choices:
        for word in words_of(choice.label):
            owners.setdefault(word, []).append(choice.id)
    return owners


def _pointed_to(token: str, word: Word, said: _Owners) -> tuple[Sequence[str], float]:
    """The choices that a word points to, and how surely: as it is, or over a typing error."""
    if token in said:
        return said[token], AS_WRITTEN
    if word.known or len(token) < TO_MISTYPE:
        return (), 0.0
    near = [w for w in said if len(w) >= TO_MISTYPE and OSA.distance(token, w, score_cutoff=1) <= 1]
    return tuple(dict.fromkeys(choice for w in near for choice in said[w])), NEARLY
