"""``flask content check``: is everything that people get there in every language, and whole?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot import content
from bot.catalogues import SOURCE, po_path, read_catalogue
from bot.content import LOCALES
from bot.extraction import texts

GAPS = re.compile(r"\{(\w*)\}|%\((\w+)\)s")


@dataclass(slots=True)
class Report:
    """What was looked at, and what is wrong: each problem with file, place and reason."""

    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def everything(languages: Iterable[str]) -> Report:
    """Reads every content file and catalogue. Raises FlowError when one cannot be read at all."""
    report = Report()
    codes = tuple(languages)
    flow = content.load_intake()
    report.lines.append(f"intake.yaml: {len(flow.steps)} steps, {len(flow.messages)} messages")
    lexicons = content.load_lexicons(codes)
    helplines = content.load_helplines()
    report.lines.append(f"helplines.yaml: {len(helplines)} lines")
    for code in codes:
        phrases = sum(len(found) for found in lexicons[code].phrases.values())
        report.lines.append(f"{code}/lexicon.yaml: {phrases} phrases")
    report.problems += [f"messages.pot: {context}: changed since; run make words" for context in not_in_template()]
    for code in codes:
        if code != SOURCE:
            _catalogue(code, report)
    return report


def _catalogue(language: str, report: Report) -> None:
    template = read_template()
    catalogue = read_catalogue(language)
    name = f"{language}/{po_path(language).name}"
    problems = [f"{name}: {problem}" for problem in problems_of(template, catalogue)]
    report.problems += problems
    report.lines.append(f"{name}: {len(list(_real(template)))} texts, {len(problems)} problems")


def not_in_template() -> list[str]:
    """Texts of the flow that were not extracted since they were last changed: ``make words`` mends it."""
    template = read_template()
    flow = content.load_intake()
    wanted = [
        (f"{context}/{mode.value}", text)
        for context, words, _ in texts(flow)
        if not words.verbatim
        for mode, text in words.by_mode.items()
    ]
    return [context for context, text in wanted if template.get(text, context=context) is None]


def read_template() -> Catalog:
    """The texts to translate, as they were last extracted."""

    with (LOCALES / "messages.pot").open("rb") as file:
        return read_po(file)


def _real(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def problems_of(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    """Every text that is missing, fuzzy, or lost a gap that is filled in later."""
    for wanted in _real(template):
        found = catalogue.get(wanted.id, context=wanted.context)
        place = f"{wanted.context or 'program'}: {_start(wanted)}"
        if found is None or not all(_strings(found)):
            yield f"missing: {place}"
        elif found.fuzzy:
            yield f"fuzzy: {place}"
        elif any(_gaps([text]) != _gaps(_ids(wanted)) for text in _strings(found)):
            yield f"lost a gap: {place}"


def _ids(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, list | tuple) else [str(message.id)]


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [str(message.string)]


def _gaps(texts: Iterable[str]) -> set[str]:
    return {a or b for text in texts for a, b in GAPS.findall(text)}


def _start(message: Message) -> str:
    return _ids(message)[0][:60]
