"""One's own account: details, password, logins, and the second factor."""

from __future__ import annotations

import re

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from bot.roles import Role
from bot.service import accounts, logins, second_factor, staff
from bot.service.house import House
from bot.store.schema import account_events, users
from console.devices import device
from tests.conftest import Clock
from tests.console.conftest import PASSWORD, log_in, make_app
from tests.console.helping import post, text_of

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0"
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (SAFARI, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        (ANDROID, "Chrome, Android"),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_a_browser_in_a_few_words(said: str, words: str) -> None:
    assert device(said) == words


def test_details_are_changed_and_the_pages_speak_the_language(client: FlaskClient, house: House, an: int) -> None:
    status, _ = post(client, "/me", name="An", language="fr", phone="0470 00 00 01", role="administrator")
    assert status == 303
    member = staff.one(house, an)
    assert (member.name, member.phone, member.role) == ("An", "+32470000001", Role.COUNSELLOR)
    assert 'lang="fr"' in client.get("/console/me").text


@pytest.mark.parametrize(("field", "value"), [("name", " "), ("phone", "abc"), ("language", "ti")])
def test_what_is_wrong_in_the_details_is_said_beside_its_field(client: FlaskClient, field: str, value: str) -> None:
    given = {"name": "An Ö", "language": "nl", "phone": "", field: value}
    status, page = post(client, "/me", **given)
    assert status == 422
    assert page.count('role="alert"') == 1
    assert f'name="{field}"' in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("fout", "een nieuwe zin", "een nieuwe zin", "niet uw wachtwoord van nu"),
        (PASSWORD, "kort", "kort", "te kort"),
        (PASSWORD, "een nieuwe zin", "een oude zin", "niet gelijk"),
        (PASSWORD, PASSWORD, PASSWORD, "uw oude wachtwoord"),
    ],
)
def test_a_password_is_changed_by_who_knows_the_old_one(
    client: FlaskClient, old: str, new: str, again: str, said: str
) -> None:
    status, page = post(client, "/me/password", old=old, new=new, again=again)
    assert status == 422
    assert said in text_of(page)
    assert f'value="{new}"' not in page


def test_a_new_password_ends_every_other_login(app: Flask, client: FlaskClient) -> None:
    elsewhere = log_in(app.test_client())
    given = {"old": PASSWORD, "new": "een nieuwe zin", "again": "een nieuwe zin", "next": "//elsewhere.example"}
    assert client.post("/console/me/password", data=given).location == "/console/me#main"
    assert client.get("/console/").status_code == 200
    assert elsewhere.get("/console/").status_code == 303


def test_guessing_the_old_password_is_limited(client: FlaskClient) -> None:
    for _ in range(logins.MOST_TRIES_PER_ACCOUNT):
        post(client, "/me/password", old="fout", new="een nieuwe zin", again="een nieuwe zin")
    assert post(client, "/me/password", old=PASSWORD, new="een nieuwe zin", again="een nieuwe zin")[0] == 429


def test_logins_are_listed_and_ended(app: Flask, an: int) -> None:
    browsers = [app.test_client() for _ in range(3)]
    for browser, agent in zip(browsers, (FIREFOX, SAFARI, EDGE), strict=True):
        browser.environ_base["HTTP_USER_AGENT"] = agent
        log_in(browser)
    here, phone, office = browsers
    page = here.get("/console/me").text
    assert re.search(r"Firefox, Windows\s+hier, nu", text_of(page))
    refs = re.findall(r'name="login" value="([0-9a-f]+)"', page)
    assert len(refs) == 2, "all but this one"
    form = page[page.index("Safari, iPhone") :]
    post(here, "/me/logins", login=re.findall(r'name="login" value="([0-9a-f]+)"', form)[0])
    assert phone.get("/console/").status_code == 303
    assert office.get("/console/").status_code == 200
    post(here, "/me/logins", login="others")
    assert office.get("/console/").status_code == 303
    assert here.get("/console/").status_code == 200


