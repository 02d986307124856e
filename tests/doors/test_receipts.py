"""What became of a message or a call: every word of Twilio's, early, late, double and in the wrong order."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from bot.cases import Reason
from bot.messages import Status
from bot.service import outbox
from bot.store import messages, schema
from channels.twilio import CALL_STATUSES, MESSAGE_STATUSES
from playground import Fault
from tests.channels.shapes import AN, CALL_SID, MESSAGE_SID, call_receipt, message_receipt, sms_form
from tests.doors.conftest import Front
from town import Town

SENT, DELIVERED, READ, FAILED = Status.SENT, Status.DELIVERED, Status.READ, Status.FAILED


@pytest.fixture
def waiting(front: Front) -> Front:
    """A person has written; two messages wait for the worker."""
    front.twilio("/sms", sms_form(MessageSid="SM" + "0" * 32))
    return front


@pytest.fixture
def sent(waiting: Front) -> Front:
    """The first of them was accepted by Twilio."""
    waiting.hand_over(MESSAGE_SID)
    return waiting


def status(front: Front) -> Status:
    """Where the first message out stands."""
    return Status(front.said("out")[0].status)


def reasons(front: Front) -> list[str]:
    """Why there are cases."""
    return [row.reason for row in front.rows(schema.cases)]


def say(front: Front, *words: str) -> None:
    """Receipts of the first message, one after another."""
    for word in words:
        failed = MESSAGE_STATUSES.get(word) is FAILED
        answer = front.twilio("/receipts", message_receipt(word, **({"ErrorCode": "30003"} if failed else {})))
        assert (answer.status_code, answer.data) == (204, b"")


AFTER_ONE = {
    "accepted": SENT,
    "scheduled": SENT,
    "queued": SENT,
    "sending": SENT,
    "sent": SENT,
    "delivered": DELIVERED,
    "read": READ,
    "partially_delivered": FAILED,
    "undelivered": FAILED,
    "failed": FAILED,
    "canceled": FAILED,
    "receiving": SENT,
    "received": SENT,
}


def test_the_table_holds_every_status() -> None:
    assert set(AFTER_ONE) == set(MESSAGE_STATUSES)


@pytest.mark.parametrize(("word", "expected"), AFTER_ONE.items(), ids=AFTER_ONE)
def test_one_receipt_moves_a_message(sent: Front, word: str, expected: Status) -> None:
    say(sent, word)
    assert status(sent) is expected


@pytest.mark.parametrize("word", [word for word, kind in AFTER_ONE.items() if kind is FAILED])
def test_a_failure_reaches_people_with_its_code(sent: Front, word: str) -> None:
    say(sent, word)
    assert reasons(sent) == [Reason.NOT_DELIVERED.value]
    assert sent.said("out")[0].code == "30003"


@pytest.mark.parametrize("word", [word for word, kind in AFTER_ONE.items() if kind is not FAILED])
def test_what_is_no_failure_opens_no_case(sent: Front, word: str) -> None:
    say(sent, word)
    assert reasons(sent) == []


ORDERS = [
    pytest.param(("queued", "sent", "delivered"), DELIVERED, id="in order"),
    pytest.param(("delivered", "sent", "queued"), DELIVERED, id="reversed"),
    pytest.param(("sent", "sent", "delivered", "delivered"), DELIVERED, id="double"),
    pytest.param(("delivered", "read"), READ, id="read"),
    pytest.param(("read", "delivered", "sent"), READ, id="read before delivered"),
    pytest.param(("failed", "delivered"), FAILED, id="failed and then delivered"),
    pytest.param(("undelivered", "delivered", "read"), FAILED, id="undelivered and then read"),
    pytest.param(("failed", "sent"), FAILED, id="failed and then sent"),
    pytest.param(("sent", "undelivered"), FAILED, id="undelivered"),
    pytest.param(("delivered", "failed"), DELIVERED, id="delivered and then failed"),
    pytest.param(("delivered", "undelivered"), DELIVERED, id="delivered and then undelivered"),
    pytest.param(("failed", "undelivered", "failed"), FAILED, id="failed in two ways"),
]


@pytest.mark.parametrize(("words", "expected"), ORDERS)
def test_receipts_move_a_message_one_way(sent: Front, words: tuple[str, ...], expected: Status) -> None:
    say(sent, *words)
    assert status(sent) is expected
    assert reasons(sent) == ([Reason.NOT_DELIVERED.value] if expected is FAILED else [])


@pytest.mark.parametrize("words", list(permutations(("queued", "sent", "delivered"))), ids="-".join)
def test_every_order_of_a_good_end_ends_well(sent: Front, words: tuple[str, ...]) -> None:
    say(sent, *words)
    assert status(sent) is DELIVERED


@pytest.mark.parametrize(("words", "expected"), ORDERS)
def test_receipts_may_overtake_the_answer_to_our_request(
    waiting: Front, words: tuple[str, ...], expected: Status
) -> None:
    (message,) = waiting.take()
    say(waiting, *words)
    assert status(waiting) is Status.SENDING
    outbox.sent(waiting.house, message, MESSAGE_SID)
    assert status(waiting) is expected
    assert reasons(waiting) == ([Reason.NOT_DELIVERED.value] if expected is FAILED else [])


def test_the_same_receipt_twice_is_one_event(sent: Front) -> None:
    say(sent, "delivered")
    before = sent.stored()
    say(sent, "delivered")
    assert sent.stored() == before


def test_a_receipt_of_a_message_nobody_knows_changes_nothing(sent: Front) -> None:
    answer = sent.twilio("/receipts", message_receipt("failed", "SM" + "9" * 32, ErrorCode="30003"))
    assert answer.status_code == 204
    assert (status(sent), reasons(sent)) == (SENT, [])


def test_a_receipt_of_one_message_leaves_the_next_alone(sent: Front) -> None:
    say(sent, "undelivered")
    assert [row.status for row in sent.said("out")] == ["failed", "queued"]


def test_a_failure_without_a_code_says_how_it_ended(sent: Front) -> None:
    sent.twilio("/receipts", message_receipt("undelivered"))
    assert (status(sent), sent.said("out")[0].code) == (FAILED, "undelivered")


def test_a_failure_of_a_contact_with_a_case_opens_no_second(sent: Front) -> None:
    sent.twilio("/sms", sms_form("0", MessageSid="SM" + "7" * 32))
    say(sent, "undelivered")
    assert len(reasons(sent)) == 1


@pytest.mark.parametrize("word", ["eaten", "DELIVERED", "delivered ", "é"], ids=["new", "capitals", "space", "accent"])
def test_an_unknown_status_is_kept_for_people(sent: Front, word: str) -> None:
    answer = sent.twilio("/receipts", message_receipt(word))
    assert answer.status_code == 204
    assert status(sent) is SENT
    (kept,) = sent.rows(schema.quarantine)
    assert (kept.channel, kept.provider_id.partition("#")[0]) == ("receipts", MESSAGE_SID)


def test_an_unknown_status_of_a_call_is_kept_under_its_name(front: Front) -> None:
    assert front.twilio("/receipts", call_receipt("eaten")).status_code == 204
    (kept,) = front.rows(schema.quarantine)
    assert (kept.channel, kept.provider_id.partition("#")[0]) == ("receipts", CALL_SID)


# Calls


@pytest.fixture
def called(waiting: Front) -> Front:
    """A call to the person, which Twilio accepted."""
    first = waiting.said("out")[0]
    with waiting.house.store.write() as connection:
        copied = ("contact_id", "author", "account", "urn", "text", "language", "next_at", "at")
        row = {name: getattr(first, name) for name in copied}
        connection.execute(schema.messages.delete().where(schema.messages.c.direction == "out"))
        messages.insert_outbound(connection, [{**row, "channel": "voice", "status": Status.QUEUED.value}])
    waiting.hand_over(CALL_SID)
    return waiting


CALLS: list[tuple[tuple[str, ...], Status]] = [
    (("queued",), SENT),
    (("initiated",), SENT),
    (("ringing",), SENT),
    (("in-progress",), SENT),
    (("completed",), DELIVERED),
    (("busy",), FAILED),
    (("failed",), FAILED),
    (("no-answer",), FAILED),
    (("canceled",), FAILED),
    (("initiated", "ringing", "in-progress", "completed"), DELIVERED),
    (("completed", "in-progress", "ringing", "initiated"), DELIVERED),
    (("no-answer", "ringing"), FAILED),
    (("no-answer", "completed"), FAILED),
    (("completed", "completed"), DELIVERED),
]


def test_the_table_holds_every_status_of_a_call() -> None:
    assert {words[0] for words, _ in CALLS} == set(CALL_STATUSES)


@pytest.mark.parametrize(("words", "expected"), CALLS, ids=["-".join(words) for words, _ in CALLS])
def test_receipts_move_a_call(called: Front, words: tuple[str, ...], expected: Status) -> None:
    for n, word in enumerate(words):
        assert called.twilio("/receipts", call_receipt(word, SequenceNumber=str(n))).status_code == 204
    assert status(called) is expected
    assert reasons(called) == ([Reason.NOT_DELIVERED.value] if expected is FAILED else [])
    assert called.count(schema.quarantine) == 0


def test_the_end_of_a_call_that_came_in_changes_nothing(front: Front) -> None:
    form = call_receipt("completed", Direction="inbound", From=AN)
    assert front.twilio("/receipts", form).status_code == 204
    assert set(front.stored()) <= {"receipts"}
    assert front.count(schema.quarantine) == 0


# Through the playground

ROUNDS = 5
"""The town rests while a receipt is late; each look lets a round pass."""


def outcomes(town: Town) -> set[str]:
    """Where the messages out stand."""
    with town.store.read() as connection:
        query = schema.messages.select().where(schema.messages.c.direction == "out")
        return {row.status for row in connection.execute(query)}


@pytest.mark.parametrize(
    "how", [{}, {"double": True}, {"reversed": True}, {"late": 2}, {"double": True, "reversed": True}], ids=str
)
def test_however_receipts_travel_the_end_is_the_same(town: Town, how: dict[str, Any]) -> None:
    for name, value in how.items():
        setattr(town.network.receipts, name, value)
    town.network.phone(AN).sms("Dag")
    for _ in range(ROUNDS):
        town.settle()
    assert outcomes(town) == {"delivered"}


@pytest.mark.parametrize("code", [30003, 30005, 30006, 30007, 63024])
def test_a_message_that_never_arrives_reaches_people(town: Town, code: int) -> None:
    town.network.faults.add(Fault("messages.create", error=code))
    town.network.phone(AN).sms("Dag")
    town.settle()
    with town.store.read() as connection:
        (case,) = connection.execute(schema.cases.select())
    assert case.reason == Reason.NOT_DELIVERED.value
    assert outcomes(town) == {"failed", "delivered"}
