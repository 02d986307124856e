"""What the pages show: everything, in plain words, and never as markup."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.cases import Reason
from bot.deliveries import MOVES
from bot.messages import Kind, Media, Receipt, Status
from bot.service import case_views, cases, queue_views, receipts
from bot.service.house import House
from bot.store import messages
from console import words
from tests.conftest import Clock
from tests.console.conftest import People, log_in

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
QUEUE = "/console/"


def one(page: str, pattern: str) -> str:
    found = re.search(pattern, page, re.DOTALL)
    assert found, pattern
    return found[1]


def test_an_empty_queue_says_so(client: FlaskClient) -> None:
    page = client.get(QUEUE).text
    assert "Niemand wacht." in page
    assert "U hebt nu geen gesprekken." in page
    assert "Van collega" not in page


def test_the_most_urgent_comes_first_with_the_words_that_made_it_so(client: FlaskClient, people: People) -> None:
    people.asks_for_a_person("Amina")
    people.says("ik word geslagen", "tel:+32470000002")
    page = client.get(QUEUE).text
    assert page.index("Gevaar") < page.index("Amina")
    assert '<q dir="auto">ik word geslagen</q>' in page
    assert "Zonder naam" in page
    assert page.startswith("<!doctype html>")
    assert "<title>(2) Gesprekken" in page


def test_the_queue_knows_mine_and_those_of_colleagues(
    client: FlaskClient, people: People, house: House, an: int, bart: int
) -> None:
    ids = [people.asks_for_a_person(f"Naam{n}", f"tel:+3247000001{n}") for n in range(3)]
    cases.claim(house, ids[1], an)
    cases.claim(house, ids[2], bart)
    page = client.get(f"{QUEUE}?view=all").text
    page = page[page.index('id="waiting"') :]
    order = ["Wacht op een mens", "Naam0", "Van mij", "Naam1", "Van collega", "Naam2", "Bij Bart Claes"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_waiting_is_said_as_people_say_it(client: FlaskClient, people: People, clock: Any) -> None:
    people.asks_for_a_person()
    clock.advance(minutes=42)
    assert one(client.get(QUEUE).text, r"data-span>([^<]+)<") == "42 minuten"
    clock.advance(hours=1.5)
    assert one(client.get(QUEUE).text, r"data-span>([^<]+)<") == "2 uur"


def test_the_fragment_is_silent_until_something_changes(client: FlaskClient, people: People, clock: Clock) -> None:
    people.asks_for_a_person()
    seen = one(client.get(QUEUE).text, r'data-seen="(\w+)"')
    assert client.get(f"/console/queue?seen={seen}").status_code == 204
    people.says("nog iets")
    assert client.get(f"/console/queue?seen={seen}").status_code == 204, "a page rests after it was made"
    clock.advance(seconds=queue_views.RESTS.total_seconds())
    fresh = client.get(f"/console/queue?seen={seen}")
    assert "nog iets" in fresh.text
    assert "<html" not in fresh.text


@pytest.mark.parametrize("place", ["queue", "case"])
def test_names_and_words_are_never_markup(client: FlaskClient, people: People, place: str) -> None:
    case_id = people.asks_for_a_person(NASTY)
    people.says(NASTY)
    page = client.get(QUEUE if place == "queue" else f"/console/cases/{case_id}").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "Content-Security-Policy" in client.get(QUEUE).headers


def test_line_ends_and_other_scripts_stay_as_they_are(client: FlaskClient, people: People) -> None:
    case_id = people.asks_for_a_person()
    people.says("مرحبا\nشكرا")
    assert '<p class="text" dir="auto" lang="nl">مرحبا\nشكرا</p>' in client.get(f"/console/cases/{case_id}").text


@pytest.mark.parametrize(
    ("kind", "media", "text", "shown"),
    [
        (Kind.MEDIA, (Media("photo"),), "", "[foto]"),
        (Kind.MEDIA, (Media("voice_note", seconds=12),), "", "[spraakbericht, 12 seconden]"),
        (Kind.MEDIA, (Media("voice_note", seconds=1),), "", "[spraakbericht, 1 seconde]"),
        (Kind.MEDIA, (Media("something new"),), "", "[bestand]"),
        (Kind.MEDIA, (Media("location"), Media("photo")), "kijk", "[plaats op de kaart]"),
        (Kind.SPEECH, (), "een brief", "gesproken, door een computer uitgeschreven"),
        (Kind.KEYS, (), "5", "toetsen"),
        (Kind.SILENCE, (), "", "zegt niets"),
        (Kind.RECORDING, (Media("recording", seconds=34),), "", "[opname, 34 seconden]"),
        (Kind.RECORDING, (), "", "sprak een bericht in"),
    ],
)
def test_what_is_not_words_is_said_in_words(
    client: FlaskClient, people: People, kind: Kind, media: tuple[Media, ...], text: str, shown: str
) -> None:
    case_id = people.asks_for_a_person()
    people.says(text, channel="voice", kind=kind, media=media)
    assert shown in client.get(f"/console/cases/{case_id}").text


@pytest.mark.parametrize(("channel", "urn", "shown"), [("sms", "tel:+32470000001", 0), ("telegram", "telegram:7", 1)])
def test_buttons_are_shown_where_the_text_does_not_list_them(
    client: FlaskClient, people: People, channel: str, urn: str, shown: int
) -> None:
    case_id = people.asks_for_a_person("Amina", urn, channel)
    assert client.get(f"/console/cases/{case_id}").text.count('<li dir="auto">Nederlands</li>') == shown


def newest_out(house: House, case_id: int) -> case_views.LogEntry:
    return [entry for entry in case_views.view(house, case_id).log if entry.author == "counsellor"][-1]


def sent(house: House, entry: case_views.LogEntry, provider_id: str = "SM1") -> None:
    """The worker handed it to the provider."""
    with house.store.write() as connection:
        messages.move(connection, entry.id, Status.SENDING)
        messages.move(connection, entry.id, Status.SENT, provider_id=provider_id)


@pytest.mark.parametrize(
    ("status", "code", "shown"),
    [
        (Status.DELIVERED, "", "bezorgd</p>"),
        (Status.READ, "", "gelezen</p>"),
        (Status.FAILED, "30003", "Niet bezorgd: de telefoon staat uit of heeft geen bereik"),
        (Status.FAILED, "21610", "Niet bezorgd: deze persoon wil hier geen berichten meer"),
        (Status.FAILED, "12345", "Niet bezorgd: wij weten niet waarom"),
    ],
)
def test_delivery_is_said_in_plain_words(
    client: FlaskClient, people: People, house: House, an: int, status: Status, code: str, shown: str
) -> None:
    case_id = people.asks_for_a_person()
    cases.claim(house, case_id, an)
    people.said_to(case_id, an, "Dag Amina")
    assert "wacht om te vertrekken" in client.get(f"/console/cases/{case_id}").text
    sent(house, newest_out(house, case_id))
    assert "verstuurd</p>" in client.get(f"/console/cases/{case_id}").text
    receipts.receipt(house, Receipt("sms", "SM1", status, code))
    assert shown in client.get(f"/console/cases/{case_id}").text
    failed = "1 bericht niet bezorgd" in client.get(QUEUE).text
    assert failed is (status is Status.FAILED)


def test_every_value_of_the_house_has_its_words() -> None:
    assert set(words.REASONS) == set(Reason)
    assert set(words.DELIVERY) - {words.POSTPONED} == set(MOVES) == set(Status)
    assert {"contact", "bot", "counsellor"} == set(words.AUTHORS)
    assert set(words.HOW) | set(words.HAPPENED) | {Kind.TEXT, Kind.MEDIA} == set(Kind)


def test_the_answers_of_the_intake_stand_beside_the_conversation(client: FlaskClient, people: People) -> None:
    for text in ("hallo", "1", "Sofie", "9000", "1"):
        people.says(text)
    people.says("0")
    page = client.get("/console/cases/1").text
    assert re.search(r"<dt>Postcode</dt><dd[^>]*><bdi>9000", page)
    assert "tel:+32470000001" in page


def test_a_case_that_is_not_there_is_a_page_in_our_own_words(client: FlaskClient) -> None:
    for path in ("cases/99", "cases/99999999999999999999999", "cases/x", "nergens", "cases/99/updates?after=0"):
        answer = client.get(f"/console/{path}")
        assert answer.status_code == 404
        assert "Deze pagina is er niet" in answer.text
    assert client.post("/console/cases/99/claim").status_code == 404


def test_the_address_of_a_form_leads_to_its_page(client: FlaskClient, people: People) -> None:
    case_id = people.asks_for_a_person()
    assert client.get(f"/console/cases/{case_id}/reply").location == f"/console/cases/{case_id}"


def test_pages_are_kept_by_nobody_and_framed_by_nobody(client: FlaskClient) -> None:
    headers = client.get(QUEUE).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_static_files_stay_with_the_browser_as_long_as_they_are_the_same(client: FlaskClient) -> None:
    page = client.get(QUEUE).text
    addresses = re.findall(r'"(/console/static/[^"]+)"', page)
    assert len(addresses) == 3
    for address in addresses:
        assert re.search(r"\?v=[0-9a-f]{12}$", address)
        with client.get(address) as answer:
            assert "immutable" in answer.headers["Cache-Control"]


def test_a_first_load_weighs_less_than_thirty_kilobytes(
    client: FlaskClient, people: People, house: House, an: int
) -> None:
    case_id = people.asks_for_a_person()
    cases.claim(house, case_id, an)
    for number in range(30):
        people.says(f"Vraag {number} over de opleiding tot lasser, en wanneer die begint")
        people.said_to(case_id, an, f"Antwoord {number}: in januari, en u kunt nog inschrijven")
    weight = 0
    page = client.get(f"/console/cases/{case_id}", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    for address in re.findall(r'"(/console/static/[^"]+)"', gzip.decompress(page.data).decode()):
        with client.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
            weight += len(answer.data)
    assert weight + len(page.data) < 30_000


def test_a_day_is_said_when_it_is_not_today(client: FlaskClient, people: People, clock: Any) -> None:
    case_id = people.asks_for_a_person()
    page = client.get(f"/console/cases/{case_id}").text
    assert re.search(r'title="[^"]+">\d\d:\d\d</time>', page)
    clock.advance(days=2)
    page = log_in(client).get(f"/console/cases/{case_id}").text
    assert re.search(r'title="\w+dag \d+ \w+ \d{4} \d\d:\d\d">\w+dag \d+ \w+( \d{4})? \d\d:\d\d</time>', page)


def test_our_own_fault_is_a_page_without_its_cause(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*asked: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(queue_views, "look", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get(QUEUE)
    assert answer.status_code == 500
    assert "Het ligt niet aan u" in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("pl", "ltr"), ("fa", "ltr"), ("nl", "ltr")])
def test_a_page_runs_in_the_direction_of_its_language(app: Flask, language: str, direction: str) -> None:
    """A language that is only prepared has no pages: those are Dutch."""
    page = app.test_client().get("/console/login", headers={"Accept-Language": language}).text
    shown = language if language != "fa" else "nl"
    assert f'<html lang="{shown}" dir="{direction}">' in page


def test_the_answers_are_told_in_the_readers_language(
    client: FlaskClient, people: People, house: House, an: int
) -> None:
    case_id = people.asks_for_a_person()
    assert [line.title for line in case_views.view(house, case_id, "fr").answers] == ["Prénom"]
    assert [line.title for line in case_views.view(house, case_id).answers] == ["Naam"]


def test_no_page_says_left_or_right_in_its_looks() -> None:
    """What runs from right to left is mirrored by the browser, if the looks let it."""
    for sheet in (Path("console/static/console.css"), Path("playground/static/playground.css")):
        css = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(?:margin|padding|border)-(?:left|right)\b|text-align: ?(?:left|right)", css), sheet.name
