"""Logging in through an identity service: a real one that runs on this machine, and one that lies."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask, jsonify, request
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select

import webhooks
from bot.config import Settings
from bot.roles import Role
from bot.service import accounts, staff
from bot.service.house import House
from bot.store.schema import account_events
from openid import AGAIN_AFTER, KEPT, OpenId
from playground.server import serving
from tests.conftest import Clock
from tests.console.conftest import PASSWORD, log_in, make_app
from tests.console.helping import post, text_of

CLIENT, SECRET = "drempelvrij", "a secret of the two"
SITE = "https://vdab.example"
MAIL = "an@vdab.example"
Start = Callable[..., FlaskClient]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a real OpenID provider, a process of its own."""
    port = free_port()
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            requests.get(address, timeout=2)
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(timeout=10)


def known_there(provider: str, subject: str, **claims: object) -> None:
    """Somebody whom the provider knows."""
    assert requests.put(f"{provider}/users/{subject}", json=claims, timeout=5).status_code == 204


@pytest.fixture
def start(house: House, clock: Clock) -> Start:
    """A browser at the console whose identity service has that address."""

    def starting(issuer: str, client_id: str = CLIENT, **more: Any) -> FlaskClient:
        service = OpenId(issuer, client_id, SECRET, f"{SITE}/console/sso/back", clock)
        return make_app(house, csrf=False, identity=service, **more).test_client()

    return starting


