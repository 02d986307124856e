"""What people say of their own accord: prison, an illness, being deaf, a benefit that stops, being alone.

It counts beside the answer of the message, for triage. What must not be kept is left out of the message before anything
is stored (GDPR art. 9 and 10): of an illness its words, of prison all of it, because what stands around it says more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.lexicon import VOLUNTEERED, Is, plain
from bot.matching import CONTENT, Match, Reading
from bot.meaning import Meaning

LEFT_OUT = "[…]"
"""What stands in the place of words that are not kept."""

_LIKE_NOTHING = frozenset({Is.NOT_UNDERSTOOD, Is.OTHER, Is.OFF_TOPIC, Is.BENEFIT})
"""Meanings that say less than what was volunteered."""


def with_told(text: str, reading: Reading, understood: Callable[[str], Meaning]) -> Meaning:
    """The meaning of a message, with what was said beside it. ``understood`` is given the words that may be kept."""
    found = _found(reading)
    if not found:
        return understood(text)
    names = tuple(dict.fromkeys(match.name.value for match in found))
    kept = _kept(text, found, reading)
    meaning = understood(kept)
    if meaning.name in _LIKE_NOTHING:
        meaning = Meaning(Is.TOLD, (kept,))
    return replace(meaning, told=names, redacted=kept if kept != text else None)


def told_alone(reading: Reading) -> Meaning | None:
    """A message that says nothing else: no second opinion is asked about it."""
    return Meaning(Is.TOLD) if _found(reading) else None


def _found(reading: Reading) -> list[Match]:
    """Surely said, in the contact's own language or in words enough of another."""
    return [
        match
        for match in reading.matches
        if match.name in VOLUNTEERED
        and match.sure
        and (match.language in ("", reading.language) or match.weight > CONTENT or not reading.own)
    ]


def _kept(text: str, found: list[Match], reading: Reading) -> str:
    if any(match.name is Is.PRISON for match in found):
        return LEFT_OUT
    hidden = {at for match in found if match.name is Is.ILLNESS for at in range(match.start, match.end)}
    return _without(text, hidden, len(reading.tokens)) if hidden else text


def _without(text: str, hidden: set[int], compared: int) -> str:
    """The message without some of its words, counted as they are compared; all of it where the count is not the same.

    One written word can be several compared ones ("k.o.", a picture beside a word), or stand for several.
    """
    written = text.split()
    rows = [len(plain(word).split()) for word in written]
    if sum(rows) != compared:
        return LEFT_OUT
    at, kept = 0, []
    for word, count in zip(written, rows, strict=True):
        kept.append(LEFT_OUT if hidden & set(range(at, at + count)) else word)
        at += count
    return " ".join(word for n, word in enumerate(kept) if word != LEFT_OUT or n == 0 or kept[n - 1] != LEFT_OUT)
