"""What a stranger tries: forms of other sites, addresses of elsewhere, fields that no form would send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bot.roles import Role
from bot.service import accounts, cases
from bot.service.house import House
from bot.store.schema import events, logins, metadata, watchers
from console.pages import TEMPLATES
from tests.console.conftest import PASSWORD, People, log_in, make_app
from tests.console.test_who_may import address, rules

OK, NO_CONTENT, MISTAKE = 200, 204, 500
STATIC = TEMPLATES.parent / "console" / "static"


@pytest.fixture
def boss(house: House) -> int:
    """Somebody who may do everything."""
    return accounts.add_user(house, "boss", "Bea", PASSWORD, role=Role.ADMINISTRATOR)


@pytest.fixture
def numbers(house: House, people: People, boss: int) -> dict[str, int]:
    """What the gaps of addresses are filled with."""
    case_id = people.asks_for_a_person()
    cases.claim(house, case_id, boss)
    return {"case_id": case_id, "user_id": accounts.add_user(house, "vera", "Vera", PASSWORD)}


def every(app: Flask, numbers: dict[str, int], method: str) -> Iterator[tuple[Rule, str]]:
    """Each rule that takes that method, with an address."""
    for rule, taken in rules(app):
        if taken == method and rule.endpoint != "console.logout":
            yield rule, address(app, rule, numbers)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return unescape(found[1])


# Forms of other sites


def test_no_form_is_taken_without_its_token(house: House, numbers: dict[str, int]) -> None:
    app = make_app(house)
    client = app.test_client()
    token = token_of(client.get("/console/login").text)
    inside = client.post("/console/login", data={"name": "boss", "password": PASSWORD, "csrf_token": token})
    assert inside.status_code == 303
    asked = [(rule.endpoint, client.post(path, data={"text": "kwijt?"})) for rule, path in every(app, numbers, "POST")]
    refused = {endpoint: answer.status_code for endpoint, answer in asked}
    assert len(refused) > 20
    assert {name: status for name, status in refused.items() if status != 400} == {}
    assert all("kwijt?</textarea>" in answer.text for _, answer in asked)


def test_a_page_that_is_asked_for_changes_nothing(app: Flask, house: House, numbers: dict[str, int]) -> None:
    client = log_in(app.test_client(), "boss")
    before = stored(house)
    for rule, path in every(app, numbers, "GET"):
        client.get(path).close()
        assert stored(house) == before, rule.endpoint


def stored(house: House) -> dict[str, list[Any]]:
    """All that the house knows, but for who looked or looks now, and when a login was used last."""
    with house.store.read() as connection:
        found = {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
            if table not in (events, logins, watchers)
        }
        happened = connection.execute(select(events).where(events.c.type != "looked"))
        return {**found, "events": [tuple(row) for row in happened]}


# The policy


def policy_of(answer: TestResponse) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_every_answer_has_a_strict_policy(app: Flask, numbers: dict[str, int]) -> None:
    app.config.update(MAX_CONTENT_LENGTH=1000, PROPAGATE_EXCEPTIONS=False)
    client = log_in(app.test_client(), "boss")
    stranger = app.test_client()
    asked = [client.get(path) for _, path in every(app, numbers, "GET")]
    asked += [stranger.get(path) for _, path in every(app, numbers, "GET")]
    asked += [client.post(path, data={"text": "x" * 2000}) for _, path in every(app, numbers, "POST")]
    asked += [client.post(path, data={"text": "x"}) for _, path in every(app, numbers, "POST")]
    seen = set()
    for answer in asked:
        seen.add(answer.status_code)
        if answer.status_code == NO_CONTENT:
            continue
        policy = policy_of(answer)
        assert policy["default-src"] == "'none'"
        assert not re.search(r"unsafe|\*|data:|https?:", " ".join(policy.values())), policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()
    assert {200, 302, 303, 400, 404, 413, 422} <= seen


def test_the_policy_leaves_nothing_open(client: FlaskClient) -> None:
    policy = policy_of(client.get("/console/"))
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == policy["script-src"] == policy["style-src"] == "'self'"


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+\s*=\s*[\"']|javascript:|\|\s*safe\b|autoescape\s+false|Markup\(",
    re.IGNORECASE,
)


@pytest.mark.parametrize("file", sorted(TEMPLATES.glob("console/*.html")), ids=lambda file: file.name)
def test_no_template_holds_a_script_a_style_or_words_as_markup(file: Path) -> None:
    assert INLINE.findall(file.read_text(encoding="utf-8")) == []


def test_the_script_makes_nothing_of_words() -> None:
    """Only what the server rendered becomes markup, in one place; nothing is run that came as text."""
    script = (STATIC / "console.js").read_text(encoding="utf-8")
    assert re.findall(r"\beval\b|new Function|document\.write|insertAdjacentHTML|outerHTML", script) == []
    assert script.count("innerHTML") == 1


# Addresses of elsewhere

ELSEWHERE = (
    "https://elsewhere.example/",
    "//elsewhere.example/console/",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "/console/../../elsewhere",
    "/console/..//elsewhere.example",
    "/console//elsewhere.example",
    "/console/@elsewhere.example",
    "/console/\t//elsewhere.example",
    "/console/%2f%2felsewhere.example",
    "/console/\r\nSet-Cookie: a=b",
    "/console/?next=https://elsewhere.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/consoleelsewhere",
    " https://elsewhere.example",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere(app: Flask, an: int, target: str) -> None:
    client = app.test_client()
    page = client.get("/console/login", query_string={"next": target})
    assert 'name="next" value="/console/"' in page.text
    answer = client.post("/console/login", data={"name": "an", "password": PASSWORD, "next": target})
    assert answer.location == "/console/"
    for path in ("login", "code", "me/password", "me/code", "sso"):
        again = client.get(f"/console/{path}", query_string={"next": target})
        assert again.location is None or re.fullmatch(r"/console/[a-z/]*", again.location), path
        assert target not in unescape(again.text)


ADDRESSES = re.compile(r"""(?:args|values|form)(?:\.get\(|\[)["'](?:next|url|target|return\w*|goto|continue)["']""")


def test_every_gap_for_an_address_is_known() -> None:
    """Whoever adds another has to look whether it can lead elsewhere, and add it to the test above."""
    rooms = STATIC.parent.glob("*.py")
    assert {file.name for file in rooms if ADDRESSES.search(file.read_text(encoding="utf-8"))} == {"access.py"}


# Too much, and what is no text

FIELDS = sorted(
    {
        name
        for file in TEMPLATES.glob("console/*.html")
        for name in re.findall(r'\bname="(\w+)"', file.read_text(encoding="utf-8"))
    }
    - {"csrf_token"}
)

STRANGE = (
    "x" * 5000,
    "\0",
    "\u202e\u2066",
    "9" * 400,
    "-1",
    "NaN",
    "\U0001f600" * 300,
    "' OR 1=1 --",
    "a\r\nb: c",
    "[]",
    " ",
)


@pytest.mark.parametrize("value", STRANGE, ids=range(len(STRANGE)))
def test_no_field_makes_the_console_stumble(app: Flask, numbers: dict[str, int], value: str) -> None:
    """Every field that any form has, at every address: what does not fit is said in words."""
    app.config.update(PROPAGATE_EXCEPTIONS=False)
    client = log_in(app.test_client(), "boss")
    fields = dict.fromkeys(FIELDS, value)
    for method in ("POST", "GET"):
        for rule, path in every(app, numbers, method):
            if rule.endpoint in ("console.person_act", "console.me_logins"):
                continue  # ends logins, whatever the fields hold
            answer = client.post(path, data=fields) if method == "POST" else client.get(path, query_string=fields)
            assert answer.status_code < MISTAKE or answer.status_code == 503, (rule.endpoint, answer.status_code)
            if answer.status_code >= 400:
                assert "<h1" in answer.text, rule.endpoint
            answer.close()
