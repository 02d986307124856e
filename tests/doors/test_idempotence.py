"""The same message twice is one message; two at once are one conversation; the public address is what was signed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from bot.store import schema
from tests.channels.shapes import CALL_SID, Form, member, press, sms_form, text, told, turn_form, update, voice_form
from tests.doors.conftest import FORM, TWILIO_DOORS, Front, signature
from town import Town

AN = "+32470000001"
BEGUN = 2
"""Messages out of a first turn in writing: the introduction, and the first question."""


def sid(n: int) -> str:
    """The n-th sid of a message."""
    return f"SM{n:032x}"


# The same twice


def test_the_same_sms_twice_is_stored_and_answered_once(front: Front) -> None:
    first, second = (front.twilio("/sms", sms_form()) for _ in range(2))
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert len(front.said("in")) == 1
    assert len(front.said("out")) == BEGUN


def test_an_sms_that_comes_again_much_later_changes_nothing(front: Front) -> None:
    for n, body in enumerate(("Dag", "1", "An")):
        front.twilio("/sms", sms_form(body, MessageSid=sid(n)))
    before = (front.rows(schema.sessions), front.stored())
    front.twilio("/sms", sms_form("Dag", MessageSid=sid(0)))
    assert (front.rows(schema.sessions), front.stored()) == before


def test_the_second_time_is_told_in_the_log(front: Front) -> None:
    told_ = [(front.twilio("/sms", sms_form()), front.lines[0]["repeated"])[1] for _ in range(2)]
    assert told_ == [False, True]


@pytest.mark.parametrize(
    "given",
    [text(), press(), told({"location": {"latitude": 50.8, "longitude": 4.3}}), member("kicked")],
    ids=["text", "button", "location", "blocked"],
)
def test_the_same_update_twice_is_stored_and_answered_once(front: Front, given: dict[str, Any]) -> None:
    first = front.telegram(given)
    before = front.stored()
    second = front.telegram(given)
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert front.stored() == before
    assert before["messages"] > 0


def test_the_same_edit_twice_is_stored_once(front: Front) -> None:
    front.telegram(text())
    edit = update("edited_message", {**text()["message"], "text": "Bo", "edit_date": 1795424410}, 100_000_002)
    front.telegram(edit)
    before = front.stored()
    assert front.telegram(edit).status_code == 200
    assert front.stored() == before


def test_the_same_message_number_of_two_chats_is_two_messages(front: Front) -> None:
    front.telegram(text())
    front.telegram(told({"text": "Dag"}, {"id": 4712, "first_name": "Bo", "type": "private"}))
    assert len(front.said("in")) == 2


TURNS: list[tuple[str, Form]] = [
    ("/voice", voice_form()),
    ("/voice/turn/1", turn_form(Digits="1")),
    ("/voice/turn/2", turn_form(SpeechResult="An", Confidence="0.9")),
    ("/voice/turn/3", turn_form()),
    ("/voice/turn/4", turn_form(Digits="9000")),
    ("/voice/turn/5", turn_form(Digits="0")),
    ("/voice/turn/6", turn_form(RecordingUrl="https://example.com/r", RecordingDuration="3", Digits="#")),
]


def test_each_turn_of_a_call_twice_is_the_same_twiml_to_the_byte(front: Front) -> None:
    for path, form in TURNS:
        first, second = (front.twilio(path, form) for _ in range(2))
        assert first.data == second.data, path
        assert first.status_code == second.status_code == 200
    assert len(front.said("in")) == len(TURNS)


def test_the_first_turn_of_a_call_again_at_its_end_is_still_the_same(front: Front) -> None:
    first, *_ = [front.twilio(path, form).data for path, form in TURNS]
    assert front.twilio(*TURNS[0]).data == first
    assert len(front.said("in")) == len(TURNS)


def test_a_key_pressed_again_is_another_turn(front: Front) -> None:
    one = front.twilio("/voice", voice_form()).data
    two = front.twilio("/voice/turn/1", turn_form(Digits="*")).data
    assert one != two
    assert len(front.said("in")) == 2


def test_a_hidden_caller_twice_is_one_contact(front: Front) -> None:
    first, second = (front.twilio("/voice", voice_form(From="anonymous", Caller="anonymous")) for _ in range(2))
    assert first.data == second.data
    assert front.count(schema.contacts) == 1


# At the same time


def at_once(*asks: Callable[[], TestResponse]) -> list[TestResponse]:
    """Each in a thread of its own, all at one moment."""
    together = Barrier(len(asks))

    def go(ask: Callable[[], TestResponse]) -> TestResponse:
        together.wait(10)
        return ask()

    with ThreadPoolExecutor(len(asks)) as pool:
        return [done.result(30) for done in [pool.submit(go, ask) for ask in asks]]


def sms_of(front: Front, form: Form) -> Callable[[], TestResponse]:
    """A text, by a client of its own; the log is left alone, which is shared."""
    headers = {"X-Twilio-Signature": signature("/sms", form)}
    return lambda: front.app.test_client().post("/sms", data=urlencode(form), content_type=FORM, headers=headers)


def test_two_first_messages_at_once_are_one_conversation_and_both_are_answered(front: Front) -> None:
    answers = at_once(*(sms_of(front, sms_form(body, MessageSid=sid(n))) for n, body in enumerate(("Dag", "Hallo"))))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert front.count(schema.contacts) == 1
    assert front.count(schema.urns) == 1
    assert front.count(schema.sessions) == 1
    assert len(front.said("in")) == 2
    assert all(row.outcome for row in front.said("in"))
    assert len(front.said("out")) == BEGUN + 1, "the introduction comes once, the question for each"


def test_one_message_many_times_at_once_is_stored_and_answered_once(front: Front) -> None:
    answers = at_once(*(sms_of(front, sms_form()) for _ in range(6)))
    assert {(answer.status_code, answer.data) for answer in answers} == {(200, answers[0].data)}
    assert len(front.said("in")) == 1
    assert len(front.said("out")) == BEGUN


def test_a_text_and_a_call_at_once_are_one_conversation(front: Front) -> None:
    form = voice_form()
    headers = {"X-Twilio-Signature": signature("/voice", form)}
    call = partial(front.app.test_client().post, "/voice", data=form, headers=headers)
    answers = at_once(sms_of(front, sms_form()), call)
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (front.count(schema.contacts), front.count(schema.sessions)) == (1, 1)


def test_many_new_people_at_once_each_have_their_own_conversation(front: Front) -> None:
    forms = [sms_form(MessageSid=sid(n), From=f"+3247000001{n}") for n in range(6)]
    answers = at_once(*(sms_of(front, form) for form in forms))
    assert {answer.status_code for answer in answers} == {200}
    assert (front.count(schema.contacts), front.count(schema.sessions)) == (6, 6)


# Over the wire


def test_a_text_that_is_sent_again_brings_one_answer_to_the_phone(town: Town) -> None:
    phone = town.network.phone(AN)
    phone.sms("Dag")
    phone.sms_again()
    town.settle()
    assert len(phone.inbox) == BEGUN


def test_an_update_that_is_sent_again_brings_one_answer_to_the_chat(town: Town) -> None:
    chat = town.network.telegram(4711)
    chat.send("Dag")
    assert chat.again().status == 200
    town.settle()
    assert len([message for message in chat.messages if not message.from_me]) == BEGUN


def test_a_turn_that_is_sent_again_leaves_the_call_where_it_is(town: Town) -> None:
    call = town.network.phone(AN).call()
    call.press("1")
    first, second = call.replay(), call.replay()
    assert (first.status, first.body) == (second.status, second.body)
    assert town.network.door_errors == []


# The public address


BEHIND = [
    pytest.param({"base_url": "http://10.0.0.5:8000"}, id="inner host, port and http"),
    pytest.param({"base_url": "http://localhost"}, id="localhost"),
    pytest.param({"base_url": "https://drempelvrij.example:443"}, id="with its port"),
    pytest.param({"headers": {"X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Proto": "http"}}, id="forwarded"),
]


@pytest.mark.parametrize("asked", BEHIND)
@pytest.mark.parametrize("door", TWILIO_DOORS)
def test_behind_a_proxy_the_public_address_is_what_was_signed(front: Front, door: str, asked: dict[str, Any]) -> None:
    form = voice_form(MessageSid=sid(1), MessageStatus="sent", Body="Dag")
    assert front.twilio(door, form, **asked).status_code in (200, 204)


@pytest.mark.parametrize("query", ["a=1", "a=1&b=2&a=3", "a", "a=%20b", "a=b+c", "a=%C3%A9", "a=é", "a=/?x"], ids=ascii)
def test_an_address_with_a_query_is_signed_as_a_whole(guarded: Front, query: str) -> None:
    form = sms_form()
    headers = {"X-Twilio-Signature": signature(f"/sms?{query}", form)}
    raw = {"QUERY_STRING": query.encode().decode("latin-1")}
    answer = guarded.ask("/sms", data=urlencode(form), content_type=FORM, headers=headers, environ_overrides=raw)
    assert answer.status_code == 200
    assert len(guarded.said("in")) == 1


def test_a_public_address_below_a_path_is_signed_with_it(sqlite_url: str, open_doors: Callable[..., Front]) -> None:
    front = open_doors(sqlite_url, public_url="https://drempelvrij.example/bot/")
    headers = {"X-Twilio-Signature": signature("/bot/voice", voice_form())}
    answer = front.ask("/voice", data=urlencode(voice_form()), content_type=FORM, headers=headers)
    assert answer.status_code == 200
    assert b'action="https://drempelvrij.example/bot/voice/turn/1"' in answer.data


def test_the_turns_of_a_call_go_to_the_public_address(front: Front) -> None:
    answer = front.twilio("/voice", voice_form(CallSid=CALL_SID), base_url="http://10.0.0.5:8000")
    assert b'action="https://drempelvrij.example/voice/turn/1"' in answer.data
    assert b"10.0.0.5" not in answer.data
