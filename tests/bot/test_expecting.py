"""What people hear of when somebody is there: once for a case, honestly, and never before the numbers that help."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.cases import Reason, raised
from bot.expecting import LATER, SAYS_SO, SOON
from bot.flow import Flow
from bot.hours import Hours
from bot.lexicon import Is
from bot.matching import Matcher
from bot.meaning import Question
from bot.messages import Inbound, Kind, Mode, Urn
from bot.service import case_views, cases, turns
from bot.service import house as houses
from bot.service.accounts import add_user
from bot.service.house import ChannelInfo, House
from bot.service.usual import usual_wait
from bot.store.engine import Store
from bot.store.schema import cases as table
from bot.store.schema import contacts
from bot.understanding import understand
from bot.wording import Wording
from tests.bot.conftest import COMPLETE
from tests.bot.meeting_house import Moment, here

NUMBER = "+32460000000"
SUNDAY, MONDAY = date(2026, 11, 22), date(2026, 11, 23)
INFOS = (
    ChannelInfo("sms", Mode.TEXT, "tel", NUMBER),
    ChannelInfo("telegram", Mode.CHAT, "telegram", "1"),
    ChannelInfo("voice", Mode.VOICE, "tel", NUMBER),
)
BACK = "ma 23-11 08:00"
_serial = iter(range(10**6))


class Desk:
    """People who write at a moment that we choose."""

    def __init__(self, store: Store) -> None:
        self.moment = Moment(here(SUNDAY, 10))
        self.house: House = houses.build(store, INFOS, ("nl", "fr"), self.moment)

    def say(self, *texts: str, channel: str = "sms", kind: Kind = Kind.TEXT) -> list[str]:
        urn = Urn("telegram", "7") if channel == "telegram" else Urn("tel", "+32470000001")
        said: list[str] = []
        for text in texts:
            account = self.house.channels[channel].account
            inbound = Inbound(channel, account, f"in{next(_serial)}", urn, kind, text)
            said = [part.text for part in turns.receive(self.house, inbound).said]
        return said

    def case(self) -> Any:
        with self.house.store.read() as connection:
            return connection.execute(select(table)).one()


@pytest.fixture
def desk(store: Store) -> Desk:
    opened = Desk(store)
    opened.say("hallo", "1", "An")
    return opened


def test_who_asks_for_a_person_on_a_sunday_hears_from_when(desk: Desk) -> None:
    [said] = desk.say("0")
    assert said == (
        f"Goed. Nu is er niemand. Een mens van VDAB antwoordt u hier vanaf {BACK}. "
        "Liever een telefoontje? Stuur BEL. Verder met de vragen? Stuur MENU."
    )
    assert desk.case().told_hours_at == desk.moment()


def test_it_is_said_once_for_a_case(desk: Desk) -> None:
    desk.say("0")
    assert "niemand" not in " ".join(desk.say("0"))
    assert "niemand" not in " ".join(desk.say("bel mij"))
    assert "niemand" not in " ".join(desk.say("Is daar iemand?"))


def test_in_office_hours_nobody_hears_that_nobody_is_there(desk: Desk) -> None:
    desk.moment.now = here(MONDAY, 10)
    assert desk.say("0")[0].startswith("Goed. Een mens van VDAB antwoordt u hier, op werkdagen")
    assert desk.case().told_hours_at is None


def test_who_asked_in_office_hours_and_asks_again_at_night_hears_it_then(desk: Desk) -> None:
    desk.moment.now = here(MONDAY, 16)
    desk.say("0")
    desk.moment.now = here(MONDAY, 20)
    assert "vanaf di 24-11 08:00" in desk.say("0")[0]


@pytest.mark.parametrize("waits_for", ["0", "ik raak niet verder"])
def test_the_offer_of_a_call_works(desk: Desk, waits_for: str) -> None:
    desk.say("0")
    assert desk.case().reason == Reason.HUMAN
    [said] = desk.say("BEL")
    assert "belt u op dit nummer" in said
    assert desk.case().reason == Reason.CALL_BACK


def test_in_a_chat_the_offer_asks_for_a_number(store: Store) -> None:
    desk = Desk(store)
    desk.say("hallo", "1", "An", "0", channel="telegram")
    assert "Schrijf hier uw telefoonnummer." in desk.say("BEL", channel="telegram")[0]
    assert desk.case().reason == Reason.CALL_BACK


def test_who_asks_for_a_call_hears_from_when(desk: Desk) -> None:
    [said] = desk.say("bel mij")
    assert said == f"Goed. Nu is er niemand. Een mens van VDAB belt u op dit nummer, vanaf {BACK}."
    assert "niemand" not in desk.say("0")[0]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("ik word geslagen", "112"), ("ik wil niet meer leven", "1813"), ("ik slaap op straat", "106")],
)
def test_the_numbers_that_help_come_first_and_unchanged(desk: Desk, text: str, numbers: str) -> None:
    night = desk.say(text)
    assert len(night) == 2
    assert numbers in night[0]
    assert night[1].startswith(
        f"Nu is er niemand van VDAB. Een mens leest dit vanaf {BACK}. Wacht daar niet op. Bel nu "
    )
    assert numbers in night[1]
    assert desk.say(text) == night[:1]


def test_alarms_come_once_with_it(desk: Desk) -> None:
    assert len(desk.say("ik word geslagen")) == 2
    assert len(desk.say("ik word geslagen")) == 1


def test_what_says_so_already_is_left_alone(desk: Desk) -> None:
    said = desk.say("mijn uitkering stopt")
    assert "op een werkdag" in " ".join(said)
    assert "niemand" not in " ".join(said)


def test_prison_is_heard_and_then_when_somebody_is_there_and_the_question_comes_last(desk: Desk) -> None:
    said = desk.say("ik kom uit de gevangenis")
    assert [part.split(".")[0] for part in said[:2]] == ["Dank u", "Nu is er niemand van VDAB"]
    assert f"vanaf {BACK}" in said[1]
    assert "?" in said[2]


def test_after_stop_nothing_is_said(desk: Desk) -> None:
    desk.say("STOP")
    assert desk.say("ik word geslagen") == []
    assert desk.case().told_hours_at is None


def test_a_caller_hears_when_the_call_comes_back(desk: Desk) -> None:
    desk.say("", channel="voice", kind=Kind.CALL)
    assert "niemand" not in " ".join(desk.say("0", channel="voice", kind=Kind.KEYS))
    [said] = desk.say("ik zoek een opleiding", channel="voice", kind=Kind.SPEECH)
    assert said == (
        "Dank u. Nu is er niemand. Een mens van VDAB belt u terug. Dat is vanaf maandag 23 november 08:00. Tot dan."
    )


def test_who_has_a_counsellor_is_not_told(desk: Desk) -> None:
    desk.say("0")
    user_id = add_user(desk.house, "mieke", "Mieke", "een lang wachtwoord")
    cases.claim(desk.house, case_views.queue(desk.house)[0].id, user_id)
    assert desk.say("bel mij") == []


def test_the_hours_of_the_team_count(store: Store) -> None:
    desk = Desk(store)
    late = Hours({6: (time(9), time(12))}, frozenset())
    own = tuple(replace(team, hours=late) for team in desk.house.teams)
    desk.house = replace(desk.house, teams=own)
    add_user(desk.house, "mieke", "Mieke", "een lang wachtwoord", teams_of=[team.id for team in own])
    desk.say("hallo", "1", "An")
    assert "op werkdagen" in desk.say("0")[0]
    assert desk.case().team


def test_a_public_holiday_is_no_working_day(desk: Desk) -> None:
    desk.moment.now = here(date(2026, 12, 25), 10)
    assert "vanaf ma 28-12 08:00" in desk.say("0")[0]


# How long it usually takes


def helped(desk: Desk, *minutes: int | None, opened: datetime | None = None) -> None:
    """Cases of nobody's team that were taken so many minutes after they opened; None: not yet."""
    at = opened or here(MONDAY, 9)
    with desk.house.store.write() as connection:
        for wait in minutes:
            person = {"language": "nl", "created_at": at, "seen_at": at}
            contact_id = connection.execute(insert(contacts).values(person).returning(contacts.c.id)).scalar_one()
            taken = None if wait is None else at + timedelta(minutes=wait)
            row = {"status": "open", "reason": "human", "urgency": 1, "evidence": [], "contact_id": contact_id}
            connection.execute(insert(table).values(**row, opened_at=at, claimed_at=taken))


