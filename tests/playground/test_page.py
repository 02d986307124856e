"""The page's JSON, live over real sockets too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from playground import Network, create_blueprint, serving
from playground.feed import Feed
from playground.post import Post
from tests.playground.playground_town import ACCOUNTS, AN, BO, Doors, host, town, xml

GUARD = {"X-Playground": "1"}


class Page:
    """The page's side of the wire."""

    def __init__(self) -> None:
        self.network: Network
        self.doors: Doors
        self.network, self.doors = town()
        self.client: FlaskClient = host(self.network).test_client()
        self.cursor = 0

    def post(self, path: str, **body: Any) -> TestResponse:
        return self.client.post(f"/playground{path}", json=body, headers=GUARD)

    def feed(self, **query: Any) -> list[dict[str, Any]]:
        asked = {"after": self.cursor, "phone": AN, "telegram": 4711} | query
        answer = self.client.get("/playground/phone/feed", query_string=asked).json
        assert answer is not None
        self.cursor = answer["cursor"]
        events: list[dict[str, Any]] = answer["events"]
        return events


@pytest.fixture
def page() -> Page:
    return Page()


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def test_a_text_message_and_its_answer(page: Page) -> None:
    page.doors.say("/sms", xml("<Message>Dag An</Message>"))
    answer = page.post("/phone/sms", **{"from": AN, "text": "Hallo"})
    assert answer.json == {"status": 200, "ok": True}
    sent, received = page.feed()
    assert (sent["type"], sent["body"], sent["status"], sent["segments"]) == ("sms_in", "Hallo", "received", 1)
    assert (received["type"], received["body"]) == ("sms_out", "Dag An")
    assert page.feed() == []
    assert page.feed(after=0, phone=BO) == []


def test_receipts_are_shown(page: Page) -> None:
    made = page.network.texting.accept(AN, "Dag", callback="", doom=30003, service=None)
    page.network.deliver()
    events = page.feed()
    assert kinds(events) == ["sms_status"] * 3
    assert (events[-1]["sid"], events[-1]["status"], events[-1]["error"]) == (made.sid, "undelivered", 30003)


def test_telegram(page: Page) -> None:
    chat = {"user": 4711, "first_name": "An"}
    assert page.post("/phone/telegram", **chat, action="text", text="/start").json == {"status": 200, "ok": True}
    url = f"/playground/telegram/bot{ACCOUNTS.telegram_token}/sendMessage"
    keyboard = {"inline_keyboard": [[{"text": "Ja", "callback_data": "y"}]]}
    page.client.post(url, json={"chat_id": 4711, "text": "Dag?", "reply_markup": keyboard})
    events = page.feed()
    assert kinds(events) == ["telegram_message"] * 2
    assert events[0]["from_me"]
    assert events[1]["buttons"] == [[{"text": "Ja", "data": "y", "kind": "callback"}]]
    number = events[1]["message_id"]
    assert page.post("/phone/telegram", **chat, action="press", message_id=number, data="y").status_code == 200
    assert page.post("/phone/telegram", **chat, action="press", data="Ja").status_code == 200
    assert page.post("/phone/telegram", **chat, action="edit", text="anders").status_code == 200
    assert page.post("/phone/telegram", **chat, action="block").status_code == 200
    assert kinds(page.feed()) == ["telegram_edit", "telegram_status"]
    refused = page.post("/phone/telegram", **chat, action="text", text="Hallo?")
    assert (refused.status_code, refused.json) == (409, {"error": "the bot is blocked"})


@pytest.mark.parametrize("action", ["photo", "sticker", "voice", "document", "location", "contact", "unblock"])
def test_everything_a_thumb_can_do(page: Page, action: str) -> None:
    assert page.post("/phone/telegram", user=4711, action=action).status_code == 200
    assert page.doors.at("/telegram")


