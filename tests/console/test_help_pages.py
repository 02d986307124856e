"""The proposal, the path and the meetings beside a conversation; whose turn it is in the queue."""

from __future__ import annotations

import gzip
import re

import pytest
from flask.testing import FlaskClient

from bot.cases import Outcome
from bot.meetings import MeetingKind
from bot.plans import ItemState
from bot.service import accounts, case_views, cases, closing, help_views, logins, plans, proposals, publishing
from bot.service.house import House
from bot.service.proposals import ProposalView
from bot.triage import Tier
from console import help_words
from tests.conftest import Clock
from tests.console.conftest import People, log_in
from tests.console.helping import DUTCH, FRENCH, NASTY, Desk, form_of, post, text_of, to_a_working_day

WHY = "Amina belt liever eerst."


@pytest.fixture
def house(house: House, clock: Clock) -> House:
    """The house on a working day at ten."""
    to_a_working_day(clock.advance, clock(), house.holidays)
    return house


@pytest.fixture
def desk(house: House, people: People) -> Desk:
    return Desk(house, people)


@pytest.fixture
def mine(desk: Desk, an: int) -> int:
    return desk.claimed(an)


def seen(client: FlaskClient, case_id: int) -> str:
    return client.get(f"/console/cases/{case_id}").text


def proposed(house: House, case_id: int) -> ProposalView:
    found = proposals.of_case(house, case_id)
    assert found is not None
    return found


# The proposal


