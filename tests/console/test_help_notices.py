"""Berichten: chosen, looked at, sent once, followed, held back."""

from __future__ import annotations

import gzip
import re
import threading
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from bot.meetings import MeetingKind
from bot.service import accounts, cases, notices
from bot.service.house import House
from bot.store import schema
from bot.store.engine import Store
from console import help_words
from tests.conftest import Clock
from tests.console.conftest import PASSWORD, People, log_in, make_app
from tests.console.helping import FRENCH, NASTY, Desk, form_of, post, text_of, to_a_working_day

NOTICES = "/console/notices"
LETTER = {"letter": "letter_talk"}


@pytest.fixture
def house(house: House, clock: Clock) -> House:
    """The house on a working day at ten."""
    to_a_working_day(clock.advance, clock(), house.holidays)
    return house


@pytest.fixture
def desk(house: House, people: People) -> Desk:
    return Desk(house, people)


def previewed(client: FlaskClient, **data: Any) -> str:
    status, page = post(client, "/notices/preview", **{**LETTER, "everybody": "1", **data})
    assert status == 200
    return page


def sent(client: FlaskClient, page: str) -> str:
    answer = client.post(f"{NOTICES}/send", data=form_of(page, f"{NOTICES}/send"), follow_redirects=True)
    assert answer.status_code == 200
    return text_of(answer.text)


def test_who_sent_nothing_is_told_what_it_is_for(client: FlaskClient) -> None:
    assert "Er is nog niets verstuurd." in client.get(NOTICES).text
    assert "Niemand past hierbij." in client.get(f"{NOTICES}/new").text


def test_the_preview_says_the_words_the_cost_and_who_is_left_out(
    client: FlaskClient, desk: Desk, people: People, an: int
) -> None:
    desk.asks("Amina", 1)
    desk.asks("Ben", 2)
    desk.asks("Fatima", 3, FRENCH, "telegram")
    desk.claimed(an, name="Chris", number=4)
    people.says("STOP", "tel:+32470000002")
    page = previewed(client)
    told = text_of(page)
    assert "Mensen 2 Sms-delen 1 Kost € 0,10" in told.replace("\xa0", " ")
    assert "Nederlands · Sms · 1 mens · 1 deel elk U krijgt een brief van VDAB: een uitnodiging" in told
    assert "Frans · Telegram · 1 mens" in told
    assert "of wil er geen meer (1) Ben" in told
    assert "Spreekt nu met een collega: die vertelt het zelf (1) Chris" in told
    assert 'lang="fr"' in page
    assert notices.newest(desk.house) == [], "looking sends nothing"


def test_a_double_click_sends_once_and_the_outcome_is_followed(
    client: FlaskClient, desk: Desk, people: People, house: House
) -> None:
    for number, name in enumerate(("Amina", "Ben", "Chris"), 1):
        desk.asks(name, number)
    page = previewed(client)
    assert "Het bericht staat klaar voor 3." in sent(client, page)
    sent(client, page)
    assert len(notices.newest(house)) == 1
    assert "Brief: uitnodiging voor een gesprek An Peeters" in text_of(client.get(NOTICES).text)
    assert "Wacht nog 3" in text_of(client.get(NOTICES).text)
    people.says("STOP", "tel:+32470000003")
    assert notices.release(house) == 2
    people.says("1", "tel:+32470000001")
    told = text_of(client.get(NOTICES).text)
    assert "Onderweg 2" in told
    assert "Kreeg uitleg 1" in told
    assert "Nog geen antwoord 1" in told
    assert "of wil er geen meer 1" in told
    assert "Houd tegen" not in told


def test_of_two_who_send_the_same_form_at_once_one_does(store: Store, house: House, people: People) -> None:
    """On both databases."""
    here = replace(house, store=store)
    Desk(here, People(here)).asks()
    accounts.add_user(here, "mieke", "Mieke", PASSWORD)
    app = make_app(here, csrf=False)
    browsers = [log_in(app.test_client(), "mieke") for _ in range(2)]
    page = previewed(browsers[0])
    start, answers = threading.Barrier(2), []

    def send(browser: FlaskClient) -> None:
        start.wait()
        data = form_of(page, f"{NOTICES}/send")
        answers.append(browser.post(f"{NOTICES}/send", data=data).status_code)

    threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303, 303]
    [only] = notices.newest(here)
    assert only.waiting == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"letter": ""}, "Kies eerst een bericht."),
        ({"letter": "made_up"}, "Kies eerst een bericht."),
        ({"letter": "talk_on"}, "noemt een dag"),
        ({"letter": "talk_on", "day": "morgen"}, "noemt een dag"),
        ({"letter": "talk_on", "day": "2020-01-01"}, "Die dag is voorbij"),
        ({"everybody": ""}, "Kies wie het bericht krijgt"),
        ({"language": "pl"}, "Kies wie het bericht krijgt"),
    ],
)
def test_what_is_missing_is_told_and_the_rest_stays(
    client: FlaskClient, desk: Desk, house: House, changes: dict[str, str], why: str
) -> None:
    desk.asks()
    data = {**LETTER, "everybody": "1", **changes}
    status, page = post(client, "/notices/preview", **data)
    assert status == 422
    assert why in page
    if data["letter"] in house.letters and "language" not in changes:
        assert re.search(rf'value="{data["letter"]}" (?:class="dated" )?checked', page)
    assert notices.newest(house) == []