TUESDAY_10 = here(date(2026, 11, 24), 10)


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        ((20,) * 8, 30),
        ((5,) * 8, 15),
        ((20,) * 7, None),
        ((50, 55, 60, 1, 2, 59, 58, 57), 60),
        ((20,) * 3 + (None,) * 5, None),
        ((400,) * 8, None),
        ((20,) * 8 + (None,) * 20, None),
    ],
)
def test_the_last_days_tell_how_long_it_takes_or_nothing_does(
    desk: Desk, minutes: tuple[int | None, ...], told: int | None
) -> None:
    helped(desk, *minutes)
    with desk.house.store.read() as connection:
        assert usual_wait(desk.house, connection, None, TUESDAY_10) == told
        assert usual_wait(desk.house, connection, None, here(date(2026, 12, 20), 10)) is None


def test_what_is_usual_is_said_and_not_when_the_office_closes_first(desk: Desk) -> None:
    helped(desk, *(20,) * 8)
    desk.moment.now = TUESDAY_10
    assert "antwoordt u hier, meestal binnen 30 minuten." in desk.say("0")[0]
    with desk.house.store.read() as connection:
        assert usual_wait(desk.house, connection, None, here(date(2026, 11, 24), 16, 10)) is None


CALL_WORDS = {
    "nl": "BEL",
    "fr": "APPEL",
    "en": "CALL",
    "es": "LLÁMENME",
    "tr": "ARA",
    "pl": "ZADZWON",
    "ro": "APEL",
    "uk": "ДЗВІНОК",
    "ru": "ЗВОНОК",
    "ar": "اتصال",
}
"""What is offered to send for a call, in each language that is spoken."""


