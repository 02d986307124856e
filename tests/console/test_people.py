"""Who works here: accounts made, changed and closed by administrators, seen by leads."""

from __future__ import annotations

import re
from dataclasses import replace
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bot.roles import Role, Viewer
from bot.service import accounts, case_views, cases, logins, staff
from bot.service.account_errors import LastAdministrator, NoSuchAccount, Oneself
from bot.service.house import House
from bot.service.staff import Details
from bot.store.engine import Store
from bot.store.schema import account_events, users
from tests.conftest import Clock
from tests.console.conftest import PASSWORD, People, log_in
from tests.console.helping import NASTY, post, text_of

EVERYBODY = Viewer(0, Role.ADMINISTRATOR, ())
NUMBER, NUMBER_IN_FULL = "0470 00 00 01", "+32470000001"


@pytest.fixture
def chief(house: House) -> int:
    """The administrator."""
    return accounts.add_user(house, "chief", "Chris", PASSWORD, role=Role.ADMINISTRATOR)


@pytest.fixture
def desk(app: Flask, chief: int) -> FlaskClient:
    """The administrator's browser."""
    return log_in(app.test_client(), "chief")


def form(**changes: object) -> dict[str, object]:
    """A filled form."""
    given = {"login": "dina", "name": "Dina", "language": "fr", "role": "counsellor", "phone": "", "most_open": ""}
    return {**given, "teams": [], **changes}


def written(house: House) -> list[tuple[str, int | None, int | None]]:
    """What was written down about accounts: what, who did it, about whom."""
    with house.store.read() as connection:
        rows = connection.execute(select(account_events).order_by(account_events.c.id)).all()
    return [(row.type, row.user_id, row.about_id) for row in rows]


def password_on(page: str) -> str:
    found = re.search(r'<code class="secret" dir="ltr">([a-z0-9-]+)</code>', page)
    assert found
    return found[1]


def test_a_new_account_begins_with_a_password_that_must_be_changed(app: Flask, desk: FlaskClient, house: House) -> None:
    status, page = post(desk, "/people/new", **form(teams=["youth"], phone=NUMBER, most_open="5"))
    assert status == 200
    first = password_on(page)
    browser = app.test_client()
    assert browser.post("/console/login", data={"name": "DINA", "password": first}).status_code == 303
    answer = browser.get("/console/")
    assert answer.location == "/console/me/password?next=/console/"
    page = browser.get(answer.location).text
    assert "Choisissez" in page or "Kies uw eigen wachtwoord" in page
    new = {"old": first, "new": "mijn eigen zin", "again": "mijn eigen zin", "next": "/console/times"}
    assert browser.post("/console/me/password", data=new).location == "/console/times"
    assert browser.get("/console/").status_code == 200
    dina = next(one for one in staff.listed(house, EVERYBODY) if one.login == "dina")
    assert (dina.phone, dina.most_open, dina.teams, dina.language) == (NUMBER_IN_FULL, 5, frozenset({"youth"}), "fr")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("login", "  ", "Schrijf een gebruikersnaam"),
        ("login", "CHIEF", "al van iemand"),
        ("login", "x" * 121, "hoogstens 120"),
        ("name", " ", "Schrijf een naam"),
        ("phone", "12", "geen gewoon telefoonnummer"),
        ("phone", "0903 00 000", "geen gewoon telefoonnummer"),
        ("most_open", "0", "getal van 1 tot 99"),
        ("most_open", "100000", "getal van 1 tot 99"),
        ("most_open", "²", "getal van 1 tot 99"),
        ("language", "tlh", "Kies een van de talen"),
        ("teams", ["made up"], "Dat team bestaat niet"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    desk: FlaskClient, house: House, field: str, value: object, said: str
) -> None:
    status, page = post(desk, "/people/new", **form(**{"name": "Dina Ö", field: value}))
    assert status == 422
    assert said in page
    assert len(re.findall('role="alert"', page)) == 1
    assert field == "name" or 'value="Dina Ö"' in page
    assert "dina" not in [one.login for one in staff.listed(house, EVERYBODY)]


def test_a_name_with_markup_is_only_words(desk: FlaskClient) -> None:
    _, page = post(desk, "/people/new", **form(name=NASTY))
    assert "<script>alert" not in page
    for path in ("/console/people", "/console/people/2"):
        assert "<script>alert" not in desk.get(path).text


def test_changing_an_account_is_written_down_without_what_stood_in_it(
    desk: FlaskClient, house: House, chief: int, an: int
) -> None:
    assert post(desk, f"/people/{an}", **form(name="An P.", role="lead", teams=["office"], phone=NUMBER))[0] == 303
    member = staff.one(house, an)
    assert (member.name, member.role, member.teams, member.login) == ("An P.", Role.LEAD, frozenset({"office"}), "an")
    told = written(house)[-3:]
    assert {(kind, by, about) for kind, by, about in told} == {
        ("role_changed", chief, an),
        ("teams_changed", chief, an),
        ("account_changed", chief, an),
    }
    with house.store.read() as connection:
        data = connection.execute(select(account_events.c.data)).scalars().all()
    assert NUMBER_IN_FULL not in str(data)


def test_the_form_sent_twice_changes_nothing_the_second_time(desk: FlaskClient, house: House, an: int) -> None:
    for _ in range(2):
        post(desk, f"/people/{an}", **form(name="An P."))
    assert [kind for kind, _, about in written(house) if about == an].count("account_changed") == 1