@pytest.mark.parametrize("changes", [{"letter": "made_up"}, {"letter": "talk_on"}, {"contacts": "all of them"}])
def test_what_cannot_be_sent_is_not(client: FlaskClient, desk: Desk, house: House, changes: dict[str, str]) -> None:
    desk.asks()
    assert post(client, "/notices/send", **{**LETTER, "token": "t" * 24, "contacts": "1", **changes})[0] == 422
    assert notices.newest(house) == []


def test_a_day_is_said_in_the_words(client: FlaskClient, desk: Desk, house: House) -> None:
    desk.asks()
    day = desk.workday(3)
    page = text_of(previewed(client, letter="talk_on", day=day.isoformat()))
    assert re.search(rf"VDAB verwacht u op \w+ {day.day}-{day.month}", page), page
    assert "talk_on" not in page


def test_what_was_chosen_stands_there_again_when_something_is_changed(client: FlaskClient, desk: Desk) -> None:
    one, two = (desk.contact(desk.asks(name, n)) for n, name in enumerate(("Amina", "Ben"), 1))
    page = previewed(client, everybody="", contact=[str(two)])
    again = client.post(f"{NOTICES}/new", data=form_of(page, f"{NOTICES}/new")).text
    assert re.search(rf'name="contact" value="{two}" checked', again)
    assert not re.search(rf'name="contact" value="{one}" checked', again)
    assert re.search(r'value="letter_talk" checked', again)


def test_one_contact_is_written_to_from_the_case(client: FlaskClient, desk: Desk, house: House) -> None:
    desk.asks("Ben", 2)
    case_id = desk.asks()
    assert f'href="{NOTICES}/new?case={case_id}"' in client.get(f"/console/cases/{case_id}").text
    page = client.get(f"{NOTICES}/new?case={case_id}").text
    assert "Amina" in page
    assert "Ben" not in page
    contact = desk.contact(case_id)
    assert re.search(rf'name="contact" value="{contact}" checked', page)
    sent(client, previewed(client, everybody="", contact=[str(contact)], case=str(case_id)))
    assert notices.newest(house)[0].waiting == 1
    assert client.get(f"{NOTICES}/new?case=99").status_code == 404
    assert client.get(f"{NOTICES}/new?case={'9' * 40}").status_code == 200


def test_contacts_are_narrowed_down_by_what_a_person_decided(client: FlaskClient, desk: Desk, people: People) -> None:
    desk.asks("Amina", 1)
    people.asks_for_a_person("Ben", "tel:+32470000002")
    page = client.get(f"{NOTICES}/new?tier=face&region=east_flanders&programme=missing_link").text
    assert "Amina" in page
    assert ">Ben<" not in page
    assert "Onbekend (1)" in page
    assert ">Ben<" in client.get(f"{NOTICES}/new?tier=unknown").text


def test_of_many_the_first_stand_there_and_all_can_be_chosen(client: FlaskClient, desk: Desk, house: House) -> None:
    now = house.now()
    rows = [{"name": f"Naam {n}", "language": "nl", "created_at": now, "seen_at": now} for n in range(130)]
    with house.store.write() as connection:
        connection.execute(insert(schema.contacts), rows)
    page = client.get(f"{NOTICES}/new").text
    assert page.count('name="contact"') == 100
    assert "Hier staan de eerste 100." in page
    assert "Iedereen in deze lijst (130)" in page
    assert "(130)" in text_of(previewed(client)), "whom no message reaches is said by number"