def test_nobody_ends_a_colleagues_login(app: Flask, client: FlaskClient, house: House, bart: int) -> None:
    colleague = log_in(app.test_client(), "bart")
    theirs = logins.of_user(house, bart, "")[0].ref
    post(client, "/me/logins", login=theirs)
    assert colleague.get("/console/").status_code == 200


def code_at(house: House, user_id: int, clock: Clock, drift: int = 0) -> str:
    """What the telephone shows, whose clock may be off by some steps."""
    with house.store.read() as connection:
        secret = connection.execute(select(users.c.totp_secret).where(users.c.id == user_id)).scalar_one()
    return pyotp.TOTP(secret).at(int(clock().timestamp()) + drift * second_factor.STEP)


def switched_on(client: FlaskClient, house: House, user_id: int, clock: Clock) -> list[str]:
    """Switches the second factor on; the spare codes."""
    assert post(client, "/me/code/new")[0] == 303
    _, page = post(client, "/me/code", code=code_at(house, user_id, clock))
    clock.advance(seconds=60)  # the code of that moment was used
    return re.findall(r"<li><code>([a-z0-9-]+)</code></li>", page)


def at_the_code(app: Flask) -> FlaskClient:
    """A browser that gave the password."""
    browser = app.test_client()
    browser.post("/console/login", data={"name": "an", "password": PASSWORD})
    assert browser.get("/console/").location == "/console/code?next=/console/"
    return browser


def test_switching_it_on_shows_picture_and_text_and_ten_codes_once(
    client: FlaskClient, house: House, an: int, clock: Clock
) -> None:
    assert client.get("/console/me/code/image").status_code == 404
    post(client, "/me/code/new")
    page = client.get("/console/me/code")
    with house.store.read() as connection:
        secret = connection.execute(select(users.c.totp_secret)).scalar_one()
    assert secret in page.text.replace(" ", "")
    picture = client.get("/console/me/code/image")
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    status, wrong = post(client, "/me/code", code="000000")
    assert (status, "niet juist" in wrong) == (422, True)
    _, done = post(client, "/me/code", code=code_at(house, an, clock))
    spare = re.findall(r"<li><code>([a-z0-9-]+)</code></li>", done)
    assert len(set(spare)) == second_factor.SPARE_CODES
    later = client.get("/console/me/code").text
    assert secret not in later.replace(" ", "")
    assert spare[0] not in later
    assert client.get("/console/me/code/image").status_code == 404
    with house.store.read() as connection:
        assert spare[0] not in str(connection.execute(select(users)).all())


def test_until_the_first_code_was_right_none_is_asked(app: Flask, client: FlaskClient) -> None:
    post(client, "/me/code/new")
    assert log_in(app.test_client()).get("/console/").status_code == 200


def test_after_the_password_only_the_code_opens(
    app: Flask, client: FlaskClient, house: House, an: int, clock: Clock
) -> None:
    switched_on(client, house, an, clock)
    browser = at_the_code(app)
    for path in (
        "/console/",
        "/console/me",
        "/console/me/code",
        "/console/people",
        "/console/cases/1",
        "/console/queue",
    ):
        assert "/console/code" in browser.get(path).location
    for path in ("/me/code/off", "/me/logins", "/me/password", "/me/code/new"):
        assert post(browser, path, password=PASSWORD)[0] == 303
    assert post(browser, "/code", code="000000")[0] == 422
    assert post(browser, "/code", code=code_at(house, an, clock))[0] == 303
    assert browser.get("/console/").status_code == 200


def test_words_sent_before_the_code_was_given_are_shown(
    app: Flask, client: FlaskClient, house: House, an: int, clock: Clock
) -> None:
    switched_on(client, house, an, clock)
    status, page = post(at_the_code(app), "/cases/1/reply", text="niet kwijt")
    assert status == 401
    assert "niet kwijt</textarea>" in page


