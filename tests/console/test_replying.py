"""Answering, without JavaScript: ready answers, the preview, a newer message, drafts, and what did not arrive."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import write_po
from flask import Flask
from flask.testing import FlaskClient

from bot import content
from bot.catalogues import Catalogues, po_path, read_catalogue
from bot.hours import BELGIUM
from bot.messages import Mode, Receipt, Status
from bot.service import case_views, cases, drafts, receipts, replies
from bot.service.case_views import LogEntry
from bot.service.house import House
from bot.store import cases as stored
from bot.wording import Wording
from tests.console.conftest import People, log_in, make_app
from tests.console.helping import form_of, post, text_of
from tests.console.test_pages import newest_out, sent

TOKEN = "a-token-of-a-form-0001"
ARABIC = "انظر الأمر وأجيبك قبل {time}."


def said(house: House, case_id: int) -> list[LogEntry]:
    """The counsellors' messages."""
    return [entry for entry in case_views.view(house, case_id).log if entry.author == "counsellor"]


def box(client: FlaskClient, case_id: int) -> str:
    """What stands in the answer box."""
    page = client.get(f"/console/cases/{case_id}").text
    found = re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found, "no box"
    return found[1]


@pytest.fixture
def mine(people: People, house: House, an: int) -> int:
    """A case of An's."""
    case_id = people.asks_for_a_person()
    cases.claim(house, case_id, an)
    return case_id


@pytest.fixture
def translated(house: House, tmp_path: Path) -> House:
    """The same house with one ready answer in Arabic, whatever translators have done by now."""
    directory = tmp_path / "locales"
    for language in set(house.complete) - {"nl"}:
        catalogue = read_catalogue(language)
        if language == "ar":
            said_in_dutch, place = house.ready["look_up"].text.of(Mode.TEXT), "ready/look_up/text/text"
            catalogue.delete(said_in_dutch, place)
            catalogue.add(said_in_dutch, ARABIC, context=place)
        path = po_path(language, directory)
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_po(file, catalogue)
    return replace(house, wording=Wording(Catalogues(house.complete, directory), content.load_transliteration()))


@pytest.fixture
def amal(translated: House, an: int) -> int:
    """A case of An's with somebody who speaks Arabic."""
    people = People(translated)
    for text in ("hallo", "3", "Amal", "0"):
        people.says(text, "tel:+32470000003")
    case_id = max(row.id for row in case_views.queue(translated))
    cases.claim(translated, case_id, an)
    return case_id


@pytest.fixture
def desk(translated: House, amal: int) -> FlaskClient:
    """An's browser in the house with Arabic."""
    return log_in(make_app(translated, csrf=False).test_client())


# Ready answers


def test_who_speaks_dutch_alone_answers_in_arabic_with_approved_words(
    desk: FlaskClient, translated: House, amal: int
) -> None:
    assert post(desk, f"/cases/{amal}/ready", text="", channel="sms", ready="look_up")[0] == 303
    page = desk.get(f"/console/cases/{amal}").text
    assert box(desk, amal) == ARABIC
    assert "Dat betekent: Ik kijk het na en antwoord u voor {time}." in text_of(page)
    assert "Dag en uur" in page

    status, refused = post(desk, f"/cases/{amal}/reply", text=ARABIC, channel="sms", token=TOKEN)
    assert (status, "Er staat nog iets open: {time}" in refused) == (422, True)
    when = (translated.now() + timedelta(days=2)).astimezone(BELGIUM).replace(hour=14, minute=0)
    given = {"text": ARABIC, "channel": "sms", "gap_time": when.strftime("%Y-%m-%dT%H:%M")}
    assert post(desk, f"/cases/{amal}/fill", **given)[0] == 303
    filled = box(desk, amal)
    assert "{" not in filled
    assert "14:00" in filled
    assert re.search(r"antwoord u voor .*14:00", text_of(desk.get(f"/console/cases/{amal}").text))

    assert post(desk, f"/cases/{amal}/reply", text=filled, channel="sms", token=TOKEN)[0] == 303
    assert [entry.text for entry in said(translated, amal)] == [filled]


