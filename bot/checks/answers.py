"""Whether the phrases of ``answers.yaml`` choose something that is asked, and whether every choice has some."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from bot.flow import Flow, StepKind
from bot.lexicon import Lexicon

_ASKED = frozenset({StepKind.CHOICE, StepKind.MULTI})
_BY_NUMBER = "age"
"""Its choices are said in numbers."""


def problems(lexicons: Iterable[Lexicon], flow: Flow, complete: Collection[str]) -> Iterator[str]:
    """What is wrong, per language."""
    choices = {(step.id, option.id) for step in flow.steps.values() for option in step.options}
    wanted = {
        (step.id, option.id)
        for step in flow.steps.values()
        if step.kind in _ASKED and step.id != _BY_NUMBER
        for option in step.options
        if not option.human
    }
    rows = [lexicon for lexicon in lexicons if lexicon.answers]
    found = {lexicon.language: set(lexicon.answers) for lexicon in rows}
    asides = {lexicon.language for lexicon in rows if lexicon.asides}
    yield from (f"{language}/answers.yaml: no asides" for language in complete if language not in asides)
    for language in complete:
        given = found.get(language, set())
        yield from (f"{language}/answers.yaml: {step}/{choice}: no such choice" for step, choice in given - choices)
        yield from (f"{language}/answers.yaml: {step}/{choice}: no phrases" for step, choice in wanted - given)
