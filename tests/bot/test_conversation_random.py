"""Whatever comes, in whatever order: nothing raises, no answer is lost, there is always a way on."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import content
from bot.catalogues import Catalogues
from bot.conversation import take_turn
from bot.lexicon import Is
from bot.meaning import Meaning
from bot.meetings import BookingState
from bot.messages import Mode, Next
from bot.plans import Item, ItemState, Path
from bot.safety import ALARMS
from bot.session import Scene, Session, State
from bot.steps import DONE_OPTION, MENU_OPTION
from bot.wording import Wording
from tests.bot.conftest import (
    CALLS,
    LANGUAGES,
    LINES,
    OFFICES,
    RULES,
    TALKS,
    TODAY,
    AroundInMemory,
    stored_and_read,
    tried,
)

FLOW = content.load_intake()
WORDING = Wording(Catalogues(LANGUAGES), content.load_transliteration())
OPTIONS = sorted({option.id for step in FLOW.steps.values() for option in step.options})
REFERENCES = ["done:1", "drop:2", "later:9", "slot:1", "slot:11", "keep:1", "move:1", "cancel:1", "pick:cv", "seen:x"]
VALUES = (
    st.sampled_from([*OPTIONS, *LANGUAGES, *REFERENCES, DONE_OPTION, MENU_OPTION, "9000", "+32470000001", "", "xx"])
    | st.text()
)
STEPS = st.sampled_from([*FLOW.steps, "", "gone"])

RESTS = (Is.STOP, Is.NOTHING, Is.BUSY, Is.WRONG_NUMBER)
"""After these the bot waits, without a question."""

meanings = st.builds(
    Meaning,
    name=st.sampled_from(list(Is)),
    confidence=st.sampled_from([1.0, 0.5]),
    values=st.lists(VALUES, min_size=1, max_size=3).map(tuple),
    step=STEPS,
    run=st.integers(0, 3),
)
facts = st.fixed_dictionaries(
    {
        "phone": st.sampled_from(["yes", "no", "hidden"]),
        "case": st.sampled_from(["none", "open", "claimed"]),
        "hidden": st.sampled_from(["yes", "no"]),
    }
)
states = st.sampled_from(list(ItemState))
arounds = st.builds(
    AroundInMemory,
    path=st.lists(st.tuples(st.sampled_from(["cv", "papers", ""]), states), max_size=4).map(
        lambda rows: Path(tuple(Item(n, name, "bel", state) for n, (name, state) in enumerate(rows, 1)))
    ),
    slots=st.lists(st.sampled_from([*TALKS, *CALLS]), max_size=3, unique=True),
    booked=st.sampled_from([(), (replace(TALKS[0], state=BookingState.BOOKED),)]),
)
turns = st.lists(st.tuples(meanings, st.sampled_from(list(Mode)), facts), min_size=1, max_size=25)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(turns, arounds)
def test_any_row_of_meanings(row: list[tuple[Meaning, Mode, dict[str, str]]], around: AroundInMemory) -> None:
    session: Session | None = None
    for meaning, mode, known in row:
        scene = Scene(FLOW, mode, known, RULES, TODAY, OFFICES, around)
        turn = tried(take_turn(session, meaning, scene), scene, around)
        after = stored_and_read(turn.session)
        if session is not None and after.run == session.run:
            assert set(session.answers) <= set(after.answers), "an answer was lost"
        asks = [prompt for prompt in turn.prompts if prompt.step or prompt.message == "confirm"]
        silent = meaning.name in RESTS or after.state is not State.ASKING
        assert asks or silent, "the bot has the turn and asks nothing"
        assert len(asks) <= 1, "one question at a time"
        if meaning.name in ALARMS:
            assert not asks, "safety never comes with a question"
            assert turn.effects, "safety always reaches people"
        said = WORDING.say(turn.prompts, scene, after, LINES)
        assert all(part.text for part in said)
        if said and said[-1].next is Next.HANG_UP and mode is Mode.VOICE:
            assert after.state is not State.ASKING or meaning.name in RESTS, "hung up on somebody with a question"
        session = after
