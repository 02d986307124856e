"""Ready answers: chosen by what they mean to the counsellor, said in the contact's language, their gaps filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.catalogues import SOURCE
from bot.gaps import moment
from bot.hours import BELGIUM
from bot.messages import Mode
from bot.ready import Gap, ReadyAnswer, Subject, filled
from bot.service.case_views import existing
from bot.service.house import House
from bot.store import cases


@dataclass(frozen=True, slots=True)
class Offered:
    """A ready answer in the list: its words in the counsellor's language."""

    id: str
    subject: Subject
    words: str


@dataclass(frozen=True, slots=True)
class Both:
    """Words for the contact and what they mean to the counsellor; no ``meaning`` where it is the same language.

    ``translated``: whether they are in the contact's language; else they are in Dutch.
    """

    text: str
    meaning: str
    translated: bool = True


def offered(house: House, language: str) -> list[Offered]:
    """Every ready answer in the counsellor's language, in the order of the file."""
    return [Offered(one.id, one.subject, _words(house, one, Mode.TEXT, language)) for one in house.ready.values()]


def chosen(house: House, case_id: int, ready_id: str, channel: str, by: str, language: str) -> Both | None:
    """A ready answer for the contact of a case, by the counsellor ``by`` who reads ``language``. None: there is none of
    that id. Gaps that nothing fills by itself stay in it. Raises NoSuchCase.
    """
    answer = house.ready.get(ready_id)
    if answer is None:
        return None
    with house.store.read() as connection:
        contact = cases.contact(connection, existing(connection, case_id).contact_id)
    mode = house.channels[channel].mode if channel in house.channels else Mode.CHAT
    known = {Gap.NAME: contact.name.strip(), Gap.COUNSELLOR: by}
    text = _words(house, answer, mode, contact.language)
    return Both(
        text=house.wording.spelled(filled(text, known), mode, contact.language),
        meaning="" if language == contact.language else filled(_words(house, answer, Mode.CHAT, language), known),
        translated=contact.language == SOURCE or text != answer.text.of(mode),
    )


def fill(house: House, case_id: int, both: Both, given: Mapping[Gap, str], language: str) -> Both:
    """The words with what the counsellor gave for their gaps. ``given``: an office by its id, a time as
    ``2026-11-30T14:00`` in Belgian time. What is none of those, or is past, stays open. Raises NoSuchCase.
    """
    with house.store.read() as connection:
        contact = cases.contact(connection, existing(connection, case_id).contact_id)
    values = {gap: typed.strip() for gap, typed in given.items()}
    office = house.offices.get(values.get(Gap.OFFICE, ""))
    values[Gap.OFFICE] = office.town if office is not None else ""
    when = _moment(house, values.get(Gap.TIME, ""))

    def told(words: str, code: str) -> str:
        return filled(words, {**values, Gap.TIME: moment(when, Mode.TEXT, code) if when is not None else ""})

    return Both(told(both.text, contact.language), told(both.meaning, language))


def _words(house: House, answer: ReadyAnswer, mode: Mode, language: str) -> str:
    return house.wording.words(answer.text, mode, language, f"ready/{answer.id}/text")


def _moment(house: House, typed: str) -> datetime | None:
    """A moment to come, or None."""
    try:
        when = datetime.fromisoformat(typed).replace(tzinfo=BELGIUM)
    except ValueError:
        return None
    return when if when > house.now() else None
