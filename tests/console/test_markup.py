"""Words that are markup stay words: on every page, through every field that somebody else fills, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Table, update

from bot.service.house import House
from bot.store import schema
from tests.console.conftest import People
from tests.console.places import PLACES, Place, World, opened_up, worlds
from tests.console.walking import Walker

pytestmark = pytest.mark.browser

RUN = "window.__pwned=1"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}><animate onbegin={RUN}>",
    f"</title></textarea></script></style><script>{RUN}</script>",
    f'"\' autofocus onfocus={RUN} onmouseover={RUN} x="',
    f"--><iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<a href=javascript:{RUN}>x</a><form action=javascript:{RUN}><button>x</button></form>",
    "{{ 7 * 191 }}${7 * 191}#{7 * 191}<%= 7 * 191 %>",
    "<base href=//elsewhere.example/><meta http-equiv=refresh content=0;url=//elsewhere.example>",
    "\u202etxt.gpj\u2066 &lt;b&gt; &#60;script&#62;",
)
NASTY = " ".join(PAYLOADS)
COUNTED = "1337"
"""What comes of it where words are taken for a template."""

FIELDS: tuple[tuple[Table, str], ...] = (
    (schema.contacts, "name"),
    (schema.messages, "text"),
    (schema.users, "name"),
    (schema.users, "phone"),
    (schema.logins, "device"),
    (schema.meetings, "title"),
    (schema.plan_items, "title"),
    (schema.attachments, "name"),
    (schema.quarantine, "body"),
    (schema.quarantine, "reason"),
    (schema.case_notes, "text"),
    (schema.drafts, "text"),
)
"""What people, providers and colleagues write, and a page shows."""

SEEN = [place for place in PLACES if place.do in (None, opened_up)]


@pytest.fixture(scope="module")
def walker(
    browser: Any, tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path, _furnished: House
) -> Iterator[Walker]:
    with worlds(tmp_path_factory.mktemp("nasty"), _sqlite_template, _furnished) as built:
        walker = Walker(browser, built, bypass_csp=True)
        for place in SEEN:
            walker.login(place)  # before the words are where a browser's own name was
        _poison(built[False])
        yield walker


def _poison(world: World) -> None:
    with world.house.store.write() as connection:
        for table, name in FIELDS:
            connection.execute(update(table).values({name: NASTY}))
        connection.execute(update(schema.cases).values(evidence=list(PAYLOADS)))
        connection.execute(update(schema.messages).values(choices=[{"label": NASTY, "value": "1"}]))
        connection.execute(update(schema.proposals).values(why=NASTY))


def traces(page: Any) -> list[str]:
    """What of the words became more than words."""
    found: list[str] = page.evaluate(
        """() => {
          const parts = "script:not([src]), img[src='x'], iframe, base, meta[http-equiv], animate";
          const runs = "[onerror], [onload], [onfocus], [onmouseover], [onbegin]";
          const leads = "[href^='javascript'], [action^='javascript']";
          const made = document.querySelectorAll(`${parts}, ${runs}, ${leads}`);
          return [...made].map(e => e.outerHTML.slice(0, 120)).concat("__pwned" in window ? ["it ran"] : []);
        }"""
    )
    return found


@pytest.mark.parametrize("place", SEEN, ids=[place.name for place in SEEN])
def test_words_never_become_a_part_of_the_page(walker: Walker, place: Place) -> None:
    """Without the policy that would hold them back: escaping alone has to do."""
    page = walker.at(place)
    found, counted, title = traces(page), COUNTED in page.content(), page.title()
    page.context.close()
    assert found == []
    assert not counted
    assert title.endswith("· Drempelvrij")


def test_words_that_come_while_a_page_stands_open_stay_words(walker: Walker, people_of: People) -> None:
    case, queue = (walker.at(next(p for p in PLACES if p.name == name)) for name in ("case, mine", "queue, full"))
    for number, payload in enumerate(PAYLOADS):
        people_of.says(f"{payload} nieuw{number}", provider_id=f"nasty-{number}")
    last = f"nieuw{len(PAYLOADS) - 1}"
    case.get_by_text(last).wait_for()
    queue.evaluate("touched = Date.now()")
    queue.wait_for_timeout(2500)
    assert traces(case) == traces(queue) == []
    case.context.close()
    queue.context.close()


@pytest.fixture
def people_of(walker: Walker) -> People:
    return People(walker.built[False].house)


def test_the_policy_alone_holds_back_what_would_run(walker: Walker) -> None:
    """If escaping ever failed: nothing that stands in a page runs."""
    page = walker.at(PLACES[0], bypass_csp=False)
    page.evaluate(
        """html => {
          window.broken = [];
          document.addEventListener("securitypolicyviolation", e => window.broken.push(e.effectiveDirective));
          const script = document.createElement("script");
          script.textContent = "window.__pwned = 1";
          document.body.append(script);
          document.querySelector("main").insertAdjacentHTML("beforeend", html);
        }""",
        f'<img src=x onerror="{RUN}"><p style="color: red">x</p><iframe src="https://elsewhere.example/"></iframe>',
    )
    page.wait_for_timeout(300)
    broken = set(page.evaluate("window.broken"))
    ran = page.evaluate("'__pwned' in window")
    page.context.close()
    assert not ran
    assert {"script-src-elem", "script-src-attr", "style-src-attr", "frame-src"} <= broken


def test_every_field_of_the_table_is_there() -> None:
    assert all(isinstance(table.c[name], Column) for table, name in FIELDS)