def test_names_are_filled_by_themselves_and_asked_for_when_unknown(
    client: FlaskClient, people: People, house: House, an: int, mine: int
) -> None:
    post(client, f"/cases/{mine}/ready", text="", channel="sms", ready="hello")
    assert box(client, mine) == "Dag Amina, ik ben An Peeters van VDAB. Ik help u verder."
    people.says("ik word geslagen", "tel:+32470000002")
    nameless = max(row.id for row in case_views.queue(house))
    cases.claim(house, nameless, an)
    post(client, f"/cases/{nameless}/ready", text="", channel="sms", ready="goodbye")
    assert "{name}" in box(client, nameless)
    assert "Naam van deze persoon" in client.get(f"/console/cases/{nameless}").text
    post(client, f"/cases/{nameless}/fill", text=box(client, nameless), channel="sms", gap_name="mevrouw {time}")
    assert box(client, nameless) == "Graag gedaan, mevrouw {time}. Het beste voor u."


def test_a_ready_answer_comes_after_what_was_typed(client: FlaskClient, mine: int) -> None:
    post(client, f"/cases/{mine}/ready", text="Eerst dit.", channel="sms", ready="thanks")
    assert box(client, mine) == "Eerst dit.\n\nDank u voor uw bericht. Ik lees het nu na."
    status, page = post(client, f"/cases/{mine}/ready", text="Nog iets", channel="sms", ready="nothing")
    assert status == 422
    assert "Kies eerst een klaar antwoord." in page
    assert "Nog iets</textarea>" in page


@pytest.mark.parametrize("given", ["", "gisteren", "2020-01-01T10:00", "2026-13-40T99:00"])
def test_a_moment_that_is_none_or_past_stays_open(client: FlaskClient, mine: int, given: str) -> None:
    status, page = post(client, f"/cases/{mine}/fill", text="Voor {time}.", channel="sms", gap_time=given)
    assert status == 422
    assert "die nog komen" in page
    assert "Voor {time}.</textarea>" in page


def test_an_answer_that_is_not_translated_says_so(desk: FlaskClient, translated: House, amal: int) -> None:
    untold = replace(translated.ready["done"], id="untold")
    ready = {**translated.ready, "untold": untold}
    client = log_in(make_app(replace(translated, ready=ready), csrf=False).test_client())
    client.post(f"/console/cases/{amal}/ready", data={"ready": "untold", "channel": "sms", "text": ""})
    assert "nog niet vertaald" in client.get(f"/console/cases/{amal}").text


def test_in_a_call_a_ready_answer_is_worded_for_the_ear(client: FlaskClient, mine: int) -> None:
    post(client, f"/cases/{mine}/ready", text="", channel="voice", ready="call_us")
    assert "0 8 0 0. 3 0. 7 0 0." in box(client, mine)


# Looking at it first


def test_a_preview_shows_what_arrives_and_what_it_takes(client: FlaskClient, house: House, mine: int) -> None:
    form = {"text": "“Cliënt” – " * 8, "channel": "sms", "token": TOKEN, "seen": "99"}
    status, page = post(client, f"/cases/{mine}/preview", **form)
    told = text_of(page)
    assert status == 200
    assert '"Cliënt" - "Cliënt"' in html.unescape(told)
    assert "2 sms, € 0,20" in told.replace("\xa0", " ")
    assert "Door “ë” kost dit meer." in told
    assert said(house, mine) == []

    status, page = post(client, f"/cases/{mine}/preview", **form, around="1")
    assert "1 sms, € 0,10" in text_of(page).replace("\xa0", " ")
    assert "kost dit meer" not in page
    fields = form_of(page, f"/console/cases/{mine}/reply")
    sent_on = {name: values[0] for name, values in fields.items()}
    assert post(client, f"/cases/{mine}/reply", **{**sent_on, "text": html.unescape(sent_on["text"])})[0] == 303
    assert "Client" in said(house, mine)[0].text
    assert box(client, mine) == ""


def test_a_preview_of_a_call_has_the_words_around_it(client: FlaskClient, mine: int) -> None:
    status, page = post(client, f"/cases/{mine}/preview", text="Tot morgen", channel="voice", token=TOKEN)
    assert status == 200
    assert "Dag. Dit is VDAB, met een antwoord van een mens. Tot morgen. Wilt u iets terugzeggen?" in page
    assert re.search(r"ongeveer \d+ seconden voorlezen", page)


def test_a_preview_of_too_much_is_refused_with_the_words_kept(client: FlaskClient, mine: int) -> None:
    status, page = post(client, f"/cases/{mine}/preview", text="x" * 601, channel="voice", token=TOKEN)
    assert status == 422
    assert "telt 601 tekens. Hoogstens 600 kan." in page
    assert box(client, mine) == "x" * 601


