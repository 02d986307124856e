"""``flask triage explain``: what the rules make of one set of answers, or of a table of them, and why."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.flow import Answers, Flow, FlowError, StepKind
from bot.messages import Mode
from bot.triage import SIGNALS, TOLD, VOLUNTEERED, Rules, explain, propose
from bot.wording import Wording

LANGUAGE, POSTCODE = "language", "postcode"
ASKED = (LANGUAGE, POSTCODE, *sorted(SIGNALS))
"""What can be given: everything that a proposal looks at."""


@dataclass(frozen=True, slots=True)
class Given:
    """One set of answers and the language of the conversation."""

    answers: Answers
    language: str

    def __str__(self) -> str:
        rows = [f"{key}={','.join(values)}" for key, values in self.answers.items()]
        return " ".join([*rows, f"{LANGUAGE}={self.language}"])


def read_pairs(pairs: Iterable[str], flow: Flow) -> Given:
    """``key=value`` or ``key=value,value`` → the answers. Raises ValueError for what nobody can have answered."""
    rows = dict(pair.partition("=")[::2] for pair in pairs)
    return _given(rows, flow)


def read_table(path: Path, flow: Flow) -> list[Given]:
    """A TSV file: a column for each question, several answers with commas between. Raises FlowError."""
    found: list[Given] = []
    problems: list[str] = []
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file, delimiter="\t"), start=2):
            try:
                found.append(_given({key: value or "" for key, value in row.items()}, flow))
            except ValueError as error:
                problems.append(f"{path.name}:{line}: {error}")
    if problems:
        raise FlowError(problems)
    return found


def _given(rows: Mapping[str, str], flow: Flow) -> Given:
    answers = {key: tuple(value.split(",")) for key, value in rows.items() if value}
    for key, values in answers.items():
        _check(key, values, flow)
    language = answers.pop(LANGUAGE, ("nl",))
    return Given(answers, language[0])


def _check(key: str, values: tuple[str, ...], flow: Flow) -> None:
    if key not in ASKED:
        raise ValueError(f"{key}: a proposal does not look at it; it looks at {', '.join(ASKED)}")
    step = flow.steps.get(key)
    if step is not None and step.kind is StepKind.POSTCODE:
        return
    possible = VOLUNTEERED if key == TOLD else {option.id for option in step.options} if step else set()
    unknown = [value for value in values if value not in possible]
    if unknown:
        raise ValueError(f"{key} is never {unknown[0]}, but {', '.join(sorted(possible))}")


def shown(rules: Rules, given: Given, wording: Wording, today: date) -> dict[str, Any]:
    """The proposal and what became of each rule, as JSON."""
    proposal = propose(rules, given.answers, given.language, today)
    rows = explain(rules, given.answers, given.language, today)
    service = rules.elsewhere.get(proposal.region)
    return {
        "answers": {**given.answers, LANGUAGE: given.language},
        "proposal": asdict(proposal),
        "told": [_told(rules, rule_id, given.language, wording) for rule_id in proposal.fired],
        "elsewhere": f"{service.service} {service.number}" if service else "",
        "rules": [{"id": r.rule.id, "programme": r.rule.programme, "fired": r.fired, "why": r.why} for r in rows],
    }


def _told(rules: Rules, rule_id: str, language: str, wording: Wording) -> dict[str, str]:
    """What a contact reads of a rule that fired, by SMS."""
    rule = next(rule for rule in rules.every_rule if rule.id == rule_id)
    told = rules.programmes[rule.programme].told
    return {
        "programme": rule.programme,
        "what": wording.words(told, Mode.TEXT, language, f"programme/{rule.programme}/told"),
        "because": wording.words(rule.because, Mode.TEXT, language, f"rule/{rule.id}/because"),
    }


def in_words(row: Mapping[str, Any]) -> Iterator[str]:
    """The same for a reader: the proposal first, then rule by rule."""
    yield from summary(row)
    for rule in row["rules"]:
        mark = "fired    " if rule["fired"] else "not fired"
        yield f"  {mark}  {rule['id']} → {rule['programme']}: {'; '.join(rule['why']) or 'nothing else does'}"


def summary(row: Mapping[str, Any]) -> Iterator[str]:
    """The proposal alone."""
    made = row["proposal"]
    place = made["region"] or "region unknown"
    yield f"{made['tier']}, urgency {made['urgency']}, {place}, {made['language']} (rules {made['version']})"
    if row["elsewhere"]:
        yield f"  helped elsewhere by {row['elsewhere']}"
    for told in row["told"]:
        here = "" if told["programme"] in made["programmes"] else " (not there now)"
        yield f"  {told['programme']}{here}: {told['what']}, want {told['because']}"
