"""The page of the queue: views, filters, the next case, who is away, and looking for somebody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.cases import Outcome
from bot.queueing import SPANS, View
from bot.service import accounts, cases, closing, queue_views
from bot.service.house import House
from bot.store import accounts as account_rows
from bot.store import cases as stored
from bot.store import teams
from console import queue as page_of_queue
from tests.console.conftest import PASSWORD, People, log_in
from tests.console.helping import text_of

QUEUE = "/console/"
NASTY = "<script>alert(1)</script>\"'><img src=x>"


def many(people: People, count: int) -> list[int]:
    return [people.asks_for_a_person(f"Naam{n}", f"tel:+32470000{n:03}") for n in range(count)]


def change(house: House, case_id: int, **values: Any) -> None:
    with house.store.write() as connection:
        stored.change(connection, case_id, **values)


def names_on(page: str) -> list[str]:
    return re.findall(r"<bdi>([^<]+)</bdi></a></h3>", page)


def choices(page: str, name: str) -> list[str]:
    [select] = re.findall(rf'<select id="by-{name}".*?</select>', page, re.DOTALL)
    return [text_of(option).strip() for option in re.findall(r"<option.*?</option>", select)][1:]


def test_the_next_is_taken_with_one_press(client: FlaskClient, people: People, house: House) -> None:
    first, _ = many(people, 2)
    answer = client.post("/console/next")
    assert (answer.status_code, answer.location) == (303, f"/console/cases/{first}#text")
    assert "Van mij" in client.get(f"{QUEUE}?view=mine").text
    assert names_on(client.get(f"{QUEUE}?view=mine").text) == ["Naam0"]


def test_where_nobody_waits_that_is_said_kindly(client: FlaskClient) -> None:
    page = client.post("/console/next", follow_redirects=True).text
    assert "Er wacht nu niemand die u kunt helpen." in page


def test_who_has_enough_is_told_how_to_go_on(client: FlaskClient, people: People, house: House, an: int) -> None:
    first, second = many(people, 2)
    with house.store.write() as connection:
        account_rows.change(connection, an, most_open=1)
    client.post("/console/next")
    words = "U hebt al 1 gesprekken. Sluit er eerst een af"
    page = client.post("/console/next", follow_redirects=True).text
    assert words in page
    assert "U hebt 1 van hoogstens 1 gesprekken." in text_of(page)
    refused = client.post(f"/console/cases/{second}/claim", data={"text": "Dag Naam1"})
    assert refused.status_code == 409
    assert words in refused.text
    assert "Dag Naam1" in refused.text
    assert client.post(f"/console/cases/{first}/claim").status_code == 303


def test_who_is_away_says_so_and_comes_back(client: FlaskClient, house: House, an: int) -> None:
    assert "Ik ben even weg" in client.get(QUEUE).text
    page = client.post("/console/presence", data={"away": "yes"}, follow_redirects=True).text
    assert "U staat op even weg." in page
    assert "Ik ben even weg" not in page
    page = client.post("/console/presence", data={"away": "no"}, follow_redirects=True).text
    assert "Fijn dat u er weer bent." in page
    assert "Weer hier" not in page


def test_colleagues_at_work_are_counted(client: FlaskClient, other: FlaskClient) -> None:
    assert "1 collega aan het werk." in client.get(QUEUE).text
    other.post("/console/presence", data={"away": "yes"})
    assert "Geen collega’s aan het werk." in client.get(QUEUE).text


def test_each_view_shows_its_own(client: FlaskClient, people: People, house: House, an: int, bart: int) -> None:
    ids = many(people, 4)
    cases.claim(house, ids[1], an)
    cases.claim(house, ids[2], bart)
    change(house, ids[3], snoozed_until=house.now().replace(year=2099))
    with house.store.write() as connection:
        stored.add_event(connection, "undelivered", 1, house.now(), case_id=ids[0])
    shown = {view: names_on(client.get(f"{QUEUE}?view={view}").text) for view in page_of_queue.VIEWS}
    assert shown == {
        "waiting": ["Naam0", "Naam1"],
        "mine": ["Naam1"],
        "team": [],
        "all": ["Naam0", "Naam1", "Naam2"],
        "snoozed": ["Naam3"],
        "undelivered": ["Naam0"],
    }
    page = text_of(client.get(QUEUE).text)
    assert "Wacht 1 Van mij 1 Alles 3 Uitgesteld 1 Niet bezorgd 1" in page
    assert "Uitgesteld tot" in client.get(f"{QUEUE}?view=snoozed").text


def test_who_is_in_a_team_has_a_view_of_it(client: FlaskClient, people: People, house: House, an: int) -> None:
    [mine, _] = many(people, 2)
    with house.store.write() as connection:
        teams.put(connection, an, ["youth"])
    change(house, mine, team="youth")
    page = client.get(f"{QUEUE}?view=team").text
    assert names_on(page) == ["Naam0"]
    assert "Mijn team" in page


def test_who_writes_again_is_put_off_no_longer(client: FlaskClient, people: People, house: House) -> None:
    case_id = people.asks_for_a_person("Amina")
    change(house, case_id, snoozed_until=house.now().replace(year=2099))
    assert names_on(client.get(QUEUE).text) == []
    people.says("Bent u er nog?")
    assert names_on(client.get(QUEUE).text) == ["Amina"]


def test_what_waited_long_goes_before_and_that_is_said(
    client: FlaskClient, people: People, house: House, clock: Any
) -> None:
    old = people.asks_for_a_person("Oud")
    change(house, old, urgency=0)
    clock.advance(days=9)
    people.asks_for_a_person("Nieuw", "tel:+32470000002")
    page = log_in(client).get(QUEUE).text
    assert names_on(page) == ["Oud", "Nieuw"]
    assert re.findall(r"Wacht al .{1,30}, gaat daarom voor", text_of(page)) == ["Wacht al 1 week , gaat daarom voor"]


def test_filters_combine_count_and_are_wiped(client: FlaskClient, people: People, house: House) -> None:
    ids = many(people, 3)
    people.asks_for_a_person("Sara", "telegram:7", "telegram")
    change(house, ids[0], region="antwerp", team="youth", programme="digital")
    change(house, ids[1], region="antwerp")
    page = client.get(QUEUE).text
    assert choices(page, "channel") == ["Sms (3)", "Telegram (1)"]
    assert choices(page, "region") == ["Antwerpen (2)", "Onbekend (2)"]
    assert choices(page, "team") == ["Jongerenconsulenten (1)", "Van iedereen (3)"]
    page = client.get(f"{QUEUE}?region=antwerp&team=unknown&channel=sms").text
    assert names_on(page) == ["Naam1"]
    assert choices(page, "team") == ["Jongerenconsulenten (1)", "Van iedereen (1)"]
    assert '<option value="antwerp" selected>' in page
    assert f'href="{QUEUE}?view=waiting">Wis filters' in page
    [kept] = re.findall(r'data-url="([^"]+)"', page)
    assert names_on(client.get(kept.replace("&amp;", "&")).text) == ["Naam1"]
    assert "Niemand past bij deze filters." in client.get(f"{QUEUE}?region=brussels").text


def test_how_long_somebody_waits_can_be_asked_for(client: FlaskClient, people: People, clock: Any) -> None:
    people.asks_for_a_person("Oud")
    clock.advance(hours=30)
    people.asks_for_a_person("Nieuw", "tel:+32470000002")
    page = log_in(client).get(f"{QUEUE}?waits=1d").text
    assert names_on(page) == ["Oud"]
    assert choices(page, "waits") == ["1 uur (1)", "1 dag (1)"]


@pytest.mark.parametrize("address", ["?view=nowhere", "?team=%3Cscript%3Ealert(1)%3C/script%3E", "?show=x&waits=9y"])
def test_an_address_with_nonsense_is_a_page_all_the_same(client: FlaskClient, people: People, address: str) -> None:
    people.asks_for_a_person()
    for place in (QUEUE, "/console/queue"):
        answer = client.get(f"{place}{address}")
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text


def test_a_long_list_begins_with_its_first_and_goes_on(
    client: FlaskClient, people: People, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(people, 27)
    page = client.get(QUEUE).text
    assert len(names_on(page)) == 25
    assert "Er zijn er nog 2." in page
    [further] = re.findall(r'href="([^"]+)">Toon meer', page)
    page = client.get(further.replace("&amp;", "&").partition("#")[0]).text
    assert len(names_on(page)) == 27
    assert "Toon meer" not in page


# Looking for somebody


def test_somebody_is_found_and_nothing_of_it_stands_in_an_address(client: FlaskClient, people: People) -> None:
    case_id = people.asks_for_a_person("Éva")
    assert "Zoek" in client.get("/console/search").text
    answer = client.post("/console/search", data={"words": "eva"})
    assert answer.status_code == 200
    assert "eva" not in answer.request.url
    assert f'href="/console/cases/{case_id}"' in answer.text
    assert 'value="eva"' in answer.text
    assert "1 gevonden" in answer.text


def test_who_never_asked_for_a_person_is_found_without_a_way_in(client: FlaskClient, people: People) -> None:
    for text in ("hallo", "1", "Ivo"):
        people.says(text)
    page = client.post("/console/search", data={"words": "+32 470 00 00 01"}).text
    assert "Sprak nog met geen mens" in page
    assert "/console/cases/" not in page


def test_what_was_closed_is_found(client: FlaskClient, people: People, house: House, an: int) -> None:
    case_id = people.asks_for_a_person("Ivo")
    cases.claim(house, case_id, an)
    closing.close(house, case_id, an, Outcome.HELPED)
    page = client.post("/console/search", data={"words": str(case_id)}).text
    assert "Afgesloten" in page


@pytest.mark.parametrize("typed", [NASTY, "zzz", "%", "\x00", "9" * 400])
def test_what_is_not_found_is_said(client: FlaskClient, people: People, typed: str) -> None:
    people.asks_for_a_person()
    answer = client.post("/console/search", data={"words": typed})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "Naam, nummer of gesprek" in answer.text
    assert "Amina" not in answer.text


def test_a_stranger_to_the_team_finds_nothing(app: Flask, people: People, house: House) -> None:
    case_id = people.asks_for_a_person("Amina")
    change(house, case_id, team="youth", all_from=house.now().replace(year=2099))
    accounts.add_user(house, "els", "Els", PASSWORD, teams_of=["office"])
    page = log_in(app.test_client(), "els").post("/console/search", data={"words": "amina"}).text
    assert "Niets gevonden" in page


def test_every_view_and_list_has_its_words() -> None:
    lists = queue_views.TITLED
    assert lists == set(page_of_queue.TITLES)
    assert set(page_of_queue.VIEWS) == set(View)
    assert set(page_of_queue.WAITED) == set(SPANS)
