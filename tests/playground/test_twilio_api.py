"""The REST API: Twilio's own library against it, and its answers against Twilio's published interface."""

from __future__ import annotations

import io
import json
import time
import wave
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from werkzeug.test import TestResponse

from playground import Fault, Network, serving
from tests.playground.playground_town import ACCOUNTS, AN, APP, BO, Doors, host, town, xml

SLICE = Path(__file__).resolve().parents[3] / "shared" / "data" / "twilio_openapi_slice.json"
ROOT = f"/playground/twilio/2010-04-01/Accounts/{ACCOUNTS.account_sid}"
PAIR = (ACCOUNTS.account_sid, ACCOUNTS.auth_token)


class Town:
    """A town without sockets, and an HTTP client of its REST API."""

    def __init__(self) -> None:
        self.network: Network
        self.doors: Doors
        self.network, self.doors = town()
        self.client: FlaskClient = host(self.network).test_client()

    def get(self, path: str, **query: str) -> TestResponse:
        return self.client.get(ROOT + path, query_string=query, auth=PAIR)

    def post(self, path: str, **form: Any) -> TestResponse:
        return self.client.post(ROOT + path, data=form, auth=PAIR)

    def message(self, **form: str) -> TestResponse:
        return self.post("/Messages.json", **({"To": AN, "From": ACCOUNTS.number, "Body": "Dag"} | form))


@pytest.fixture
def place() -> Town:
    return Town()


@cache
def interface() -> dict[str, Any]:
    if not SLICE.exists():
        pytest.skip(f"Twilio's published interface is not at {SLICE}")
    found: dict[str, Any] = json.loads(SLICE.read_text())
    return found


def as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema's null, and nothing beyond the named properties."""
    if isinstance(node, list):
        return [as_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {key: as_json_schema(value) for key, value in node.items()}
    if made.pop("nullable", False) is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    if "properties" in made and "Response" not in str(made.get("title", "")):
        made["additionalProperties"] = False
        made["required"] = sorted(made["properties"])
    return made


def conforms(answer: TestResponse, path: str, method: str) -> None:
    document = interface()
    responses = document["paths"][f"/2010-04-01/Accounts/{{AccountSid}}{path}"][method]["responses"]
    schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
    whole = as_json_schema({**schema, "components": document["components"]})
    Draft202012Validator(whole).validate(answer.json)


def test_messages_conform(place: Town) -> None:
    made = place.message(StatusCallback=f"{APP}/receipts")
    conforms(made, "/Messages.json", "post")
    conforms(place.get("/Messages.json"), "/Messages.json", "get")
    assert made.json is not None
    conforms(place.get(f"/Messages/{made.json['sid']}.json"), "/Messages/{Sid}.json", "get")
    place.network.deliver()
    conforms(place.get(f"/Messages/{made.json['sid']}.json"), "/Messages/{Sid}.json", "get")


def test_calls_conform(place: Town) -> None:
    made = place.post("/Calls.json", To=AN, From=ACCOUNTS.number, Url=f"{APP}/out")
    conforms(made, "/Calls.json", "post")
    conforms(place.get("/Calls.json"), "/Calls.json", "get")
    assert made.json is not None
    assert made.json["status"] == "queued"
    conforms(place.get(f"/Calls/{made.json['sid']}.json"), "/Calls/{Sid}.json", "get")
    ended = place.post(f"/Calls/{made.json['sid']}.json", Status="completed")
    conforms(ended, "/Calls/{Sid}.json", "post")
    assert ended.json is not None
    assert ended.json["status"] == "canceled"


def test_numbers_conform(place: Town) -> None:
    listed = place.get("/IncomingPhoneNumbers.json", PhoneNumber=ACCOUNTS.number)
    conforms(listed, "/IncomingPhoneNumbers.json", "get")
    assert listed.json is not None
    sid = listed.json["incoming_phone_numbers"][0]["sid"]
    changed = place.post(f"/IncomingPhoneNumbers/{sid}.json", SmsUrl=f"{APP}/other", SmsMethod="POST")
    conforms(changed, "/IncomingPhoneNumbers/{Sid}.json", "post")
    conforms(place.get(f"/IncomingPhoneNumbers/{sid}.json"), "/IncomingPhoneNumbers/{Sid}.json", "get")
    place.network.phone(AN).sms("Hallo")
    assert place.doors.at("/other")
    assert not place.doors.at("/sms")


def test_recordings_conform_and_sound(place: Town) -> None:
    place.doors.say("/voice", xml('<Record action="/r"/>'))
    place.network.recordings.late = 1
    place.network.phone(AN).call().record("Dag", 2)
    form = place.doors.at("/r")[0].form
    path = f"/Recordings/{form['RecordingSid']}"
    assert place.get(f"{path}.wav").status_code == 404
    sound = place.get(f"{path}.wav")
    conforms(place.get(f"{path}.json"), "/Recordings/{Sid}.json", "get")
    with wave.open(io.BytesIO(sound.data)) as opened:
        assert opened.getnframes() / opened.getframerate() == 2
    assert place.client.get(form["RecordingUrl"].removeprefix(APP), auth=PAIR).status_code == 200


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21604),
        ({"From": ""}, 21603),
        ({"Body": ""}, 21602),
        ({"To": "0470"}, 21211),
        ({"To": "+1"}, 21211),
        ({"From": "+32460000099"}, 21606),
        ({"Body": "a" * 1601}, 21617),
        ({"Txt": "Dag"}, 20001),
    ],
)
def test_what_messages_refuse(place: Town, form: dict[str, str], code: int) -> None:
    answer = place.message(**form)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["code"] == code
    assert set(answer.json) == {"code", "message", "more_info", "status"}
    assert not place.network.phone(AN).inbox


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21201),
        ({"From": ""}, 21213),
        ({"From": "+32460000099"}, 21212),
        ({"To": "+1"}, 21211),
        ({"Url": "out"}, 21205),
        ({"Uri": "out"}, 20001),
    ],
)
def test_what_calls_refuse(place: Town, form: dict[str, str], code: int) -> None:
    answer = place.post("/Calls.json", **({"To": AN, "From": ACCOUNTS.number, "Url": f"{APP}/out"} | form))
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (400, code)


