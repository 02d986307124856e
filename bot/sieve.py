"""Which phrases may stand in a message: from tens of thousands to a handful.

Each phrase waits for its rarest word: a message wakes only the phrases of which it has that word, so that it costs what
its own words cost, not what all lexicons hold. Of those it wakes most lack another word; a few bits tell.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Set
from itertools import chain
from operator import attrgetter

from bot.forms import ENDLESS, Part
from bot.lexicon import Is
from bot.patterns import Pattern
from bot.sentence import Sentence, marks
from bot.sight import Sight

_MANY = 80
"""Words of which nearly every message has the bit of one."""

_ALL = -1
_COST = attrgetter("cost")


class Phrase:
    """One phrase ready to be looked for. ``loose``: other words may always stand around it. ``choice``: what it chooses
    of its question; ``denies``: in words of which one is a negation.

    Beside its rarest word a message must have other words, of which ``needed`` are the marks, and one of each of the
    sets ``one_of``; ``wanted`` are the marks of the smallest. They are told when a message first has the rarest word.
    """

    __slots__ = (
        *("_loose", "_parts", "_sifted", "choice", "denies", "language", "most"),
        *("name", "needed", "one_of", "pattern", "wanted"),
    )

    def __init__(
        self, name: Is, language: str, pattern: Pattern, *, loose: bool, choice: str = "", denies: bool = False
    ) -> None:
        self.name = name
        self.choice = choice
        self.denies = denies
        self.language = language
        self.pattern = pattern
        self._loose = loose
        self._parts: tuple[Part, ...] = ()
        self.most = ENDLESS  # words of a message that say something, where it is a whole message
        self.needed, self.wanted = 0, _ALL
        self.one_of: tuple[frozenset[str], ...] = ()
        self._sifted = False

    def sift(self) -> None:
        """Tells what a message must have beside its rarest word; once."""
        if self._sifted:
            return
        _, *others = sorted(self.pattern.needs, key=_COST)
        self.needed = marks(chain(*[need.words for need in others if len(need.words) == 1]))
        self.one_of = tuple(sorted([need.words for need in others if len(need.words) > 1], key=len))
        if self.one_of and len(self.one_of[0]) < _MANY:
            self.wanted = marks(self.one_of[0])
        self._sifted = True

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its parts, read when they are first asked for."""
        if not self._parts:
            parts = self.pattern.parts
            self._parts = tuple(Part(part.form, True, True) for part in parts) if self._loose else parts
            if not any(part.open_left or part.open_right for part in self._parts):
                self.most = parts[0].form.longest()
        return self._parts

    def is_said(self, said: Set[str]) -> bool:
        """Whether of each set a word is said."""
        return not any(map(said.isdisjoint, self.one_of))

    def stands_in(self, sentence: Sentence) -> bool:
        """Whether its parts stand in a message: quick, and now and then too kind."""
        parts = self.parts
        return parts[0].stands_in(sentence) and all(part.stands_in(sentence) for part in parts[1:])


Sifted = list[tuple[int, int, int, Phrase]]
"""Phrases that wait for a word, each with what is asked first: the most words that say something, the marks of all
that a message needs, and of those of which it needs one."""


class Sieve:
    """All phrases, by their rarest word."""

    def __init__(self) -> None:
        self.phrases: list[Phrase] = []
        self._waiting: dict[str, list[Phrase]] = {}
        self._sifted: dict[str, Sifted] = {}
        self._there: dict[tuple[str, str], Sifted] = {}

    def plant(self, phrase: Phrase) -> None:
        """Takes up a phrase."""
        self.phrases.append(phrase)
        for word in min(phrase.pattern.needs, key=_COST).words:
            self._waiting.setdefault(word, []).append(phrase)

    def read_ahead(self) -> None:
        """Reads the phrases that no message asked for yet, and lets others go first."""
        for phrase in self.phrases:
            phrase.sift()
            phrase.parts  # noqa: B018 - reading it is all
            time.sleep(0)
        for word in self._waiting:
            self._sift(word)
        self._there.clear()

    def woken(self, sight: Sight) -> Iterator[Phrase]:
        """The phrases that stand in a message, by a measure that is now and then too kind."""
        solid, marked, unmarked = sight.solid, sight.marks, ~sight.marks
        woken = [
            phrase
            for bucket in self._buckets(sight)
            for most, needed, wanted, phrase in bucket
            if most >= solid and not needed & unmarked and wanted & marked
        ]
        for phrase in dict.fromkeys(woken):
            if phrase.one_of and not phrase.is_said(sight.said(phrase.language)):
                continue
            if phrase.stands_in(sight.by(phrase.language)):
                yield phrase

    def _buckets(self, sight: Sight) -> Iterator[Sifted]:
        """The phrases that wait for the words of a message; for what a word is in one language, those of that one."""
        waiting, sifted, there = self._waiting, self._sifted, self._there
        for word in sight.common:
            if word in waiting:
                yield sifted.get(word) or self._sift(word)
        for language, forms in sight.there.items():
            for word in forms:
                if word in waiting:
                    bucket = there.get((language, word))
                    yield self._sift_there(language, word) if bucket is None else bucket

    def _sift(self, word: str) -> Sifted:
        """The phrases that wait for a word, when the first message has it."""
        bucket: Sifted = []
        for phrase in self._waiting[word]:
            phrase.sift()
            bucket.append((phrase.most, phrase.needed, phrase.wanted, phrase))
        self._sifted[word] = bucket
        return bucket

    def _sift_there(self, language: str, word: str) -> Sifted:
        bucket = [row for row in self._sift(word) if row[3].language == language]
        self._there[language, word] = bucket
        return bucket
