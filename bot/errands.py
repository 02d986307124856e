"""What goes on outside the intake: the contact's plan, an assignment, times, a meeting, a notice. Pure.

An errand comes from the contact (PLAN, an appointment) or from us (a reminder). It never costs the place in the intake:
afterwards the contact is where it was before. Whoever answers with something else than the choices is read by a person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.cases import Reason
from bot.flow import StepKind
from bot.lexicon import Is
from bot.meaning import Meaning
from bot.meetings import Outcome
from bot.messages import Next
from bot.session import Attempt, OpenCase, Prompt, Scene, Session, State, Turn
from bot.steps import ask, at, options

FAILURES_BEFORE_PERSON = 2


def begin(scene: Scene, session: Session, step: str, about: str = "") -> Session:
    """The session at an errand. The place in the intake, and who had the conversation, are kept."""
    fresh = scene.flow.steps[session.step].kind is not StepKind.ERRAND or session.state is not State.ASKING
    before = session.state if fresh else session.before
    here = session.step if unanswered(scene, session) else session.resume
    opened = at(session, step, resume=here)
    return replace(opened, about=about, before=before)


def unanswered(scene: Scene, session: Session) -> bool:
    """Whether a question of the intake is open: asked now, or waiting until a person is done."""
    asking = State.ASKING in (session.state, session.paused if session.state is State.PERSON else session.state)
    return asking and scene.flow.steps[session.step].kind is not StepKind.ERRAND


def rest(scene: Scene, session: Session, *said: Prompt) -> Turn:
    """The errand is over: back to where the contact was."""
    back = replace(session, about="")
    if session.before is State.PERSON and scene.facts.get("case", "none") != "none":
        paused = State.ASKING if session.resume else State.DONE
        step = session.resume or scene.flow.start
        return Turn(replace(at(back, step), state=State.PERSON, paused=paused), said)
    if session.resume:
        return ask(scene, at(back, session.resume), *said)
    over = tuple(replace(prompt, next=Next.HANG_UP) if prompt is said[-1] else prompt for prompt in said)
    return Turn(replace(at(back, scene.flow.start), state=State.DONE), over)


def with_counsellor(scene: Scene, session: Session) -> bool:
    """Whether a person has the conversation: the bot is silent."""
    return session.state is State.PERSON and scene.facts.get("case") == "claimed"


# What the contact asks for


def plan(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """PLAN: the contact's own path, or the first step to pick."""
    if with_counsellor(scene, session):
        return Turn(session)
    return show_plan(scene, session)


def show_plan(scene: Scene, session: Session, *before: Prompt) -> Turn:
    """Done, now, next, in one message; what is next becomes what the contact is at."""
    path = scene.around.path
    if path.now is not None:
        return ask(scene, begin(scene, session, "plan", str(path.now.id)), *before)
    if path.ahead:
        return Turn(begin(scene, session, "plan"), before, attempt=Attempt("start", str(path.ahead[0].id)))
    note = Prompt("plan_all_done" if path.done else "plan_empty")
    return pick(scene, session, *before, note)


def pick(scene: Scene, session: Session, *before: Prompt) -> Turn:
    """What the contact can choose from."""
    opened = begin(scene, session, "pick")
    if not [option for option in options(scene, opened) if option.id.startswith("pick:")]:
        return rest(scene, opened, *before, Prompt("plan_no_more"))
    return ask(scene, opened, *before)


