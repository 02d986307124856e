"""The words of a message as each language sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

from bot.sentence import Sentence
from bot.vocabulary import Word


class Sight:
    """The ``words`` of a message from a contact who uses the language ``own``: most is ``common`` to all languages.

    ``there`` is what some are in one language only. ``solid``: how many say something in any language; ``unsure``:
    those read over a typing error, as bits; ``marks``: of all that they stand for; ``first`` and ``last``: of the first
    and the last that says something. ``alone``: the own language, where it has all the words and there are several.
    """

    def __init__(self, words: Sequence[Word], own: str) -> None:
        self.words = words
        self.unsure = self.solid = self.marks = 0
        self.first = self.last = -1
        self._own = own
        self._sentences: dict[str, Sentence] = {}
        self._at: dict[str, int] = {}
        self.there: dict[str, dict[str, int]] = {}
        self._fillers: dict[str, int] = {}
        bit = 1
        for word in words:
            self._take_up(word, bit)
            bit <<= 1
        alone = len(words) > 1 and all(own in word.known and word.sure for word in words)
        self.alone = own if alone else ""
        self.common: Set[str] = self._at.keys()
        self.said: Mapping[str, Set[str]] = defaultdict(
            lambda: self.common, {language: self.common | forms.keys() for language, forms in self.there.items()}
        )
        """The words that are there for each language."""

    def _take_up(self, word: Word, bit: int) -> None:
        self.marks |= word.marks
        at, fillers = self._at, self._fillers
        for form in word.forms:
            at[form] = at.get(form, 0) | bit
        for language in word.filler:
            fillers[language] = fillers.get(language, 0) | bit
        if not word.filler:
            self.last = word.marks
            if not self.solid:
                self.first = word.marks
            self.solid += 1
        for language, forms in word.there.items():
            there = self.there.setdefault(language, {})
            for form in forms:
                there[form] = there.get(form, 0) | bit
        if not word.sure:
            self.unsure |= bit

    def by(self, language: str) -> Sentence:
        """The message as the phrases of one language see it."""
        sentence = self._sentences.get(language)
        if sentence is None:
            fillers = self._fillers.get(language, 0)
            idle = fillers | self._fillers.get(self._own, 0) | self._fillers.get("", 0)
            sentence = Sentence(self._seen(language), self.words, fillers, idle)
            self._sentences[language] = sentence
        return sentence

    def _seen(self, language: str) -> Mapping[str, int]:
        more = self.there.get(language)
        return {**self._at, **{word: bits | self._at.get(word, 0) for word, bits in more.items()}} if more else self._at
