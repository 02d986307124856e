"""From answers to a proposal: which help, how near, how soon. Rules propose, each with a plain reason; a person decides.

A rule looks at what somebody answered or said of their own accord, at the language of the conversation, and at nothing
else. A rule that fires only ever raises the support, and no answer can switch a rule off: an answer that is not there
never costs anybody help.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.flow import Answers, Conditions, Words


class Tier(StrEnum):
    """How near the help is: alone on the internet, by telephone with a person, or face to face."""

    DIGITAL = "digital"
    PHONE = "phone"
    FACE = "face"

    @property
    def level(self) -> int:
        """The order: more is nearer."""
        return list(Tier).index(self)


class AskedBy(StrEnum):
    """Who asks for a programme: the contact, through a rule; or only a counsellor, for the contact."""

    CONTACT = "contact"
    COUNSELLOR = "counsellor"


TOLD = "told"
"""The key among the answers under which stands what was said of one's own accord: it is never asked."""

VOLUNTEERED = frozenset({"prison", "illness", "deaf", "cannot_read", "benefit_stops", "lonely"})
"""What can stand there."""

SIGNALS = frozenset({"brings", "letter", "situation", "age", "digital", "worries", "income", "health", "way", TOLD})
"""The answers that a rule may look at."""

LANGUAGE_FACT = "@language"
"""The one fact that a rule may look at besides: the language of the conversation, never that of a passport."""

URGENCIES = range(3)
"""0 as it comes, 1 first, 2 at once."""

FLANDERS = frozenset({"flemish_brabant", "antwerp", "limburg", "west_flanders", "east_flanders"})

_REGIONS = {
    "brussels": "10 11 12",
    "walloon_brabant": "13 14",
    "flemish_brabant": "15 16 17 18 19 30 31 32 33 34",
    "antwerp": "20 21 22 23 24 25 26 27 28 29",
    "limburg": "35 36 37 38 39",
    "liege": "40 41 42 43 44 45 46 48 49",
    "german_speaking": "47",
    "namur": "50 51 52 53 54 55 56 57 58 59",
    "hainaut": "60 61 62 63 64 65 70 71 72 73 74 75 76 77 78 79",
    "luxembourg": "66 67 68 69",
    "west_flanders": "80 81 82 83 84 85 86 87 88 89",
    "east_flanders": "90 91 92 93 94 95 96 97 98 99",
}
"""The first two digits of the postcodes of each region."""

REGIONS = frozenset(_REGIONS)
_BY_DIGITS = {digits: region for region, row in _REGIONS.items() for digits in row.split()}


def region_of(postcode: str) -> str:
    """The region of a postcode; empty when it is none."""
    return _BY_DIGITS.get(postcode[:2], "") if len(postcode) == 4 else ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a year costs, in euro. ``year`` is None where the source names none; ``part_of`` the sum it belongs to.

    Programmes that share one budget share its id, so that a report counts it once.
    """

    id: str
    name: str
    amount: int
    year: int | None
    source: str
    part_of: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Programme:
    """One way to be helped. ``told`` is what the contact reads, ``explain`` what it is in plain words.

    ``door``: somebody can be sent there. ``team``: the kind of team that takes it over. ``text_only``: never by
    telephone. ``ended``: kept for the reports; nobody gets it any more.
    """

    id: str
    name: str
    told: Words
    tier: Tier
    team: str
    regions: frozenset[str]
    languages: tuple[str, ...]
    explain: Words
    budget: Budget | None = None
    since: date | None = None
    valid_until: date | None = None
    ended: bool = False
    door: bool = True
    source: str = ""
    asked_by: AskedBy = AskedBy.CONTACT
    text_only: bool = False
    line: int = 0

    @property
    def can_be_proposed(self) -> bool:
        """Whether a rule may name it."""
        return self.door and not self.ended and self.asked_by is AskedBy.CONTACT

    def is_open(self, region: str, today: date) -> bool:
        """Whether somebody from a region can have it today; an unknown region closes nothing."""
        begun = self.since is None or self.since <= today
        fresh = self.valid_until is None or today <= self.valid_until
        return not self.ended and begun and fresh and (not region or region in self.regions)


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to propose a programme. ``because`` is that reason, as it goes on after "want".

    ``sensitive``: in a chat app it is said in coarser words.
    """

    id: str
    when: Conditions
    unless: Conditions
    programme: str
    tier: Tier
    urgency: int
    because: Words
    sensitive: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The service of another region. ``person_for``: whoever speaks one of these may still ask VDAB for a person.

    ``told`` has a gap ``{number}``.
    """

    region: str
    service: str
    number: str
    told: Words
    id: str = ""
    languages: tuple[str, ...] = ()
    person_for: tuple[str, ...] = ()
    verified: bool = True
    line: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules make of the answers: programmes and the rules that fired, the most support first."""

    version: int
    tier: Tier
    programmes: tuple[str, ...]
    urgency: int
    language: str
    region: str
    fired: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The catalogue and its rules. ``fallback``: who is there for somebody whom no rule gives a programme."""

    version: int
    programmes: Mapping[str, Programme]
    rules: tuple[Rule, ...]
    elsewhere: Mapping[str, Elsewhere]
    budgets: Mapping[str, Budget] = field(default_factory=dict)
    fallback: str = ""

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with that id; None when the file has it no more."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def why(self, proposal: Proposal, programme_id: str) -> Rule | None:
        """The first rule for which a proposal names a programme; None for the fallback."""
        fired = (self.rule(rule_id) for rule_id in proposal.fired)
        return next((rule for rule in fired if rule is not None and rule.programme == programme_id), None)


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired, and its programme."""

    rule: Rule
    programme: Programme


