"""Claiming, releasing, closing and answering, without JavaScript."""

from __future__ import annotations

import re
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.cases import CaseStatus, Outcome
from bot.service import case_views, cases, closing
from bot.service.house import House
from tests.console.conftest import People, log_in, make_app

TOKEN = "a-token-of-a-form-0001"


def counsellors_words(house: House, case_id: int) -> list[str]:
    return [entry.text for entry in case_views.view(house, case_id).log if entry.author == "counsellor"]


def send(client: FlaskClient, case_id: int, text: str, token: str = TOKEN, channel: str = "sms") -> tuple[int, str]:
    data = {"text": text, "token": token, "channel": channel}
    answer = client.post(f"/console/cases/{case_id}/reply", data=data)
    return answer.status_code, answer.text


@pytest.fixture
def case_id(people: People) -> int:
    return people.asks_for_a_person()


@pytest.fixture
def mine(client: FlaskClient, case_id: int) -> int:
    assert client.post(f"/console/cases/{case_id}/claim").status_code == 303
    return case_id


def test_only_the_owner_has_a_box_to_answer_in(client: FlaskClient, other: FlaskClient, case_id: int) -> None:
    free = client.get(f"/console/cases/{case_id}").text
    assert "Neem dit gesprek" in free
    assert '<textarea id="text"' not in free
    client.post(f"/console/cases/{case_id}/claim")
    assert '<textarea id="text"' in client.get(f"/console/cases/{case_id}").text
    taken = other.get(f"/console/cases/{case_id}").text
    assert "An Peeters heeft dit gesprek" in taken
    assert '<textarea id="text"' not in taken


