"""Every page of the console in every state that it can be in: one table, and a house in which all of them occur.

Tests that look at the form of pages (what a screen reader finds, how much they weigh, how they look when enlarged) walk
this table. An endpoint with a page that is missing from it fails ``test_every_page``.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from bot.cases import Outcome
from bot.meetings import MeetingKind
from bot.messages import Kind, Media, Receipt, Status
from bot.roles import Role
from bot.service import (
    accounts,
    attachments,
    case_views,
    closing,
    drafts,
    notes,
    notices,
    plans,
    receipts,
    snoozing,
    turns,
)
from bot.service.house import House
from bot.store import cases as stored
from bot.store.engine import Store
from bot.store.schema import contacts
from playground.pictures import letter
from playground.server import serving
from tests.conftest import Clock
from tests.console.browsing import log_in
from tests.console.conftest import PASSWORD, People, make_app
from tests.console.helping import FRENCH, Desk, to_a_working_day
from tests.console.test_pages import newest_out, sent

LONG = "Maximiliaan-Alexander-van-der-Hoogstraten-Vandenbroucke"
TELEGRAM = "telegram:4711"
OPUS = b"OggS\x00\x02" + bytes(22) + b"OpusHead\x01" + bytes(40)
FILES = {"photo": letter(), "voice_note": OPUS, "document": b"een tekst", "video": b"MZ geen video"}


@dataclass
class World:
    """A house that is served: who has an account, and the numbers of what the table's addresses name."""

    house: House
    address: str
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A page in one state. ``path`` has gaps for the numbers of the world; ``do`` is what somebody does there first.

    ``who``: a login, or nobody. ``empty``: in a house where nothing happened yet. ``status``: what is answered.
    """

    name: str
    endpoint: str
    path: str
    who: str = "an"
    do: Callable[[Any], None] | None = None
    empty: bool = False
    status: int = 200

    @property
    def first_load(self) -> bool:
        """Whether it is a page that somebody comes to, and not what a form on it answers."""
        return self.do is None or self.do is opened_up


def press(button: str, **fields: str) -> Callable[[Any], None]:
    """Fills fields by their name and presses a button; browsers' own checks do not stand in the way."""

    def go(page: Any) -> None:
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        for name, value in fields.items():
            page.locator(f"main [name={name}]").first.fill(value)
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name=button).first.click()

    return go


def opened_up(page: Any) -> None:
    """With everything unfolded that can be."""
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")


def _changed_without_why(page: Any) -> None:
    page.locator("[name=tier]:not(:checked)").first.check()
    press("Bewaar")(page)


def _put_off(at: str) -> Callable[[Any], None]:
    def go(page: Any) -> None:
        opened_up(page)
        page.check("[name=until][value=other]")
        press("Stel uit", at=at)(page)

    return go


def _dear(page: Any) -> None:
    page.fill("#text", "Een cliënt van ons komt morgen naar u toe. Past dat voor u, of liever op een andere dag?")
    page.locator("#around").wait_for()


def _ready(name: str) -> Callable[[Any], None]:
    """A ready answer stands in the answer; its gaps are still open."""

    def go(page: Any) -> None:
        opened_up(page)
        page.select_option("[name=ready]", name)
        with page.expect_navigation():
            page.locator(".ready").get_by_role("button", name="Zet in mijn antwoord").click()
        page.get_by_text("Vul dit nog in").wait_for()

    return go


def _seen_before(page: Any) -> None:
    page.evaluate("document.querySelector('[name=seen]').value = '1'")
    press("Verstuur", text="Kom morgen langs.")(page)


def _closed(page: Any) -> None:
    opened_up(page)
    press("Sluit dit gesprek af")(page)


def _nobody_to_join(page: Any) -> None:
    press("Zoek", words="gita")(page)
    press("Bekijk beide")(page)


def _side_by_side(page: Any) -> None:
    press("Zoek", words="gita")(page)
    page.check("[name=other]")
    press("Bekijk beide")(page)


def _too_long(page: Any) -> None:
    page.evaluate("document.getElementById('text').value = 'x'.repeat(300000)")
    press("Verstuur")(page)


def _previewed(page: Any) -> None:
    page.check("[name=everybody]")
    page.check("[value=letter_talk]")
    press("Kijk het na")(page)


def _without_token(page: Any) -> None:
    page.evaluate("document.querySelector('#reply [name=csrf_token]').value = 'x'")
    press("Verstuur", text="Dit mag niet weg zijn")(page)


