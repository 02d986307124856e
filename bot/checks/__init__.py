"""``flask content check``: is everything that people get there, whole, affordable, plain and up to date?"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date

from bot import content
from bot.catalogues import SOURCE, Catalogues
from bot.checks import answers, catalogues, costs, facts, plain, services
from bot.content import CONTENT, Content
from bot.extraction import all_texts
from bot.flow import Flow
from bot.lexicon_files import load_lexicons
from bot.wording import Wording

Count = Callable[[str], int]
"""The SMS segments of a text; a channel's knowledge, so it is passed in."""


@dataclass(slots=True)
class Report:
    """What was looked at, and what is wrong: each problem with file, place and reason."""

    lines: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def everything(languages: Collection[str], count: Count, voices: Collection[str], today: date) -> Report:
    """Reads every content file and catalogue. Raises FlowError when one cannot be read at all.

    ``voices``: the languages that the telephone speaks.
    """
    report = Report()
    known = content.load_all()
    known = replace(known, flow=known.flow.spoken_in(languages))
    flow, rules = known.flow, known.rules
    complete = [language for language in languages if language not in flow.prepared]
    report.lines.append(f"intake.yaml: {len(flow.steps)} steps, {len(flow.messages)} messages")
    report.lines.append(f"programmes.yaml: {len(rules.programmes)} programmes, {len(rules.rules)} rules")
    report.lines.append(f"assignments.yaml: {len(known.assignments)} assignments")
    report.lines.append(f"notices.yaml: {len(known.letters)} notices")
    report.lines.append(f"ready_answers.yaml: {len(known.ready)} ready answers")
    report.lines += [f"{name}: {count}" for name, count in _places().items()]
    lexicons = load_lexicons()
    for lexicon in lexicons:
        kind = "answers" if lexicon.answers else "lexicon"
        phrases = sum(len(found) for found in (*lexicon.phrases.values(), *lexicon.answers.values()))
        report.lines.append(f"{kind} {lexicon.language or 'for all'}: {phrases} phrases")
    report.problems += sorted(answers.problems(lexicons, flow, complete))
    report.problems += facts.stale(CONTENT, today)
    report.problems += services.problems(rules, flow, today)
    report.problems += [f"{language}: no voice to say it with" for language in complete if language not in voices]
    report.problems += [f"messages.pot: {c}: changed since; run make words" for c in catalogues.not_in_template()]
    _catalogues(languages, flow, report)
    if not report.problems:  # words that are not there cannot be counted
        _words(languages, complete, known, count, report)
    return report


def _places() -> dict[str, str]:
    """Who and where: read, so that a mistake is told."""
    content.load_hours()
    return {
        "teams.yaml": f"{len(content.load_teams())} teams",
        "offices.yaml": f"{len(content.load_offices())} offices",
    }


def _catalogues(languages: Collection[str], flow: Flow, report: Report) -> None:
    for language in languages:
        if language == SOURCE:
            continue
        wanted, problems = catalogues.problems_in(language, prepared=language in flow.prepared)
        report.lines.append(f"{language}/messages.po: {wanted} texts, {len(problems)} problems")
        report.problems += problems


def _words(languages: Collection[str], complete: Collection[str], known: Content, count: Count, report: Report) -> None:
    wording = Wording(Catalogues(languages), content.load_transliteration())
    texts = all_texts(known)
    report.problems += plain.problems(texts, wording, complete)
    report.lines += plain.figures(texts, wording, complete)
    price = content.load_price()
    for language in languages:
        report.problems += costs.over_budget(known, wording, language, count)
    for language in complete:
        report.lines.append(costs.intake(known, wording, language, count).told(price))
