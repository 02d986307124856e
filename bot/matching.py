"""Finds every phrase of every language in a message.

Each phrase waits for its rarest word: a message wakes only the phrases of which it has that word, so that it costs what
its own words cost, not what all lexicons hold.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import attrgetter, or_

from bot.automaton import Sentence, value_of, words_of
from bot.lexicon import VOLUNTEERED, Is, Lexicon, plain
from bot.opinion import Opinion
from bot.outline import Need
from bot.patterns import ENDLESS, Part, Pattern, longest
from bot.tongues import Tongues
from bot.vocabulary import Vocabulary, Word

FARTHEST = 8
"""Words that may stand between the parts of a phrase with ``+``: farther apart they belong to different sentences."""

LONGEST = 120
"""Words of a message that are looked at; a longer one has said what it is about."""

ANYWHERE = frozenset({Is.DANGER, Is.VIOLENCE, Is.DISTRESS, Is.HOMELESS, Is.HARMLESS, Is.NOT_TOLD, *VOLUNTEERED})
"""Meanings whose phrases count wherever they stand."""

SAID_IN_DESPAIR = frozenset({Is.LONELY, Is.NOT_TOLD})
"""Meanings that leave room for another opinion, whatever they account for: who has nobody may mean worse."""

ALARMING = SAID_IN_DESPAIR | {Is.DANGER, Is.VIOLENCE, Is.DISTRESS, Is.HOMELESS}

CONTENT, FILLER = 2, 1
"""What a word that says something weighs, and one that fills."""

OWN = 0.8
"""The part of the words that makes a message one of a language."""

MOST, ENOUGH = 0.55, 0.25
"""The part of what a message weighs that a phrase must account for, to leave no room for another opinion; and that a
harmless one must: it explains what looked alarming, not whatever else is said."""

SOME = 0.35
"""The part of it with which a phrase says at least what it is about."""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in words ``start`` to ``end``. ``whole``: nothing else was said that counts.

    ``weight`` is what it accounts for; ``sure`` is False where a typing error was read over; ``value`` is the word in
    the place of a number or a language; ``says`` are the words it is about, as bits of a number.
    """

    name: Is
    language: str
    start: int
    end: int
    weight: int
    whole: bool
    sure: bool = True
    value: str = ""
    says: int = 0

    def overlaps(self, other: Match) -> bool:
        """Whether the two share a word."""
        return self.start < other.end and other.start < self.end

    def explains(self, other: Match) -> bool:
        """Whether at least half of the words that another one is about stand within this one."""
        here = (1 << self.end) - (1 << self.start)
        return 0 < other.says.bit_count() <= 2 * (other.says & here).bit_count()


