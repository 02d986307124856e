"""What one meaning does to one session: ``take_turn``. Pure: no clock, no store, no words.

A turn answers with prompts (what to say, by name; ``bot.wording`` finds the words) and effects (what the service has to
do). Every path ends in a question, a person or a goodbye.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.answers import answer, language, not_understood, old_answer, skip
from bot.cases import Reason
from bot.errands import ERRAND_WORDS, errand, meeting, plan, rest, with_counsellor
from bot.flow import StepKind
from bot.lexicon import Is
from bot.meaning import Meaning
from bot.messages import Mode, Next
from bot.people import (
    ALARM_REASONS,
    adopting,
    alarmed,
    call_me,
    human,
    in_its_language,
    interpreter,
    to_person,
    told,
    unpaused,
    with_person,
    with_told,
)
from bot.session import (
    Handler,
    LearnPhone,
    OpenCase,
    Prompt,
    ResumeContact,
    Scene,
    Session,
    State,
    StopContact,
    Turn,
    new_session,
)
from bot.steps import anew, ask, ask_or_rest, at, menu


def take_turn(session: Session | None, meaning: Meaning, scene: Scene, *, run: int = 1) -> Turn:
    """What ``meaning`` does to ``session`` (None: a first contact, whose session gets the number ``run``)."""
    if session is None:
        session = with_told(new_session(scene.flow, run=run), meaning)
        return _first(scene, in_its_language(scene, session, meaning), meaning)
    if meaning.name is Is.NOTHING:
        return Turn(with_told(session, meaning))
    session = in_its_language(scene, with_told(session, meaning), meaning)
    if session.state is State.STOPPED or (scene.facts.get("stopped") == "yes" and scene.mode is Mode.TEXT):
        return _while_stopped(scene, session, meaning)
    handler = old_answer if _of_errand(scene, session, meaning) else ALWAYS.get(meaning.name)
    if handler is not None:
        return handler(scene, session, meaning)
    return _STATES[session.state](scene, session, meaning)


def _of_errand(scene: Scene, session: Session, meaning: Meaning) -> bool:
    """A button of an assignment, a reminder, a notice: it counts whatever is going on, unless a person has it."""
    step = scene.flow.steps.get(meaning.step) if meaning.name is Is.ANSWER else None
    return step is not None and step.kind is StepKind.ERRAND and not with_counsellor(scene, session)


def _first(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """A first contact: the introduction, then the language; danger, a person or stop come before any question."""
    hello = Prompt("hello")
    if meaning.name in (*ALARM_REASONS, Is.STOP, Is.WRONG_NUMBER):
        return {**_WHILE_ASKING, **ALWAYS}[meaning.name](scene, session, meaning)
    if meaning.name in (Is.HUMAN, Is.CALL_ME, Is.CANNOT_READ, Is.CONTACT, Is.LANGUAGE, Is.TOLD):
        handler = {Is.LANGUAGE: language, **ALWAYS}[meaning.name]
        turn = handler(scene, session, meaning)
        return turn if hello in turn.prompts else replace(turn, prompts=(hello, *turn.prompts))
    return ask(scene, session, hello, *_in_theirs(scene, session))


def _in_theirs(scene: Scene, session: Session) -> tuple[Prompt, ...]:
    """Dutch comes first; whoever clearly writes in another language on offer reads who speaks in that one too."""
    spoken = scene.facts.get("speaks", "")
    if spoken == session.language or scene.flow.steps[scene.flow.start].option(spoken) is None:
        return ()
    return (Prompt("hello", language=spoken),)


def _stop(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    stopped = replace(session, state=State.STOPPED, paused=unpaused(session))
    if scene.voice:
        return Turn(session, (Prompt("stopped", next=Next.HANG_UP),))
    return Turn(stopped, (Prompt("stopped"),), (StopContact(),))


def _start(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """START lifts an earlier STOP, also when a call woke the session in the meantime."""
    turn = menu(scene, session, meaning)
    return replace(turn, prompts=(Prompt("resumed"), *turn.prompts), effects=(*turn.effects, ResumeContact()))


def _restart(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    fresh = new_session(scene.flow, run=session.run + 1, language=session.language)
    return ask(scene, fresh, Prompt("hello"))


def _call(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """A call begins: at the question where the contact stands, on whatever channel that was."""
    hello = Prompt("welcome_back" if session.answers.get("name") else "welcome_back_nameless")
    if session.language in scene.flow.prepared:
        return interpreter(scene, session)
    waiting = session.state is State.DONE and scene.facts.get("case", "none") != "none"
    if session.state is State.PERSON or waiting:
        return Turn(to_person(session), (hello, Prompt("speak_more")))
    if session.state is State.DONE:
        return anew(scene, session, hello)
    return ask(scene, replace(session, failures=0, page=0), hello)


def _contact(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if not meaning.values:
        return ask_or_rest(scene, session, Prompt("contact_other"))
    learn = LearnPhone(meaning.values[0])
    if session.state is State.ASKING and scene.flow.steps[session.step].kind is StepKind.PHONE:
        turn = answer(scene, session, Meaning(Is.PHONE, meaning.values))
    else:
        told = replace(session, answers={**session.answers, "phone": meaning.values})
        turn = ask_or_rest(scene, told, Prompt("contact_thanks"))
    return replace(turn, effects=(*turn.effects, learn))


def _asking(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if meaning.name in ERRAND_WORDS.get(session.step, ()):
        return errand(scene, session, meaning)
    handler = _WHILE_ASKING.get(meaning.name)
    if handler is not None:
        return handler(scene, session, meaning)
    return answer(scene, session, meaning)


def _repeat(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    return ask(scene, session, slow=True)


def _greeted(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """The question again; where a name is asked for in other words, and then a greeting is one ("Jo")."""
    if scene.flow.steps[session.step].kind is not StepKind.TEXT:
        return ask(scene, session, slow=True)
    return ask(scene, replace(session, failures=session.failures + 1), again=True, slow=True)


def _back(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if scene.flow.steps[session.step].kind is StepKind.ERRAND:
        return rest(scene, session, Prompt("notice_seen"))
    if session.resume:
        return ask(scene, at(session, session.resume))
    if session.picked:
        return ask(scene, at(session, session.step))
    applying = [
        step for step in session.trail if scene.flow.applies(scene.flow.steps[step], session.answers, scene.facts)
    ]
    if not applying:
        return ask(scene, replace(session, page=0), Prompt("back_first"))
    return ask(scene, at(replace(session, trail=tuple(applying[:-1])), applying[-1]))


def _more(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    return ask(scene, replace(session, page=session.page + 1))


def _unsure(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    skippable = scene.flow.steps[session.step].skip
    return not_understood(scene, session, Prompt("unsure" if skippable else "must_answer"))


def _confused(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    return not_understood(scene, session, Prompt("confused"))


def _said(message: str) -> Handler:
    """Something that deserves an answer of its own before the question comes back; not without end."""

    def handler(scene: Scene, session: Session, meaning: Meaning) -> Turn:
        return not_understood(scene, session, Prompt(message), again=False)

    return handler


def _busy(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    return Turn(session, (Prompt("later", next=Next.HANG_UP),))


def _wrong_number(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """Somebody else has this number: they are left in peace."""
    if scene.voice:
        return Turn(session, (Prompt("wrong_number", next=Next.HANG_UP),))
    stopped = replace(session, state=State.STOPPED, paused=unpaused(session))
    return Turn(stopped, (Prompt("wrong_number"),), (StopContact(),))


def _erase(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """A person erases, after looking at what the law says; nothing is thrown away on one word."""
    prompt = Prompt("erase", next=Next.HANG_UP)
    return Turn(to_person(session), (prompt,), (OpenCase(Reason.ERASE, meaning.evidence),))


def _help(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    return ask(scene, session, Prompt("help"))


def _media(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """Who sends voice notes may not be able to write: that leads to a person too."""
    return not_understood(scene, session, Prompt("media"), again=False)


def _silence(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    return not_understood(scene, session, Prompt("silence"))


def _when_done(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    session = adopting(scene, session, meaning)
    if meaning.name in _WHEN_DONE:
        return _WHEN_DONE[meaning.name](scene, session, meaning)
    if meaning.name in (Is.THANKS, Is.SILENCE) and not scene.voice:
        return Turn(session)
    if scene.facts.get("case", "none") == "none":
        name = "welcome_back" if session.answers.get("name") else "welcome_back_nameless"
        return anew(scene, session, Prompt(name))
    if session.told:
        return Turn(session)
    return Turn(replace(session, told=True), (Prompt("done_again"),))


def _while_stopped(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """After STOP only START speaks again; a call is a wish of its own, and danger still reaches a person."""
    resumed = replace(session, state=unpaused(session))
    if scene.voice:
        return take_turn(resumed, meaning, scene)
    if meaning.name in _STILL_HEARD:
        return Turn(session, (), (OpenCase(_STILL_HEARD[meaning.name], meaning.evidence),))
    if meaning.name is not Is.START:
        return Turn(session)
    if scene.facts.get("case") == "claimed":
        return Turn(to_person(resumed), (Prompt("resumed"),), (ResumeContact(),))
    return _start(scene, resumed, meaning)


ALWAYS: Mapping[Is, Handler] = {
    **dict.fromkeys(ALARM_REASONS, alarmed),
    Is.STOP: _stop,
    Is.CALL_ME: call_me,
    Is.CANNOT_READ: call_me,
    Is.HUMAN: human,
    Is.START: _start,
    Is.MENU: menu,
    Is.TOLD: told,
    Is.PLAN: plan,
    Is.MEETING: meeting,
    Is.CALL: _call,
    Is.CONTACT: _contact,
}
"""Understood in every state, in the order of precedence."""


_STATES: Mapping[State, Handler] = {
    State.ASKING: _asking,
    State.PERSON: with_person,
    State.DONE: _when_done,
    State.STOPPED: _while_stopped,
}


_STILL_HEARD: Mapping[Is, Reason] = {
    **ALARM_REASONS,
    Is.HUMAN: Reason.CALL_BACK,
    Is.CALL_ME: Reason.CALL_BACK,
    Is.CANNOT_READ: Reason.CALL_BACK,
    Is.ERASE: Reason.ERASE,
}
"""What reaches a person after STOP too. No message may go out, so it is for a call."""

_WHILE_ASKING: Mapping[Is, Handler] = {
    Is.LANGUAGE: language,
    Is.RESTART: _restart,
    Is.ANSWER: old_answer,
    Is.GREETING: _greeted,
    Is.THANKS: _repeat,
    Is.REPEAT: _repeat,
    Is.BACK: _back,
    Is.UNSURE: _unsure,
    Is.MORE: _more,
    Is.HELP: _help,
    Is.MEDIA: _media,
    Is.RECORDING: _media,
    Is.SKIP: skip,
    Is.SILENCE: _silence,
    Is.CONFUSED: _confused,
    Is.ROBOT: _said("robot"),
    Is.BENEFIT: _said("benefit"),
    Is.OFF_TOPIC: _said("off_topic"),
    Is.BUSY: _busy,
    Is.WRONG_NUMBER: _wrong_number,
    Is.ERASE: _erase,
}

_WHEN_DONE: Mapping[Is, Handler] = {
    Is.RESTART: _restart,
    Is.WRONG_NUMBER: _wrong_number,
    Is.ERASE: _erase,
}
