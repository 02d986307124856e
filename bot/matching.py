"""Finds every phrase of every language in a message.

Each phrase waits for its rarest word (``automaton.keys``): a message wakes only the phrases of which it has that word,
so that it costs what its own words cost, not what all lexicons hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import or_

from bot.automaton import Program, Sieve, State, Wanted, build, program
from bot.lexicon import VOLUNTEERED, Is, Lexicon, plain
from bot.opinion import Opinion
from bot.patterns import LANGUAGE, NUMBER, Form, Part, Place, places
from bot.vocabulary import Vocabulary, Word

WIDEST_GAP = 4
"""Words that may stand where a phrase has ``...`` in its middle."""

FARTHEST = 8
"""Words that may stand between the parts of a phrase with ``+``: farther apart they belong to different sentences."""

LONGEST = 120
"""Words of a message that are looked at; a longer one has said what it is about."""

ANYWHERE = frozenset({Is.DANGER, Is.VIOLENCE, Is.DISTRESS, Is.HOMELESS, Is.HARMLESS, *VOLUNTEERED})
"""Meanings whose phrases count wherever they stand."""

CONTENT, FILLER = 2, 1
"""What a word that says something weighs, and one that fills."""

OWN = 0.8
"""The part of the words that makes a message one of a language."""

MOST, ENOUGH = 0.55, 0.25
"""The part of what a message weighs that a phrase must account for, to leave no room for another opinion; and that a
harmless one must: it explains what looked alarming, not whatever else is said."""


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

    def explains(self, other: Match) -> bool:
        """Whether at least half of the words that another one is about stand within this one."""
        here = (1 << self.end) - (1 << self.start)
        return 0 < other.says.bit_count() <= 2 * (other.says & here).bit_count()


@dataclass(frozen=True)
class _Phrase:
    """One phrase ready to be looked for, or one part of a phrase with ``+``."""

    name: Is
    language: str
    form: Form
    classes: Mapping[Place, int]
    needs: tuple[frozenset[int], ...]
    open_left: bool
    open_right: bool
    part: tuple[int, int] | None = None

    @cached_property
    def first(self) -> State:
        """Where a walk through it begins; made when a message first wakes the phrase."""
        return build(self.form, self.classes)

    @cached_property
    def ready(self) -> Program:
        """Itself for the sieve."""
        return program(self.form, self.classes)

    @cached_property
    def starts(self) -> frozenset[int]:
        """The classes of the words with which it may begin."""
        return frozenset(number for number, _ in self.first.steps)


@dataclass(frozen=True, slots=True)
class _Span:
    """Where a phrase was found, and what it accounts for."""

    start: int
    end: int
    weight: int
    sure: bool = True
    value: str = ""
    says: int = 0


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
        whole = sum(FILLER if word.filler else CONTENT for word in self.words)
        return any(match.sure and match.weight >= _enough(match) * whole for match in self.matches)

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
        self._by_key: dict[int, list[int]] = {}
        self._parts: list[int] = []  # how many each phrase with + has
        self._shorthand: dict[str, dict[str, tuple[str, ...]]] = {}
        self._vocabulary = Vocabulary()
        self._slots: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._languages: dict[str, str] = {}
        openings: set[str] = set()
        for lexicon in lexicons:
            self._learn(lexicon)
            openings.update(lexicon.name_openings)
        self._vocabulary.ready(self._by_key.keys())
        self.name_openings = tuple(sorted(openings, key=len, reverse=True))

    # Learning

    def _learn(self, lexicon: Lexicon) -> None:
        rows = [row for patterns in lexicon.phrases.values() for pattern in patterns for row in pattern.parts]
        found = list(dict.fromkeys([NUMBER, LANGUAGE, *(place for row in rows for place in places(row.form))]))
        classes = self._vocabulary.learn(lexicon, found)
        self._slots |= {classes[slot]: slot for slot in (NUMBER, LANGUAGE)}
        rarity = _Rarity(lexicon, found)
        wants = Wanted(rarity.of)
        for name, patterns in lexicon.phrases.items():
            for pattern in patterns:
                self._plant(name, lexicon.language, pattern.parts, classes, wants, rarity)
        self._numbers = {**lexicon.numbers, **self._numbers}
        self._languages = {**lexicon.languages, **self._languages}
        for written, several in lexicon.shorthand.items():
            self._shorthand.setdefault(written, {})[lexicon.language] = several

    def _plant(
        self,
        name: Is,
        language: str,
        parts: Sequence[Part],
        classes: Mapping[Place, int],
        wants: Wanted,
        rarity: _Rarity,
    ) -> None:
        several = len(parts) > 1
        if several:
            self._parts.append(len(parts))
        for number, row in enumerate(parts):
            anywhere = several or name in ANYWHERE
            part = (len(self._parts) - 1, number) if several else None
            wanted = wants.by(row.form)
            for place in min(wanted, key=rarity.of):
                self._by_key.setdefault(classes[place], []).append(len(self._phrases))
            phrase = _Phrase(
                name,
                language,
                row.form,
                classes,
                tuple(frozenset(classes[place] for place in need) for need in wanted),
                anywhere or row.open_left,
                anywhere or row.open_right,
                part,
            )
            self._phrases.append(phrase)

    # Reading

    def read(self, words: str, language: str, *, write_out: bool = True) -> Reading:
        """A message as ``plain`` leaves it, from a contact who uses ``language``.

        ``write_out``: a word that stands for several is taken for those.
        """
        tokens, written = self._tokens(words, language) if write_out else _as_written(words)
        looked_up = tuple(self._vocabulary.word(token) for token in tokens)
        awake = self._awake(looked_up, language)
        found = [
            (match, phrase.part) for phrase in awake for match in _nearest(self._matches(phrase, looked_up, language))
        ]
        matches = tuple(self._added_up(found))
        numbers = tuple(self._number(word) for word in looked_up)
        return Reading(tokens, written, looked_up, matches, numbers, language, tokens != written)

    def forget(self) -> None:
        """Forgets the words it has at hand: for measuring."""
        self._vocabulary.forget()
        if self.opinion is not None:
            self.opinion.forget()

    def language_of(self, text: str) -> str:
        """The language that a message is clearly in; empty where it is not clear."""
        return clearly(self.read(plain(text), ""))

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

    def _number(self, word: Word) -> str:
        return next((str(self._numbers.get(base, base)) for base in word.bases if self._is_number(base)), "")

    def _is_number(self, base: str) -> bool:
        return base.isdecimal() or base in self._numbers

    def _value(self, slot: str, word: Word) -> str:
        """What stands in the place of a number or a language: its digits, its code."""
        if slot == NUMBER:
            return self._number(word)
        return next((self._languages[base] for base in word.bases if base in self._languages), "")

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

    def _awake(self, words: Sequence[Word], own: str) -> Iterable[_Phrase]:
        """The phrases of which the message has every word that cannot be left out, in an order that will do."""
        woken = {number for word in words for key in word.keys for number in self._by_key[key]}
        if not woken:
            return ()
        said = frozenset[int]().union(*(word.classes for word in words))
        phrases = [self._phrases[number] for number in woken]
        near = [phrase for phrase in phrases if not any(map(said.isdisjoint, phrase.needs))]
        sieves = {language: _sieve(words, said, language, own) for language in {phrase.language for phrase in near}}
        return [p for p in near if sieves[p.language].passes(p.ready, p.open_left, p.open_right)]

    def _found(self, phrase: _Phrase, words: Sequence[Word], own: str) -> Iterator[_Span]:
        """Everywhere that a phrase stands; one without ``...`` in front only behind words that fill."""
        fills = {phrase.language, own, ""}
        for start, word in enumerate(words):
            if not phrase.starts.isdisjoint(word.classes):
                yield from self._walk(phrase, words, start)
            if not phrase.open_left and fills.isdisjoint(word.filler):
                return

    def _walk(self, phrase: _Phrase, words: Sequence[Word], start: int) -> Iterator[_Span]:
        """Every way through a phrase from one word on.

        A step is a place in the phrase, the word it came to, the words it may still leap over (-1: none), the words it
        took, and whether it took the last one.
        """
        last = len(words)
        walk: list[_Step] = [(phrase.first, start, -1, (), False)]
        while walk:
            state, at, leap, taken, arrived = walk.pop()
            if arrived and state.end:
                yield self._span(phrase.language, words, start, at, taken)
            if leap < 0:
                walk += [(behind, at, WIDEST_GAP, taken, False) for behind in state.gaps]
            if at == last:
                continue
            classes = words[at].classes
            walk += [
                (then, at + 1, -1, (*taken, (at, number)), True) for number, then in state.steps if number in classes
            ]
            if leap > 0:
                walk.append((state, at + 1, leap - 1, taken, False))
            elif leap < 0 and taken and phrase.language in words[at].filler:
                walk.append((state, at + 1, -1, taken, False))

    def _span(self, language: str, words: Sequence[Word], start: int, end: int, taken: _Taken) -> _Span:
        weight = sum(FILLER if language in words[at].filler else CONTENT for at, _ in taken)
        value = ""
        for at, number in taken:
            if number in self._slots:
                value = self._value(self._slots[number], words[at])
        says = sum(1 << at for at, _ in taken if language not in words[at].filler)
        return _Span(start, end, weight, all(words[at].sure for at, _ in taken), value, says)

    def _matches(self, phrase: _Phrase, words: Sequence[Word], language: str) -> Iterator[Match]:
        """A phrase wherever it was found and may stand."""
        fills = {phrase.language, language, ""}
        for span in self._found(phrase, words, language):
            alone_left = all(fills & word.filler for word in words[: span.start])
            alone_right = all(fills & word.filler for word in words[span.end :])
            if (phrase.open_left or alone_left) and (phrase.open_right or alone_right):
                yield _match(phrase, span, whole=alone_left and alone_right)

    def _added_up(self, found: Sequence[_Found]) -> Iterator[Match]:
        """The phrases found; those with ``+`` once all their parts are there."""
        parts: dict[int, list[tuple[Match, int]]] = {}
        for match, part in found:
            if part is None:
                yield match
            else:
                parts.setdefault(part[0], []).append((match, part[1]))
        for phrase, rows in parts.items():
            for near in _near_each_other(rows):
                if len(near) == self._parts[phrase]:
                    yield _sum(list(near.values()))


_Taken = tuple[tuple[int, int], ...]
"""The words that a phrase took: which one, and the class it was taken for."""

_Step = tuple[State, int, int, _Taken, bool]
_Found = tuple[Match, tuple[int, int] | None]


def _enough(match: Match) -> float:
    return ENOUGH if match.name is Is.HARMLESS else MOST


def _match(phrase: _Phrase, span: _Span, *, whole: bool) -> Match:
    return Match(
        phrase.name, phrase.language, span.start, span.end, span.weight, whole, span.sure, span.value, span.says
    )


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


class _Rarity:
    """How common a place of a phrase is: the more places its words fit, the more messages have one of them."""

    def __init__(self, lexicon: Lexicon, found: Iterable[Place]) -> None:
        count = Counter(word for place in found if isinstance(place, frozenset) for word in place)
        filling = lexicon.fillers | lexicon.doubts
        stems = {word: _SHORT_STEM for word in count if word.endswith("*")}
        words = {word: n + stems.get(word, 0) + (_COMMON if word in filling else 0) for word, n in count.items()}
        self._places = {
            place: sum(words[word] for word in place) if isinstance(place, frozenset) else _SLOT for place in found
        }

    def of(self, need: Iterable[Place]) -> int:
        """How many messages have one of these, by a rough measure."""
        return sum(self._places[place] for place in need)


_SLOT, _COMMON, _SHORT_STEM = 20, 200, 2


def _sieve(words: Sequence[Word], said: frozenset[int], language: str, own: str) -> Sieve:
    """A sieve for the phrases of one language; ``own`` is the contact's."""
    fillers = sum(1 << at for at, word in enumerate(words) if language in word.filler)
    fills = {language, own, ""}
    idle = sum(1 << at for at, word in enumerate(words) if not fills.isdisjoint(word.filler))
    return Sieve([word.classes for word in words], said, fillers, idle, WIDEST_GAP)


def _as_written(words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    tokens = tuple(words.split()[:LONGEST])
    return tokens, tokens


CLEAR = 2
"""Words by which a language must be ahead of all others to be clearly the one."""


def clearly(reading: Reading) -> str:
    """The one language that knows most of the words, and clearly more of them than any other; else empty."""
    counts = Counter(language for word in reading.words if word.sure for language in word.known if language)
    if not counts:
        return ""
    (first, most), *others = counts.most_common(2)
    second = others[0][1] if others else 0
    half = 2 * most >= len([word for word in reading.words if "" not in word.filler])
    return first if half and most - second >= min(CLEAR, len(reading.words)) else ""