def test_what_did_not_go_out_yet_is_held_back(client: FlaskClient, desk: Desk, house: House) -> None:
    desk.asks()
    sent(client, previewed(client))
    [notice] = notices.newest(house)
    assert "1 mens heeft het nog niet." in text_of(client.get(NOTICES).text)
    answer = client.post(f"{NOTICES}/{notice.id}/stop", follow_redirects=True)
    told = text_of(answer.text)
    assert "Wie het bericht nog niet had, krijgt het niet meer." in told
    assert "tegengehouden" in told
    assert notices.release(house) == 0
    for number in (99, 2**70):
        assert client.post(f"{NOTICES}/{number}/stop").status_code == 404


@pytest.mark.parametrize("token", ["", "short", "x" * 65])
def test_a_form_without_a_proper_token_is_not_ours(client: FlaskClient, desk: Desk, house: House, token: str) -> None:
    desk.asks()
    assert post(client, "/notices/send", **LETTER, contacts="1", token=token)[0] == 400
    assert notices.newest(house) == []


def test_the_same_form_with_another_letter_is_another_notice(client: FlaskClient, desk: Desk, house: House) -> None:
    desk.asks()
    form = {"contacts": "1", "token": "t" * 24}
    assert post(client, "/notices/send", **form, letter="letter_talk")[0] == 303
    status, page = post(client, "/notices/send", **form, letter="letter_job")
    assert status == 422
    assert "al een ander bericht verstuurd" in page
    assert len(notices.newest(house)) == 1


def test_names_are_never_markup_and_never_in_an_address(client: FlaskClient, desk: Desk, house: House, an: int) -> None:
    case_id = desk.claimed(an, name=NASTY)
    group = desk.publish(an, MeetingKind.GROUP, title=NASTY[:60])
    pages = [
        client.get(f"/console{path}").text
        for path in (
            f"/cases/{case_id}",
            f"/cases/{case_id}/proposal",
            "/times",
            f"/times/{group}/off",
            f"/times/{group}/invite",
            "/notices/new",
        )
    ]
    pages.append(previewed(client))
    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
        addresses = re.findall(r'(?:href|action|src)="(/[^"]*)"', page)
        assert not [address for address in addresses if "3247" in address or "alert" in address]


def test_every_page_weighs_less_than_thirty_kilobytes(client: FlaskClient, desk: Desk, house: House, an: int) -> None:
    for number in range(1, 9):
        desk.asks(f"Naam {number}", number)
    with house.store.write() as connection:
        now = house.now()
        rows = [{"name": f"Naam {n}", "language": "nl", "created_at": now, "seen_at": now} for n in range(2000)]
        connection.execute(insert(schema.contacts), rows)
    group = desk.publish(an, MeetingKind.GROUP, 15)
    for hour in (8, 9, 10, 11, 12, 13):
        desk.publish(an, hour=hour, minutes=15, office="gent")
    for letter in ("letter_talk", "letter_job", "group_soon"):
        notices.send(house, f"key {letter}", letter, None, range(1, 9), an)
    of_group = (f"/times/{group}/off", f"/times/{group}/invite")
    paths = ("/times", "/times/new", *of_group, "/notices", "/notices/new")
    static = 0
    for path in paths:
        page = client.get(f"/console{path}", headers={"Accept-Encoding": "gzip"})
        if not static:
            for address in re.findall(r'"(/console/static/[^"]+)"', gzip.decompress(page.data).decode()):
                with client.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
                    static += len(answer.data)
        assert static + len(page.data) < 30_000, path


def test_every_answer_and_every_delivery_has_its_words(desk: Desk, client: FlaskClient, house: House) -> None:
    assert {notices.NO_WAY, notices.WITH_PERSON} <= set(help_words.LEFT_OUT)
    assert set(help_words.DELIVERIES.values()) <= set(help_words.OUTCOMES)


def test_after_a_claim_the_worker_leaves_out_whom_the_preview_left_out(
    client: FlaskClient, desk: Desk, house: House, an: int
) -> None:
    case_id = desk.asks()
    sent(client, previewed(client))
    cases.claim(house, case_id, an)
    assert notices.release(house) == 0
    assert "die vertelt het zelf 1" in text_of(client.get(NOTICES).text)


def test_who_is_to_be_helped_at_once_gets_no_notice_before_a_person_spoke(
    client: FlaskClient, desk: Desk, people: People, house: House
) -> None:
    desk.asks()
    page = previewed(client)
    people.says("ik wil dood", "tel:+32470000001")
    sent(client, page)
    assert notices.release(house) == 0
    assert "die vertelt het zelf 1" in text_of(client.get(NOTICES).text)
