"""The life of a call that a counsellor makes: first the own telephone rings, then the contact's; one table of moves.

What a provider says of either telephone comes late, twice and in the wrong order. A move that is not in the table
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CallState(StrEnum):
    """Where a call stands. Answered: a key was pressed on the counsellor's telephone, which no mailbox does."""

    ASKED = "asked"
    RINGING = "ringing"  # the counsellor's telephone
    ANSWERED = "answered"  # now the contact's telephone rings
    BRIDGED = "bridged"  # the two talk
    ENDED = "ended"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNREACHED = frozenset({CallState.BUSY, CallState.NO_ANSWER, CallState.FAILED, CallState.CANCELLED})
"""Nobody talked to the contact."""

OPEN = frozenset({CallState.ASKED, CallState.RINGING, CallState.ANSWERED, CallState.BRIDGED})
"""Under way."""

MOVES: Mapping[CallState, frozenset[CallState]] = {
    CallState.ASKED: frozenset({CallState.RINGING, *UNREACHED}),
    CallState.RINGING: frozenset({CallState.ANSWERED, *UNREACHED}),
    CallState.ANSWERED: frozenset({CallState.BRIDGED, CallState.ENDED, *UNREACHED}),
    CallState.BRIDGED: frozenset({CallState.ENDED}),
    CallState.ENDED: frozenset(),
    CallState.BUSY: frozenset(),
    CallState.NO_ANSWER: frozenset(),
    CallState.FAILED: frozenset(),
    CallState.CANCELLED: frozenset({CallState.ENDED}),  # that the two had talked may be told last
}


def may_move(now: CallState, to: CallState) -> bool:
    """Whether a call that stands at ``now`` may become ``to``."""
    return to in MOVES[now]


class Telephone(StrEnum):
    """Whose telephone a provider speaks of. The values are kept as the reason why nobody was reached."""

    OWN = "own"
    THEIRS = "theirs"


class Word(StrEnum):
    """What a provider says of one telephone."""

    RINGING = "ringing"
    PICKED_UP = "picked_up"
    OVER = "over"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELLED = "cancelled"


_UNREACHED: Mapping[Word, CallState] = {
    Word.BUSY: CallState.BUSY,
    Word.NO_ANSWER: CallState.NO_ANSWER,
    Word.FAILED: CallState.FAILED,
    Word.CANCELLED: CallState.CANCELLED,
}

_SAYS: Mapping[Telephone, Mapping[Word, CallState]] = {
    Telephone.OWN: {**_UNREACHED, Word.RINGING: CallState.RINGING},
    Telephone.THEIRS: {**_UNREACHED, Word.PICKED_UP: CallState.BRIDGED, Word.OVER: CallState.ENDED},
}

_PUT_DOWN: Mapping[CallState, CallState] = {
    CallState.ASKED: CallState.NO_ANSWER,
    CallState.RINGING: CallState.NO_ANSWER,  # picked up, but no key was pressed: a mailbox, or nobody who wanted it
    CallState.ANSWERED: CallState.CANCELLED,
    CallState.BRIDGED: CallState.ENDED,
}
"""What a call becomes when the counsellor's telephone is put down, by where it stood."""


def after(now: CallState, telephone: Telephone, word: Word) -> CallState:
    """Where a call stands after a word about one telephone; as before, where that says nothing new."""
    said = _SAYS[telephone].get(word, now)
    to = _PUT_DOWN.get(now, now) if (telephone, word) == (Telephone.OWN, Word.OVER) else said
    return to if may_move(now, to) else now


@dataclass(frozen=True, slots=True)
class Ring:
    """A counsellor's telephone to be rung: ``to`` is its number, ``account`` ours, ``token`` names the call."""

    token: str
    to: str
    account: str


@dataclass(frozen=True, slots=True)
class Report:
    """A provider's word on one telephone of a call; ``seconds``: how long it was picked up, where that is told."""

    telephone: Telephone
    word: Word
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Bridge:
    """A contact's telephone to be connected with the counsellor's: its number, and ours that it shows."""

    to: str
    account: str


LINE = "bridge"
"""Kind of the line that a call has in the conversation's log."""