def test_a_call(page: Page) -> None:
    page.doors.say(
        "/voice",
        xml(
            '<Say language="nl-BE"><prosody rate="85%">Dag</prosody></Say>'
            '<Gather input="dtmf speech" numDigits="1" action="/t"/>'
        ),
    )
    page.doors.say("/t", xml('<Record action="/r"/>'))
    page.doors.say("/r", xml("<Gather/>"))
    made = page.post("/phone/call", **{"from": AN}).json
    assert made is not None
    events = page.feed()
    heard = next(event for event in events if event["type"] == "heard")
    assert (heard["call"], heard["kind"], heard["text"], heard["rate"]) == (made["call"], "say", "Dag", "85%")
    assert (events[-1]["type"], events[-1]["waiting"], events[-1]["direction"]) == ("call", "gather", "inbound")
    path = f"/phone/call/{made['call']}"
    answers = [
        page.post(path, action="say", text="ja").json,
        page.post(path, action="record", text="Ik zoek werk", seconds=3).json,
        page.post(path, action="press", digits="5").json,
        page.post(path, action="silence").json,
    ]
    assert [answer and answer["waiting"] for answer in answers] == ["record", "gather", "gather", "gather"]
    ended = page.post(path, action="hangup").json
    assert ended is not None
    assert ended["status"] == "completed"
    assert page.post(path, action="press", digits="1").status_code == 409


@pytest.mark.parametrize(("action", "status"), [("pickup", "completed"), ("decline", "busy"), ("hangup", "canceled")])
def test_a_phone_that_rings(page: Page, action: str, status: str) -> None:
    url = f"/playground/twilio/2010-04-01/Accounts/{ACCOUNTS.account_sid}/Calls.json"
    form = {"To": AN, "From": ACCOUNTS.number, "Twiml": xml("<Say>Dag</Say>")}
    made = page.client.post(url, data=form, auth=(ACCOUNTS.account_sid, ACCOUNTS.auth_token)).json
    page.network.deliver()
    ringing = page.feed()[-1]
    assert made is not None
    assert (ringing["call"], ringing["status"], ringing["direction"]) == (made["sid"], "ringing", "outbound-api")
    answer = page.post(f"/phone/call/{made['sid']}", action=action).json
    assert answer is not None
    assert answer["status"] == status


GARBAGE: list[tuple[str, Any]] = [
    ("/phone/sms", None),
    ("/phone/sms", []),
    ("/phone/sms", {"from": AN}),
    ("/phone/sms", {"from": AN, "text": 5}),
    ("/phone/sms", {"from": "0470", "text": "a"}),
    ("/phone/sms", {"from": AN, "text": "\ud83d"}),
    ("/phone/sms", {"from": AN, "text": "a" * 5000}),
    ("/phone/telegram", {"user": "4711", "action": "text", "text": "a"}),
    ("/phone/telegram", {"user": True, "action": "text", "text": "a"}),
    ("/phone/telegram", {"user": -1, "action": "text", "text": "a"}),
    ("/phone/telegram", {"user": 4711, "action": "dance"}),
    ("/phone/telegram", {"user": 4711, "action": "text"}),
    ("/phone/call", {"from": "x"}),
    ("/faults", {"error": 21610}),
    ("/faults", {"api": "*", "delay": 1e9}),
    ("/faults", {"api": "*", "times": 0.5}),
    ("/faults", {"api": "*", "http_status": 200}),
    ("/receipts", {"late": -1}),
    ("/receipts", {"hold": "yes"}),
]


