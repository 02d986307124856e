"""What a counsellor is writing, kept while it is written: it outlives a reload, a lost line and a change of owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.service.case_errors import NoSuchDraft
from bot.service.case_views import existing
from bot.service.holding import own, record, with_case
from bot.service.house import House
from bot.store import cases, drafts, messages

LONGEST = 8000
"""Characters kept: more than any channel takes, so that nobody loses the end of what is too long to send."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Words that were not sent. ``meaning``: what a ready answer in them says, in the writer's language."""

    user_id: int
    name: str
    text: str
    meaning: str
    channel: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """The drafts that somebody sees in a case: the own one, and what colleagues had ready who have it no longer."""

    own: Draft | None
    left: tuple[Draft, ...]


def keep(
    house: House,
    case_id: int,
    user_id: int,
    text: str,
    channel: str = "",
    token: str = "",
    meaning: str | None = None,
) -> None:
    """Keeps what stands in the box; an empty box keeps nothing. Also of who does not have the case any more.

    ``token`` names the form: of one that was sent nothing is kept, however late this comes. ``meaning``: None leaves
    it. Raises NoSuchCase.
    """
    with house.store.write() as connection:
        case = existing(connection, case_id)
        cases.contact(connection, case.contact_id, lock=True)
        if token and messages.by_token(connection, token) is not None:
            return
        if not text.strip():
            drafts.drop(connection, case_id, user_id)
            return
        told = {} if meaning is None else {"meaning": meaning}
        drafts.put(connection, case_id, user_id, house.now(), text=text[:LONGEST], channel=channel, **told)


def kept(house: House, case_id: int, user_id: int) -> Kept:
    """The drafts that a counsellor sees. Only who has the case is offered what others left, and only until the next
    answer.
    """
    with house.store.read() as connection:
        case = existing(connection, case_id)
        rows = drafts.of_case(connection, case_id)
        answered = messages.last_by_counsellor(connection, case.contact_id)
    every = [Draft(row.user_id, row.name, row.text, row.meaning, row.channel, row.changed_at) for row in rows]
    left = [one for one in every if one.user_id != user_id and (answered is None or one.changed_at > answered)]
    mine = next((one for one in every if one.user_id == user_id), None)
    return Kept(mine, tuple(left) if case.owner_id == user_id else ())


def take(house: House, case_id: int, user_id: int, from_id: int) -> None:
    """What a colleague had ready becomes one's own, after what one has already.

    Raises NotYours, CaseClosed, NoSuchDraft.
    """

    def taking(connection: Connection, case: Row[Any], now: datetime) -> None:
        own(case, user_id)
        rows = {row.user_id: row for row in drafts.of_case(connection, case_id)}
        if from_id not in rows or from_id == user_id:
            raise NoSuchDraft
        both = [rows[one] for one in (user_id, from_id) if one in rows]
        text, meaning = joined(*(one.text for one in both)), joined(*(one.meaning for one in both))
        drafts.put(connection, case_id, user_id, now, text=text[:LONGEST], meaning=meaning)
        drafts.drop(connection, case_id, from_id)
        record(connection, "draft_taken", case, user_id, now, data={"from": from_id})

    with_case(house, case_id, taking)


def joined(*texts: str) -> str:
    """Texts one under the other, with a line between them."""
    return "\n\n".join(text for text in texts if text.strip())
