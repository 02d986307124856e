"""Costs: what each text, and a whole intake, takes as SMS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product

from bot import content
from bot.checks.samples import (
    A_MOMENT,
    LONGEST_WAIT,
    long_gaps,
    longest_handing,
    longest_meeting,
    notices,
    proposals,
    scenes,
)
from bot.content import Content
from bot.conversation import take_turn
from bot.flow import Flow, Step, StepKind
from bot.lexicon import Is
from bot.meaning import Meaning
from bot.meetings import Slot
from bot.messages import Mode, Said
from bot.ready import filled
from bot.safety import ALARMS, Helpline, lines_for
from bot.session import Back, Handing, Prompt, Scene, Session, State, Usual
from bot.wording import Context, Wording

WIDE = frozenset({"ar", "uk", "ru", "fa", "ps", "ti"})
"""Languages whose letters GSM-7 does not have: 70 characters a segment."""

READ_BACK = frozenset({StepKind.REVIEW, StepKind.CORRECT})
"""Questions that hold the answers themselves: a segment more."""

NOT_SENT = frozenset({"spoken_answer"})
"""Messages that are only ever spoken: their SMS words stand in for the others."""

WITH_GAPS = frozenset({"confirm", "proposal", "notice_explained"})
"""Messages that are counted once for each thing they can be about."""

ABOUT_TIMES = frozenset({"booked", "moved_up", "remind_only", "meeting_off"})
"""Messages about a meeting."""

ABOUT_HOURS = frozenset(
    {*("human_later", "call_you_later", "call_number_later", "promise_later"), *("nobody_now", "nobody_alarm")}
)
"""Messages about when people are there."""

ABOUT_HANDING = frozenset({"handed_over", "handed_team"})
"""Messages about who answers from now on."""

ANSWERS = {
    "name": ("Maria",),
    "postcode": ("9000",),
    "brings": ("training",),
    "situation": ("no_work",),
    "age": ("from_18",),
    "digital": ("some",),
    "worries": ("home", "money"),
    "income": ("ocmw",),
    "health": ("rather_not",),
    "way": ("message",),
    "review": ("yes",),
}
"""An ordinary intake, for the read-back and the count; a step without one is answered with its first choice."""

ELSEWHERE = ("1000", "4000", "4700")
"""Postcodes for which another service helps, one for each of them."""

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


def over_budget(known: Content, wording: Wording, language: str, count: Callable[[str], int]) -> Iterator[str]:
    """Every SMS text of a language that takes more segments than it may."""
    flow = known.flow
    rows = [*_messages(known, wording, language), *_ready(known, wording, language)]
    if language not in flow.prepared:
        rows += [*_questions(known, wording, language), *_errands(known, wording, language)]
        rows += [*_proposals(known, wording, language), *_explanations(known, wording, language)]
        rows += _confirmations(flow, wording, language, Scene(flow, Mode.TEXT, FACTS))
    for place, text, most in rows:
        taken = count(text)
        if taken > most:
            yield f"{language}: {place}: {taken} segments, {most} at most: {text!r}"


def _questions(known: Content, wording: Wording, language: str) -> Iterator[tuple[str, str, int]]:
    flow = known.flow
    scene = Scene(flow, Mode.TEXT, {**FACTS, "phone": "no"}, rules=known.rules)
    for step in flow.steps.values():
        if step.kind is StepKind.ERRAND:
            continue
        postcodes = ELSEWHERE if step.kind is StepKind.ELSEWHERE else ANSWERS["postcode"]
        for postcode, again in product(postcodes, (False, True)):
            answers = {**ANSWERS, "postcode": (postcode,)}
            session = Session(flow.name, flow.version, language=language, step=step.id, answers=answers)
            text = wording.say([Prompt(step=step.id, again=again)], scene, session, Context({}))[-1].text
            yield f"{'again' if again else 'ask'}/{step.id}", text, budget(language, step)


def _errands(known: Content, wording: Wording, language: str) -> Iterator[tuple[str, str, int]]:
    """Every errand with the longest words that can fill it."""
    for step in known.flow.steps.values():
        if step.kind is StepKind.ERRAND:
            for name, scene, session in scenes(known, wording, step.id, language):
                text = wording.say([Prompt(step=step.id)], scene, session, Context({}))[-1].text
                yield f"ask/{step.id} ({name})", text, budget(language)


def _proposals(known: Content, wording: Wording, language: str) -> Iterator[tuple[str, str, int]]:
    """The proposal of every rule."""
    scene = Scene(known.flow, Mode.TEXT, FACTS, rules=known.rules)
    session = Session(known.flow.name, 1, language=language)
    for proposal in proposals(known.rules):
        text = wording.say([Prompt("proposal", about=proposal)], scene, session, Context({}))[-1].text
        yield f"message/proposal ({' '.join(proposal.fired) or 'no rule'})", text, budget(language)


def _explanations(known: Content, wording: Wording, language: str) -> Iterator[tuple[str, str, int]]:
    """The explanation of every notice."""
    scene = Scene(known.flow, Mode.TEXT, FACTS)
    session = Session(known.flow.name, 1, language=language)
    for notice in notices(known):
        prompt = Prompt("notice_explained", about=replace(notice, explained=True))
        text = wording.say([prompt], scene, session, Context({}))[-1].text
        yield f"message/notice_explained ({notice.template})", text, budget(language)


def _ready(known: Content, wording: Wording, language: str) -> Iterator[tuple[str, str, int]]:
    """Every ready answer with long words in its gaps."""
    for answer in known.ready.values():
        place = f"ready/{answer.id}/text"
        words = wording.words(answer.text, Mode.TEXT, language, place)
        yield place, wording.spelled(filled(words, long_gaps(known, language)), Mode.TEXT, language), budget(language)


def _messages(known: Content, wording: Wording, language: str) -> Iterator[tuple[str, str, int]]:
    flow = known.flow
    scene = Scene(flow, Mode.TEXT, FACTS, offices=known.offices)
    session = Session(flow.name, flow.version, language=language, step="brings", answers=ANSWERS, state=State.PERSON)
    longest = {alarm: longest_lines(content.load_helplines(), alarm, language) for alarm in ALARMS}
    for name in flow.messages:
        if name not in NOT_SENT | WITH_GAPS:
            about = _about(known, name)
            for alarm in _alarms_of(name):
                said = wording.say([Prompt(name, lines=alarm, about=about)], scene, session, Context(longest))
                yield f"message/{name}", said[-1].text, budget(language)


def _about(known: Content, name: str) -> Slot | Handing | Back | Usual | None:
    """The longest that fills the gaps of a message."""
    if name in ABOUT_HOURS:
        return Back(A_MOMENT)
    if name == "human_soon":
        return Usual(LONGEST_WAIT)
    if name in ABOUT_HANDING:
        return longest_handing()
    return longest_meeting(known) if name in ABOUT_TIMES else None


def _confirmations(flow: Flow, wording: Wording, language: str, scene: Scene) -> Iterator[tuple[str, str, int]]:
    """Every choice as it is asked back."""
    for step in flow.steps.values():
        for option in step.options:
            if step.kind not in (StepKind.LANGUAGE, StepKind.ERRAND) and Mode.TEXT in option.modes:
                session = Session(flow.name, flow.version, language=language, step=step.id, doubt=option.id)
                text = wording.say([Prompt("confirm")], scene, session, Context({}))[-1].text
                yield f"message/confirm ({step.id}/{option.id})", text, budget(language)


def _alarms_of(message: str) -> Iterable[str]:
    """The alarms whose numbers a message can hold."""
    kind = message.removesuffix("_again")
    groups = {"danger": (Is.DANGER, Is.VIOLENCE), "distress": (Is.DISTRESS, Is.HOMELESS), "nobody_alarm": ALARMS}
    return [alarm.value for alarm in groups.get(kind, ())] or [""]


def longest_lines(helplines: tuple[Helpline, ...], alarm: Is, language: str) -> tuple[str, ...]:
    """The numbers that take most room, of those that any hour of a week gives to anybody."""
    hours = [A_MONDAY + timedelta(hours=n) for n in range(24 * 7)]
    given = [lines_for(alarm, language, hour, helplines, young=young) for hour in hours for young in (False, True)]
    return max(given, key=lambda numbers: len("".join(numbers)))


def intake(known: Content, wording: Wording, language: str, count: Callable[[str], int]) -> Intake:
    """Plays an ordinary intake by SMS and counts what it sends."""
    said = list(rehearse(known, wording, language))
    questions = sum(1 for part in said if part.step in known.flow.steps)
    return Intake(language, len(said), sum(count(part.text) for part in said), questions)


def rehearse(known: Content, wording: Wording, language: str) -> Iterator[Said]:
    """What a person reads who answers everything once."""
    flow = known.flow
    scene = Scene(flow, Mode.TEXT, FACTS, rules=known.rules, today=A_MONDAY.date())
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