def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_by_whom(
    app: Flask, house: House, client: FlaskClient, other: FlaskClient, case_id: int
) -> None:
    start, answers = threading.Barrier(2), {}

    def claim(name: str, browser: FlaskClient) -> None:
        start.wait()
        answer = browser.post(f"/console/cases/{case_id}/claim")
        answers[answer.status_code] = (name, answer.text)

    threads = [threading.Thread(target=claim, args=pair) for pair in (("An Peeters", client), ("Bart Claes", other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {303, 409}
    winner = answers[303][0]
    assert case_views.view(house, case_id).row.owner_name == winner
    assert f"{winner} heeft dit gesprek net genomen" in answers[409][1]


def test_an_answer_goes_out_once_however_often_the_button_is_pressed(
    client: FlaskClient, house: House, mine: int
) -> None:
    assert [send(client, mine, "Dag Amina")[0] for _ in range(3)] == [303, 303, 303]
    assert counsellors_words(house, mine) == ["Dag Amina"]


def test_every_page_has_a_token_of_its_own(client: FlaskClient, mine: int) -> None:
    pages = [client.get(f"/console/cases/{mine}").text for _ in range(2)]
    tokens = {match for page in pages for match in re.findall(r'name="token" value="([\w-]{20,})"', page)}
    assert len(tokens) == 2


@pytest.mark.parametrize("token", ["", "short", "x" * 65, "a token with spaces in it"])
def test_a_form_without_a_proper_token_is_not_ours(client: FlaskClient, house: House, mine: int, token: str) -> None:
    status, page = send(client, mine, "Dag Amina", token)
    assert status == 400
    assert "Dag Amina</textarea>" in page
    assert counsellors_words(house, mine) == []


def test_line_ends_are_counted_and_kept_as_one(client: FlaskClient, house: House, mine: int) -> None:
    send(client, mine, "een\r\ntwee\0")
    assert counsellors_words(house, mine) == ["een\ntwee"]
    assert send(client, mine, "x\r\n" * 764 + "x", "another-token-of-a-form")[0] == 303


@pytest.mark.parametrize(
    ("text", "channel", "status", "why"),
    [
        ("   \n ", "sms", 422, "Er staat nog geen antwoord"),
        ("x" * 1601, "sms", 422, "telt 1601 tekens"),
        ("x" * 1531, "sms", 422, "telt 11 sms"),
        ("é" + "ê" * 670, "sms", 422, "telt 11 sms"),
        ("Ik antwoord voor {time}.", "sms", 422, "Er staat nog iets open: {time}"),
        ("Dag Amina", "telegram", 422, "Langs die weg"),
        ("Dag Amina", "", 422, "Langs die weg"),
        ("Dag Amina", "pigeon", 422, "Langs die weg"),
    ],
)
def test_words_that_cannot_be_sent_stay_in_the_box(
    client: FlaskClient, house: House, mine: int, text: str, channel: str, status: int, why: str
) -> None:
    answer, page = send(client, mine, text, channel=channel)
    assert answer == status
    assert why in page
    assert f"\n{text}</textarea>" in page
    assert counsellors_words(house, mine) == []


def test_words_stay_when_the_case_went_to_somebody_else(
    client: FlaskClient, other: FlaskClient, house: House, an: int, mine: int
) -> None:
    cases.release(house, mine, an)
    other.post(f"/console/cases/{mine}/claim")
    status, page = send(client, mine, "Half <b>af")
    assert status == 409
    assert "niet meer, van u" in page
    assert "Half &lt;b&gt;af</textarea>" in page


def test_words_come_along_when_a_case_is_taken_back(client: FlaskClient, house: House, an: int, mine: int) -> None:
    cases.release(house, mine, an)
    status, page = send(client, mine, "Nog niet weg")
    assert status == 409
    assert 'form="claim"' in page
    again = client.post(f"/console/cases/{mine}/claim", data={"text": "Nog niet weg"})
    assert again.status_code == 200
    assert re.search(r'<textarea id="text"[^>]*>\nNog niet weg</textarea>', again.text)


def test_a_closed_case_takes_no_answer(client: FlaskClient, house: House, an: int, mine: int) -> None:
    closing.close(house, mine, an, Outcome.HELPED)
    status, page = send(client, mine, "Te laat")
    assert status == 409
    assert "al afgesloten" in page
    assert "Te laat</textarea>" in page


def test_closing_hands_back_to_the_computer_where_it_stood(client: FlaskClient, house: House, mine: int) -> None:
    data = {"outcome": "helped"}
    answer = client.post(f"/console/cases/{mine}/close", data=data, follow_redirects=True)
    assert "Het gesprek is afgesloten" in answer.text
    view = case_views.view(house, mine)
    assert view.row.status is CaseStatus.CLOSED
    assert (view.log[-1].author, view.log[-1].status) == ("bot", "queued")
    assert "postcode" in view.log[-1].text
    assert "De computer antwoordt weer" in client.get(f"/console/cases/{mine}").text


def test_what_is_given_back_waits_again(client: FlaskClient, house: House, mine: int) -> None:
    answer = client.post(f"/console/cases/{mine}/release", follow_redirects=True)
    assert "Het gesprek staat weer bij de mensen die wachten" in answer.text
    assert case_views.view(house, mine).row.owner_id is None


@pytest.mark.parametrize("act", ["release", "close", "back", "snooze", "wake"])
def test_nobody_gives_away_what_a_colleague_has(other: FlaskClient, house: House, mine: int, act: str) -> None:
    assert (
        other.post(f"/console/cases/{mine}/{act}", data={"outcome": "helped", "until": "2099-01-01"}).status_code == 409
    )
    assert case_views.view(house, mine).row.status is CaseStatus.CLAIMED


def test_who_can_be_reached_two_ways_is_answered_the_way_they_last_came(
    client: FlaskClient, house: House, people: People, mine: int
) -> None:
    page = client.get(f"/console/cases/{mine}").text
    assert re.search(r'value="sms" selected\s*>Sms', page)
    assert "Telefoon (de computer leest voor)" in page
    assert send(client, mine, "Wij bellen u", channel="voice")[0] == 303
    assert case_views.view(house, mine).log[-1].channel == "voice"


def test_who_stopped_messages_cannot_be_sent_one(client: FlaskClient, people: People, house: House, an: int) -> None:
    case_id = people.asks_for_a_person("Piet", "telegram:7", "telegram")
    cases.claim(house, case_id, an)
    people.says("STOP", "telegram:7", "telegram")
    page = client.get(f"/console/cases/{case_id}").text
    assert "Schrijven kan hier niet" in page
    assert send(client, case_id, "Toch nog iets", channel="telegram")[0] == 422


def test_the_whole_way_without_javascript_with_real_forms(house: House, people: People, an: int, case_id: int) -> None:
    client = make_app(house).test_client()

    def press(page: str, action: str, **fields: str) -> str:
        form = re.search(rf'<form[^>]*action="{action}(?:#\w+)?".*?</form>', page, re.DOTALL)
        assert form, action
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
        answer = client.post(action, data={**hidden, **fields}, follow_redirects=True)
        assert answer.status_code == 200
        return answer.text

    door = client.get(f"/console/cases/{case_id}", follow_redirects=True).text
    page = press(door, "/console/login", name="an", password="een lang wachtwoord")
    page = press(page, f"/console/cases/{case_id}/claim")
    page = press(page, f"/console/cases/{case_id}/reply", text="Dag Amina", channel="sms")
    assert ">Dag Amina</p>" in page
    page = press(page, f"/console/cases/{case_id}/close", outcome="helped")
    assert "Niemand wacht." in page
    assert "Aanmelden" in press(page, "/console/logout")


def test_another_browser_is_logged_out_when_the_login_rested(app: Flask, an: int, clock: object) -> None:
    client = log_in(app.test_client())
    clock.advance(hours=3)  # type: ignore[attr-defined]  # the tests' clock can be moved on
    assert client.get("/console/").status_code == 303
