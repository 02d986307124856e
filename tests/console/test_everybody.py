"""A whole conversation from login to its end, as different people work.

Without script, by keyboard alone, on a telephone, with a screen reader, two at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.cases import CaseStatus, Outcome
from bot.messages import Receipt, Status
from bot.service import case_views, cases, notes, receipts
from bot.service.house import House
from tests.console.browsing import WITHIN, opened
from tests.console.conftest import PASSWORD, People
from tests.console.test_pages import newest_out, sent

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


@pytest.fixture
def address(served: Callable[[], str], an: int) -> str:
    """Where the console is, with An's account."""
    return served()


def stands(house: House, case_id: int) -> tuple[CaseStatus, Outcome | None]:
    """How a case stands, and what became of it."""
    row = case_views.view(house, case_id).row
    return row.status, row.outcome


def said_by_people(house: House, case_id: int) -> list[str]:
    """What counsellors answered."""
    return [line.text for line in case_views.view(house, case_id).log if line.author == "counsellor"]


def press(page: Any, name: str) -> None:
    """A button of the page's content."""
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def test_everything_works_without_script(browser: Any, address: str, people: People, house: House) -> None:
    case_id = people.asks_for_a_person()
    with opened(browser, address, java_script_enabled=False) as page:
        page.get_by_role("link", name="Amina").click()
        press(page, "Neem dit gesprek")
        page.fill("#text", "“Dag Amina” ziet u hoeveel dit kost?")
        press(page, "Kijk na")
        assert "1 sms" in page.inner_text("main").replace("\xa0", " ")
        page.go_back()
        page.fill("#text", "Dag Amina, ik help u.")
        press(page, "Verstuur")
        assert page.get_by_role("log").get_by_text("Dag Amina, ik help u.").is_visible()
        people.says("Wanneer kan ik komen?")
        page.reload()
        assert page.get_by_text("Wanneer kan ik komen?").is_visible()
        page.fill("#note", "Wil graag langskomen")
        press(page, "Bewaar de notitie")
        assert page.locator("#entries > .noted").is_visible()
        page.locator("#snooze > summary").click()
        page.locator("#snooze").get_by_label("Morgen").check()
        page.locator("#snooze").get_by_role("button", name="Stel uit").click()
        page.goto(f"/console/cases/{case_id}")
        press(page, "Haal nu terug")
        page.goto(f"/console/cases/{case_id}")
        page.locator("#close > summary").click()
        page.get_by_label("Geholpen").check()
        press(page, "Sluit dit gesprek af")
        assert stands(house, case_id) == (CaseStatus.CLOSED, Outcome.HELPED)
        page.get_by_role("button", name="Afmelden").click()
        assert page.locator("#password").is_visible()
    assert said_by_people(house, case_id) == ["Dag Amina, ik help u."]


class Hands:
    """Somebody who has a keyboard and nothing else."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def to(self, goal: Any) -> None:
        """Presses Tab until that has the focus."""
        for _ in range(80):
            if goal.first.evaluate("e => e === document.activeElement"):
                return
            self._page.keyboard.press("Tab")
        raise AssertionError(f"{goal} cannot be reached with the keyboard")

    def press(self, role: str, name: str, key: str = "Enter") -> None:
        """Goes to what has that role and name, and presses a key."""
        self.to(self._page.get_by_role(role, name=name, exact=True))
        self._page.keyboard.press(key)

    def type(self, label: str, words: str) -> None:
        """Goes to the field of that label and types."""
        self.to(self._page.get_by_label(label, exact=True))
        self._page.keyboard.type(words)


def test_everything_works_by_keyboard_alone(browser: Any, address: str, people: People, house: House) -> None:
    case_id = people.asks_for_a_person()
    context = browser.new_context(base_url=address, locale="nl-BE")
    page = context.new_page()
    hands = Hands(page)
    page.goto("/console/login")
    hands.type("Gebruikersnaam", "an")
    hands.type("Wachtwoord", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")
    hands.press("link", "Naar de inhoud")
    hands.press("link", "Amina")
    page.wait_for_url(f"**/cases/{case_id}")
    hands.press("button", "Neem dit gesprek")
    page.wait_for_url("**#text")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.type("Dag Amina, ik help u.")
    page.keyboard.press("Control+Enter")
    page.get_by_role("log").get_by_text("Dag Amina, ik help u.").wait_for(timeout=WITHIN)
    hands.type("Uw notitie voor collega’s", "Wil graag langskomen")
    hands.press("button", "Bewaar de notitie")
    page.locator("#entries > .noted").wait_for(timeout=WITHIN)
    hands.press("link", "Geef door aan een collega")
    page.get_by_role("heading", level=1, name="doorgeven").wait_for()
    page.go_back()
    hands.to(page.locator("#close > summary"))
    page.keyboard.press("Enter")
    hands.press("radio", "Geholpen", "Space")
    hands.press("button", "Sluit dit gesprek af")
    page.wait_for_url("**/console/*")
    assert stands(house, case_id) == (CaseStatus.CLOSED, Outcome.HELPED)
    hands.press("button", "Afmelden")
    page.wait_for_url("**/login*")
    assert said_by_people(house, case_id) == ["Dag Amina, ik help u."]
    context.close()


def test_everything_works_on_a_telephone(browser: Any, address: str, people: People, house: House) -> None:
    case_id = people.asks_for_a_person()
    with opened(browser, address, **PHONE) as page:
        press(page, "Neem het volgende")
        page.wait_for_url(f"**/cases/{case_id}*")
        people.says("Bent u daar?")
        page.get_by_text("Bent u daar?").wait_for(timeout=WITHIN)
        page.get_by_role("link", name="Nieuwste bericht").tap()
        page.get_by_label("Uw antwoord aan Amina").fill("Ja hoor.")
        page.get_by_role("button", name="Verstuur", exact=True).tap()
        page.locator("#entries .text").get_by_text("Ja hoor.").wait_for(timeout=WITHIN)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator("#close > summary").tap()
        page.get_by_label("Geholpen").tap()
        press(page, "Sluit dit gesprek af")
        page.wait_for_url("**/console/*")
    assert stands(house, case_id) == (CaseStatus.CLOSED, Outcome.HELPED)


HEARD = """
- log "Wat er gezegd is":
  - list:
    - listitem:
      - paragraph:
        - text: Amina Sms ·
        - time: /^\\d\\d:\\d\\d$/
      - paragraph: hallo
    - listitem:
      - paragraph:
        - text: Computer Sms ·
        - time
      - paragraph: /Ik ben een computer van VDAB/
      - paragraph: wacht om te vertrekken
    - listitem:
      - paragraph:
        - text: An Peeters Sms ·
        - time
      - paragraph: Dag Amina
      - paragraph: "/^Niet bezorgd: dit nummer bestaat niet/"
      - button "Probeer opnieuw"
      - button "Laat het voorlezen"
      - link "Bel"
    - listitem:
      - paragraph:
        - text: Notitie, alleen voor collega’s Bart Claes ·
        - time
      - paragraph: Belt liever
