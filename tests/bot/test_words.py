"""The words: every one there in every language, whole, and within its budget."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import check, content
from bot.flow import Flow, StepKind
from bot.lexicon import Is
from bot.messages import Mode
from bot.safety import ALARMS, Helpline, lines_for
from bot.session import Prompt, Scene, Session, State
from bot.wording import Context, Wording
from channels.segments import segments
from channels.voice import VOICES
from tests.bot.conftest import LANGUAGES, LINES

ANSWERS = {
    "language": ("nl",),
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
}
"""Answers of an ordinary intake: the read-back holds them all."""

REVIEW_SEGMENTS = 2


def test_nothing_is_missing_fuzzy_or_lost() -> None:
    assert check.everything(LANGUAGES).problems == []


def test_every_text_is_in_the_template() -> None:
    """The template is what translators see: it must hold every text of the flow as it stands now."""
    assert check.not_in_template() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("again", [False, True])
def test_a_question_is_one_sms(flow: Flow, wording: Wording, language: str, again: bool) -> None:
    scene = Scene(flow, Mode.TEXT, {"phone": "no"})
    over = {}
    for step in flow.steps.values():
        session = Session(flow.name, flow.version, language=language, step=step.id, answers=ANSWERS)
        text = wording.say([Prompt(step=step.id, again=again)], scene, session, LINES)[-1].text
        most = REVIEW_SEGMENTS if step.kind in (StepKind.REVIEW, StepKind.CORRECT) else 1
        if segments(text).count > most:
            over[step.id] = (segments(text), text)
    assert over == {}


def longest(helplines: tuple[Helpline, ...], alarm: Is, language: str) -> tuple[str, ...]:
    """The numbers that take most room, of those that any hour of a week gives to anybody."""
    hours = [datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=n) for n in range(24 * 7)]
    given = [lines_for(alarm, language, hour, helplines, young=young) for hour in hours for young in (False, True)]
    return max(given, key=lambda numbers: len("".join(numbers)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_one_sms(flow: Flow, wording: Wording, language: str) -> None:
    scene = Scene(flow, Mode.TEXT, {})
    session = Session(flow.name, flow.version, language=language, step="brings", answers=ANSWERS, state=State.PERSON)
    over = {}
    lines = {alarm: longest(content.load_helplines(), alarm, language) for alarm in ALARMS}
    for name in flow.messages:
        text = wording.say([Prompt(name)], scene, session, Context(lines))[-1].text
        if segments(text).count > 1:
            over[name] = (segments(text), text)
    assert over == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", list(Mode))
def test_everything_can_be_said_in_every_mode(flow: Flow, wording: Wording, language: str, mode: Mode) -> None:
    scene = Scene(flow, mode, {"phone": "no"})
    for step in flow.steps.values():
        session = Session(flow.name, flow.version, language=language, step=step.id, answers=ANSWERS)
        said = wording.say([Prompt("changed"), Prompt(step=step.id, again=True)], scene, session, LINES)
        assert all(part.text and "{" not in part.text for part in said), step.id


def test_every_language_has_a_voice() -> None:
    assert set(VOICES) == set(LANGUAGES)
