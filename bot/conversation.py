"""What one meaning does to one session: ``take_turn``. Pure: no clock, no store, no words.

A session is one contact's run through a flow. A turn answers with prompts (what to say, by name; ``bot.wording`` finds
the words) and effects (what the service has to do). Every path ends in a question, a person or a goodbye.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.cases import Reason
from bot.flow import Flow, Option, Step, StepKind
from bot.lexicon import Is
from bot.messages import Mode, Next
from bot.understanding import Meaning


class State(StrEnum):
    """Asking: the bot has a question open. Person: people have the conversation. Done: nothing is open. Stopped."""

    ASKING = "asking"
    PERSON = "person"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Session:
    """One run of a flow by one contact. An answer of no values is a question that was skipped."""

    flow: str
    version: int
    run: int = 1
    language: str = "nl"
    state: State = State.ASKING
    step: str = ""
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trail: tuple[str, ...] = ()
    resume: str = ""
    picked: tuple[str, ...] = ()
    page: int = 0
    failures: int = 0
    paused: State = State.ASKING
    told: bool = False  # while a person has it: the one line that says so was said
    alarm: str = ""  # the alarm just answered in a call: said once more to who then says nothing

    def to_dict(self) -> dict[str, Any]:
        """As stored: plain JSON."""
        data = asdict(self)
        data["answers"] = {step: list(values) for step, values in self.answers.items()}
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Session:
        """The inverse of ``to_dict``."""
        answers = {step: tuple(values) for step, values in data["answers"].items()}
        rows = {name: tuple(data[name]) for name in ("trail", "picked")}
        states = {name: State(data[name]) for name in ("state", "paused")}
        return cls(**{**data, **rows, **states, "answers": answers})


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something to say. ``message`` names one of the flow's messages; ``step`` the question to ask."""

    message: str = ""
    step: str = ""
    again: bool = False
    next: Next = Next.ASK
    slow: bool = False


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Hand the conversation to people, or raise the case that is open. ``evidence``: the words that made it urgent."""

    reason: Reason
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StopContact:
    """No more messages to this address."""


@dataclass(frozen=True, slots=True)
class ResumeContact:
    """Messages to this address are welcome again."""


@dataclass(frozen=True, slots=True)
class LearnPhone:
    """The contact's own phone number, as the channel vouches for it (E.164)."""

    number: str


Effect = OpenCase | StopContact | ResumeContact | LearnPhone


