"""Moving through the questions: what is on offer, asking, keeping an answer, on to the next."""

from __future__ import annotations

from dataclasses import replace

from bot.cases import Reason
from bot.flow import Option, Step, StepKind
from bot.meaning import Meaning
from bot.messages import Next
from bot.offered import offered
from bot.session import Effect, OpenCase, Prompt, Propose, Scene, Session, State, Turn
from bot.triage import Tier, propose

VOICE_PAGE = 3
TIMES = "times"
"""The errand at which times are offered."""


NO_OPTION = "~no"
"""The choice of who did not mean what was asked back."""


DONE_OPTION = "~done"
"""The choice that ends a question with several answers."""


MENU_OPTION = "~menu"
"""The choice of a caller who would rather go on with the questions."""


def options(scene: Scene, session: Session) -> tuple[Option, ...]:
    """The choices of the open question in this mode, without those already picked."""
    step = scene.flow.steps[session.step]
    if step.kind is StepKind.CORRECT:
        return _correctable(scene, session)
    if step.kind is StepKind.ERRAND:
        return offered(step, scene, session)
    every = tuple(option for option in step.options if scene.mode in option.modes)
    if not session.picked:
        return every
    return tuple(option for option in every if option.id not in session.picked and not option.alone)


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


def ask(scene: Scene, session: Session, *before: Prompt, again: bool = False, slow: bool = False) -> Turn:
    """The open question, after what is said before it."""
    session = replace(session, doubt="")
    return Turn(session, (*before, Prompt(step=session.step, again=again, slow=slow)))


def at(session: Session, step: str, *, resume: str = "") -> Session:
    """The session at a step. ``resume``: an aside, after which that step goes on with what was picked there."""
    coming_back = not resume and session.resume == step
    return replace(
        session,
        step=step,
        resume=resume,
        picked=session.kept if coming_back else (),
        kept=(session.picked or session.kept) if resume else (),
        page=0,
        failures=0,
        doubt="",
        told=False,
        state=State.ASKING,
    )


def fitted(session: Session, scene: Scene) -> Session:
    """A session that was stored under an older flow, in the flow of now.

    Whose open question is gone goes on at the next one; what was answered stays.
    """
    flow = scene.flow
    trail = tuple(step for step in session.trail if step in flow.steps)
    if session.step in flow.steps and (not session.resume or session.resume in flow.steps):
        return replace(session, trail=trail, version=flow.version)
    following = flow.next_after(session.answers, scene.facts)
    step = following.id if following is not None else flow.start
    return replace(
        session, step=step, about="", trail=trail, version=flow.version, resume="", picked=(), kept=(), page=0
    )


def forward(scene: Scene, session: Session, *before: Prompt) -> Turn:
    """To the next open question; when there is none left, what was said leads to a proposal."""
    following = scene.flow.next_after(session.answers, scene.facts)
    if following is None:
        return finish(scene, session, *before)
    return ask(scene, at(session, following.id), *before)


def finish(scene: Scene, session: Session, *before: Prompt) -> Turn:
    """The questions are over: a proposal in one message, the times that fit, and people read along."""
    done = replace(at(session, scene.flow.start), state=State.DONE)
    proposal = propose(scene.rules, session.answers, session.language, scene.today)
    told = (*before, Prompt("proposal", about=proposal))
    effects: tuple[Effect, ...] = (OpenCase(Reason.INTAKE), Propose(proposal))
    times = at(done, TIMES)
    if proposal.tier is not Tier.DIGITAL and any(option.starts_at for option in options(scene, times)):
        return replace(ask(scene, times, *told), effects=effects)
    farewell = "done_digital" if proposal.tier is Tier.DIGITAL else "done"
    return Turn(done, (*told, Prompt(farewell, next=Next.HANG_UP)), effects)


def taken(scene: Scene, session: Session, step: Step, values: tuple[str, ...], *before: Prompt) -> Turn:
    """An answer is kept; on to the next question, or back to the read-back when one answer was being corrected."""
    answers = {**session.answers, step.id: values}
    trail = trail_with(session, step.id)
    return forward(scene, replace(session, answers=answers, trail=trail, resume=""), *before)


def trail_with(session: Session, step: str) -> tuple[str, ...]:
    """The way back, with this step as its last."""
    return (*(seen for seen in session.trail if seen != step), step)


def ask_or_rest(scene: Scene, session: Session, note: Prompt) -> Turn:
    """A note, and the open question if the bot has one."""
    if session.state is State.ASKING:
        return ask(scene, session, note)
    claimed = session.state is State.PERSON and scene.facts.get("case") == "claimed"
    return Turn(session, () if claimed else (note,))


def anew(scene: Scene, session: Session, *before: Prompt) -> Turn:
    """A new question of somebody whose intake is done: asked again from what brings them; the rest is kept."""
    dropped = {"review", "elsewhere", scene.flow.again_at}
    kept = {step: values for step, values in session.answers.items() if step not in dropped}
    fresh = replace(session, answers=kept, trail=(), run=session.run + 1)
    return ask(scene, at(fresh, scene.flow.again_at), *before)


def menu(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """On with the questions, from wherever the contact is; in a language that the bot speaks."""
    if session.language in scene.flow.prepared:
        return ask(scene, at(session, scene.flow.start))
    if session.state is State.DONE or (session.state is State.PERSON and session.paused is State.DONE):
        return anew(scene, session)
    if session.state is State.PERSON:
        return ask(scene, replace(session, state=State.ASKING, page=0, alarm=""))
    kind = scene.flow.steps[session.step].kind
    if session.state is State.ASKING and kind is StepKind.ERRAND and not session.resume:
        return anew(scene, replace(session, about=""))
    if session.state is State.ASKING and kind in (StepKind.OFFER, StepKind.ERRAND):
        return ask(scene, at(replace(session, about=""), session.resume or scene.flow.start), again=True)
    return ask(scene, session, slow=True)