@pytest.mark.parametrize("pair", [None, ("x", "y"), (ACCOUNTS.account_sid, "wrong")])
def test_who_asks_is_checked(place: Town, pair: tuple[str, str] | None) -> None:
    answer = place.client.get(f"{ROOT}/Messages.json", auth=pair)
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (401, 20003)


@pytest.mark.parametrize(
    "path", ["/Messages/SM0.json", "/Calls/CA0.json", "/IncomingPhoneNumbers/PN0.json", "/Recordings/RE0.wav"]
)
def test_what_is_not_there(place: Town, path: str) -> None:
    assert place.get(path).status_code == 404


def test_a_stopped_number_refuses(place: Town) -> None:
    place.network.phone(AN).sms("STOP")
    answer = place.message()
    assert answer.json is not None
    assert answer.json["code"] == 21610


def test_a_messaging_service_may_send() -> None:
    network, _ = town(replace(ACCOUNTS, messaging_service_sid="MG" + "1" * 32))
    client = host(network).test_client()
    form = {"To": AN, "MessagingServiceSid": "MG" + "1" * 32, "Body": "Dag"}
    answer = client.post(f"{ROOT}/Messages.json", data=form, auth=PAIR)
    assert answer.json is not None
    assert answer.json["messaging_service_sid"] == "MG" + "1" * 32


def test_messages_are_found_by_their_filters(place: Town) -> None:
    place.message(Body="een")
    place.message(To=BO, Body="twee")
    place.network.phone(AN).sms("drie")
    today = place.network.core.clock().date().isoformat()

    def found(**query: str) -> list[str]:
        page = place.get("/Messages.json", **query).json
        assert page is not None
        return [each["body"] for each in page["messages"]]

    assert found() == ["drie", "twee", "een"]
    assert found(To=AN) == ["een"]
    assert found(From=AN) == ["drie"]
    assert found(To=BO, From=ACCOUNTS.number, DateSent=today) == ["twee"]
    assert found(DateSent="2001-01-01") == []
    assert found(**{"DateSent>": today}) == ["drie", "twee", "een"]
    assert found(**{"DateSent<": "2001-01-01"}) == []
    assert found(PageSize="1", Page="1") == ["twee"]
    assert found(PageSize="9" * 5000) == ["drie", "twee", "een"]
    assert place.get("/Messages.json", DateSent="yesterday").status_code == 400


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault("messages.create", error=21408), 400, 21408),
        (Fault("messages.create", http_status=429, retry_after=7), 429, 20429),
        (Fault("messages.create", error=429, http_status=429, retry_after=7), 429, 20429),
        (Fault("messages.create", http_status=500), 500, 20500),
        (Fault("*", http_status=503, to=AN), 503, 20503),
    ],
)
def test_planned_refusals(place: Town, fault: Fault, status: int, code: int) -> None:
    place.network.faults.add(fault)
    answer = place.message()
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.headers.get("Retry-After") == (str(fault.retry_after) if fault.retry_after else None)
    assert place.message().status_code == 201


def test_a_fault_is_only_for_whom_it_is_meant(place: Town) -> None:
    place.network.faults.add(Fault("messages.create", error=21614, to=BO, times=2))
    assert [place.message(To=to).status_code for to in (AN, BO, BO, BO)] == [201, 400, 400, 201]


def test_an_uncertain_send_did_arrive(place: Town) -> None:
    place.network.faults.add(Fault("messages.create", drop_answer=True))
    assert place.message(Body="Dag").status_code == 500
    assert [sms.body for sms in place.network.phone(AN).inbox] == ["Dag"]
    listed = place.get("/Messages.json", To=AN).json
    assert listed is not None
    assert len(listed["messages"]) == 1


