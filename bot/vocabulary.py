"""The words of every language: what a word of a message stands for in the phrases.

It stands for itself, for the beginnings that phrases name (``verwijder*``), for the word that it is a spelling of, for
what is left behind a prefix, for what it is in plain letters, for the words that sound like it, or those that it is a
typing error away from.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from bot.alike import SHORTEST, Alike
from bot.disguised import undisguised
from bot.lexicon import PICTURE, Lexicon
from bot.numbers import compound
from bot.outline import LANGUAGE, NUMBER
from bot.sentence import marks
from bot.spelling import Spelling, undoubled

REMEMBERED = 20_000
"""Words kept at hand; then the memory starts anew."""

EVERYDAY = 2
"""How often the phrases of a language use a word that is kept at hand for good: most words that people say."""

HEAD = 3
"""Letters by which the beginnings of words are found: shorter ones stand for themselves."""

NOWHERE: frozenset[str] = frozenset()
EVERYBODY = frozenset({""})
"""The language of what means the same to all: pictures."""

_NOTHING: Mapping[str, list[str]] = MappingProxyType({})


class Word(NamedTuple):
    """A word of a message. ``filler``, ``doubt``, ``negates``, ``known``: the languages where it is or does that.

    ``forms``: the words and beginnings of phrases that it stands for; ``there``: those in one language only.
    ``sure``: it stands in a lexicon; otherwise it was read over a typing error. ``bases``: the words it was taken for.
    ``number``: the number it is, as digits; ``codes``: of the languages it names. ``marks``: of all that it stands for.
    """

    forms: tuple[str, ...] = ()
    there: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    filler: frozenset[str] = NOWHERE
    doubt: frozenset[str] = NOWHERE
    negates: frozenset[str] = NOWHERE
    known: frozenset[str] = NOWHERE
    sure: bool = True
    bases: tuple[str, ...] = ()
    number: str = ""
    codes: tuple[str, ...] = ()
    marks: int = 0


_Kinds = tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]
"""The languages where a word fills, doubts, negates, is known."""

_MOST_LANGUAGES = 40
_KNOWN = 3
"""Which of the kinds says that a word is known."""


class Vocabulary:
    """Fills with lexicons; then answers for words."""

    def __init__(self) -> None:
        self._languages: list[str] = []
        self._bits: dict[str, int] = {}
        self._stems: dict[str, list[str]] = {}
        self._meant: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self._prefixes: list[tuple[str, int]] = []
        self.numbers: dict[str, int] = {}
        self._codes: dict[str, str] = {}
        self._alike: list[Alike] = []
        self._spelling: Spelling | None = None
        self._kinds: dict[int, _Kinds] = {}
        self._everyday: dict[str, Word | None] = {}
        self._memory: dict[str, Word] = {}

    def learn(self, lexicon: Lexicon, words: Mapping[str, int]) -> None:
        """Takes up one lexicon, with the ``words`` of its phrases and how often each is used."""
        for word in words:
            if word[-1] == "*":
                self._stand_by_head(word[:-1])
        mark = self._bit(lexicon.language) << _KNOWN * _MOST_LANGUAGES
        prefixes = {*self._prefixes, *((prefix, mark) for prefix in lexicon.prefixes)}
        # The shortest first: it takes least away. "w" before "wal", so that "walbayt" is "albayt".
        self._prefixes = sorted(prefixes, key=lambda row: (len(row[0]), row))
        self.numbers = {**lexicon.numbers, **self.numbers}
        self._codes = {**lexicon.languages, **self._codes}
        often = (word for word, number in words.items() if number >= EVERYDAY and word[-1] != "*")
        self._everyday.update(dict.fromkeys(often))
        self._know(lexicon, [word for word in words if word[-1] != "*"])
        if lexicon.alike:
            self._alike.append(Alike(lexicon.alike, {*words, *lexicon.numbers, *lexicon.spellings, *lexicon.languages}))
        rows = [*lexicon.spellings.items()]
        rows += [(word, NUMBER) for word in lexicon.numbers] + [(word, LANGUAGE) for word in lexicon.languages]
        for written, meant in rows:
            self._meant[written].setdefault(lexicon.language, []).append(meant)

    def _know(self, lexicon: Lexicon, words: Iterable[str]) -> None:
        bit = self._bit(lexicon.language)
        filling = lexicon.fillers | lexicon.doubts
        known = filling.union(words, lexicon.numbers, lexicon.languages, lexicon.ordinary, lexicon.negations)
        bits = self._bits
        for number, kind in enumerate((filling, lexicon.doubts, lexicon.negations, known)):
            mark = bit << number * _MOST_LANGUAGES
            for word in (*kind, *[written for written, meant in lexicon.spellings.items() if meant in kind]):
                bits[word] = bits.get(word, 0) | mark

    def _stand_by_head(self, stem: str) -> None:
        """Puts a beginning with those that have the same first letters, the shortest first."""
        row = self._stems.setdefault(stem[:HEAD], [])
        if stem not in row:
            row.append(stem)
            row.sort(key=len)

    def _bit(self, language: str) -> int:
        if language not in self._languages:
            self._languages.append(language)
        return 1 << self._languages.index(language)

    def knows(self, token: str) -> bool:
        """Whether a word stands in any lexicon as it is."""
        return token in self._bits or bool(self._beginnings(token))

    def _known_to(self, token: str, mark: int) -> bool:
        """Whether a word stands in the lexicon of one language; of a beginning that is not told."""
        bits = self._bits.get(token)
        return bool(self._beginnings(token)) if bits is None else bool(bits & mark)

    def _knows_more_of(self, word: str, begun: Sequence[str]) -> bool:
        """Whether a word stands in a lexicon, or begins with more letters of one than these beginnings have."""
        return word in self._bits or len("".join(self._beginnings(word)[-1:])) > max(SHORTEST, *map(len, begun), 0)

    def word(self, token: str) -> Word:
        """What a token of a message is."""
        word = self._everyday.get(token) or self._memory.get(token)
        if word is None:
            if len(self._memory) >= REMEMBERED:
                self._memory.clear()
            word = self._memory[token] = self._looked_up(token)
        return word

    def read_ahead(self) -> None:
        """Looks up the everyday words, and puts in order what only a word needs that stands in no lexicon."""
        for word in self._everyday:
            self._everyday[word] = self._looked_up(word)
            time.sleep(0)
        self.spelling.near("")
        for sounds in self._alike:
            sounds.words("a" * SHORTEST)

    @property
    def everyday(self) -> Collection[str]:
        """The words kept at hand for good."""
        return self._everyday.keys()

    def forget(self) -> None:
        """Starts anew with all but the everyday words: for measuring what a word costs that nobody used yet."""
        self._memory.clear()

    def _looked_up(self, token: str) -> Word:
        if token.isdecimal():
            return _number(token, self.numbers.get(token, token))
        if token in self._bits:
            return self._word([token])
        number = compound(token, self.numbers)
        if number is not None:
            return _number(token, number)
        begun = self._beginnings(token)
        meant = next((word for word in undisguised(token) if self._knows_more_of(word, begun)), "")
        if meant:
            return self._word([meant])
        if begun:
            swapped = self.spelling.swapped(token) if len(begun[-1]) < len(token) else []
            return self._word(swapped or [token], sure=not swapped)
        if token.startswith(PICTURE):
            return Word(filler=EVERYBODY)
        for prefix, mark in self._prefixes:
            rest = token.removeprefix(prefix)
            if rest != token and len(rest) > 1 and self._known_to(rest, mark):
                return self._word([rest])
        single = undoubled(token)
        if single != token and self.knows(single):
            return self._word([single])
        alike = [word for sounds in self._alike for word in sounds.words(token)]
        if alike:
            return self._word(alike, sure=False)
        near = self.spelling.doubled(token) or self.spelling.near(token)
        return self._word(near, sure=False) if near else Word((token,), marks=marks((token,)))

    @property
    def spelling(self) -> Spelling:
        """The words that a mistyped one may stand for; put in order when the first one comes."""
        if self._spelling is None:
            stems = chain.from_iterable(self._stems.values())
            self._spelling = Spelling([*self._bits, *stems], {*self._everyday, *self.numbers})
        return self._spelling

    def _word(self, tokens: Sequence[str], *, sure: bool = True) -> Word:
        forms = tuple(dict.fromkeys([*tokens, *(form for token in tokens for form in self._beginnings(token))]))
        bits = 0
        for token in tokens:
            bits |= self._bits.get(token, 0)
        filler, doubt, negates, known = self._kinds.get(bits) or self._kinds_of(bits)
        if tokens[0].startswith(PICTURE):
            filler |= EVERYBODY
        there = self._there(tokens)
        bases = self._bases(tokens) if there else tuple(tokens)
        number = next((str(self.numbers.get(base, base)) for base in bases if self._is_number(base)), "")
        codes = tuple([self._codes[base] for base in bases if base in self._codes])
        seen = marks(chain(forms, *there.values()))
        return Word(forms, there, filler, doubt, negates, known, sure, bases, number, codes, seen)

    def _is_number(self, base: str) -> bool:
        return base in self.numbers or base.isdecimal()

    def _kinds_of(self, bits: int) -> _Kinds:
        rows = [bits >> number * _MOST_LANGUAGES for number in range(4)]
        filler, doubt, negates, known = (
            frozenset(name for n, name in enumerate(self._languages) if row >> n & 1) for row in rows
        )
        self._kinds[bits] = filler, doubt, negates, known
        return self._kinds[bits]

    def _beginnings(self, token: str) -> list[str]:
        heads = [token[:end] for end in range(1, min(HEAD, len(token)) + 1)]
        stems = [stem for head in heads if head in self._stems for stem in self._stems[head]]
        return [f"{stem}*" for stem in stems if token.startswith(stem)]

    def _there(self, tokens: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """What these stand for in one language only: the word they are a spelling of, a number, a language."""
        found: dict[str, tuple[str, ...]] = {}
        for token in tokens:
            for language, words in self._meant.get(token, _NOTHING).items():
                forms = [form for word in words for form in self._meaning(word, language)]
                found[language] = tuple(dict.fromkeys([*found.get(language, ()), *forms]))
        return found

    def _meaning(self, word: str, language: str) -> list[str]:
        slots = self._meant.get(word, _NOTHING).get(language, ())
        return [word, *self._beginnings(word), *(slot for slot in slots if slot in (NUMBER, LANGUAGE))]

    def _bases(self, tokens: Sequence[str]) -> tuple[str, ...]:
        meant = [word for token in tokens for rows in self._meant.get(token, {}).values() for word in rows]
        return tuple(dict.fromkeys([*tokens, *(word for word in meant if word[0] != "<")]))


def _number(token: str, value: int | str) -> Word:
    return Word((token, NUMBER), bases=(token,), number=str(value), marks=marks((token, NUMBER)))
