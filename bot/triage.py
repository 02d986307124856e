"""From answers to a proposal: which help, how near, how soon. Rules propose, each with a reason; a person decides.

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
from bot.messages import Mode
from bot.regions import region_of


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
    def named(self) -> Words:
        """The name, as a text to translate for counsellors."""
        return Words({Mode.TEXT: self.name}, line=self.line)

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
    """The catalogue and its rules. ``otherwise`` is the rule for somebody whom no other gives a programme."""

    version: int
    programmes: Mapping[str, Programme]
    rules: tuple[Rule, ...]
    elsewhere: Mapping[str, Elsewhere]
    budgets: Mapping[str, Budget] = field(default_factory=dict)
    otherwise: Rule | None = None

    @property
    def every_rule(self) -> tuple[Rule, ...]:
        """The rules in the order of the file, and the one for who has none."""
        return (*self.rules, *((self.otherwise,) if self.otherwise else ()))

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with that id; None when the file has it no more."""
        return next((rule for rule in self.every_rule if rule.id == rule_id), None)

    def why(self, proposal: Proposal, programme_id: str) -> Rule | None:
        """The first rule for which a proposal names a programme."""
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
    there = [one.programme.id for one in fired if one.programme.is_open(region, today)]
    return Proposal(
        version=rules.version,
        tier=max((one.rule.tier for one in fired), key=lambda tier: tier.level, default=Tier.PHONE),
        programmes=tuple(dict.fromkeys(there)),
        urgency=max((one.rule.urgency for one in fired), default=0),
        language=language,
        region=region,
        fired=tuple(one.rule.id for one in fired),
    )


def fired_by(rules: Rules, answers: Answers, language: str, today: date) -> tuple[Fired, ...]:
    """The rules that fire, the most support first, else in the order of the file.

    A rule that leaves somebody to the internet counts only when no other fires and its programme is there: a worry goes
    before a skill. Where no programme is there at all, the rule for that comes last.
    """
    known, region = _known(answers, language), _region(answers)
    met = [_fired(rules, rule) for rule in rules.rules if not any(_lacking(rule, known))]
    raised = [one for one in met if one.rule.tier is not Tier.DIGITAL]
    fired = raised or [one for one in met if one.programme.is_open(region, today)]
    if rules.otherwise is not None and not any(one.programme.is_open(region, today) for one in fired):
        fired.append(_fired(rules, rules.otherwise))
    return tuple(sorted(fired, key=lambda one: -one.rule.tier.level))


def _fired(rules: Rules, rule: Rule) -> Fired:
    return Fired(rule, rules.programmes[rule.programme])


def explain(rules: Rules, answers: Answers, language: str, today: date) -> tuple[Explained, ...]:
    """Rule by rule, in the order of the file: did it fire, and why (not)."""
    known, region = _known(answers, language), _region(answers)
    fired = {one.rule.id for one in fired_by(rules, answers, language, today)}
    return tuple(
        Explained(
            rule, rule.id in fired, (*_seen(rule, known), *_spoilt(_fired(rules, rule), known, region, today, fired))
        )
        for rule in rules.every_rule
    )


def _seen(rule: Rule, known: Answers) -> tuple[str, ...]:
    """What a rule looked at: all of it when it is met, what is lacking when it is not."""
    lacking = tuple(_lacking(rule, known))
    return lacking or tuple(f"{key} is {_said(known, key)}" for key in (*rule.when, *rule.unless))


def _spoilt(one: Fired, known: Answers, region: str, today: date, fired: set[str]) -> Iterator[str]:
    """What else stands between a rule that is met and its programme."""
    if any(_lacking(one.rule, known)):
        return
    if not one.programme.is_open(region, today):
        yield f"{one.programme.id} is not there on {today}" + (f" in {region}" if region else "")
    elif one.rule.id not in fired:
        yield "something else gives a programme"


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


def _said(known: Answers, key: str) -> str:
    return " and ".join(known.get(key, ())) or "unknown"
