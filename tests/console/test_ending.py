"""How a conversation ends, goes back to the computer, is opened again, or put off."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bot.cases import OUTCOMES, CaseStatus, Outcome
from bot.messages import Kind, Receipt, Status
from bot.roles import Role
from bot.service import accounts, case_views, cases, closing, receipts, snoozing
from bot.service.case_errors import OtherCaseOpen
from bot.service.house import House
from bot.store import cases as stored
from bot.store.schema import events, messages
from tests.conftest import Clock
from tests.console.conftest import PASSWORD, People, log_in
from tests.console.helping import NASTY, Desk, post, text_of


@pytest.fixture
def mine(people: People, house: House, an: int) -> int:
    case_id = people.asks_for_a_person()
    cases.claim(house, case_id, an)
    return case_id


def lead(app: Flask, house: House) -> FlaskClient:
    accounts.add_user(house, "leen", "Leen Maes", PASSWORD, role=Role.LEAD)
    return log_in(app.test_client(), "leen")


def last_event(house: House, case_id: int) -> tuple[str, int | None, dict[str, object]]:
    """The newest thing that somebody did with a case."""
    query = select(events).where(events.c.case_id == case_id, events.c.user_id.is_not(None))
    with house.store.read() as connection:
        row = connection.execute(
            query.where(events.c.type != stored.LOOKED).order_by(events.c.id.desc()).limit(1)
        ).one()
    return row.type, row.user_id, row.data


def snoozed(house: House, case_id: int) -> bool:
    return case_views.view(house, case_id).row.snoozed_until is not None


def test_what_became_of_it_and_the_programme_are_kept_and_shown(client: FlaskClient, house: House, an: int) -> None:
    case_id = Desk(house, People(house)).claimed(an)
    page = client.get(f"/console/cases/{case_id}").text
    form = page[page.index('id="close"') : page.index('id="back"')]
    assert re.search(r'<option value="\w+" selected>', form), "the programme of the proposal is proposed"
    programme = next(iter(house.rules.programmes))
    status, _ = post(client, f"/cases/{case_id}/close", outcome="referred", programme=programme)
    assert status == 303
    assert last_event(house, case_id) == ("closed", an, {"outcome": "referred", "programme": programme})
    closed = text_of(client.get(f"/console/cases/{case_id}").text)
    assert "Afgesloten: Doorverwezen naar een andere dienst" in closed
    assert house.programme(programme, "nl") in closed


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Kies eerst hoe het gesprek afliep"),
        ({"outcome": "merged"}, "Kies eerst hoe het gesprek afliep"),
        ({"outcome": NASTY}, "Kies eerst hoe het gesprek afliep"),
        ({"outcome": "helped", "programme": "nothing_like_it"}, "Dit programma is er niet meer"),
    ],
)
def test_what_cannot_be_is_said_and_the_choice_is_kept(
    client: FlaskClient, house: House, mine: int, data: dict[str, str], words: str
) -> None:
    status, page = post(client, f"/cases/{mine}/close", **data)
    assert status == 422
    assert words in page
    assert '<details id="close" open>' in page
    assert NASTY not in page
    assert ('value="helped" checked' in page) is (data.get("outcome") == "helped")
    assert case_views.view(house, mine).row.status is CaseStatus.CLAIMED


@pytest.mark.parametrize("outcome", [*OUTCOMES, Outcome.HANDED_BACK])
def test_the_bot_goes_on_after_every_ending_but_says_nothing_to_who_is_none_of_ours(
    people: People, house: House, an: int, mine: int, outcome: Outcome
) -> None:
    before = len(case_views.view(house, mine).log)
    closing.close(house, mine, an, outcome)
    said = [entry.text for entry in case_views.view(house, mine).log[before:]]
    assert any("postcode" in text for text in said) is (outcome is not Outcome.WRONG)
    people.says("9000")
    assert case_views.view(house, mine).log[-1].author == "bot"


def test_giving_it_to_the_computer_is_an_ending_of_its_own(client: FlaskClient, house: House, mine: int) -> None:
    answer = client.post(f"/console/cases/{mine}/back", follow_redirects=True)
    assert "De computer gaat verder met deze persoon" in answer.text
    row = case_views.view(house, mine).row
    assert (row.status, row.outcome) == (CaseStatus.CLOSED, Outcome.HANDED_BACK)


def test_a_lead_closes_what_a_colleague_has(app: Flask, house: House, mine: int) -> None:
    leen = lead(app, house)
    assert "Sluit dit gesprek af" in leen.get(f"/console/cases/{mine}").text
    assert post(leen, f"/cases/{mine}/close", outcome="no_answer")[0] == 303
    row = case_views.view(house, mine).row
    assert (row.outcome, row.owner_name) == (Outcome.NO_ANSWER, "An Peeters")


def test_who_reopens_a_case_has_it_and_the_bot_is_silent(
    other: FlaskClient, people: People, house: House, an: int, bart: int, mine: int
) -> None:
    closing.close(house, mine, an, Outcome.HELPED)
    assert "Open dit gesprek weer" in other.get(f"/console/cases/{mine}").text
    answer = other.post(f"/console/cases/{mine}/reopen", follow_redirects=True)
    assert "Het gesprek is weer open, en van u" in answer.text
    row = case_views.view(house, mine).row
    assert (row.status, row.owner_id, row.outcome) == (CaseStatus.CLAIMED, bart, None)
    assert last_event(house, mine)[:2] == ("reopened", bart)
    people.says("9000")
    assert case_views.view(house, mine).log[-1].author == "contact"
    assert post(other, f"/cases/{mine}/reopen")[0] == 409


def test_a_closed_case_stays_closed_while_another_is_open(
    client: FlaskClient, people: People, house: House, an: int, mine: int
) -> None:
    closing.close(house, mine, an, Outcome.HELPED)
    people.says("0")
    newer = max(row.id for row in case_views.queue(house))
    with pytest.raises(OtherCaseOpen) as refused:
        closing.reopen(house, mine, an)
    assert refused.value.case_id == newer
    page = client.get(f"/console/cases/{mine}").text
    assert "Open dit gesprek weer" not in page
    assert f'href="/console/cases/{newer}">Ga daar verder' in page
    status, page = post(client, f"/cases/{mine}/reopen")
    assert status == 409
    assert "al een ander gesprek dat open is" in page


def test_the_other_conversations_stand_folded_on_the_page(
    client: FlaskClient, people: People, house: House, an: int, mine: int
) -> None:
    closing.close(house, mine, an, Outcome.MEETING)
    people.says("0")
    newer = max(row.id for row in case_views.queue(house))
    page = client.get(f"/console/cases/{newer}").text
    part = page[page.index('<details id="earlier"') :]
    assert "Nog 1 gesprek met deze persoon" in part
    assert f'href="/console/cases/{mine}"' in part
    assert re.search(r"Vraagt een mens · Afspraak gemaakt · [^·]+ · An Peeters", text_of(part))


def test_an_earlier_conversation_of_another_team_is_told_but_cannot_be_opened(
    app: Flask, people: People, house: House, an: int, bart: int, mine: int
) -> None:
    closing.close(house, mine, an, Outcome.HELPED)
    people.says("0")
    newer = max(row.id for row in case_views.queue(house))
    with house.store.write() as connection:
        stored.change(connection, mine, team="youth", owner_id=None)
    bart_s = log_in(app.test_client(), "bart")
    part = bart_s.get(f"/console/cases/{newer}").text.partition('<details id="earlier"')[2]
    assert "Gesprek van" in part
    assert f"/console/cases/{mine}" not in part
    assert bart_s.get(f"/console/cases/{mine}").status_code == 404


def test_a_case_is_put_off_until_a_moment_of_the_list(client: FlaskClient, house: House, an: int, mine: int) -> None:
    page = client.get(f"/console/cases/{mine}").text
    until = re.findall(r'name="until" value="(\d[^"]+)"', page)[-1]
    assert post(client, f"/cases/{mine}/snooze", until=until)[0] == 303
    row = case_views.view(house, mine).row
    assert row.snoozed_until is not None
    assert row.snoozed_until.isoformat() == until
    assert (row.owner_id, last_event(house, mine)[0]) == (an, "snoozed")
    page = client.get(f"/console/cases/{mine}").text
    assert "Uitgesteld tot" in page
    assert "Haal nu terug" in page
    assert post(client, f"/cases/{mine}/wake")[0] == 303
    assert not snoozed(house, mine)


@pytest.mark.parametrize("at", ["", "gisteren", "2020-01-01T10:00", "2999-01-01T10:00", "9999-12-31T23:59"])
def test_a_moment_that_cannot_be_is_asked_again(client: FlaskClient, house: House, mine: int, at: str) -> None:
    status, page = post(client, f"/cases/{mine}/snooze", until="other", at=at)
    assert status == 422
    assert "Kies een moment dat nog komt" in page
    assert f'type="datetime-local" value="{at}"' in page
    assert not snoozed(house, mine)


def test_it_is_back_when_its_time_comes(house: House, an: int, mine: int, clock: Clock) -> None:
    snoozing.snooze(house, mine, an, house.now() + timedelta(hours=1))
    assert snoozed(house, mine)
    clock.advance(hours=1)
    assert not snoozed(house, mine)


@pytest.mark.parametrize("what", ["writes", "calls", "blocks", "fails"])
def test_it_is_back_at_once_when_something_happens(people: People, house: House, an: int, mine: int, what: str) -> None:
    people.said_to(mine, an, "Dag Amina")
    with house.store.write() as connection:
        connection.execute(messages.update().where(messages.c.author == "counsellor").values(provider_id="SM1"))
    snoozing.snooze(house, mine, an, house.now() + timedelta(days=1))
    happen: dict[str, Callable[[], object]] = {
        "writes": lambda: people.says("Bent u daar nog?"),
        "calls": lambda: people.says("", channel="voice", kind=Kind.CALL),
        "blocks": lambda: people.says("", kind=Kind.BLOCKED),
        "fails": lambda: receipts.receipt(house, Receipt("sms", "SM1", Status.FAILED, "30003")),
    }
    happen[what]()
    assert not snoozed(house, mine)


def test_closing_or_giving_back_ends_the_waiting(house: House, an: int, bart: int, mine: int) -> None:
    snoozing.snooze(house, mine, an, house.now() + timedelta(days=1))
    cases.release(house, mine, an)
    assert not snoozed(house, mine)
    cases.claim(house, mine, bart)
    snoozing.snooze(house, mine, bart, house.now() + timedelta(days=1))
    closing.close(house, mine, bart, Outcome.HELPED)
    assert not snoozed(house, mine)


def test_a_message_that_comes_twice_wakes_once(people: People, house: House, an: int, mine: int) -> None:
    people.says("Hallo?", provider_id="same")
    snoozing.snooze(house, mine, an, house.now() + timedelta(days=1))
    people.says("Hallo?", provider_id="same")
    assert snoozed(house, mine)
