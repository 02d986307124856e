"""Turns in the store: what one message in does, and what goes wrong without anybody losing anything."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import Any

import pytest
import structlog
from sqlalchemy import select, update

from bot import logs
from bot.cases import Outcome
from bot.messages import Inbound, Kind, Mode, Receipt, Status, Urn
from bot.service import case_views, cases, closing, outbox, receipts, replies, turns
from bot.service import house as houses
from bot.service.account_errors import TooManyTries, WrongPassword
from bot.service.accounts import add_user
from bot.service.case_errors import AlreadySent
from bot.service.house import ChannelInfo, House
from bot.service.logins import log_in
from bot.session import Session
from bot.store import contacts
from bot.store.engine import Store
from bot.store.schema import messages, sessions
from tests.conftest import Clock
from tests.scenarios.people import AN

BOT, NUMBER, SARA = "1", "+32460000000", Urn("telegram", "4711")


@pytest.fixture
def house(store: Store, clock: Clock) -> House:
    infos = [ChannelInfo("sms", Mode.TEXT, "tel", NUMBER), ChannelInfo("telegram", Mode.CHAT, "telegram", BOT)]
    return houses.build(store, infos, ("nl", "fr", "en"), clock)


_serial = iter(range(10**6))


def sms(house: House, *texts: str) -> list[str]:
    said: list[str] = []
    for text in texts:
        inbound = Inbound("sms", NUMBER, f"SM{next(_serial)}", Urn("tel", AN), Kind.TEXT, text)
        said = [part.text for part in turns.receive(house, inbound).said]
    return said


def chat(house: House, text: str, name: str = "", kind: Kind = Kind.TEXT, edits: str = "") -> list[str]:
    inbound = Inbound("telegram", BOT, name or f"4711:{next(_serial)}", SARA, kind, text, edits=edits)
    return [part.text for part in turns.receive(house, inbound).said]


def session_of(house: House) -> Session:
    with house.store.read() as connection:
        found = contacts.open_session(connection, 1)
    assert found is not None
    return found


def out(house: House) -> list[Any]:
    with house.store.read() as connection:
        return list(connection.execute(select(messages).where(messages.c.direction == "out").order_by(messages.c.id)))


def test_a_question_that_left_the_flow_locks_nobody_out(house: House) -> None:
    sms(house, "hallo", "1", "An")
    state = replace(session_of(house), step="gone").to_dict()
    with house.store.write() as connection:
        connection.execute(update(sessions).values(state=state))
    assert "vier cijfers" in sms(house, "wat?")[0]


def test_an_edit_of_what_answered_a_question_is_another_answer(house: House) -> None:
    for name, text in enumerate(("hallo", "nl", "Sara", "2000")):
        chat(house, text, f"4711:{name}0")
    assert chat(house, "3000", "edit:1", Kind.EDIT, "4711:30")[0].startswith("Ik heb het veranderd.")
    assert session_of(house).answers["postcode"] == ("3000",)


def test_an_edit_of_what_answered_nothing_changes_nothing(house: House) -> None:
    chat(house, "ik zoek wrk", "4711:1")
    chat(house, "nl", "4711:2")
    assert chat(house, "ik zoek werk", "edit:1", Kind.EDIT, "4711:1") == []
    assert "name" not in session_of(house).answers


def test_an_edit_without_words_is_no_failure(house: House) -> None:
    chat(house, "hallo", "4711:1")
    for n in range(5):
        assert chat(house, "", f"edit:{n}", Kind.EDIT, "4711:1") == []
    assert session_of(house).failures == 0


def test_danger_in_an_edit_is_seen(house: House) -> None:
    chat(house, "hallo", "4711:1")
    assert "112" in chat(house, "hij slaat mij", "edit:1", Kind.EDIT, "4711:1")[0]


def test_what_an_edit_tells_is_heard(house: House) -> None:
    """Its words are not kept, so that nobody else could hear it."""
    chat(house, "hallo", "4711:1")
    assert chat(house, "ik zit in de gevangenis", "edit:1", Kind.EDIT, "4711:1")[0].startswith("Dank u.")
    assert session_of(house).answers["told"] == ("prison",)


def test_what_an_edit_tells_beside_an_answer_counts(house: House) -> None:
    chat(house, "hallo", "4711:1")
    chat(house, "nl", "4711:2")
    chat(house, "nee maar ik ben doof", "edit:1", Kind.EDIT, "4711:1")
    assert session_of(house).answers["told"] == ("deaf",)


@pytest.mark.parametrize("words", ["kill me", "please kill me", "on a abusé de moi"])
def test_before_a_language_is_chosen_alarms_of_all_languages_are_ones_own(house: House, words: str) -> None:
    """ "kill me" is made of two words that Dutch knows as well."""
    chat(house, "hi")
    assert "112" in chat(house, words)[0]


def test_erasing_is_answered_while_a_person_is_waited_for(house: House) -> None:
    sms(house, "hallo", "1", "An", "0", "hebt ge mij gelezen")
    assert sms(house, "wis mijn gegevens")[0].startswith("Goed. Een mens van VDAB wist uw gegevens.")


def test_who_blocked_us_and_writes_again_is_answered(house: House) -> None:
    chat(house, "hallo")
    chat(house, "", kind=Kind.BLOCKED)
    assert "noemen" in chat(house, "nl")[0]
    assert outbox.take(house, ["telegram"], 10), "messages go out again"


def test_silence_of_a_caller_is_no_message_that_waits(house: House, clock: Clock) -> None:
    sms(house, "hallo", "0")
    case = case_views.queue(house)[0]
    user = add_user(house, "mieke", "Mieke", "een lang wachtwoord")
    cases.claim(house, case.id, user)
    replies.reply(house, case.id, user, "Dag An.", "sms", "t" * 20)
    turns.receive(house, Inbound("sms", NUMBER, "SMempty", Urn("tel", AN), Kind.SILENCE))
    assert case_views.queue(house)[0].waiting_since is None
    sms(house, "dag mevrouw")
    assert case_views.queue(house)[0].waiting_since is not None


def test_a_call_is_never_chosen_for_a_counsellor(store: Store, clock: Clock) -> None:
    """Who is in danger may not be alone when a telephone speaks."""
    infos = [ChannelInfo("sms", Mode.TEXT, "tel", NUMBER), ChannelInfo("voice", Mode.VOICE, "tel", NUMBER)]
    house = houses.build(store, infos, ("nl",), clock)
    sms(house, "hallo")
    sms(house, "stop aub", "hij slaat mij")
    seen = case_views.view(house, 1)
    assert {way.channel for way in seen.reply_channels if not way.stopped} == {"voice"}
    assert seen.default_channel == ""


def test_the_same_form_with_other_words_is_told_so(house: House) -> None:
    sms(house, "hallo", "0")
    user = add_user(house, "mieke", "Mieke", "een lang wachtwoord")
    cases.claim(house, 1, user)
    replies.reply(house, 1, user, "Ja, dat kan morgen.", "sms", "t" * 20)
    replies.reply(house, 1, user, "Ja, dat kan morgen.", "sms", "t" * 20)
    with pytest.raises(AlreadySent):
        replies.reply(house, 1, user, "Ja", "sms", "t" * 20)
    assert [row.text for row in out(house)].count("Ja, dat kan morgen.") == 1


def test_a_claim_does_not_wake_who_stopped(house: House) -> None:
    sms(house, "hallo", "1", "stop aub", "hij slaat mij")
    user = add_user(house, "mieke", "Mieke", "een lang wachtwoord")
    cases.claim(house, 1, user)
    closing.close(house, 1, user, Outcome.HELPED)
    assert sms(house, "hallo") == []


@pytest.mark.parametrize("turn", range(5))
def test_a_receipt_at_the_very_moment_of_recording_is_not_lost(house: House, turn: int) -> None:
    sms(house, "hallo")
    [message] = outbox.take(house, ["sms"], 1)
    start = threading.Barrier(2)

    def recording() -> None:
        start.wait()
        outbox.sent(house, message, "SMrace")

    def reporting() -> None:
        start.wait()
        receipts.receipt(house, Receipt("sms", "SMrace", Status.FAILED, "30003"))

    threads = [threading.Thread(target=work) for work in (recording, reporting)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert out(house)[0].status == "failed"
    assert case_views.queue(house)


def test_a_message_of_yesterday_is_not_sent_any_more(house: House, clock: Clock) -> None:
    sms(house, "hallo")
    clock.advance(hours=25)
    assert outbox.take(house, ["sms"], 10) == []
    assert out(house)[0].status == "failed"


def test_an_error_of_the_database_names_no_words_in_the_log(
    store: Store, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    logs.configure("INFO")
    secret = "ge" + "heim"
    ours = logging.getLogger("drempelvrij-test")
    ours.addFilter(logs.NoWords())
    try:
        with store.write() as connection:
            connection.execute(messages.insert().values(text=secret))
    except Exception:
        structlog.get_logger("test").exception("store_failed")
        ours.exception("store_failed")
    written = capsys.readouterr().err + caplog.text
    assert "IntegrityError" in written
    assert "test_turns.py" in written, "where it went wrong is told"
    assert secret not in written


def test_wrong_passwords_behind_one_proxy_lock_nobody_else_out(house: House) -> None:
    add_user(house, "mieke", "Mieke", "een lang wachtwoord")
    for n in range(31):
        with pytest.raises(WrongPassword):
            log_in(house, f"nobody{n}", "x", "127.0.0.1")
    assert log_in(house, "mieke", "een lang wachtwoord", "127.0.0.1")


def test_wrong_passwords_from_one_address_are_limited(house: House) -> None:
    for n in range(30):
        with pytest.raises(WrongPassword):
            log_in(house, f"nobody{n}", "x", "192.0.2.1")
    with pytest.raises(TooManyTries):
        log_in(house, "mieke", "een lang wachtwoord", "192.0.2.1")
