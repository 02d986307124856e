"""What people say of their own accord: prison, an illness, being deaf, a benefit that stops, being alone.

It counts beside the answer of the message, for triage. What must not be kept is left out of the message before anything
is stored (GDPR art. 9 and 10): of an illness its words, of prison all of it, because what stands around it says more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.lexicon import VOLUNTEERED, Is, contains, plain
from bot.matching import CONTENT, Match, Reading
from bot.meaning import Meaning
from bot.signs import SIGNS, broken, spans
from bot.weighing import PEOPLE

LEFT_OUT = "[…]"
"""What stands in the place of words that are not kept."""

_HIDDEN = frozenset({Is.PRISON, Is.ILLNESS})
"""Of what people tell, that which must not be kept."""

LIKE_NOTHING = frozenset({Is.NOT_UNDERSTOOD, Is.OTHER, Is.OFF_TOPIC, Is.BENEFIT})
"""Meanings that say less than what was volunteered."""


def volunteered(reading: Reading, text: str) -> list[Match]:
    """What was surely said, without what only looks like it: "in a prison of debts"."""
    said = [match for match in reading.matches if match.name in VOLUNTEERED and match.sure]
    if not said:
        return []
    likeness = [
        match for match in reading.matches if match.name is Is.NOT_TOLD and not broken(match, reading, text, SIGNS)
    ]
    home = _home(reading)
    return [
        match for match in said if _at_home(match, reading, home) and not any(_same(match, like) for like in likeness)
    ]


def _same(match: Match, other: Match) -> bool:
    return match.language == other.language and match.overlaps(other)


def beside(said: Sequence[Match], reading: Reading) -> Reading:
    """The message without what its told words would mean otherwise: "doof" asks for no repetition there.

    A wish for a person stays, but who wants to meet people asks for no counsellor.
    """
    lonely = [match for match in said if match.name is Is.LONELY]
    rest = [m for m in reading.matches if not any(map(m.overlaps, lonely if m.name in PEOPLE else said))]
    return replace(reading, matches=tuple(rest))


def words_before(said: Sequence[Match], reading: Reading) -> str:
    """What opens a message, before the first of the words that told: "nie" of "nie, jestem gluchy"."""
    return " ".join(reading.tokens[: min(match.start for match in said)])


def with_told(meaning: Meaning, said: Sequence[Match], text: str, kept: str) -> Meaning:
    """The meaning of a message, with what was said beside it; it is that alone where nothing else was said."""
    if meaning.name in LIKE_NOTHING or (meaning.name is Is.TEXT and _nothing_else(said, kept)):
        meaning = Meaning(Is.TOLD, (kept,))
    told = replace(meaning, told=_names(said))
    return told if kept == text else replace(told, redacted=kept, evidence=_still_said(meaning.evidence, kept))


def with_told_behind(meaning: Meaning, said: Sequence[Match], first: str) -> Meaning:
    """The meaning of the ``first`` words of a long message, with what the others told; what must not be kept stands
    somewhere in those, and none of them is."""
    told = tuple(dict.fromkeys((*meaning.told, *_names(said))))
    if not _HIDDEN & {match.name for match in said}:
        return replace(meaning, told=told)
    kept = f"{first if meaning.redacted is None else meaning.redacted} {LEFT_OUT}"
    if meaning.name in (*LIKE_NOTHING, Is.TEXT):
        meaning = Meaning(Is.TOLD, (kept,))
    return replace(meaning, told=told, redacted=kept)


def beside_alarm(alarm: Meaning, said: Sequence[Match]) -> Meaning:
    """An alarm, with what was said beside it. Its words are kept as they are: somebody has to act on them."""
    return replace(alarm, told=_names(said))


def _names(said: Sequence[Match]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.name.value for match in said))


def _home(reading: Reading) -> frozenset[str]:
    """The languages that know most words of the message."""
    counts = Counter(language for word in reading.words if word.sure for language in word.known)
    return frozenset(language for language, count in counts.items() if count == max(counts.values()))


def _at_home(match: Match, reading: Reading, home: frozenset[str]) -> bool:
    """Whether words are really of the language of the phrase: "am a cancer" is Romanian only by chance in English."""
    if match.language in ("", reading.language):
        return True
    words = reading.words[match.start : match.end]
    strange = [word for word in words if word.known.isdisjoint(home | {reading.language})]
    if match.language in home:
        return match.weight > CONTENT or not any(reading.language in word.known for word in words)
    return match.weight > CONTENT and 2 * len(strange) >= len(words)


def _nothing_else(said: Sequence[Match], kept: str) -> bool:
    """Whether free words are no name and no story: nothing else was said, or nothing of it may be kept."""
    return kept == LEFT_OUT or any(match.whole for match in said)


def _still_said(evidence: Sequence[str], kept: str) -> tuple[str, ...]:
    """The evidence that stands in what is kept."""
    return tuple(words for words in evidence if contains(plain(kept), words))


def words_kept(text: str, said: Sequence[Match], reading: Reading) -> str:
    """The message as it may be kept."""
    if any(match.name is Is.PRISON for match in said):
        return LEFT_OUT
    hidden = {at for match in said if match.name is Is.ILLNESS for at in range(match.start, match.end)}
    return _without(text, hidden, reading) if hidden else text


def _without(text: str, hidden: set[int], reading: Reading) -> str:
    """The message without some of its words, counted as they are compared; all of it where they cannot be found."""
    words, places = text.split(), list(spans(text, reading))
    if hidden - {at for place in places for at in place}:
        return LEFT_OUT
    kept = [LEFT_OUT if hidden & set(place) else word for word, place in zip(words, places, strict=True)]
    return " ".join(word for n, word in enumerate(kept) if word != LEFT_OUT or n == 0 or kept[n - 1] != LEFT_OUT)
