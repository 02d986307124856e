"""Finds every phrase of every language in a message, in one walk: the languages share one tree.

The tree goes from class to class (``bot.vocabulary``), so that it is as big as the phrases are as written, and a
message costs what its own words cost, not what all lexicons hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.lexicon import Is, Lexicon, plain
from bot.patterns import GAP, LANGUAGE, NUMBER, Atom, Form
from bot.vocabulary import Vocabulary, Word

WIDEST_GAP = 4
"""Words that may stand where a phrase has ``...`` in its middle."""

LONGEST = 120
"""Words of a message that are looked at; a longer one has said what it is about."""

ANYWHERE = frozenset({Is.DANGER, Is.VIOLENCE, Is.DISTRESS, Is.HOMELESS, Is.HARMLESS})
"""Meanings whose phrases count wherever they stand."""

CONTENT, FILLER = 2, 1
"""What a word that says something weighs, and one that fills."""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in words ``start`` to ``end``. ``whole``: nothing else was said that counts.

    ``weight`` is what it accounts for; ``sure`` is False where a typing error was read over; ``value`` is the word in
    the place of a number or a language.
    """

    name: Is
    language: str
    start: int
    end: int
    weight: int
    whole: bool
    sure: bool = True
    value: str = ""

    def overlaps(self, other: Match) -> bool:
        """Whether the two share a word."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class _End:
    """A phrase ends here, or one part of a phrase with ``+``."""

    name: Is
    language: str
    open_left: bool
    open_right: bool
    part: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Span:
    """How far a walk through the tree came, and what it accounted for."""

    start: int
    end: int
    weight: int
    sure: bool = True
    value: str = ""

    def longer(self) -> _Span:
        """One word further, and none the wiser."""
        return _Span(self.start, self.end + 1, self.weight, self.sure, self.value)


@dataclass(slots=True)
class _Node:
    """A place in the tree: what may follow, and what ends here."""

    language: str = ""
    then: dict[int, _Node] = field(default_factory=dict)
    gap: _Node | None = None
    ends: list[_End] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """A message read: its words as compared and as written, and the phrases found in it."""

    tokens: tuple[str, ...]
    written: tuple[str, ...]
    words: tuple[Word, ...]
    matches: tuple[Match, ...]
    numbers: tuple[str, ...]
    """For each word the number it is, as digits; empty where it is none."""

    @property
    def doubtful(self) -> bool:
        """Whether somebody hesitates: "euh 2 denk ik"."""
        return any(word.doubt for word in self.words)

    @property
    def negated(self) -> bool:
        """Whether something is said not to be."""
        return any(word.negates for word in self.words)

    def evidence(self, match: Match) -> str:
        """The words a match was seen in."""
        return " ".join(dict.fromkeys(self.written[match.start : match.end]))


class Matcher:
    """All lexicons, made ready. One for the whole process."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self.lexicons = tuple(lexicons)
        self._root = _Node()
        self._parts: list[int] = []  # how many each phrase with + has
        self._shorthand: dict[str, dict[str, tuple[str, ...]]] = {}
        self._vocabulary = Vocabulary()
        self._slots: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._languages: dict[str, str] = {}
        for lexicon in self.lexicons:
            self._learn(lexicon)
        self._vocabulary.ready()

        openings = {opening for lexicon in self.lexicons for opening in lexicon.name_openings}
        self.name_openings = tuple(sorted(openings, key=len, reverse=True))

    # Learning

    def _learn(self, lexicon: Lexicon) -> None:
        classes = self._vocabulary.learn(lexicon, _places(lexicon))
        self._slots |= {classes[slot]: slot for slot in (NUMBER, LANGUAGE)}
        for name, patterns in lexicon.phrases.items():
            for pattern in patterns:
                self._plant(name, lexicon.language, pattern.parts, classes)
        self._numbers = {**lexicon.numbers, **self._numbers}
        self._languages = {**lexicon.languages, **self._languages}
        for written, several in lexicon.shorthand.items():
            self._shorthand.setdefault(written, {})[lexicon.language] = several

    def _plant(self, name: Is, language: str, parts: Sequence[Sequence[Form]], classes: Mapping[Atom, int]) -> None:
        several = len(parts) > 1
        if several:
            self._parts.append(len(parts))
        for number, forms in enumerate(parts):
            part = (len(self._parts) - 1, number) if several else None
            for form in forms:
                anywhere = several or name in ANYWHERE
                end = _End(name, language, anywhere or form[0] == GAP, anywhere or form[-1] == GAP, part)
                self._grow(_without_edges(form), end, classes)

    def _grow(self, form: Form, end: _End, classes: Mapping[Atom, int]) -> None:
        node = self._root
        for atom in form:
            if atom == GAP:
                node.gap = node.gap or _Node(end.language)
                node = node.gap
            else:
                node = node.then.setdefault(classes[atom], _Node(end.language))
        if end not in node.ends:
            node.ends.append(end)

    # Reading

    def read(self, words: str, language: str) -> Reading:
        """A message as ``plain`` leaves it, from a contact who uses ``language``."""
        tokens, written = self._tokens(words, language)
        looked_up = tuple(self._vocabulary.word(token) for token in tokens)
        found = [self._match(end, span, looked_up, language) for end, span in self._ends(looked_up)]
        matches = tuple(self._added_up([match for match in found if match is not None]))
        return Reading(tokens, written, looked_up, matches, tuple(self._number(word) for word in looked_up))

    def forget(self) -> None:
        """Forgets the words it has at hand: for measuring."""
        self._vocabulary.forget()

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

    def _ends(self, words: Sequence[Word]) -> Iterator[tuple[_End, _Span]]:
        for first, word in enumerate(words):
            for number in word.classes:
                node = self._root.then.get(number)
                if node is not None:
                    value = self._value(self._slots[number], word) if number in self._slots else ""
                    weight = FILLER if node.language in word.filler else CONTENT
                    yield from self._walk(node, words, _Span(first, first + 1, weight, word.sure, value))

    def _walk(self, node: _Node, words: Sequence[Word], span: _Span) -> Iterator[tuple[_End, _Span]]:
        last = len(words)
        stack = [(node, span, -1)]
        while stack:
            node, span, gap = stack.pop()
            if gap < 0:
                for end in node.ends:
                    yield end, span
                if node.gap is not None:
                    stack.append((node.gap, span, WIDEST_GAP))
            if span.end == last:
                continue
            word = words[span.end]
            for number in word.classes:
                following = node.then.get(number)
                if following is not None:
                    weight = span.weight + (FILLER if node.language in word.filler else CONTENT)
                    value = self._value(self._slots[number], word) if number in self._slots else span.value
                    stack.append(
                        (following, _Span(span.start, span.end + 1, weight, span.sure and word.sure, value), -1)
                    )
            if gap > 0 or (gap < 0 and node.then and node.language in word.filler):
                stack.append((node, span.longer(), max(gap - 1, 0)))

    def _match(self, end: _End, span: _Span, words: Sequence[Word], language: str) -> _Found | None:
        """A phrase that ended, if it may stand where it does."""
        fills = {end.language, language, ""}
        alone_left = all(fills & word.filler for word in words[: span.start])
        alone_right = all(fills & word.filler for word in words[span.end :])
        if not ((end.open_left or alone_left) and (end.open_right or alone_right)):
            return None
        whole = alone_left and alone_right
        match = Match(end.name, end.language, span.start, span.end, span.weight, whole, span.sure, span.value)
        return match, end.part

    def _added_up(self, found: Sequence[_Found]) -> Iterator[Match]:
        """The phrases found; those with ``+`` once all their parts are there."""
        parts: dict[int, dict[int, Match]] = {}
        for match, part in found:
            if part is None:
                yield match
            else:
                rows = parts.setdefault(part[0], {})
                rows[part[1]] = max(match, rows.get(part[1], match), key=lambda m: m.weight)
        for phrase, rows in parts.items():
            if len(rows) == self._parts[phrase]:
                yield _sum(list(rows.values()))


_Found = tuple[Match, tuple[int, int] | None]


def _sum(matches: Sequence[Match]) -> Match:
    """The parts of a phrase with ``+`` as one."""
    return replace(
        matches[0],
        start=min(match.start for match in matches),
        end=max(match.end for match in matches),
        weight=sum(match.weight for match in matches),
        whole=False,
        sure=all(match.sure for match in matches),
    )


def _places(lexicon: Lexicon) -> Iterator[Atom]:
    yield from (NUMBER, LANGUAGE)
    for patterns in lexicon.phrases.values():
        for pattern in patterns:
            yield from (atom for forms in pattern.parts for form in forms for atom in form if atom != GAP)


def _without_edges(form: Form) -> Form:
    """A form without the gaps at its ends: those only say that other words may stand there."""
    first = 1 if form[0] == GAP else 0
    last = len(form) - 1 if form[-1] == GAP else len(form)
    return form[first:last]


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
