"""Logging in and out, and the guard before every page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.catalogues import Catalogues
from bot.service import logins
from bot.service.house import House
from console import create_console
from console.access import inside
from tests.console.conftest import PASSWORD, log_in, make_app

HOME = "/console/"


def try_login(client: FlaskClient, name: str, password: str, **data: str) -> tuple[int, str]:
    answer = client.post("/console/login", data={"name": name, "password": password, **data})
    return answer.status_code, answer.text


def test_who_knows_the_password_sees_the_queue(app: Flask, an: int) -> None:
    client = log_in(app.test_client())
    assert "Gesprekken" in client.get(HOME).text


@pytest.mark.parametrize(("name", "password"), [("an", "fout"), ("niemand", PASSWORD), ("", ""), ("an", "a" * 5000)])
def test_a_wrong_login_is_one_calm_sentence(app: Flask, an: int, name: str, password: str) -> None:
    status, page = try_login(app.test_client(), name, password)
    assert status == 401
    assert "Naam en wachtwoord horen niet bij elkaar" in page


def test_after_too_many_tries_the_right_password_waits_too(app: Flask, an: int, bart: int) -> None:
    client = app.test_client()
    for _ in range(logins.MOST_TRIES_PER_ACCOUNT):
        assert try_login(client, "an", "fout")[0] == 401
    answer = client.post("/console/login", data={"name": "an", "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert try_login(client, "bart", PASSWORD)[0] == 303


def test_one_address_cannot_go_on_with_other_names(app: Flask, an: int) -> None:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.1"
    for number in range(logins.MOST_TRIES_PER_ADDRESS):
        try_login(client, f"name{number}", "fout")
    assert try_login(client, "an", PASSWORD)[0] == 429


def test_logging_out_ends_the_login_in_the_store_too(app: Flask, an: int) -> None:
    client = log_in(app.test_client())
    cookie = client.get_cookie("session")
    assert client.post("/console/logout").status_code == 303
    client.set_cookie("session", cookie.value if cookie else "")
    assert client.get(HOME).status_code == 303


def test_what_stood_in_the_session_before_is_gone(app: Flask, an: int) -> None:
    client = app.test_client()
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    log_in(client)
    with client.session_transaction() as session:
        assert set(session) == {"login"}


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_is_kept_from_scripts_and_other_sites(house: House, an: int, secure: bool) -> None:
    client = make_app(house, csrf=False, secure=secure).test_client()
    cookie = client.post("/console/login", data={"name": "an", "password": PASSWORD}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is secure


def test_words_sent_after_the_login_ended_are_shown_not_lost(app: Flask) -> None:
    answer = app.test_client().post("/console/cases/1/reply", data={"text": "een <lang> antwoord"})
    assert answer.status_code == 401
    assert "een &lt;lang&gt; antwoord</textarea>" in answer.text


@pytest.mark.parametrize("path", [HOME, "/console/cases/12", "/console/?view=mine&page=2", "/console/cases/12/updates"])
def test_pages_of_the_console_are_gone_back_to(path: str) -> None:
    assert inside(path, HOME) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "https://elsewhere.example/",
        "//elsewhere.example/console/",
        "/\\elsewhere.example",
        "/console",
        "/consolation/",
        "/console/../playground/",
        "/console/%2e%2e/playground/",
        "/console/..",
        "/console//elsewhere.example",
        "/console/\\elsewhere.example",
        "/console/\n",
        "/console/@elsewhere.example",
        "/console/#x",
        "javascript:alert(1)",
        " /console/",
        "/console/" + "a/" * 5000 + "!",
    ],
)
def test_nobody_is_sent_elsewhere(app: Flask, an: int, path: str) -> None:
    assert inside(path, HOME) == HOME
    answer = app.test_client().post("/console/login", data={"name": "an", "password": PASSWORD, "next": path})
    assert answer.location == HOME


def test_after_logging_in_one_is_where_one_wanted_to_be(app: Flask, an: int) -> None:
    client = app.test_client()
    asked = client.get("/console/cases/7/updates?after=3")
    answer = client.post(asked.location, data={"name": "an", "password": PASSWORD})
    assert answer.location == "/console/cases/7"
    assert client.get("/console/login").location == HOME


def test_a_form_without_its_token_is_refused_with_a_page(house: House, an: int) -> None:
    client = make_app(house).test_client()
    answer = client.post("/console/login", data={"name": "an", "password": PASSWORD})
    assert answer.status_code == 400
    assert "Dit formulier kunnen wij niet aannemen" in answer.text
    answer = client.post("/console/cases/1/reply", data={"text": "niet kwijt"})
    assert answer.status_code == 400
    assert "niet kwijt</textarea>" in answer.text


def test_the_demo_fills_in_its_own_login(house: House) -> None:
    app = Flask("demo")
    app.config.update(SECRET_KEY="only for tests", TESTING=True)
    console = create_console(
        house,
        Catalogues(("nl",)),
        secure_cookies=False,
        embeddable=True,
        segments=len,
        calendar_address=str,
        demo_login=("demo", "demo-demo-demo"),
    )
    app.register_blueprint(console, url_prefix="/console")
    page = app.test_client().get("/console/login")
    assert 'value="demo-demo-demo"' in page.text
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
