"""Momenten: times are published, called off and filled with people; and the calendar."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from bot.meetings import MeetingKind
from bot.service import accounts, calendars, publishing
from bot.service.house import House
from bot.store.engine import Store
from console.offering import FIRST, NOT_RIGHT
from tests.conftest import Clock
from tests.console.conftest import CALENDAR, PASSWORD, People, log_in, make_app
from tests.console.helping import FRENCH, NASTY, Desk, post, text_of, to_a_working_day

TIMES = "/console/times"


@pytest.fixture
def house(house: House, clock: Clock) -> House:
    """The house on a working day at ten."""
    to_a_working_day(clock.advance, clock(), house.holidays)
    return house


@pytest.fixture
def desk(house: House, people: People) -> Desk:
    return Desk(house, people)


def wanted(desk: Desk, **changes: str) -> dict[str, str]:
    """What is filled in for two talks in Gent."""
    day = desk.workday(2).isoformat()
    return {**FIRST, "day": day, "first": "10:00", "count": "2", "office": "gent", **changes}


def mine(house: House, user_id: int) -> list[publishing.MeetingView]:
    return list(publishing.upcoming(house, user_id))


def test_who_has_no_times_is_told_what_they_are_for(client: FlaskClient) -> None:
    assert "Er staan nog geen momenten klaar." in client.get(TIMES).text


def test_times_are_published_and_listed(client: FlaskClient, desk: Desk, house: House, an: int) -> None:
    answer = client.post(f"{TIMES}/new", data=wanted(desk), follow_redirects=True)
    told = text_of(answer.text)
    assert "De momenten staan klaar: 2." in told
    assert "10:00 –10:30 Gesprek op kantoor Gent vrij" in told
    assert "10:30 –11:00" in told
    assert [meeting.office for meeting in mine(house, an)] == ["gent", "gent"]


@pytest.mark.parametrize("kind", list(MeetingKind))
def test_what_belongs_to_another_kind_does_not_count(
    client: FlaskClient, desk: Desk, house: House, an: int, kind: MeetingKind
) -> None:
    data = wanted(desk, kind=kind, title="Samen sterk", places="6", invited_only="1", count="1", team="youth")
    assert post(client, "/times/new", **data)[0] == 303
    [made] = mine(house, an)
    group = kind is MeetingKind.GROUP
    assert (made.title, made.places, made.invited_only) == (("Samen sterk", 6, True) if group else ("", 1, False))
    assert made.office == ("" if kind is MeetingKind.CALL else "gent")
    assert made.team == "youth"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "tea"}, "kind"),
        ({"day": ""}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"first": "25:00"}, "first"),
        ({"minutes": "a lot"}, "minutes"),
        ({"minutes": "481"}, "minutes"),
        ({"count": "0"}, "count"),
        ({"count": "9" * 30}, "count"),
        ({"office": ""}, "office"),
        ({"office": "parijs"}, "office"),
        ({"team": "made_up"}, "team"),
        ({"language": "xx"}, "language"),
        ({"kind": "group", "title": " "}, "title"),
        ({"kind": "group", "title": "x" * 61}, "title"),
        ({"kind": "group", "title": NASTY, "places": "201"}, "places"),
    ],
)
def test_what_is_wrong_is_told_with_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, desk: Desk, house: House, an: int, changes: dict[str, str], field: str
) -> None:
    data = wanted(desk, **{"title": NASTY, **changes})
    status, page = post(client, "/times/new", **data)
    assert status == 422
    assert NOT_RIGHT[field] in page
    assert f'href="#{field}"' in page
    assert f'id="{field}"' in page
    if field != "kind":
        assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', page)
    assert "<script>alert" not in page
    for name in ("first", "minutes", "count", "places"):
        assert f'name="{name}"' in page
        assert re.search(rf'name="{name}"[^>]*value="{re.escape(data[name])}"', page), name
    assert mine(house, an) == []


def test_a_holiday_or_a_closed_office_can_be_meant(client: FlaskClient, desk: Desk, house: House, an: int) -> None:
    holiday = desk.holiday().isoformat()
    for changes, words in (({"day": holiday}, "een feestdag"), ({"first": "19:00"}, "is het kantoor gesloten")):
        status, page = post(client, "/times/new", **wanted(desk, count="1", **changes))
        assert status == 422
        assert words in page
        assert 'name="anyway"' in page
        assert post(client, "/times/new", **wanted(desk, count="1", anyway="1", **changes))[0] == 303
    assert len(mine(house, an)) == 2


def test_too_soon_and_taken_are_told(client: FlaskClient, desk: Desk, house: House, an: int) -> None:
    soon = post(client, "/times/new", **wanted(desk, day=house.today().isoformat(), first="11:00"))
    assert soon[0] == 422
    assert "Dat begint te snel" in soon[1]
    assert [post(client, "/times/new", **wanted(desk))[0] for _ in range(2)] == [303, 422], "a double click is one"
    assert "Er staat al een ander moment dan: " in post(client, "/times/new", **wanted(desk))[1]
    assert len(mine(house, an)) == 2


def test_a_form_sent_twice_at_once_publishes_once(store: Store, house: House, desk: Desk) -> None:
    """On both databases: two browsers' requests at the same moment."""
    here = replace(house, store=store)
    user_id = accounts.add_user(here, "mieke", "Mieke", PASSWORD)
    app = make_app(here, csrf=False)
    browsers = [log_in(app.test_client(), "mieke") for _ in range(2)]
    start, answers = threading.Barrier(2), []

    def send(browser: FlaskClient) -> None:
        start.wait()
        answers.append(browser.post(f"{TIMES}/new", data=wanted(desk)).status_code)

    threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 422]
    assert len(mine(here, user_id)) == 2


