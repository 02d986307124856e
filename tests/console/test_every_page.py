"""The form of every page in every state: what axe-core finds, what a page weighs, how it does when enlarged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from flask import Flask

from bot.service.house import House
from bot.store import accounts
from tests.console.browsing import Wire, log_in
from tests.console.places import NO_PAGES, PLACES, Place, World, ways_back, worlds

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW, ENLARGED = (1280, 800), (360, 740), (320, 256)
HEAVIEST = 30_000
"""Bytes of a first load, everything included, as the browser counts what it receives."""

NAMES = [place.name for place in PLACES]


class Walker:
    """Goes to places, each with a login of its own that is made once."""

    def __init__(self, browser: Any, built: Mapping[bool, World]) -> None:
        self._browser = browser
        self._built = built
        self._logins: dict[tuple[bool, str], Any] = {}

    def at(self, place: Place, size: tuple[int, int] = WIDE, watch: bool = False, **how: Any) -> Any:
        """A new page in a browser without anything kept; ``wire`` on it counts when it is watched."""
        world = self._built[place.empty]
        context = self._browser.new_context(
            base_url=world.address,
            viewport={"width": size[0], "height": size[1]},
            storage_state=self._login(place),
            **{"locale": "nl-BE", **how},
        )
        page = context.new_page()
        page.wire = Wire(page) if watch else None
        answers: list[int] = []
        page.on("response", lambda answer: answers.append(answer.status) if _is_page(answer) else None)
        page.goto(f"/console/{place.path.format(**world.numbers)}")
        if place.do is not None:
            place.do(page)
        assert answers[-1] == place.status, answers
        return page

    def _login(self, place: Place) -> Any:
        key = (place.empty, place.who)
        if place.who and key not in self._logins:
            context = self._browser.new_context(base_url=self._built[place.empty].address, locale="nl-BE")
            page = context.new_page()
            log_in(page, place.who)
            self._logins[key] = context.storage_state()
            context.close()
        return self._logins.get(key)

    def speak(self, place: Place, language: str) -> None:
        """The pages of whoever stands there are in that language from now on."""
        world = self._built[place.empty]
        if place.who:
            with world.house.store.write() as connection:
                accounts.change(connection, world.numbers[place.who], language=language)


def _is_page(answer: Any) -> bool:
    return bool(answer.request.is_navigation_request())


@pytest.fixture(scope="module")
def walker(
    browser: Any, tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path, _furnished: House
) -> Iterator[Walker]:
    with worlds(tmp_path_factory.mktemp("worlds"), _sqlite_template, _furnished) as built:
        yield Walker(browser, built)


def test_every_page_stands_in_the_table(app: Flask) -> None:
    pages = {
        rule.endpoint.removeprefix("console.")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and "GET" in (rule.methods or ())
    }
    missing = {name for name in pages if not ways_back(name)} - NO_PAGES - {place.endpoint for place in PLACES}
    assert missing == set(), "a page without a line in tests/console/places.py"


def found_by_axe(page: Any) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
    results = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{finding['id']}: {node['html'][:120]} {node['failureSummary'][:160]}"
        for finding in results["violations"]
        for node in finding["nodes"]
    ]


@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_axe_finds_nothing(walker: Walker, place: Place) -> None:
    page = walker.at(place)
    for scheme, (width, height) in (("light", WIDE), ("dark", NARROW)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        assert found_by_axe(page) == [], f"{place.name}, {scheme}, {width}"
    page.context.close()
