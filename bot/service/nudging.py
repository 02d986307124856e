"""When a question that nobody answered is recalled: gently, once; then over another channel, if there is one.

Then it is quiet. Nothing is held against anybody who does not answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.session import Session, State

AFTER = timedelta(days=1)
MOST_NUDGES = 2
"""The first over the same channel, the second over another one."""


def first_nudge(session: Session, now: datetime) -> datetime | None:
    """When the open question is recalled; never where people have the conversation or nothing is open."""
    return now + AFTER if session.state is State.ASKING else None


def next_nudge(nudges: int, now: datetime) -> datetime | None:
    """After so many, when the next one is due."""
    return now + AFTER if nudges < MOST_NUDGES else None
