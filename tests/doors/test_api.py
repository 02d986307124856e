"""The door of the organisation's other systems."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

import api
from bot.service import notices
from tests.channels.shapes import sms_form
from tests.doors.conftest import Front, Opened

TOKEN = "t" * 32
AN = "tel:+32470000001"


@pytest.fixture
def opened(database_url: str, open_doors: Opened) -> Front:
    """The doors with this one open, and a contact whose questions are over."""
    front = open_doors(database_url, api_token=TOKEN)
    for number, text in enumerate(("hallo", "1", "An", "9000", "1", "2", "3", "1", "5", "2", "1", "1")):
        front.twilio("/sms", sms_form(text, MessageSid=f"SM{number:032x}", From=AN.removeprefix("tel:")))
    return front


def ask(front: Front, path: str, body: Any = None, *, token: str = TOKEN) -> TestResponse:
    """A request with a token; with a body it is a POST."""
    more: dict[str, Any] = {"method": "GET"} if body is None else {"data": json.dumps(body)}
    return front.ask(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}, **more)


def notice(**changes: Any) -> dict[str, Any]:
    """A notice to An and to somebody nobody knows."""
    return {"key": "k1", "notice": "letter_talk", "contacts": [AN, "tel:+32470000099"], **changes}


def test_a_notice_is_taken_once_and_its_outcome_told(opened: Front) -> None:
    first, again = ask(opened, "/notices", notice()), ask(opened, "/notices", notice())
    assert (first.status_code, again.status_code) == (202, 202)
    assert (
        first.json
        == again.json
        == {
            "key": "k1",
            "notice": "letter_talk",
            "waiting": 1,
            "sent": 0,
            "unknown": 1,
            "left_out": {},
            "deliveries": {},
            "answers": {},
        }
    )
    assert len(notices.newest(opened.house)) == 1
    told = ask(opened, "/notices/k1")
    assert told.status_code == 200
    assert told.json is not None
    assert told.json["waiting"] == 1
    assert told.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", ["", "x" * 32, TOKEN + "t"])
@pytest.mark.parametrize("path", ["/notices", "/notices/k1", "/openapi.json"])
def test_nothing_without_the_token(opened: Front, path: str, token: str) -> None:
    body = notice() if path == "/notices" else None
    answer = ask(opened, path, body, token=token)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert notices.newest(opened.house) == []


@pytest.mark.parametrize(
    ("change", "status", "problem"),
    [
        ({"notice": "gone"}, 422, "letter"),
        ({"notice": "talk_on"}, 422, "day"),
        ({"contacts": ["tel:+32470000098"]}, 422, "recipients"),
        ({"contacts": []}, 422, "body"),
        ({"key": "a/b"}, 422, "body"),
        ({"more": 1}, 422, "body"),
        ({"day": "tomorrow"}, 422, "body"),
    ],
)
def test_what_cannot_be_sent_is_told(opened: Front, change: dict[str, Any], status: int, problem: str) -> None:
    answer = ask(opened, "/notices", notice(**change))
    assert (answer.status_code, answer.json and answer.json["problem"]) == (status, problem)
    assert notices.newest(opened.house) == []


def test_one_key_is_one_notice(opened: Front) -> None:
    ask(opened, "/notices", notice())
    assert ask(opened, "/notices", notice(notice="letter_job")).status_code == 409


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'"x"', b"null"])
def test_a_broken_body_is_told(opened: Front, body: bytes) -> None:
    answer = opened.ask("/api/v1/notices", data=body, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 422


def test_the_description_holds(opened: Front) -> None:
    described = api.openapi()
    for name, made in (("post", api.NoticeIn), ("get", api.NoticeOut)):
        assert name
        Draft202012Validator.check_schema(made.model_json_schema())
    told = ask(opened, "/notices", notice()).json
    schema = described["paths"]["/api/v1/notices"]["post"]["responses"]["202"]["content"]["application/json"]["schema"]
    Draft202012Validator(schema).validate(told)
    paths = {rule.rule.replace("<key>", "{key}") for rule in opened.app.url_map.iter_rules() if "api." in rule.endpoint}
    assert paths - {"/api/v1/openapi.json"} == set(described["paths"])


def test_without_a_token_in_the_settings_there_is_no_door(front: Front) -> None:
    assert ask(front, "/notices", notice()).status_code == 404


def test_a_short_token_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from bot import config

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRET_KEY", "k")
    monkeypatch.setenv("API_TOKEN", "short")
    with pytest.raises(config.SettingsError, match="API_TOKEN"):
        config.load()
