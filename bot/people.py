"""When people have the conversation: how it gets to them, what the bot still says meanwhile, and how it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.cases import Reason
from bot.lexicon import Is
from bot.meaning import Meaning
from bot.messages import Next
from bot.session import OpenCase, Prompt, Scene, Session, State, Turn
from bot.steps import MENU_OPTION, ask, ask_or_rest, menu
from bot.triage import TOLD


def alarmed(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """The numbers that help, and a person; never an intake question in the same breath."""
    reason = ALARM_REASONS[meaning.name]
    prompt = Prompt(reason.value, lines=meaning.name.value)
    effects = (OpenCase(reason, meaning.evidence),)
    return Turn(replace(to_person(session), alarm=meaning.name.value), (prompt,), effects)


ALARM_REASONS: Mapping[Is, Reason] = {
    Is.DANGER: Reason.DANGER,
    Is.VIOLENCE: Reason.DANGER,
    Is.DISTRESS: Reason.DISTRESS,
    Is.HOMELESS: Reason.DISTRESS,
}
"""What each alarm is to people. Its value names the message too; the numbers in it go by the alarm."""


def in_its_language(scene: Scene, session: Session, meaning: Meaning) -> Session:
    """Who has not chosen a language yet, and asks for help in one, is answered in that one."""
    chosen = scene.flow.start in session.answers
    if chosen or meaning.name not in URGENT or not _offered(scene, meaning.language):
        return session
    return replace(session, language=meaning.language)


def speaks(scene: Scene, meaning: Meaning) -> bool:
    """Whether a meaning names a language that the flow offers."""
    return _offered(scene, meaning.values[0]) if meaning.values else False


def _offered(scene: Scene, language: str) -> bool:
    return scene.flow.steps[scene.flow.start].option(language) is not None


def with_told(session: Session, meaning: Meaning) -> Session:
    """Keeps what somebody said of their own accord: triage looks at it, nobody asks for it."""
    signals = meaning.told or (("cannot_read",) if meaning.name is Is.CANNOT_READ else ())
    before = session.answers.get(TOLD, ())
    if set(signals) <= set(before):
        return session
    return replace(session, answers={**session.answers, TOLD: tuple(dict.fromkeys([*before, *signals]))})


def told(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """Something that was said of one's own accord, and nothing else: an answer to that, and on with the question."""
    signal = next((name for name in TOLD_FIRST if name in meaning.told), TOLD_FIRST[-1])
    note = Prompt(f"told_{signal}")
    if scene.voice and session.state is State.PERSON:
        turn = with_person(scene, session, meaning)
        return replace(turn, prompts=(note, *turn.prompts))
    turn = ask_or_rest(scene, session, note)
    if signal not in TOLD_TO_PEOPLE:
        return turn
    return replace(turn, effects=(*turn.effects, OpenCase(Reason.HUMAN)))


TOLD_FIRST = ("prison", "benefit_stops", "deaf", "illness", "lonely")
"""What is answered first, where somebody says more than one of these."""

TOLD_TO_PEOPLE = frozenset({"prison", "benefit_stops"})
"""What a person takes up at once, whatever becomes of the questions."""

URGENT = frozenset({*ALARM_REASONS, Is.HUMAN, Is.CALL_ME, Is.CANNOT_READ, Is.STOP})
"""What is not made to wait for the question of language."""


def adopting(scene: Scene, session: Session, meaning: Meaning) -> Session:
    """Outside the questions a language that is named is taken over without a word."""
    if meaning.name is not Is.LANGUAGE or not speaks(scene, meaning):
        return session
    return replace(session, language=meaning.values[0])


def unpaused(session: Session) -> State:
    """Where the bot itself stood, below a person's turn or a stop."""
    return session.paused if session.state in (State.PERSON, State.STOPPED) else session.state


def to_person(session: Session) -> Session:
    """People have the conversation from now on; the bot remembers where it stood."""
    return replace(session, state=State.PERSON, paused=unpaused(session), failures=0, told=False, alarm="")


