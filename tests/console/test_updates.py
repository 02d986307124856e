"""What an open page asks for: nothing is missed, and what moved on comes again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.messages import Receipt, Status
from bot.service import case_views, cases, receipts
from bot.service.house import House
from bot.store import cases as stored
from tests.console.conftest import People
from tests.console.test_pages import newest_out, sent


class Page:
    """An open page of a case, as the script keeps it."""

    def __init__(self, client: FlaskClient, case_id: int) -> None:
        self._client = client
        self._url = f"/console/cases/{case_id}/updates"
        page = client.get(f"/console/cases/{case_id}").text
        self.lines: dict[int, str] = {int(found): "" for found in re.findall(r'id="entry-(\d+)"', page)}
        self.cursor = int(re.findall(r'data-cursor="(\d+)"', page)[0])

    def ask(self) -> dict[str, Any] | None:
        answer = self._client.get(self._url, query_string={"after": self.cursor})
        if answer.status_code == 204:
            return None
        news: dict[str, Any] = answer.get_json()
        self.cursor = news["cursor"]
        self.lines.update({entry["id"]: entry["html"] for entry in news["entries"]})
        return news


@pytest.fixture
def case_id(people: People, house: House, an: int) -> int:
    number = people.asks_for_a_person()
    cases.claim(house, number, an)
    return number


def test_nothing_new_is_no_content(client: FlaskClient, case_id: int) -> None:
    assert Page(client, case_id).ask() is None


def test_whatever_is_said_between_two_questions_comes(
    client: FlaskClient, people: People, house: House, an: int, case_id: int
) -> None:
    page = Page(client, case_id)
    for number in range(4):
        people.says(f"vraag {number}")
        people.said_to(case_id, an, f"antwoord {number}")
        if number % 2:
            page.ask()
    assert sorted(page.lines) == [entry.id for entry in case_views.view(house, case_id).log]
    assert page.ask() is None


def test_a_line_whose_delivery_moved_on_comes_again(
    client: FlaskClient, people: People, house: House, an: int, case_id: int
) -> None:
    people.said_to(case_id, an, "Dag Amina")
    page = Page(client, case_id)
    entry = newest_out(house, case_id)
    sent(house, entry)
    receipts.receipt(house, Receipt("sms", "SM1", Status.FAILED, "30005"))
    news = page.ask()
    assert news is not None
    assert "dit nummer bestaat niet" in page.lines[entry.id]
    assert "1 bericht niet bezorgd" in news["header"]


def test_the_header_says_who_has_it_now(client: FlaskClient, other: FlaskClient, people: People) -> None:
    number = people.asks_for_a_person("Lotte", "tel:+32470000009")
    page = Page(client, number)
    other.post(f"/console/cases/{number}/claim")
    news = page.ask()
    assert news is not None
    assert 'data-stand="taken"' in news["header"]
    assert "Van Bart Claes" in news["header"]


@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "99999999999999999999999"])
def test_a_cursor_that_is_none_is_refused(client: FlaskClient, case_id: int, after: str) -> None:
    assert client.get(f"/console/cases/{case_id}/updates", query_string={"after": after}).status_code == 400


def test_an_update_is_small(client: FlaskClient, people: People, case_id: int) -> None:
    page = Page(client, case_id)
    people.says("Wanneer begint de opleiding?")
    answer = client.get(
        f"/console/cases/{case_id}/updates",
        query_string={"after": page.cursor},
        headers={"Accept-Encoding": "gzip"},
    )
    assert len(answer.data) < 1000


def test_an_answer_without_news_is_bare(client: FlaskClient, case_id: int) -> None:
    """Open pages get it all day; a header that says nothing is paid for each time."""
    page = Page(client, case_id)
    seen = re.findall(r'data-seen="([^"]+)"', client.get("/console/").text)[0]
    for address in (f"/console/cases/{case_id}/updates?after={page.cursor}", f"/console/queue?seen={seen}"):
        answer = client.get(address)
        assert answer.status_code == 204
        assert dict(answer.headers) == {"Cache-Control": "no-store", "Vary": "Cookie"}


def test_a_look_is_no_news_and_no_cursor(client: FlaskClient, people: People, house: House, case_id: int) -> None:
    """A look is written without the contact's lock: what has a lower id may become visible after it."""
    newest = case_views.view(house, case_id).cursor
    page = Page(client, case_id)
    assert page.cursor == newest
    client.get(f"/console/cases/{case_id}")
    assert page.ask() is None


def test_news_of_a_case_of_another_team_is_not_there(client: FlaskClient, people: People, house: House) -> None:
    """Not even how far it has come."""
    number = people.asks_for_a_person("Lotte", "tel:+32470000009")
    with house.store.write() as connection:
        stored.change(connection, number, team="elsewhere", all_from=house.now() + timedelta(days=1))
    for after in (0, 1, 10**6):
        answer = client.get(f"/console/cases/{number}/updates?after={after}")
        assert answer.status_code == 404
        assert "Lotte" not in answer.text