def there_and_back(browser: FlaskClient, subject: str, path: str = "/console/sso") -> str:
    """To the provider, logging in there; the address with which the browser is sent back."""
    away = browser.get(path)
    assert away.status_code == 303, text_of(away.text)
    asked = parse_qs(urlsplit(away.location).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{SITE}/console/sso/back"]
    answer = requests.post(away.location, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.headers["Location"].startswith(f"{SITE}/console/sso/back?")
    return answer.headers["Location"].removeprefix(SITE)


def test_the_button_is_there_where_a_service_is(start: Start, app: Flask, provider: str) -> None:
    assert "via uw organisatie" in start(provider).get("/console/login").text
    browser = app.test_client()
    assert "via uw organisatie" not in browser.get("/console/login").text
    assert browser.get("/console/sso").status_code == 404
    assert browser.get("/console/sso/back").status_code == 404


def test_settings_switch_it_on_and_ask_for_a_code(house: House, an: int) -> None:
    off: dict[str, Any] = {"_env_file": None, "secret_key": "only for tests", "public_url": SITE}
    on: dict[str, Any] = {"oidc_issuer": "https://idp.example", "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    for settings, there in ((off, False), ({**off, **on, "two_factor": "required"}, True)):
        app = webhooks.create_app(Settings(**settings), house)
        app.config["WTF_CSRF_ENABLED"] = False
        browser = app.test_client()
        secure = {"base_url": SITE}
        assert ("via uw organisatie" in browser.get("/console/login", **secure).text) is there
        browser.post("/console/login", data={"name": "an", "password": PASSWORD}, **secure)
        assert (browser.get("/console/", **secure).status_code == 303) is there


def test_a_verified_address_that_is_a_login_name_comes_in(start: Start, house: House, provider: str) -> None:
    user_id = accounts.add_user(house, MAIL, "An", PASSWORD)
    known_there(provider, "s-1", email=MAIL.upper(), email_verified=True)
    browser = start(provider)
    answer = browser.get(there_and_back(browser, "s-1", "/console/sso?next=/console/times"))
    assert (answer.status_code, answer.location) == (303, "/console/times")
    assert browser.get("/console/").status_code == 200
    assert staff.one(house, user_id).identity
    known_there(provider, "s-1", email="another@vdab.example", email_verified=True)
    again = start(provider)
    assert again.get(there_and_back(again, "s-1")).status_code == 303, "the tie holds, whatever the address is now"


@pytest.mark.parametrize("claims", [{"email": MAIL, "email_verified": False}, {"email": MAIL}, {}])
def test_an_address_that_nobody_verified_is_nobodys(
    start: Start, house: House, provider: str, claims: dict[str, object]
) -> None:
    accounts.add_user(house, MAIL, "An", PASSWORD)
    known_there(provider, "s-2", **claims)
    browser = start(provider)
    answer = browser.get(there_and_back(browser, "s-2"))
    assert answer.status_code == 403
    assert "U hebt hier nog geen account" in answer.text
    assert browser.get("/console/").status_code == 303


def test_another_person_with_the_same_address_is_not_let_in(start: Start, house: House, provider: str) -> None:
    accounts.add_user(house, MAIL, "An", PASSWORD)
    for subject, status in (("s-3", 303), ("s-4", 403)):
        known_there(provider, subject, email=MAIL, email_verified=True)
        browser = start(provider)
        assert browser.get(there_and_back(browser, subject)).status_code == status


def test_a_closed_account_stays_closed(start: Start, house: House, provider: str) -> None:
    chief = accounts.add_user(house, "chief", "Chris", PASSWORD, role=Role.ADMINISTRATOR)
    user_id = accounts.add_user(house, MAIL, "An", PASSWORD)
    known_there(provider, "s-5", email=MAIL, email_verified=True)
    for _ in range(2):
        browser = start(provider)
        back = there_and_back(browser, "s-5")
        staff.close(house, chief, user_id)
        assert browser.get(back).status_code == 403
        staff.reopen(house, chief, user_id)
        browser.get(there_and_back(browser, "s-5"))


def test_one_ties_the_own_account_and_unties_it(start: Start, house: House, an: int, provider: str) -> None:
    browser = log_in(start(provider))
    assert browser.get(there_and_back(browser, "s-6", "/console/me/identity")).location == "/console/me#main"
    assert "Uw account hoort nu bij de aanmelddienst" in browser.get("/console/me").text
    fresh = start(provider)
    assert fresh.get(there_and_back(fresh, "s-6")).status_code == 303
    assert post(browser, "/me/identity/off")[0] == 303
    fresh = start(provider)
    assert fresh.get(there_and_back(fresh, "s-6")).status_code == 403
    with house.store.read() as connection:
        kinds = connection.execute(select(account_events.c.type)).scalars().all()
    assert kinds.count("identity_linked") == kinds.count("identity_unlinked") == 1


def test_nobody_ties_what_is_a_colleagues(start: Start, house: House, an: int, bart: int, provider: str) -> None:
    for name, status in (("an", 303), ("bart", 409)):
        browser = log_in(start(provider), name)
        assert browser.get(there_and_back(browser, "s-7", "/console/me/identity")).status_code == status


def test_who_logged_out_on_the_way_ties_nothing(start: Start, house: House, an: int, provider: str) -> None:
    browser = log_in(start(provider))
    back = there_and_back(browser, "s-8", "/console/me/identity")
    with browser.session_transaction() as session:
        del session["login"]
    assert browser.get(back).status_code == 400
    assert not staff.one(house, an).identity


def test_the_own_code_is_asked_after_it_too(start: Start, house: House, provider: str, clock: Clock) -> None:
    accounts.add_user(house, MAIL, "An", PASSWORD)
    known_there(provider, "s-9", email=MAIL, email_verified=True)
    browser = start(provider, two_factor_required=True)
    browser.get(there_and_back(browser, "s-9"))
    assert browser.get("/console/").location.startswith("/console/me/code")


def test_a_password_to_begin_with_is_good_no_more(start: Start, house: House, provider: str) -> None:
    chief = accounts.add_user(house, "chief", "Chris", PASSWORD, role=Role.ADMINISTRATOR)
    _, first = staff.hire(house, chief, MAIL, staff.Details("An"))
    known_there(provider, "s-10", email=MAIL, email_verified=True)
    browser = start(provider)
    browser.get(there_and_back(browser, "s-10"))
    assert browser.get("/console/").status_code == 200
    answer = start(provider).post("/console/login", data={"name": MAIL, "password": first})
    assert answer.status_code == 401


def test_who_breaks_off_is_told_so(start: Start, an: int, provider: str) -> None:
    browser = start(provider)
    away = browser.get("/console/sso").location
    answer = requests.post(away, data={"action": "deny"}, allow_redirects=False, timeout=5)
    page = browser.get(answer.headers["Location"].removeprefix(SITE))
    assert (page.status_code, "brak het aanmelden af" in page.text) == (403, True)


def test_an_answer_is_good_once_in_the_browser_that_asked(start: Start, house: House, provider: str) -> None:
    accounts.add_user(house, MAIL, "An", PASSWORD)
    known_there(provider, "s-11", email=MAIL, email_verified=True)
    browser = start(provider)
    back = there_and_back(browser, "s-11")
    assert start(provider).get(back).status_code == 400, "another browser"
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 400, "a second time"


@pytest.mark.parametrize(("name", "status"), [("state", 400), ("nonce", 502), ("at", 400)])
def test_what_does_not_fit_is_refused(start: Start, house: House, provider: str, name: str, status: int) -> None:
    accounts.add_user(house, MAIL, "An", PASSWORD)
    known_there(provider, "s-12", email=MAIL, email_verified=True)
    browser = start(provider)
    back = there_and_back(browser, "s-12")
    with browser.session_transaction() as session:
        asked = session["sso"]
        session["sso"] = {**asked, name: asked[name] - 601 if name == "at" else "another"}
    assert browser.get(back).status_code == status
    assert browser.get("/console/").status_code == 303


def test_a_token_whose_time_is_over_proves_nothing(start: Start, house: House, provider: str, clock: Clock) -> None:
    accounts.add_user(house, MAIL, "An", PASSWORD)
    known_there(provider, "s-13", email=MAIL, email_verified=True)
    browser = start(provider)
    back = there_and_back(browser, "s-13")
    clock.advance(hours=2)
    assert browser.get(back).status_code == 502


@pytest.mark.parametrize("path", ["/console/sso", "/console/sso/back?state=x&code=y"])
def test_a_service_that_is_down_is_said_in_words(start: Start, an: int, path: str) -> None:
    browser = start(f"http://127.0.0.1:{free_port()}")
    with browser.session_transaction() as session:
        session["sso"] = {"state": "x", "nonce": "", "verifier": "", "at": int(time.time()), "next": "", "link": ""}
    page = browser.get(path)
    assert (page.status_code, "antwoordt niet" in page.text) == (503, True)
    log_in(browser)


# A service that lies


@dataclass
class Liar:
    """A provider that can be made to answer anything. It holds PKCE to the letter."""

    address: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    claims: dict[str, object] = field(default_factory=dict)
    about: dict[str, object] = field(default_factory=dict)
    told: dict[str, object] = field(default_factory=dict)
    signed: Callable[[Mapping[str, object]], str] | None = None
    challenge: str = ""
    verified: bool = False
    asked_for_keys: int = 0

    def app(self) -> Flask:
        """Its pages."""
        app = Flask("liar")
        app.add_url_rule("/.well-known/openid-configuration", "about", self._about)
        app.add_url_rule("/keys", "keys", self._keys)
        app.add_url_rule("/token", "token", self._token, methods=["POST"])
        app.add_url_rule("/person", "person", lambda: jsonify(self.told))
        return app

    def _about(self) -> Any:
        names = {"authorization_endpoint": "door", "token_endpoint": "token", "jwks_uri": "keys"}
        about: dict[str, object] = {name: f"{self.address}/{path}" for name, path in names.items()}
        return jsonify({"issuer": self.address, "userinfo_endpoint": f"{self.address}/person", **about, **self.about})

    def _keys(self) -> Any:
        self.asked_for_keys += 1
        return jsonify(keys=[self.key.as_dict(private=False)])

    def _token(self) -> Any:
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        self.verified = base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.challenge
        if not self.verified:
            return jsonify(error="invalid_grant"), 400
        return jsonify(access_token="a", token_type="Bearer", id_token=(self.signed or self.sign)(self.claims))

    def sign(self, claims: Mapping[str, object]) -> str:
        """A token as it should be."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, dict(claims), self.key)

    def answers(self, browser: FlaskClient, **claims: object) -> Any:
        """What the console says when this comes back."""
        asked = parse_qs(urlsplit(browser.get("/console/sso").location).query)
        self.challenge = asked["code_challenge"][0]
        now = int(time.time())
        right = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "an",
            "nonce": asked["nonce"][0],
            "iat": now,
            "exp": now + 60,
        }
        mail = {"email": MAIL, "email_verified": True}
        self.claims = {name: value for name, value in {**right, **mail, **claims}.items() if value is not None}
        return browser.get(f"/console/sso/back?code=c&state={asked['state'][0]}")


@pytest.fixture
def liar(house: House) -> Iterator[Liar]:
    accounts.add_user(house, MAIL, "An", PASSWORD)
    liar = Liar()
    with serving(liar.app()) as liar.address:
        yield liar


def test_when_all_is_right_it_comes_in_with_pkce(start: Start, liar: Liar) -> None:
    assert liar.answers(start(liar.address)).status_code == 303
    assert liar.verified


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another client"},
        {"aud": ["another", "client"]},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"},
        {"iss": "https://another.example"},
        {"exp": 1},
        {"exp": "soon"},
        {"exp": None},
        {"iat": 2**40},
        {"iat": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": 7},
        {"sub": ""},
        {"aud": None},
        {"iss": None},
        {"nbf": 2**40},
    ],
    ids=str,
)
def test_a_token_for_somebody_else_or_another_time_proves_nothing(
    start: Start, liar: Liar, claims: dict[str, object]
) -> None:
    browser = start(liar.address)
    assert liar.answers(browser, **claims).status_code == 502
    assert browser.get("/console/").status_code == 303


def unsigned(claims: Mapping[str, object]) -> str:
    parts = [json.dumps({"alg": "none"}).encode(), json.dumps(claims).encode()]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."


SIGNED: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "by nobody": unsigned,
    "with the secret that we know too": lambda claims: jwt.encode(
        {"alg": "HS256"}, dict(claims), OctKey.import_key(SECRET), algorithms=["HS256"]
    ),
    "by another": lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, dict(claims), RSAKey.generate_key(2048)),
    "not at all": lambda claims: "x",
    "empty": lambda claims: "",
}


@pytest.mark.parametrize("how", sorted(SIGNED))
def test_a_token_that_another_signed_proves_nothing(start: Start, liar: Liar, how: str) -> None:
    liar.signed = SIGNED[how]
    assert liar.answers(start(liar.address)).status_code == 502


def test_new_keys_are_asked_for_but_not_all_the_time(start: Start, liar: Liar, clock: Clock) -> None:
    browser = start(liar.address)
    assert liar.answers(browser).status_code == 303
    browser.post("/console/logout")
    liar.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert liar.answers(browser).status_code == 502
    assert liar.asked_for_keys == 1
    clock.advance(seconds=AGAIN_AFTER.total_seconds() + 1)
    assert liar.answers(browser, exp=int(clock().timestamp()) + 60).status_code == 303
    assert liar.asked_for_keys == 2
    assert KEPT > AGAIN_AFTER


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://another.example"},
        {"token_endpoint": "http://elsewhere.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
    ids=str,
)
def test_a_service_that_tells_strange_things_of_itself_is_not_gone_to(
    start: Start, liar: Liar, about: dict[str, object]
) -> None:
    liar.about = about
    assert start(liar.address).get("/console/sso").status_code == 502


@pytest.mark.parametrize(("subject", "status"), [("an", 303), ("another", 403)])
def test_an_address_told_apart_counts_for_the_same_person(start: Start, liar: Liar, subject: str, status: int) -> None:
    liar.told = {"sub": subject, "email": MAIL, "email_verified": True}
    assert liar.answers(start(liar.address), email=None, email_verified=None).status_code == status


def test_a_client_that_the_service_does_not_know_is_refused(start: Start, liar: Liar) -> None:
    assert liar.answers(start(liar.address, client_id="unknown")).status_code == 502
