"""The pages of help in a real browser: by keyboard, on a small screen, and what shows only where it matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.meetings import MeetingKind
from bot.service import plans, publishing
from bot.service.house import House
from tests.conftest import Clock
from tests.console.conftest import PASSWORD, People
from tests.console.helping import Desk, to_a_working_day

pytestmark = pytest.mark.browser
LONG = "Maximiliaan-Alexander-van-der-Hoogstraten-Vandenbroucke"


@pytest.fixture
def house(house: House, clock: Clock) -> House:
    """The house on a working day at ten."""
    to_a_working_day(clock.advance, clock(), house.holidays)
    return house


@pytest.fixture
def desk(house: House, people: People) -> Desk:
    return Desk(house, people)


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
    opened.click("main button")
    opened.wait_for_url("**/console/")
    yield opened
    opened.close()
    assert problems == []


def tab_to(page: Any, selector: str) -> None:
    """Presses Tab until that element has the focus."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the keyboard")


def test_times_are_published_by_keyboard_alone(page: Any, desk: Desk, house: House, an: int) -> None:
    tab_to(page, "nav a[href$='/times']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/times")
    assert page.locator("nav [aria-current=page]").text_content() == "Momenten"
    tab_to(page, "main a.strong")
    page.keyboard.press("Enter")
    page.wait_for_url("**/times/new")
    tab_to(page, "[name=kind]")
    page.keyboard.press("ArrowDown")  # a call
    tab_to(page, "#first")
    page.fill("#day", desk.workday(2).isoformat())
    page.fill("#first", "10:00")
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/times#main")
    assert page.get_by_text("De momenten staan klaar: 1.").is_visible()
    [made] = publishing.upcoming(house, an)
    assert made.kind is MeetingKind.CALL


def test_only_what_matters_for_a_kind_is_asked(page: Any) -> None:
    page.goto("/console/times/new")
    seen = {}
    for kind in MeetingKind:
        page.check(f"[name=kind][value={kind}]")
        seen[kind] = (page.locator("#office").is_visible(), page.locator("#title").is_visible())
    assert seen == {"talk": (True, False), "call": (False, False), "group": (True, True)}


def test_a_mistake_is_announced_and_its_field_found(page: Any, desk: Desk) -> None:
    page.goto("/console/times/new")
    page.fill("#day", desk.workday(2).isoformat())
    page.fill("#first", "10:00")
    page.click("main button.strong")
    assert page.get_by_role("alert").is_visible()
    page.click("#problem a")
    page.keyboard.press("Tab")
    assert page.locator("#office").get_attribute("aria-invalid") == "true"
    assert page.input_value("#first") == "10:00"


def test_the_day_of_a_notice_is_asked_only_where_it_names_one(page: Any, desk: Desk) -> None:
    desk.asks()
    page.goto("/console/notices/new")
    page.check("[value=letter_talk]")
    assert page.locator("#day").is_hidden()
    page.check("[value=talk_on]")
    assert page.locator("#day").is_visible()


def test_the_words_of_an_assignment_show_when_it_is_chosen(page: Any, desk: Desk, an: int) -> None:
    page.goto(f"/console/cases/{desk.claimed(an)}")
    page.click("text=Zet iets op het pad")
    page.select_option("#assignment", "cv")
    assert page.locator("#reads [data-of=cv] dd").is_visible()
    assert page.locator("#reads [data-of=papers]").is_hidden()


def test_an_answer_that_is_half_typed_survives_a_decision(page: Any, desk: Desk, an: int) -> None:
    page.goto(f"/console/cases/{desk.claimed(an)}")
    page.type("#text", "Half af")
    page.click("button:text-is('Bevestig')")
    page.wait_for_url("**#proposal")
    assert page.get_by_text("Het voorstel is bevestigd.").is_visible()
    assert page.input_value("#text") == "Half af"


def test_a_notice_is_sent_from_choice_to_list(page: Any, desk: Desk) -> None:
    for number, name in enumerate(("Amina", "Ben"), 1):
        desk.asks(name, number)
    page.goto("/console/notices/new")
    page.check("[name=everybody]")
    page.check("[value=letter_talk]")
    page.click("text=Kijk het na")
    page.click("text=Verstuur aan 2 mensen")
    page.wait_for_url("**/notices#main")
    page.click("text=Houd tegen")
    page.click("text=Ja, houd dit bericht tegen")
    assert page.get_by_text("tegengehouden", exact=True).is_visible()


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844), (320, 256)])
def test_no_page_scrolls_sideways_and_targets_are_large(
    page: Any, desk: Desk, house: House, an: int, width: int, height: int
) -> None:
    case_id = desk.claimed(an, name=LONG)
    plans.add_for(house, case_id, an, title="x" * 60)
    group = desk.publish(an, MeetingKind.GROUP, title="y" * 60)
    desk.book(case_id, group)
    page.set_viewport_size({"width": width, "height": height})
    of_group = (f"times/{group}/off", f"times/{group}/invite")
    for path in (f"cases/{case_id}", f"cases/{case_id}/proposal", "times", "times/new", *of_group, "notices/new"):
        page.goto(f"/console/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        small = page.evaluate(
            """[...document.querySelectorAll("button, select, summary, textarea, .pick, .button, nav a, .jump a")]
               .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML)"""
        )
        assert small == [], path
        assert page.locator("h1").count() == 1
        unnamed = page.evaluate(
            """[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
               .filter(e => !e.labels.length && !e.ariaLabel).map(e => e.outerHTML)"""
        )
        assert unnamed == [], path
