"""Giving a conversation to a colleague or to another team."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.cases import CaseStatus
from bot.roles import Role
from bot.service import accounts, case_views, cases, handing, notes, replies
from bot.service.case_errors import CaseError, NoSuchColleague, NotYours
from bot.service.handing import Word
from bot.service.house import House
from bot.store import accounts as stored_accounts
from bot.store import cases as stored
from tests.conftest import Clock
from tests.console.conftest import PASSWORD, People, log_in
from tests.console.helping import NASTY, form_of, post, text_of, to_a_working_day
from tests.console.test_ending import last_event

TOKEN = "a-token-of-a-form-0001"


@pytest.fixture
def mine(people: People, house: House, an: int) -> int:
    case_id = people.asks_for_a_person()
    cases.claim(house, case_id, an)
    return case_id


@pytest.fixture
def leen(house: House) -> int:
    return accounts.add_user(house, "leen", "Leen Maes", PASSWORD, role=Role.LEAD)


def bots_words(house: House, case_id: int) -> list[str]:
    return [entry.text for entry in case_views.view(house, case_id).log if entry.author == "bot"]


def test_a_colleague_has_it_at_once_with_the_word_that_came_along(
    client: FlaskClient, other: FlaskClient, people: People, house: House, an: int, bart: int, mine: int
) -> None:
    page = client.get(f"/console/cases/{mine}/hand").text
    assert f'value="person:{bart}"' in page
    assert f'value="person:{an}"' not in page
    token = form_of(page, f"/console/cases/{mine}/hand")["token"][0]
    data = {"to": f"person:{bart}", "text": f"Zij belt liever. {NASTY}", "token": token}
    before = bots_words(house, mine)
    answer = client.post(f"/console/cases/{mine}/hand", data=data, follow_redirects=True)
    assert "Bart Claes heeft het gesprek nu" in answer.text
    row = case_views.view(house, mine).row
    assert (row.status, row.owner_id, row.handed_by) == (CaseStatus.CLAIMED, bart, "An Peeters")
    assert [(note.name, note.text) for note in notes.of_case(house, mine)] == [("An Peeters", data["text"])]
    assert last_event(house, mine) == ("handed_over", an, {"to": bart})
    people.says("Bent u daar nog?")
    assert bots_words(house, mine) == before, "nothing is said to the contact, by itself or by the bot"
    for path in (f"/console/cases/{mine}", "/console/"):
        assert "An Peeters gaf het u door" in other.get(path).text
    people.said_to(mine, bart, "Dag Amina")
    assert case_views.view(house, mine).row.handed_by is None


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("person", "An Peeters geeft uw gesprek aan Bart Claes. U krijgt hier antwoord."),
        ("team", "An Peeters geeft uw gesprek aan collega's. U krijgt hier antwoord."),
    ],
)
def test_the_contact_is_told_when_one_asks_for_it(
    client: FlaskClient, house: House, bart: int, mine: int, to: str, said: str
) -> None:
    accounts.set_teams(house, "bart", ["youth"])
    target = f"person:{bart}" if to == "person" else "team:youth"
    status, _ = post(client, f"/cases/{mine}/hand", to=target, tell="1", token=TOKEN)
    assert status == 303
    last = case_views.view(house, mine).log[-1]
    assert (last.author, last.text, last.language) == ("bot", said, "nl")


def test_who_wants_no_messages_is_told_nothing_and_nothing_changes(
    client: FlaskClient, people: People, house: House, an: int, bart: int, mine: int
) -> None:
    people.says("STOP")
    assert 'name="tell"' not in client.get(f"/console/cases/{mine}/hand").text
    status, page = post(client, f"/cases/{mine}/hand", to=f"person:{bart}", tell="1", text="Hoi", token=TOKEN)
    assert status == 422
    assert "kan nu geen bericht krijgen" in page
    assert "\nHoi</textarea>" in page
    assert case_views.view(house, mine).row.owner_id == an
    assert notes.of_case(house, mine) == []


def test_a_team_gets_it_by_the_rules_of_turns_and_keeps_it(
    people: People, house: House, an: int, bart: int, mine: int, clock: Clock
) -> None:
    to_a_working_day(clock.advance, clock(), house.holidays)
    accounts.set_teams(house, "bart", ["youth"])
    handing.to_team(house, mine, an, "youth", Word())
    with house.store.read() as connection:
        case = stored.get(connection, mine)
    youth = next(team for team in house.teams if team.id == "youth")
    assert case is not None
    assert (case.status, case.owner_id, case.team, case.known_id, case.team_from) == ("open", None, "youth", None, None)
    assert abs((case.all_from - house.after(house.now(), youth.wait[1])).total_seconds()) < 60
    people.says("0")
    with house.store.read() as connection:
        again = stored.get(connection, mine)
    assert again is not None
    assert (again.team, again.all_from) == ("youth", case.all_from), "the rules leave what a person decided"
    people.says("ik wil dood")
    with house.store.read() as connection:
        urgent = stored.get(connection, mine)
    assert urgent is not None
    assert (urgent.team, urgent.all_from) == ("youth", None), "what is urgent is everybody's"


@pytest.mark.parametrize(
    "to", ["", "person:", "person:999999", f"person:{NASTY}", "person:me", "team:nothing", "team:youth", "pigeon:1"]
)
def test_who_chooses_nobody_is_asked_again_and_keeps_the_words(
    client: FlaskClient, house: House, an: int, mine: int, to: str
) -> None:
    target = f"person:{an}" if to == "person:me" else to
    status, page = post(client, f"/cases/{mine}/hand", to=target, text="Half <b>af", token=TOKEN)
    assert status == 422
    assert "Kies aan wie u het gesprek geeft" in page
    assert "Half &lt;b&gt;af</textarea>" in page
    assert case_views.view(house, mine).row.owner_id == an


def test_a_form_that_is_sent_twice_is_one_hand_over(client: FlaskClient, house: House, bart: int, mine: int) -> None:
    data = {"to": f"person:{bart}", "text": "Hoi", "tell": "1", "token": TOKEN}
    assert [post(client, f"/cases/{mine}/hand", **data)[0] for _ in range(3)] == [303, 303, 303]
    assert len(notes.of_case(house, mine)) == 1
    assert sum("geeft uw gesprek" in words for words in bots_words(house, mine)) == 1


def test_only_the_owner_and_a_lead_give_away_what_somebody_has(
    app: Flask, other: FlaskClient, house: House, an: int, bart: int, leen: int, mine: int
) -> None:
    assert other.get(f"/console/cases/{mine}/hand").status_code == 303
    status, page = post(other, f"/cases/{mine}/hand", to=f"person:{bart}", text="Voor mij", token=TOKEN)
    assert status == 409
    assert "Voor mij</textarea>" in page
    assert case_views.view(house, mine).row.owner_id == an
    browser = log_in(app.test_client(), "leen")
    assert "Geef door aan een collega" in browser.get(f"/console/cases/{mine}").text
    assert post(browser, f"/cases/{mine}/hand", to=f"person:{bart}", token=TOKEN)[0] == 303
    row = case_views.view(house, mine).row
    assert (row.owner_id, row.handed_by) == (bart, "Leen Maes")


def test_a_lead_gives_somebody_what_nobody_has(people: People, house: House, bart: int, leen: int) -> None:
    case_id = people.asks_for_a_person()
    handing.to_person(house, case_id, leen, bart, Word(tells=True))
    assert case_views.view(house, case_id).row.owner_id == bart
    assert bots_words(house, case_id)[-1].startswith("Leen Maes geeft uw gesprek aan Bart Claes")


def test_who_is_at_work_stands_first_and_who_is_not_is_marked(
    client: FlaskClient, other: FlaskClient, house: House, an: int, bart: int, mine: int
) -> None:
    away = accounts.add_user(house, "aad", "Aad Smit", PASSWORD)
    accounts.add_user(house, "zoe", "Zoë Wouters", PASSWORD)
    log_in(other.application.test_client(), "aad")
    with house.store.write() as connection:
        stored_accounts.change(connection, away, away=True)
        stored_accounts.change(connection, bart, most_open=0)
    page = text_of(client.get(f"/console/cases/{mine}/hand").text)
    found = [page.index(name) for name in ("Bart Claes", "Zoë Wouters", "Aad Smit")]
    assert found == sorted(found)
    assert "Bart Claes heeft er genoeg Nu aan het werk · 0 gesprekken" in page
    assert "Zoë Wouters Nu niet aan het werk" in page
    assert "Aad Smit Even weg" in page


def test_whose_account_is_closed_gets_nothing(house: House, an: int, bart: int, mine: int) -> None:
    with house.store.write() as connection:
        stored_accounts.change(connection, bart, active=False)
    with pytest.raises(NoSuchColleague):
        handing.to_person(house, mine, an, bart, Word())


RACES: dict[str, Callable[[House, int, int, int], object]] = {
    "hands over": lambda house, case_id, an, bart: handing.to_person(house, case_id, an, bart, Word()),
    "gives back": lambda house, case_id, an, bart: cases.release(house, case_id, an),
    "answers": lambda house, case_id, an, bart: replies.reply(house, case_id, an, "Dag", "sms", TOKEN),
}


@pytest.mark.parametrize("rival", ["gives back", "answers"])
def test_of_two_things_at_once_each_happens_wholly_or_not(
    house: House, an: int, bart: int, mine: int, rival: str
) -> None:
    start, failed = threading.Barrier(2), []

    def act(name: str) -> None:
        start.wait()
        try:
            RACES[name](house, mine, an, bart)
        except CaseError as error:
            failed.append((name, type(error)))

    threads = [threading.Thread(target=act, args=(name,)) for name in ("hands over", rival)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    owner = case_views.view(house, mine).row.owner_id
    said = any(entry.author == "counsellor" for entry in case_views.view(house, mine).log)
    if rival == "answers":
        assert owner == bart
        assert said is (failed == [])
    else:
        assert len(failed) == 1
        assert owner == (None if failed[0][0] == "hands over" else bart)
    assert all(kind is NotYours for _, kind in failed)