def test_a_closed_account_is_out_at_once_and_comes_back(app: Flask, desk: FlaskClient, an: int) -> None:
    browser = log_in(app.test_client())
    assert post(desk, f"/people/{an}/close")[0] == 303
    assert browser.get("/console/").status_code == 303
    assert app.test_client().post("/console/login", data={"name": "an", "password": PASSWORD}).status_code == 401
    assert "Account gesloten" in desk.get("/console/people").text
    assert post(desk, f"/people/{an}/open")[0] == 303
    assert browser.get("/console/").status_code == 303, "an old login does not come back with it"
    log_in(browser)


def test_what_somebody_had_who_goes_waits_for_others(
    desk: FlaskClient, house: House, people: People, an: int, bart: int
) -> None:
    mine, theirs = people.asks_for_a_person(), people.asks_for_a_person("Lotte", "tel:+32470000002")
    cases.claim(house, mine, an)
    cases.claim(house, theirs, bart)
    post(desk, f"/people/{an}/close")
    owners = {row.id: row.owner_id for row in case_views.queue(house)}
    assert owners == {mine: None, theirs: bart}
    assert all(row.waiting_since for row in case_views.queue(house))


def test_another_role_holds_from_the_next_page_on(app: Flask, desk: FlaskClient, an: int) -> None:
    browser = log_in(app.test_client())
    assert browser.get("/console/people").status_code == 403
    post(desk, f"/people/{an}", **form(role="lead"))
    assert browser.get("/console/people").status_code == 200


def test_logged_out_by_an_administrator(app: Flask, desk: FlaskClient, an: int) -> None:
    browser = log_in(app.test_client())
    post(desk, f"/people/{an}/logout")
    assert browser.get("/console/").status_code == 303


def test_a_password_that_was_given_ends_every_login(app: Flask, desk: FlaskClient, an: int) -> None:
    browser = log_in(app.test_client())
    status, page = post(desk, f"/people/{an}/password")
    assert status == 200
    assert browser.get("/console/").status_code == 303
    given = {"name": "an", "password": password_on(page)}
    assert browser.post("/console/login", data=given).status_code == 303
    assert "/me/password" in browser.get("/console/").location


def test_nobody_closes_or_demotes_oneself(desk: FlaskClient, house: House, chief: int) -> None:
    accounts.add_user(house, "second", "Second", PASSWORD, role=Role.ADMINISTRATOR)
    status, page = post(desk, f"/people/{chief}", **form(role="counsellor"))
    assert (status, "uw eigen account" in page) == (422, True)
    assert post(desk, f"/people/{chief}/close")[0] == 422
    with pytest.raises(Oneself):
        staff.close(house, chief, chief)
    assert staff.one(house, chief).role is Role.ADMINISTRATOR


def test_the_last_administrator_stays(house: House, chief: int, an: int) -> None:
    with pytest.raises(LastAdministrator):
        staff.set_role(house, "chief", Role.LEAD)
    with pytest.raises(LastAdministrator):
        staff.close(house, an, chief)
    with pytest.raises(NoSuchAccount):
        staff.close(house, an, 999)


def test_two_who_demote_each_other_at_once_leave_one(store: Store, house: House) -> None:
    here = replace(house, store=store)
    ids = [accounts.add_user(here, name, name, PASSWORD, role=Role.ADMINISTRATOR) for name in ("one", "two")]

    def demote(by: int, user_id: int) -> None:
        try:
            staff.change(here, by, user_id, Details("x", role=Role.COUNSELLOR))
        except LastAdministrator:
            return

    threads = [Thread(target=demote, args=pair) for pair in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as connection:
        roles = connection.execute(select(users.c.role)).scalars().all()
    assert sorted(roles) == ["administrator", "counsellor"]


def test_a_lead_sees_the_own_teams_and_changes_nothing(app: Flask, house: House, an: int, chief: int) -> None:
    accounts.add_user(house, "lies", "Lies", PASSWORD, teams_of=["youth"], role=Role.LEAD)
    accounts.add_user(house, "yara", "Yara", PASSWORD, teams_of=["youth", "office"])
    browser = log_in(app.test_client(), "lies")
    page = text_of(browser.get("/console/people").text)
    assert "Yara" in page
    assert "An Peeters" not in page
    assert post(browser, f"/people/{an}", **form())[0] == 403


def test_who_is_at_work_and_who_was_seen_when(desk: FlaskClient, app: Flask, an: int, bart: int, clock: Clock) -> None:
    page = text_of(desk.get("/console/people").text)
    assert "Nog nooit aangemeld" in page
    log_in(app.test_client())
    clock.advance(hours=1)
    log_in(app.test_client(), "bart")
    page = text_of(desk.get("/console/people").text)
    assert re.search(r"An Peeters an Consulent Laatst gezien", page)
    assert re.search(r"Bart Claes bart Consulent Aan het werk", page)


def test_an_account_that_is_shut_by_wrong_passwords_is_written_down_once(app: Flask, house: House, an: int) -> None:
    for _ in range(logins.MOST_TRIES_PER_ACCOUNT + 3):
        app.test_client().post("/console/login", data={"name": "an", "password": "fout"})
    assert [kind for kind, _, about in written(house) if about == an].count("account_locked") == 1
