"""What we send and expect, against what Twilio and Telegram publish. Their files are read in place, never copied."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from flask import Flask, request
from jsonschema import Draft202012Validator
from telegram import BotCommand

from bot.calls import Ring
from bot.content import ROOT
from bot.messages import Choice, NotForUs, SendError, Status
from channels import connect
from channels.sms import Sms
from channels.telegram import ALLOWED_UPDATES, Telegram
from channels.twilio import CALL_STATUSES, MESSAGE_STATUSES, TELEPHONES, Account
from channels.voice import Telephone
from playground import Accounts, Network, create_blueprint, serving, through
from tests.channels.conftest import PUBLIC, account, outbound
from tests.channels.shapes import (
    ACCOUNT_SID,
    AN,
    AUTH_TOKEN,
    BOT_SECRET,
    BOT_TOKEN,
    GROUP,
    OURS,
    PERSON,
    Json,
    press,
    told,
)

DATA = ROOT.parent / "shared" / "data"
ACCOUNT = f"/playground/twilio/2010-04-01/Accounts/{ACCOUNT_SID}"
PUBLISHED = "/2010-04-01/Accounts/{AccountSid}"


@cache
def _read(name: str) -> Json | None:
    path = DATA / name
    if not path.exists():
        return None
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


def published(name: str) -> Json:
    """A provider's interface as data, where it is there."""
    found = _read(name)
    if found is None:
        pytest.skip(f"the published interface was looked for at {DATA / name}, and is not there")
    return found


@pytest.fixture
def twilio_api() -> Json:
    """The slice of Twilio's OpenAPI document."""
    return published("twilio_openapi_slice.json")


@pytest.fixture
def telegram_api() -> Json:
    """The Bot API."""
    return published("telegram_bot_api.json")


@dataclass
class Recorder:
    """The playground, and every request that reached it."""

    asked: list[tuple[str, str, dict[str, list[str]]]] = field(default_factory=list)
    url: str = ""

    def note(self) -> None:
        """Before each request."""
        self.asked.append((request.method, request.path, {name: request.form.getlist(name) for name in request.form}))

    def posted(self) -> tuple[str, dict[str, list[str]]]:
        """Path and form of the one request that posted something."""
        (found,) = ((path, form) for method, path, form in self.asked if method == "POST")
        return found

    def called(self) -> list[tuple[str, Json]]:
        """The methods of the Bot API that were called, with what they were given."""
        return [
            (path.rpartition("/")[2], {name: values[0] for name, values in form.items()})
            for _, path, form in self.asked
        ]


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """The playground's interfaces over real HTTP."""
    accounts = Accounts(ACCOUNT_SID, AUTH_TOKEN, OURS, BOT_TOKEN, BOT_SECRET)
    host, made = Flask("host", template_folder=None), Recorder()
    network = Network(accounts, PUBLIC, live=False, transport=through(Flask("doors")))
    host.register_blueprint(create_blueprint(network), url_prefix="/playground")
    network.telegram(PERSON).send("/start")
    host.before_request(made.note)
    with serving(host) as made.url:
        yield made
    network.close()


# Twilio


def conforms(api: Json, path: str, form: dict[str, list[str]]) -> None:
    """A form has only published fields, of the published types, and all that are required."""
    body = api["paths"][path]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
    schema = {**body["schema"], "additionalProperties": False, "components": api["components"]}
    values = {name: _typed(schema["properties"].get(name, {}), rows) for name, rows in form.items()}
    Draft202012Validator(schema).validate(values)


def _typed(schema: Json, rows: list[str]) -> Any:
    """A form's value as the type that its schema names."""
    kind = schema.get("type")
    if kind == "array":
        return rows
    assert len(rows) == 1, "given twice"
    return int(rows[0]) if kind == "integer" else rows[0]


def test_a_message_is_sent_as_published(twilio_api: Json, recorder: Recorder) -> None:
    asyncio.run(Sms(account(f"{recorder.url}/playground/twilio")).send(outbound("sms", "Dag é €")))
    path, form = recorder.posted()
    assert path == f"{ACCOUNT}/Messages.json"
    assert form["Body"] == ["Dag é €"]
    assert form["StatusCallback"] == [f"{PUBLIC}/receipts"]
    conforms(twilio_api, f"{PUBLISHED}/Messages.json", form)


