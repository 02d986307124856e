"""Which choice somebody means who answers a question in words of their own: "kzit nog op school" at what they do now.

The phrases stand per question in ``locales/<lang>/answers.yaml``, and count there alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.flow import StepKind
from bot.lexicon import Is
from bot.matching import Match, Reading
from bot.meaning import Question


def chosen_in_words(reading: Reading, question: Question) -> Iterator[tuple[tuple[str, ...], Match]]:
    """What the phrases of the question choose, each with the phrase that accounts for most, one's own language first.

    Two choices that are said in as many words are no choice, unless more may be chosen. Of an errand a choice carries
    what it is about (``done:7``).
    """
    if not reading.answers:
        return
    offered = {choice.id.partition(":")[0]: choice.id for choice in question.choices}
    best: dict[str, Match] = {}
    for match in reading.answers:
        if match.value in offered and _at_home(match, reading) and not _said_otherwise(match, reading):
            best[match.value] = max(best.get(match.value, match), match, key=lambda m: _strength(m, reading))
    strongest = max((_strength(match, reading) for match in best.values()), default=None)
    rows = [(offered[name], match) for name, match in best.items() if _strength(match, reading) == strongest]
    if question.kind is StepKind.MULTI and best:
        yield tuple(offered[name] for name in best), rows[0][1]
    elif len(rows) == 1:
        yield (rows[0][0],), rows[0][1]


def _strength(match: Match, reading: Reading) -> tuple[bool, int, bool]:
    return match.whole, match.weight, match.language in ("", reading.language)


def _at_home(match: Match, reading: Reading) -> bool:
    """Whether it is of one's own language, or the message is not: "bel" is a call in Dutch, and in Turkish a back."""
    return match.language in ("", reading.language) or not reading.own


_GO_BEFORE = (Is.UNSURE, Is.CONFUSED, Is.STOP)
"""What a whole message says beside an answer: "je ne sais pas" is no no."""


def _said_otherwise(match: Match, reading: Reading) -> bool:
    """Whether words of one's own language, other ones than the answer, say that no more messages are wanted, or all of
    them that somebody does not know."""
    others = [m for m in reading.matches if m.name in _GO_BEFORE and m.sure and m.language in ("", reading.language)]
    return any(
        (m.whole and m.weight >= match.weight and not match.whole) or (m.name is Is.STOP and not m.overlaps(match))
        for m in others
    )