class _Phrase:
    """One phrase ready to be looked for: it has words of which a message must have ``every`` one, and sets of words of
    each of which it must have ``one_of``."""

    __slots__ = ("_parts", "every", "language", "most", "name", "one_of", "pattern")

    def __init__(self, name: Is, language: str, pattern: Pattern, rarest: Need) -> None:
        self.name = name
        self.language = language
        self.pattern = pattern
        words = [need.words for need in pattern.needs]
        self.every = frozenset[str]().union(*[place for place in words if len(place) == 1])
        self.one_of = [place for place in words if len(place) > 1 and place is not rarest.words]
        self.most = ENDLESS  # words of a message that say something, where it is a whole message
        self._parts: tuple[Part, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Its parts; of some meanings with other words around them."""
        if not self._parts:
            parts = self.pattern.parts
            self._parts = tuple(Part(part.form, True, True) for part in parts) if self.name in ANYWHERE else parts
            if not any(part.open_left or part.open_right for part in self._parts):
                self.most = longest(parts[0].form)
        return self._parts


@dataclass(frozen=True, slots=True)
class Reading:
    """A message read: its words as compared and as written, and the phrases found in it."""

    tokens: tuple[str, ...]
    written: tuple[str, ...]
    words: tuple[Word, ...]
    matches: tuple[Match, ...]
    numbers: tuple[str, ...]
    """For each word the number it is, as digits; empty where it is none."""

    language: str = ""
    """The one that the contact uses."""

    rewritten: bool = False
    """Whether words were written out that stand for several: another language may mean something else by them."""

    @property
    def doubtful(self) -> bool:
        """Whether somebody hesitates: "euh 2 denk ik"."""
        return any(self.language in word.doubt for word in self.words)

    @property
    def accounted(self) -> bool:
        """Whether a phrase accounts for most of it, or one for a good part that says it only looks alarming."""
        if all(number or word.filler for word, number in zip(self.words, self.numbers, strict=True)):
            return True
        whole = self._weight(range(len(self.words)))
        known = [match for match in self.matches if match.sure and match.name not in SAID_IN_DESPAIR]
        if any(match.weight >= _enough(match) * whole for match in known):
            return True
        told = {at for match in known if match.name in VOLUNTEERED for at in range(match.start, match.end)}
        return self._weight(told) >= MOST * whole

    @property
    def about_else(self) -> bool:
        """Whether a phrase in the contact's own language says what some of it is about, and that is no alarm."""
        least = SOME * self._weight(range(len(self.words)))
        return any(
            match.sure
            and match.weight >= least
            and match.name not in ALARMING
            and match.language in ("", self.language)
            for match in self.matches
        )

    def _weight(self, places: Iterable[int]) -> int:
        return sum(FILLER if self.words[at].filler else CONTENT for at in places)

    @property
    def own(self) -> bool:
        """Whether nearly all words are of the contact's own language."""
        known = sum(self.language in word.known and word.sure for word in self.words)
        return known >= OWN * len(self.words)

    @property
    def harmless(self) -> bool:
        """Whether a phrase says that it only looks alarming."""
        return any(match.name is Is.HARMLESS for match in self.matches)

    @property
    def negated(self) -> bool:
        """Whether something is said not to be."""
        return any(word.negates for word in self.words)

    def evidence(self, match: Match) -> str:
        """The words a match was seen in."""
        return " ".join(dict.fromkeys(self.written[match.start : match.end]))


class Matcher:
    """All lexicons, made ready. One for the whole process."""

    def __init__(self, lexicons: Iterable[Lexicon], opinion: Opinion | None = None) -> None:
        self.opinion = opinion
        self._phrases: list[_Phrase] = []
        self._waiting: dict[str, list[_Phrase]] = {}
        self._shorthand: dict[str, dict[str, tuple[str, ...]]] = {}
        self._vocabulary = Vocabulary()
        self._tongues = Tongues()
        self._numbers: dict[str, int] = {}
        self._languages: dict[str, str] = {}
        openings: set[str] = set()
        for lexicon in lexicons:
            self._learn(lexicon)
            openings.update(lexicon.name_openings)
        self.name_openings = tuple(sorted(openings, key=len, reverse=True))

    # Learning

    def _learn(self, lexicon: Lexicon) -> None:
        patterns = [pattern for rows in lexicon.phrases.values() for pattern in rows]
        readers = {id(pattern.reader): pattern.reader for pattern in patterns}.values()
        self._vocabulary.learn(lexicon, frozenset[str]().union(*(reader.used for reader in readers)))
        for reader in readers:
            self._tongues.learn(lexicon.language, reader.used)
        for name, rows in lexicon.phrases.items():
            for pattern in rows:
                self._plant(name, lexicon.language, pattern)
        self._numbers = {**lexicon.numbers, **self._numbers}
        self._languages = {**lexicon.languages, **self._languages}
        for written, several in lexicon.shorthand.items():
            self._shorthand.setdefault(written, {})[lexicon.language] = several

    def _plant(self, name: Is, language: str, pattern: Pattern) -> None:
        rarest = min(pattern.needs, key=_COST)
        phrase = _Phrase(name, language, pattern, rarest)
        self._phrases.append(phrase)
        for word in rarest.words:
            self._waiting.setdefault(word, []).append(phrase)

    def read_ahead(self) -> None:
        """Reads what no message asked for yet, and lets others go first."""
        self._vocabulary.read_ahead()
        for phrase in self._phrases:
            phrase.parts  # noqa: B018 - reading it is all
            time.sleep(0)

    # Reading

    def read(self, words: str, language: str, *, write_out: bool = True) -> Reading:
        """A message as ``plain`` leaves it, from a contact who uses ``language``.

        ``write_out``: a word that stands for several is taken for those.
        """
        tokens, written = self._tokens(words, language) if write_out else _as_written(words)
        looked_up = tuple(map(self._vocabulary.word, tokens))
        sight = _Sight(looked_up, language)
        matches = tuple(match for phrase in self._awake(sight) for match in self._matches(phrase, sight))
        numbers = tuple(map(self._number, looked_up))
        return Reading(tokens, written, looked_up, matches, numbers, language, tokens != written)

    def _awake(self, sight: _Sight) -> Iterator[_Phrase]:
        """The phrases that stand in a message, by a measure that is now and then too kind."""
        waiting, common, by = self._waiting, sight.common, sight.said
        woken = [
            phrase
            for word in sight.everything
            if word in waiting
            for phrase in waiting[word]
            if phrase.most >= sight.solid and phrase.every <= by.get(phrase.language, common)
        ]
        near = [phrase for phrase in woken if not any(map(by.get(phrase.language, common).isdisjoint, phrase.one_of))]
        for phrase in dict.fromkeys(near):
            sentence = sight.by(phrase.language)
            if all(map(sentence.has, phrase.parts)):
                yield phrase

    def _matches(self, phrase: _Phrase, sight: _Sight) -> Iterable[Match]:
        """Where a phrase stands."""
        parts = [_nearest(self._of_part(phrase, part, sight)) for part in phrase.parts]
        if len(parts) == 1:
            return parts[0]
        rows = [(match, number) for number, matches in enumerate(parts) for match in matches]
        return [_sum(list(near.values())) for near in _near_each_other(rows) if len(near) == len(parts)]

    def _of_part(self, phrase: _Phrase, part: Part, sight: _Sight) -> Iterator[Match]:
        sentence = sight.by(phrase.language)
        for start, end, taken in sentence.ways(part):
            words = words_of(taken)
            yield Match(
                phrase.name,
                phrase.language,
                start,
                end,
                sentence.weight(words),
                sentence.is_whole(start, end),
                words & sight.unsure == 0,
                self._value(taken, sight),
                words & ~sentence.fillers,
            )

    def forget(self) -> None:
        """Forgets the words it has at hand: for measuring."""
        self._vocabulary.forget()
        if self.opinion is not None:
            self.opinion.forget()

    def language_of(self, text: str) -> str:
        """The language that a message is clearly in; empty where it is not clear."""
        return self._tongues.clearly(self.read(plain(text), "").words)

    def spoken(self, reading: Reading) -> list[int | str]:
        """The message as a row for ``bot.numbers``: number words as numbers, everything else as it stands."""
        row: list[int | str] = []
        at = 0
        while at < len(reading.tokens):
            pair = " ".join(reading.tokens[at : at + 2])
            if pair in self._numbers:  # "quatre vingt"
                row.append(self._numbers[pair])
                at += 2
                continue
            token, value = reading.tokens[at], reading.numbers[at]
            row.append(token if token.isdecimal() else int(value) if value else f" {token} ")
            at += 1
        return row

    def tongues(self, reading: Reading) -> set[str]:
        """The languages that a message names."""
        return {self._languages[base] for word in reading.words for base in word.bases if base in self._languages}

    def _number(self, word: Word) -> str:
        return next((str(self._numbers.get(base, base)) for base in word.bases if self._is_number(base)), "")

    def _is_number(self, base: str) -> bool:
        return base.isdecimal() or base in self._numbers

    def _value(self, taken: int, sight: _Sight) -> str:
        """What stands in the place of a number or a language: its digits, its code."""
        at = value_of(taken)
        if at < 0:
            return ""
        word = sight.words[at]
        return self._number(word) or next((self._languages[b] for b in word.bases if b in self._languages), "")

    def _tokens(self, words: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        pairs = [
            (token, written) for written in words.split()[:LONGEST] for token in self._written_out(written, language)
        ]
        return tuple(token for token, _ in pairs), tuple(written for _, written in pairs)

    def _written_out(self, token: str, language: str) -> tuple[str, ...]:
        """A word that stands for several is written out in the contact's language, or in the only one that has it."""
        several = self._shorthand.get(token)
        if several is None:
            return (token,)
        if language in several:
            return several[language]
        if len(several) == 1 and not self._vocabulary.knows(token):
            return next(iter(several.values()))
        return (token,)


class _Sight:
    """The words of a message as each language sees them: most of what is ``said`` is ``common`` to all."""

    def __init__(self, words: Sequence[Word], own: str) -> None:
        self.words = words
        self.unsure = 0
        self._own = own
        self._sentences: dict[str, Sentence] = {}
        self._at: dict[str, int] = {}
        self._there: dict[str, dict[str, int]] = {}
        self._fillers: dict[str, int] = {}
        for n, word in enumerate(words):
            _mark(self._at, word.forms, 1 << n)
            _mark(self._fillers, word.filler, 1 << n)
            for language, forms in word.there.items():
                _mark(self._there.setdefault(language, {}), forms, 1 << n)
            if not word.sure:
                self.unsure |= 1 << n
        self.solid = sum(not word.filler for word in words)
        self.common = frozenset(self._at)
        self.said = {language: self.common.union(forms) for language, forms in self._there.items()}
        self.everything = self.common.union(*self._there.values())

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


_COST = attrgetter("cost")


def _enough(match: Match) -> float:
    return ENOUGH if match.name is Is.HARMLESS else MOST


def _nearest(matches: Iterable[Match]) -> list[Match]:
    """Without those that go on to a word farther off and account for no more: "gsm dood, ik wil dood"."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.start, m.end, -m.weight)):
        before = kept[-1] if kept else None
        if before is None or (before.start, before.value) != (match.start, match.value) or before.weight < match.weight:
            kept.append(match)
    return kept


def _near_each_other(rows: Iterable[tuple[Match, int]]) -> Iterator[dict[int, Match]]:
    """The parts of a phrase with ``+`` that stand together: of each number the one that accounts for most."""
    near: dict[int, Match] = {}
    end = 0
    for match, number in sorted(rows, key=lambda row: row[0].start):
        if near and match.start - end > FARTHEST:
            yield near
            near = {}
        near[number] = max(near.get(number, match), match, key=lambda m: m.weight)
        end = max(end, match.end)
    yield near


def _sum(matches: Sequence[Match]) -> Match:
    """The parts of a phrase with ``+`` as one."""
    return replace(
        matches[0],
        start=min(match.start for match in matches),
        end=max(match.end for match in matches),
        weight=sum(match.weight for match in matches),
        whole=False,
        sure=all(match.sure for match in matches),
        says=reduce(or_, (match.says for match in matches)),
    )


def _as_written(words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    tokens = tuple(words.split()[:LONGEST])
    return tokens, tokens