def test_a_call_is_made_as_published(twilio_api: Json, recorder: Recorder) -> None:
    asyncio.run(Telephone(account(f"{recorder.url}/playground/twilio")).send(outbound("voice", "Dag é €")))
    path, form = recorder.posted()
    assert path == f"{ACCOUNT}/Calls.json"
    assert form["StatusCallback"] == [f"{PUBLIC}/receipts"]
    assert len(form["Twiml"][0]) <= 4000, "Twilio takes no longer Twiml parameter"
    conforms(twilio_api, f"{PUBLISHED}/Calls.json", form)


def test_a_counsellor_is_rung_as_published(twilio_api: Json, recorder: Recorder) -> None:
    asyncio.run(Telephone(account(f"{recorder.url}/playground/twilio")).ring(Ring("a-token", AN, OURS)))
    path, form = recorder.posted()
    door = f"{PUBLIC}/voice/bridge/a-token"
    assert (path, form["To"], form["Url"]) == (f"{ACCOUNT}/Calls.json", [AN], [door])
    assert (form["StatusCallback"], form["StatusCallbackEvent"]) == (
        [f"{door}/own"],
        ["ringing", "answered", "completed"],
    )
    conforms(twilio_api, f"{PUBLISHED}/Calls.json", form)


def test_every_status_of_a_call_says_something_of_a_telephone(twilio_api: Json) -> None:
    assert set(TELEPHONES) - enum(twilio_api, "call_enum_status") == {"initiated", "answered"}, "events, and Dial's own"
    assert enum(twilio_api, "call_enum_status") <= set(TELEPHONES)


def test_a_number_is_pointed_at_us_as_published(twilio_api: Json, recorder: Recorder) -> None:
    told_ = connect.twilio_number(account(f"{recorder.url}/playground/twilio"))
    path, form = recorder.posted()
    assert path.startswith(f"{ACCOUNT}/IncomingPhoneNumbers/PN")
    conforms(twilio_api, f"{PUBLISHED}/IncomingPhoneNumbers/{{Sid}}.json", form)
    assert {name: rows[0] for name, rows in form.items()} == {
        "SmsUrl": f"{PUBLIC}/sms#rc=3&rp=all",
        "SmsMethod": "POST",
        "SmsFallbackUrl": f"{PUBLIC}/sms",
        "SmsFallbackMethod": "POST",
        "VoiceUrl": f"{PUBLIC}/voice",
        "VoiceMethod": "POST",
        "VoiceFallbackUrl": f"{PUBLIC}/voice/fallback",
        "VoiceFallbackMethod": "POST",
        "StatusCallback": f"{PUBLIC}/receipts",
        "StatusCallbackMethod": "POST",
    }
    assert told_


def test_a_number_that_points_here_already_says_so(recorder: Recorder) -> None:
    twilio = account(f"{recorder.url}/playground/twilio")
    connect.twilio_number(twilio)
    (line,) = connect.twilio_number(twilio)
    assert line.startswith("Nothing changed")


@pytest.mark.parametrize(
    "changes", [{"token": "wrong"}, {"number": "+32470000009"}], ids=["wrong password", "not our number"]
)
def test_a_number_that_cannot_be_pointed_at_us_says_why(recorder: Recorder, changes: Json) -> None:
    wrong = {"sid": ACCOUNT_SID, "token": AUTH_TOKEN, "number": OURS, **changes}
    twilio = Account(**wrong, public_url=PUBLIC, api_url=f"{recorder.url}/playground/twilio")
    with pytest.raises(connect.NotConnected):
        connect.twilio_number(twilio)


def enum(api: Json, name: str) -> set[str]:
    """The values of a published enumeration."""
    return set(api["components"]["schemas"][name]["enum"])


def test_every_status_of_a_message_is_known_and_no_other(twilio_api: Json) -> None:
    assert set(MESSAGE_STATUSES) == enum(twilio_api, "message_enum_status")


def test_every_status_of_a_call_is_known(twilio_api: Json) -> None:
    extra = set(CALL_STATUSES) - enum(twilio_api, "call_enum_status")
    assert enum(twilio_api, "call_enum_status") <= set(CALL_STATUSES)
    assert extra == {"initiated"}, "a status callback event, which is no status of the resource"


@pytest.mark.parametrize("table", [MESSAGE_STATUSES, CALL_STATUSES], ids=["messages", "calls"])
def test_no_receipt_takes_a_message_back_to_the_outbox(table: dict[str, Status | None]) -> None:
    assert not {Status.QUEUED, Status.SENDING, Status.SPOKEN} & set(table.values())


# Telegram

