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
    """One phrase ready to be looked for: it has words of which a message must have ``every`` one, and sets of words of
    each of which it must have ``one_of``. ``loose``: other words may always stand around it."""

    __slots__ = ("_loose", "_parts", "every", "language", "most", "name", "one_of", "pattern", "rarest")

    def __init__(self, name: Is, language: str, pattern: Pattern, *, loose: bool) -> None:
        self.name = name
        self.language = language
        self.pattern = pattern
        self.rarest = min(pattern.needs, key=_COST).words
        words = [need.words for need in pattern.needs]
        self.every = frozenset[str]().union(*[place for place in words if len(place) == 1])
        self.one_of = [place for place in words if len(place) > 1 and place is not self.rarest]
        self.most = ENDLESS  # words of a message that say something, where it is a whole message
        self._loose = loose
        self._parts: tuple[Part, ...] = ()

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
        self._waiting: dict[str, list[tuple[int, int, Phrase]]] = {}

    def plant(self, phrase: Phrase) -> None:
        """Takes up a phrase."""
        self.phrases.append(phrase)
        others = min(phrase.one_of, key=len, default=())
        row = (marks(phrase.every - phrase.rarest), marks(others) if 0 < len(others) < _MANY else _ALL, phrase)
        for word in phrase.rarest:
            self._waiting.setdefault(word, []).append(row)

    def woken(self, sight: Sight) -> Iterator[Phrase]:
        """The phrases that stand in a message, by a measure that is now and then too kind."""
        waiting = self._waiting
        said = marks(sight.everything)
        unsaid = ~said
        woken = [
            phrase
            for word in sight.everything
            if word in waiting
            for every, one_of, phrase in waiting[word]
            if not every & unsaid and one_of & said
        ]
        for phrase in dict.fromkeys(woken):
            if phrase.is_said(sight):
                sentence = sight.by(phrase.language)
                if all(part.stands_in(sentence) for part in phrase.parts):
                    yield phrase
