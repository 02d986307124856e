"""Calls that led to nobody: who called, or was called in vain, keeps the place in line, and people see it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.hours import BELGIUM
from bot.store.schema import cases, events
from playground import Fault
from playground.call import Call
from tests.conftest import Clock
from tests.scenarios.people import AN, BEN, Counsellor, Writer
from town import Town


def rows(town: Town, table: Any) -> list[Any]:
    with town.store.read() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


def waits(town: Town) -> list[object]:
    return [row.waiting_since for row in rows(town, cases)]


def missed(town: Town) -> int:
    return len([row for row in rows(town, events) if row.type == "missed_call"])


def calls(town: Town, *keys: str) -> Call:
    """An calls, chooses Dutch, and presses keys."""
    call = town.network.phone(AN).call()
    for key in ("1", *keys):
        call.press(key)
    return call


def hangs_up(town: Town, call: Call) -> None:
    call.hang_up()
    town.settle()


def test_who_asked_for_a_person_and_hung_up_is_a_missed_call_in_the_same_place(town: Town, clock: Clock) -> None:
    call = calls(town, "0")
    first = waits(town)
    clock.advance(minutes=2)
    Writer(town, BEN).sms("hallo")
    Writer(town, BEN).sms("0")
    hangs_up(town, call)
    assert waits(town)[0] == first[0]
    at = f"{clock().astimezone(BELGIUM):%H:%M}"
    mieke = Counsellor(town)
    assert f"Gemiste oproep: {at}" in mieke.queue()
    assert mieke.first_case() == rows(town, cases)[0].id, "still before who came later"
    assert f"Gemiste oproep: {at}" in mieke.open(mieke.first_case())


def test_who_calls_again_and_hangs_up_keeps_the_first_place(town: Town, clock: Clock) -> None:
    hangs_up(town, calls(town, "0"))
    first = waits(town)
    clock.advance(minutes=30)
    hangs_up(town, town.network.phone(AN).call())
    assert waits(town) == first
    assert missed(town) == 2


def test_who_was_answered_and_calls_in_vain_waits_from_then(town: Town, clock: Clock) -> None:
    an = Writer(town)
    for text in ("hallo", "1", "An", "0"):
        an.sms(text)
    mieke = Counsellor(town)
    mieke.claim(mieke.first_case())
    mieke.reply(mieke.first_case(), "Dag An", "sms")
    town.settle()
    assert waits(town) == [None]
    hangs_up(town, town.network.phone(AN).call())
    assert waits(town) != [None]
    assert "Gemiste oproep" in mieke.queue()
    mieke.reply(mieke.first_case(), "Ik zag uw oproep", "sms")
    assert "Gemiste oproep" not in mieke.queue(), "an answer settles it"


def test_who_heard_the_goodbye_missed_nobody(town: Town) -> None:
    call = calls(town, "0")
    call.say("ik heb een brief van de RVA gekregen")
    town.settle()
    assert call.over
    assert missed(town) == 0


def test_who_asked_for_nobody_missed_nobody(town: Town) -> None:
    hangs_up(town, calls(town))
    assert (missed(town), rows(town, cases)) == (0, [])


@pytest.mark.parametrize("how", [{"double": True}, {"late": 2}], ids=str)
def test_however_often_it_is_told_it_is_one_missed_call(town: Town, how: dict[str, Any]) -> None:
    for name, value in how.items():
        setattr(town.network.receipts, name, value)
    call = calls(town, "0")
    hangs_up(town, call)
    for _ in range(4):
        town.settle()
    assert missed(town) == 1


def test_an_answer_that_did_not_arrive_gives_the_place_back(town: Town, clock: Clock) -> None:
    an = Writer(town)
    for text in ("hallo", "1", "An", "0"):
        an.sms(text)
    before = waits(town)
    clock.advance(minutes=10)
    an.sms("ik wacht nog")
    mieke = Counsellor(town)
    mieke.claim(mieke.first_case())
    town.network.faults.add(Fault("messages.create", error=30003))
    mieke.reply(mieke.first_case(), "Dag An", "sms")
    assert waits(town) == [None]
    town.settle()
    assert waits(town) == before


def test_who_does_not_pick_up_when_called_back_keeps_the_place(town: Town, clock: Clock) -> None:
    call = calls(town, "0")
    call.say("ik heb een brief van de RVA gekregen")
    town.settle()
    before = waits(town)
    mieke = Counsellor(town)
    mieke.claim(mieke.first_case())
    clock.advance(minutes=20)
    mieke.reply(mieke.first_case(), "Bel ons morgen om tien uur.", "voice")
    town.settle()
    (ringing,) = town.network.phone(AN).ringing
    ringing.decline()
    town.settle()
    assert waits(town) == before