def test_who_comes_waits_and_is_invited_stands_there_and_leads_to_the_conversation(
    client: FlaskClient, desk: Desk, house: House, an: int
) -> None:
    cases_ = [desk.asks(name, number) for number, name in enumerate(("Amina", NASTY, "Chris"))]
    group = desk.publish(an, MeetingKind.GROUP, title=NASTY[:60])
    desk.book(cases_[0], group)
    desk.book(cases_[1], group)
    publishing.invite(house, group, [desk.contact(cases_[2])], an)
    page = client.get(TIMES).text
    assert "<script>alert" not in page
    told = text_of(page)
    assert "Komt Amina (Nederlands)" in told
    assert "Wacht &lt;script&gt;" in told
    assert "Uitgenodigd Chris (Nederlands)" in told
    assert "1 van 1 plaatsen" in told
    assert all(f'href="/console/cases/{case_id}"' in page for case_id in cases_)


def test_a_meeting_is_called_off_after_a_page_that_says_who_hears_of_it(
    client: FlaskClient, desk: Desk, house: House, an: int
) -> None:
    one, two = desk.asks(), desk.asks("Ben", 2)
    group = desk.publish(an, MeetingKind.GROUP)
    desk.book(one, group)
    desk.book(two, group)
    asked = text_of(client.get(f"{TIMES}/{group}/off").text)
    assert "Dan krijgen 2 mensen een bericht" in asked
    assert "Had een plaats Amina" in asked
    assert "Stond op de wachtlijst Ben" in asked
    assert len(mine(house, an)) == 1, "looking changes nothing"
    done = client.post(f"{TIMES}/{group}/off", follow_redirects=True)
    assert "krijgt een bericht: 2." in done.text
    assert mine(house, an) == []
    assert client.get(f"{TIMES}/{group}/off").status_code == 404


def test_calling_off_what_nobody_has_says_so(client: FlaskClient, desk: Desk, an: int) -> None:
    talk = desk.publish(an)
    assert "Er vertrekt geen bericht." in client.get(f"{TIMES}/{talk}/off").text


def test_a_colleagues_meeting_is_not_there(
    client: FlaskClient, other: FlaskClient, desk: Desk, house: House, an: int
) -> None:
    group = desk.publish(an, MeetingKind.GROUP)
    for path in (f"{group}/off", f"{group}/invite", "99/off", f"{2**70}/invite"):
        assert other.get(f"{TIMES}/{path}").status_code == 404
        assert other.post(f"{TIMES}/{path}", data={"everybody": "1"}).status_code == 404
    assert len(mine(house, an)) == 1


