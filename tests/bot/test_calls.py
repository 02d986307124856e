"""A call that a counsellor makes: which words move it, and which come too late."""

from __future__ import annotations

from itertools import permutations

import pytest

from bot.calls import MOVES, OPEN, UNREACHED, CallState, Telephone, Word, after

OWN, THEIRS = Telephone.OWN, Telephone.THEIRS
ASKED, RINGING, ANSWERED, BRIDGED = CallState.ASKED, CallState.RINGING, CallState.ANSWERED, CallState.BRIDGED
ENDED, BUSY, NO_ANSWER = CallState.ENDED, CallState.BUSY, CallState.NO_ANSWER
FAILED, CANCELLED = CallState.FAILED, CallState.CANCELLED


def test_every_state_has_its_moves_and_stands_on_one_side() -> None:
    assert set(MOVES) == set(CallState)
    assert OPEN | UNREACHED | {ENDED} == set(CallState)
    assert not OPEN & UNREACHED


@pytest.mark.parametrize(
    ("now", "telephone", "word", "then"),
    [
        (ASKED, OWN, Word.RINGING, RINGING),
        (RINGING, OWN, Word.RINGING, RINGING),
        (RINGING, OWN, Word.PICKED_UP, RINGING),  # perhaps a mailbox: only a key tells
        (RINGING, OWN, Word.OVER, NO_ANSWER),
        (RINGING, OWN, Word.BUSY, BUSY),
        (RINGING, OWN, Word.NO_ANSWER, NO_ANSWER),
        (RINGING, OWN, Word.FAILED, FAILED),
        (RINGING, OWN, Word.CANCELLED, CANCELLED),
        (ANSWERED, OWN, Word.OVER, CANCELLED),
        (ANSWERED, THEIRS, Word.RINGING, ANSWERED),
        (ANSWERED, THEIRS, Word.PICKED_UP, BRIDGED),
        (ANSWERED, THEIRS, Word.BUSY, BUSY),
        (ANSWERED, THEIRS, Word.NO_ANSWER, NO_ANSWER),
        (ANSWERED, THEIRS, Word.FAILED, FAILED),
        (ANSWERED, THEIRS, Word.OVER, ENDED),
        (BRIDGED, THEIRS, Word.OVER, ENDED),
        (BRIDGED, OWN, Word.OVER, ENDED),
        (BRIDGED, OWN, Word.RINGING, BRIDGED),
        (BRIDGED, THEIRS, Word.NO_ANSWER, BRIDGED),
        (CANCELLED, THEIRS, Word.OVER, ENDED),  # the own telephone was put down first, and told first
        (CANCELLED, THEIRS, Word.NO_ANSWER, CANCELLED),
    ],
)
def test_a_word_moves_a_call(now: CallState, telephone: Telephone, word: Word, then: CallState) -> None:
    assert after(now, telephone, word) is then


@pytest.mark.parametrize("over", [ENDED, BUSY, NO_ANSWER, FAILED])
@pytest.mark.parametrize("telephone", Telephone)
@pytest.mark.parametrize("word", Word)
def test_what_is_over_stays_so(over: CallState, telephone: Telephone, word: Word) -> None:
    assert after(over, telephone, word) is over


WORDS = ((THEIRS, Word.PICKED_UP), (THEIRS, Word.OVER), (OWN, Word.OVER))


@pytest.mark.parametrize("told", list(permutations(WORDS)), ids=str)
def test_two_who_talked_have_talked_in_whatever_order_it_is_told(told: tuple[tuple[Telephone, Word], ...]) -> None:
    state = ANSWERED
    for telephone, word in told:
        state = after(state, telephone, word)
    assert state is ENDED