def _ended_elsewhere(page: Any) -> None:
    """The login is ended from another browser while somebody types."""
    other = page.context.browser.new_page(base_url=page.url.partition("/console")[0], locale="nl-BE")
    log_in(other, "dora")
    other.goto("/console/me")
    press("Meld overal elders af")(other)
    other.context.close()
    page.evaluate("document.getElementById('title').value = 'Dit mag niet weg zijn'")
    press("Zet klaar")(page)


def _no_connection(page: Any) -> None:
    page.context.set_offline(True)
    page.evaluate("touched = Date.now(); window.dispatchEvent(new Event('online'))")
    page.get_by_text("Geen verbinding").wait_for()


PLACES: tuple[Place, ...] = (
    Place("login", "login", "login", who=""),
    Place("login, wrong", "login", "login", who="", do=press("Aanmelden", name="an", password="fout"), status=401),
    Place("queue, full", "queue", ""),
    Place("queue, empty", "queue", "", empty=True),
    Place("queue, of who sees all", "queue", "", who="beheer"),
    Place("queue, mine", "queue", "?view=mine"),
    Place("queue, put off", "queue", "?view=snoozed"),
    Place("queue, not delivered", "queue", "?view=undelivered"),
    Place("queue, of a team", "queue", "?view=team"),
    Place("queue, nobody fits", "queue", "?view=all&language=xx&channel=voice", do=opened_up),
    Place("queue, nobody is next", "queue", "", do=press("Neem het volgende"), empty=True),
    Place("queue, away", "queue", "", who="chris", do=press("Ik ben even weg")),
    Place("search", "search", "search"),
    Place("search, found", "search", "search", do=press("Zoek", words="a")),
    Place("search, nothing found", "search", "search", do=press("Zoek", words="bestaat niet")),
    Place("queue, no connection", "queue", "", do=_no_connection),
    Place("case, free", "case", "cases/{free}"),
    Place("case, mine", "case", "cases/{mine}", do=opened_up),
    Place("case, taken", "case", "cases/{taken}"),
    Place("case, later", "case", "cases/{later}"),
    Place("case, closed", "case", "cases/{closed}"),
    Place("case, put off", "case", "cases/{snoozed}", do=opened_up),
    Place("case, put off without a moment", "case", "cases/{mine}", do=_put_off("2001-01-01T10:00"), status=422),
    Place("case, closed without an outcome", "case", "cases/{mine}", do=_closed, status=422),
    Place("case, danger", "case", "cases/{danger}"),
    Place("case, not delivered", "case", "cases/{undelivered}"),
    Place("case, stopped", "case", "cases/{stopped}"),
    Place("case, many kinds of lines", "case", "cases/{media}"),
    Place("case, in Arabic", "case", "cases/{arabic}"),
    Place("case, nothing written", "case", "cases/{mine}", do=press("Verstuur"), status=422),
    Place("case, something a colleague had ready", "case", "cases/{writing}", do=opened_up),
    Place("case, a ready answer with gaps", "case", "cases/{writing}", do=_ready("come_by")),
    Place("case, letters that cost", "case", "cases/{writing}", do=_dear),
    Place("case, a newer message", "case", "cases/{writing}", do=_seen_before, status=409),
    Place("case, an answer looked at", "preview", "cases/{writing}", do=press("Kijk na", text="“Cliënt” " * 12)),
    Place("case, an empty note", "case", "cases/{mine}", do=press("Bewaar de notitie"), status=422),
    Place("case, form out of date", "case", "cases/{mine}", do=_without_token, status=400),
    Place("new times, logged out meanwhile", "login", "times/new", who="dora", do=_ended_elsewhere, status=401),
    Place("case, too large", "case", "cases/{mine}", do=_too_long, status=413),
    Place("hand over", "hand", "cases/{mine}/hand"),
    Place("hand over, to nobody", "hand", "cases/{mine}/hand", do=press("Geef door"), status=422),
    Place("join", "merge", "cases/{mine}/merge"),
    Place("join, found", "merge", "cases/{mine}/merge", do=press("Zoek", words="gita")),
    Place("join, nothing found", "merge", "cases/{mine}/merge", do=press("Zoek", words="bestaat niet")),
    Place("join, nobody chosen", "merge", "cases/{mine}/merge", do=_nobody_to_join, status=422),
    Place("join, side by side", "merge", "cases/{mine}/merge", do=_side_by_side),
    Place("proposal", "proposal", "cases/{mine}/proposal"),
    Place("proposal, without why", "proposal", "cases/{mine}/proposal", do=_changed_without_why, status=422),
    Place("times", "times", "times"),
    Place("times, empty", "times", "times", empty=True),
    Place("new times", "times_new", "times/new"),
    Place("new times, wrong", "times_new", "times/new", do=press("Zet klaar"), status=422),
    Place("call off", "times_off", "times/{group}/off"),
    Place("invite", "times_invite", "times/{group}/invite"),
    Place("invite, nobody chosen", "times_invite", "times/{group}/invite", do=press("Nodig uit"), status=422),
    Place("notices", "notices", "notices", do=opened_up),
    Place("notices, empty", "notices", "notices", empty=True),
    Place("new notice", "notices_new", "notices/new"),
    Place("new notice, nobody fits", "notices_new", "notices/new", empty=True),
    Place("new notice, wrong", "notices_new", "notices/new", do=press("Kijk het na"), status=422),
    Place("notice, preview", "notices_preview", "notices/new", do=_previewed),
    Place("could not be read", "aside", "aside", do=opened_up),
    Place("could not be read, empty", "aside", "aside", empty=True),
    Place("me", "me", "me"),
    Place("me, wrong", "me", "me", do=press("Bewaar", name=" "), status=422),
    Place("password", "me_password", "me/password"),
    Place("password, wrong", "me_password", "me/password", do=press("Bewaar", old="x", new="y", again="z"), status=422),
    Place("code", "me_code", "me/code"),
    Place("code, being set up", "me_code", "me/code", do=press("Begin"), who="chris"),
    Place("people", "people", "people", who="beheer"),
    Place("people, of a lead", "people", "people", who="lead"),
    Place("new account", "people_new", "people/new", who="beheer"),
    Place("new account, wrong", "people_new", "people/new", who="beheer", do=press("Maak"), status=422),
    Place("an account", "person", "people/{bart}", who="beheer"),
    Place("the log", "audit", "audit", who="beheer"),
    Place("the log of accounts", "audit_accounts", "audit/accounts", who="beheer"),
    Place("not allowed", "people", "people", status=403),
    Place("not there", "nowhere", "cases/999999", status=404),
    Place("our mistake", "recording", "cases/{media}/recordings/{recording}", status=500),
)
"""A state that a page can be in is one line here."""

