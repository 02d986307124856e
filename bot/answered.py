"""Which choice somebody means who answers a question in words of their own: "kzit nog op school" at what they do now.

The phrases stand per question in ``locales/<lang>/answers.yaml``, and count there alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.flow import StepKind
from bot.matching import Match, Reading
from bot.meaning import Question


def chosen_in_words(reading: Reading, question: Question) -> Iterator[tuple[tuple[str, ...], Match]]:
    """What the phrases of the question choose, each with the phrase that accounts for most. Two choices that are said
    in as many words are no choice, unless more may be chosen."""
    offered = {choice.id for choice in question.choices}
    best: dict[str, Match] = {}
    for match in reading.answers:
        if match.value in offered and not _denied(match, reading):
            best[match.value] = max(best.get(match.value, match), match, key=lambda m: (m.whole, m.weight))
    if question.kind is StepKind.MULTI and len(best) > 1:
        yield tuple(best), max(best.values(), key=lambda m: m.weight)
        return
    strongest = max(((m.whole, m.weight) for m in best.values()), default=None)
    rows = [(choice, match) for choice, match in best.items() if (match.whole, match.weight) == strongest]
    if len(rows) == 1:
        yield (rows[0][0],), rows[0][1]


def _denied(match: Match, reading: Reading) -> bool:
    """Whether a word outside a phrase says no to it: "ik zoek geen werk"."""
    places = [at for at, word in enumerate(reading.words) if match.language in word.negates]
    return not match.whole and any(not match.start <= at < match.end for at in places)
