"""A flow: the intake as data, read from ``content/intake.yaml`` and checked before anyone meets it.

A flow is a row of steps. A step asks one thing; ``when`` and ``unless`` say for whom. The words stand in the file in
Dutch, the language that everything starts in; the catalogues in ``locales/`` hold the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.messages import Mode
from bot.regions import derived

SKIP_KEY = "9"
HUMAN_KEY = "0"
MOST_SKIPPABLE_CHOICES = int(SKIP_KEY) - 1

Conditions = Mapping[str, tuple[str, ...]]
Answers = Mapping[str, tuple[str, ...]]


class StepKind(StrEnum):
    """What kind of answer a step expects."""

    LANGUAGE = "language"
    CHOICE = "choice"
    MULTI = "multi"
    TEXT = "text"
    POSTCODE = "postcode"
    PHONE = "phone"
    REVIEW = "review"
    CORRECT = "correct"
    OFFER = "offer"
    ELSEWHERE = "elsewhere"  # who lives where another service helps
    ERRAND = "errand"  # outside the intake: a plan, an assignment, times, a reminder, a notice


CHOOSING = frozenset(
    {
        *(StepKind.LANGUAGE, StepKind.CHOICE, StepKind.MULTI, StepKind.REVIEW, StepKind.CORRECT, StepKind.OFFER),
        *(StepKind.ELSEWHERE, StepKind.ERRAND),
    }
)


class FlowError(Exception):
    """A content file that cannot be used: every problem with its file, line and reason, one a line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Words:
    """The Dutch words of one thing, per mode. Chat falls back on text, voice on text."""

    by_mode: Mapping[Mode, str]
    verbatim: bool = False  # the same in every language, such as a language's own name
    line: int = 0

    def mode_of(self, mode: Mode) -> Mode:
        """The mode whose words stand in for ``mode``."""
        return mode if mode in self.by_mode else Mode.TEXT

    def of(self, mode: Mode) -> str:
        """The Dutch words for a mode."""
        return self.by_mode[self.mode_of(mode)]


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that a step offers.

    ``human``: choosing it asks for a person. ``alone``: it excludes the others. ``declines``: it says what skipping
    says. ``span``: a number within it means this option. ``source``: the context that its label is translated under,
    where that is not its own step. ``starts_at``, ``office``: a time that is offered, which is named anew in each
    language.
    """

    id: str
    label: Words
    modes: frozenset[Mode] = frozenset(Mode)
    human: bool = False
    alone: bool = False
    sensitive: bool = False
    declines: bool = False
    span: tuple[int, int] | None = None
    source: str = ""
    starts_at: datetime | None = None
    office: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One question. ``title`` names it in the read-back; ``again`` are other words for who did not follow.

    ``more`` is asked of who picked something already and may pick more.
    """

    id: str
    kind: StepKind
    ask: Words
    again: Words
    more: Words | None = None
    title: Words | None = None
    options: tuple[Option, ...] = ()
    skip: bool = False
    sensitive: bool = False
    aside: bool = False
    when: Conditions = field(default_factory=dict)
    unless: Conditions = field(default_factory=dict)
    line: int = 0

    def option(self, option_id: str) -> Option | None:
        """The option with that id."""
        return next((option for option in self.options if option.id == option_id), None)


@dataclass(frozen=True, slots=True)
class Flow:
    """A checked flow. ``messages`` are the things the bot says that ask nothing."""

    name: str
    version: int
    start: str
    again_at: str
    steps: Mapping[str, Step]
    messages: Mapping[str, Words]

    @property
    def prepared(self) -> frozenset[str]:
        """Languages that the bot does not speak itself: whoever chooses one gets a person with an interpreter."""
        return frozenset(option.id for option in self.steps[self.start].options if option.human)

    def spoken_in(self, languages: Collection[str]) -> Flow:
        """The flow with only these languages on offer."""
        first = self.steps[self.start]
        offered = tuple(option for option in first.options if option.id in languages)
        return replace(self, steps={**self.steps, self.start: replace(first, options=offered)})

    def applies(self, step: Step, answers: Answers, facts: Mapping[str, str]) -> bool:
        """Whether a step is for someone with these answers and facts (facts are named ``@name`` in conditions)."""
        known = {**answers, **derived(answers), **{f"@{name}": (value,) for name, value in facts.items()}}
        wanted = all(_any(known.get(key), values) for key, values in step.when.items())
        return wanted and not any(_any(known.get(key), values) for key, values in step.unless.items())

    def next_after(self, answers: Answers, facts: Mapping[str, str]) -> Step | None:
        """The first step that applies and has no answer yet; None when the questions are over."""
        open_steps = (s for s in self.steps.values() if not s.aside and s.id not in answers)
        return next((step for step in open_steps if self.applies(step, answers, facts)), None)

    def answered(self, answers: Answers, facts: Mapping[str, str]) -> list[Step]:
        """The steps whose answers count, in the order of the flow: those of a branch not taken are left out."""
        steps = (s for s in self.steps.values() if s.title is not None and s.id in answers)
        return [step for step in steps if self.applies(step, answers, facts)]


def _any(have: tuple[str, ...] | None, wanted: tuple[str, ...]) -> bool:
    return have is not None and any(value in wanted for value in have)


