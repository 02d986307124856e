"""What nobody could read is shown to people: all of it, and never as markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot.service import turns
from bot.service.house import House
from console import words

ASIDE = "/console/aside"
QUEUE = "/console/"
ROOT = Path(__file__).resolve().parents[2]


def keep(house: House, body: str = "{}", channel: str = "telegram", reason: str = "kind of update") -> None:
    turns.set_aside(house, channel, f"name#{body[:40]}", reason, body)


def test_nobody_sees_it_without_a_login(app: Flask, house: House) -> None:
    keep(house, "geheim")
    answer = app.test_client().get(ASIDE)
    assert (answer.status_code, answer.location) == (303, "/console/login?next=/console/")
    assert "geheim" not in answer.text


def test_where_nothing_is_kept_the_page_says_so(client: FlaskClient) -> None:
    page = client.get(ASIDE).text
    assert "Er is niets blijven liggen." in page
    assert "<details" not in page
    assert ASIDE not in client.get(QUEUE).text


def test_what_came_in_is_shown_as_it_came_and_never_as_markup(client: FlaskClient, house: House) -> None:
    keep(house, "\n<script>alert(1)</script></pre>\"'")
    page = client.get(ASIDE).text
    assert '<pre dir="auto">\n\n&lt;script&gt;alert(1)&lt;/script&gt;&lt;/pre&gt;&#34;&#39;</pre>' in page
    assert "alert(1)</script>" not in page
    assert "<h2>Telegram <time" in page
    assert "Dit soort bericht kent de computer niet." in page
    assert re.search(r'<time [^>]*datetime="\d{4}-[^"]+" title="\w+dag [^"]+">\d\d:\d\d</time>', page)


def test_the_newest_comes_first(client: FlaskClient, house: House) -> None:
    keep(house, "de oudste")
    keep(house, "de nieuwste")
    page = client.get(ASIDE).text
    assert page.index("de nieuwste") < page.index("de oudste")


@pytest.mark.parametrize(
    ("channel", "reason", "shown"),
    [
        ("sms", "crashed", ("<h2>Sms <", "Bij het verwerken ging er iets mis bij ons.")),
        ("receipts", "unknown status", ("<h2>Bezorgmelding <", words.UNREADABLE["unknown status"])),
        ("<b>pigeon", "<b>what", ("<h2>&lt;b&gt;pigeon <", words.UNKNOWN_UNREADABLE)),
    ],
)
def test_where_and_why_are_said_in_plain_words(
    client: FlaskClient, house: House, channel: str, reason: str, shown: tuple[str, str]
) -> None:
    keep(house, "x", channel, reason)
    page = client.get(ASIDE).text
    assert all(part in page for part in shown)
    assert reason not in page


def test_every_reason_that_the_doors_give_has_its_words() -> None:
    doors = [ROOT / "webhooks.py", *(ROOT / "channels").glob("*.py")]
    given = {reason for door in doors for reason in re.findall(r'Unreadable\("([^"]+)"', door.read_text("utf-8"))}
    assert given == set(words.UNREADABLE)


def test_the_queue_leads_to_it_with_how_many_there_are(client: FlaskClient, house: House) -> None:
    keep(house, "een")
    keep(house, "twee")
    page = client.get(QUEUE).text
    assert re.search(rf'href="{ASIDE}">Niet te lezen <span class="count">2</span></a>', page)
