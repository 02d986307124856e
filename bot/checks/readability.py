"""How easy texts are to read, measured over all texts of a language together: one short text says too little.

The formulas weigh words a sentence and syllables a word. Flesch-Douma (Dutch), Kandel-Moles (French), Flesch (English);
80 and more is easy. Syllables are counted where a word may be hyphenated (pyphen, Hunspell's patterns); in English,
where that misses many, by the groups of vowels that sound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import pyphen

GOAL = 80.0
LONGEST_SENTENCE = 15
"""Words (DOMAIN: plain language)."""


@dataclass(frozen=True, slots=True)
class Formula:
    """base − per_sentence · words a sentence − per_word · syllables a word."""

    base: float
    per_sentence: float
    per_word: float
    patterns: str


FORMULAS = {
    "nl": Formula(206.835, 0.93, 77.0, "nl_NL"),
    "fr": Formula(207.0, 1.015, 73.6, "fr_FR"),
    "en": Formula(206.835, 1.015, 84.6, ""),
}
"""Douma 1960; Kandel and Moles 1958; Flesch 1948."""

_END = re.compile(r"[.!?;]+(?=\s|$)|\n+|:(?=\s)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SOUNDING = re.compile(r"(?!e\b)[aeiouy]+|(?<=[^aeiouy]l)e\b")
_GAP = re.compile(r"\{\w*\}|%\(\w+\)s")


@dataclass(frozen=True, slots=True)
class Measure:
    """What was counted, and the figure it gives."""

    sentences: int
    words: int
    syllables: int
    ease: float
    longest: str

    @property
    def longest_words(self) -> int:
        """Words of the longest sentence."""
        return len(words_of(self.longest))


def sentences_of(text: str) -> Iterator[str]:
    """The sentences of a text; a colon ends one too, as it does for the ear."""
    for part in _END.split(_GAP.sub(" iets ", text)):
        if words_of(part):
            yield " ".join(part.split())


def words_of(text: str) -> list[str]:
    """The words of a text; figures and signs are none."""
    return _WORD.findall(text)


def measure(texts: Iterable[str], language: str) -> Measure:
    """The ease of the texts of a language that has a formula. Raises KeyError for another language."""
    formula = FORMULAS[language]
    sentences = [sentence for text in texts for sentence in sentences_of(text)]
    words = [word for sentence in sentences for word in words_of(sentence)]
    syllables = sum(syllables_of(word, language) for word in words)
    count, length = max(1, len(sentences)), max(1, len(words))
    ease = formula.base - formula.per_sentence * length / count - formula.per_word * syllables / length
    return Measure(count, length, syllables, ease, max(sentences, key=lambda s: len(words_of(s)), default=""))


def syllables_of(word: str, language: str) -> int:
    """The syllables of a word, at least one."""
    patterns = FORMULAS[language].patterns
    if not patterns:
        return max(1, len(_SOUNDING.findall(word.casefold())))
    return len(_dictionary(patterns).inserted(word.casefold()).split("-"))


@cache
def _dictionary(patterns: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=patterns, left=1, right=1)