def test_a_delivery_error_comes_by_receipt(place: Town) -> None:
    place.network.faults.add(Fault("messages.create", error=30006))
    made = place.message(StatusCallback=f"{APP}/receipts").json
    assert made is not None
    place.network.deliver()
    found = place.get(f"/Messages/{made['sid']}.json").json
    assert found is not None
    assert (found["status"], found["error_code"]) == ("undelivered", 30006)
    assert found["error_message"]


def test_slowness(place: Town) -> None:
    place.network.faults.add(Fault("messages.create", delay=0.05))
    begun = time.monotonic()
    assert place.message().status_code == 201
    assert time.monotonic() - begun >= 0.05


def test_numbers_can_be_searched_and_misspelt_names_are_refused(place: Town) -> None:
    none = place.get("/IncomingPhoneNumbers.json", PhoneNumber="+32499").json
    assert none is not None
    assert none["incoming_phone_numbers"] == []
    sid = place.network.line.sid
    assert place.post(f"/IncomingPhoneNumbers/{sid}.json", SmsURL="x").status_code == 400
    assert place.post(f"/IncomingPhoneNumbers/{sid}.json", SmsMethod="PUT").status_code == 400


def test_a_finished_call_takes_no_orders(place: Town) -> None:
    call = place.network.phone(AN).call()
    answer = place.post(f"/Calls/{call.sid}.json", Status="completed")
    assert answer.json is not None
    assert answer.json["code"] == 21220


def test_a_call_gets_other_words(place: Town) -> None:
    place.doors.say("/voice", xml("<Gather/>"))
    call = place.network.phone(AN).call()
    place.post(f"/Calls/{call.sid}.json", Twiml=xml("<Say>Tot ziens.</Say>"))
    assert call.said == "Tot ziens."
    assert call.over


class Redirected(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's own HTTP client, pointed at the town."""

    def __init__(self, base: str) -> None:
        super().__init__(pool_connections=False)
        self._base = base

    def request(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        return super().request(method, self._base + "/2010-04-01" + url.partition("/2010-04-01")[2], *args, **more)


@pytest.fixture
def library(place: Town) -> Iterator[Client]:
    with serving(host(place.network)) as base:
        yield Client(*PAIR, http_client=Redirected(f"{base}/playground/twilio"))


def test_twilios_library_sends_and_lists(place: Town, library: Client) -> None:
    for body in ("een", "twee", "drie"):
        library.messages.create(to=AN, from_=ACCOUNTS.number, body=body, status_callback=f"{APP}/receipts")
    today = place.network.core.clock().date()
    found = list(library.messages.stream(to=AN, from_=ACCOUNTS.number, date_sent=today, page_size=2))
    assert [each.body for each in found] == ["drie", "twee", "een"]
    assert found[0].num_segments == "1"
    since = list(library.messages.stream(to=AN, date_sent_after=place.network.core.clock()))
    assert len(since) == 3
    assert library.messages(str(found[0].sid)).fetch().status == "queued"


def test_twilios_library_understands_a_refusal(library: Client) -> None:
    with pytest.raises(TwilioRestException) as caught:
        library.messages.create(to="+1", from_=ACCOUNTS.number, body="Dag")
    assert (caught.value.status, caught.value.code) == (400, 21211)


def test_twilios_library_configures_a_number(place: Town, library: Client) -> None:
    (found,) = library.incoming_phone_numbers.list(phone_number=ACCOUNTS.number)
    found.update(voice_url=f"{APP}/other", voice_method="GET", status_callback=f"{APP}/ended")
    place.doors.say("/other", xml("<Say>Dag</Say>"))
    assert place.network.phone(AN).call().said == "Dag"
    place.network.deliver()
    assert place.doors.at("/other")[0].method == "GET"
    assert place.doors.at("/ended")


def test_twilios_library_rings(place: Town, library: Client) -> None:
    made = library.calls.create(
        to=AN,
        from_=ACCOUNTS.number,
        twiml=xml("<Say>Dag</Say>"),
        status_callback=f"{APP}/receipts",
        status_callback_event=["initiated", "answered", "completed"],
    )
    call = place.network.phone(AN).pick_up()
    assert (call.sid, call.said) == (made.sid, "Dag")
    place.network.deliver()
    told = [seen.form["CallStatus"] for seen in place.doors.at("/receipts")]
    assert told == ["initiated", "in-progress", "completed"]


def test_it_works_over_a_real_socket(place: Town) -> None:
    with serving(host(place.network)) as base, requests.Session() as session:
        session.trust_env = False
        answer = session.get(f"{base}{ROOT}/Messages.json", auth=PAIR, timeout=5)
    assert answer.json()["messages"] == []
