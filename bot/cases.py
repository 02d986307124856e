"""The life of a case: open → claimed → closed, with release and reopening; how urgent each reason is; how it ended."""

from __future__ import annotations

from enum import StrEnum


class CaseStatus(StrEnum):
    """Open: waits for a person. Claimed: a person has it, and the bot is silent. Closed: handed back to the bot."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"


class Reason(StrEnum):
    """Why a conversation was handed to people."""

    DANGER = "danger"
    DISTRESS = "distress"
    HUMAN = "human"
    CALL_BACK = "call_back"
    STUCK = "stuck"
    NOT_DELIVERED = "not_delivered"
    ERASE = "erase"
    INTAKE = "intake"


class Outcome(StrEnum):
    """What became of a conversation, when it was closed."""

    HELPED = "helped"
    MEETING = "meeting"
    REFERRED = "referred"
    NO_ANSWER = "no_answer"
    WRONG = "wrong"
    OTHER = "other"
    HANDED_BACK = "handed_back"  # the bot goes on with it: an act of its own
    MERGED = "merged"  # it went on in another conversation of the same person


OUTCOMES = (
    Outcome.HELPED,
    Outcome.MEETING,
    Outcome.REFERRED,
    Outcome.NO_ANSWER,
    Outcome.WRONG,
    Outcome.OTHER,
)
"""Those that are chosen when somebody closes a conversation."""

QUIET = frozenset({Outcome.WRONG, Outcome.MERGED})
"""Outcomes after which the bot says nothing of its own: there is nobody to say it to, or the conversation goes on."""

URGENCY: dict[Reason, int] = {
    Reason.DANGER: 3,
    Reason.DISTRESS: 2,
    Reason.CALL_BACK: 1,
    Reason.HUMAN: 1,
    Reason.STUCK: 1,
    Reason.NOT_DELIVERED: 1,
    Reason.ERASE: 1,
    Reason.INTAKE: 0,
}
"""3 is at once, 2 is today and first, 1 a person who waits, 0 answers to read."""

MOVES: dict[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.OPEN: frozenset({CaseStatus.CLAIMED, CaseStatus.CLOSED}),
    CaseStatus.CLAIMED: frozenset({CaseStatus.OPEN, CaseStatus.CLOSED}),
    CaseStatus.CLOSED: frozenset({CaseStatus.CLAIMED}),
}


def may_move(now: CaseStatus, to: CaseStatus) -> bool:
    """Whether a case that stands at ``now`` may become ``to``."""
    return to in MOVES[now]


GIVES_WAY = frozenset({Reason.HUMAN, Reason.STUCK})
"""Who waits for a person with one of these, and asks to be called, is to be called."""


def raised(now: Reason, to: Reason) -> Reason:
    """The reason that stays when a second one comes: the more urgent; the first when they are equal.

    A wish to be called is more than a wish to be helped.
    """
    called = to is Reason.CALL_BACK and now in GIVES_WAY
    return to if called or URGENCY[to] > URGENCY[now] else now