@pytest.mark.parametrize(("drift", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephones_clock_may_be_one_step_off(
    app: Flask, client: FlaskClient, house: House, an: int, clock: Clock, drift: int, good: bool
) -> None:
    switched_on(client, house, an, clock)
    clock.advance(seconds=90)
    assert post(at_the_code(app), "/code", code=code_at(house, an, clock, drift))[0] == (303 if good else 422)


def test_no_code_is_good_twice(app: Flask, client: FlaskClient, house: House, an: int, clock: Clock) -> None:
    switched_on(client, house, an, clock)
    code = code_at(house, an, clock)
    assert post(at_the_code(app), "/code", code=code)[0] == 303
    assert post(at_the_code(app), "/code", code=code)[0] == 422


def test_a_spare_code_works_once_however_it_is_typed(
    app: Flask, client: FlaskClient, house: House, an: int, clock: Clock
) -> None:
    spare = switched_on(client, house, an, clock)
    typed = f" {spare[3].upper().replace('-', ' ')} "
    assert post(at_the_code(app), "/code", code=typed)[0] == 303
    assert post(at_the_code(app), "/code", code=spare[3])[0] == 422
    assert "nog 9 reservecodes" in client.get("/console/me/code").text


def test_guessing_codes_is_limited_over_all_browsers(
    app: Flask, client: FlaskClient, house: House, an: int, clock: Clock
) -> None:
    switched_on(client, house, an, clock)
    for _ in range(second_factor.MOST_TRIES):
        assert post(at_the_code(app), "/code", code="x")[0] == 422
    assert post(at_the_code(app), "/code", code=code_at(house, an, clock))[0] == 429
    clock.advance(minutes=16)
    assert post(at_the_code(app), "/code", code=code_at(house, an, clock))[0] == 303


def test_who_waits_too_long_with_the_code_begins_again(
    app: Flask, client: FlaskClient, house: House, an: int, clock: Clock
) -> None:
    switched_on(client, house, an, clock)
    browser = at_the_code(app)
    clock.advance(minutes=11)
    assert "/console/login" in browser.get("/console/code").location


def test_new_spare_codes_and_switching_off_ask_for_the_password(
    app: Flask, client: FlaskClient, house: House, an: int, clock: Clock
) -> None:
    old = switched_on(client, house, an, clock)
    for path in ("/me/code/spare", "/me/code/off"):
        status, page = post(client, path, password="fout")
        assert (status, "niet uw wachtwoord" in page) == (422, True)
    _, page = post(client, "/me/code/spare", password=PASSWORD)
    assert old[0] not in page
    assert post(at_the_code(app), "/code", code=old[0])[0] == 422
    assert post(client, "/me/code/off", password=PASSWORD)[0] == 303
    assert log_in(app.test_client()).get("/console/").status_code == 200


def test_an_administrator_helps_who_lost_the_telephone(
    app: Flask, client: FlaskClient, house: House, an: int, clock: Clock
) -> None:
    switched_on(client, house, an, clock)
    accounts.add_user(house, "chief", "Chris", PASSWORD, role=Role.ADMINISTRATOR)
    assert post(log_in(app.test_client(), "chief"), f"/people/{an}/code")[0] == 303
    assert log_in(app.test_client()).get("/console/").status_code == 200
    with house.store.read() as connection:
        kinds = connection.execute(select(account_events.c.type)).scalars().all()
    assert kinds.count("code_on") == kinds.count("code_off") == 1


def test_where_it_is_required_there_is_no_way_around_it(house: House, an: int, clock: Clock) -> None:
    app = make_app(house, csrf=False, two_factor_required=True)
    browser = log_in(app.test_client())
    for path in ("/console/", "/console/me", "/console/cases/1", "/console/me/password"):
        assert browser.get(path).location.startswith("/console/me/code?next=")
    spare = switched_on(browser, house, an, clock)
    assert len(spare) == second_factor.SPARE_CODES
    assert browser.get("/console/").status_code == 200
    assert post(browser, "/me/code/off", password=PASSWORD)[0] == 403


def test_a_first_password_is_changed_after_the_code_was_given(
    app: Flask, client: FlaskClient, house: House, an: int, clock: Clock
) -> None:
    switched_on(client, house, an, clock)
    with house.store.write() as connection:
        connection.execute(update(users).values(must_change=True))
    browser = at_the_code(app)
    post(browser, "/code", code=code_at(house, an, clock))
    assert "/me/password" in browser.get("/console/").location