PYTHON_TYPES: dict[str, Any] = {"Integer": int, "String": str, "Boolean": bool}


def fields(api: Json, method: str) -> dict[str, Json]:
    """The published parameters of a method."""
    return {each["name"]: each for each in api["methods"][method].get("fields", [])}


def as_published(api: Json, method: str, given: Json) -> None:
    """A method exists; what it was given has published names and types; nothing that is required lacks."""
    known = fields(api, method)
    assert set(given) <= set(known), method
    assert {name for name, each in known.items() if each["required"]} <= set(given), method
    for name, value in given.items():
        kinds = tuple(PYTHON_TYPES[kind] for kind in known[name]["types"] if kind in PYTHON_TYPES)
        assert not kinds or isinstance(value, (str, *kinds)), f"{method}: {name}"


async def _telegram(recorder: Recorder, work: Any) -> None:
    channel = Telegram(BOT_TOKEN, BOT_SECRET, f"{recorder.url}/playground/telegram")
    try:
        await work(channel)
    finally:
        await channel.close()


def test_a_chat_message_is_sent_as_published(telegram_api: Json, recorder: Recorder) -> None:
    choices = (Choice("a", "1", "A", "1:step:a"), Choice("!human", "0", "B", "1:step:!human"))
    asyncio.run(_telegram(recorder, lambda channel: channel.send(outbound("telegram", "a < b", choices=choices))))
    ((method, given),) = recorder.called()
    assert method == "sendMessage"
    assert (given["text"], given["parse_mode"], given["chat_id"]) == ("a &lt; b", "HTML", str(PERSON))
    as_published(telegram_api, method, given)
    markup = json.loads(given["reply_markup"])
    names = {each["name"] for each in telegram_api["types"]["InlineKeyboardButton"]["fields"]}
    assert all(set(button) <= names for row in markup["inline_keyboard"] for button in row)


def test_a_bot_is_pointed_at_us_as_published(telegram_api: Json, recorder: Recorder) -> None:
    menu = {"nl": [BotCommand("start", "beginnen")], "fr": [BotCommand("start", "commencer")]}
    asyncio.run(_telegram(recorder, lambda channel: connect.telegram_bot(channel, PUBLIC, menu)))
    called = recorder.called()
    assert [method for method, _ in called] == ["getWebhookInfo", "setWebhook", *["setMyCommands"] * 3]
    for method, given in called:
        as_published(telegram_api, method, given)
    webhook = called[1][1]
    assert (webhook["url"], webhook["secret_token"]) == (f"{PUBLIC}/telegram", BOT_SECRET)
    assert json.loads(webhook["allowed_updates"]) == list(ALLOWED_UPDATES)


def test_a_bot_with_a_wrong_token_is_told(recorder: Recorder) -> None:
    wrong = Telegram("1:wrong", BOT_SECRET, f"{recorder.url}/playground/telegram")
    with pytest.raises(connect.NotConnected):
        asyncio.run(connect.telegram_bot(wrong, PUBLIC, {"nl": [BotCommand("start", "beginnen")]}))


def test_a_file_is_asked_for_as_published(telegram_api: Json, recorder: Recorder) -> None:
    with pytest.raises(SendError):  # the playground has no such file
        asyncio.run(_telegram(recorder, lambda channel: channel.fetch_file("no such file", 100)))
    ((method, given),) = recorder.called()
    assert method == "getFile"
    as_published(telegram_api, method, given)


def test_the_updates_we_ask_for_exist(telegram_api: Json) -> None:
    assert set(ALLOWED_UPDATES) <= {each["name"] for each in telegram_api["types"]["Update"]["fields"]}


def test_a_press_is_answered_as_published(telegram_api: Json) -> None:
    answer = Telegram(BOT_TOKEN, BOT_SECRET).answer(press())
    as_published(telegram_api, answer.pop("method"), answer)


def test_a_group_is_left_as_published(telegram_api: Json) -> None:
    with pytest.raises(NotForUs) as caught:
        Telegram(BOT_TOKEN, BOT_SECRET).parse(told({"text": "Dag"}, GROUP))
    answer = dict(caught.value.answer or {})
    as_published(telegram_api, answer.pop("method"), answer)


def test_the_menu_fits_the_published_limits() -> None:
    for language in ("nl", "fr", "en"):
        (entries,) = connect.commands((language,), lambda _language, words: words).values()
        assert all(1 <= len(entry.command) <= 32 and 1 <= len(entry.description) <= 256 for entry in entries)
