"""Plain words: readability over a whole catalogue, the longest sentence, jargon, and words written for the ear."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from bot import content
from bot.checks.readability import FORMULAS, GOAL, LONGEST_SENTENCE, measure, sentences_of, words_of
from bot.extraction import Text
from bot.messages import Mode
from bot.wording import Wording

NAMES = re.compile(r"(?:title|choice|rule|elsewhere)/|assignment/\w+/title$|programme/\w+/(?:name|told)$")
"""Texts that are no sentences."""

FOR_COUNSELLORS = re.compile(r"programme/\w+/name$")
"""Texts that have the words of offices."""

_GAP = re.compile(r"\{\w*\}")
"""The name of a gap is ours: nobody reads it."""
_DIALLED = re.compile(r"\d{3,}")
_KEY_FIRST = {
    "nl": re.compile(r"(?:^|[.!] )Druk (?:\d|sterretje|hekje)\b(?! cijfers)", re.IGNORECASE),
    "fr": re.compile(r"(?:^|[.!] )(?:Tapez|Appuyez sur) (?:\d|étoile|dièse)", re.IGNORECASE),
    "en": re.compile(r"(?:^|[.!] )Press (?:\d|star|hash)", re.IGNORECASE),
}
"""A sentence that names the key before what it is for: the ear has forgotten the key by then."""

Row = tuple[str, Mode, str]


def rows_of(texts: Iterable[Text], wording: Wording, language: str) -> Iterator[Row]:
    """Every text that contacts get, in a language: its place, its mode, its words."""
    for place, words, _ in texts:
        if not words.verbatim and not FOR_COUNSELLORS.match(place):
            for mode in words.by_mode:
                yield place, mode, wording.words(words, mode, language, place)


def sentences_in(texts: Iterable[Text], wording: Wording, language: str) -> list[str]:
    """The texts that are sentences."""
    return [text for place, _, text in rows_of(texts, wording, language) if not NAMES.match(place)]


def figures(texts: Collection[Text], wording: Wording, languages: Collection[str]) -> list[str]:
    """A line with the readability of each language that has a formula."""
    found = {code: measure(sentences_in(texts, wording, code), code) for code in FORMULAS if code in languages}
    return [
        f"{code}: ease {m.ease:.1f} (goal {GOAL:.0f}), {m.words / m.sentences:.1f} words a sentence, "
        f"longest {m.longest_words}"
        for code, m in found.items()
    ]


def problems(texts: Collection[Text], wording: Wording, languages: Collection[str]) -> list[str]:
    """Every text that is not plain enough, and every language that is not."""
    jargon = content.load_jargon()
    found: list[str] = []
    for language in languages:
        rows = list(rows_of(texts, wording, language))
        found += _hard(texts, wording, language)
        found += [
            f"{language}: {place}/{mode}: {why}" for place, mode, text in rows for why in _voiced(mode, text, language)
        ]
        found += [f"{language}: {p}/{m}: {w}" for p, m, text in rows for w in _office(text, jargon.get(language, ()))]
    return found


def _hard(texts: Collection[Text], wording: Wording, language: str) -> Iterator[str]:
    if language not in FORMULAS:
        return
    sentences = sentences_in(texts, wording, language)
    ease = measure(sentences, language).ease
    if ease < GOAL:
        yield f"{language}: readability {ease:.1f}, under the goal of {GOAL:.0f}"
    for sentence in (s for text in sentences for s in sentences_of(text)):
        if len(words_of(sentence)) > LONGEST_SENTENCE:
            yield f"{language}: {len(words_of(sentence))} words in one sentence: {sentence!r}"


def _voiced(mode: Mode, text: str, language: str) -> Iterator[str]:
    if mode is not Mode.VOICE:
        return
    if _DIALLED.search(text):
        yield f"a number that is not spoken digit by digit: {text!r}"
    if language in _KEY_FIRST and _KEY_FIRST[language].search(text):
        yield f"the key before what it is for: {text!r}"


def _office(text: str, jargon: Collection[str]) -> Iterator[str]:
    read = _GAP.sub("", text)
    for word in jargon:
        stem, end = (word[:-1], "") if word.endswith("*") else (word, r"\b")
        if re.search(rf"\b{re.escape(stem)}{end}", read, re.IGNORECASE):
            yield f"a word of offices: {word} in {text!r}"
