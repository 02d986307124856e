"""The outbox: at least once, in order, one at a time for each address, and never in silence when it fails."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event, select, update

import demo
from bot.cases import Reason
from bot.content import ROOT
from bot.messages import (
    ContactStopped,
    Inbound,
    Kind,
    Mode,
    Outbound,
    Permanent,
    Receipt,
    Retry,
    SendError,
    Status,
    Uncertain,
    Urn,
)
from bot.outbox import LONGEST_WAIT, Outbox, wait
from bot.service import case_views, receipts, turns
from bot.service import house as houses
from bot.service.house import ChannelInfo, House
from bot.store.engine import Store
from bot.store.schema import messages
from playground import Fault
from tests.conftest import Clock
from tests.scenarios.people import AN, BEN, Writer
from town import Town

NUMBER = "+32460000000"


@dataclass
class FakeSms:
    """A provider that takes what it is told to take: one entry of ``plan`` for each try."""

    name: str = "sms"
    mode: Mode = Mode.TEXT
    plan: list[SendError | None] = field(default_factory=list)
    left_behind: list[str] = field(default_factory=list)
    taken: list[Outbound] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0

    async def send(self, message: Outbound) -> str:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(0.01)
        self.under_way -= 1
        error = self.plan.pop(0) if self.plan else None
        if error is not None:
            raise error
        self.taken.append(message)
        return f"SM{message.id}"

    async def find(self, message: Outbound) -> Sequence[str]:
        return self.left_behind


@pytest.fixture
def house(store: Store, clock: Clock) -> House:
    infos = [ChannelInfo("sms", Mode.TEXT, "tel", NUMBER), ChannelInfo("voice", Mode.VOICE, "tel", NUMBER)]
    return houses.build(store, infos, ("nl", "fr", "en"), clock)


def write(house: House, text: str, number: str = AN, name: str = "") -> None:
    name = name or f"in-{number}-{text}-{time.monotonic_ns()}"
    turns.receive(house, Inbound("sms", NUMBER, name, Urn("tel", number), Kind.TEXT, text))


def drain(house: House, sender: FakeSms) -> int:
    return asyncio.run(Outbox(house, {"sms": sender}, lambda: 0.0).drain())


def rows(house: House) -> list[Any]:
    with house.store.read() as connection:
        return list(connection.execute(select(messages).where(messages.c.direction == "out").order_by(messages.c.id)))


def statuses(house: House) -> list[str]:
    return [row.status for row in rows(house)]


def test_order_is_kept_and_one_address_has_one_message_under_way(house: House) -> None:
    sender = FakeSms()
    write(house, "hallo")
    write(house, "1")
    drain(house, sender)
    assert [message.id for message in sender.taken] == sorted(message.id for message in sender.taken)
    assert (len(sender.taken), sender.most_under_way) == (3, 1)
    assert statuses(house) == ["sent"] * 3


def test_addresses_do_not_wait_for_each_other(house: House) -> None:
    sender = FakeSms(plan=[Retry("too_many", retry_after=60)])
    write(house, "hallo", AN)
    write(house, "hallo", BEN)
    drain(house, sender)
    assert {str(message.urn) for message in sender.taken} == {f"tel:{BEN}"}


def test_what_failed_for_now_is_tried_again_when_the_provider_said(house: House, clock: Clock) -> None:
    sender = FakeSms(plan=[Retry("too_many", code="20429", retry_after=60)])
    write(house, "hallo")
    drain(house, sender)
    assert statuses(house) == ["queued", "queued"], "the second waits behind the first"
    clock.advance(seconds=30)
    assert drain(house, sender) == 0
    clock.advance(seconds=31)
    drain(house, sender)
    assert statuses(house) == ["sent", "sent"]


def test_after_an_uncertain_try_the_provider_is_asked_first(house: House, clock: Clock) -> None:
    sender = FakeSms(plan=[Uncertain("no_answer")], left_behind=["SMfound"])
    write(house, "hallo")
    drain(house, sender)
    clock.advance(minutes=1)
    drain(house, sender)
    first, second = rows(house)
    assert (first.provider_id, second.status) == ("SMfound", "sent")
    assert [message.id for message in sender.taken] == [second.id], "the first was not sent twice"


def test_what_the_provider_does_not_have_is_sent_again(house: House, clock: Clock) -> None:
    sender = FakeSms(plan=[Uncertain("no_answer")])
    write(house, "hallo")
    drain(house, sender)
    clock.advance(minutes=1)
    drain(house, sender)
    assert len(sender.taken) == 2


def test_a_message_found_there_that_is_another_one_is_not_taken_for_it(house: House, clock: Clock) -> None:
    sender = FakeSms()
    write(house, "hallo")
    drain(house, sender)
    known = rows(house)[0].provider_id
    sender.plan, sender.left_behind = [Uncertain("no_answer")], [known]
    write(house, "herhaal")
    drain(house, sender)
    clock.advance(minutes=1)
    drain(house, sender)
    assert len({row.provider_id for row in rows(house)}) == 3


def test_a_refusal_for_good_becomes_a_case_for_people(house: House) -> None:
    sender = FakeSms(plan=[Permanent("refused", code="21211")])
    write(house, "hallo")
    drain(house, sender)
    assert statuses(house) == ["failed", "sent"]
    [case] = case_views.queue(house)
    assert (case.reason, case.undelivered) == (Reason.NOT_DELIVERED, 1)


def test_who_stopped_is_left_in_peace(house: House) -> None:
    sender = FakeSms(plan=[ContactStopped("stopped", code="21610")])
    write(house, "hallo")
    drain(house, sender)
    assert statuses(house) == ["failed", "failed"], "what waited behind it is not sent either"
    assert not sender.taken
    assert case_views.queue(house) == []


def test_the_goodbye_after_stop_still_goes(house: House) -> None:
    sender = FakeSms()
    write(house, "hallo")
    drain(house, sender)
    write(house, "stop aub")
    drain(house, sender)
    assert sender.taken[-1].text.startswith("Goed, ik stop.")


def test_after_a_day_people_take_over(house: House, clock: Clock) -> None:
    sender = FakeSms(plan=[Retry("provider_error")] * 100)
    write(house, "hallo")
    for _ in range(60):
        drain(house, sender)
        clock.advance(minutes=31)
    assert statuses(house)[0] == "failed"
    assert case_views.queue(house)[0].reason is Reason.NOT_DELIVERED


def test_a_receipt_that_overtakes_the_answer_counts(house: House) -> None:
    write(house, "hallo")
    first = rows(house)[0]
    receipts.receipt(house, Receipt("sms", f"SM{first.id}", Status.DELIVERED))
    drain(house, FakeSms())
    assert statuses(house) == ["delivered", "sent"]


def test_a_crash_in_a_channel_is_an_uncertain_try(house: House, clock: Clock) -> None:
    class Broken(FakeSms):
        async def send(self, message: Outbound) -> str:
            raise RuntimeError("a mistake of ours")

    write(house, "hallo")
    drain(house, Broken())
    assert rows(house)[0].uncertain
    clock.advance(minutes=5)
    drain(house, FakeSms())
    assert statuses(house) == ["sent", "sent"]


def test_a_lease_that_ran_out_is_taken_over_as_uncertain(house: House, clock: Clock) -> None:
    write(house, "hallo")
    with house.store.write() as connection:
        connection.execute(
            update(messages)
            .where(messages.c.id == rows(house)[0].id)
            .values(status="sending", leased_until=house.now(), tried_at=house.now(), attempts=1)
        )
    clock.advance(seconds=1)
    sender = FakeSms(left_behind=["SMdied"])
    drain(house, sender)
    assert rows(house)[0].provider_id == "SMdied"


def test_two_workers_never_send_the_same_message(house: House) -> None:
    for n in range(20):
        write(house, "hallo", f"+324700001{n:02}")
    sender = FakeSms()

    async def both() -> None:
        await asyncio.gather(*(Outbox(house, {"sms": sender}, lambda: 0.0).drain() for _ in range(2)))

    asyncio.run(both())
    assert len(sender.taken) == 40
    assert len({message.id for message in sender.taken}) == 40


@pytest.mark.parametrize(
    ("tries", "asked", "chance", "seconds"),
    [
        (1, None, 0.0, 2.0),
        (2, None, 0.0, 4.0),
        (3, None, 1.0, 12.0),
        (30, None, 0.0, LONGEST_WAIT),
        (1, 17.0, 0.0, 17.0),
        (1, 7200.0, 0.0, 7200.0),
    ],
)
def test_waiting_doubles_with_jitter_and_obeys_the_provider(
    tries: int, asked: float | None, chance: float, seconds: float
) -> None:
    assert wait(tries, asked, chance) == seconds


def test_an_answer_lost_on_the_way_is_not_sent_twice(town: Town, clock: Clock) -> None:
    town.network.faults.add(Fault(api="messages.create", drop_answer=True))
    an = Writer(town)
    first = an.sms("hallo")
    clock.advance(minutes=1)
    assert len([*first, *an.read()]) == 2


def test_a_worker_that_is_killed_while_sending_loses_and_doubles_nothing(town: Town, clock: Clock) -> None:
    town.network.faults.add(Fault(api="messages.create", delay=3.0))
    town.network.phone(AN).sms("hallo")
    worker = _worker(town)
    try:
        deadline = time.monotonic() + 20
        while "sending" not in statuses(town.house) and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        worker.kill()
        worker.wait()
    assert "sending" in statuses(town.house)
    time.sleep(3.5)  # the provider takes the first message after its sender died
    clock.advance(minutes=2)
    town.settle()
    assert statuses(town.house) == ["delivered", "delivered"]
    assert len(town.network.phone(AN).inbox) == 2


def _worker(town: Town) -> subprocess.Popen[bytes]:
    settings = town.settings
    environment = {
        "DATABASE_URL": settings.database_url,
        "PUBLIC_URL": settings.public_url,
        "SECRET_KEY": "x",
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "TWILIO_NUMBER": settings.twilio_number,
        "TWILIO_API_URL": settings.twilio_api_url,
    }
    path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "-m", "flask", "--app", "cli", "worker"]
    return subprocess.Popen(command, cwd=ROOT, env=environment | path, stderr=subprocess.DEVNULL)


def test_the_demo_has_its_own_tokens_each_time() -> None:
    first, second = (demo.environment(8000, ROOT) for _ in range(2))
    assert first["TWILIO_AUTH_TOKEN"] != second["TWILIO_AUTH_TOKEN"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_looking_into_the_outbox_does_not_go_through_all_messages(house: House) -> None:
    seen: list[tuple[str, Any]] = []
    event.listen(house.store.engine, "before_cursor_execute", lambda *args: seen.append((args[2], args[3])))
    drain(house, FakeSms())
    statement, parameters = next(row for row in seen if "min(" in row[0])
    with house.store.read() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert any("ix_messages_outbox" in line for line in plan)
    assert not any("SCAN messages" in line and "ix_messages_outbox" not in line for line in plan), plan
    assert not any("ix_messages_provider" in line or "uq_messages" in line for line in plan), plan
