"""The form of every page in every state: what axe-core finds, what a page weighs, how it does when enlarged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from flask import Flask

from bot.service.house import House
from tests.console.places import NO_PAGES, PLACES, Place, ways_back, worlds
from tests.console.walking import ENLARGED, NARROW, WIDE, Walker

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LIGHTEST, HEAVIEST = 5_000, 30_000
"""Bytes of a first load, everything included, as the browser counts what it receives; less is no page."""

NAMES = [place.name for place in PLACES]


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


def sideways(page: Any) -> list[str]:
    """WCAG 1.4.10: nobody has to scroll in two directions."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"scrolls sideways by {wider}"] if wider > 0 else []


def small_targets(page: Any) -> list[str]:
    """What is pressed is as large as a finger; boxes and dots are pressed by their whole line."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("button, select, summary, textarea, input, .button, nav a, .jump a")]
           .filter(e => e.checkVisibility() && !e.closest("label, .unseen") && e.getBoundingClientRect().height < 43.5)
           .map(e => `small: ${e.outerHTML.slice(0, 100)}`)"""
    )
    return found


def covered_focus(page: Any) -> list[str]:
    """WCAG 2.4.11: what has the focus can be seen; nothing that sticks to an edge lies over it."""
    found: list[str] = page.evaluate(
        """() => {
          const reached = "a[href], button, select, textarea, summary, input:not([type=hidden]), [tabindex='0']";
          const over = (e, [x, y]) => {
            const top = document.elementFromPoint(x, y);
            return e.contains(top) || top?.contains(e) || e.labels?.[0]?.contains(top);
          };
          const inside = (r) => {
            const [top, end] = [Math.max(r.top, 0), Math.min(r.bottom, innerHeight)];
            const edge = Math.min(12, (end - top) / 2);
            return [top + edge, (top + end) / 2, end - edge].map(y => [r.left + r.width / 2, y]);
          };
          const hidden = (e) => {
            e.focus();
            return ![...e.getClientRects()].flatMap(inside).some(point => over(e, point));
          };
          return [...document.querySelectorAll(reached)]
            .filter(e => e.checkVisibility({ visibilityProperty: true }) && e.tabIndex >= 0 && hidden(e))
            .map(e => `covered: ${e.outerHTML.slice(0, 100)}`);
        }"""
    )
    return found


def cut_words(page: Any) -> list[str]:
    """WCAG 1.4.12: with more room between letters, words and lines nothing is cut off."""
    found: list[str] = page.evaluate(
        """() => {
          const airy = new CSSStyleSheet();
          airy.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
            word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
          document.adoptedStyleSheets = [airy];
          const cut = [...document.querySelectorAll("main *, header *")].filter(e => e.checkVisibility()
            && getComputedStyle(e).overflow === "hidden" && !e.closest(".unseen, .last, .me, .brand")
            && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1));
          const found = cut.map(e => `cut: ${e.outerHTML.slice(0, 100)}`);
          if (document.documentElement.scrollWidth > innerWidth) found.push("airy text scrolls sideways");
          document.adoptedStyleSheets = [];
          return found;
        }"""
    )
    return found


def headings(page: Any) -> list[str]:
    """One of the first level, and no level left out."""
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map(e => Number(e.tagName[1]))")
    jumps = [f"h{a} then h{b}" for a, b in pairwise(levels) if b > a + 1]
    return jumps + ([] if levels.count(1) == 1 else [f"{levels.count(1)} headings of the first level"])


Look = tuple[tuple[int, int], dict[str, str], tuple[Callable[[Any], list[str]], ...]]
LOOKS: tuple[Look, ...] = (
    (WIDE, {"color_scheme": "light", "contrast": "no-preference"}, (found_by_axe, headings)),
    (NARROW, {"color_scheme": "dark", "contrast": "more"}, (found_by_axe, small_targets, sideways)),
    (ENLARGED, {"color_scheme": "light", "forced_colors": "active"}, (sideways, covered_focus, cut_words)),
)
"""At each size, what is looked for."""


def problems_of(page: Any, looks: Sequence[Look] = LOOKS) -> list[str]:
    """All that is wrong with the form of a page."""
    found = []
    for (width, height), how, checks in looks:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(**{"forced_colors": "none", "reduced_motion": "reduce", **how})
        found += [f"{width}: {problem}" for check in checks for problem in check(page)]
    return found


@pytest.mark.parametrize("place", PLACES, ids=NAMES)
def test_every_page_can_be_used_by_everybody(
    walker: Walker, place: Place, record_property: Callable[[str, object], None]
) -> None:
    page = walker.at(place, watch=place.first_load)
    weight = weight_of(page) if place.first_load else LIGHTEST
    found = problems_of(page)
    page.context.close()
    record_property("page_weight", f"{place.name}\t{weight}")
    assert found == []
    assert LIGHTEST <= weight <= HEAVIEST


def weight_of(page: Any) -> int:
    """Bytes of a first load, as the browser counts them, with nothing kept."""
    page.wait_for_load_state("networkidle")
    return sum(page.wire.received.values())


RIGHT_TO_LEFT = ("queue, full", "case, mine", "case, in Arabic", "proposal", "times", "new times", "notices", "me")


@pytest.mark.parametrize("place", [place for place in PLACES if place.name in RIGHT_TO_LEFT], ids=RIGHT_TO_LEFT)
def test_every_page_can_be_read_from_right_to_left(walker: Walker, place: Place) -> None:
    walker.speak(place, "ar")
    page = walker.at(place)
    walker.speak(place, "nl")
    found = problems_of(page)
    sides = page.evaluate("[document.documentElement.dir, document.documentElement.lang]")
    page.context.close()
    assert found == []
    assert sides == ["rtl", "ar"]


def test_what_is_wrong_is_found(walker: Walker) -> None:
    """The checks above can fail."""
    page = walker.at(PLACES[2])
    page.evaluate(
        """document.querySelector("main").insertAdjacentHTML("beforeend",
          '<input><div class="wide">x</div>');
        document.querySelector("h1").insertAdjacentHTML("afterend", '<h4>x</h4><button class="bad">klein</button>');
        const bad = new CSSStyleSheet();
        bad.replaceSync(".bad { min-height: 0; height: 20px } .why { color: #ccc !important } .wide { width: 2000px }");
        document.adoptedStyleSheets = [bad];
        document.querySelector(".link").textContent = "x"; """
    )
    found = "\n".join(problems_of(page))
    page.context.close()
    for words in ("label:", "color-contrast:", "h1 then h4", "small: <button", "scrolls sideways"):
        assert words in found, words