@dataclass(frozen=True, slots=True)
class Turn:
    """What a meaning led to."""

    session: Session
    prompts: tuple[Prompt, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What a turn is taken in: the flow, how words travel, the facts known of the contact (``phone``, ``case`` …)."""

    flow: Flow
    mode: Mode
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def voice(self) -> bool:
        """Whether the person is on the phone now."""
        return self.mode is Mode.VOICE

    @property
    def hidden(self) -> bool:
        """Whether the caller's number is unknown."""
        return self.facts.get("hidden") == "yes"


Handler = Callable[[Scene, Session, Meaning], Turn]
VOICE_PAGE = 3
FAILURES_BEFORE_OFFER = 3
DONE_OPTION = "~done"
"""The choice that ends a question with several answers."""

MENU_OPTION = "~menu"
"""The choice of a caller who would rather go on with the questions."""

_ASIDES = frozenset({StepKind.OFFER, StepKind.CORRECT})


def new_session(flow: Flow, *, run: int = 1, language: str = "nl") -> Session:
    """A session at its first question."""
    return Session(flow=flow.name, version=flow.version, run=run, language=language, step=flow.start)


def take_turn(session: Session | None, meaning: Meaning, scene: Scene, *, run: int = 1) -> Turn:
    """What ``meaning`` does to ``session`` (None: a first contact, whose session gets the number ``run``)."""
    if session is None:
        return _first(scene, new_session(scene.flow, run=run), meaning)
    session = _fitting(session, scene.flow)
    if session.state is State.STOPPED:
        return _while_stopped(scene, session, meaning)
    handler = ALWAYS.get(meaning.name)
    if handler is not None:
        return handler(scene, session, meaning)
    return _STATES[session.state](scene, session, meaning)


def _fitting(session: Session, flow: Flow) -> Session:
    """A session whose open question left the flow since goes on at the next one: answers are never lost."""
    if session.step in flow.steps and (not session.resume or session.resume in flow.steps):
        return session
    return replace(session, step=flow.start, resume="", picked=(), page=0)


# What is on offer


def options(scene: Scene, session: Session) -> tuple[Option, ...]:
    """The choices of the open question in this mode, without those already picked."""
    step = scene.flow.steps[session.step]
    if step.kind is StepKind.CORRECT:
        return _correctable(scene, session)
    offered = tuple(option for option in step.options if scene.mode in option.modes)
    if not session.picked:
        return offered
    return tuple(option for option in offered if option.id not in session.picked and not option.alone)


def _correctable(scene: Scene, session: Session) -> tuple[Option, ...]:
    steps = scene.flow.answered(session.answers, scene.facts)
    return tuple(Option(step.id, step.title) for step in steps if step.title is not None)


def page_of(scene: Scene, session: Session) -> tuple[tuple[Option, ...], bool]:
    """The choices spoken now, and whether there are more: a caller hears at most three at a time."""
    offered = options(scene, session)
    if not scene.voice or len(offered) <= VOICE_PAGE:
        return offered, False
    pages = -(-len(offered) // VOICE_PAGE)
    first = (session.page % pages) * VOICE_PAGE
    return offered[first : first + VOICE_PAGE], True


# Asking


def _ask(scene: Scene, session: Session, *before: Prompt, again: bool = False, slow: bool = False) -> Turn:
    return Turn(session, (*before, Prompt(step=session.step, again=again, slow=slow)))


def _at(session: Session, step: str, *, resume: str = "") -> Session:
    return replace(session, step=step, resume=resume, picked=(), page=0, failures=0, state=State.ASKING)


def _forward(scene: Scene, session: Session, *before: Prompt) -> Turn:
    """To the next open question; when there is none left, the conversation is handed on."""
    following = scene.flow.next_after(session.answers, scene.facts)
    if following is None:
        return _finish(scene, session, *before)
    return _ask(scene, _at(session, following.id), *before)


def _finish(scene: Scene, session: Session, *before: Prompt) -> Turn:
    done = replace(_at(session, scene.flow.start), state=State.DONE)
    farewell = Prompt("done", next=Next.HANG_UP)
    return Turn(done, (*before, farewell), (OpenCase(Reason.INTAKE),))


def _first(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """A first contact: the introduction, then the language; danger, a person or stop come before any question."""
    hello = Prompt("hello")
    if meaning.name in (Is.DANGER, Is.DISTRESS, Is.STOP):
        return ALWAYS[meaning.name](scene, session, meaning)
    if meaning.name in (Is.HUMAN, Is.CONTACT, Is.LANGUAGE):
        handler = ALWAYS.get(meaning.name, _language)
        turn = handler(scene, session, meaning)
        return turn if hello in turn.prompts else replace(turn, prompts=(hello, *turn.prompts))
    return _ask(scene, session, hello)


# What every question understands


def _danger(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """The numbers that help, and a person; never an intake question in the same breath."""
    reason = Reason.DANGER if meaning.name is Is.DANGER else Reason.DISTRESS
    effects = (OpenCase(reason, meaning.evidence),)
    heard = session if scene.flow.start in session.answers else _in_its_language(scene, session, meaning)
    waiting = replace(to_person(heard), alarm=meaning.name.value if scene.voice else "")
    return Turn(waiting, (Prompt(meaning.name.value),), effects)


def _in_its_language(scene: Scene, session: Session, meaning: Meaning) -> Session:
    """Who has not chosen a language yet is answered in the one the alarm was raised in."""
    return replace(session, language=meaning.values[0]) if _speaks(scene, meaning) else session


def _stop(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    stopped = replace(session, state=State.STOPPED, paused=_unpaused(session))
    if scene.voice:
        return Turn(session, (Prompt("stopped", next=Next.HANG_UP),))
    return Turn(stopped, (Prompt("stopped"),), (StopContact(),))


def _unpaused(session: Session) -> State:
    return session.paused if session.state in (State.PERSON, State.STOPPED) else session.state


def to_person(session: Session) -> Session:
    """People have the conversation from now on; the bot remembers where it stood."""
    return replace(session, state=State.PERSON, paused=_unpaused(session), failures=0, told=False)


def _start(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """START lifts an earlier STOP, also when a call woke the session in the meantime."""
    turn = _menu(scene, session, meaning)
    return replace(turn, prompts=(Prompt("resumed"), *turn.prompts), effects=(*turn.effects, ResumeContact()))


def _human(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if scene.voice:
        prompt = Prompt("speak_hidden" if scene.hidden else "speak")
        return Turn(to_person(session), (prompt,), (OpenCase(Reason.CALL_BACK),))
    if session.state is State.PERSON and scene.facts.get("case") == "claimed":
        return Turn(session)
    again = session.state is State.PERSON and scene.facts.get("case", "none") != "none"
    prompt = Prompt("human_again" if again else "human")
    return Turn(to_person(session), (prompt,), (OpenCase(Reason.HUMAN),))


def _language(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if not meaning.values:
        here = "" if session.step == scene.flow.start else session.step
        return _ask(scene, _at(session, scene.flow.start, resume=session.resume or here))
    if not _speaks(scene, meaning):
        return _ask(scene, session, Prompt("language_unknown"))
    spoken = replace(session, language=meaning.values[0])
    if session.step != scene.flow.start:
        return _ask(scene, replace(spoken, page=0))
    spoken = replace(spoken, answers={**spoken.answers, session.step: meaning.values[:1]})
    if session.resume:
        return _ask(scene, _at(spoken, session.resume))
    hello = () if spoken.language == session.language else (Prompt("hello"),)
    return _forward(scene, replace(spoken, trail=_trail(spoken, session.step)), *hello)


def _speaks(scene: Scene, meaning: Meaning) -> bool:
    offered = scene.flow.steps[scene.flow.start]
    return any(offered.option(language) is not None for language in meaning.values)


def _adopting(scene: Scene, session: Session, meaning: Meaning) -> Session:
    """Outside the questions a language that is named is taken over without a word."""
    if meaning.name is not Is.LANGUAGE or not _speaks(scene, meaning):
        return session
    return replace(session, language=meaning.values[0])


def _restart(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    fresh = new_session(scene.flow, run=session.run + 1, language=session.language)
    return _ask(scene, fresh, Prompt("hello"))


def _call(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """A call begins: at the question where the contact stands, on whatever channel that was."""
    hello = Prompt("welcome_back" if session.answers.get("name") else "welcome_back_nameless")
    waiting = session.state is State.DONE and scene.facts.get("case", "none") != "none"
    if session.state is State.PERSON or waiting:
        return Turn(to_person(session), (hello, Prompt("speak_more")))
    if session.state is State.DONE:
        return _anew(scene, session, hello)
    return _ask(scene, replace(session, failures=0, page=0), hello)


def _anew(scene: Scene, session: Session, *before: Prompt) -> Turn:
    """A new question of somebody whose intake is done: asked again from what brings them; the rest is kept."""
    dropped = {"review", scene.flow.again_at}
    kept = {step: values for step, values in session.answers.items() if step not in dropped}
    fresh = replace(session, answers=kept, trail=(), run=session.run + 1)
    return _ask(scene, _at(fresh, scene.flow.again_at), *before)


def _menu(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if session.state is State.DONE or (session.state is State.PERSON and session.paused is State.DONE):
        return _anew(scene, session)
    if session.state is State.PERSON:
        return _ask(scene, replace(session, state=State.ASKING, page=0))
    if session.state is State.ASKING and scene.flow.steps[session.step].kind is StepKind.OFFER:
        return _ask(scene, _at(session, session.resume or scene.flow.start), again=True)
    return _ask(scene, session, slow=True)


def _contact(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if not meaning.values:
        return _ask_or_rest(scene, session, Prompt("contact_other"))
    learn = LearnPhone(meaning.values[0])
    if session.state is State.ASKING and scene.flow.steps[session.step].kind is StepKind.PHONE:
        turn = _answer(scene, session, Meaning(Is.PHONE, meaning.values))
    else:
        told = replace(session, answers={**session.answers, "phone": meaning.values})
        turn = _ask_or_rest(scene, told, Prompt("contact_thanks"))
    return replace(turn, effects=(*turn.effects, learn))


def _ask_or_rest(scene: Scene, session: Session, note: Prompt) -> Turn:
    if session.state is State.ASKING:
        return _ask(scene, session, note)
    claimed = session.state is State.PERSON and scene.facts.get("case") == "claimed"
    return Turn(session, () if claimed else (note,))


# While the bot asks


def _asking(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    handler = _WHILE_ASKING.get(meaning.name)
    if handler is not None:
        return handler(scene, session, meaning)
    return _answer(scene, session, meaning)


def _repeat(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    return _ask(scene, session, slow=True)


def _back(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if session.resume:
        return _ask(scene, _at(session, session.resume))
    if session.picked:
        return _ask(scene, _at(session, session.step))
    if not session.trail:
        return _ask(scene, replace(session, page=0), Prompt("back_first"))
    return _ask(scene, _at(replace(session, trail=session.trail[:-1]), session.trail[-1]))


def _more(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    return _ask(scene, replace(session, page=session.page + 1))


def _help(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    return _ask(scene, session, Prompt("help"))


def _media(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    return _ask(scene, session, Prompt("media"))


def _skip(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if meaning.step and (meaning.run, meaning.step) != (session.run, session.step):
        return _ask(scene, session, Prompt("old_button"))
    step = scene.flow.steps[session.step]
    if step.kind is StepKind.OFFER:
        return _ask(scene, _at(session, session.resume))
    if step.kind is StepKind.CORRECT:
        return _ask(scene, _at(session, "review"))
    if not step.skip:
        return _not_understood(scene, session, Prompt("must_answer"))
    declining = tuple(option.id for option in step.options if option.declines)
    return _taken(scene, session, step, session.picked or declining)


def _silence(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    return _not_understood(scene, session, Prompt("silence"))


def _not_understood(scene: Scene, session: Session, note: Prompt | None = None) -> Turn:
    """Other words first; the third time in a row a person, never the same menu again."""
    failed = replace(session, failures=session.failures + 1)
    if failed.failures >= FAILURES_BEFORE_OFFER:
        return _offer(scene, failed)
    note = note or Prompt("not_understood")
    return _ask(scene, failed, note, again=True, slow=failed.failures > 1)


def _offer(scene: Scene, session: Session) -> Turn:
    """Stuck: a caller goes to a person at once, a writer is asked; and who is stuck there too gets one anyway."""
    stuck = OpenCase(Reason.STUCK)
    offering = scene.flow.steps[session.step].kind is StepKind.OFFER
    if scene.voice or offering:
        back = _at(session, session.resume) if offering else session
        turn = _human(scene, back, Meaning(Is.HUMAN))
        return replace(turn, effects=(stuck, *turn.effects))
    return _ask(scene, _at(session, "offer", resume=session.step))


# Answers


def _answer(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    step = scene.flow.steps[session.step]
    return _KINDS[step.kind](scene, session, meaning)


def _taken(scene: Scene, session: Session, step: Step, values: tuple[str, ...], *before: Prompt) -> Turn:
    """An answer is kept; on to the next question, or back to the read-back when one answer was being corrected."""
    answers = {**session.answers, step.id: values}
    trail = _trail(session, step.id)
    return _forward(scene, replace(session, answers=answers, trail=trail, resume=""), *before)


def _trail(session: Session, step: str) -> tuple[str, ...]:
    return (*(seen for seen in session.trail if seen != step), step)


def _choice(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    chosen = _chosen(scene, session, meaning)
    if chosen is None:
        return _not_understood(scene, session)
    if chosen.human:
        kept = replace(session, answers={**session.answers, session.step: (chosen.id,)})
        return _human(scene, kept, meaning)
    return _taken(scene, session, scene.flow.steps[session.step], (chosen.id,))


def _chosen(scene: Scene, session: Session, meaning: Meaning) -> Option | None:
    if meaning.name is not Is.CHOICE or len(meaning.values) != 1:
        return None
    return next((o for o in options(scene, session) if o.id == meaning.values[0]), None)


def _multi(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """Several answers: all in one SMS, or one by one over buttons and keys until the person is done."""
    step = scene.flow.steps[session.step]
    if meaning.values == (DONE_OPTION,) or (meaning.name is Is.NO and session.picked):
        return _taken(scene, session, step, session.picked)
    if meaning.name is Is.NO:
        alone = tuple(option.id for option in step.options if option.alone)
        return _taken(scene, session, step, alone)
    chosen = [step.option(value) for value in meaning.values] if meaning.name is Is.CHOICE else []
    known = [option for option in chosen if option is not None]
    if not known:
        return _not_understood(scene, session)
    together = tuple(dict.fromkeys([*session.picked, *(o.id for o in known if not o.alone)]))
    if not together:
        return _taken(scene, session, step, tuple(o.id for o in known[:1]))
    left = [o for o in step.options if not o.alone and o.id not in together]
    if scene.mode is Mode.TEXT or len(known) > 1 or not left:
        return _taken(scene, session, step, together)
    picked = replace(session, picked=together, page=0, failures=0)
    return _ask(scene, picked)


def _text(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if meaning.name is not Is.TEXT or not meaning.values or not meaning.values[0]:
        return _not_understood(scene, session)
    return _taken(scene, session, scene.flow.steps[session.step], meaning.values[:1])


def _typed(wanted: Is) -> Handler:
    def handler(scene: Scene, session: Session, meaning: Meaning) -> Turn:
        if meaning.name is not wanted:
            return _not_understood(scene, session)
        return _taken(scene, session, scene.flow.steps[session.step], meaning.values[:1])

    return handler


def _review(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    chosen = _chosen(scene, session, meaning)
    if chosen is None:
        return _not_understood(scene, session)
    if chosen.id == "no":
        return _ask(scene, _at(session, "correct", resume=session.step))
    return _taken(scene, session, scene.flow.steps[session.step], (chosen.id,))


def _correct(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    chosen = _chosen(scene, session, meaning)
    if chosen is None:
        return _not_understood(scene, session)
    return _ask(scene, _at(session, chosen.id, resume="review"))


def _offered(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    chosen = _chosen(scene, session, meaning)
    wants = chosen.human if chosen else meaning.name is Is.YES
    back = replace(session, step=session.resume or scene.flow.start, resume="")
    if wants:
        turn = _human(scene, back, meaning)
        by_phone = chosen is not None and chosen.id == "call"
        reason = Reason.CALL_BACK if by_phone else Reason.STUCK
        return replace(turn, effects=(OpenCase(reason), *turn.effects))
    if chosen is not None or meaning.name is Is.NO:
        return _ask(scene, _at(back, back.step), again=True)
    return _not_understood(scene, session)


def _languages(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    chosen = _chosen(scene, session, meaning)
    if chosen is None:
        return _not_understood(scene, session)
    return _language(scene, session, Meaning(Is.LANGUAGE, (chosen.id,)))


# Old buttons and corrected messages


def _old_answer(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """A button under an earlier question still means what it meant: the answer to that question."""
    step = scene.flow.steps.get(meaning.step)
    if step is None or (meaning.run and meaning.run != session.run):
        return _ask(scene, session, Prompt("old_button"))
    if step.id == session.step:
        return _asking(scene, session, replace(meaning, name=_named(step)))
    if step.id not in session.answers or step.kind in (*_ASIDES, StepKind.REVIEW):
        return _ask(scene, session, Prompt("old_button"))
    return _changed(scene, session, step, meaning)


def _named(step: Step) -> Is:
    kinds = {StepKind.TEXT: Is.TEXT, StepKind.POSTCODE: Is.POSTCODE, StepKind.PHONE: Is.PHONE}
    return kinds.get(step.kind, Is.CHOICE)


def _changed(scene: Scene, session: Session, step: Step, meaning: Meaning) -> Turn:
    """One earlier answer becomes another; the person stays at the open question, if it still applies."""
    option = step.option(meaning.values[0])
    if step.options and option is None:
        return _ask(scene, session, Prompt("old_button"))
    if option is not None and option.human:
        return _human(scene, session, meaning)
    language = meaning.values[0] if step.kind is StepKind.LANGUAGE else session.language
    answers = {**session.answers, step.id: meaning.values}
    changed = replace(session, answers=answers, language=language)
    here = scene.flow.steps[session.step]
    if here.aside or scene.flow.applies(here, answers, scene.facts):
        return _ask(scene, changed, Prompt("changed"))
    return _forward(scene, changed, Prompt("changed"))


# While a person has it, when all is done, when the contact stopped


def _with_person(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """The bot is silent, but for one line as long as nobody took the case; a caller is thanked and promised a call."""
    session = _adopting(scene, session, meaning)
    if scene.voice:
        return _speaking(scene, session, meaning)
    if scene.facts.get("case") == "none":
        return Turn(session, (Prompt("human"),), (OpenCase(Reason.HUMAN),))
    if session.told or scene.facts.get("case") == "claimed":
        return Turn(session)
    return Turn(replace(session, told=True), (Prompt("human_again"),))


def _speaking(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if session.alarm and meaning.name is Is.SILENCE:
        return Turn(replace(session, alarm=""), (Prompt(session.alarm, slow=True),))
    session = replace(session, alarm="")
    if meaning.name is Is.SILENCE and session.failures == 0:
        return Turn(replace(session, failures=1), (Prompt("record", next=Next.RECORD),))
    if meaning.name is Is.REPEAT:
        return Turn(session, (Prompt("speak_more", slow=True),))
    if meaning.values == (MENU_OPTION,):
        return _menu(scene, session, meaning)
    promise = "promise_hidden" if scene.hidden else "promise"
    effects = (OpenCase(Reason.CALL_BACK),)
    return Turn(replace(session, failures=0), (Prompt(promise, next=Next.HANG_UP),), effects)


def _when_done(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    session = _adopting(scene, session, meaning)
    if meaning.name is Is.RESTART:
        return _restart(scene, session, meaning)
    if scene.facts.get("case", "none") == "none":
        name = "welcome_back" if session.answers.get("name") else "welcome_back_nameless"
        return _anew(scene, session, Prompt(name))
    if session.told or meaning.name in (Is.THANKS, Is.SILENCE):
        return Turn(session)
    return Turn(replace(session, told=True), (Prompt("done_again"),))


def _while_stopped(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """After STOP only START speaks again; a call is a wish of its own, and danger still reaches a person."""
    resumed = replace(session, state=session.paused)
    if scene.voice:
        return take_turn(resumed, meaning, scene)
    if meaning.name in (Is.DANGER, Is.DISTRESS):
        reason = Reason.DANGER if meaning.name is Is.DANGER else Reason.DISTRESS
        return Turn(session, (), (OpenCase(reason, meaning.evidence),))
    if meaning.name is not Is.START:
        return Turn(session)
    return _start(scene, resumed, meaning)


def hand_back(session: Session, scene: Scene) -> Turn:
    """A person closed the case: the bot goes on where it stood."""
    if session.state is not State.PERSON:
        return Turn(session)
    back = replace(session, state=session.paused, told=False, failures=0, page=0)
    if back.state is State.ASKING:
        return _ask(scene, back, Prompt("closed_go_on"))
    return Turn(back, (Prompt("closed"),))


ALWAYS: Mapping[Is, Handler] = {
    Is.DANGER: _danger,
    Is.DISTRESS: _danger,
    Is.STOP: _stop,
    Is.HUMAN: _human,
    Is.START: _start,
    Is.MENU: _menu,
    Is.CALL: _call,
    Is.CONTACT: _contact,
}
"""Understood in every state, in the order of precedence."""

_STATES: Mapping[State, Handler] = {
    State.ASKING: _asking,
    State.PERSON: _with_person,
    State.DONE: _when_done,
    State.STOPPED: _while_stopped,
}

_WHILE_ASKING: Mapping[Is, Handler] = {
    Is.LANGUAGE: _language,
    Is.RESTART: _restart,
    Is.ANSWER: _old_answer,
    Is.GREETING: _repeat,
    Is.THANKS: _repeat,
    Is.REPEAT: _repeat,
    Is.BACK: _back,
    Is.MORE: _more,
    Is.HELP: _help,
    Is.MEDIA: _media,
    Is.RECORDING: _media,
    Is.SKIP: _skip,
    Is.SILENCE: _silence,
}

_KINDS: Mapping[StepKind, Handler] = {
    StepKind.LANGUAGE: _languages,
    StepKind.CHOICE: _choice,
    StepKind.MULTI: _multi,
    StepKind.TEXT: _text,
    StepKind.POSTCODE: _typed(Is.POSTCODE),
    StepKind.PHONE: _typed(Is.PHONE),
    StepKind.REVIEW: _review,
    StepKind.CORRECT: _correct,
    StepKind.OFFER: _offered,
}
