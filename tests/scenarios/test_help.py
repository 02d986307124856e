"""From answers to help: proposals, plans, meetings, groups, notices, the same counsellor again; over the real doors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.hours import BELGIUM
from bot.meetings import MeetingKind
from bot.messages import Urn
from bot.roles import Role, Viewer
from bot.service import accounts, cases, notices, plans, proposals, publishing, reaching
from bot.service import rounds as rounds_of
from bot.service.case_errors import NotYetYours, NoWhy
from bot.service.case_views import queue
from bot.service.publishing import Times
from bot.store import contacts, schema, teams
from bot.triage import Tier
from tests.conftest import Clock
from tests.scenarios.people import AN, BEN, Chatter, Counsellor, Writer
from town import Town

A_WORKING_HOUR = 10
"""Of the day to which the tests move the clock: a weekday that is no public holiday."""

INTAKE = ("hallo", "1", "An", "9000", "1", "1", "2", "3", "5", "4", "2")
"""A young person without work, school or worries, who cannot fill in forms alone."""


@pytest.fixture
def town(town: Town, clock: Clock) -> Town:
    """The town on a working day at ten."""
    here = clock().astimezone(BELGIUM)
    day = here.date() + timedelta(days=1)
    while day.weekday() > 2 or any(day + timedelta(days=n) in town.house.holidays for n in range(8)):
        day += timedelta(days=1)
    clock.advance(seconds=(datetime.combine(day, time(A_WORKING_HOUR), BELGIUM) - here).total_seconds())
    return town


def said(writer: Writer, *texts: str) -> list[str]:
    answers: list[str] = []
    for text in texts:
        answers = writer.sms(text)
    return answers


def day_of(clock: Callable[[], datetime], ahead: int) -> date:
    """The working day that many days ahead, or the next one."""
    day = clock().astimezone(BELGIUM).date() + timedelta(days=ahead)
    return day + timedelta(days=2) if day.weekday() > 4 else day


def publish(town: Town, clock: Clock, **changes: Any) -> list[int]:
    """Times on the day after tomorrow, from two in the afternoon."""
    usual = {"kind": MeetingKind.TALK, "day": day_of(clock, 2), "first": time(14), "minutes": 30, "office": "gent"}
    user = accounts.add_user(town.house, f"office{clock().timestamp()}", "Kantoor", "een-lang-wachtwoord")
    openings = town.house.openings
    return publishing.publish(town.house, Times(**{**usual, **changes}), user, openings.office, town.house.holidays)


def rows(town: Town, table: Any) -> list[Any]:
    with town.store.read() as connection:
        return list(connection.execute(select(table).order_by(table.c.id)))


# The proposal


def test_the_proposal_comes_in_one_message_with_its_reason(town: Town) -> None:
    an = Writer(town)
    proposal, done = said(an, *INTAKE, "1", "1")
    assert proposal == (
        "Ons voorstel: een gesprek met een jongerenconsulent. Want u bent jong en hebt nu geen werk of school. "
        "Een mens beslist, niet ik."
    )
    assert done.startswith("Dank u.")
    [kept] = rows(town, schema.proposals)
    assert (kept.tier, kept.programmes[0], kept.rules) == ("face", "missing_link", town.house.rules.version)
    assert kept.region == "east_flanders"


def test_a_counsellor_confirms_or_changes_it_and_says_why(town: Town) -> None:
    said(Writer(town), *INTAKE, "1", "1")
    mieke = Counsellor(town)
    case = mieke.first_case()
    mieke.claim(case)
    user = town.house
    with pytest.raises(NoWhy):
        proposals.decide(user, case, 1, Tier.PHONE, ["service_line"], "")
    proposals.decide(user, case, 1, Tier.PHONE, ["service_line"], "An belt liever eerst.")
    seen = proposals.of_case(town.house, case)
    assert seen is not None
    assert (seen.tier, seen.decided_tier, seen.why) == (Tier.FACE, Tier.PHONE, "An belt liever eerst.")
    assert seen.decided_by == "Mieke"
    assert "u bent jong en hebt nu geen werk of school" in seen.reasons


def test_what_is_told_of_prison_is_routed_and_not_kept(town: Town) -> None:
    an = Writer(town)
    said(an, "hallo", "1", "An", "9000")
    answer = an.sms("ik zit in de gevangenis en kom in mei vrij")
    assert "kent dit goed" in answer[0]
    assert "Waarmee kan VDAB u helpen?" in answer[0], "and on with the question"
    assert not [row for row in rows(town, schema.messages) if "gevangenis" in row.text]
    [case] = queue(town.house)
    assert case.programme.startswith("Detentie")


# A person without internet: books, moves, is reminded, by SMS


def test_booking_moving_and_reminders_by_sms(town: Town, clock: Clock) -> None:
    first, *_ = publish(town, clock, count=3)
    an = Writer(town)
    _, times = said(an, *INTAKE, "3", "1")
    assert "14:00 Gent" in times
    assert "15:00 Gent" in times
    booked = an.sms("1")
    assert booked[0].startswith("Genoteerd: ")
    assert "14:00, VDAB in Gent." in booked[0]

    said(an, "afspraak", "2")
    assert "15:00, VDAB in Gent" in an.sms("2")[0]
    taken = {row.meeting_id: row.state for row in rows(town, schema.bookings)}
    assert taken[first] == "cancelled"
    assert list(taken.values()).count("booked") == 1

    assert town.rounds() == 0, "nothing to say yet"
    clock.advance(days=1, hours=6)
    town.rounds()
    [reminder] = an.read()
    assert reminder.startswith("Dit is een herinnering voor morgen.")
    assert "Komt u?" in reminder
    town.rounds()
    assert an.read() == [], "once"
    assert an.sms("1") == ["Goed, tot dan."]

    clock.advance(hours=21, minutes=10)
    town.rounds()
    [reminder] = an.read()
    assert reminder.startswith("Dit is een herinnering voor straks.")
    assert "no-show" not in reminder


def test_where_there_is_no_time_the_truth_and_a_person(town: Town) -> None:
    an = Writer(town)
    said(an, *INTAKE, "1", "1")
    assert "geen moment vrij" in an.sms("afspraak")[0]
    assert queue(town.house)[0].urgency == 1


# A young person with a plan, over Telegram


def test_a_plan_over_telegram(town: Town, clock: Clock) -> None:
    sara = Chatter(town)
    sara.say("/start")
    sara.press("Nederlands")
    for text in ("sara", "2000"):
        sara.say(text)
    for label in ("werk zoeken", "school of opleiding", "18 tot 29", "ja, dat lukt", "geen zorgen", "nee, dat lukt"):
        sara.press(label)
    sara.press("met een bericht")
    assert "Stuur PLAN" in sara.press("ja")[-1]
    assert "Uw pad is nog leeg." in sara.say("PLAN")[0]
    first = sara.buttons()[0]
    assert first == "mijn eerste gesprek"
    task = sara.press(first)
    assert "Schrijf 3 vragen op" in task[0]
    assert "Alles op uw pad is klaar" in sara.press("gedaan")[0]

    mieke = Counsellor(town)
    case = mieke.first_case()
    plans.add_for(town.house, case, 1, assignment="cv")
    plans.add_for(town.house, case, 1, title="bel met Mieke over stage")
    town.rounds()
    [sent] = sara.read()
    assert "begin van een cv" in sent
    shown = sara.press("gedaan")[0]
    assert "Klaar: mijn eerste gesprek, begin aan mijn cv." in shown
    assert "Nu: bel met Mieke over stage." in shown
    assert "later nog eens" in sara.press("later")[0]
    clock.advance(days=4)
    while town.house.now().astimezone(BELGIUM).weekday() > 4:
        clock.advance(days=1)
    town.rounds()
    assert "bel met Mieke" in sara.read()[0]
    clock.advance(days=1)
    while town.house.now().astimezone(BELGIUM).weekday() > 4:
        clock.advance(days=1)
    town.rounds()
    [again] = sara.read()
    assert "niet te haasten" in again
    clock.advance(days=3)
    town.rounds()
    assert sara.read() == [], "then it is quiet"


# A group with a waiting list


def test_a_group_with_a_waiting_list(town: Town, clock: Clock) -> None:
    an, ben = Writer(town, AN), Writer(town, BEN)
    for writer in (an, ben):
        said(writer, *INTAKE, "1", "1")
    [group] = publish(town, clock, kind=MeetingKind.GROUP, title="Samen solliciteren", places=1, day=day_of(clock, 5))
    publishing.invite(town.house, group, [1, 2], 1)
    town.rounds()
    for writer in (an, ben):
        [invitation] = writer.read()
        assert invitation.startswith("U bent uitgenodigd.")
        assert "Samen solliciteren" in invitation
    assert an.sms("ja")[0].startswith("Genoteerd: ")
    assert "wachtlijst" in ben.sms("1")[0]
    said(an, "afspraak")
    assert "Uw plaats is vrij" in an.sms("ik kan niet")[0]
    town.rounds()
    [moved] = ben.read()
    assert moved.startswith("Er is een plaats vrij: ")


# The same counsellor again


def viewer(user_id: int) -> Viewer:
    """A counsellor of the youth team."""
    return Viewer(user_id, Role.COUNSELLOR, {"youth"})


def test_a_returning_contact_gets_the_same_counsellor_first(town: Town, clock: Clock) -> None:
    an = Writer(town)
    said(an, *INTAKE, "1", "1")
    mieke = Counsellor(town)
    jan = accounts.add_user(town.house, "jan", "Jan", "een-lang-wachtwoord")
    with town.store.write() as connection:
        teams.put(connection, 1, ["youth"])
        teams.put(connection, jan, ["youth"])
    case = mieke.first_case()
    mieke.claim(case)
    mieke.close(case)
    an.read()
    an.sms("0")
    [back] = queue(town.house, viewer(1))
    assert back.opens_at is None
    assert back.known_name == "Mieke"
    [seen_by_jan] = queue(town.house, viewer(jan))
    assert seen_by_jan.opens_at is not None
    with pytest.raises(NotYetYours):
        cases.claim(town.house, back.id, jan)
    clock.advance(days=2)
    cases.claim(town.house, back.id, jan)


def test_who_asks_again_does_not_wait_anew(town: Town, clock: Clock) -> None:
    an = Writer(town)
    said(an, *INTAKE, "1", "1")
    mieke = Counsellor(town)
    jan = accounts.add_user(town.house, "jan", "Jan", "een-lang-wachtwoord")
    case = mieke.first_case()
    mieke.claim(case)
    mieke.close(case)
    an.sms("0")
    [before] = queue(town.house, viewer(jan))
    clock.advance(minutes=5)
    an.sms("0")
    [after] = queue(town.house, viewer(jan))
    assert before.opens_at is not None
    assert after.opens_at == before.opens_at


def test_danger_is_everybodys_at_once(town: Town) -> None:
    an = Writer(town)
    said(an, *INTAKE, "1", "1")
    mieke = Counsellor(town)
    case = mieke.first_case()
    mieke.claim(case)
    mieke.close(case)
    jan = accounts.add_user(town.house, "jan", "Jan", "een-lang-wachtwoord")
    an.sms("ik wil dood")
    [row] = queue(town.house, viewer(jan))
    assert row.opens_at is None


# Silence


def test_silence_is_recalled_once_here_once_elsewhere_and_then_left_in_peace(town: Town, clock: Clock) -> None:
    sara, phone = Chatter(town), Writer(town, AN)
    sara.say("/start")
    sara.press("Nederlands")
    for text in ("sara", "2000"):
        sara.say(text)
    with town.store.write() as connection:
        contacts.add_urn(connection, 1, Urn("tel", AN), "sms", town.house.channels["sms"].account, clock())

    def next_working_day() -> None:
        clock.advance(days=1)
        while town.house.now().astimezone(BELGIUM).weekday() > 4:
            clock.advance(days=1)

    assert town.rounds() == 0
    next_working_day()
    town.rounds()
    [here] = sara.read()
    assert here.startswith("U hoeft zich niet te haasten.")
    assert "Waarmee kan VDAB u helpen?" in here
    next_working_day()
    town.rounds()
    [elsewhere] = phone.read()
    assert elsewhere.startswith("Dit is VDAB.")
    assert sara.read() == []
    for _ in range(3):
        next_working_day()
        town.rounds()
    assert sara.read() == phone.read() == []
    assert "Wat doet u nu?" in phone.sms("1")[0], "and it goes on there"


# Notices


def test_a_notice_reaches_each_in_the_own_language_once(town: Town, clock: Clock) -> None:
    an, sara = Writer(town), Chatter(town)
    said(an, *INTAKE, "1", "1")
    sara.say("/start")
    sara.press("Français")
    sara.say("sara")
    sara.say("2000")
    for text in ("1", "2", "2", "1", "5", "2", "1", "1"):
        sara.say(text)
    shown = notices.preview(town.house, "letter_talk", None, [1, 2], len)
    assert shown.contacts == 2
    notice = notices.send(town.house, "k1", "letter_talk", None, [1, 2, 99])
    assert notices.send(town.house, "k1", "letter_talk", None, [1, 2, 99]) == notice, "twice is once"
    town.rounds()
    [letter] = an.read()
    assert letter.startswith("U krijgt een brief van VDAB: een uitnodiging")
    assert len(sara.read()) == 1
    town.rounds()
    assert an.read() == []
    assert an.sms("1")[0].startswith("In de brief staan de dag")
    told = notices.summary(town.house, notice)
    assert told.sent == 2
    assert told.answers == {"explain": 1, "": 1}


def test_a_worker_that_dies_in_the_middle_sends_nothing_twice(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    an, ben = Writer(town, AN), Writer(town, BEN)
    for writer in (an, ben):
        said(writer, *INTAKE, "1", "1")
    notices.send(town.house, "k1", "letter_job", None, [1, 2])
    real = reaching.asked
    calls = iter(range(10))

    def dies(*args: Any, **more: Any) -> list[int]:
        ids: list[int] = real(*args, **more)
        if next(calls) == 1:
            raise KeyboardInterrupt
        return ids

    monkeypatch.setattr(reaching, "asked", dies)
    with pytest.raises(KeyboardInterrupt):
        notices.release(town.house)
    monkeypatch.undo()
    rounds_of.go(town.house)
    town.settle()
    assert len(an.read()) == len(ben.read()) == 1


def test_nothing_goes_out_by_itself_at_night_or_after_stop(town: Town, clock: Clock) -> None:
    an, ben = Writer(town, AN), Writer(town, BEN)
    for writer in (an, ben):
        said(writer, *INTAKE, "1", "1")
    ben.sms("stop")
    notices.send(town.house, "k1", "letter_job", None, [1, 2])
    clock.advance(hours=12)
    town.rounds()
    assert an.read() == []
    clock.advance(hours=12)
    town.rounds()
    assert len(an.read()) == 1
    assert ben.read() == []
    assert notices.summary(town.house, 1).left_out == {"no_way": 1}


# Elsewhere


@pytest.mark.parametrize(("postcode", "service"), [("1000", "Actiris"), ("4000", "Forem"), ("4700", "ADG")])
def test_outside_flanders_the_right_service_and_still_a_person(town: Town, postcode: str, service: str) -> None:
    an = Writer(town)
    answer = said(an, "hallo", "1", "An", postcode)
    assert service in answer[0]
    an.sms("ja")
    assert queue(town.house)[0].reason.value == "human"
