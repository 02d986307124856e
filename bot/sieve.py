"""Which phrases may stand in a message: from tens of thousands to a handful.

Each phrase waits for its rarest word: a message wakes only the phrases of which it has that word, so that it costs what
its own words cost, not what all lexicons hold. Of those it wakes most lack another word; a few bits tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from bot.forms import ENDLESS, Part
from bot.lexicon import Is
from bot.patterns import Pattern
from bot.sentence import marks
from bot.sight import Sight

_MANY = 80
"""Words of which nearly every message has the bit of one."""

_ALL = -1
_COST = attrgetter("cost")


class Phrase:
    """One phrase ready to be looked for. ``loose``: other words may always stand around it.

    Of ``every`` word a message must have each, of each of the sets ``one_of`` one; ``needed`` and ``wanted`` are the
    marks of the first, and of the smallest of the sets. These are told when a message first has its rarest word.
    """

    __slots__ = ("_loose", "_parts", "every", "language", "most", "name", "needed", "one_of", "pattern", "wanted")

    def __init__(self, name: Is, language: str, pattern: Pattern, *, loose: bool) -> None:
        self.name = name
        self.language = language
        self.pattern = pattern
        self._loose = loose
        self._parts: tuple[Part, ...] = ()
        self.most = ENDLESS  # words of a message that say something, where it is a whole message
        self.needed, self.wanted = 0, _ALL
        self.every: frozenset[str] = frozenset()
        self.one_of: list[frozenset[str]] = []

    def sift(self) -> None:
        """Tells what a message must have beside its rarest word."""
        rarest, *others = sorted(self.pattern.needs, key=_COST)
        self.every = frozenset[str]().union(*[need.words for need in self.pattern.needs if len(need.words) == 1])
        self.one_of = sorted([need.words for need in others if len(need.words) > 1], key=len)
        self.needed = marks(self.every - rarest.words)
        if self.one_of and len(self.one_of[0]) < _MANY:
            self.wanted = marks(self.one_of[0])

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its parts, read when they are first asked for."""
        if not self._parts:
            parts = self.pattern.parts
            self._parts = tuple(Part(part.form, True, True) for part in parts) if self._loose else parts
            if not any(part.open_left or part.open_right for part in self._parts):
                self.most = parts[0].form.longest()
        return self._parts

    def is_said(self, sight: Sight) -> bool:
        """Whether a message has the words for it, and not too many others."""
        said = sight.said(self.language)
        return self.most >= sight.solid and self.every <= said and not any(map(said.isdisjoint, self.one_of))


class Sieve:
    """All phrases, by their rarest word."""

    def __init__(self) -> None:
        self.phrases: list[Phrase] = []
        self._waiting: dict[str, list[Phrase]] = {}
        self._sifted: dict[str, list[Phrase]] = {}

    def plant(self, phrase: Phrase) -> None:
        """Takes up a phrase."""
        self.phrases.append(phrase)
        for word in min(phrase.pattern.needs, key=_COST).words:
            self._waiting.setdefault(word, []).append(phrase)

    def woken(self, sight: Sight) -> Iterator[Phrase]:
        """The phrases that stand in a message, by a measure that is now and then too kind."""
        waiting, sifted = self._waiting, self._sifted
        said = marks(sight.everything)
        unsaid = ~said
        woken = [
            phrase
            for word in sight.everything
            if word in waiting
            for phrase in sifted.get(word) or self._sift(word)
            if not phrase.needed & unsaid and phrase.wanted & said
        ]
        for phrase in dict.fromkeys(woken):
            if phrase.is_said(sight):
                sentence = sight.by(phrase.language)
                if all(part.stands_in(sentence) for part in phrase.parts):
                    yield phrase

    def _sift(self, word: str) -> list[Phrase]:
        """The phrases that wait for a word, when the first message has it."""
        for phrase in self._waiting[word]:
            phrase.sift()
        self._sifted[word] = self._waiting[word]
        return self._sifted[word]
