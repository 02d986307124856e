"""What counsellors write for one another beside a conversation. It has a table of its own: nothing here can be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.service.case_errors import AlreadySent, EmptyNote, TooLong
from bot.service.case_views import existing
from bot.service.holding import record
from bot.service.house import House
from bot.store import cases, notes

LONGEST_NOTE = 4000
"""Characters."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note, with who wrote it."""

    id: int
    at: datetime
    name: str
    text: str


def add(house: House, case_id: int, user_id: int, text: str, token: str) -> None:
    """Keeps a note, whoever has the case and also when it is closed. ``token`` names the form: sent twice, it is one.

    Raises NoSuchCase, EmptyNote, TooLong, AlreadySent.
    """
    with house.store.write() as connection:
        case = existing(connection, case_id)
        cases.contact(connection, case.contact_id, lock=True)
        write(connection, case, user_id, text, token, house.now())


def write(connection: Connection, case: Row[Any], user_id: int, text: str, token: str, now: datetime) -> None:
    """The same, in the transaction of whoever holds the contact's lock. Raises EmptyNote, TooLong, AlreadySent."""
    words = text.strip()
    if not words:
        raise EmptyNote
    if len(words) > LONGEST_NOTE:
        raise TooLong(LONGEST_NOTE)
    before = notes.by_token(connection, token)
    if before is None:
        note_id = notes.add(connection, case, user_id, words, token, now)
        record(connection, "noted", case, user_id, now, data={"note": note_id})
    elif (before.case_id, before.user_id, before.text) != (case.id, user_id, words):
        raise AlreadySent


def of_case(house: House, case_id: int) -> list[Note]:
    """Every note about the contact of a case, in order. Raises NoSuchCase."""
    with house.store.read() as connection:
        return [_note(row) for row in notes.of_contact(connection, existing(connection, case_id).contact_id)]


def since(house: House, case_id: int, after: int) -> list[Note]:
    """The notes that were written after an event. Raises NoSuchCase."""
    with house.store.read() as connection:
        happened = cases.events_after(connection, existing(connection, case_id).contact_id, after)
        ids = [event.data["note"] for event in happened if event.type == "noted"]
        return [_note(row) for row in notes.some(connection, ids)] if ids else []


def _note(row: Row[Any]) -> Note:
    return Note(row.id, row.at, row.name, row.text)