def test_people_are_invited_by_language_one_by_one_or_all(
    client: FlaskClient, desk: Desk, house: House, an: int
) -> None:
    desk.asks("Amina", 1)
    fatima, farid = (desk.contact(desk.asks(name, n, FRENCH)) for n, name in ((2, "Fatima"), (3, "Farid")))
    group = desk.publish(an, MeetingKind.GROUP, places=3)
    page = client.get(f"{TIMES}/{group}/invite?language=fr").text
    assert "Frans (2)" in page
    assert "Fatima" in page
    assert "Amina" not in page
    assert "Iedereen in deze lijst (2)" in page
    assert "Kies eerst wie" in post(client, f"/times/{group}/invite", language="fr")[1]
    assert post(client, f"/times/{group}/invite", language="fr", contact=[str(farid), "x", "9" * 40])[0] == 303
    assert [one.contact_id for one in mine(house, an)[0].invited] == [farid]
    assert f'name="contact" value="{farid}"' not in client.get(f"{TIMES}/{group}/invite?language=fr").text
    done = client.post(f"{TIMES}/{group}/invite", data={"language": "fr", "everybody": "1"}, follow_redirects=True)
    assert "Uitgenodigd: 1." in done.text
    assert {one.contact_id for one in mine(house, an)[0].invited} == {fatima, farid}


def test_a_group_that_nobody_fits_is_nobody(client: FlaskClient, desk: Desk, house: House, an: int) -> None:
    """A value that nobody has must not mean everybody."""
    desk.asks()
    group = desk.publish(an, MeetingKind.GROUP)
    assert "Niemand past hierbij." in client.get(f"{TIMES}/{group}/invite?language=ar").text
    assert post(client, f"/times/{group}/invite", language="ar", everybody="1")[0] == 422
    assert mine(house, an)[0].invited == ()


def test_a_talk_has_no_invitations_and_what_begins_at_once_neither(
    client: FlaskClient, desk: Desk, house: House, an: int, clock: Clock
) -> None:
    talk, group = desk.publish(an), desk.publish(an, MeetingKind.GROUP, 13)
    assert client.get(f"{TIMES}/{talk}/invite").status_code == 404
    begins = mine(house, an)[1].starts_at
    clock.advance(seconds=(begins - house.now() - timedelta(hours=1)).total_seconds())
    answer = log_in(client).get(f"{TIMES}/{group}/invite", follow_redirects=True)
    assert "Uitnodigen kan niet meer." in answer.text


def test_the_calendar_has_an_address_that_is_shown_once(client: FlaskClient, desk: Desk, house: House, an: int) -> None:
    desk.publish(an)
    assert "Maak een adres" in client.get(TIMES).text
    shape = re.escape(CALENDAR).replace(r"\{\}", r"([\w-]{40,})")

    def made() -> str:
        found = re.search(shape, client.post(f"{TIMES}/calendar").text)
        assert found
        return found[1]

    first = made()
    assert b"BEGIN:VEVENT" in (calendars.feed(house, first) or b"")
    assert first not in client.get(TIMES).text
    second = made()
    assert calendars.feed(house, first) is None
    assert calendars.feed(house, second) is not None
    answer = client.post(f"{TIMES}/calendar/close", follow_redirects=True)
    assert "werkt niet meer" in answer.text
    assert calendars.feed(house, second) is None
    assert client.get(f"{TIMES}/calendar").location == TIMES


def test_after_logging_in_one_is_back_at_the_times(desk: Desk, house: House, an: int) -> None:
    group = desk.publish(an, MeetingKind.GROUP)
    client = make_app(house, csrf=False).test_client()
    asked = client.get(f"{TIMES}/{group}/invite")
    answer = client.post(asked.location, data={"name": "an", "password": PASSWORD})
    assert answer.location == TIMES