@pytest.mark.parametrize("language", COMPLETE)
def test_the_word_that_is_offered_asks_for_a_call(
    matcher: Matcher, wording: Wording, flow: Flow, language: str
) -> None:
    word = CALL_WORDS[language]
    inbound = Inbound("sms", NUMBER, "1", Urn("tel", "+32470000001"), Kind.TEXT, word)
    assert understand(inbound, Question(None, Mode.TEXT), matcher, language).name is Is.CALL_ME
    for name in ("human_later", "nobody_now"):
        said = wording.words(flow.messages[name], Mode.TEXT, language, f"message/{name}")
        translated = said != flow.messages[name].of(Mode.TEXT)
        assert word in said or (language != "nl" and not translated)


# The tables


def test_every_name_is_a_message(desk: Desk) -> None:
    names = {*LATER, *LATER.values(), *SOON, *SOON.values(), *SAYS_SO, "nobody_now", "nobody_alarm"}
    assert names <= set(desk.house.flow.messages)


@pytest.mark.parametrize(
    ("now", "to", "stays"),
    [
        (Reason.HUMAN, Reason.CALL_BACK, Reason.CALL_BACK),
        (Reason.STUCK, Reason.CALL_BACK, Reason.CALL_BACK),
        (Reason.CALL_BACK, Reason.HUMAN, Reason.CALL_BACK),
        (Reason.ERASE, Reason.CALL_BACK, Reason.ERASE),
        (Reason.DANGER, Reason.CALL_BACK, Reason.DANGER),
        (Reason.INTAKE, Reason.HUMAN, Reason.HUMAN),
    ],
)
def test_a_wish_to_be_called_is_not_lost(now: Reason, to: Reason, stays: Reason) -> None:
    assert raised(now, to) is stays
