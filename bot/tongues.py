"""Which language a message is in, by how often the lexicons use its words: that is about how often people do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log

from bot.vocabulary import Word

CLEAR = 2.0
"""How far a language must be ahead of the next: about seven times as likely."""

UNHEARD = 0.05
"""What a word counts that a lexicon never uses."""

COMMONEST = 300
MISTYPED = 0.3


class Tongues:
    """The languages, and how often each uses which word."""

    def __init__(self) -> None:
        self._used: dict[str, list[Mapping[str, int]]] = {}
        self._sizes: Counter[str] = Counter()

    def learn(self, language: str, used: Mapping[str, int]) -> None:
        """Takes up the words of one lexicon."""
        self._used.setdefault(language, []).append(used)
        self._sizes[language] += sum(used.values())

    def clearly(self, words: Sequence[Word]) -> str:
        """The one language that is clearly ahead, and knows half of the words at least; else empty."""
        telling = [word for word in words if "" not in word.filler]
        known = Counter(language for word in telling if word.sure for language in word.known if language)
        if not known:
            return ""
        scores = {language: self._likely(language, telling) for language in self._used if language}
        first, second = sorted(scores, key=lambda language: -scores[language])[:2]
        clear = scores[first] - scores[second] >= CLEAR
        return first if clear and 2 * known[first] >= len(telling) else ""

    def _likely(self, language: str, words: Sequence[Word]) -> float:
        size = self._sizes[language] ** 0.5  # the root: a big lexicon is no bigger language
        return sum(log((self._uses(language, word) + UNHEARD) / size) for word in words)

    def _uses(self, language: str, word: Word) -> float:
        uses = max((used.get(form, 0) for used in self._used[language] for form in word.forms), default=0)
        if not uses and language in word.known:
            uses = 1
        return min(uses, COMMONEST) * (1 if word.sure else MISTYPED)