def test_the_proposal_stands_beside_the_conversation_with_every_reason(client: FlaskClient, mine: int) -> None:
    page = text_of(seen(client, mine).partition('id="proposal"')[2])
    order = ["In een gesprek met een mens", "Missing Link", "Gratis nummer en hulp", "Waarom", "u bent jong"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "Gewoon · Oost-Vlaanderen · Regels, versie 1" in page
    assert "Nog door niemand bevestigd" in page


def test_without_answers_there_is_no_proposal_and_that_is_said(client: FlaskClient, people: People) -> None:
    assert "Er is nog geen voorstel" in seen(client, people.asks_for_a_person())


def test_one_button_confirms_it(client: FlaskClient, house: House, mine: int, an: int) -> None:
    confirm = f"/console/cases/{mine}/confirm"
    answer = client.post(confirm, data=form_of(seen(client, mine), confirm), follow_redirects=True)
    assert "Het voorstel is bevestigd." in answer.text
    assert "Bevestigd door An Peeters" in answer.text
    assert "Nog door niemand bevestigd" not in answer.text
    found = proposed(house, mine)
    assert (found.decided_by, found.changed) == ("An Peeters", False)
    assert confirm not in answer.text


def test_what_is_confirmed_is_what_was_seen(client: FlaskClient, house: House, mine: int) -> None:
    status, page = post(client, f"/cases/{mine}/confirm", tier="phone", programme=["service_line"])
    assert status == 409
    assert "intussen anders" in page
    assert proposed(house, mine).decided_at is None


def test_a_change_needs_a_reason_and_keeps_what_was_chosen(client: FlaskClient, house: House, mine: int) -> None:
    page = f"/cases/{mine}/proposal"
    chosen = {"tier": "phone", "first": "service_line", "programme": ["service_line", "gtb"]}
    status, refused = post(client, page, **chosen, why="  ")
    assert status == 422
    assert "waarom u het voorstel verandert" in refused
    assert re.search(r'value="phone" checked', refused)
    assert re.search(r'<option value="service_line" selected', refused)
    assert re.findall(r'name="programme" value="(\w+)" checked', refused) == ["service_line", "gtb"]
    assert post(client, page, **chosen, why=WHY)[0] == 303
    found = proposed(house, mine)
    assert (found.decided_tier, [line.id for line in found.chosen]) == (Tier.PHONE, ["service_line", "gtb"])
    shown = text_of(seen(client, mine))
    assert "Veranderd door An Peeters" in shown
    assert WHY in shown
    assert "De regels stelden voor: In een gesprek met een mens; Missing Link" in shown


@pytest.mark.parametrize(
    ("changes", "status", "why"),
    [
        ({"first": "", "programme": []}, 422, "minstens één programma"),
        ({"first": "made_up"}, 422, "minstens één programma"),
        ({"first": "vop_sine"}, 422, "minstens één programma"),  # has ended
        ({"tier": "telepathy"}, 422, "minstens één programma"),
        ({"why": "x" * 501}, 422, "telt 501 tekens"),
    ],
)
def test_a_change_that_cannot_be_is_told_and_nothing_typed_is_lost(
    client: FlaskClient, house: House, mine: int, changes: dict[str, object], status: int, why: str
) -> None:
    data = {"tier": "phone", "first": "service_line", "programme": ["service_line"], "why": f"{WHY} {NASTY}"}
    answer, page = post(client, f"/cases/{mine}/proposal", **{**data, **changes})
    assert answer == status
    assert why in page
    assert "<script>alert" not in page
    kept = str(changes.get("why", f"{WHY} &lt;script&gt;alert(1)"))
    assert kept in page
    assert proposed(house, mine).decided_at is None


def test_the_programme_that_comes_first_is_the_one_of_the_case(client: FlaskClient, house: House, mine: int) -> None:
    data = {"tier": "face", "first": "gtb", "programme": ["missing_link", "gtb"], "why": NASTY}
    assert post(client, f"/cases/{mine}/proposal", **data)[0] == 303
    assert [line.id for line in proposed(house, mine).chosen] == ["gtb", "missing_link"]
    assert case_views.view(house, mine).row.programme == house.programme("gtb", "nl")
    assert "<script>alert" not in seen(client, mine)


def test_only_who_has_the_case_decides(client: FlaskClient, other: FlaskClient, house: House, mine: int) -> None:
    data = {"tier": "phone", "first": "service_line", "programme": ["service_line"], "why": WHY}
    status, page = post(other, f"/cases/{mine}/proposal", **data)
    assert (status, WHY in page) == (409, True)
    assert "niet meer, van u" in page
    assert post(other, f"/cases/{mine}/confirm", **data)[0] == 409
    assert other.get(f"/console/cases/{mine}/proposal").status_code == 303
    assert "Verander</a>" not in seen(other, mine)
    assert proposed(house, mine).decided_at is None


def test_a_closed_case_is_decided_no_more(client: FlaskClient, house: House, mine: int, an: int) -> None:
    closing.close(house, mine, an, Outcome.HELPED)
    data = {"tier": "phone", "first": "service_line", "why": WHY}
    status, page = post(client, f"/cases/{mine}/proposal", **data)
    assert status == 409
    assert "al afgesloten" in page
    assert WHY in page


# The path


def test_an_assignment_goes_onto_the_path_and_the_contact_reads_it_in_the_own_language(
    client: FlaskClient, desk: Desk, house: House, an: int
) -> None:
    case_id = desk.claimed(an, name="Fatima", language=FRENCH)
    before = help_views.of_case(house, case_id)
    choice = next(choice for choice in before.choices if choice.id == "cv")
    assert choice.title == "begin aan mijn cv"
    page = seen(client, case_id)
    assert re.search(rf'<dd dir="auto" lang="fr">{re.escape(choice.text[:20])}', page)
    assert post(client, f"/cases/{case_id}/path", assignment="cv", title="")[0] == 303
    page = text_of(seen(client, case_id))
    assert "Het staat op het pad." in page
    assert "Straks begin aan mijn cv van An Peeters" in page
    assert "begin aan mijn cv : op het pad gezet (An Peeters)" in page
    assert '<option value="cv"' not in seen(client, case_id), "what is on the path is not offered again"


def test_own_words_go_onto_the_path_and_are_never_markup(client: FlaskClient, house: House, mine: int) -> None:
    assert post(client, f"/cases/{mine}/path", assignment="cv", title="<b>bel</b> An")[0] == 303
    page = seen(client, mine)
    assert "<bdi>&lt;b&gt;bel&lt;/b&gt; An</bdi>" in page
    assert [step.title for step in help_views.of_case(house, mine).path] == ["<b>bel</b> An"]


@pytest.mark.parametrize(
    ("data", "status", "why"),
    [
        ({"assignment": "", "title": "  "}, 422, "Kies een opdracht"),
        ({"title": "x" * 61}, 422, "tellen 61 tekens"),
        ({"assignment": "made_up"}, 422, "niet meer"),
        ({"assignment": "papers"}, 409, "Dit staat al op het pad"),
        ({"title": "bel  An"}, 409, "Dit staat al op het pad"),
    ],
)
def test_what_cannot_go_onto_the_path_is_told_and_kept(
    client: FlaskClient, house: House, mine: int, an: int, data: dict[str, str], status: int, why: str
) -> None:
    plans.add_for(house, mine, an, assignment="papers")
    plans.add_for(house, mine, an, title="bel An")
    answer, page = post(client, f"/cases/{mine}/path", **data)
    assert answer == status
    assert why in page
    assert "<details open>" in page
    assert f'value="{data.get("title", "")}"' in page
    assert len(help_views.of_case(house, mine).path) == 2


def test_something_is_taken_off_the_path_once(client: FlaskClient, house: House, mine: int, an: int) -> None:
    item = plans.add_for(house, mine, an, assignment="papers")
    assert "Haal weg" in seen(client, mine)
    assert post(client, f"/cases/{mine}/path/{item}/drop")[0] == 303
    assert help_views.of_case(house, mine).path[0].state is ItemState.DROPPED
    status, page = post(client, f"/cases/{mine}/path/{item}/drop")
    assert status == 409
    assert "niet meer op het pad" in page
    assert post(client, f"/cases/{mine}/path", assignment="papers")[0] == 303, "and can be picked up again"


def test_nobody_takes_something_off_anothers_path(client: FlaskClient, desk: Desk, house: House, an: int) -> None:
    one, two = desk.claimed(an), desk.claimed(an, name="Ben", number=2)
    item = plans.add_for(house, one, an, assignment="papers")
    assert post(client, f"/cases/{two}/path/{item}/drop")[0] == 409
    assert post(client, f"/cases/{two}/path/{2**70}/drop")[0] == 409
    assert post(client, f"/cases/99/path/{item}/drop")[0] == 404
    assert help_views.of_case(house, one).path[0].state is ItemState.NEXT


def test_the_path_of_a_colleagues_case_is_read_only(other: FlaskClient, house: House, mine: int, an: int) -> None:
    item = plans.add_for(house, mine, an, assignment="papers")
    page = seen(other, mine)
    assert "mijn papieren klaar" in page
    assert "Zet iets op het pad" not in page
    assert "Haal weg" not in page
    status, refused = post(other, f"/cases/{mine}/path", title="Toch dit")
    assert (status, "Een collega heeft dit gesprek" in refused) == (409, True)
    assert post(other, f"/cases/{mine}/path/{item}/drop")[0] == 409
    assert len(help_views.of_case(house, mine).path) == 1


def test_the_meetings_of_a_contact_stand_beside_the_conversation(
    client: FlaskClient, desk: Desk, house: House, mine: int, an: int
) -> None:
    assert "Nog geen afspraken" in seen(client, mine)
    desk.book(mine, desk.publish(an))
    full = desk.publish(an, MeetingKind.GROUP, 13)
    desk.book(desk.asks("Ben", 2), full)
    desk.book(mine, full)
    publishing.invite(house, desk.publish(an, MeetingKind.GROUP, 15, title=NASTY[:60]), [desk.contact(mine)], an)
    page = seen(client, mine)
    told = text_of(page)
    assert "Gesprek op kantoor, Gent Heeft een plaats" in told
    assert "Samen sterk, Gent Staat op de wachtlijst" in told
    assert "Is uitgenodigd" in told
    assert "<script>alert" not in page


# Whose turn it is


def at_work(house: House, user_id: int, teams: list[str], login: str) -> None:
    """In these teams, and seen a moment ago."""
    accounts.set_teams(house, login, teams)
    logins.log_in(house, login, "een lang wachtwoord", "")


def test_the_queue_says_whose_turn_it_is_and_the_case_does_too(
    client: FlaskClient, other: FlaskClient, desk: Desk, people: People, house: House, an: int, bart: int
) -> None:
    at_work(house, an, ["youth"], "an")
    at_work(house, bart, ["youth"], "bart")
    case_id = desk.asks()
    cases.claim(house, case_id, bart)
    closing.close(house, case_id, bart, Outcome.HELPED)
    people.says("0", "tel:+32470000001")
    back = max(row.id for row in case_views.queue(house))
    page = client.get("/console/").text
    assert "Eerst voor iemand anders" in page
    assert "Eerst voor Bart Claes , voor u vanaf" in text_of(page)
    shown = seen(client, back)
    assert "Dit gesprek is eerst voor Bart Claes." in shown
    assert "Neem dit gesprek" not in shown
    assert client.post(f"/console/cases/{back}/claim").status_code == 409
    theirs = text_of(other.get("/console/").text)
    assert "Voor u , u hielp deze persoon eerder" in theirs
    assert "Neem dit gesprek" in seen(other, back)


def test_who_knows_somebody_sees_them_before_others_but_after_danger(
    client: FlaskClient, desk: Desk, people: People, house: House, an: int
) -> None:
    at_work(house, an, [], "an")
    known = desk.claimed(an, name="Kent")
    closing.close(house, known, an, Outcome.HELPED)
    people.asks_for_a_person("Eerder", "tel:+32470000005")
    people.says("0", "tel:+32470000001")
    people.says("ik word geslagen", "tel:+32470000006")
    page = client.get("/console/").text
    order = ["Gevaar", "Kent", "Eerder"]
    places = [page.index(f">{words}<") for words in order]
    assert places == sorted(places)
    assert page.count("u hielp deze persoon eerder") == 1


def test_team_and_programme_stand_in_each_row(client: FlaskClient, desk: Desk, house: House, an: int) -> None:
    at_work(house, an, ["youth"], "an")
    desk.asks()
    assert "Missing Link Team Jongerenconsulenten" in text_of(client.get("/console/").text)


def test_a_case_of_another_team_is_not_there_until_it_is_everybodys(
    client: FlaskClient, desk: Desk, house: House, bart: int, clock: Clock
) -> None:
    at_work(house, bart, ["youth"], "bart")
    case_id = desk.asks()
    assert f'id="case-{case_id}"' not in client.get("/console/").text
    assert client.get(f"/console/cases/{case_id}").status_code == 404
    assert client.post(f"/console/cases/{case_id}/claim").status_code == 404
    clock.advance(days=5)
    log_in(client)
    assert f'id="case-{case_id}"' in client.get("/console/").text
    assert client.get(f"/console/cases/{case_id}").status_code == 200


# All of it


def test_every_value_has_its_words() -> None:
    assert set(help_words.TIERS) == set(Tier)
    assert set(help_words.KINDS) == set(MeetingKind)
    assert set(help_words.STEPS) == set(ItemState)
    assert set(help_views.ORDER) == set(ItemState)


@pytest.mark.parametrize("field", ["why", "title"])
def test_words_typed_before_the_login_ended_are_shown_not_lost(client: FlaskClient, mine: int, field: str) -> None:
    client.post("/console/logout")
    status, page = post(client, f"/cases/{mine}/{'proposal' if field == 'why' else 'path'}", **{field: "niet <kwijt>"})
    assert status == 401
    assert "niet &lt;kwijt&gt;</textarea>" in page


def test_a_full_case_weighs_less_than_thirty_kilobytes(
    client: FlaskClient, people: People, house: House, mine: int, an: int
) -> None:
    for number in range(25):
        people.says(f"Vraag {number} over de opleiding tot lasser, en wanneer die begint", "tel:+32470000001")
        people.said_to(mine, an, f"Antwoord {number}: in januari, en u kunt nog inschrijven")
    for assignment in list(house.assignments)[:8]:
        plans.add_for(house, mine, an, assignment=assignment)
    page = client.get(f"/console/cases/{mine}", headers={"Accept-Encoding": "gzip"})
    weight = len(page.data)
    for address in re.findall(r'"(/console/static/[^"]+)"', gzip.decompress(page.data).decode()):
        with client.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
            weight += len(answer.data)
    assert weight < 30_000


def test_another_login_sees_the_same_path(desk: Desk, other: FlaskClient, house: House, an: int) -> None:
    """The path belongs to the contact: whoever opens the case sees it, and the closed one too."""
    case_id = desk.claimed(an, language=DUTCH)
    plans.add_for(house, case_id, an, title="samen bellen")
    closing.close(house, case_id, an, Outcome.HELPED)
    assert "samen bellen" in seen(log_in(other, "bart"), case_id)
    assert post(other, f"/cases/{case_id}/path", title="en daarna")[0] == 303