def meeting(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """An appointment: the one that there is, or times for a new one."""
    if with_counsellor(scene, session):
        return Turn(session)
    booked = scene.around.booked
    if booked:
        return ask(scene, begin(scene, session, "meeting", str(booked[0].id)))
    return times(scene, session)


def times(scene: Scene, session: Session, *before: Prompt, about: str = "") -> Turn:
    """The near times that are free; where there are none, the truth and a person."""
    opened = begin(scene, session, "times", about)
    if not [option for option in options(scene, opened) if option.id.startswith("slot:")]:
        return _to_people(scene, opened, *before, Prompt("no_times"))
    return ask(scene, opened, *before)


def _to_people(scene: Scene, session: Session, *said: Prompt) -> Turn:
    turn = rest(scene, session, *said)
    return replace(turn, effects=(*turn.effects, OpenCase(Reason.HUMAN)))


# Answers


def errand(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """An answer to the errand that is open."""
    chosen = _chosen(scene, session, meaning)
    if chosen is not None:
        return act(scene, session, chosen)
    if meaning.name is Is.NOT_UNDERSTOOD and session.failures + 1 < FAILURES_BEFORE_PERSON and _short(meaning):
        failed = replace(session, failures=session.failures + 1)
        return ask(scene, failed, Prompt("not_understood"), again=True)
    return _to_people(scene, session, Prompt("passed_on_here"))


def _short(meaning: Meaning) -> bool:
    """A slip of the finger; who writes a sentence is read by a person at once."""
    return len(" ".join(meaning.values).split()) < 3


def _chosen(scene: Scene, session: Session, meaning: Meaning) -> str | None:
    offered = [option.id for option in options(scene, session)]
    if meaning.name is Is.CHOICE and len(meaning.values) == 1:
        return meaning.values[0] if meaning.values[0] in offered else None
    wanted = _INSTEAD.get(session.step, {}).get(meaning.name)
    return next((option for option in offered if option.partition(":")[0] == wanted), None)


_INSTEAD: Mapping[str, Mapping[Is, str]] = {
    "plan": {Is.YES: "done", Is.HELP: "help", Is.BUSY: "later"},
    "assignment": {Is.YES: "done", Is.NO: "later", Is.HELP: "help", Is.BUSY: "later", Is.CONFUSED: "help"},
    "times": {Is.NO: "none"},
    "meeting": {Is.YES: "keep", Is.NO: "move", Is.BUSY: "move"},
    "notice": {Is.YES: "explain", Is.NO: "seen", Is.HELP: "explain", Is.CONFUSED: "explain", Is.THANKS: "seen"},
}
"""What people say instead of a choice, and the choice it stands for."""

ERRAND_WORDS: Mapping[str, frozenset[Is]] = {step: frozenset(rows) for step, rows in _INSTEAD.items()}
"""Meanings that are answers there, and something else in the intake."""


def act(scene: Scene, session: Session, choice: str) -> Turn:
    """Does what a choice says; also one of a button under an older message."""
    verb, _, ref = choice.partition(":")
    return _VERBS.get(verb, _try)(scene, session, verb, ref)


def known(choice: str) -> bool:
    """Whether a button's choice is one of an errand, with the number that it needs: a button comes from outside."""
    verb, _, ref = choice.partition(":")
    return verb in {*AFTER, *_VERBS} and (verb not in _NUMBERED or ref.isdecimal())


_NUMBERED = frozenset({"start", "done", "later", "drop", "slot", "keep", "cancel", "move"})
"""Choices about a step of a path, or about an appointment."""


def _try(scene: Scene, session: Session, verb: str, ref: str) -> Turn:
    return Turn(session, attempt=Attempt(verb, ref))


def _other(scene: Scene, session: Session, verb: str, ref: str) -> Turn:
    return pick(scene, session)


def _more(scene: Scene, session: Session, verb: str, ref: str) -> Turn:
    return ask(scene, replace(session, page=session.page + 1))


def _move(scene: Scene, session: Session, verb: str, ref: str) -> Turn:
    return times(scene, session, about=ref)


def _none_fits(scene: Scene, session: Session, verb: str, ref: str) -> Turn:
    return _to_people(scene, session, Prompt("none_fits"))


_Verb = Callable[[Scene, Session, str, str], Turn]
_VERBS: Mapping[str, _Verb] = {"other": _other, "more": _more, "move": _move, "none": _none_fits}


# What is said of an outcome

GONE = "gone"
"""The outcome of something that is not there any more, or not for this contact."""


def after(scene: Scene, session: Session, attempt: Attempt, outcome: str) -> Turn:
    """What is said once the service tried. ``scene`` shows what is around the contact after that."""
    return AFTER[attempt.verb](scene, session, attempt.ref, outcome)


def _done(scene: Scene, session: Session, ref: str, outcome: str) -> Turn:
    note = Prompt("plan_changed" if outcome == GONE else "plan_done")
    if scene.around.path.open:
        return show_plan(scene, session, note)
    return rest(scene, begin(scene, session, "plan"), note, Prompt("plan_all_done"))


def _started(scene: Scene, session: Session, ref: str, outcome: str) -> Turn:
    now = scene.around.path.now
    if now is None:
        return pick(scene, session, Prompt("plan_changed"))
    return ask(scene, replace(session, about=str(now.id)))


def _picked(scene: Scene, session: Session, ref: str, outcome: str) -> Turn:
    now = scene.around.path.now
    if outcome == GONE or now is None:
        return show_plan(scene, session, Prompt("plan_changed"))
    return ask(scene, begin(scene, session, "assignment", str(now.id)))


def _dropped(scene: Scene, session: Session, ref: str, outcome: str) -> Turn:
    note = Prompt("plan_changed" if outcome == GONE else "plan_dropped")
    if scene.around.path.open:
        return show_plan(scene, session, note)
    return rest(scene, session, note)


def _put_off(scene: Scene, session: Session, ref: str, outcome: str) -> Turn:
    return rest(scene, session, Prompt("plan_changed" if outcome == GONE else "plan_later"))


def _helped(scene: Scene, session: Session, ref: str, outcome: str) -> Turn:
    return _to_people(scene, session, Prompt("plan_help"))


def _booked(scene: Scene, session: Session, ref: str, outcome: str) -> Turn:
    """A place, or the truth about why there is none and the times that are left."""
    slot = next((slot for slot in scene.around.booked if str(slot.id) == ref), None)
    if outcome in (Outcome.BOOKED, Outcome.ALREADY) and slot is not None:
        return rest(scene, session, Prompt("booked", about=slot))
    if outcome == Outcome.WAITING:
        return rest(scene, session, Prompt("booked_waiting"))
    return times(scene, session, Prompt("time_gone"), about=session.about)


def _kept(scene: Scene, session: Session, ref: str, outcome: str) -> Turn:
    if outcome in (Outcome.BOOKED, Outcome.WAITING):  # an invitation that is taken
        return _booked(scene, session, ref, outcome)
    if outcome != Outcome.ALREADY:
        return times(scene, session, Prompt("time_gone"))
    return rest(scene, session, Prompt("kept"))


def _cancelled(scene: Scene, session: Session, ref: str, outcome: str) -> Turn:
    return rest(scene, session, Prompt("meeting_cancelled"))


def _explained(scene: Scene, session: Session, ref: str, outcome: str) -> Turn:
    words = scene.around.notice(ref)
    if words is None:
        return _to_people(scene, session, Prompt("passed_on_here"))
    return rest(scene, session, Prompt("notice_explained", about=replace(words, explained=True)))


def _seen(scene: Scene, session: Session, ref: str, outcome: str) -> Turn:
    return rest(scene, session, Prompt("notice_seen"))


AFTER: Mapping[str, Callable[[Scene, Session, str, str], Turn]] = {
    "start": _started,
    "done": _done,
    "later": _put_off,
    "drop": _dropped,
    "pick": _picked,
    "help": _helped,
    "slot": _booked,
    "keep": _kept,
    "cancel": _cancelled,
    "explain": _explained,
    "seen": _seen,
}
"""Every attempt, and what is said once it was tried."""
