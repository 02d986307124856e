"""The pages in a real browser: live, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.service import case_views, cases
from bot.service.house import House
from bot.service.queue_views import RESTS
from tests.conftest import Clock
from tests.console.conftest import PASSWORD, People

pytestmark = pytest.mark.browser
WITHIN = 3000
"""Milliseconds: what is new is on screen by then."""


@pytest.fixture
def page(browser: Any, served: Callable[[], str], an: int) -> Iterator[Any]:
    """A page that is logged in as An, and must not log an error."""
    opened = browser.new_page(base_url=served(), viewport={"width": 1200, "height": 800}, locale="nl-BE")
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)
    opened.goto("/console/login")
    opened.fill("#name", "an")
    opened.fill("#password", PASSWORD)
    opened.click("text=Aanmelden >> visible=true >> nth=-1")
    opened.wait_for_url("**/console/")
    yield opened
    opened.close()
    assert problems == []


@pytest.fixture
def mine(people: People, house: House, an: int) -> int:
    case_id = people.asks_for_a_person()
    cases.claim(house, case_id, an)
    return case_id


def tab_to(page: Any, selector: str) -> None:
    """Presses Tab until that element has the focus."""
    for _ in range(40):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the keyboard")


def test_a_new_message_appears_while_somebody_types(page: Any, people: People, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    page.type("#text", "Half af")
    people.says("Bent u daar nog?")
    page.get_by_text("Bent u daar nog?").wait_for(timeout=WITHIN)
    assert page.evaluate("document.activeElement.id") == "text"
    assert page.input_value("#text") == "Half af"
    assert page.locator("#newer").is_hidden()
    last = page.locator("#entries > li").last.bounding_box()
    assert last["y"] + last["height"] <= page.locator(".dock").bounding_box()["y"] + 1


def test_who_reads_further_up_stays_there_and_is_told(
    page: Any, people: People, house: House, an: int, mine: int
) -> None:
    for number in range(20):
        people.said_to(mine, an, f"Regel {number}\nen nog een regel")
    page.goto(f"/console/cases/{mine}")
    page.evaluate("document.getElementById('log').scrollTop = -600")
    before = page.get_by_text("Regel 10").bounding_box()["y"]
    people.says("Iets nieuws")
    page.locator("#newer").wait_for(state="visible", timeout=WITHIN)
    assert abs(page.get_by_text("Regel 10").bounding_box()["y"] - before) <= 1
    page.click("#newer")
    assert page.get_by_text("Iets nieuws").is_visible()
    assert page.locator("#newer").is_hidden()


def test_a_lost_connection_is_said_and_caught_up_with(page: Any, people: People, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    page.context.set_offline(True)
    page.get_by_text("Geen verbinding").wait_for(timeout=5000)
    people.says("Eerste")
    people.says("Tweede")
    page.context.set_offline(False)
    page.get_by_text("Tweede", exact=True).wait_for(timeout=WITHIN)
    assert page.locator("#entries > li").filter(has_text="Eerste").count() == 1
    assert page.locator("#link").text_content() == ""


def test_the_queue_renews_itself_and_keeps_the_focus(page: Any, people: People, mine: int, clock: Clock) -> None:
    page.reload()
    page.focus(f"#case-{mine}")
    clock.advance(seconds=RESTS.total_seconds())
    people.asks_for_a_person("Lotte", "tel:+32470000009")
    page.get_by_role("link", name="Lotte").wait_for(timeout=WITHIN)
    assert page.evaluate("document.activeElement.id") == f"case-{mine}"
    assert page.title().startswith("(1) ")
    assert page.locator("#announce").text_content() == "Er wacht een nieuw gesprek."


def test_claim_and_reply_by_keyboard_alone(page: Any, people: People, house: House, an: int) -> None:
    case_id = people.asks_for_a_person()
    page.reload()
    tab_to(page, f"#case-{case_id}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case_id}")
    tab_to(page, "#claim button")
    page.keyboard.press("Enter")
    page.wait_for_url("**#text")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.type("Dag Amina, ik help u.")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Dag Amina, ik help u.").wait_for(timeout=WITHIN)
    assert case_views.view(house, case_id).log[-1].name == "An Peeters"
    assert page.input_value("#text") == ""


def test_half_typed_words_survive_a_reload(page: Any, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    page.type("#text", "Half af")
    page.reload()
    assert page.input_value("#text") == "Half af"


def test_what_was_sent_is_not_in_the_box_again(page: Any, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    page.type("#text", "Helemaal af")
    page.click("#reply .strong")
    page.locator("#entries .text").get_by_text("Helemaal af").wait_for(timeout=WITHIN)
    page.reload()
    assert page.input_value("#text") == ""


def test_who_lost_the_case_is_told_and_keeps_the_words(page: Any, house: House, an: int, bart: int, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    page.type("#text", "Half af")
    cases.release(house, mine, an)
    cases.claim(house, mine, bart)
    page.locator("#changed").wait_for(state="visible", timeout=WITHIN)
    assert page.get_by_text("Van Bart Claes").is_visible()
    assert page.input_value("#text") == "Half af"


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844), (320, 256)])
def test_no_page_scrolls_sideways_and_targets_are_large(
    page: Any, people: People, house: House, an: int, width: int, height: int
) -> None:
    case_id = people.asks_for_a_person("Maximiliaan-Alexander-van-der-Hoogstraten-Vandenbroucke-tot-Waasmunster")
    cases.claim(house, case_id, an)
    people.says("x" * 300)
    page.set_viewport_size({"width": width, "height": height})
    for path in ("/console/", f"/console/cases/{case_id}"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        small = page.evaluate(
            """[...document.querySelectorAll("button, select, summary, textarea, .button, nav a, .jump a, .numbers a")]
               .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML)"""
        )
        assert small == [], path


def test_the_log_is_a_live_region_of_lines(page: Any, people: People, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    log = page.get_by_role("log", name="Wat er gezegd is")
    assert log.get_by_role("listitem").count() >= 4
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.lang") == "nl"
