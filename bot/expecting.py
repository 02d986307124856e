"""When people are there: said in the turn that hands a conversation to them, once for each case.

Outside office hours a message that promises a person gives way to one that says from when, with the offer of a call;
what comes first in danger and distress stays as it is, and this comes after it. In office hours a wait is only named
where the last days tell it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.cases import Reason
from bot.people import ALARM_REASONS
from bot.session import Back, OpenCase, Prompt, Scene, ToldHours, Turn, Usual

LATER: Mapping[str, str] = {
    "human": "human_later",
    "human_again": "human_later",
    "call_you": "call_you_later",
    "call_number": "call_number_later",
    "promise": "promise_later",
}
"""What promises a person, and what says from when there is one."""

SOON: Mapping[str, str] = {"human": "human_soon"}
"""What promises an answer, and what says within which time it usually comes."""

SAYS_SO = frozenset(
    {"interpreter", "told_benefit_stops", "plan_help", "no_times", "none_fits", "passed_on_here", "erase"}
)
"""What says already that a person takes it up on a working day, or that it may take a while."""

TOLD_WHEN = frozenset({Reason.DANGER, Reason.DISTRESS, Reason.HUMAN, Reason.CALL_BACK, Reason.STUCK})
"""What somebody waits for a person with."""

ALARMS = frozenset(reason.value for reason in ALARM_REASONS.values())
"""The messages with the numbers that help."""


def expecting(turn: Turn, scene: Scene) -> Turn:
    """The turn with what may be expected of people. Where nothing is said, nothing is added."""
    handed = any(isinstance(effect, OpenCase) and effect.reason in TOLD_WHEN for effect in turn.effects)
    if not handed or not turn.prompts:
        return turn
    back = scene.around.back
    return _soon(turn, scene) if back is None else _later(turn, scene, back)


def _later(turn: Turn, scene: Scene, back: Back) -> Turn:
    said = {prompt.message for prompt in turn.prompts}
    if said & set(LATER):
        prompts = tuple(_instead(prompt, LATER, back) for prompt in turn.prompts)
    elif scene.voice or said & SAYS_SO:
        return turn
    else:
        prompts = _with_note(turn.prompts, back)
    return replace(turn, prompts=prompts, effects=(*turn.effects, ToldHours()))


def _instead(prompt: Prompt, table: Mapping[str, str], about: Back | Usual) -> Prompt:
    return replace(prompt, message=table[prompt.message], about=about) if prompt.message in table else prompt


def _with_note(prompts: tuple[Prompt, ...], back: Back) -> tuple[Prompt, ...]:
    """After the numbers that help; before the question that comes back."""
    alarm = next((prompt for prompt in prompts if prompt.message in ALARMS), None)
    if alarm is not None:
        return (*prompts, Prompt("nobody_alarm", lines=alarm.lines, about=back))
    told = tuple(prompt for prompt in prompts if not prompt.step)
    return (*told, Prompt("nobody_now", about=back), *(prompt for prompt in prompts if prompt.step))


def _soon(turn: Turn, scene: Scene) -> Turn:
    if not any(prompt.message in SOON for prompt in turn.prompts) or scene.around.usual is None:
        return turn
    usual = scene.around.usual
    return replace(turn, prompts=tuple(_instead(prompt, SOON, usual) for prompt in turn.prompts))
