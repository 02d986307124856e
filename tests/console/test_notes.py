"""Notes for colleagues, and who else looks: never sent, always seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from bot.cases import Outcome
from bot.service import case_views, cases, closing, notes, watching
from bot.service.house import House
from bot.store import watchers as stored
from tests.console.conftest import People
from tests.console.helping import post, text_of
from tests.console.test_pages import NASTY
from tests.console.test_updates import Page

TOKEN = "a-token-of-a-note-0001"


@pytest.fixture
def case_id(people: People) -> int:
    return people.asks_for_a_person()


def test_a_note_stands_in_the_log_where_it_was_written_and_is_never_sent(
    client: FlaskClient, other: FlaskClient, people: People, house: House, an: int, case_id: int
) -> None:
    cases.claim(house, case_id, an)
    before = len(case_views.view(house, case_id).log)
    for _ in range(2):
        assert post(client, f"/cases/{case_id}/notes", note="Belt liever\nna vijf uur", note_token=TOKEN)[0] == 303
    people.says("Bent u daar nog?")
    page = other.get(f"/console/cases/{case_id}").text
    shown = text_of(page)
    assert shown.count("Belt liever na vijf uur") == 1
    log = page.partition('id="entries"')[2].partition("</ol>")[0]
    assert log.index("Notitie, alleen voor collega’s") < log.index("Belt liever") < log.index("Bent u daar nog?")
    entries = case_views.view(house, case_id).log
    assert len(entries) >= before
    assert all("vijf uur" not in entry.text for entry in entries)


@pytest.mark.parametrize("status", ["free", "taken", "closed"])
def test_everybody_who_sees_the_case_may_note(
    client: FlaskClient, house: House, bart: int, case_id: int, status: str
) -> None:
    if status != "free":
        cases.claim(house, case_id, bart)
    if status == "closed":
        closing.close(house, case_id, bart, Outcome.HELPED)
    assert post(client, f"/cases/{case_id}/notes", note="Gezien", note_token=TOKEN)[0] == 303
    assert [(note.name, note.text) for note in notes.of_case(house, case_id)] == [("An Peeters", "Gezien")]


@pytest.mark.parametrize(
    ("note", "token", "status", "why"),
    [
        (" \n ", TOKEN, 422, "Er staat nog niets in uw notitie."),
        ("x" * 4001, TOKEN, 422, "Hoogstens 4000 tekens"),
        ("Andere woorden", "a-token-that-was-used", 409, "bewaar ze opnieuw"),
        ("Zonder formulier", "short", 400, "Zonder formulier"),
    ],
)
def test_a_note_that_is_not_kept_stays_in_its_box(
    client: FlaskClient, house: House, an: int, case_id: int, note: str, token: str, status: int, why: str
) -> None:
    notes.add(house, case_id, an, "Eerste", "a-token-that-was-used")
    answer, page = post(client, f"/cases/{case_id}/notes", note=note, note_token=token)
    assert answer == status
    assert why in page
    assert f"{note}</textarea>" in page
    assert len(notes.of_case(house, case_id)) == 1


def test_a_note_is_never_markup(client: FlaskClient, house: House, an: int, case_id: int) -> None:
    notes.add(house, case_id, an, NASTY, TOKEN)
    page = client.get(f"/console/cases/{case_id}").text
    assert NASTY not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_note_cannot_be_taken_for_an_answer(client: FlaskClient, house: House, an: int, case_id: int) -> None:
    """The two forms share no field with words: a note that is sent to the wrong address answers nobody."""
    cases.claim(house, case_id, an)
    answer = client.post(
        f"/console/cases/{case_id}/reply", data={"note": "Geheim", "note_token": TOKEN, "token": TOKEN}
    )
    assert answer.status_code == 422
    assert all(entry.author != "counsellor" for entry in case_views.view(house, case_id).log)


def test_an_open_page_gets_a_note_in_its_place(
    client: FlaskClient, house: House, people: People, bart: int, case_id: int
) -> None:
    page = Page(client, case_id)
    notes.add(house, case_id, bart, "Nieuw", TOKEN)
    people.says("En?")
    news = page.ask()
    assert news is not None
    ids = [entry["id"] for entry in news["entries"]]
    assert ids[0] == f"note-{notes.of_case(house, case_id)[0].id}"
    assert "alleen voor collega" in news["entries"][0]["html"]
    assert page.ask() is None


# Who else looks


def test_a_second_viewer_is_seen_at_once_and_is_gone_after_a_minute(
    client: FlaskClient, other: FlaskClient, house: House, case_id: int, clock: object
) -> None:
    page = client.get(f"/console/cases/{case_id}").text
    assert "kijkt ook" not in page
    other.get(f"/console/cases/{case_id}")
    assert "Bart Claes kijkt ook" in text_of(client.get(f"/console/cases/{case_id}").text)
    clock.advance(seconds=61)  # type: ignore[attr-defined]  # the tests' clock can be moved on
    assert "kijkt ook" not in client.get(f"/console/cases/{case_id}").text


def test_an_open_page_hears_of_a_second_viewer_and_that_he_left(
    client: FlaskClient, other: FlaskClient, house: House, bart: int, case_id: int, clock: object
) -> None:
    page = Page(client, case_id)
    url = f"/console/cases/{case_id}/updates"
    ask = {"after": page.cursor, "with": ""}
    assert client.get(url, query_string=ask).status_code == 204
    other.get(f"/console/cases/{case_id}")
    news = client.get(url, query_string=ask).get_json()
    assert "kijkt ook" in news["header"]
    assert f'data-with="{bart}"' in news["header"]
    ask = {"after": news["cursor"], "with": str(bart)}
    assert client.get(url, query_string=ask).status_code == 204
    clock.advance(seconds=61)  # type: ignore[attr-defined]
    assert "kijkt ook" not in client.get(url, query_string=ask).get_json()["header"]


def test_an_open_page_is_written_down_seldom_and_one_that_nobody_touches_not_at_all(
    house: House, an: int, bart: int, case_id: int, clock: object
) -> None:
    moments = set()
    for _ in range(4):
        watching.look(house, case_id, an)
        with house.store.read() as connection:
            moments.add(stored.since(connection, case_id, house.now() - timedelta(hours=1))[0].seen_at)
        clock.advance(seconds=9)  # type: ignore[attr-defined]
    assert len(moments) == 2
    clock.advance(seconds=61)  # type: ignore[attr-defined]
    watching.look(house, case_id, an, touch=False)
    assert watching.look(house, case_id, bart) == ()