NO_PAGES: frozenset[str] = frozenset(
    {
        *("static", "attachment", "attachment_small", "me_code_image"),
        *("updates", "queue_fragment"),
        *("form", "me_identity", "sso", "sso_back", "code"),
    }
)
"""Endpoints that take GET and are no page of their own: files, parts of pages, ways to somewhere else."""


def ways_back(endpoint: str) -> bool:
    """Whether an address only leads to the page that a form stands on."""
    return "_back_from_" in endpoint


@contextmanager
def worlds(folder: Path, template: Path, furnished: House) -> Iterator[Mapping[bool, World]]:
    """Both houses, served: by whether it is the empty one."""
    with ExitStack() as stack:
        yield {empty: stack.enter_context(_world(folder, template, furnished, empty)) for empty in (False, True)}


@contextmanager
def _world(folder: Path, template: Path, furnished: House, empty: bool) -> Iterator[World]:
    path = folder / f"{'empty' if empty else 'full'}.sqlite"
    shutil.copy(template, path)
    clock = Clock()
    to_a_working_day(clock.advance, clock(), furnished.holidays)
    fetching = {**furnished.channels, "telegram": replace(furnished.channels["telegram"], fetches=True)}
    house = replace(furnished, store=Store(f"sqlite:///{path}"), now=clock, channels=fetching)
    numbers = _people_at_work(house)
    if not empty:
        numbers |= _everything(house, numbers, clock)
    with _served(house) as address:
        yield World(house, address, numbers)
    house.store.close()


def _breaks(_reference: str) -> bytes:
    raise RuntimeError("so that somebody sees the page for it")


@contextmanager
def _served(house: House) -> Iterator[str]:
    app = make_app(house, fetch=_breaks)
    app.config.update(PROPAGATE_EXCEPTIONS=False, MAX_CONTENT_LENGTH=256 * 1024)
    with serving(app) as address:
        yield address


def _people_at_work(house: House) -> dict[str, int]:
    teams = ("service_line", "youth")
    return {
        "an": accounts.add_user(house, "an", "An Peeters", PASSWORD, teams_of=teams),
        "bart": accounts.add_user(house, "bart", "Bart Claes", PASSWORD, teams_of=teams),
        "dora": accounts.add_user(house, "dora", "Dora", PASSWORD),
        "chris": accounts.add_user(house, "chris", "Chris", PASSWORD),
        "lead": accounts.add_user(house, "lead", "Lies", PASSWORD, teams_of=teams, role=Role.LEAD),
        "beheer": accounts.add_user(house, "beheer", "Bea", PASSWORD, role=Role.ADMINISTRATOR),
    }