def read_flow(data: Mapping[str, Any], where: str) -> Flow:
    """A checked Flow from the parsed file ``where``. Raises FlowError with every problem found."""
    try:
        flow = Flow(
            name=str(data["flow"]),
            version=int(data["version"]),
            start=str(data["start"]),
            again_at=str(data["again_at"]),
            steps=_steps(data["steps"]),
            messages={name: read_words(words) for name, words in data["messages"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FlowError([f"{where}:{line_of(data)}: {reason_of(error)}"]) from error
    problems = [f"{where}:{line}: {reason}" for line, reason in _problems(flow)]
    if problems:
        raise FlowError(problems)
    return flow


def reason_of(error: Exception) -> str:
    """What is wrong with an entry, as it is told."""
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)


def line_of(data: object) -> int:
    """The line that an entry of a file starts at."""
    return int(getattr(data, "line", 0))


def _steps(rows: Sequence[Mapping[str, Any]]) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    for row in rows:
        step = _step(row)
        if step.id in steps:
            raise ValueError(f"line {step.line}: there are two steps {step.id}")
        steps[step.id] = step
    return steps


def _step(row: Mapping[str, Any]) -> Step:
    try:
        ask = read_words(row["ask"])
        return Step(
            id=str(row["id"]),
            kind=StepKind(row["kind"]),
            ask=ask,
            again=read_words(row["again"]) if "again" in row else ask,
            more=read_words(row["more"]) if "more" in row else None,
            title=read_words(row["title"]) if "title" in row else None,
            options=tuple(_option(option) for option in row.get("choices", ())),
            skip=bool(row.get("skip", True)),
            sensitive=bool(row.get("sensitive", False)),
            aside=bool(row.get("aside", False)),
            when=read_conditions(row.get("when")),
            unless=read_conditions(row.get("unless")),
            line=line_of(row),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"line {line_of(row)}: {reason_of(error)}") from error


def _option(row: Mapping[str, Any]) -> Option:
    return Option(
        id=str(row["id"]),
        label=read_words({**row["label"], "verbatim": row.get("verbatim", False)}),
        modes=frozenset(Mode(mode) for mode in row.get("modes", list(Mode))),
        human=bool(row.get("human", False)),
        alone=bool(row.get("alone", False)),
        sensitive=bool(row.get("sensitive", False)),
        declines=bool(row.get("declines", False)),
        span=(int(row["from"]), int(row["to"])) if "from" in row else None,
    )


def read_words(row: Mapping[str, Any]) -> Words:
    """The words of one thing, per mode. Raises ValueError for an unknown mode, KeyError without words for SMS."""
    by_mode = {mode: str(row[mode.value]).strip() for mode in Mode if mode.value in row}
    unknown = set(row) - {mode.value for mode in Mode} - {"verbatim"}
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))}: not a mode")
    if Mode.TEXT not in by_mode:
        raise KeyError("text")
    return Words(by_mode, verbatim=bool(row.get("verbatim", False)), line=line_of(row))


def read_conditions(rows: Mapping[str, Sequence[str]] | None) -> Conditions:
    """The answers that each question has to have, or not."""
    return {str(key): tuple(str(value) for value in values) for key, values in (rows or {}).items()}


ERRANDS = ("plan", "pick", "assignment", "times", "meeting", "notice")
"""What is asked outside the intake; ``bot.errands`` knows what each answer does."""

REQUIRED_STEPS = {
    "language": StepKind.LANGUAGE,
    "review": StepKind.REVIEW,
    "correct": StepKind.CORRECT,
    "offer": StepKind.OFFER,
    "elsewhere": StepKind.ELSEWHERE,
    **dict.fromkeys(ERRANDS, StepKind.ERRAND),
}


def _problems(flow: Flow) -> Iterator[tuple[int, str]]:
    for name, kind in REQUIRED_STEPS.items():
        if name not in flow.steps or flow.steps[name].kind is not kind:
            yield 0, f"a step {name} of kind {kind} is needed"
    for name in (flow.start, flow.again_at):
        if name not in flow.steps:
            yield 0, f"there is no step {name} to start at"
    seen: set[str] = set()
    for step in flow.steps.values():
        yield from ((step.line, f"step {step.id}: {reason}") for reason in _step_problems(step, flow, seen))
        seen.add(step.id)


def _step_problems(step: Step, flow: Flow, seen: set[str]) -> Iterator[str]:
    ids = [option.id for option in step.options]
    if len(ids) != len(set(ids)):
        yield "two choices have the same id"
    if step.kind in CHOOSING - {StepKind.CORRECT, StepKind.ERRAND} and not ids:
        yield "a question with choices has none"
    if step.kind not in CHOOSING and ids:
        yield f"a question of kind {step.kind} cannot have choices"
    if step.skip and len(ids) > MOST_SKIPPABLE_CHOICES:
        yield f"more than {MOST_SKIPPABLE_CHOICES} choices: the key {SKIP_KEY} is for skipping"
    if not step.skip and step.kind is StepKind.TEXT:
        yield "a question that can only be answered in free words must be skippable"
    for key, values in (*step.when.items(), *step.unless.items()):
        yield from _condition_problems(key, values, flow, seen)


def _condition_problems(key: str, values: tuple[str, ...], flow: Flow, seen: set[str]) -> Iterator[str]:
    if key.startswith("@"):
        return
    if key not in seen:
        yield f"depends on {key}, which is not asked before it"
        return
    for value in values:
        if flow.steps[key].option(value) is None:
            yield f"depends on the answer {value}, which {key} does not offer"
