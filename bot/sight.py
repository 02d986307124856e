"""The words of a message as each language sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import chain

from bot.sentence import Sentence
from bot.vocabulary import Word


class Sight:
    """The ``words`` of a message from a contact who uses the language ``own``: most is ``common`` to all languages.

    ``solid``: how many of them say something in any language; ``unsure``: those read over a typing error, as bits.
    """

    def __init__(self, words: Sequence[Word], own: str) -> None:
        self.words = words
        self.unsure = self.solid = 0
        self._own = own
        self._sentences: dict[str, Sentence] = {}
        self._at: dict[str, int] = {}
        self._there: dict[str, dict[str, int]] = {}
        self._fillers: dict[str, int] = {}
        bit = 1
        for word in words:
            self._take_up(word, bit)
            bit <<= 1
        self.common: Set[str] = self._at.keys()
        self._said = {language: self._at.keys() | forms for language, forms in self._there.items()}
        self.everything = tuple(dict.fromkeys(chain(self._at, *self._there.values())))

    def _take_up(self, word: Word, bit: int) -> None:
        _mark(self._at, word.forms, bit)
        if word.filler:
            _mark(self._fillers, word.filler, bit)
        else:
            self.solid += 1
        for language, forms in word.there.items():
            _mark(self._there.setdefault(language, {}), forms, bit)
        if not word.sure:
            self.unsure |= bit

    def said(self, language: str) -> Set[str]:
        """The words that are there for one language."""
        return self._said.get(language, self.common)

    def by(self, language: str) -> Sentence:
        """The message as the phrases of one language see it."""
        sentence = self._sentences.get(language)
        if sentence is None:
            fillers = self._fillers.get(language, 0)
            idle = fillers | self._fillers.get(self._own, 0) | self._fillers.get("", 0)
            sentence = Sentence(self._seen(language), len(self.words), fillers, idle)
            self._sentences[language] = sentence
        return sentence

    def _seen(self, language: str) -> Mapping[str, int]:
        more = self._there.get(language)
        return {**self._at, **{word: bits | self._at.get(word, 0) for word, bits in more.items()}} if more else self._at


def _mark(at: dict[str, int], forms: Iterable[str], bit: int) -> None:
    for form in forms:
        at[form] = at.get(form, 0) | bit
