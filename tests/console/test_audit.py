"""The log of who looked at what and who changed what."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.cases import Outcome
from bot.events import AccountEventType, EventType
from bot.hours import BELGIUM
from bot.roles import Role
from bot.service import accounts, audit, cases, closing, staff
from bot.service.audit import Wanted
from bot.service.house import House
from bot.store import cases as stored
from console.audit_words import ACCOUNT_EVENTS, EVENTS, SORTS, Sort
from tests.conftest import Clock
from tests.console.conftest import PASSWORD, People, log_in
from tests.console.helping import NASTY, post, text_of


@pytest.fixture
def chief(app: Flask, house: House) -> FlaskClient:
    """The administrator's browser."""
    accounts.add_user(house, "chief", "Chris", PASSWORD, role=Role.ADMINISTRATOR)
    return log_in(app.test_client(), "chief")


def lines(browser: FlaskClient, path: str = "") -> list[str]:
    """The lines of the page, without when."""
    page = browser.get(f"/console/audit{path}").text
    body = page[page.index("<tbody>") : page.index("</tbody>")] if "<tbody>" in page else ""
    return [text_of(row.partition("</time>")[2]).strip() for row in re.findall("<tr>.*?</tr>", body, re.DOTALL)]


def test_everything_that_can_happen_has_its_words() -> None:
    assert set(EVENTS) == set(get_args(EventType))
    assert set(ACCOUNT_EVENTS) == set(get_args(AccountEventType))
    assert {sort for sort, _ in EVENTS.values()} - {Sort.ITSELF} == set(SORTS)
    assert all(len(name) <= 32 for name in (*EVENTS, *ACCOUNT_EVENTS)), "longer ones do not fit in the store"


def test_a_look_is_written_down_once_and_live_news_is_none(
    client: FlaskClient, chief: FlaskClient, people: People
) -> None:
    case_id = people.asks_for_a_person()
    client.get(f"/console/cases/{case_id}")
    for _ in range(3):
        client.get(f"/console/cases/{case_id}/updates?after=0")
        client.get(f"/console/cases/{case_id}/claim")
    assert lines(chief) == [f"An Peeters keek naar het gesprek {case_id}"]


def test_a_look_is_no_news_for_who_has_the_page_open(client: FlaskClient, chief: FlaskClient, people: People) -> None:
    case_id = people.asks_for_a_person()
    page = client.get(f"/console/cases/{case_id}").text
    cursor = re.search(r'data-cursor="(\d+)"', page)
    assert cursor
    chief.get(f"/console/cases/{case_id}")
    assert client.get(f"/console/cases/{case_id}/updates?after={cursor[1]}").status_code == 204


def test_who_may_not_see_a_case_did_not_look_at_it(
    app: Flask, house: House, chief: FlaskClient, people: People
) -> None:
    case_id = people.asks_for_a_person()
    with house.store.write() as connection:
        stored.change(connection, case_id, team="youth", all_from=house.now().replace(year=2100))
    accounts.add_user(house, "far", "Far", PASSWORD, teams_of=["language"])
    assert log_in(app.test_client(), "far").get(f"/console/cases/{case_id}").status_code == 404
    assert lines(chief) == []


def test_changes_are_there_without_any_words_of_people(
    client: FlaskClient, chief: FlaskClient, people: People, house: House, an: int
) -> None:
    case_id = people.asks_for_a_person(NASTY)
    cases.claim(house, case_id, an)
    people.said_to(case_id, an, "een geheim antwoord")
    closing.close(house, case_id, an, Outcome.HELPED)
    assert lines(chief) == [
        f"An Peeters sloot het gesprek af {case_id}",
        f"An Peeters antwoordde {case_id}",
        f"An Peeters nam het gesprek {case_id}",
    ]
    page = chief.get("/console/audit").text
    assert "geheim" not in page
    assert "alert(1)" not in page


def test_by_person_sort_and_day(
    client: FlaskClient, other: FlaskClient, chief: FlaskClient, people: People, clock: Clock, an: int, bart: int
) -> None:
    case_id = people.asks_for_a_person()
    client.get(f"/console/cases/{case_id}")
    yesterday = clock().astimezone(BELGIUM).date()
    clock.advance(days=1)
    log_in(other, "bart").get(f"/console/cases/{case_id}")
    post(other, f"/cases/{case_id}/claim")
    log_in(chief, "chief")
    today = clock().astimezone(BELGIUM).date()
    assert len(lines(chief)) == 3
    assert lines(chief, f"?who={an}") == [f"An Peeters keek naar het gesprek {case_id}"]
    assert lines(chief, f"?who={bart}&sort=cases") == [f"Bart Claes nam het gesprek {case_id}"]
    assert len(lines(chief, f"?day={yesterday}")) == 1
    assert len(lines(chief, f"?day={today}&sort=looks")) == 1
    for strange in ("?day=x", "?who=x", "?sort=x", "?before=x", "?day=9999-12-31", "?before=99999999999999999999"):
        assert chief.get(f"/console/audit{strange}").status_code == 200


def test_pages_go_on_where_the_last_one_ended(client: FlaskClient, chief: FlaskClient, people: People) -> None:
    case_id = people.asks_for_a_person()
    for _ in range(audit.PAGE + 5):
        client.get(f"/console/cases/{case_id}")
    page = chief.get("/console/audit?sort=looks").text
    older = re.search(r'href="/console/audit(\?[^"]*before=[^"]*)"', page)
    assert older
    assert len(lines(chief, "?sort=looks")) == audit.PAGE
    rest = older[1].replace("&amp;", "&")
    assert "sort=looks" in rest
    assert len(lines(chief, rest)) == 5
    assert "Ouder" not in chief.get(f"/console/audit{rest}").text


def test_a_lead_sees_the_cases_of_the_own_teams(app: Flask, client: FlaskClient, house: House, people: People) -> None:
    ours, theirs = people.asks_for_a_person(), people.asks_for_a_person("Lotte", "tel:+32470000002")
    for case_id in (ours, theirs):
        client.get(f"/console/cases/{case_id}")
    with house.store.write() as connection:
        stored.change(connection, ours, team="youth")
        stored.change(connection, theirs, team="language")
    accounts.add_user(house, "lies", "Lies", PASSWORD, teams_of=["youth"], role=Role.LEAD)
    lead = log_in(app.test_client(), "lies")
    assert lines(lead) == [f"An Peeters keek naar het gesprek {ours}"]
    assert lead.get("/console/audit/accounts").status_code == 403
    assert client.get("/console/audit").status_code == 403


def test_accounts_have_a_log_of_their_own(client: FlaskClient, chief: FlaskClient, house: House, an: int) -> None:
    post(chief, f"/people/{an}", login="", name="An P.", role="lead", language="nl", phone="", most_open="")
    told = lines(chief, "/accounts")
    assert "Chris gaf An P. een andere rol: Teamverantwoordelijke" in told
    assert "Chris veranderde de gegevens van An P." in told
    assert "Chris meldde zich aan" in told
    assert "Op de server maakte het account van Chris, als Beheerder" in told
    assert all("%(" not in line for line in told)
    assert audit.of_accounts(house, Wanted(user_id=an)).lines[0].own


def test_a_role_is_written_down_by_the_command_line_too(house: House, chief: FlaskClient, an: int) -> None:
    staff.set_role(house, "an", Role.LEAD)
    assert "Op de server gaf An Peeters een andere rol: Teamverantwoordelijke" in lines(chief, "/accounts")
