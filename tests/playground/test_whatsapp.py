"""WhatsApp at Twilio: webhooks, the 24 hours, receipts, refusals, and the page's part of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from playground import Accounts, Fault, Network, NotNowError
from tests.playground.playground_town import ACCOUNTS, AN, APP, BO, Doors, host, town, xml

OURS = "+32460000001"
WITH_WHATSAPP = replace(ACCOUNTS, whatsapp=OURS)
FROM, TO = f"whatsapp:{OURS}", f"whatsapp:{AN}"
MESSAGES = f"/playground/twilio/2010-04-01/Accounts/{ACCOUNTS.account_sid}/Messages"
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
DAY = timedelta(hours=24)
PARAMETERS = {
    *("MessageSid", "SmsSid", "SmsMessageSid", "SmsStatus", "NumMedia", "NumSegments", "Body"),
    *("AccountSid", "ApiVersion", "From", "To", "ProfileName", "WaId", "MessageType"),
}


class Town:
    """A town with a WhatsApp sender, and an HTTP client of its REST API and its page."""

    def __init__(self, accounts: Accounts = WITH_WHATSAPP) -> None:
        self.network: Network
        self.doors: Doors
        self.network, self.doors = town(accounts)
        self.client: FlaskClient = host(self.network).test_client()
        self.an = self.network.phone(AN)
        self.pass_time(timedelta())

    def send(self, **form: str) -> TestResponse:
        given = {"To": TO, "From": FROM, "Body": "Dag", "StatusCallback": f"{APP}/receipts"} | form
        return self.client.post(f"{MESSAGES}.json", data=given, auth=(ACCOUNTS.account_sid, ACCOUNTS.auth_token))

    def get(self, path: str, **query: str) -> Any:
        pair = (ACCOUNTS.account_sid, ACCOUNTS.auth_token)
        return self.client.get(f"{MESSAGES}{path}.json", query_string=query, auth=pair).json

    def pass_time(self, by: timedelta) -> None:
        moment = self.network.core.clock() + by
        self.network.core.clock.reads = lambda: moment

    def receipts(self) -> list[dict[str, str]]:
        self.network.deliver()
        return [seen.form for seen in self.doors.at("/receipts")]


@pytest.fixture
def place() -> Town:
    return Town()


def code_of(answer: TestResponse) -> tuple[int, int]:
    assert answer.json is not None
    return answer.status_code, answer.json["code"]


def test_an_inbound_message_is_signed_and_whole(place: Town) -> None:
    place.an.name = "Bo"
    assert place.an.whatsapp("Hallo é ☺\ntweede regel " + "a" * 200).ok
    (seen,) = place.doors.at("/whatsapp")
    assert (seen.method, seen.signed) == ("POST", True)
    assert set(seen.form) == PARAMETERS
    assert (seen.form["From"], seen.form["To"], seen.form["WaId"]) == (TO, FROM, AN[1:])
    assert (seen.form["ProfileName"], seen.form["MessageType"], seen.form["NumSegments"]) == ("Bo", "text", "1")
    assert seen.form["Body"].startswith("Hallo é ☺\ntweede")
    assert seen.form["MessageSid"] == seen.form["SmsSid"] == seen.form["SmsMessageSid"]
    assert not place.doors.at("/sms")
    assert not place.network.door_errors


@pytest.mark.parametrize(
    ("media", "kind"),
    [("image/jpeg", "image"), ("audio/ogg", "audio"), ("video/mp4", "video"), ("application/pdf", "document")],
)
def test_a_file_comes_along(place: Town, media: str, kind: str) -> None:
    place.an.whatsapp("", media=[media])
    form = place.doors.at("/whatsapp")[0].form
    assert (form["MessageType"], form["NumMedia"], form["MediaContentType0"]) == (kind, "1", media)
    assert form["MessageSid"].startswith("MM")


def test_a_message_holds_one_file(place: Town) -> None:
    with pytest.raises(NotNowError, match="1 at most"):
        place.an.whatsapp("", media=["image/jpeg", "image/jpeg"])


def test_again_is_exactly_the_same(place: Town) -> None:
    place.an.whatsapp("Hallo")
    place.an.sms("Hallo")
    place.an.whatsapp_again()
    first, second = place.doors.at("/whatsapp")
    assert first == second
    assert len(place.doors.at("/sms")) == 1


def test_a_hidden_number_and_an_application_without_whatsapp(place: Town) -> None:
    with pytest.raises(NotNowError, match="hidden"):
        place.network.phone("anonymous").whatsapp("Hallo")
    with pytest.raises(NotNowError, match="no number"):
        town()[0].phone(AN).whatsapp("Hallo")


def test_twiml_answers_reach_the_same_phone_by_whatsapp(place: Town) -> None:
    place.doors.say("/whatsapp", xml("<Message>Dag\nAn</Message>"))
    place.an.whatsapp("Hallo")
    (got,) = place.an.whatsapp_inbox
    assert (got.body, got.status, got.segments) == ("Dag\nAn", "delivered", 1)
    assert not place.an.inbox


def test_a_door_that_answers_badly_is_noted_and_the_fallback_asked(place: Town) -> None:
    place.doors.say("/whatsapp", "", status=500)
    assert place.an.whatsapp("Hallo").status == 500
    assert [(error.door, error.code) for error in place.network.door_errors] == [("/whatsapp", 11200)]
    line = place.network.texting.line(TO)
    line.configure({"SmsFallbackUrl": f"{APP}/second"}, place.network.core.clock())
    assert place.an.whatsapp("Hallo").status == 200
    assert place.doors.at("/second")[0].form["From"] == TO


@pytest.mark.parametrize("word", ["STOP", "START", "HELP"])
def test_twilios_own_words_do_not_act_here(place: Town, word: str) -> None:
    place.an.whatsapp(word)
    assert not place.an.whatsapp_inbox
    assert place.send().status_code == 201


def test_whoever_stopped_sms_still_has_whatsapp(place: Town) -> None:
    place.an.sms("STOP")
    place.an.whatsapp("Hallo")
    assert place.send().status_code == 201
    assert code_of(place.send(To=AN, From=ACCOUNTS.number)) == (400, 21610)


@pytest.mark.parametrize("later", [timedelta(), DAY])
def test_inside_the_24_hours_words_arrive_and_are_read(place: Town, later: timedelta) -> None:
    place.an.whatsapp("Hallo")
    place.pass_time(later)
    made = place.send(Body="a" * 1600).json
    assert made is not None
    assert (made["from"], made["to"], made["status"], made["num_segments"]) == (FROM, TO, "queued", "1")
    told = place.receipts()
    assert [form["MessageStatus"] for form in told] == ["queued", "sent", "delivered", "read"]
    assert {(form["From"], form["To"], form["ChannelPrefix"]) for form in told} == {(FROM, TO, "whatsapp")}
    assert all(seen.signed for seen in place.doors.at("/receipts"))
    assert [each.status for each in place.an.whatsapp_inbox] == ["read"]
    assert place.get(f"/{made['sid']}")["status"] == "read"


@pytest.mark.parametrize("wrote", [True, False])
def test_outside_the_24_hours_the_receipt_says_so(place: Town, wrote: bool) -> None:
    if wrote:
        place.an.whatsapp("Hallo")
        place.pass_time(DAY + timedelta(seconds=1))
    place.an.sms("Hallo")  # opens nothing on WhatsApp
    made = place.send()
    assert made.status_code == 201
    assert made.json is not None
    told = place.receipts()
    assert [form["MessageStatus"] for form in told] == ["queued", "failed"]
    assert told[-1]["ErrorCode"] == "63016"
    assert not place.an.whatsapp_inbox
    found = place.get(f"/{made.json['sid']}")
    assert (found["status"], found["error_code"]) == ("failed", 63016)


def test_every_message_opens_the_24_hours_again(place: Town) -> None:
    for _ in range(2):
        place.an.whatsapp("Hallo")
        place.pass_time(timedelta(hours=20))
        assert place.send().status_code == 201
    assert len(place.an.whatsapp_inbox) == 2


def test_reversed_receipts_leave_it_read(place: Town) -> None:
    place.an.whatsapp("Hallo")
    place.network.receipts.reversed = True
    place.send()
    assert [form["MessageStatus"] for form in place.receipts()] == ["read", "delivered", "sent", "queued"]
    assert place.an.whatsapp_inbox[0].status == "read"


def test_an_sms_has_nothing_of_whatsapp(place: Town) -> None:
    place.send(To=AN, From=ACCOUNTS.number)
    told = place.receipts()
    assert [form["MessageStatus"] for form in told] == ["queued", "sent", "delivered"]
    assert "ChannelPrefix" not in told[0]
    assert not place.an.whatsapp_inbox


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": OURS}, 21910),
        ({"From": ACCOUNTS.number}, 21910),
        ({"To": AN}, 21910),
        ({"From": "whatsapp:+32460000099"}, 63007),
        ({"From": f"whatsapp:{ACCOUNTS.number}"}, 63007),
        ({"From": OURS, "To": AN}, 21606),
        ({"To": "whatsapp:0470"}, 21211),
        ({"To": "whatsapp:"}, 21211),
        ({"Body": "a" * 1601}, 21617),
        ({"Body": ""}, 21602),
    ],
)
def test_what_is_refused(place: Town, form: dict[str, str], code: int) -> None:
    place.an.whatsapp("Hallo")
    assert code_of(place.send(**form)) == (400, code)
    assert not place.an.whatsapp_inbox + place.an.inbox


def test_without_a_sender_nothing_is_sent() -> None:
    assert code_of(Town(ACCOUNTS).send()) == (400, 63007)


def test_a_messaging_service_is_for_sms_alone() -> None:
    service = "MG" + "1" * 32
    place = Town(replace(WITH_WHATSAPP, messaging_service_sid=service))
    place.an.whatsapp("Hallo")
    assert "MessagingServiceSid" not in place.doors.at("/whatsapp")[0].form
    assert code_of(place.send(From="", MessagingServiceSid=service)) == (400, 21910)


def test_messages_are_found_by_their_addresses(place: Town) -> None:
    place.an.whatsapp("een")
    place.an.sms("twee")
    place.send(Body="drie")
    place.send(Body="vier", To=AN, From=ACCOUNTS.number)

    def found(**query: str) -> list[str]:
        return [each["body"] for each in place.get("", **query)["messages"]]

    assert found(To=TO) == found(From=FROM) == ["drie"]
    assert found(From=TO) == found(To=FROM) == ["een"]
    assert found(To=AN) == ["vier"]
    assert found() == ["vier", "drie", "twee", "een"]


@pytest.mark.parametrize("to", [None, TO, "whatsapp:*"])
def test_faults_are_for_whom_they_are_meant(place: Town, to: str | None) -> None:
    place.an.whatsapp("Hallo")
    place.network.faults.add(Fault("messages.create", http_status=429, retry_after=7, to="+*"))
    place.network.faults.add(Fault("messages.create", error=63024, to=f"whatsapp:{BO}"))
    place.network.faults.add(Fault("messages.create", error=30008, to=to))
    assert place.send().status_code == 201
    assert [form.get("ErrorCode") for form in place.receipts()] == [None, None, "30008"]
    assert place.send(To=AN, From=ACCOUNTS.number).status_code == 429


def test_an_uncertain_send_did_arrive(place: Town) -> None:
    place.an.whatsapp("Hallo")
    place.network.faults.add(Fault("messages.create", drop_answer=True))
    assert place.send().status_code == 500
    assert [each.body for each in place.an.whatsapp_inbox] == ["Dag"]


def test_reset_closes_the_window(place: Town) -> None:
    place.an.whatsapp("Hallo")
    place.network.reset()
    place.send()
    assert not place.network.phone(AN).whatsapp_inbox


def events_of(place: Town, **query: Any) -> list[dict[str, Any]]:
    asked = {"after": 0, "phone": AN, "telegram": 4711} | query
    answer = place.client.get("/playground/phone/feed", query_string=asked).json
    assert answer is not None
    events: list[dict[str, Any]] = answer["events"]
    return events


def test_the_page_writes_and_reads(place: Town) -> None:
    body = {"from": AN, "text": "Hallo\ndaar", "name": "Rosa"}
    answer = place.client.post("/playground/phone/whatsapp", json=body, headers={"X-Playground": "1"})
    assert answer.json == {"status": 200, "ok": True}
    assert place.doors.at("/whatsapp")[0].form["ProfileName"] == "Rosa"
    place.send(Body="een\ntwee")
    place.network.deliver()
    events = events_of(place)
    assert [event["type"] for event in events] == ["whatsapp_in", "whatsapp_out"] + ["whatsapp_status"] * 4
    assert [event["body"] for event in events[:2]] == ["Hallo\ndaar", "een\ntwee"]
    assert events[-1]["status"] == "read"
    assert events_of(place, phone=BO) == []


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ({"from": AN, "text": "a"}, {}, 403),
        ({"from": AN}, {"X-Playground": "1"}, 400),
        ({"from": "0470", "text": "a"}, {"X-Playground": "1"}, 400),
        ({"from": AN, "text": "a", "name": 5}, {"X-Playground": "1"}, 400),
        ({"from": "anonymous", "text": "a"}, {"X-Playground": "1"}, 409),
    ],
)
def test_what_the_page_may_not(place: Town, body: dict[str, Any], headers: dict[str, str], status: int) -> None:
    answer = place.client.post("/playground/phone/whatsapp", json=body, headers=headers)
    assert answer.status_code == status
    assert not place.doors.seen


def test_without_whatsapp_the_page_says_so() -> None:
    place = Town(ACCOUNTS)
    body = {"from": AN, "text": "a"}
    answer = place.client.post("/playground/phone/whatsapp", json=body, headers={"X-Playground": "1"})
    assert answer.status_code == 409


@pytest.mark.parametrize(("whatsapp", "shown"), [(OURS, True), ("", False)])
def test_the_place_is_shown_where_there_is_a_number(whatsapp: str, shown: bool) -> None:
    network, _ = town(replace(ACCOUNTS, whatsapp=whatsapp))
    app = host(network)
    app.template_folder = str(TEMPLATES)
    page = app.test_client().get("/playground/").text
    assert ('id="whatsapp"' in page) == ("WhatsApp" in page) == shown
    assert 'id="sms"' in page
