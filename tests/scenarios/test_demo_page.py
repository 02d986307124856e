"""The demo's page in a real browser: three phones, and the console beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import demo
from town import Town

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
"""The page is the same whatever database stands behind it."""

SIZES = {"wide": (1600, 1000), "middle": (1024, 900), "narrow": (390, 844)}


@pytest.fixture
def page(browser: Any, town: Town) -> Iterator[Any]:
    """The page, with a browser that must not report any fault."""
    demo.prepare(town.house)
    opened = browser.new_page(viewport={"width": 1600, "height": 1000}, reduced_motion="reduce", locale="nl-BE")
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    opened.set_default_timeout(10_000)
    opened.goto(f"{town.settings.public_url}/playground/")
    yield opened
    opened.close()
    assert faults == []


def test_an_sms_is_answered_on_the_page(page: Any, town: Town) -> None:
    page.fill("#sms-text", "hallo")
    page.click("button[form=sms-form]")
    page.wait_for_timeout(300)
    town.settle()
    page.wait_for_selector("#sms >> text=Ik ben een computer van VDAB")
    page.wait_for_selector("#sms >> text=1 Nederlands")


def test_a_telegram_button_is_pressed_on_the_page(page: Any, town: Town) -> None:
    page.click("#telegram-start")
    page.wait_for_timeout(300)
    town.settle()
    page.click("#telegram >> text=English")
    page.wait_for_timeout(300)
    town.settle()
    page.wait_for_selector("#telegram >> text=I am a computer")


def test_a_call_is_heard_and_answered_with_a_key(page: Any, town: Town) -> None:
    page.click("#call")
    page.wait_for_selector("#voice >> text=Dit is VDAB")
    page.click("#voice button[data-key='3']")
    page.wait_for_selector("#voice >> text=I am a computer")
    page.click("#hangup")


def test_the_counsellor_answers_beside_the_phones(page: Any, town: Town) -> None:
    page.fill("#sms-text", "0")
    page.click("button[form=sms-form]")
    console = page.frame_locator("#console iframe")
    console.locator("button:has-text('Aanmelden')").click()
    console.locator("a[href*='/console/cases/']").first.click()
    console.locator("form[action*='/claim'] button").first.click()
    console.locator("textarea#text").fill("Dag, ik ben Mieke.")
    console.locator("form[action*='/reply']").get_by_role("button", name="Verstuur").click()
    console.locator("[role=log] >> text=Dag, ik ben Mieke.").wait_for()
    town.settle()
    page.wait_for_selector("#sms >> text=Dag, ik ben Mieke.")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_off_the_page(page: Any, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
