"""A counsellor calls a contact: from a button in the console, over two telephones, to a line in the conversation."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select, update

import demo
from bot.service import calling, rounds
from bot.store.schema import calls, cases, events, users
from playground import Fault, NotNowError
from playground.call import Call
from tests.conftest import Clock
from tests.scenarios.people import AN, Counsellor, Writer
from town import Town

OWN = "+32470000009"


class Caller(Counsellor):
    """A counsellor with a telephone of the own."""

    def __init__(self, town: Town, own: str = OWN) -> None:
        super().__init__(town)
        with town.store.write() as connection:
            connection.execute(update(users).where(users.c.login == demo.LOGIN).values(phone=own))

    def form(self, case: int) -> dict[str, str]:
        """The first form that calls somebody, with what stands in it."""
        found = re.search(rf'action="/console/cases/{case}/call.*?</form>', self.open(case), re.S)
        assert found is not None, "nobody can be called"
        return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', found[0]))

    def call(self, case: int, **changes: str) -> tuple[int, str]:
        """Presses the button; status and page."""
        answer = self.web.post(f"/console/cases/{case}/call", data={**self.form(case), **changes})
        return answer.status_code, answer.text

    def rings(self, case: int) -> Call:
        """Presses the button, and the own telephone rings."""
        assert self.call(case)[0] == 303
        self.town.settle()
        (ringing,) = self.town.network.phone(OWN).ringing
        return ringing

    def reads(self, case: int) -> str:
        """How the newest call stands in the conversation."""
        self.town.settle()
        found: list[str] = re.findall(r'class="call delivery[^>]*>([^<]*)', self.open(case))
        return found[-1]


@pytest.fixture
def mieke(town: Town) -> Caller:
    return Caller(town)


@pytest.fixture
def case(town: Town, mieke: Caller) -> int:
    """An asked for a person, and Mieke has the conversation."""
    an = Writer(town)
    for text in ("hallo", "1", "An", "0"):
        an.sms(text)
    found = mieke.first_case()
    mieke.claim(found)
    return found


def rows(town: Town, table: Any) -> list[Any]:
    with town.store.read() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


def waits(town: Town) -> object:
    return rows(town, cases)[0].waiting_since


def types(town: Town) -> list[str]:
    return [row.type for row in rows(town, events) if "call" in row.type or row.type == "not_reached"]


def test_two_telephones_are_connected_and_the_conversation_says_how_long(
    town: Town, mieke: Caller, case: int, clock: Clock
) -> None:
    own = mieke.rings(case)
    assert mieke.reads(case) == "Mieke belt: eerst gaat de eigen telefoon over"
    own.pick_up()
    assert own.said == "Dit is Drempelvrij. Druk 1 om de persoon te bellen."
    own.press("1")
    (theirs,) = town.network.phone(AN).ringing
    assert theirs.caller == town.settings.twilio_number, "the contact sees the number that they know"
    assert mieke.reads(case) == "Mieke belt: de telefoon gaat over"
    theirs.pick_up()
    assert mieke.reads(case) == "Mieke is in gesprek"
    assert waits(town) is None, "who is talked to waits no longer"
    town.network.core.clock.reads = clock
    clock.advance(minutes=4)
    theirs.hang_up()
    assert "De persoon heeft opgehangen" in own.said
    assert mieke.reads(case) == "Mieke belde, 4 minuten"
    assert types(town) == ["call_asked", "call_ringing", "call_answered", "call_bridged", "call_ended"]
    assert town.network.door_errors == []


def test_who_hangs_up_first_makes_no_difference(town: Town, mieke: Caller, case: int) -> None:
    own = mieke.rings(case)
    own.pick_up()
    own.press("1")
    town.network.phone(AN).pick_up()
    own.hang_up()
    assert "Mieke belde, " in mieke.reads(case)
    assert rows(town, calls)[0].state == "ended"


@pytest.mark.parametrize(
    ("how", "heard", "read"),
    [
        ("decline", "De lijn is bezet", "Mieke belde: de lijn was bezet"),
        ("silence", "Er neemt niemand op", "Mieke belde: niet opgenomen"),
    ],
)
def test_who_is_not_reached_keeps_the_place_in_line(
    town: Town, mieke: Caller, case: int, how: str, heard: str, read: str
) -> None:
    before = waits(town)
    own = mieke.rings(case)
    own.pick_up()
    own.press("1")
    (theirs,) = town.network.phone(AN).ringing
    getattr(theirs, how)()
    assert heard in own.said
    assert own.over
    assert mieke.reads(case) == read
    assert waits(town) == before
    assert types(town)[-1] == "not_reached"


def test_a_mailbox_is_never_connected(town: Town, mieke: Caller, case: int) -> None:
    own = mieke.rings(case)
    own.pick_up()
    own.silence()
    own.silence()
    assert own.over
    assert town.network.phone(AN).ringing == []
    assert mieke.reads(case) == "Mieke belde niet: de eigen telefoon nam niet op"
    assert "not_reached" not in types(town), "the contact was not even rung"


def test_another_key_is_asked_again(town: Town, mieke: Caller, case: int) -> None:
    own = mieke.rings(case)
    own.pick_up()
    own.press("7")
    assert town.network.phone(AN).ringing == []
    own.press("1")
    assert len(town.network.phone(AN).ringing) == 1


@pytest.mark.parametrize(
    ("how", "read"),
    [
        ("decline", "Mieke belde niet: de eigen telefoon was bezet"),
        ("silence", "Mieke belde niet: de eigen telefoon nam niet op"),
    ],
)
def test_the_own_telephone_that_nobody_picks_up(town: Town, mieke: Caller, case: int, how: str, read: str) -> None:
    getattr(mieke.rings(case), how)()
    assert mieke.reads(case) == read


def test_who_hangs_up_before_anybody_picks_up_has_not_talked(town: Town, mieke: Caller, case: int) -> None:
    own = mieke.rings(case)
    own.pick_up()
    own.press("1")
    own.hang_up()
    assert mieke.reads(case) == "Mieke belde: afgebroken"
    assert town.network.phone(AN).ringing == []


@pytest.mark.parametrize("how", [{"double": True}, {"reversed": True}, {"late": 2}], ids=str)
def test_however_words_travel_the_end_is_the_same(town: Town, mieke: Caller, case: int, how: dict[str, Any]) -> None:
    for name, value in how.items():
        setattr(town.network.receipts, name, value)
    assert mieke.call(case)[0] == 303
    town.settle()
    own = town.network.phone(OWN).pick_up()
    own.press("1")
    town.network.phone(AN).pick_up()
    own.hang_up()
    for _ in range(5):
        town.settle()
    assert rows(town, calls)[0].state == "ended"


def test_a_double_click_is_one_call(town: Town, mieke: Caller, case: int) -> None:
    form = mieke.form(case)
    assert [mieke.call(case, **form)[0] for _ in range(3)] == [303, 303, 303]
    town.settle()
    assert len(rows(town, calls)) == len(town.network.phone(OWN).ringing) == 1


def test_one_call_at_a_time(town: Town, mieke: Caller, case: int) -> None:
    mieke.rings(case)
    status, page = mieke.call(case)
    assert (status, len(rows(town, calls))) == (409, 1)
    assert "er loopt al een oproep" in page


def test_a_call_of_this_page_to_another_number_is_told(town: Town, mieke: Caller, case: int) -> None:
    form = mieke.form(case)
    mieke.call(case, **form)
    assert mieke.call(case, **{**form, "number": "+32470000005"})[0] == 409


@pytest.mark.parametrize(
    ("number", "why"), [("+32470000005", "hoort niet bij deze persoon"), ("", "hoort niet"), ("112", "hoort niet")]
)
def test_only_the_contacts_own_numbers_are_called(town: Town, mieke: Caller, case: int, number: str, why: str) -> None:
    status, page = mieke.call(case, number=number)
    assert status == 422
    assert why in page
    assert rows(town, calls) == []


@pytest.mark.parametrize(("number", "costs"), [("+3290000000", True), (AN, False), ("x", True), ("+32112", True)])
def test_a_number_that_costs_a_fortune_is_not_called(number: str, costs: bool) -> None:
    assert calling.costly(number) is costs


def test_who_has_no_telephone_is_told_where_to_put_one(town: Town, mieke: Caller, case: int) -> None:
    form = mieke.form(case)
    Caller(town, own="")
    assert "Vul uw eigen telefoonnummer in" in mieke.open(case)
    answer = mieke.web.post(f"/console/cases/{case}/call", data=form)
    assert answer.status_code == 422
    assert "Uw eigen telefoonnummer ontbreekt" in answer.text


def test_who_stopped_messages_can_still_be_called(town: Town, mieke: Caller, case: int) -> None:
    Writer(town).sms("STOP")
    own = mieke.rings(case)
    own.pick_up()
    own.press("1")
    assert len(town.network.phone(AN).ringing) == 1


def test_somebody_in_danger_is_called_by_choice_alone(town: Town, mieke: Caller, case: int) -> None:
    Writer(town).sms("hij slaat mij")
    page = mieke.open(case)
    assert "Bel toch" in page
    assert "Iemand kan meeluisteren" in page


def test_nobody_calls_in_a_colleagues_conversation(town: Town, mieke: Caller, case: int) -> None:
    form = mieke.form(case)
    with town.store.write() as connection:
        connection.execute(update(cases).values(owner_id=None, status="open"))
    assert "/call" not in re.findall(r'action="([^"]*)"', mieke.open(case))
    answer = mieke.web.post(f"/console/cases/{case}/call", data=form)
    assert answer.status_code == 409
    assert rows(town, calls) == []


@pytest.mark.parametrize("error", [21211, 20429])
def test_what_the_provider_refuses_is_said_at_once(town: Town, mieke: Caller, case: int, error: int) -> None:
    town.network.faults.add(Fault("calls.create", error=error))
    mieke.call(case)
    assert mieke.reads(case) == "Mieke belde: niet gelukt"
    assert mieke.call(case)[0] == 303, "and it can be tried again"


def test_a_call_whose_answer_was_lost_goes_on_when_the_telephone_rings(town: Town, mieke: Caller, case: int) -> None:
    town.network.faults.add(Fault("calls.create", drop_answer=True))
    own = mieke.rings(case)
    own.pick_up()
    own.press("1")
    town.network.phone(AN).pick_up()
    assert mieke.reads(case) == "Mieke is in gesprek"


def test_a_call_of_which_nothing_is_heard_is_given_up(town: Town, mieke: Caller, case: int, clock: Clock) -> None:
    own = mieke.rings(case)
    clock.advance(minutes=4)
    rounds.go(town.house)
    assert mieke.reads(case) == "Mieke belde: niet gelukt"
    own.pick_up()
    assert "Deze oproep is voorbij" in own.said
    assert own.over


def test_a_call_that_nobody_took_up_in_time_does_not_ring_later(
    town: Town, mieke: Caller, case: int, clock: Clock
) -> None:
    mieke.call(case)
    clock.advance(minutes=5)
    town.settle()
    assert town.network.phone(OWN).ringing == []
    assert mieke.reads(case) == "Mieke belde: niet gelukt"


def test_a_call_is_gone_with_its_contact(town: Town, mieke: Caller, case: int) -> None:
    own = mieke.rings(case)
    with town.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM contacts")
    own.pick_up()
    assert "Deze oproep is voorbij" in own.said
    with pytest.raises(NotNowError):
        own.press("1")


def test_no_number_stands_in_an_address(town: Town, mieke: Caller, case: int) -> None:
    own = mieke.rings(case)
    assert not re.search(r"470000|460000", own.source.url)
    assert "470000" not in mieke.form(case)["token"]
