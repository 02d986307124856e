"""Answers: to the question that is open, to one asked before, and those that nobody understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.cases import Reason
from bot.errands import act, begin, errand, known
from bot.flow import Option, Step, StepKind
from bot.lexicon import Is
from bot.meaning import DOUBTFUL, Meaning
from bot.messages import Mode, Next
from bot.people import call_me, human, interpreter, speaks
from bot.session import Handler, OpenCase, Prompt, Scene, Session, State, Turn
from bot.steps import DONE_OPTION, NO_OPTION, ask, ask_or_rest, at, forward, options, taken, trail_with

FAILURES_BEFORE_OFFER = 3


def answer(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """An answer to the open question, by what kind of question it is."""
    if meaning.values == (NO_OPTION,) or (session.doubt and meaning.name is Is.NO):
        return ask(scene, session, again=True)
    if _doubtful(session, meaning):
        return _ask_back(scene, session, meaning.values[0])
    step = scene.flow.steps[session.step]
    return _KINDS[step.kind](scene, session, meaning)


def _doubtful(session: Session, meaning: Meaning) -> bool:
    """A likely choice is asked back, once."""
    unsure = meaning.name is Is.CHOICE and meaning.confidence < DOUBTFUL
    return unsure and len(meaning.values) == 1 and session.doubt != meaning.values[0]


def _ask_back(scene: Scene, session: Session, choice: str) -> Turn:
    """ "Bedoelt u 2: een opleiding?" It counts as a try: whoever keeps hesitating is offered a person."""
    failed = replace(session, failures=session.failures + 1)
    if failed.failures >= FAILURES_BEFORE_OFFER or all(o.id != choice for o in options(scene, session)):
        return not_understood(scene, session)
    return Turn(replace(failed, doubt=choice), (Prompt("confirm"),))


def not_understood(scene: Scene, session: Session, note: Prompt | None = None, *, again: bool = True) -> Turn:
    """Other words first; the third time in a row a person, never the same menu again.

    ``again``: whether the question needs other words; what was said may have had nothing to do with it.
    """
    failed = replace(session, failures=session.failures + 1)
    if failed.failures >= FAILURES_BEFORE_OFFER:
        return _offer(scene, failed)
    note = note or Prompt("not_understood")
    return ask(scene, failed, note, again=again or failed.failures > 1, slow=failed.failures > 1)


def _offer(scene: Scene, session: Session) -> Turn:
    """Stuck: a caller goes to a person at once, a writer is asked; and who is stuck there too gets one anyway."""
    stuck = OpenCase(Reason.STUCK)
    offering = scene.flow.steps[session.step].kind is StepKind.OFFER
    if scene.voice or offering:
        back = at(session, session.resume) if offering else session
        turn = human(scene, back, Meaning(Is.HUMAN))
        return replace(turn, effects=(stuck, *turn.effects))
    return ask(scene, at(session, "offer", resume=session.step))


def skip(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """On without an answer, where that is possible; out of an aside, back to where it was left."""
    if meaning.step and (meaning.run, meaning.step) != (session.run, session.step):
        return ask(scene, session, Prompt("old_button"))
    step = scene.flow.steps[session.step]
    if step.kind is StepKind.OFFER:
        return ask(scene, at(session, session.resume))
    if step.kind is StepKind.CORRECT:
        return ask(scene, at(session, "review"))
    if not step.skip:
        return not_understood(scene, session, Prompt("must_answer"))
    declining = tuple(option.id for option in step.options if option.declines)
    return taken(scene, session, step, session.picked or declining)


def _choice(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    chosen = _chosen(scene, session, meaning)
    if chosen is None:
        return not_understood(scene, session)
    if chosen.human:
        kept = replace(session, answers={**session.answers, session.step: (chosen.id,)})
        return human(scene, kept, meaning)
    return taken(scene, session, scene.flow.steps[session.step], (chosen.id,))


def _chosen(scene: Scene, session: Session, meaning: Meaning) -> Option | None:
    if meaning.name is not Is.CHOICE or len(meaning.values) != 1:
        return None
    return next((o for o in options(scene, session) if o.id == meaning.values[0]), None)


def _multi(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """Several answers: all in one SMS, or one by one over buttons and keys until the person is done."""
    step = scene.flow.steps[session.step]
    if meaning.values == (DONE_OPTION,) or (meaning.name is Is.NO and session.picked):
        return taken(scene, session, step, session.picked)
    if meaning.name is Is.NO:
        alone = tuple(option.id for option in step.options if option.alone)
        return taken(scene, session, step, alone)
    chosen = [step.option(value) for value in meaning.values] if meaning.name is Is.CHOICE else []
    known = [option for option in chosen if option is not None]
    if not known:
        return not_understood(scene, session)
    together = tuple(dict.fromkeys([*session.picked, *(o.id for o in known if not o.alone)]))
    if not together:
        return taken(scene, session, step, tuple(o.id for o in known[:1]))
    left = [o for o in step.options if not o.alone and o.id not in together]
    if scene.mode is Mode.TEXT or len(known) > 1 or not left:
        return taken(scene, session, step, together)
    picked = replace(session, picked=together, page=0, failures=0)
    return ask(scene, picked)


def _text(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if meaning.name is not Is.TEXT or not meaning.values or not meaning.values[0]:
        return not_understood(scene, session)
    return taken(scene, session, scene.flow.steps[session.step], meaning.values[:1])


def _typed(wanted: Is) -> Handler:
    def handler(scene: Scene, session: Session, meaning: Meaning) -> Turn:
        if meaning.name is not wanted:
            return not_understood(scene, session)
        return taken(scene, session, scene.flow.steps[session.step], meaning.values[:1])

    return handler


def _review(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    chosen = _chosen(scene, session, meaning)
    if chosen is None:
        return not_understood(scene, session)
    if chosen.id == "no":
        return ask(scene, at(session, "correct", resume=session.step))
    return taken(scene, session, scene.flow.steps[session.step], (chosen.id,))


def _correct(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    chosen = _chosen(scene, session, meaning)
    if chosen is None:
        return not_understood(scene, session)
    return ask(scene, at(session, chosen.id, resume="review"))


def _offered(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    chosen = _chosen(scene, session, meaning)
    wants = chosen.human if chosen else meaning.name is Is.YES
    back = at(session, session.resume or scene.flow.start)
    if wants:
        by_phone = chosen is not None and chosen.id == "call"
        turn = (call_me if by_phone else human)(scene, back, meaning)
        return replace(turn, effects=(OpenCase(Reason.STUCK), *turn.effects))
    if chosen is not None or meaning.name is Is.NO:
        return ask(scene, back, again=True)
    return not_understood(scene, session)


def _elsewhere(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """Another service helps there: that is enough, or a person of ours all the same."""
    chosen = _chosen(scene, session, meaning)
    wants = chosen.human if chosen else meaning.name is Is.YES
    if chosen is None and meaning.name not in (Is.YES, Is.NO, Is.THANKS):
        return not_understood(scene, session)
    kept = replace(session, answers={**session.answers, session.step: ("person" if wants else "enough",)})
    if wants:
        return human(scene, kept, meaning)
    over = replace(at(kept, scene.flow.start), state=State.DONE)
    return Turn(over, (Prompt("elsewhere_bye", next=Next.HANG_UP),))


def _languages(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    chosen = _chosen(scene, session, meaning)
    code = chosen.id if chosen else scene.facts.get("speaks", "")
    if scene.flow.steps[session.step].option(code) is None:
        return not_understood(scene, session)
    return language(scene, session, Meaning(Is.LANGUAGE, (code,)))


def language(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """Another language: named, or asked for."""
    if not meaning.values:
        here = "" if session.step == scene.flow.start else session.step
        return ask(scene, at(session, scene.flow.start, resume=session.resume or here))
    if not speaks(scene, meaning):
        return ask(scene, session, Prompt("language_unknown"))
    spoken = replace(session, language=meaning.values[0])
    if spoken.language in scene.flow.prepared:
        return interpreter(scene, spoken)
    if session.step != scene.flow.start:
        return ask(scene, replace(spoken, page=0))
    spoken = replace(spoken, answers={**spoken.answers, session.step: meaning.values[:1]})
    if session.resume:
        return ask(scene, at(spoken, session.resume))
    hello = () if spoken.language == session.language else (Prompt("hello"),)
    return forward(scene, replace(spoken, trail=trail_with(spoken, session.step)), *hello)


_ASIDES = frozenset({StepKind.OFFER, StepKind.CORRECT, StepKind.ELSEWHERE})


def old_answer(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """A button under an earlier question still means what it meant: the answer to that question."""
    step = scene.flow.steps.get(meaning.step)
    if step is not None and step.kind is StepKind.ERRAND:
        return _old_errand(scene, session, meaning)
    if step is None or (meaning.run and meaning.run != session.run):
        return ask(scene, session, Prompt("old_button"))
    if step.id == session.step:
        return answer(scene, session, replace(meaning, name=_named(step)))
    if step.id not in session.answers or step.kind in (*_ASIDES, StepKind.REVIEW):
        return ask(scene, session, Prompt("old_button"))
    return _changed(scene, session, step, meaning)


def _old_errand(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """A button of an assignment, a reminder or a notice: it says itself what it is about, whenever it is pressed."""
    choice = meaning.values[0]
    if not known(choice):
        return ask_or_rest(scene, session, Prompt("old_button"))
    here = session.step == meaning.step and session.state is State.ASKING
    return act(scene, session if here else begin(scene, session, meaning.step, choice.partition(":")[2]), choice)


def _named(step: Step) -> Is:
    kinds = {StepKind.TEXT: Is.TEXT, StepKind.POSTCODE: Is.POSTCODE, StepKind.PHONE: Is.PHONE}
    return kinds.get(step.kind, Is.CHOICE)


def _changed(scene: Scene, session: Session, step: Step, meaning: Meaning) -> Turn:
    """One earlier answer becomes another; the person stays at the open question, if it still applies."""
    option = step.option(meaning.values[0])
    if step.options and option is None:
        return ask(scene, session, Prompt("old_button"))
    if option is not None and option.human:
        return human(scene, session, meaning)
    language = meaning.values[0] if step.kind is StepKind.LANGUAGE else session.language
    answers = {**session.answers, step.id: _merged(step, session.answers[step.id], meaning.values)}
    changed = replace(session, answers=answers, language=language)
    here = scene.flow.steps[session.step]
    if here.aside or scene.flow.applies(here, answers, scene.facts):
        return ask(scene, changed, Prompt("changed"))
    return forward(scene, changed, Prompt("changed"))


def _merged(step: Step, before: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, ...]:
    """Where several answers count, one more is added to them; one that stands alone replaces them."""
    alone = {option.id for option in step.options if option.alone}
    if step.kind is not StepKind.MULTI or alone & set(now):
        return now
    return tuple(dict.fromkeys([*(value for value in before if value not in alone), *now]))


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
    StepKind.ELSEWHERE: _elsewhere,
    StepKind.ERRAND: errand,
}
