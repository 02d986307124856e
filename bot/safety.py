"""Danger and distress: seen in every message, in every language at once, whatever else is going on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from bot.lexicon import Is, Lexicon, contains

ALARMS = (Is.DANGER, Is.DISTRESS)
"""In order of precedence: danger comes before distress."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was seen, the words it was seen in (a counsellor reads them), and the language of the first of them."""

    name: Is
    evidence: tuple[str, ...]
    language: str


def alarm(words: str, lexicons: Sequence[Lexicon]) -> Alarm | None:
    """The alarm in a message (as ``plain`` leaves it), or None."""
    for name in ALARMS:
        phrases = ((p, lexicon.language) for lexicon in lexicons for p in sorted(lexicon.phrases.get(name, ())))
        hits = [(phrase, language) for phrase, language in phrases if contains(words, phrase)]
        if hits:
            return Alarm(name, tuple(phrase for phrase, _ in hits), hits[0][1])
    return None


@dataclass(frozen=True, slots=True)
class Helpline:
    """A number that helps. ``opens`` to ``closes`` in Belgian time, on ``days`` (0 is Monday)."""

    number: str
    purpose: Is
    languages: frozenset[str]
    days: frozenset[int] = frozenset(range(7))
    opens: time = time(0)
    closes: time = time(23, 59, 59)
    young: bool = False

    def answers(self, now: datetime) -> bool:
        """Whether somebody picks up at ``now`` (Belgian time)."""
        return now.weekday() in self.days and self.opens <= now.time() <= self.closes


MOST_LINES = 2
FALLBACK = "nl"


def lines_for(
    purpose: Is, language: str, now: datetime, helplines: Iterable[Helpline], *, young: bool
) -> tuple[str, ...]:
    """The numbers to give, best first: open now, in the person's language (else Dutch), for children where it fits."""
    fitting = [line for line in helplines if line.purpose is purpose and line.answers(now)]
    own = [line for line in fitting if language in line.languages]
    pool = own or [line for line in fitting if FALLBACK in line.languages]
    pool = [line for line in pool if young or not line.young]
    best = sorted(pool, key=lambda line: not line.young)
    return tuple(line.number for line in best[:MOST_LINES])
