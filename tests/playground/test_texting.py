"""Text messages: webhooks, opt-out words, receipts and their faults."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground import Network, NotNowError
from playground.segments import count
from playground.texting import STOP_WORDS
from playground.wire import WebRequest
from tests.playground.playground_town import ACCOUNTS, AN, APP, BO, town, xml

PARAMETERS = {
    *("ToCountry", "ToState", "ToCity", "ToZip", "To", "FromCountry", "FromState", "FromCity", "FromZip", "From"),
    *("MessageSid", "SmsSid", "SmsMessageSid", "SmsStatus", "NumMedia", "NumSegments", "Body"),
    *("AccountSid", "ApiVersion"),
}


def test_an_inbound_sms_is_signed_and_whole() -> None:
    network, doors = town()
    answer = network.phone(AN).sms("Hallo é ☺")
    (seen,) = doors.at("/sms")
    assert answer.status == 200
    assert seen.signed
    assert set(seen.form) == PARAMETERS
    assert seen.form["From"] == AN
    assert seen.form["FromCountry"] == seen.form["ToCountry"] == "BE"
    assert seen.form["Body"] == "Hallo é ☺"
    assert seen.form["MessageSid"].startswith("SM")
    assert not network.door_errors


def test_a_messaging_service_says_so() -> None:
    network, doors = town(replace(ACCOUNTS, messaging_service_sid="MG" + "1" * 32))
    network.phone(AN).sms("Hallo")
    assert doors.at("/sms")[0].form["MessagingServiceSid"] == "MG" + "1" * 32


def test_media_come_along() -> None:
    network, doors = town()
    network.phone(AN).sms("", media=["image/jpeg", "audio/ogg"])
    form = doors.at("/sms")[0].form
    assert form["NumMedia"] == "2"
    assert form["MessageSid"].startswith("MM")
    assert form["MediaContentType1"] == "audio/ogg"
    assert form["MediaUrl0"].startswith(f"{APP}/playground/twilio/2010-04-01/Accounts/")


def test_again_is_exactly_the_same() -> None:
    network, doors = town()
    phone = network.phone(AN)
    phone.sms("Hallo")
    phone.sms_again()
    first, second = doors.at("/sms")
    assert first == second
    assert first.headers["I-Twilio-Idempotency-Token"]


def test_twiml_answers_reach_the_phone() -> None:
    network, doors = town()
    doors.say("/sms", xml("<Message>Dag An</Message>"))
    network.phone(AN).sms("Hallo")
    assert [sms.body for sms in network.phone(AN).inbox] == ["Dag An"]


@pytest.mark.parametrize(
    ("status", "kind", "body", "code"),
    [(500, "text/html", "", 11200), (302, "text/html", "", 11200), (200, "application/json", "{}", 12300)],
)
def test_a_door_that_answers_badly_is_noted(status: int, kind: str, body: str, code: int) -> None:
    network, doors = town()
    doors.say("/sms", body, status=status, kind=kind)
    assert network.phone(AN).sms("Hallo").status == status
    assert [(error.door, error.code) for error in network.door_errors] == [("/sms", code)]


def test_nobody_home_is_tried_twice() -> None:
    tried: list[WebRequest] = []

    def nobody(request: WebRequest) -> None:
        tried.append(request)
        raise ConnectionRefusedError

    network = Network(ACCOUNTS, APP, live=False, transport=nobody)  # type: ignore[arg-type]
    assert network.phone(AN).sms("Hallo").status == 0
    assert len(tried) == 2
    assert tried[0] == tried[1]
    assert {error.code for error in network.door_errors} == {11205}


def test_the_fragment_of_a_webhook_is_read_and_not_sent() -> None:
    tried: list[WebRequest] = []

    def nobody(request: WebRequest) -> None:
        tried.append(request)
        raise ConnectionRefusedError

    network = Network(ACCOUNTS, APP, live=False, transport=nobody)  # type: ignore[arg-type]
    network.line.configure({"SmsUrl": f"{APP}/sms#rc=3&ct=1000"}, network.core.clock())
    network.phone(AN).sms("Hallo")
    assert [(each.url, each.connect, each.read) for each in tried] == [(f"{APP}/sms", 1.0, 15.0)] * 4


def test_the_fallback_gets_the_same_message() -> None:
    network, doors = town()
    network.line.configure({"SmsFallbackUrl": f"{APP}/second", "SmsFallbackMethod": "GET"}, network.core.clock())
    doors.say("/sms", "", status=500)
    assert network.phone(AN).sms("Hallo").status == 200
    (seen,) = doors.at("/second")
    assert seen.method == "GET"
    assert seen.signed
    assert seen.form["Body"] == "Hallo"
    assert seen.form["ErrorCode"] == "11200"


@pytest.mark.parametrize("word", [*sorted(STOP_WORDS), "stop", " Stop "])
def test_twilio_itself_stops_a_number(word: str) -> None:
    network, doors = town()
    network.phone(AN).sms(word)
    assert doors.at("/sms")
    assert network.texting.is_stopped(AN)
    assert "unsubscribed" in network.phone(AN).inbox[0].body
    network.phone(AN).sms("start")
    assert not network.texting.is_stopped(AN)
    assert len(network.phone(AN).inbox) == 2


@pytest.mark.parametrize("word", ["STOP!!", "stoppen", "stop ermee", "arrêt"])
def test_other_words_are_ours_to_heed(word: str) -> None:
    network, _ = town()
    network.phone(AN).sms(word)
    assert not network.texting.is_stopped(AN)
    assert not network.phone(AN).inbox


def test_help_is_answered_by_twilio_and_yes_only_when_stopped() -> None:
    network, _ = town()
    network.phone(AN).sms("HELP")
    network.phone(AN).sms("YES")
    assert len(network.phone(AN).inbox) == 1


def test_the_words_can_be_switched_off() -> None:
    network, _ = town()
    network.twilio_keywords = False
    network.phone(AN).sms("STOP")
    assert not network.texting.is_stopped(AN)


def send(network: Network, body: str = "Dag", *, doom: int | None = None) -> str:
    made = network.texting.accept(AN, body, callback=f"{APP}/receipts", doom=doom, service=None)
    return made.sid


def statuses(doors: object) -> list[str]:
    return [seen.form["MessageStatus"] for seen in doors.at("/receipts")]  # type: ignore[attr-defined]


def test_receipts_come_in_order_when_delivered() -> None:
    network, doors = town()
    sid = send(network)
    assert network.phone(AN).inbox[0].status == "queued"
    assert not doors.seen
    assert network.deliver() == 3
    assert statuses(doors) == ["queued", "sent", "delivered"]
    assert all(seen.signed and seen.form["MessageSid"] == sid for seen in doors.at("/receipts"))
    assert network.phone(AN).inbox[0].status == "delivered"
    assert network.deliver() == 0


@pytest.mark.parametrize(("code", "told"), [(30003, ["queued", "sent", "undelivered"]), (63016, ["queued", "failed"])])
def test_a_message_that_does_not_arrive(code: int, told: list[str]) -> None:
    network, doors = town()
    send(network, doom=code)
    network.deliver()
    assert statuses(doors) == told
    assert doors.at("/receipts")[-1].form["ErrorCode"] == str(code)
    assert "ErrorCode" not in doors.at("/receipts")[0].form
    assert not network.phone(AN).inbox


def test_double_and_reversed_receipts() -> None:
    network, doors = town()
    network.receipts.double = network.receipts.reversed = True
    sid = send(network)
    assert network.deliver() == 6
    assert statuses(doors) == ["delivered", "delivered", "sent", "sent", "queued", "queued"]
    assert network.texting.messages[sid].status == "delivered"


def test_late_receipts_wait_for_later_rounds() -> None:
    network, _ = town()
    network.receipts.late = 2
    send(network)
    assert [network.deliver() for _ in range(4)] == [0, 0, 3, 0]


def test_held_receipts_wait_for_release() -> None:
    network, doors = town()
    network.receipts.hold = True
    send(network)
    assert network.deliver() == 0
    network.release()
    assert network.deliver() == 3
    assert statuses(doors) == ["queued", "sent", "delivered"]


def test_a_hidden_number_sends_nothing() -> None:
    network, _ = town()
    with pytest.raises(NotNowError):
        network.phone("anonymous").sms("Hallo")


@pytest.mark.parametrize("number", ["", "0470000001", "+32", "+3247000000a", "+" + "1" * 16])
def test_a_phone_has_a_real_number(number: str) -> None:
    with pytest.raises(ValueError, match="number"):
        town()[0].phone(number)


def test_memory_is_bounded() -> None:
    network, _ = town()
    for _ in range(510):
        send(network)
    assert len(network.phone(AN).inbox) == 500
    first = network.phone(BO)
    for last in range(300):
        network.phone(f"+3247000{last:04}")
    assert network.phone(BO) is not first


def test_reset_empties_the_town() -> None:
    network, doors = town()
    network.phone(AN).sms("STOP")
    send(network)
    network.reset()
    assert network.deliver() == 0
    assert not network.phone(AN).inbox
    assert not network.texting.is_stopped(AN)
    assert len(doors.seen) == 1


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("één", 1),
        ("ë" * 70, 1),
        ("ë" * 71, 2),
        ("ë" * 135, 3),
        ("☺" * 70, 1),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("ëë" + "😀" * 66, 3),
    ],
)
def test_segments(text: str, segments: int) -> None:
    assert count(text) == segments
