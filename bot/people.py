"""When people have the conversation: how it gets to them, what the bot still says meanwhile, and how it comes back."""

from __future__ import annotations

from dataclasses import replace

from bot.cases import Reason
from bot.lexicon import Is
from bot.messages import Next
from bot.session import OpenCase, Prompt, Scene, Session, State, Turn
from bot.steps import MENU_OPTION, ask, menu
from bot.understanding import Meaning


def alarmed(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """The numbers that help, and a person; never an intake question in the same breath."""
    reason = Reason.DANGER if meaning.name is Is.DANGER else Reason.DISTRESS
    effects = (OpenCase(reason, meaning.evidence),)
    heard = session if scene.flow.start in session.answers else _in_its_language(scene, session, meaning)
    waiting = replace(to_person(heard), alarm=meaning.name.value if scene.voice else "")
    return Turn(waiting, (Prompt(meaning.name.value),), effects)


def _in_its_language(scene: Scene, session: Session, meaning: Meaning) -> Session:
    """Who has not chosen a language yet is answered in the one the alarm was raised in."""
    return replace(session, language=meaning.values[0]) if speaks(scene, meaning) else session


def speaks(scene: Scene, meaning: Meaning) -> bool:
    offered = scene.flow.steps[scene.flow.start]
    return any(offered.option(language) is not None for language in meaning.values)


def adopting(scene: Scene, session: Session, meaning: Meaning) -> Session:
    """Outside the questions a language that is named is taken over without a word."""
    if meaning.name is not Is.LANGUAGE or not speaks(scene, meaning):
        return session
    return replace(session, language=meaning.values[0])


def unpaused(session: Session) -> State:
    return session.paused if session.state in (State.PERSON, State.STOPPED) else session.state


def to_person(session: Session) -> Session:
    """People have the conversation from now on; the bot remembers where it stood."""
    return replace(session, state=State.PERSON, paused=unpaused(session), failures=0, told=False)


def human(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if scene.voice:
        prompt = Prompt("speak_hidden" if scene.hidden else "speak")
        return Turn(to_person(session), (prompt,), (OpenCase(Reason.CALL_BACK),))
    if session.state is State.PERSON and scene.facts.get("case") == "claimed":
        return Turn(session)
    again = session.state is State.PERSON and scene.facts.get("case", "none") != "none"
    prompt = Prompt("human_again" if again else "human")
    return Turn(to_person(session), (prompt,), (OpenCase(Reason.HUMAN),))


def with_person(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """The bot is silent, but for one line as long as nobody took the case; a caller is thanked and promised a call."""
    session = adopting(scene, session, meaning)
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
        return menu(scene, session, meaning)
    promise = "promise_hidden" if scene.hidden else "promise"
    effects = (OpenCase(Reason.CALL_BACK),)
    return Turn(replace(session, failures=0), (Prompt(promise, next=Next.HANG_UP),), effects)


def hand_back(session: Session, scene: Scene) -> Turn:
    """A person closed the case: the bot goes on where it stood."""
    if session.state is not State.PERSON:
        return Turn(session)
    back = replace(session, state=session.paused, told=False, failures=0, page=0)
    if back.state is State.ASKING:
        return ask(scene, back, Prompt("closed_go_on"))
    return Turn(back, (Prompt("closed"),))
