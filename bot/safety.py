"""Danger and distress: seen in every message, in every language at once, whatever else is going on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from bot.lexicon import Is
from bot.matching import CONTENT, Match, Reading

ALARMS = (Is.DANGER, Is.VIOLENCE, Is.DISTRESS, Is.HOMELESS)
"""In order of precedence: danger comes before distress."""

_ANY_ALARM = frozenset(ALARMS)


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was seen, the words it was seen in (a counsellor reads them), and the language of the first of them.

    ``sure``: some of it stands in a lexicon as it was written, over no typing error. ``start``: its first word.
    """

    name: Is
    evidence: tuple[str, ...]
    language: str
    sure: bool
    start: int


def alarm(reading: Reading, harmless: Sequence[Match]) -> Alarm | None:
    """The alarm in a message, or None. What only looks alarming is none: "mijn gsm is bijna dood".

    ``harmless``: the phrases that may explain that it only looks so.
    """
    seen = [
        match
        for match in reading.matches
        if match.name in _ANY_ALARM
        and not _is_harmless(match, harmless, reading.language)
        and not _by_chance(match, reading)
    ]
    if not seen:
        return None
    first = min(seen, key=lambda match: (ALARMS.index(match.name), -match.weight))
    alike = [match for match in seen if match.name is first.name]
    evidence = tuple(dict.fromkeys(reading.evidence(match) for match in (first, *alike)))
    sure = any(match.sure for match in seen)
    return Alarm(first.name, _longest(evidence), first.language, sure, first.start)


def _is_harmless(match: Match, harmless: Sequence[Match], own: str) -> bool:
    """Whether a phrase of the same language, or of the contact's, is about the same words and calls them harmless."""
    return any(
        other.explains(match)
        and other.weight >= match.weight
        and other.sure
        and other.language in (match.language, own, "")
        for other in harmless
    )


def _by_chance(match: Match, reading: Reading) -> bool:
    """One or two words that are alarming in another language, in a message that is wholly in one's own."""
    foreign = match.language not in ("", reading.language)
    return foreign and match.weight <= 2 * CONTENT and match.weight < CONTENT * len(reading.words) and reading.own


def _longest(evidence: Sequence[str]) -> tuple[str, ...]:
    """Without those that stand inside another."""
    return tuple(e for e in evidence if not any(e != other and e in other for other in evidence))


@dataclass(frozen=True, slots=True)
class Helpline:
    """A number that helps. ``opens`` to ``closes`` in Belgian time, on ``days`` (0 is Monday)."""

    number: str
    purposes: frozenset[Is]
    languages: frozenset[str]
    days: frozenset[int] = frozenset(range(7))
    opens: time = time(0)
    closes: time = time(23, 59, 59)
    young: bool = False

    def answers(self, now: datetime) -> bool:
        """Whether somebody picks up at ``now`` (Belgian time); the second of ``closes`` counts."""
        return now.weekday() in self.days and self.opens <= now.time().replace(microsecond=0) <= self.closes


MOST_LINES = {Is.VIOLENCE: 3}
USUAL_LINES = 2
"""Numbers in one message: who is afraid at home needs the police, an ambulance, and somebody to talk to."""

FALLBACK = "nl"


def lines_for(
    purpose: Is, language: str, now: datetime, helplines: Iterable[Helpline], *, young: bool
) -> tuple[str, ...]:
    """The numbers to give, best first: open now, in the person's language (else Dutch), for children where it fits."""
    fitting = [line for line in helplines if purpose in line.purposes and line.answers(now)]
    own = [line for line in fitting if language in line.languages]
    pool = own or [line for line in fitting if FALLBACK in line.languages]
    pool = [line for line in pool if young or not line.young]
    best = sorted(pool, key=lambda line: not line.young)
    return tuple(line.number for line in best[: MOST_LINES.get(purpose, USUAL_LINES)])