@pytest.mark.parametrize(("path", "body"), GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_refused(page: Page, path: str, body: Any) -> None:
    answer = page.client.post(f"/playground{path}", data=json.dumps(body), headers=GUARD)
    assert answer.status_code == 400
    assert answer.json is not None
    assert set(answer.json) == {"error"}
    assert not page.doors.seen


def test_what_is_not_json_is_refused(page: Page) -> None:
    for data in (b"", b"{", b"\xff\xfe", b'{"from":', b"[" * 30000):
        assert page.client.post("/playground/phone/sms", data=data, headers=GUARD).status_code == 400
    assert page.client.post("/playground/phone/sms", data=b" " * 40000, headers=GUARD).status_code == 413


def test_unknown_calls_keys_and_cursors(page: Page) -> None:
    page.doors.say("/voice", xml("<Gather/>"))
    call = page.network.phone(AN).call()
    assert page.post("/phone/call/CA0", action="press", digits="1").status_code == 404
    assert page.post(f"/phone/call/{call.sid}", action="press", digits="x").status_code == 400
    assert page.post(f"/phone/call/{call.sid}", action="record", text="a").status_code == 409
    assert page.client.get("/playground/phone/feed?after=x").status_code == 400


@pytest.mark.parametrize(
    "path", ["/phone/sms", "/phone/telegram", "/phone/call", "/faults", "/faults/clear", "/receipts"]
)
def test_another_sites_page_cannot_post(page: Page, path: str) -> None:
    answer = page.client.post(f"/playground{path}", json={"from": AN, "text": "a", "api": "*"})
    assert answer.status_code == 403
    assert not page.doors.seen
    assert not page.network.faults.list()


def test_faults_and_receipts_from_the_page(page: Page) -> None:
    planned = page.post("/faults", api="messages.create", error=30003, times=2, to=AN, delay=1).json
    assert planned is not None
    assert planned["faults"][0]["times"] == 2
    told = page.post("/receipts", double=True, hold=True, late=2).json
    assert told == {"double": True, "reversed": False, "hold": True, "late": 2}
    page.network.texting.accept(AN, "Dag", callback="http://127.0.0.1:8000/receipts", doom=None, service=None)
    assert page.network.deliver() == 0
    assert page.post("/receipts", hold=False, late=0).json == {
        "double": True,
        "reversed": False,
        "hold": False,
        "late": 0,
    }
    assert page.network.deliver() == 6
    state = page.client.get("/playground/faults").json
    assert state is not None
    assert state["receipts"]["double"] is True
    cleared = page.post("/faults/clear").json
    assert cleared is not None
    assert cleared["faults"] == []


def test_the_feed_is_bounded_and_survives_a_restart() -> None:
    network, _ = town()
    feed = Feed(network.core.clock)
    for place in range(5000):
        feed.add("tel:a", "heard", place=place)
    cursor, events = feed.after(0, {"tel:a"})
    assert (cursor, len(events), events[-1]["place"]) == (5000, 500, 4999)
    assert feed.after(9999, {"tel:a"})[1] == events
    feed.clear()
    assert feed.after(0, {"tel:a"}) == (5000, [])


@pytest.fixture
def live() -> Iterator[tuple[Network, Doors, str]]:
    """A live town whose doors and playground are one real server."""
    doors = Doors()
    app = doors.app()
    with serving(app) as base:
        network = Network(ACCOUNTS, base, live=True)
        app.register_blueprint(create_blueprint(network), url_prefix="/playground")
        yield network, doors, base
        network.close()


def test_live_receipts_travel_by_themselves(live: tuple[Network, Doors, str]) -> None:
    network, doors, base = live
    with requests.Session() as session:
        session.trust_env = False
        sent = session.post(
            f"{base}/playground/twilio/2010-04-01/Accounts/{ACCOUNTS.account_sid}/Messages.json",
            data={"To": AN, "From": ACCOUNTS.number, "Body": "Dag", "StatusCallback": f"{base}/receipts"},
            auth=(ACCOUNTS.account_sid, ACCOUNTS.auth_token),
            timeout=5,
        )
    assert sent.status_code == 201
    assert network.wait_until(lambda: network.phone(AN).inbox[0].status == "delivered")
    assert network.wait_until(lambda: len(doors.at("/receipts")) == 3)
    assert all(seen.signed for seen in doors.seen)


def test_live_page_and_doors_on_one_server(live: tuple[Network, Doors, str]) -> None:
    network, doors, base = live
    doors.say("/voice", xml('<Gather timeout="0" action="/t"/>'))
    with requests.Session() as session:
        session.trust_env = False
        session.headers.update(GUARD)
        sms = session.post(f"{base}/playground/phone/sms", json={"from": AN, "text": "Hallo"}, timeout=5)
        made = session.post(f"{base}/playground/phone/call", json={"from": AN}, timeout=5).json()
        session.post(
            f"{base}/playground/phone/call/{made['call']}", json={"action": "press", "digits": "12"}, timeout=5
        )
    assert sms.json() == {"status": 200, "ok": True}
    assert doors.at("/sms")[0].signed
    assert network.wait_until(lambda: doors.at("/t"))
    assert doors.at("/t")[0].form["Digits"] == "12"


def test_live_a_refused_update_is_tried_again(
    live: tuple[Network, Doors, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, doors, _ = live
    monkeypatch.setattr("playground.telegram.RETRY_SECONDS", 0.01)
    doors.say("/telegram", "", status=503)
    doors.say("/telegram", "ok", kind="text/plain")
    assert network.telegram(4711).send("Hallo").status == 503
    assert network.wait_until(lambda: len(doors.at("/telegram")) == 2)


def test_waiting_gives_up() -> None:
    assert not town()[0].wait_until(lambda: False, timeout=0.02)


def test_a_job_that_fails_does_not_stop_the_post() -> None:
    post, done = Post(live=True), []

    def fail() -> int:
        raise RuntimeError

    def work() -> int:
        done.append(1)
        return 1

    post.add(fail)
    post.add(work)
    assert town()[0].wait_until(lambda: done)
    post.close()
