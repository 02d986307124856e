"""The answer box in a real browser: it counts as the server does, loses nothing, and says when somebody wrote."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.service import case_views, cases, counting, drafts, notes
from bot.service.house import House
from channels.segments import BASIC, EXTENDED, SAME_MEANING
from console.context import clean
from tests.console.browsing import WITHIN, opened
from tests.console.conftest import People

pytestmark = pytest.mark.browser

SOON = 3000
"""Milliseconds: what was typed is on the server by then."""

ALPHABETS = (
    "".join(sorted(BASIC)),
    "".join(sorted(BASIC | EXTENDED)),
    "abc " + "".join(map(chr, SAME_MEANING)),
    "abc ëïêôçáíóúąćęłńıİşğœ",
    "انظر الأمر وأجيبك ",
    "Привіт я тут",
    "a😀🇧🇪é€",
    " \t\n\r\0\x85\u00a0\u2003\ufeff\u200b.!?x",
)
LENGTHS = (0, 1, 2, 69, 70, 71, 133, 134, 135, 152, 153, 154, 159, 160, 161, 305, 306, 307, 600, 670, 671, 1530, 1601)


def texts(number: int) -> list[str]:
    """Texts of every alphabet, alone and mixed, of lengths around every limit; the same each time."""
    chance = random.Random(2026)
    rows = ["", "Dag", "één", "België", "“Dag” – …", "x" * 1530 + "€", "ê" * 670 + "a"]
    while len(rows) < number:
        letters = "".join(chance.sample(ALPHABETS, chance.choice((1, 1, 2))))
        length = chance.choice(LENGTHS) + chance.choice((-1, 0, 0, 1, 2))
        one_odd = chance.choice(("", "", "ë", "😀", "€"))
        rows.append("".join(chance.choices(letters, k=max(length, 0))) + one_odd)
    return rows


@pytest.fixture
def address(served: Callable[[], str]) -> str:
    return served()


@pytest.fixture
def page(browser: Any, address: str, an: int) -> Iterator[Any]:
    """An's browser."""
    with opened(browser, address, viewport={"width": 1200, "height": 800}) as page:
        yield page


@pytest.fixture
def mine(people: People, house: House, an: int) -> int:
    case_id = people.asks_for_a_person()
    cases.claim(house, case_id, an)
    return case_id


def draft_of(house: House, case_id: int, user_id: int) -> str:
    """What the server keeps."""
    own = drafts.kept(house, case_id, user_id).own
    return own.text if own else ""