@dataclass(frozen=True, slots=True)
class Explained:
    """What became of one rule, and why: one line for each thing that it looked at."""

    rule: Rule
    fired: bool
    why: tuple[str, ...]


def propose(rules: Rules, answers: Answers, language: str, today: date) -> Proposal:
    """What to propose to somebody with these answers, in this language."""
    region = _region(answers)
    fired = fired_by(rules, answers, language, today)
    return Proposal(
        version=rules.version,
        tier=max((one.rule.tier for one in fired), key=lambda tier: tier.level, default=Tier.PHONE),
        programmes=_programmes(rules, fired, region, today),
        urgency=max((one.rule.urgency for one in fired), default=0),
        language=language,
        region=region,
        fired=tuple(one.rule.id for one in fired),
    )


def fired_by(rules: Rules, answers: Answers, language: str, today: date) -> tuple[Fired, ...]:
    """The rules that fire, the most support first, else in the order of the file.

    A rule that leaves somebody to the internet counts only when no other fires and its programme is there: a worry goes
    before a skill.
    """
    known = _known(answers, language)
    fired = [Fired(rule, rules.programmes[rule.programme]) for rule in rules.rules if not any(_lacking(rule, known))]
    raised = [one for one in fired if one.rule.tier is not Tier.DIGITAL]
    alone = [one for one in fired if one.programme.is_open(_region(answers), today)]
    return tuple(sorted(raised or alone, key=lambda one: -one.rule.tier.level))


def _programmes(rules: Rules, fired: tuple[Fired, ...], region: str, today: date) -> tuple[str, ...]:
    """Each programme that is there, once; the fallback when there is none."""
    there = [one.programme.id for one in fired if one.programme.is_open(region, today)]
    fallback = rules.programmes.get(rules.fallback)
    if not there and fallback is not None and fallback.is_open(region, today):
        return (fallback.id,)
    return tuple(dict.fromkeys(there))


def explain(rules: Rules, answers: Answers, language: str, today: date) -> tuple[Explained, ...]:
    """Rule by rule, in the order of the file: did it fire, and why (not)."""
    known, region = _known(answers, language), _region(answers)
    fired = {one.rule.id for one in fired_by(rules, answers, language, today)}
    return tuple(
        Explained(
            rule, rule.id in fired, tuple(_why(rule, rules.programmes[rule.programme], known, region, today, fired))
        )
        for rule in rules.rules
    )


def _why(rule: Rule, programme: Programme, known: Answers, region: str, today: date, fired: set[str]) -> Iterator[str]:
    lacking = list(_lacking(rule, known))
    yield from lacking or _given(rule, known)
    if lacking:
        return
    if not programme.is_open(region, today):
        yield f"{programme.id} is not there on {today}" + (f" in {region}" if region else "")
    elif rule.id not in fired:
        yield "something else asks for more support"


def _known(answers: Answers, language: str) -> Answers:
    """What rules may look at, and nothing else."""
    return {**{key: answers[key] for key in SIGNALS if key in answers}, LANGUAGE_FACT: (language,)}


def _region(answers: Answers) -> str:
    return region_of(next(iter(answers.get("postcode", ())), ""))


def _lacking(rule: Rule, known: Answers) -> Iterator[str]:
    """Why a rule does not fire: nothing when it does."""
    for key, values in rule.when.items():
        if not set(known.get(key, ())) & set(values):
            yield f"{key} is {_said(known, key)}, not {' or '.join(values)}"
    for key, values in rule.unless.items():
        if set(known.get(key, ())) & set(values):
            yield f"{key} is {_said(known, key)}"


def _given(rule: Rule, known: Answers) -> Iterator[str]:
    for key in (*rule.when, *rule.unless):
        yield f"{key} is {_said(known, key)}"


def _said(known: Answers, key: str) -> str:
    return " and ".join(known.get(key, ())) or "unknown"
