"""Which phrases may stand in a message: from tens of thousands to a handful.

Each phrase waits for its rarest word: a message wakes only the phrases of which it has that word, so that it costs what
its own words cost, not what all lexicons hold. Of those it wakes most lack another word; a few bits tell. Where all
words are of one's own language the phrases of others are left alone, but for those that count in every language.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Set
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
    """One phrase ready to be looked for. ``everywhere``: it counts in every language, whatever stands around it.
    ``choice``: what it chooses of its question; ``denies``: in words of which one is a negation.

    Beside its rarest word a message must have other words, of which ``needed`` are the marks, and one of each of the
    sets ``one_of``; ``wanted`` are the marks of the smallest. They are told when a message first has the rarest word.
    """

    __slots__ = (
        *("_parts", "_sifted", "choice", "denies", "everywhere", "language", "most"),
        *("name", "needed", "one_of", "pattern", "span", "wanted"),
    )

    def __init__(
        self, name: Is, language: str, pattern: Pattern, *, everywhere: bool, choice: str = "", denies: bool = False
    ) -> None:
        self.name = name
        self.choice = choice
        self.denies = denies
        self.language = language
        self.pattern = pattern
        self.everywhere = everywhere
        self._parts: tuple[Part, ...] = ()
        self.most = ENDLESS  # words of a message that say something, where it is a whole message
        self.needed, self.wanted, self.span = 0, _ALL, _ALL
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
            self._parts = tuple(Part(part.form, True, True) for part in parts) if self.everywhere else parts
            if not any(part.open_left or part.open_right for part in self._parts):
                self.most, self.span = parts[0].form.longest(), parts[0].form.marks
        return self._parts

    def is_said(self, said: Set[str]) -> bool:
        """Whether of each set a word is said."""
        return not (self.one_of and any(map(said.isdisjoint, self.one_of)))

    def stands_in(self, sentence: Sentence) -> bool:
        """Whether its parts stand in a message: quick, and now and then too kind."""
        return all(part.stands_in(sentence) for part in self._parts or self.parts)


Sifted = list[tuple[int, int, int, int, Phrase]]
"""Phrases that wait for a word, each with what is asked first: the most words that say something, the marks of all
that a message needs, and of those of which it needs one."""


class Sieve:
    """All phrases, by their rarest word: ``every`` one of them, and those ``heard`` in words of one language alone;
    those that are heard in all stand under none."""

    def __init__(self) -> None:
        self.phrases: list[Phrase] = []
        self._waiting: dict[str, list[Phrase]] = {}
        self._every: dict[str, Sifted] = {}
        self._heard: dict[str, dict[str, Sifted]] = defaultdict(dict)
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

    def woken(self, sight: Sight) -> list[Phrase]:
        """The phrases that stand in a message, by a measure that is now and then too kind."""
        solid, marked, unmarked, first, last = sight.solid, sight.marks, ~sight.marks, sight.first, sight.last
        woken = [
            phrase
            for bucket in self._buckets(sight)
            for most, needed, wanted, span, phrase in bucket
            if most >= solid and not needed & unmarked and wanted & marked and span & first and span & last
        ]
        said = sight.said
        likely = [phrase for phrase in dict.fromkeys(woken) if phrase.is_said(said[phrase.language])]
        return [phrase for phrase in likely if phrase.stands_in(sight.by(phrase.language))]

    def _buckets(self, sight: Sight) -> list[Sifted]:
        """The phrases that wait for the words of a message."""
        waiting, every = self._waiting, self._every
        words = [word for word in sight.common if word in waiting]
        for word in words:
            if word not in every:
                self._sift(word)
        if not sight.alone:
            return [every[word] for word in words] + self._buckets_there(sight)
        own, everywhere = self._heard[sight.alone], self._heard[""]
        rows = [own[word] for word in words if word in own] + [everywhere[word] for word in words]
        return rows + self._buckets_there(sight)

    def _buckets_there(self, sight: Sight) -> list[Sifted]:
        """For what a word is in one language, the phrases of that one."""
        waiting = self._waiting
        keys = [(language, word) for language, forms in sight.there.items() for word in forms if word in waiting]
        rows = [(key, self._there.get(key)) for key in keys]
        return [self._sift_there(*key) if bucket is None else bucket for key, bucket in rows]

    def _sift(self, word: str) -> Sifted:
        """The phrases that wait for a word, when the first message has it."""
        for phrase in self._waiting[word]:
            phrase.sift()
        every = [(ph.most, ph.needed, ph.wanted, ph.span, ph) for ph in self._waiting[word]]
        heard: dict[str, Sifted] = {"": []}
        for row in every:
            heard.setdefault("" if row[-1].everywhere else row[-1].language, []).append(row)
        for language, rows in heard.items():
            self._heard[language][word] = rows
        self._every[word] = every
        return every

    def _sift_there(self, language: str, word: str) -> Sifted:
        bucket = [row for row in self._every.get(word) or self._sift(word) if row[-1].language == language]
        self._there[language, word] = bucket
        return bucket
