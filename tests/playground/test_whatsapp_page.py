"""WhatsApp on the page, in a real browser: by mouse and by keyboard, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from playground import Network, create_blueprint, serving
from tests.playground.playground_town import ACCOUNTS, AN, Doors

pytestmark = pytest.mark.browser
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
SIZES = [(1920, 1080), (1600, 1000), (1500, 900), (1366, 768), (1024, 900), (390, 844), (320, 600)]


@pytest.fixture
def network() -> Iterator[Network]:
    """A live town whose doors and playground are one real server."""
    app = Doors().app()
    app.template_folder = str(TEMPLATES)
    with serving(app) as base:
        made = Network(replace(ACCOUNTS, whatsapp="+32460000001"), base, live=True)
        app.register_blueprint(create_blueprint(made), url_prefix="/playground")
        yield made
        made.close()


@pytest.fixture
def page(browser: Any, network: Network) -> Iterator[Any]:
    """The page, with a browser that must not report any fault."""
    opened = browser.new_page(viewport={"width": 1600, "height": 1000}, reduced_motion="reduce")
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    opened.set_default_timeout(10_000)
    opened.goto(f"{network.app_url}/playground/")
    yield opened
    opened.close()
    assert faults == []


def answer(network: Network, words: str) -> None:
    network.texting.accept(f"whatsapp:{AN}", words, callback="", doom=None, service=None)


def test_messages_of_several_lines_go_both_ways(page: Any, network: Network) -> None:
    page.focus("#whatsapp-text")
    for key in ("a", "Shift+Enter", "b", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector("#whatsapp .mine")
    assert page.inner_text("#whatsapp .mine span") == "a\nb"
    assert page.input_value("#whatsapp-text") == ""
    answer(network, "Dag An\n\n1. ja")
    page.wait_for_selector("#whatsapp .bubble:not(.mine) >> text=read")
    assert page.inner_text("#whatsapp .bubble:not(.mine) span") == "Dag An\n\n1. ja"
    assert page.locator("#sms .bubble, #telegram .bubble").count() == 0


def test_what_comes_too_late_is_told(page: Any, network: Network) -> None:
    answer(network, "Dag An")
    page.wait_for_selector("#whatsapp >> text=A message did not reach this phone: failed 63016")


def test_it_has_names_for_who_does_not_see_it(page: Any, network: Network) -> None:
    answer(network, "Dag An")
    page.wait_for_selector("#whatsapp .note")
    place = page.get_by_role("region", name="WhatsApp")
    assert place.get_by_role("log", name="WhatsApp messages").count() == 1
    assert place.get_by_role("textbox", name="Message").count() == 1
    assert place.get_by_role("button", name="Send").count() == 1


@pytest.mark.parametrize("chosen", ["whatsapp", "sms", ""])
def test_the_network_misbehaves_where_it_is_told_to(page: Any, network: Network, chosen: str) -> None:
    page.click("#drawer summary")
    page.select_option("[name=fault]", "429")
    page.select_option("[name=where]", chosen)
    page.uncheck("[name=mine]")
    page.click("#fault-form button")
    page.wait_for_selector("#faults >> text=Too many requests")
    meant = {"whatsapp": ["whatsapp:*"], "sms": ["+*"], "": ["+*", "whatsapp:*", "*"]}[chosen]
    assert network.wait_until(lambda: [fault.to for fault, _ in network.faults.list()] == meant)
    names = {"+*": "SMS", "whatsapp:*": "WhatsApp", "*": "Telegram"}
    page.wait_for_selector(f"#faults >> text={names[meant[-1]]}")
    listed = page.locator("#faults li").all_inner_texts()
    assert listed == [f"Too many requests · {names[to]} · 1 left" for to in meant]


def test_the_24_hours_can_be_over_at_once(page: Any, network: Network) -> None:
    page.click("#drawer summary")
    page.select_option("[name=fault]", "63016")
    assert page.locator("[name=where]").is_disabled()
    page.click("#fault-form button")
    page.wait_for_selector(f"#faults >> text=24 hours over · WhatsApp · {AN} · 1 left")
    ((fault, _),) = network.faults.list()
    assert (fault.api, fault.error, fault.to) == ("messages.create", 63016, f"whatsapp:{AN}")


def test_the_arrow_keys_reach_it_on_a_narrow_page(page: Any, network: Network) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    answer(network, "Dag An")
    page.wait_for_selector("#tab-whatsapp .dot", state="attached")
    page.focus("#tab-sms")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tab-whatsapp"
    assert page.get_by_role("tabpanel", name="WhatsApp").is_visible()
    assert not page.is_visible("#sms")


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_off_the_page(page: Any, size: tuple[int, int], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
