"""Every door: whatever comes, a clear status, one line in the log without a person in it, and nothing stored half."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus, urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from bot.store import schema
from tests.channels.shapes import (
    ACCOUNT_SID,
    AN,
    AUTH_TOKEN,
    CALL_SID,
    CHANNEL,
    GROUP,
    MESSAGE_SID,
    Form,
    Json,
    file,
    member,
    message,
    message_receipt,
    press,
    sms_form,
    text,
    told,
    turn_form,
    update,
    voice_form,
    whatsapp_form,
    without,
)
from tests.doors.conftest import DOORS, FORM, PUBLIC, TWILIO_DOORS, Front, Opened, signature

WORDS = "geheimewoorden"
"""Stands in every body, and may stand in no line of the log."""
NUMBERS = ("470000", "4711")
FORMS: dict[str, Form] = {
    "/sms": sms_form(WORDS),
    "/whatsapp": whatsapp_form(WORDS, ProfileName=WORDS),
    "/voice": voice_form(CallerName=WORDS),
    "/voice/turn/1": turn_form(SpeechResult=WORDS),
    "/voice/fallback": turn_form(CallerName=WORDS),
    "/receipts": message_receipt("delivered", ErrorMessage=WORDS),
}
MEGABYTE = 1024 * 1024


def one_line(front: Front, caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    """The one line that the log has of the newest request. It holds no words and no numbers of anybody."""
    assert len(front.lines) == 1, front.lines
    assert caplog.records == []
    whole = json.dumps(front.lines)
    assert not [secret for secret in (WORDS, *NUMBERS) if secret in whole], whole
    return front.lines[0]


def nothing_stored(front: Front) -> bool:
    """Whether the tables are as they were: empty."""
    return front.stored() == {} and front.count(schema.quarantine) == 0


@pytest.fixture(autouse=True)
def _every_record(caplog: pytest.LogCaptureFixture) -> None:
    """Lines of the libraries count too."""
    caplog.set_level(logging.INFO)


# Who is not Twilio


def encoded(form: Form) -> bytes:
    """A form as it travels."""
    return urlencode(form).encode()


def posted(path: str, body: bytes, sign: str | None, kind: str = FORM) -> dict[str, Any]:
    """A request with a signature or none."""
    headers = {} if sign is None else {"X-Twilio-Signature": sign}
    return {"path": path, "data": body, "content_type": kind, "headers": headers}


def _unsigned(path: str, form: Form) -> dict[str, Any]:
    return posted(path, encoded(form), None)


def _with(sign: str) -> Callable[[str, Form], dict[str, Any]]:
    return lambda path, form: posted(path, encoded(form), sign)


def _signed_for(path: str = "", **how: str) -> Callable[[str, Form], dict[str, Any]]:
    return lambda own, form: posted(own, encoded(form), signature(path or own, form, **how))


def _as(kind: str) -> Callable[[str, Form], dict[str, Any]]:
    return lambda path, form: posted(path, encoded(form), signature(path, form), kind)


def _cut(path: str, form: Form) -> dict[str, Any]:
    return posted(path, encoded(form)[:-10], signature(path, form))


def _more(path: str, form: Form) -> dict[str, Any]:
    return posted(path, encoded({**form, "Extra": "1"}), signature(path, form))


def _twice(path: str, form: Form) -> dict[str, Any]:
    return posted(path, encoded(form) + b"&To=%2B32470000009", signature(path, form))


def _garbage(path: str, form: Form) -> dict[str, Any]:
    return posted(path, bytes(range(256)) * 4 + WORDS.encode(), signature(path, form))


def _json(path: str, form: Form) -> dict[str, Any]:
    return posted(path, json.dumps(form).encode(), signature(path, form), "application/json")


def _multipart(path: str, form: Form) -> dict[str, Any]:
    return posted(path, b"--x\r\nbroken" + WORDS.encode(), signature(path, form), "multipart/form-data; boundary=x")


def _query(raw: str) -> Callable[[str, Form], dict[str, Any]]:
    def made(path: str, form: Form) -> dict[str, Any]:
        """The query as it would stand in WSGI, where bytes are Latin-1."""
        return {**posted(path, encoded(form), signature(path, form)), "environ_overrides": {"QUERY_STRING": raw}}

    return made


@pytest.mark.parametrize("door", TWILIO_DOORS)
@pytest.mark.parametrize(
    "made",
    [
        pytest.param(_unsigned, id="no signature"),
        pytest.param(_with(""), id="empty signature"),
        pytest.param(_with("AAAAAAAAAAAAAAAAAAAAAAAAAAA="), id="forged signature"),
        pytest.param(_with("\xff\xfe"), id="signature of other bytes"),
        pytest.param(_with("A" * 60_000), id="huge signature"),
        pytest.param(_signed_for("/elsewhere"), id="signed for another path"),
        pytest.param(_signed_for(base="https://elsewhere.example"), id="signed for another host"),
        pytest.param(_signed_for(base=PUBLIC.replace("https", "http")), id="signed for http"),
        pytest.param(_signed_for(token="f" * 32), id="signed with another account's token"),
        pytest.param(_signed_for(token=ACCOUNT_SID), id="signed with the account's sid"),
        pytest.param(_cut, id="signed whole, sent cut"),
        pytest.param(_more, id="signed, and one field more"),
        pytest.param(_twice, id="signed, and one field twice"),
        pytest.param(_garbage, id="bytes that are no form"),
        pytest.param(_json, id="JSON"),
        pytest.param(_multipart, id="broken multipart"),
        pytest.param(_as("text/plain"), id="form sent as text"),
        pytest.param(_as(""), id="form without a type"),
        pytest.param(_query("a=1"), id="a query that was not signed"),
        pytest.param(_query("\xff=\xfe"), id="a query that is no UTF-8"),
        pytest.param(_query("bodySHA256=0"), id="a hash of the body in the query"),
    ],
)
def test_who_is_not_twilio_is_refused(
    guarded: Front, caplog: pytest.LogCaptureFixture, door: str, made: Callable[[str, Form], dict[str, Any]]
) -> None:
    answer = guarded.ask(**made(door, FORMS[door]))
    assert (answer.status_code, answer.data) == (403, b"")
    assert one_line(guarded, caplog)["status"] == 403
    assert nothing_stored(guarded)


@pytest.mark.parametrize(
    "sent", [None, "", "wrong", "é\xff", "A" * 60_000], ids=["no", "empty", "wrong", "bytes", "huge"]
)
def test_who_is_not_telegram_is_refused(guarded: Front, caplog: pytest.LogCaptureFixture, sent: str | None) -> None:
    headers = {} if sent is None else {"X-Telegram-Bot-Api-Secret-Token": sent}
    answer = guarded.telegram(text(WORDS), headers=headers)
    assert (answer.status_code, answer.data) == (403, b"")
    assert one_line(guarded, caplog)["status"] == 403
    assert nothing_stored(guarded)


def test_telegrams_secret_opens_no_door_of_twilio(guarded: Front) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": AUTH_TOKEN}
    assert guarded.ask("/sms", data=FORMS["/sms"], headers=headers).status_code == 403


# What no door takes


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_a_wrong_method_is_refused(guarded: Front, caplog: pytest.LogCaptureFixture, door: str, method: str) -> None:
    answer = guarded.ask(door, method=method, query_string={"Body": WORDS})
    assert answer.status_code == 405
    assert one_line(guarded, caplog)["status"] == 405
    assert nothing_stored(guarded)


@pytest.mark.parametrize("turn", ["x", "-1", "1.5", "", "9" * 5000], ids=["word", "minus", "point", "empty", "endless"])
def test_a_turn_that_is_no_number_is_not_there(guarded: Front, turn: str) -> None:
    assert guarded.ask(f"/voice/turn/{turn}", data=FORMS["/voice"]).status_code == 404
    assert nothing_stored(guarded)


@pytest.mark.parametrize("door", TWILIO_DOORS)
@pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
def test_a_megabyte_is_too_large(guarded: Front, caplog: pytest.LogCaptureFixture, door: str, signed: bool) -> None:
    form = {**FORMS[door], "Body": WORDS + "a" * MEGABYTE}
    answer = guarded.twilio(door, form) if signed else guarded.ask(door, data=form)
    assert answer.status_code == 413
    assert one_line(guarded, caplog)["status"] == 413
    assert nothing_stored(guarded)


def test_a_megabyte_from_telegram_is_too_large(guarded: Front, caplog: pytest.LogCaptureFixture) -> None:
    assert guarded.telegram(text(WORDS + "a" * MEGABYTE)).status_code == 413
    assert one_line(guarded, caplog)["status"] == 413
    assert nothing_stored(guarded)


LACKING = {
    "/telegram": ("telegram_secret",),
    "/whatsapp": ("twilio_whatsapp_number",),
    "/receipts": ("twilio_number", "twilio_whatsapp_number"),  # told of both channels
}


@pytest.mark.parametrize("door", DOORS)
def test_a_channel_that_is_off_has_no_door(
    sqlite_url: str, open_doors: Opened, caplog: pytest.LogCaptureFixture, door: str
) -> None:
    front = open_doors(sqlite_url, **dict.fromkeys(LACKING.get(door, ("twilio_number",)), ""))
    answer = front.telegram(text(WORDS)) if door == "/telegram" else front.twilio(door, FORMS[door])
    assert answer.status_code == 404
    assert one_line(front, caplog)["status"] == 404


@pytest.mark.parametrize("door", ["/sms", "/whatsapp", "/voice", "/voice/turn/1", "/receipts", "/telegram"])
def test_a_store_that_is_down_makes_the_provider_come_again(
    tmp_path: Any, open_doors: Opened, caplog: pytest.LogCaptureFixture, door: str
) -> None:
    front = open_doors(f"sqlite:///{tmp_path / 'no-tables.sqlite3'}")
    answer = front.telegram(text(WORDS)) if door == "/telegram" else front.twilio(door, FORMS[door])
    assert (answer.status_code, answer.data) == (500, b"")
    assert one_line(front, caplog)["event"] == "door_failed"


def test_a_caller_is_helped_while_the_store_is_down(tmp_path: Any, open_doors: Opened) -> None:
    front = open_doors(f"sqlite:///{tmp_path / 'no-tables.sqlite3'}")
    answer = front.twilio("/voice/fallback", FORMS["/voice/fallback"])
    assert answer.status_code == 200
    assert "Say" in {element.tag for element in ElementTree.fromstring(answer.text).iter()}


# Twilio, and nothing that can be read


def readable_answer(door: str, answer: TestResponse) -> bool:
    """Whether Twilio can follow the answer: TwiML, or nothing to a receipt."""
    if door == "/receipts":
        return answer.status_code == 204
    twiml = answer.content_type.startswith("text/xml") and ElementTree.fromstring(answer.data).tag == "Response"
    return answer.status_code == 200 and twiml


UNREADABLE = [
    pytest.param("/sms", {}, id="sms: empty"),
    pytest.param("/whatsapp", {}, id="WhatsApp: empty"),
    pytest.param("/whatsapp", sms_form(WORDS), id="WhatsApp: a text message"),
    pytest.param("/sms", without(FORMS["/sms"], "MessageSid"), id="sms: no sid"),
    pytest.param("/sms", {**FORMS["/sms"], "From": "VDAB"}, id="sms: alphanumeric sender"),
    pytest.param("/sms", {**FORMS["/sms"], "From": f"whatsapp:{AN}"}, id="sms: WhatsApp"),
    pytest.param("/sms", {**FORMS["/sms"], "From": "", "MessageSid": "SM" + "a" * 300}, id="sms: endless sid"),
    pytest.param("/sms", {**FORMS["/sms"], "From": "", "MessageSid": "SM\x00"}, id="sms: null byte in the sid"),
    pytest.param("/voice", {}, id="voice: empty"),
    pytest.param("/voice", without(FORMS["/voice"], "CallSid"), id="voice: no sid"),
    pytest.param("/voice/turn/1", without(FORMS["/voice/turn/1"], "CallSid"), id="turn: no sid"),
    pytest.param("/receipts", {}, id="receipts: empty"),
    pytest.param("/receipts", message_receipt("eaten", Why=WORDS), id="receipts: unknown status"),
    pytest.param("/receipts", {"MessageSid": MESSAGE_SID, "Why": WORDS}, id="receipts: no status"),
    pytest.param("/receipts", {"MessageStatus": "sent", "Why": WORDS}, id="receipts: no sid"),
    pytest.param("/receipts", message_receipt("eaten", "SM" + "a" * 300), id="receipts: endless sid"),
]


@pytest.mark.parametrize(("door", "form"), UNREADABLE)
def test_what_twilio_signed_and_nobody_can_read_is_kept_for_people(
    front: Front, caplog: pytest.LogCaptureFixture, door: str, form: Form
) -> None:
    answer = front.twilio(door, form)
    assert readable_answer(door, answer)
    assert one_line(front, caplog)["event"] == "set_aside"
    assert front.stored() == {}
    (kept,) = front.rows(schema.quarantine)
    assert all(value.replace("\x00", "")[:50] in unquote_plus(kept.body) for value in form.values())


def test_two_things_without_a_name_are_both_kept(front: Front) -> None:
    front.twilio("/sms", {"Body": "a"})
    front.twilio("/sms", {"Body": "b"})
    assert front.count(schema.quarantine) == 2


def test_two_unknown_statuses_of_one_message_are_both_kept(front: Front) -> None:
    front.twilio("/receipts", message_receipt("eaten"))
    front.twilio("/receipts", message_receipt("digested"))
    assert front.count(schema.quarantine) == 2


def test_the_same_unreadable_thing_twice_is_kept_once(front: Front) -> None:
    for _ in range(2):
        assert front.twilio("/sms", {**FORMS["/sms"], "From": "VDAB"}).status_code == 200
    assert front.count(schema.quarantine) == 1


STRANGE = [
    pytest.param("/sms", {"Body": f"a\x00{WORDS}"}, id="sms: null byte"),
    pytest.param("/sms", {"Body": "\x00"}, id="sms: only a null byte"),
    pytest.param("/sms", {"To": "+" + "3" * 300}, id="sms: endless To"),
    pytest.param("/sms", {"To": "+32\x00"}, id="sms: null byte in To"),
    pytest.param("/sms", {"MessageSid": "SM\x00"}, id="sms: null byte in the sid"),
    pytest.param("/sms", {"MessageSid": "SM" + "a" * 300}, id="sms: endless sid"),
    pytest.param("/sms", {"NumMedia": "²"}, id="sms: superscript NumMedia"),
    pytest.param("/sms", {"NumMedia": "9" * 5000}, id="sms: endless NumMedia"),
    pytest.param("/sms", {"NumMedia": "1", "MediaUrl0": "a\x00b" * 400}, id="sms: null bytes in media"),
    pytest.param("/sms", {"From": "+٣٢٤٧٠٠٠٠٠٠١"}, id="sms: digits of another alphabet"),
    pytest.param("/voice/turn/1", {"SpeechResult": f"{WORDS}\x00"}, id="turn: null byte"),
    pytest.param("/voice/turn/1", {"CallSid": "CA\x00"}, id="turn: null byte in the sid"),
    pytest.param("/voice/turn/1", {"CallSid": "CA" + "b" * 300}, id="turn: endless sid"),
    pytest.param("/voice/turn/1", {"CallSid": "CA" + "\x00" * 9, "From": ""}, id="turn: null bytes and hidden"),
    pytest.param("/voice/turn/1", {"To": "+" + "3" * 300}, id="turn: endless To"),
    pytest.param("/voice/turn/1", {"RecordingUrl": "x" * 9000, "SpeechResult": ""}, id="turn: endless recording"),
    pytest.param("/voice/turn/1", {"RecordingUrl": "x", "RecordingDuration": "²"}, id="turn: superscript length"),
]


@pytest.mark.parametrize(("door", "changes"), STRANGE)
def test_what_is_strange_is_stored_or_kept_for_people(
    front: Front, caplog: pytest.LogCaptureFixture, door: str, changes: Form
) -> None:
    answer = front.twilio(door, {**FORMS[door], **changes})
    assert readable_answer(door, answer)
    assert one_line(front, caplog)["event"] in ("received", "set_aside")
    assert len(front.said("in")) + front.count(schema.quarantine) == 1


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(message_receipt("delivered", "SM\x00"), id="null byte in the sid"),
        pytest.param(message_receipt("delivered", "SM" + "a" * 300), id="endless sid"),
        pytest.param(message_receipt("failed", ErrorCode="\x00" * 20), id="null bytes in the code"),
        pytest.param(message_receipt("failed", ErrorCode="3" * 300), id="endless code"),
        pytest.param(message_receipt("received"), id="of a message in"),
    ],
)
def test_a_strange_receipt_is_taken(front: Front, caplog: pytest.LogCaptureFixture, form: Form) -> None:
    assert front.twilio("/receipts", form).status_code == 204
    assert len(front.lines) <= 1
    assert set(front.stored()) <= {"receipts"}


def test_bytes_of_half_a_character_in_a_form_are_stored_as_they_came(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    form = sms_form("a%ED%A0%80b")
    body = encoded(form).replace(b"%25", b"%")
    assert front.ask(**posted("/sms", body, signature("/sms", form))).status_code == 200
    assert one_line(front, caplog)["event"] == "received"
    assert [row.text for row in front.said("in")] == ["a%ED%A0%80b"]


def test_a_long_text_is_stored_up_to_the_limit(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    assert front.twilio("/sms", sms_form("é" * 30_000)).status_code == 200
    assert one_line(front, caplog)["event"] == "received"
    assert [row.text for row in front.said("in")] == ["é" * 4096]


def test_a_text_of_only_a_null_byte_still_gets_an_answer(front: Front) -> None:
    front.twilio("/sms", sms_form("\x00"))
    assert front.said("out")


# Telegram, and nothing that can be read

DEEP = 1000


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(bytes(range(256)), id="bytes"),
        pytest.param(b"\xff\xfe{}", id="no UTF-8"),
        pytest.param(b"\x00", id="null byte"),
        pytest.param(json.dumps(text(WORDS)).encode()[:-5], id="cut"),
        pytest.param(encoded(FORMS["/sms"]), id="form"),
        pytest.param(b"[" * DEEP + b"]" * DEEP, id="deep list"),
        pytest.param(b'{"a":' * DEEP + b"1" + b"}" * DEEP, id="deep object"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="very deep list"),
        pytest.param(b'{"update_id":1,"message":' + b"[" * DEEP + b"]" * DEEP + b"}", id="deep message"),
        pytest.param(b"NaN", id="NaN"),
        pytest.param(b"1" * 5000, id="endless number"),
        pytest.param([], id="list"),
        pytest.param([text(WORDS)], id="list of updates"),
        pytest.param(5, id="number"),
        pytest.param(WORDS, id="string"),
        pytest.param(True, id="true"),
        pytest.param(None, id="null"),
        pytest.param({}, id="empty object"),
        pytest.param({"update_id": 1}, id="only a number"),
        pytest.param({"update_id": "1", "poll": {}}, id="number as a word"),
        pytest.param({"update_id": 10**300, "poll": None}, id="endless update_id"),
        pytest.param(update("a_kind_of_next_year", {"words": WORDS}), id="unknown kind"),
        pytest.param(update("channel_post", message({"text": WORDS}, CHANNEL)), id="channel post"),
        pytest.param(told({"dice": {"emoji": "x", "value": 3}}), id="dice"),
        pytest.param(update("message", WORDS), id="message that is a word"),
        pytest.param(update("message", [WORDS]), id="message that is a list"),
        pytest.param(update("message", {"text": WORDS}), id="message of nobody"),
        pytest.param(update("message", {**message({"text": WORDS}), "chat": None}), id="no chat"),
        pytest.param(told({"text": WORDS}, {"id": "x\x00", "type": "private"}), id="null byte in the chat's id"),
        pytest.param(told({"text": WORDS}, {"id": "x" * 300, "type": "private"}), id="endless chat id"),
        pytest.param(told({"contact": {"phone_number": None, "first_name": "An"}}), id="contact with null"),
        pytest.param(press(id="\x00"), id="null byte in the press's id"),
        pytest.param(press(id="x" * 300), id="endless press"),
        pytest.param(press(id="\ud800"), id="half a character in the press's id"),
    ],
)
def test_what_telegram_sent_and_nobody_can_read_is_kept_for_people(
    front: Front, caplog: pytest.LogCaptureFixture, body: Any
) -> None:
    answer = front.telegram(body)
    assert answer.status_code == 200, "anything else makes Telegram send it again, and blocks what comes after it"
    assert one_line(front, caplog)["event"] == "set_aside"
    assert front.stored() == {}
    assert front.count(schema.quarantine) == 1


def test_what_is_kept_is_what_was_sent(front: Front) -> None:
    front.telegram(update("a_kind_of_next_year", {"words": WORDS}))
    (kept,) = front.rows(schema.quarantine)
    assert (kept.channel, kept.provider_id.partition("#")[0]) == ("telegram", "100000001")
    assert WORDS in kept.body


def test_two_bodies_without_a_name_are_both_kept(front: Front) -> None:
    front.telegram(["a"])
    front.telegram(["b"])
    assert front.count(schema.quarantine) == 2


@pytest.mark.parametrize("kind", ["text/plain", FORM, "", "application/json; charset=latin-1"])
def test_an_update_is_read_whatever_type_it_says_to_be(front: Front, kind: str) -> None:
    assert front.telegram(text(WORDS), content_type=kind).status_code == 200
    assert [row.text for row in front.said("in")] == [WORDS]


def test_halves_of_characters_from_telegram_are_stored_as_such(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    assert front.telegram(text("a\ud800b\x00")).status_code == 200
    assert one_line(front, caplog)["event"] == "received"
    assert [row.text for row in front.said("in")] == ["a\ufffdb"]


def test_the_talk_of_a_group_is_left_and_not_stored(front: Front, caplog: pytest.LogCaptureFixture) -> None:
    answer = front.telegram(told({"text": WORDS}, GROUP))
    assert (answer.status_code, answer.json) == (200, {"method": "leaveChat", "chat_id": GROUP["id"]})
    assert one_line(front, caplog)["event"] == "not_for_us"
    assert nothing_stored(front)


@pytest.mark.parametrize("door", DOORS)
def test_what_is_well_leaves_one_line_too(front: Front, caplog: pytest.LogCaptureFixture, door: str) -> None:
    answer = front.telegram(text(WORDS)) if door == "/telegram" else front.twilio(door, FORMS[door])
    assert answer.status_code in (200, 204)
    assert one_line(front, caplog)


# Anything at all

LETTERS = st.text(st.characters(codec="utf-8"), max_size=40)
ODD = st.sampled_from(
    ["", "\x00", "²", "٣", "\u202e", "+", "+32470000001", "stop", "9" * 400, "\ufffd", "{name}", "%s"]
)
VALUES = st.one_of(LETTERS, ODD)
QUICKLY = hypothesis(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def strange_forms(draw: st.DrawFn) -> tuple[str, Form]:
    """A door, and a form of it with some strange values."""
    door = draw(st.sampled_from(TWILIO_DOORS))
    usual = {**FORMS[door], "Digits": "", "SpeechResult": "", "RecordingUrl": "", "RecordingDuration": ""}
    changes = draw(st.dictionaries(st.sampled_from(sorted(usual)), VALUES, min_size=1, max_size=4))
    return door, {**usual, **changes}


@hypothesis(QUICKLY, max_examples=150)
@given(asked=strange_forms())
def test_no_form_breaks_a_door(front: Front, asked: tuple[str, Form]) -> None:
    answer = front.twilio(*asked)
    assert readable_answer(asked[0], answer), [line.get("error") for line in front.lines]
    assert len(front.lines) <= 1


REAL: list[Json] = [
    text(),
    told({"photo": [file(width=9, height=9)], "caption": "x"}),
    told({"voice": file(duration=3, mime_type="audio/ogg")}),
    told({"contact": {"phone_number": AN, "first_name": "An", "user_id": 4711}}),
    told({"location": {"latitude": 50.8, "longitude": 4.3}}),
    update("edited_message", message({"text": "x"}, edit_date=1795424410)),
    press(),
    member("kicked"),
    told({"text": "x"}, GROUP),
]
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20), ODD),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=5,
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to every value inside a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, each in inner for found in [(*here, key), *paths(each, (*here, key))]]


def changed(given: Json, path: tuple[Any, ...], value: Any, *, gone: bool) -> Json:
    """An update with another value at one place, or none."""
    copied = copy.deepcopy(given)
    inside: Any = copied
    for key in path[:-1]:
        inside = inside[key]
    if gone:
        del inside[path[-1]]
    else:
        inside[path[-1]] = value
    return copied


@st.composite
def mutated(draw: st.DrawFn) -> Json:
    """A real update with one thing wrong."""
    real = draw(st.sampled_from(REAL))
    return changed(real, draw(st.sampled_from(paths(real))), draw(JSON), gone=draw(st.booleans()))


@hypothesis(QUICKLY, max_examples=150)
@given(given=mutated())
@example(given=changed(REAL[0], ("message", "chat", "id"), 10**30, gone=False))
@example(given=changed(REAL[6], ("callback_query", "message", "reply_markup"), [], gone=False))
def test_no_update_breaks_the_door(front: Front, given: Json) -> None:
    answer = front.telegram(given)
    assert answer.status_code == 200, [line.get("error") for line in front.lines]
    assert len(front.lines) == 1


@QUICKLY
@given(body=st.one_of(st.binary(max_size=200), JSON.map(lambda value: json.dumps(value).encode())))
def test_no_body_breaks_the_door(front: Front, body: bytes) -> None:
    assert front.telegram(body).status_code == 200, [line.get("error") for line in front.lines]


@pytest.mark.parametrize("given_", [{"CallSid": CALL_SID}, {"MessageSid": MESSAGE_SID}], ids=["call", "message"])
def test_a_form_of_one_field_breaks_no_door(front: Front, given_: Form) -> None:
    for door in TWILIO_DOORS:
        assert readable_answer(door, front.twilio(door, given_)), door
