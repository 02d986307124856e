"""Costs: what each text, and a whole intake, takes as SMS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import content
from bot.conversation import take_turn
from bot.flow import Flow, Step, StepKind
from bot.lexicon import Is
from bot.meaning import Meaning
from bot.messages import Mode, Said
from bot.safety import ALARMS, Helpline, lines_for
from bot.session import Prompt, Scene, Session, State
from bot.wording import Context, Wording

WIDE = frozenset({"ar", "uk", "ru", "fa", "ps", "ti"})
"""Languages whose letters GSM-7 does not have: 70 characters a segment."""

READ_BACK = frozenset({StepKind.REVIEW, StepKind.CORRECT})
"""Questions that hold the answers themselves: a segment more."""

NOT_SENT = frozenset({"spoken_answer"})
"""Messages that are only ever spoken: their SMS words stand in for the others."""

ANSWERS = {
    "name": ("Maria",),
    "postcode": ("9000",),
    "brings": ("training",),
    "situation": ("no_work",),
    "age": ("from_18",),
    "digital": ("some",),
    "worries": ("home", "money"),
    "health": ("rather_not",),
    "way": ("message",),
    "moment": ("afternoon",),
    "review": ("yes",),
}
"""An ordinary intake, for the read-back and the count; a step without one is answered with its first choice."""

FACTS = {"phone": "yes", "case": "none", "hidden": "no"}
A_MONDAY = datetime(2026, 11, 23)  # noqa: DTZ001 - any week will do, in Belgian time


@dataclass(frozen=True, slots=True)
class Intake:
    """One whole intake by SMS: messages and segments out."""

    language: str
    messages: int
    segments: int
    questions: int

    def told(self, price: float) -> str:
        """A line for the report."""
        euro = f"{self.segments * price:.2f} euro"
        return f"{self.language}: {self.questions} questions, {self.messages} SMS, {self.segments} segments, {euro}"


def budget(language: str, step: Step | None = None) -> int:
    """The segments that a text of a language may take; ``step`` when it is a question."""
    more = 1 if step is not None and step.kind in READ_BACK else 0
    return (2 if language in WIDE else 1) + more


def over_budget(flow: Flow, wording: Wording, language: str, count: Callable[[str], int]) -> Iterator[str]:
    """Every SMS text of a language that takes more segments than it may."""
    rows = [*_messages(flow, wording, language)]
    if language not in flow.prepared:
        rows += _questions(flow, wording, language)
    for place, text, most in rows:
        taken = count(text)
        if taken > most:
            yield f"{language}: {place}: {taken} segments, {most} at most: {text!r}"


def _questions(flow: Flow, wording: Wording, language: str) -> Iterator[tuple[str, str, int]]:
    scene = Scene(flow, Mode.TEXT, {**FACTS, "phone": "no"})
    for step in flow.steps.values():
        session = Session(flow.name, flow.version, language=language, step=step.id, answers=ANSWERS)
        for again in (False, True):
            text = wording.say([Prompt(step=step.id, again=again)], scene, session, Context({}))[-1].text
            yield f"{'again' if again else 'ask'}/{step.id}", text, budget(language, step)


def _messages(flow: Flow, wording: Wording, language: str) -> Iterator[tuple[str, str, int]]:
    scene = Scene(flow, Mode.TEXT, FACTS)
    session = Session(flow.name, flow.version, language=language, step="brings", answers=ANSWERS, state=State.PERSON)
    longest = {alarm: longest_lines(content.load_helplines(), alarm, language) for alarm in ALARMS}
    for name in flow.messages:
        if name not in NOT_SENT | {"confirm"}:
            for alarm in _alarms_of(name):
                said = wording.say([Prompt(name, lines=alarm)], scene, session, Context(longest))
                yield f"message/{name}", said[-1].text, budget(language)
    if language not in flow.prepared:
        yield from _confirmations(flow, wording, language, scene)


def _confirmations(flow: Flow, wording: Wording, language: str, scene: Scene) -> Iterator[tuple[str, str, int]]:
    """Every choice as it is asked back."""
    for step in flow.steps.values():
        for option in step.options:
            if step.kind is not StepKind.LANGUAGE and Mode.TEXT in option.modes:
                session = Session(flow.name, flow.version, language=language, step=step.id, doubt=option.id)
                text = wording.say([Prompt("confirm")], scene, session, Context({}))[-1].text
                yield f"message/confirm ({step.id}/{option.id})", text, budget(language)


def _alarms_of(message: str) -> Iterable[str]:
    """The alarms whose numbers a message can hold."""
    kind = message.removesuffix("_again")
    groups = {"danger": (Is.DANGER, Is.VIOLENCE), "distress": (Is.DISTRESS, Is.HOMELESS)}
    return [alarm.value for alarm in groups.get(kind, ())] or [""]


def longest_lines(helplines: tuple[Helpline, ...], alarm: Is, language: str) -> tuple[str, ...]:
    """The numbers that take most room, of those that any hour of a week gives to anybody."""
    hours = [A_MONDAY + timedelta(hours=n) for n in range(24 * 7)]
    given = [lines_for(alarm, language, hour, helplines, young=young) for hour in hours for young in (False, True)]
    return max(given, key=lambda numbers: len("".join(numbers)))


def intake(flow: Flow, wording: Wording, language: str, count: Callable[[str], int]) -> Intake:
    """Plays an ordinary intake by SMS and counts what it sends."""
    said = list(rehearse(flow, wording, language))
    questions = sum(1 for part in said if part.step in flow.steps)
    return Intake(language, len(said), sum(count(part.text) for part in said), questions)


def rehearse(flow: Flow, wording: Wording, language: str) -> Iterator[Said]:
    """What a person reads who answers everything once."""
    scene = Scene(flow, Mode.TEXT, FACTS)
    turn = take_turn(None, Meaning(Is.GREETING), scene)
    while True:
        yield from wording.say(turn.prompts, scene, turn.session, Context({}))
        if turn.session.state is not State.ASKING:
            return
        turn = take_turn(turn.session, _answer(flow.steps[turn.session.step], language), scene)


def _answer(step: Step, language: str) -> Meaning:
    if step.kind is StepKind.LANGUAGE:
        return Meaning(Is.LANGUAGE, (language,))
    kinds = {StepKind.TEXT: Is.TEXT, StepKind.POSTCODE: Is.POSTCODE, StepKind.PHONE: Is.PHONE}
    first = tuple(option.id for option in step.options[:1])
    return Meaning(kinds.get(step.kind, Is.CHOICE), ANSWERS.get(step.id, first))
