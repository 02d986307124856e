"""Services: do the budgets add up, is every programme reached, and can every rule fire?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.flow import Flow
from bot.triage import AskedBy, Programme, Rule, Rules

FILE = "programmes.yaml"


def problems(rules: Rules, flow: Flow, today: date) -> list[str]:
    """What is wrong with the catalogue as a whole."""
    return [f"{FILE}:{line}: {why}" for line, why in (*_budgets(rules), *_unused(rules), *_silent(rules, flow, today))]


def _budgets(rules: Rules) -> Iterator[tuple[int, str]]:
    for whole in rules.budgets.values():
        parts = [part.amount for part in rules.budgets.values() if part.part_of == whole.id]
        if parts and sum(parts) != whole.amount:
            yield whole.line, f"the parts of {whole.id} add up to {sum(parts)}, not to {whole.amount}"
    for part in rules.budgets.values():
        if part.part_of and part.part_of not in rules.budgets:
            yield part.line, f"{part.id} is part of {part.part_of}, which is no budget"


def _unused(rules: Rules) -> Iterator[tuple[int, str]]:
    """Programmes that a contact can ask for, and that no rule proposes."""
    proposed = {rule.programme for rule in rules.every_rule}
    for programme in rules.programmes.values():
        if programme.asked_by is AskedBy.CONTACT and not programme.ended and programme.id not in proposed:
            yield programme.line, f"no rule proposes {programme.id}; if only a counsellor asks for it, say so"


def _silent(rules: Rules, flow: Flow, today: date) -> Iterator[tuple[int, str]]:
    for rule in rules.every_rule:
        for why in (*_never_met(rule, flow), *_never_there(rules.programmes[rule.programme], today)):
            yield rule.line, f"rule {rule.id} can never help: {why}"


def _never_met(rule: Rule, flow: Flow) -> Iterator[str]:
    """Conditions that contradict one another, or the questions: one is not asked of whom the other is true."""
    for key, values in rule.when.items():
        if set(values) <= set(rule.unless.get(key, ())):
            yield f"{key} is wanted and unwanted"
    for key in rule.when:
        step = flow.steps.get(key)
        for other, wanted in (step.when if step else {}).items():
            if other in rule.when and not set(wanted) & set(rule.when[other]):
                yield f"{key} is asked only when {other} is {' or '.join(wanted)}"
        for other, unwanted in (step.unless if step else {}).items():
            if other in rule.when and set(rule.when[other]) <= set(unwanted):
                yield f"{key} is not asked when {other} is {' or '.join(rule.when[other])}"


def _never_there(programme: Programme, today: date) -> Iterator[str]:
    if not any(programme.is_open(region, today) for region in programme.regions):
        yield f"{programme.id} is there in no region on {today}"