# A newer message


def test_who_answers_past_a_newer_message_is_asked_once_more(
    client: FlaskClient, people: People, house: House, mine: int
) -> None:
    page = client.get(f"/console/cases/{mine}").text
    form = {name: values[0] for name, values in form_of(page, f"/console/cases/{mine}/reply").items()}
    people.says("Laat maar, ik heb al werk <b>")
    status, page = post(client, f"/cases/{mine}/reply", **form, channel="sms", text="Kom morgen langs.")
    assert status == 409
    assert "Er kwam net een nieuw bericht" in page
    assert re.search('<div class="arrived">.*Laat maar, ik heb al werk &lt;b&gt;.*<form', page, re.DOTALL)
    assert "Toch versturen" in page
    assert "Kom morgen langs.</textarea>" in page
    assert said(house, mine) == []
    form = {name: values[0] for name, values in form_of(page, f"/console/cases/{mine}/reply").items()}
    people.says("Of toch")
    status, page = post(client, f"/cases/{mine}/reply", **form, channel="sms", text="Kom morgen langs.")
    assert (status, "Of toch" in page) == (409, True)
    form = {name: values[0] for name, values in form_of(page, f"/console/cases/{mine}/reply").items()}
    assert post(client, f"/cases/{mine}/reply", **form, channel="sms", text="Kom morgen langs.")[0] == 303
    assert [entry.text for entry in said(house, mine)] == ["Kom morgen langs."]


# Drafts


def test_a_draft_is_there_on_another_computer_until_it_is_sent(
    app: Flask, client: FlaskClient, house: House, mine: int
) -> None:
    quiet = client.post(f"/console/cases/{mine}/draft", data={"text": "Half <af>", "channel": "sms", "quiet": "1"})
    assert (quiet.status_code, quiet.data) == (204, b"")
    elsewhere = log_in(app.test_client())
    assert box(elsewhere, mine) == "Half &lt;af&gt;"
    assert "Half" not in text_of(client.get("/console/").text)
    post(elsewhere, f"/cases/{mine}/reply", text="Helemaal af", channel="sms", token=TOKEN)
    assert box(client, mine) == ""


def test_a_draft_that_comes_after_its_form_was_sent_is_not_kept(client: FlaskClient, house: House, mine: int) -> None:
    post(client, f"/cases/{mine}/reply", text="Af", channel="sms", token=TOKEN)
    post(client, f"/cases/{mine}/draft", text="Af", channel="sms", token=TOKEN, quiet="1")
    assert box(client, mine) == ""


def test_without_javascript_a_button_keeps_it(client: FlaskClient, mine: int) -> None:
    answer = client.post(f"/console/cases/{mine}/draft", data={"text": "Half", "channel": "sms"}, follow_redirects=True)
    assert "Uw tekst is bewaard. Hij is nog niet verstuurd." in answer.text
    client.post(f"/console/cases/{mine}/draft", data={"text": " ", "channel": "sms"})
    assert box(client, mine) == ""


def test_a_draft_survives_a_change_of_owner(
    client: FlaskClient, other: FlaskClient, house: House, an: int, bart: int, mine: int
) -> None:
    """zammad#5953: a draft was lost when the owner changed."""
    drafts.keep(house, mine, an, "Dit had An klaar")
    assert "Dit had An klaar" not in other.get(f"/console/cases/{mine}").text
    cases.release(house, mine, an)
    assert "Uw tekst is niet verstuurd" in client.get(f"/console/cases/{mine}").text
    cases.claim(house, mine, bart)
    page = client.get(f"/console/cases/{mine}").text
    assert "Dit had An klaar</textarea>" in page
    assert "An Peeters had dit klaar:" in text_of(other.get(f"/console/cases/{mine}").text)
    post(client, f"/cases/{mine}/draft", text="Dit had An klaar, en meer", channel="sms", quiet="1")
    drafts.keep(house, mine, bart, "Van Bart")
    assert post(other, f"/cases/{mine}/take", **{"from": str(an)})[0] == 303
    assert box(other, mine) == "Van Bart\n\nDit had An klaar, en meer"
    assert "had dit klaar" not in other.get(f"/console/cases/{mine}").text
    assert post(other, f"/cases/{mine}/take", **{"from": str(an)})[0] == 409


