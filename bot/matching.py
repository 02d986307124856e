"""Finds every phrase of every language in a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain
from operator import or_
from typing import NamedTuple

from bot.forms import Part, value_of, words_of
from bot.lexicon import NO_CHOICE, VOLUNTEERED, Is, Lexicon, plain
from bot.opinion import Opinion
from bot.outline import NUMBER
from bot.sentence import Sentence
from bot.sieve import Phrase, Sieve
from bot.sight import Sight
from bot.tongues import Tongues
from bot.vocabulary import Vocabulary, Word

FARTHEST = 8
"""Words that may stand between the parts of a phrase with ``+``: farther apart they belong to different sentences."""

LONGEST = 200
"""Words of a message that are read at once; ``bot.lookout`` sees to what stands behind them."""

_ALARMS = frozenset({Is.DANGER, Is.VIOLENCE, Is.DISTRESS, Is.HOMELESS})

ANYWHERE = _ALARMS | NO_CHOICE | VOLUNTEERED | {Is.HARMLESS, Is.NOT_TOLD}
"""Meanings whose phrases count wherever they stand."""

HARMLESS = Is.HARMLESS
"""By its name: a member of an enum is long in the finding where every phrase of a message is asked."""

SAID_IN_DESPAIR = NO_CHOICE | {Is.LONELY, Is.NOT_TOLD}
"""Meanings that leave room for another opinion, whatever they account for: who has nobody, or tells an age, may mean
worse."""

ALARMING = SAID_IN_DESPAIR | _ALARMS

CODE = 3
"""Letters of the longest code of a language; its name has more."""

CONTENT, FILLER = 2, 1
"""What a word that says something weighs, and one that fills."""

OWN = 0.8
"""The part of the words that makes a message one of a language."""

MOST, ENOUGH = 0.55, 0.25
"""The part of what a message weighs that a phrase must account for, to leave no room for another opinion; and that a
harmless one must: it explains what looked alarming, not whatever else is said."""

SOME = 0.35
"""The part of it with which a phrase says at least what it is about."""


class Match(NamedTuple):
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


@dataclass(frozen=True)
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

    answers: tuple[Match, ...] = ()
    """Phrases that choose something of the question that was asked: the choice is their ``value``."""

    aside: bool = False
    """Whether somebody else is spoken of, something asked, or told what was or may be: it may be no answer."""

    @cached_property
    def doubtful(self) -> bool:
        """Whether somebody hesitates: "euh 2 denk ik"."""
        return any(self.language in word.doubt for word in self.words)

    @cached_property
    def accounted(self) -> bool:
        """Whether a phrase accounts for most of it, or one for a good part that says it only looks alarming."""
        if all(number or word.filler for word, number in zip(self.words, self.numbers, strict=True)):
            return True
        whole = self.weight_of(range(len(self.words)))
        answers = [match for match in self.answers if match.whole and match.language in ("", self.language)]
        known = [m for m in (*self.matches, *answers) if m.sure and m.name not in SAID_IN_DESPAIR]
        if any(match.weight >= _enough(match) * whole for match in known):
            return True
        told = {at for match in known if match.name in VOLUNTEERED for at in range(match.start, match.end)}
        return self.weight_of(told) >= MOST * whole

    @property
    def about_else(self) -> bool:
        """Whether a phrase in the contact's own language says what some of it is about, and that is no alarm."""
        least = SOME * self.weight_of(range(len(self.words)))
        return any(
            match.sure
            and match.weight >= least
            and match.name not in ALARMING
            and match.language in ("", self.language)
            for match in (*self.matches, *self.answers)
        )

    @property
    def answered(self) -> bool:
        """Whether a phrase in one's own language chooses something of the question, in a good part of the words."""
        least = SOME * self.weight_of(range(len(self.words)))
        return any(m.weight >= least and m.sure and m.language in ("", self.language) for m in self.answers)

    def weight_of(self, places: Iterable[int]) -> int:
        """What the words at some places weigh."""
        return sum(FILLER if self.words[at].filler else CONTENT for at in places)

    @cached_property
    def own(self) -> bool:
        """Whether nearly all words are of the contact's own language."""
        known = sum(self.language in word.known and word.sure for word in self.words)
        return known >= OWN * len(self.words)

    @property
    def harmless(self) -> bool:
        """Whether a phrase says that it only looks alarming."""
        return any(match.name is HARMLESS for match in self.matches)

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
        self._sieve = Sieve()
        self._answers: dict[str, Sieve] = {}
        self._asides = Sieve()
        self._negations: dict[str, frozenset[str]] = {}
        self._no_denies: set[str] = set()
        self._shorthand: dict[str, dict[str, tuple[str, ...]]] = {}
        self.selves: dict[str, frozenset[str]] = {}
        self._vocabulary = Vocabulary()
        self._tongues = Tongues()
        openings: set[str] = set()
        for lexicon in lexicons:
            self._learn(lexicon)
            openings.update(lexicon.name_openings)
        self.name_openings = tuple(sorted(openings, key=len, reverse=True))

    # Learning

    def _learn(self, lexicon: Lexicon) -> None:
        every = chain(lexicon.phrases.values(), lexicon.answers.values(), [lexicon.asides])
        patterns = [pattern for rows in every for pattern in rows]
        readers = {id(pattern.reader): pattern.reader for pattern in patterns}.values()
        used: dict[str, int] = {}
        for reader in readers:
            used.update(reader.used)
            self._tongues.learn(lexicon.language, reader.used)
        self._vocabulary.learn(lexicon, used)
        for name, rows in lexicon.phrases.items():
            for pattern in rows:
                self._sieve.plant(Phrase(name, lexicon.language, pattern, everywhere=name in ANYWHERE))
        self.selves[lexicon.language] = self.selves.get(lexicon.language, frozenset()) | lexicon.selves
        if lexicon.no_denies:
            self._no_denies.add(lexicon.language)
        self._learn_answers(lexicon)
        for written, several in lexicon.shorthand.items():
            self._shorthand.setdefault(written, {})[lexicon.language] = several

    def _learn_answers(self, lexicon: Lexicon) -> None:
        """Takes up how people answer; the negations of the language stand in its lexicon, which came before."""
        language = lexicon.language
        for pattern in lexicon.asides:
            self._asides.plant(Phrase(Is.OTHER, language, pattern, everywhere=False))
        negations = self._negations[language] = self._negations.get(language, frozenset()) | lexicon.negations
        for (step, choice), rows in lexicon.answers.items():
            sieve = self._answers.setdefault(step, Sieve())
            for pattern in rows:
                denies = not negations.isdisjoint(pattern.words)
                sieve.plant(Phrase(Is.CHOICE, language, pattern, everywhere=False, choice=choice, denies=denies))

    def read_ahead(self) -> None:
        """Reads what no message asked for yet, and lets others go first."""
        self._vocabulary.read_ahead()
        if self.opinion is not None:
            self.opinion.read_ahead(self._vocabulary.everyday)
        for sieve in (self._sieve, self._asides, *self._answers.values()):
            sieve.read_ahead()

    # Reading

    def read(self, words: str, language: str, *, step: str = "", write_out: bool = True) -> Reading:
        """A message as ``plain`` leaves it, from a contact who uses ``language``, and was asked the question ``step``.

        ``write_out``: a word that stands for several is taken for those.
        """
        tokens, written = self._tokens(words, language) if write_out else _as_written(words)
        looked_up = tuple(map(self._vocabulary.word, tokens))
        sight = Sight(looked_up, language)
        matches = tuple([match for phrase in self._sieve.woken(sight) for match in _matches(phrase, sight)])
        numbers = tuple([word.number and _number(word, language) for word in looked_up])
        answers = self._answered(step, sight) if step in self._answers else ()
        aside = bool(step) and self._is_aside(sight, language, answers)
        return Reading(tokens, written, looked_up, matches, numbers, language, tokens != written, answers, aside)

    def _is_aside(self, sight: Sight, language: str, answers: Sequence[Match]) -> bool:
        """Whether a phrase in one's own language says that it may be no answer, in words that no answer is about."""
        phrases = [phrase for phrase in self._asides.woken(sight) if phrase.language == language]
        asides = [match for phrase in phrases for match in _matches(phrase, sight)]
        return any(not any(answer.explains(aside) for answer in answers) for aside in asides)

    def _answered(self, step: str, sight: Sight) -> tuple[Match, ...]:
        """The phrases that choose something of a question. "Je ne cherche pas de travail" is not said by a phrase
        without a "pas", though that fills; a word that opens the message may be a plain no in some languages."""
        denied = {language for word in sight.words[1:] for language in word.negates}
        denied |= {language for word in sight.words[:1] for language in word.negates & self._no_denies}
        found = self._answers[step].woken(sight)
        woken = [phrase for phrase in found if phrase.denies or phrase.language not in denied]
        return tuple([match._replace(value=phrase.choice) for phrase in woken for match in _matches(phrase, sight)])

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
        numbers = self._vocabulary.numbers
        row: list[int | str] = []
        at = 0
        while at < len(reading.tokens):
            pair = " ".join(reading.tokens[at : at + 2])
            if pair in numbers:  # "quatre vingt"
                row.append(numbers[pair])
                at += 2
                continue
            token, value = reading.tokens[at], reading.numbers[at]
            row.append(token if token.isdecimal() else int(value) if value else f" {token} ")
            at += 1
        return row

    def tongues(self, reading: Reading) -> list[str]:
        """The languages that a message names, in its order; the short codes of some are words of others ("en")."""
        pairs = list(zip(reading.tokens, reading.words, strict=True))
        named = [code for token, word in pairs if len(token) > CODE for code in word.codes]
        return list(dict.fromkeys(named or [code for _, word in pairs for code in word.codes]))

    def _tokens(self, words: str, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        split = words.split()[:LONGEST]
        if self._shorthand.keys().isdisjoint(split):
            return tuple(split), tuple(split)
        rows = [(token, written) for written in split for token in self._written_out(written, language)]
        pairs = rows[:LONGEST]
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


def _matches(phrase: Phrase, sight: Sight) -> Sequence[Match]:
    """Where a phrase stands."""
    parts = [_nearest(_of_part(phrase, part, sight)) for part in phrase.parts]
    if len(parts) == 1:
        return parts[0]
    rows = [(match, number) for number, matches in enumerate(parts) for match in matches]
    return [_sum(list(near.values())) for near in _near_each_other(rows) if len(near) == len(parts)]


def _of_part(phrase: Phrase, part: Part, sight: Sight) -> list[Match]:
    sentence = sight.by(phrase.language)
    return [_match(phrase, start, end, taken, sight, sentence) for start, end, taken in part.ways(sentence)]


def _match(phrase: Phrase, start: int, end: int, taken: int, sight: Sight, sentence: Sentence) -> Match:
    words = words_of(taken)
    return Match(
        phrase.name,
        phrase.language,
        start,
        end,
        sentence.weight(words),
        sentence.is_whole(start, end),
        words & sight.unsure == 0,
        _value(taken, sight),
        words & ~sentence.fillers,
    )


def _number(word: Word, own: str) -> str:
    """The number that a word is. One's own language says so, or does not know it: "top" is Dutch for very well."""
    if own not in word.known or NUMBER in word.there.get(own, ()) or NUMBER in word.forms:
        return word.number
    return ""


def _value(taken: int, sight: Sight) -> str:
    """What stands in the place of a number or a language: its digits, its code."""
    at = value_of(taken)
    if at < 0:
        return ""
    word = sight.words[at]
    return word.number or next(iter(word.codes), "")


def _enough(match: Match) -> float:
    return ENOUGH if match.name is HARMLESS else MOST


def _nearest(matches: list[Match]) -> list[Match]:
    """Without those that go on to a word farther off and account for no more: "gsm dood, ik wil dood"."""
    if len(matches) < 2:
        return matches
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
    return matches[0]._replace(
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
