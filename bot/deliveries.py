"""The life of a message out: one table of allowed moves.

Receipts come late, twice and in the wrong order. A move that is not in the table changes nothing: a later
"delivered" never hides a failure, and "sent" never undoes "delivered".
"""

from __future__ import annotations

from bot.messages import Status

MOVES: dict[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.SENDING, Status.FAILED}),
    Status.SENDING: frozenset({Status.QUEUED, Status.SENT, Status.DELIVERED, Status.READ, Status.FAILED}),
    Status.SENT: frozenset({Status.DELIVERED, Status.READ, Status.FAILED}),
    Status.DELIVERED: frozenset({Status.READ}),
    Status.READ: frozenset(),
    Status.FAILED: frozenset(),
    Status.SPOKEN: frozenset(),
}


def may_move(now: Status, to: Status) -> bool:
    """Whether a message that stands at ``now`` may become ``to``."""
    return to in MOVES[now]