def _everything(house: House, numbers: Mapping[str, int], clock: Clock) -> dict[str, int]:
    """Contacts, cases, times and notices in every state."""
    people = People(house)
    desk = Desk(house, people)
    an, bart = numbers["an"], numbers["bart"]
    made = {
        "mine": desk.claimed(an, "Amina", 1),
        "taken": desk.claimed(bart, "Ben", 2, FRENCH),
        "undelivered": desk.claimed(an, "Dina", 3),
        "closed": desk.claimed(an, "Emre", 4),
        "snoozed": desk.claimed(an, "Karim", 12),
        "writing": desk.claimed(an, "Joke", 13, FRENCH),
        "stopped": desk.claimed(an, "Lotte", 5),
        "free": people.asks_for_a_person("Gita", "tel:+32470000006"),
        "later": people.asks_for_a_person("Hana", "tel:+32470000007"),
        "media": people.asks_for_a_person("Ilse", TELEGRAM, "telegram"),
        "arabic": people.asks_for_a_person("ليلى", "tel:+32470000009"),
    }
    _conversations(house, people, made, numbers)
    made["danger"] = _danger(house, people)
    made["recording"] = next(line.id for line in case_views.view(house, made["media"]).log if line.kind == "recording")
    made["group"] = _times(desk, made, an)
    _notices(house, an)
    clock.advance(minutes=13)
    return made


def _conversations(house: House, people: People, made: Mapping[str, int], numbers: Mapping[str, int]) -> None:
    an = numbers["an"]
    for number in range(8):
        people.says(f"Vraag {number} over de opleiding tot lasser, en wanneer die begint")
        people.said_to(made["mine"], an, f"Antwoord {number}: in januari, en u kunt nog inschrijven\nTot dan!")
    plans.add_for(house, made["mine"], an, assignment=next(iter(house.assignments)))
    plans.add_for(house, made["mine"], an, title="Samen bellen naar " + "x" * 40)
    people.said_to(made["undelivered"], an, "Dag Dina")
    sent(house, newest_out(house, made["undelivered"]))
    receipts.receipt(house, Receipt("sms", "SM1", Status.FAILED, "30005"))
    drafts.keep(house, made["writing"], numbers["bart"], "Bonjour Joke, je vous appelle demain.")
    notes.add(house, made["writing"], numbers["bart"], "Belt liever na vijf uur.", "a-token-of-a-note-0001")
    closing.close(house, made["closed"], an, Outcome.HELPED)
    snoozing.snooze(house, made["snoozed"], an, house.now() + timedelta(hours=20))
    people.says("stop", "tel:+32470000005")
    people.says("مرحبا، أريد المساعدة بالهولندية من VDAB في الساعة 9:30 (سريعا)", "tel:+32470000009")
    with house.store.write() as connection:
        later = house.now() + timedelta(hours=3)
        connection.execute(update(contacts).where(contacts.c.name == "Amina").values(name=LONG))
        stored.change(connection, made["later"], known_id=numbers["bart"], all_from=later, team="youth")
    _files(house, people)
    for kind, seconds in (("photo", None), ("voice_note", 12), ("document", None)):
        media = (Media(kind, f"ref-{kind}", "", seconds),)
        people.says("", TELEGRAM, "telegram", Kind.MEDIA, media=media)
    recorded = (Media("recording", "https://provider.example/REC1", "audio/wav", 7),)
    people.says("Dit zei ik aan de lijn.", "tel:+32470000011", "voice", Kind.SPEECH)
    people.says("", TELEGRAM, "telegram", Kind.RECORDING, media=recorded)


def _files(house: House, people: People) -> None:
    """One of each that can be shown, and one that is refused; those that come later are still on their way."""
    for kind in FILES:
        media = (Media(kind, f"ref-{kind}", "", None),)
        people.says("", TELEGRAM, "telegram", Kind.MEDIA, media=media)
    contents = iter(FILES.values())
    for wanted in attachments.take(house, ["telegram"], len(FILES)):
        attachments.keep(house, wanted, next(contents))


def _danger(house: House, people: People) -> int:
    people.says("ik word geslagen", "tel:+32470000008")
    return max(row.id for row in case_views.queue(house))


def _times(desk: Desk, made: Mapping[str, int], an: int) -> int:
    talk = desk.publish(an)
    desk.publish(an, MeetingKind.CALL, 14)
    desk.book(made["mine"], talk)
    group = desk.publish(an, MeetingKind.GROUP, 15, title="Samen sterk naar werk", places=8)
    desk.book(made["taken"], group)
    return group


def _notices(house: House, an: int) -> None:
    everybody = [row.contact_id for row in case_views.queue(house)]
    notices.send(house, "key 1", "letter_talk", None, everybody, an)
    turns.set_aside(house, "telegram", "77", "kind of message", '{"message": {"dice": 3}}')
