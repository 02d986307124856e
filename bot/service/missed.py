"""Callers who hung up before anybody could help: they keep their place in line, and people see that they called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.messages import Next
from bot.store import cases, messages


def hung_up(connection: Connection, call: str, now: datetime) -> bool:
    """A call that came in is over. Whether the caller missed us: people have the conversation, and the last words of
    the bot still asked for something.
    """
    last = messages.last_of_call(connection, call)
    if last is None or _said_goodbye(last):
        return False
    cases.contact(connection, last.contact_id, lock=True)
    case = cases.open_case(connection, last.contact_id)
    if case is None or cases.happened(connection, cases.MISSED, last.id):
        return False
    cases.waits(connection, case.id, last.channel, now)
    cases.add_event(connection, cases.MISSED, last.contact_id, now, case_id=case.id, message_id=last.id)
    return True


def _said_goodbye(row: Row[Any]) -> bool:
    return bool(row.outcome) and row.outcome[-1]["next"] == Next.HANG_UP.value
