"""Reads ``content/programmes.yaml``: the service catalogue, its budgets and its rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from bot.flow import Conditions, Flow, Words, line_of
from bot.messages import Mode
from bot.reading import Row, by_id, conditions_of, date_of, each, only, regions_of, stop_at, words_of
from bot.triage import (
    LANGUAGE_FACT,
    SIGNALS,
    TOLD,
    URGENCIES,
    VOLUNTEERED,
    AskedBy,
    Budget,
    Elsewhere,
    Programme,
    Rule,
    Rules,
    Tier,
)

LONGEST_TOLD = 45
"""Characters of a programme and of a reason: the two stand in one SMS, between words of the bot's own."""

LONGEST_EXPLAINED = 150
OTHERWISE = "otherwise"

_BUDGET = "id name amount year source part_of"
_PROGRAMME = (
    "id name told explain tier team regions languages budget since valid_until ended door source asked_by text_only"
)
_RULE = "id when unless programme tier urgency because sensitive"
_ELSEWHERE = "id service number regions languages person_for verified told"
_FILE = "version checked valid_until budgets programmes rules otherwise elsewhere"


def read_rules(data: Row, where: str, flow: Flow, kinds: Collection[str]) -> Rules:
    """The checked catalogue from the parsed file ``where``. Raises FlowError with every problem found.

    ``flow``: the questions whose answers rules look at; ``kinds``: the kinds of teams there are.
    """
    problems: list[str] = []
    only(data, _FILE)
    budgets = by_id(each(data["budgets"], _budget, where, problems), where, problems)
    read = partial(_programme, budgets, kinds)
    programmes = by_id(each(data["programmes"], read, where, problems), where, problems)
    stop_at(problems)
    rules = by_id(each(data["rules"], partial(_rule, programmes), where, problems), where, problems)
    last = each([data[OTHERWISE]], partial(_otherwise, programmes), where, problems)
    services = each(data["elsewhere"], _services, where, problems)
    problems += [f"{where}:{rule.line}: rule {rule.id}: {why}" for rule in rules.values() for why in _slips(rule, flow)]
    stop_at(problems)
    elsewhere = {service.region: service for row in services for service in row}
    return Rules(int(data["version"]), programmes, tuple(rules.values()), elsewhere, budgets, last[0])


def _budget(row: Row) -> Budget:
    only(row, _BUDGET)
    return Budget(
        id=str(row["id"]),
        name=str(row["name"]),
        amount=int(row["amount"]),
        year=int(row["year"]) if "year" in row else None,
        source=str(row["source"]),
        part_of=str(row.get("part_of", "")),
        line=line_of(row),
    )


def _programme(budgets: Mapping[str, Budget], kinds: Collection[str], row: Row) -> Programme:
    only(row, _PROGRAMME)
    ended = bool(row.get("ended", False))
    return Programme(
        id=str(row["id"]),
        name=str(row["name"]),
        told=_unless_ended(row, "told", LONGEST_TOLD, ended=ended),
        tier=Tier(row["tier"]),
        team=_one_of(row["team"], kinds, "kind of team"),
        regions=regions_of(row),
        languages=tuple(map(str, row["languages"])),
        explain=_unless_ended(row, "explain", LONGEST_EXPLAINED, ended=ended),
        budget=budgets[_one_of(row["budget"], budgets, "budget")] if "budget" in row else None,
        since=date_of(row, "since"),
        valid_until=date_of(row, "valid_until"),
        ended=ended,
        door=bool(row.get("door", True)),
        source=str(row["source"]),
        asked_by=AskedBy(row.get("asked_by", AskedBy.CONTACT)),
        text_only=bool(row.get("text_only", False)),
        line=line_of(row),
    )


def _unless_ended(row: Row, key: str, longest: int, *, ended: bool) -> Words:
    """The words for contacts; of what has ended only the name is left."""
    if ended and key not in row:
        return Words({Mode.TEXT: str(row["name"])}, verbatim=True, line=line_of(row))
    return words_of(row, key, longest)


def _one_of(name: object, known: Collection[str], what: str) -> str:
    if name not in known:
        raise ValueError(f"{name}: no such {what}")
    return str(name)


def _rule(programmes: Mapping[str, Programme], row: Row) -> Rule:
    only(row, _RULE)
    programme = programmes[_one_of(row["programme"], programmes, "programme")]
    if not programme.can_be_proposed:
        raise ValueError(f"{programme.id} is not for a rule to propose: it has ended, or only a counsellor asks for it")
    tier = Tier(row.get("tier", programme.tier))
    if tier.level < programme.tier.level:
        raise ValueError(f"the tier {tier} is below that of {programme.id}, {programme.tier}")
    return Rule(
        id=str(row["id"]),
        when=conditions_of(row, "when"),
        unless=conditions_of(row, "unless"),
        programme=programme.id,
        tier=tier,
        urgency=_urgency(row),
        because=_because(row),
        sensitive=bool(row.get("sensitive", False)),
        line=line_of(row),
    )


def _otherwise(programmes: Mapping[str, Programme], row: Row) -> Rule:
    """The rule for who has none: it asks for nothing."""
    return _rule(programmes, _Last(row, line_of(row)))


class _Last(dict[str, object]):
    """An entry that gets its id from the place it stands at."""

    def __init__(self, row: Row, line: int) -> None:
        super().__init__({**only(row, "programme because"), "id": OTHERWISE})
        self.line = line


def _urgency(row: Row) -> int:
    urgency = row.get("urgency", 0)
    if urgency not in URGENCIES:
        raise ValueError(f"urgency {urgency}: {URGENCIES.start} to {URGENCIES.stop - 1}")
    return int(urgency)


def _because(row: Row) -> Words:
    words = words_of(row, "because", LONGEST_TOLD)
    if row.get("sensitive") and Mode.CHAT not in words.by_mode:
        raise ValueError("a sensitive reason needs coarser words for chat")
    return words


def _services(row: Row) -> list[Elsewhere]:
    """One entry for each region that a service serves."""
    only(row, _ELSEWHERE)
    told = words_of(row, "told", LONGEST_TOLD)
    return [
        Elsewhere(
            region=region,
            service=str(row["service"]),
            number=str(row["number"]),
            told=told,
            id=str(row["id"]),
            languages=tuple(map(str, row["languages"])),
            person_for=tuple(map(str, row.get("person_for", ()))),
            verified=bool(row.get("verified", True)),
            line=line_of(row),
        )
        for region in sorted(regions_of(row))
    ]


def _slips(rule: Rule, flow: Flow) -> Iterator[str]:
    """What a rule asks that nobody can answer, or that it may not ask."""
    if not rule.when and not rule.unless:
        yield "fires for everybody: it has no conditions"
    for key in rule.unless:
        if key != LANGUAGE_FACT:
            yield f"unless {key}: no answer switches a rule off"
    for conditions in (rule.when, rule.unless):
        yield from _unknown(conditions, flow)


def _unknown(conditions: Conditions, flow: Flow) -> Iterator[str]:
    for key, values in conditions.items():
        if key not in SIGNALS | {LANGUAGE_FACT}:
            yield f"may not look at {key}"
        elif key not in {TOLD, LANGUAGE_FACT} and key not in flow.steps:
            yield f"looks at {key}, which is not asked"
        else:
            yield from (f"{key} is never {value}" for value in values if value not in _possible(key, flow))


def _possible(key: str, flow: Flow) -> Collection[str]:
    """What an answer can be."""
    if key == TOLD:
        return VOLUNTEERED
    step = flow.steps[flow.start if key == LANGUAGE_FACT else key]
    return {option.id for option in step.options}