def test_what_was_left_is_not_offered_after_an_answer(
    other: FlaskClient, house: House, an: int, bart: int, people: People, mine: int
) -> None:
    drafts.keep(house, mine, an, "Oud idee")
    cases.release(house, mine, an)
    cases.claim(house, mine, bart)
    people.said_to(mine, bart, "Nieuw antwoord")
    assert "Oud idee" not in other.get(f"/console/cases/{mine}").text


def test_who_does_not_have_the_case_takes_nothing(other: FlaskClient, house: House, an: int, mine: int) -> None:
    drafts.keep(house, mine, an, "Van An")
    assert post(other, f"/cases/{mine}/take", **{"from": str(an)})[0] == 409
    kept = drafts.kept(house, mine, an).own
    assert kept is not None
    assert kept.text == "Van An"


# What did not arrive


@pytest.fixture
def failed(house: House, people: People, an: int, mine: int) -> LogEntry:
    people.said_to(mine, an, "Ik bel u vandaag.")
    entry = newest_out(house, mine)
    sent(house, entry)
    receipts.receipt(house, Receipt("sms", "SM1", Status.FAILED, "30005"))
    return entry


def test_what_did_not_arrive_is_sent_again_once_and_last(
    client: FlaskClient, house: House, people: People, an: int, mine: int, failed: LogEntry
) -> None:
    page = client.get(f"/console/cases/{mine}").text
    assert "dit nummer bestaat niet" in page
    assert "Probeer opnieuw" in page
    people.said_to(mine, an, "Nog iets anders.")
    for _ in range(2):
        assert post(client, f"/cases/{mine}/again", message=str(failed.id), channel="sms")[0] == 303
    assert [entry.text for entry in said(house, mine)] == ["Ik bel u vandaag.", "Nog iets anders.", "Ik bel u vandaag."]
    page = client.get(f"/console/cases/{mine}").text
    assert "Probeer opnieuw" not in page
    assert "Opnieuw verstuurd" in page
    assert "niet bezorgd" not in text_of(page.partition('id="entries"')[0])


def test_it_goes_over_another_way_with_the_words_of_that_way(
    client: FlaskClient, house: House, mine: int, failed: LogEntry
) -> None:
    assert post(client, f"/cases/{mine}/again", message=str(failed.id), channel="voice")[0] == 303
    newest = said(house, mine)[-1]
    assert newest.channel == "voice"
    assert "een antwoord van een mens. Ik bel u vandaag. Wilt u" in newest.text
    assert post(client, f"/cases/{mine}/again", message=str(failed.id), channel="sms")[0] == 409


def test_only_what_did_not_arrive_and_only_by_who_has_the_case(
    client: FlaskClient, other: FlaskClient, house: House, people: People, an: int, mine: int, failed: LogEntry
) -> None:
    people.said_to(mine, an, "Dit vertrekt nog.")
    waiting = newest_out(house, mine)
    bots = next(entry for entry in case_views.view(house, mine).log if entry.author == "bot")
    for message in (waiting.id, bots.id, 999, "x"):
        assert post(client, f"/cases/{mine}/again", message=str(message), channel="sms")[0] == 409
    assert post(other, f"/cases/{mine}/again", message=str(failed.id), channel="sms")[0] == 409
    assert "Probeer opnieuw" not in other.get(f"/console/cases/{mine}").text
    assert len(said(house, mine)) == 2


def test_another_contacts_message_is_not_repeated(
    client: FlaskClient, house: House, people: People, an: int, failed: LogEntry
) -> None:
    elsewhere = people.asks_for_a_person("Lotte", "tel:+32470000009")
    cases.claim(house, elsewhere, an)
    assert post(client, f"/cases/{elsewhere}/again", message=str(failed.id), channel="sms")[0] == 409
    assert said(house, elsewhere) == []


def test_a_repeat_is_written_down(house: House, an: int, mine: int, failed: LogEntry) -> None:
    replies.send_again(house, mine, an, failed.id, "sms")
    with house.store.read() as connection:
        events = stored.events_after(connection, case_views.contact_of(house, mine), 0)
    last = events[-1]
    assert (last.type, last.user_id, last.message_id, last.data) == (
        "sent_again",
        an,
        failed.id,
        {"as": said(house, mine)[-1].id},
    )