def call_me(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """A person, by voice: for who asks for a call, and for who cannot read."""
    if scene.voice or (session.state is State.PERSON and scene.facts.get("case") == "claimed"):
        return human(scene, session, meaning)
    prompt = Prompt("call_you" if scene.facts.get("phone") == "yes" else "call_number")
    return Turn(
        replace(to_person(session), alarm=session.alarm), (prompt,), (OpenCase(Reason.CALL_BACK, meaning.evidence),)
    )


def interpreter(scene: Scene, session: Session) -> Turn:
    """Who speaks a language that the bot does not: a person, with an interpreter. Calls are answered in what it speaks.

    What is asked next, if the person goes on, is the language again.
    """
    start = replace(session, step=scene.flow.start, resume="", picked=(), kept=(), page=0)
    if not scene.voice:
        return Turn(to_person(start), (Prompt("interpreter"),), (OpenCase(Reason.HUMAN),))
    spoken = tuple(Prompt("interpreter", language=code) for code in SPOKEN_TO_ALL)
    return Turn(to_person(start), spoken, (OpenCase(Reason.CALL_BACK),))


SPOKEN_TO_ALL = ("nl", "fr", "en")
"""What a caller hears whose own language has no voice: one of these is often half understood, or by somebody near."""


def human(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """To a person: in a call by asking what it is about, in writing by saying who answers and when."""
    if scene.voice:
        prompt = Prompt("speak_hidden" if scene.hidden else "speak")
        return Turn(to_person(session), (prompt,), (OpenCase(Reason.CALL_BACK),))
    if session.state is State.PERSON and scene.facts.get("case") == "claimed":
        return Turn(session)
    again = session.state is State.PERSON and scene.facts.get("case", "none") != "none"
    prompt = _waiting(session) if again else Prompt("human")
    return Turn(replace(to_person(session), alarm=session.alarm), (prompt,), (OpenCase(Reason.HUMAN),))


def _waiting(session: Session) -> Prompt:
    """What who waits for a person hears; after an alarm the numbers again, and nothing about questions."""
    if not session.alarm:
        return Prompt("human_again")
    return Prompt(f"{ALARM_REASONS[Is(session.alarm)].value}_again", lines=session.alarm)


def with_person(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    """The bot is silent, but for one line as long as nobody took the case; a caller is thanked and promised a call."""
    before, session = session, adopting(scene, session, meaning)
    if scene.voice:
        return _speaking(scene, session, meaning)
    if session.language != before.language and scene.facts.get("case") == "open":
        waiting = _waiting(session) if session.language not in scene.flow.prepared else Prompt("interpreter")
        return Turn(session, (waiting,))
    if scene.facts.get("case") == "none":
        return Turn(session, (Prompt("human"),), (OpenCase(Reason.HUMAN),))
    if scene.facts.get("case") == "claimed":
        return Turn(session)
    if meaning.name is Is.ERASE:
        return Turn(session, (Prompt("erase"),), (OpenCase(Reason.ERASE, meaning.evidence),))
    if session.told:
        return Turn(session)
    return Turn(replace(session, told=True), (_waiting(session),))


def _speaking(scene: Scene, session: Session, meaning: Meaning) -> Turn:
    if session.alarm and meaning.name is Is.SILENCE:
        prompt = Prompt(ALARM_REASONS[Is(session.alarm)].value, slow=True, lines=session.alarm)
        return Turn(replace(session, alarm=""), (prompt,))
    session = replace(session, alarm="")
    if meaning.name is Is.SILENCE and session.failures == 0:
        return Turn(replace(session, failures=1), (Prompt("record", next=Next.RECORD),))
    if meaning.name is Is.REPEAT:
        return Turn(session, (Prompt("speak_more", slow=True),))
    if meaning.values == (MENU_OPTION,):
        return menu(scene, session, meaning)
    if scene.facts.get("case") == "claimed":
        return Turn(replace(session, failures=0), (Prompt("passed_on", next=Next.HANG_UP),))
    promise = "promise_hidden" if scene.hidden else "promise"
    effects = (OpenCase(Reason.CALL_BACK),)
    return Turn(replace(session, failures=0), (Prompt(promise, next=Next.HANG_UP),), effects)


def hand_back(session: Session, scene: Scene) -> Turn:
    """A person closed the case: the bot goes on where it stood."""
    if session.state is not State.PERSON:
        return Turn(session)
    back = replace(session, state=session.paused, told=False, alarm="", failures=0, page=0)
    if back.state is State.ASKING:
        return ask(scene, back, Prompt("closed_go_on"))
    return Turn(back, (Prompt("closed"),))
