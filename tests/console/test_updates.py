"""What an open page asks for: nothing is missed, and what moved on comes again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.messages import Receipt, Status
from bot.service import case_views, cases, receipts
from bot.service.house import House
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
