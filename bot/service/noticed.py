"""A notice as its contact sees it: its words, and what was answered. Inside a turn."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from bot.errands import GONE
from bot.letters import Letter
from bot.service.house import House
from bot.session import NoticeWords
from bot.store import notices as store

OK = "ok"


def answered(connection: Connection, contact_id: int, ref: str, given: str, now: datetime) -> str:
    """Keeps what a contact answered to a notice."""
    known = ref.isdecimal() and store.answer(connection, contact_id, int(ref), given, now)
    return OK if known else GONE


def words_for(house: House, connection: Connection, contact_id: int, ref: str) -> NoticeWords | None:
    """The words of a notice that is for this contact; None when it is not, or its letter is gone from the file."""
    row = store.of_contact(connection, contact_id, int(ref)) if ref.isdecimal() else None
    letter = house.letters.get(row.template) if row is not None else None
    return None if row is None or letter is None else words_of(letter, day_of(row.gaps))


def words_of(letter: Letter, day: date | None) -> NoticeWords:
    """The words of a letter, with its day."""
    return NoticeWords(letter.id, letter.text, letter.explanation, day)


def day_of(gaps: dict[str, str]) -> date | None:
    """The day that a notice names; None when it names none."""
    return date.fromisoformat(gaps["day"]) if "day" in gaps else None
