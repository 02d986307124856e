"""How an open page asks for news: at once while somebody works, seldom when nobody does, and nothing is missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.messages import Receipt, Status
from bot.service import case_views, cases, receipts
from bot.service.house import House
from tests.console.browsing import WITHIN, Wire, opened
from tests.console.conftest import People
from tests.console.test_pages import newest_out, sent

pytestmark = pytest.mark.browser
MOST_AN_HOUR = 150_000
"""Bytes an hour that nobody touches a page may cost, in both ways, headers and all."""
HOUR = 3600e3


@pytest.fixture
def page(browser: Any, served: Callable[[], str], an: int) -> Iterator[Any]:
    with opened(browser, served()) as page:
        yield page


@pytest.fixture
def mine(people: People, house: House, an: int) -> int:
    case_id = people.asks_for_a_person()
    cases.claim(house, case_id, an)
    return case_id


def polls_of(page: Any, hidden: bool = False) -> int:
    """How often a page asks in the hour after somebody touched it last: by its own table of paces."""
    passed, asked = 0.0, 0
    while passed < HOUR:
        passed += page.evaluate("([idle, hidden]) => pace(idle, hidden)", [passed, hidden])
        asked += 1
    return asked


def rest(page: Any, minutes: float) -> None:
    """As if nobody had touched the page for so long."""
    page.evaluate("minutes => { touched = Date.now() - minutes * 60e3 }", minutes)


def asks(page: Any, milliseconds: int) -> int:
    """How often the page asks for news in that time."""
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url))
    page.wait_for_timeout(milliseconds)
    return len(heard)


def bytes_of_a_poll(page: Any) -> float:
    wire = Wire(page)
    page.wait_for_timeout(200)
    wire.forget()
    for _ in range(2):
        with page.expect_response(lambda answer: answer.status == 204):
            pass
    page.wait_for_timeout(300)
    assert len(wire.received) == len(wire.sent) == 2
    return wire.both / 2


@pytest.mark.parametrize("place", ["", "cases/{}"])
def test_an_hour_that_nobody_does_anything_costs_little(
    page: Any, mine: int, place: str, record_property: Callable[[str, object], None]
) -> None:
    page.goto(f"/console/{place.format(mine)}")
    each = bytes_of_a_poll(page)
    hour = each * polls_of(page)
    record_property("bytes_an_hour", f"{place or 'queue'}\t{hour:.0f}")
    assert each > 300
    assert hour < MOST_AN_HOUR
    assert each * polls_of(page, hidden=True) < hour


@pytest.mark.parametrize(
    ("idle_minutes", "most_seconds"), [(0, 1.8), (1.9, 1.8), (2.1, 10), (4.9, 10), (19, 30), (600, 60)]
)
def test_who_works_asks_often(page: Any, idle_minutes: float, most_seconds: float) -> None:
    assert page.evaluate("idle => pace(idle, false)", idle_minutes * 60e3) <= most_seconds * 1000
    assert page.evaluate("idle => pace(idle, true)", idle_minutes * 60e3) >= 30_000


def test_what_is_new_is_there_within_two_seconds(page: Any, people: People, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    for number in range(3):
        people.says(f"Nieuws {number}")
        page.get_by_text(f"Nieuws {number}").wait_for(timeout=WITHIN)


def test_a_page_that_nobody_touches_asks_seldom_and_at_once_when_somebody_does(
    page: Any, people: People, mine: int
) -> None:
    page.goto(f"/console/cases/{mine}")
    with page.expect_response("**/updates*"):
        rest(page, 60)
    people.says("Hallo?")
    assert asks(page, 4000) <= 1
    rest(page, 60)
    people.says("Bent u daar?")
    page.mouse.move(300, 300)
    page.get_by_text("Bent u daar?").wait_for(timeout=700)


def test_nothing_is_missed_while_there_is_no_connection(
    page: Any, people: People, house: House, an: int, bart: int, mine: int
) -> None:
    """What people say, what a colleague answers, and what became of a message: all while the line is down."""
    people.said_to(mine, an, "Van u eerder")
    entry = newest_out(house, mine)
    page.goto(f"/console/cases/{mine}")
    page.context.set_offline(True)
    page.get_by_text("Geen verbinding").wait_for(timeout=5000)
    people.says("Van de persoon")
    sent(house, entry)
    receipts.receipt(house, Receipt("sms", "SM1", Status.FAILED, "30005"))
    cases.release(house, mine, an)
    cases.claim(house, mine, bart)
    people.said_to(mine, bart, "Van een collega")
    page.context.set_offline(False)
    page.get_by_text("Van een collega").wait_for(timeout=WITHIN)
    shown = [
        int(line.removeprefix("entry-")) for line in page.locator("#entries > li").evaluate_all("a => a.map(e => e.id)")
    ]
    assert shown == [line.id for line in case_views.view(house, mine).log]
    assert "dit nummer bestaat niet" in page.locator(f"#entry-{entry.id}").text_content()
    assert page.get_by_text("Van Bart Claes").is_visible()
    assert page.locator("#link").text_content() == ""


def test_a_server_that_is_away_is_asked_again_at_a_touch(page: Any, people: People, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    page.route("**/updates*", lambda route: route.abort())
    page.get_by_text("Geen verbinding").wait_for(timeout=5000)
    page.unroute("**/updates*")
    people.says("Weer daar")
    page.get_by_text("Weer daar").wait_for(timeout=8000)
    assert page.locator("#link").text_content() == ""
