"""Each row of the catalogue through the SMS door: what somebody says, and who takes it over."""

from __future__ import annotations

import pytest

from bot.store import schema
from tests.channels.shapes import sms_form
from tests.doors.conftest import Front

START = ("hallo", "1", "An", "9000")
NO_WORRIES, SOME_WORRIES = "5", "1 2"
TO_THE_END = ("1", "1")
"""An answer by message; the read-back is right."""


def intake(
    *,
    brings: str = "1",
    situation: str = "1",
    age: str = "3",
    digital: str = "2",
    worries: str = NO_WORRIES,
    income: str = "4",
    health: str = "2",
) -> tuple[str, ...]:
    """The answers of an intake, as digits. ``income`` is asked of who has no work."""
    asked = (income,) if situation in ("1", "4") else ()
    return (*START, brings, situation, age, digital, worries, *asked, health, *TO_THE_END)


ROWS = [
    pytest.param(intake(situation="2", digital="1"), "tips", "digital", id="manages alone online"),
    pytest.param(intake(situation="2", digital="3"), "service_line", "phone", id="telephone yes, internet no"),
    pytest.param((*START, "ik kan niet lezen"), "office_talk", "", id="cannot read"),
    pytest.param(intake(worries=SOME_WORRIES), "work_wellbeing", "face", id="worries about home and money"),
    pytest.param(intake(age="2"), "missing_link", "face", id="young, no work, no school"),
    pytest.param(intake(health="1"), "gtb", "face", id="health makes work hard"),
    pytest.param(intake(income="1", digital="1"), "back_to_work", "phone", id="money from the mutualiteit"),
    pytest.param(intake(situation="4"), "activation", "face", id="cannot work now"),
    pytest.param(intake(income="2"), "ocmw_intake", "face", id="money from the OCMW"),
    pytest.param((*START, "ik kom in mei vrij uit de gevangenis", *intake()[4:]), "detention", "face", id="prison"),
    pytest.param((*START, "ik ben doof", *intake()[4:]), "deaf", "face", id="deaf"),
    pytest.param((*START, "3", "1"), "benefit_letter", "", id="letter: the benefit stops"),
    pytest.param(intake(worries="4"), "group_offer", "face", id="often alone"),
    pytest.param(("bonjour", "2", *intake()[2:]), "language_help", "phone", id="little Dutch"),
]


@pytest.mark.parametrize(("texts", "programme", "tier"), ROWS)
def test_every_row_of_the_catalogue_reaches_its_people(
    front: Front, texts: tuple[str, ...], programme: str, tier: str
) -> None:
    for number, text in enumerate(texts):
        answer = front.twilio("/sms", sms_form(text, MessageSid=f"SM{number:032x}"))
        assert answer.status_code == 200
    [case] = front.rows(schema.cases)
    assert case.programme == programme
    kept = front.rows(schema.proposals)
    assert [row.tier for row in kept] == ([tier] if tier else [])
    words = " ".join(row.text for row in front.said("out"))
    assert not tier or "Een mens beslist" in words or "humain" in words or "personne" in words


def test_elsewhere_no_case_is_opened_and_a_number_is_given(front: Front) -> None:
    for number, text in enumerate(("hallo", "1", "An", "1000", "2")):
        front.twilio("/sms", sms_form(text, MessageSid=f"SM{number:032x}"))
    assert front.rows(schema.cases) == []
    assert any("0800 35 123" in row.text for row in front.said("out"))