def eventually(page: Any, holds: Callable[[], bool], within: int = SOON) -> None:
    """Waits until something is so."""
    for _ in range(within // 100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come to be so")


@pytest.mark.parametrize("channel", ["sms", "voice", "telegram"])
def test_the_page_counts_as_the_server_counts(page: Any, house: House, mine: int, channel: str) -> None:
    page.goto(f"/console/cases/{mine}")
    rows = texts(600)
    counted = page.evaluate(
        """([rows, channel]) => {
             const told = JSON.parse(document.getElementById("reply").dataset.count);
             return rows.map(text => [taken(told, channel, text), writtenAround(told, channel, text)]);
           }""",
        [rows, channel],
    )
    different: list[tuple[object, ...]] = []
    for text, (found, around) in zip(rows, counted, strict=True):
        words = clean(text).strip()
        wanted = counting.count(house, channel, "nl", words)
        here = (found["letters"], found["pieces"], found["seconds"], tuple(found["costly"]))
        if here != (wanted.letters, wanted.pieces, wanted.seconds, wanted.costly):
            different.append((text[:30], len(text), here, wanted))
        if clean(around).strip() != counting.written_around(house, channel, "nl", "nl", words):
            different.append((text[:30], len(text), "written around"))
    assert different == []
    assert {found["pieces"] for found, _ in counted} > {1, 2, 3, 10} or channel != "sms"


def test_what_it_takes_is_said_while_somebody_types(page: Any, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    page.fill("#text", "Dag Amina")
    assert page.inner_text("#count").replace("\xa0", " ") == "1 sms, € 0,10"
    page.fill("#text", "Een cliënt van ons komt morgen naar u toe. Past dat voor u, of liever niet?")
    assert page.inner_text("#count").replace("\xa0", " ") == "2 sms, € 0,20"
    assert page.inner_text("#warn") == "Door “ë” kost dit meer."
    page.click("#around")
    assert "client" in page.input_value("#text")
    assert page.inner_text("#count").replace("\xa0", " ") == "1 sms, € 0,10"
    assert page.locator("#around").is_hidden()
    page.fill("#text", "é" * 1531)
    assert page.inner_text("#warn") == "Te lang: 11 sms. Hoogstens 10 kan."
    page.select_option("#channel", "voice")
    assert "seconden" in page.inner_text("#count")
    assert page.inner_text("#warn") == "Te lang: 1531 tekens. Hoogstens 600 kan langs deze weg."


def test_what_is_typed_is_on_another_computer_soon(
    page: Any, browser: Any, address: str, house: House, an: int, mine: int
) -> None:
    page.goto(f"/console/cases/{mine}")
    page.type("#text", "Half af")
    eventually(page, lambda: draft_of(house, mine, an) == "Half af")
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    with opened(browser, address) as elsewhere:
        elsewhere.goto(f"/console/cases/{mine}")
        assert elsewhere.input_value("#text") == "Half af"
    page.fill("#text", "")
    eventually(page, lambda: draft_of(house, mine, an) == "")


def test_without_a_connection_the_words_stay_here_and_go_later(page: Any, house: House, an: int, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    page.context.set_offline(True)
    page.type("#text", "Zonder lijn")
    page.get_by_text("Uw tekst blijft in dit venster bewaard").wait_for(timeout=5000)
    assert draft_of(house, mine, an) == ""
    page.context.set_offline(False)
    eventually(page, lambda: draft_of(house, mine, an) == "Zonder lijn")


def test_what_the_server_never_got_is_there_after_a_reload(page: Any, house: House, an: int, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    page.route("**/draft", lambda route: route.abort())
    page.type("#text", "Nooit bewaard")
    page.reload()
    assert page.input_value("#text") == "Nooit bewaard"
    page.unroute("**/draft")
    eventually(page, lambda: draft_of(house, mine, an) == "Nooit bewaard", 8000)


def test_what_was_sent_leaves_nothing_behind(page: Any, house: House, an: int, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    page.type("#text", "Helemaal af")
    page.keyboard.press("Control+Enter")
    page.locator("#entries .text").get_by_text("Helemaal af").wait_for(timeout=SOON)
    page.wait_for_timeout(1500)
    assert draft_of(house, mine, an) == ""
    page.reload()
    assert page.input_value("#text") == ""


def test_a_ready_answer_is_not_undone_by_what_was_typed_before(page: Any, house: House, an: int, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    page.type("#text", "Eerst dit.")
    page.evaluate("document.querySelector('details.ready').open = true")
    page.select_option("#ready", "done")
    page.click("details.ready button")
    page.get_by_text("Nog een vraag? Schrijf ons gerust.").first.wait_for(state="attached", timeout=SOON)
    page.wait_for_timeout(1500)
    whole = "Eerst dit.\n\nDat is in orde. Nog een vraag? Schrijf ons gerust."
    assert page.input_value("#text") == whole
    assert draft_of(house, mine, an) == whole


def test_who_writes_is_told_of_a_newer_message_and_answers_when_it_is_read(
    page: Any, people: People, house: House, mine: int
) -> None:
    page.goto(f"/console/cases/{mine}")
    page.type("#text", "Kom morgen langs.")
    people.says("Ik heb al werk")
    page.locator("#wrote").wait_for(state="visible", timeout=WITHIN)
    assert page.evaluate("document.activeElement.id") == "text"
    page.click("#reply .strong")
    page.get_by_role("button", name="Toch versturen").wait_for(timeout=SOON)
    assert page.input_value("#text") == "Kom morgen langs."
    people.says("Of toch niet")
    page.locator("#wrote").wait_for(state="visible", timeout=WITHIN)
    page.get_by_role("button", name="Ik heb het gelezen").click()
    page.click("#reply .strong")
    page.locator("#entries .text").get_by_text("Kom morgen langs.").wait_for(timeout=SOON)
    assert case_views.view(house, mine).log[-1].text == "Kom morgen langs."


def test_a_message_before_the_first_word_asks_nothing(page: Any, people: People, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    people.says("Bent u daar?")
    page.get_by_text("Bent u daar?").wait_for(timeout=SOON)
    page.type("#text", "Ja hoor.")
    page.click("#reply .strong")
    page.locator("#entries .text").get_by_text("Ja hoor.").wait_for(timeout=SOON)


def test_two_counsellors_see_each_other_and_each_others_notes(
    page: Any, browser: Any, address: str, house: House, bart: int, mine: int
) -> None:
    page.goto(f"/console/cases/{mine}")
    with opened(browser, address, "bart") as other:
        other.goto(f"/console/cases/{mine}")
        assert other.get_by_text("An Peeters kijkt ook").is_visible()
        page.get_by_text("Bart Claes kijkt ook").first.wait_for(timeout=SOON)
        other.fill("#note", "Belt liever later")
        other.get_by_role("button", name="Bewaar de notitie").click()
        note = page.locator("#entries > .noted")
        note.wait_for(timeout=SOON)
        assert "Notitie, alleen voor collega’s" in note.inner_text()
        assert page.locator("#announce").text_content() == "Bart Claes kijkt ook"


def test_a_note_that_is_being_written_outlives_an_answer(page: Any, house: House, mine: int) -> None:
    page.goto(f"/console/cases/{mine}")
    page.fill("#note", "Half een notitie")
    page.fill("#text", "Dag")
    page.keyboard.press("Control+Enter")
    page.locator("#entries .text").get_by_text("Dag", exact=True).wait_for(timeout=SOON)
    assert page.input_value("#note") == "Half een notitie"
    page.get_by_role("button", name="Bewaar de notitie").click()
    page.locator("#entries > .noted").wait_for(timeout=SOON)
    assert page.input_value("#note") == ""
    assert [note.text for note in notes.of_case(house, mine)] == ["Half een notitie"]
