"""Two contacts who are one person: found, seen side by side, joined, and two again."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.cases import CaseStatus, Outcome
from bot.service import case_views, cases
from bot.service.house import House
from bot.store import cases as stored
from tests.console.conftest import People, log_in
from tests.console.helping import NASTY, post, text_of
from tests.console.test_ending import last_event


@pytest.fixture
def mine(people: People, house: House, an: int) -> int:
    case_id = people.asks_for_a_person()
    cases.claim(house, case_id, an)
    return case_id


@pytest.fixture
def other_case(people: People, mine: int) -> int:
    return people.asks_for_a_person("Amina <b>", "telegram:7", "telegram")


def test_from_the_link_to_one_person_and_back(
    client: FlaskClient, people: People, house: House, an: int, mine: int, other_case: int
) -> None:
    assert f'href="/console/cases/{mine}/merge"' in client.get(f"/console/cases/{mine}").text
    assert client.get(f"/console/cases/{mine}/merge").status_code == 200
    _, page = post(client, f"/cases/{mine}/merge", words="amina")
    assert re.findall(r'name="other" value="([^"]+)"', page) == [f"case:{other_case}"]
    _, page = post(client, f"/cases/{mine}/merge", other=f"case:{other_case}")
    said = text_of(page)
    assert "Deze persoon: Amina" in said
    assert "En deze: Amina &lt;b&gt;" in said
    assert f"gesprek {other_case} wordt afgesloten" in said
    assert case_views.view(house, other_case).row.status is CaseStatus.OPEN, "nothing is done yet"
    assert post(client, f"/cases/{mine}/merge", other=f"case:{other_case}", sure="1")[0] == 303
    assert case_views.view(house, other_case).row.outcome is Outcome.MERGED
    assert last_event(house, mine)[:2] == ("merged", an)
    people.says("Nog iets", "telegram:7", "telegram")
    page = client.get(f"/console/cases/{mine}").text
    assert "Nog iets" in page
    assert "An Peeters bracht hier twee contacten samen" in page
    merge = re.search(r'name="merge" value="(\d+)"', page)
    assert merge is not None
    assert post(client, f"/cases/{mine}/unmerge", merge=merge[1])[0] == 303
    assert case_views.view(house, other_case).row.status is CaseStatus.OPEN
    assert "Nog iets" not in client.get(f"/console/cases/{mine}").text
    assert "Nog iets" in client.get(f"/console/cases/{other_case}").text
    status, page = post(client, f"/cases/{mine}/unmerge", merge=merge[1])
    assert status == 409
    assert "Dit kan niet meer ongedaan worden gemaakt" in page


def test_who_never_had_a_case_can_be_joined_too(client: FlaskClient, people: People, house: House, mine: int) -> None:
    people.says("hallo", "telegram:8", "telegram")
    people.says("1", "telegram:8", "telegram")
    people.says("Zeynep", "telegram:8", "telegram")
    _, page = post(client, f"/cases/{mine}/merge", words="zeyn")
    found = re.findall(r'name="other" value="(contact:\d+)"', page)
    assert len(found) == 1
    assert "Geen open gesprek" in post(client, f"/cases/{mine}/merge", other=found[0])[1]
    assert post(client, f"/cases/{mine}/merge", other=found[0], sure="1")[0] == 303
    assert set(case_views.view(house, mine).row.channels) == {"sms", "telegram"}


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({}, 422, "Kies iemand uit de lijst"),
        ({"words": "amina", "choose": "1"}, 422, "Kies iemand uit de lijst"),
        ({"other": "case:999"}, 422, "Kies iemand uit de lijst"),
        ({"other": "contact:1"}, 422, "Kies iemand uit de lijst"),  # has a case: only by a case that one may see
        ({"other": NASTY}, 422, "Kies iemand uit de lijst"),
        ({"other": "case:1"}, 422, "Dat is dezelfde persoon al"),
        ({"other": "case:1", "sure": "1"}, 422, "Dat is dezelfde persoon al"),
        ({"words": NASTY}, 200, "Niemand anders gevonden"),
        ({"words": "amina"}, 200, "Niemand anders gevonden"),
    ],
)
def test_who_cannot_be_joined_is_said(
    client: FlaskClient, mine: int, data: dict[str, str], status: int, words: str
) -> None:
    answer, page = post(client, f"/cases/{mine}/merge", **data)
    assert (answer, words in page) == (status, True)
    assert NASTY not in page


def test_only_what_one_may_see_is_found_or_joined(
    client: FlaskClient, house: House, bart: int, mine: int, other_case: int
) -> None:
    with house.store.write() as connection:
        stored.change(connection, other_case, team="youth", status="claimed", owner_id=bart)
    assert "Niemand anders gevonden" in post(client, f"/cases/{mine}/merge", words="amina")[1]
    for more in ({}, {"sure": "1"}):
        assert post(client, f"/cases/{mine}/merge", other=f"case:{other_case}", **more)[0] == 422


def test_a_colleagues_conversation_is_not_taken_by_joining(
    app: Flask, client: FlaskClient, house: House, bart: int, mine: int, other_case: int
) -> None:
    cases.claim(house, other_case, bart)
    status, page = post(client, f"/cases/{mine}/merge", other=f"case:{other_case}", sure="1")
    assert status == 409
    assert "Een collega heeft een van de gesprekken" in page
    assert case_views.view(house, other_case).row.owner_id == bart
    browser = log_in(app.test_client(), "bart")
    assert browser.get(f"/console/cases/{mine}/merge").status_code == 303
    assert f'href="/console/cases/{mine}/merge"' not in browser.get(f"/console/cases/{mine}").text