"""
"""What a screen reader makes of the log: who, over which channel, when, the words, and what became of them."""


def test_a_screen_reader_finds_who_said_what_when_and_what_became_of_it(
    browser: Any, address: str, people: People, house: House, an: int, bart: int
) -> None:
    from playwright.sync_api import expect

    case_id = people.asks_for_a_person()
    cases.claim(house, case_id, an)
    people.said_to(case_id, an, "Dag Amina")
    sent(house, newest_out(house, case_id))
    receipts.receipt(house, Receipt("sms", "SM1", Status.FAILED, "30005"))
    notes.add(house, case_id, bart, "Belt liever", "a-token-of-a-note-0001")
    with opened(browser, address) as page:
        page.goto(f"/console/cases/{case_id}")
        log = page.get_by_role("log")
        expect(log).to_match_aria_snapshot(HEARD)
        assert log.get_by_role("listitem").count() == len(case_views.view(house, case_id).log) + 1, "and the note"
        assert log.get_attribute("aria-live") == "polite"


def test_two_who_take_the_same_one_at_one_moment(
    browser: Any, address: str, people: People, house: House, bart: int
) -> None:
    """One has it. The other is told who, and reads along; nothing of what they typed is lost."""
    case_id = people.asks_for_a_person()
    with opened(browser, address) as ans, opened(browser, address, "bart") as barts:
        for page in (ans, barts):
            page.goto(f"/console/cases/{case_id}")
        press(ans, "Neem dit gesprek")
        ans.wait_for_url("**#text")
        press(barts, "Neem dit gesprek")
        barts.get_by_text("An Peeters heeft dit gesprek").first.wait_for(timeout=WITHIN)
        ans.fill("#text", "Dag, ik ben An.")
        press(ans, "Verstuur")
        barts.get_by_role("log").get_by_text("Dag, ik ben An.").wait_for(timeout=WITHIN)
    assert said_by_people(house, case_id) == ["Dag, ik ben An."]


def test_one_goes_home_and_another_goes_on(browser: Any, address: str, people: People, house: House, bart: int) -> None:
    """A case goes over with a half-typed answer and a word for the colleague; the computer says nothing meanwhile."""
    case_id = people.asks_for_a_person()
    with opened(browser, address) as ans, opened(browser, address, "bart") as barts:
        ans.goto(f"/console/cases/{case_id}")
        press(ans, "Neem dit gesprek")
        ans.wait_for_url("**#text")
        ans.type("#text", "Morgen om tien uur in")
        ans.get_by_text("bewaard").first.wait_for(timeout=2 * WITHIN)
        ans.get_by_role("link", name="Geef door aan een collega").click()
        ans.get_by_role("radio", name="Bart Claes").check()
        ans.get_by_label("Een woord voor uw collega").fill("Wacht op een uur")
        press(ans, "Geef door")
        ans.wait_for_url("**/console/*")
        assert people.says("Bent u er nog?") == []
        barts.get_by_role("link", name="Amina").first.click()
        assert barts.get_by_text("Wacht op een uur").is_visible()
        assert barts.get_by_text("Morgen om tien uur in").first.is_visible()
        press(barts, "Zet in mijn antwoord")
        assert barts.input_value("#text") == "Morgen om tien uur in"
        barts.fill("#text", "Morgen om tien uur in Gent.")
        press(barts, "Verstuur")
        barts.get_by_role("log").get_by_text("Morgen om tien uur in Gent.").wait_for(timeout=WITHIN)
    assert said_by_people(house, case_id) == ["Morgen om tien uur in Gent."]
