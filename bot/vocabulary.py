"""The words of every language, and the places in phrases where each fits.

A place (``patterns.Place``) of a language gets a number, its class. A word of a message has the classes of all places
that take it: as it stands, by its beginning, as another spelling, behind a prefix, or over a typing error.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.lexicon import PICTURE, Lexicon
from bot.patterns import LANGUAGE, NUMBER, Place
from bot.spelling import Spelling

REMEMBERED = 20_000
"""Words kept at hand; then the memory starts anew."""

NOWHERE: frozenset[str] = frozenset()
EVERYBODY = frozenset({""})
"""The language of what means the same to all: pictures."""

_DOUBLED = re.compile(r"(\w)\1")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a message. ``filler``, ``doubt``, ``negates``, ``known``: the languages where it is or does that.

    ``keys`` are the classes that wake a phrase.
    ``sure``: it stands in a lexicon; otherwise it was read over a typing error. ``bases``: the words it was taken for.
    """

    classes: frozenset[int] = frozenset()
    keys: frozenset[int] = frozenset()
    filler: frozenset[str] = NOWHERE
    doubt: frozenset[str] = NOWHERE
    negates: frozenset[str] = NOWHERE
    known: frozenset[str] = NOWHERE
    sure: bool = True
    bases: tuple[str, ...] = ()


class Vocabulary:
    """Fills as phrases are planted; then answers for words."""

    def __init__(self) -> None:
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._stems: dict[str, set[int]] = defaultdict(set)
        self._known: dict[str, set[str]] = defaultdict(set)
        self._fillers: dict[str, set[str]] = defaultdict(set)
        self._doubts: dict[str, set[str]] = defaultdict(set)
        self._negations: dict[str, set[str]] = defaultdict(set)
        self._meant: dict[str, set[str]] = defaultdict(set)
        self._numbers: set[int] = set()
        self._prefixes: set[str] = set()
        self._count = 0
        self._spelling = Spelling(())
        self._lengths: list[int] = []
        self._waking: frozenset[int] = frozenset()
        self._memory: dict[str, Word] = {}

    def learn(self, lexicon: Lexicon, places: Iterable[Place]) -> dict[Place, int]:
        """Takes up one lexicon; the class of each of its places."""
        classes = {place: self._count + n for n, place in enumerate(dict.fromkeys(places))}
        self._count += len(classes)
        exact, stems = _spread(classes, lexicon)
        for word, found in exact.items():
            self._exact[word] |= found
        for stem, found in stems.items():
            self._stems[stem] |= found
        self._know(lexicon, exact)
        self._prefixes.update(lexicon.prefixes)
        if NUMBER in classes:
            self._numbers.add(classes[NUMBER])
        return classes

    def _know(self, lexicon: Lexicon, exact: Iterable[str]) -> None:
        filling = lexicon.fillers | lexicon.doubts
        rows = (
            (self._fillers, filling),
            (self._doubts, lexicon.doubts),
            (self._negations, lexicon.negations),
            (self._known, filling.union(exact, lexicon.ordinary, lexicon.negations)),
        )
        for kept, words in rows:
            for word in _also_spelled(words, lexicon):
                kept[word].add(lexicon.language)
        for written, meant in lexicon.spellings.items():
            self._meant[written].add(meant)

    def ready(self, waking: Iterable[int]) -> None:
        """After the last lexicon: typing errors can be looked up. ``waking``: the classes that phrases wait for."""
        self._waking = frozenset(waking)
        self._spelling = Spelling([*self._known, *self._stems])
        self._lengths = sorted({len(stem) for stem in self._stems})

    def knows(self, token: str) -> bool:
        """Whether a word stands in any lexicon as it is."""
        return token in self._known or bool(self._by_stem(token))

    def word(self, token: str) -> Word:
        """What a token of a message is."""
        word = self._memory.get(token)
        if word is None:
            if len(self._memory) >= REMEMBERED:
                self._memory.clear()
            word = self._memory[token] = self._looked_up(token)
        return word

    def forget(self) -> None:
        """Starts anew: for measuring what a word costs that nobody used yet."""
        self._memory.clear()

    def _looked_up(self, token: str) -> Word:
        if token.isdecimal():
            classes = frozenset(self._numbers | self._exact.get(token, set()))
            return Word(classes, classes & self._waking, bases=(token,))
        if self.knows(token):
            return self._word([token])
        if token.startswith(PICTURE):
            return Word(filler=EVERYBODY)
        for prefix in self._prefixes:
            rest = token.removeprefix(prefix)
            if rest != token and len(rest) > 1 and self.knows(rest):
                return self._word([rest])
        single = _DOUBLED.sub(r"\1", token)
        if single != token and self.knows(single):
            return self._word([single])
        near = self._spelling.near(token)
        return self._word(near, sure=False) if near else Word()

    def _word(self, tokens: Sequence[str], *, sure: bool = True) -> Word:
        classes = frozenset[int]().union(*(self._exact.get(t, ()) for t in tokens), *map(self._by_stem, tokens))
        filler, doubt, negates, known = (
            frozenset[str]().union(*(kind.get(t, ()) for t in tokens))
            for kind in (self._fillers, self._doubts, self._negations, self._known)
        )
        if tokens[0].startswith(PICTURE):
            filler |= EVERYBODY
        return Word(classes, classes & self._waking, filler, doubt, negates, known, sure, self._bases(tokens))

    def _bases(self, tokens: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*tokens, *(meant for token in tokens for meant in self._meant.get(token, ()))]))

    def _by_stem(self, token: str) -> set[int]:
        found = set[int]()
        for length in self._lengths:
            if length > len(token):
                break
            found |= self._stems.get(token[:length], set())
        return found


def _spread(classes: Mapping[Place, int], lexicon: Lexicon) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """The classes of one lexicon by word and by beginning, other spellings included."""
    exact: dict[str, set[int]] = defaultdict(set)
    stems: dict[str, set[int]] = defaultdict(set)
    for place, number in classes.items():
        for word in _words_of(place, lexicon):
            if word.endswith("*"):
                stems[word[:-1]].add(number)
            else:
                exact[word].add(number)
    for written, meant in lexicon.spellings.items():
        exact[written] |= exact.get(meant, set())
        for length in range(1, len(meant) + 1):
            exact[written] |= stems.get(meant[:length], set())
    return exact, stems


def _words_of(place: Place, lexicon: Lexicon) -> Iterable[str]:
    if isinstance(place, frozenset):
        return place
    return {NUMBER: lexicon.numbers, LANGUAGE: lexicon.languages}[place]


def _also_spelled(words: frozenset[str], lexicon: Lexicon) -> set[str]:
    return set(words) | {written for written, meant in lexicon.spellings.items() if meant in words}
