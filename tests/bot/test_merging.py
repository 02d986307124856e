"""Two contacts become one, and two again: nothing is lost, nothing is there twice, on both databases."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Row, Table, insert, select, update

from bot.cases import CaseStatus, Outcome
from bot.merging import second_case_stays, second_session_stays
from bot.messages import Inbound, Kind, Mode, Receipt, Status, Urn
from bot.service import accounts, cases, closing, merging, notes, receipts, replies, turns, unmerging
from bot.service import house as houses
from bot.service.case_errors import CaseError, NoSuchContact, NothingToUndo, NotYours, SameContact
from bot.service.house import ChannelInfo, House
from bot.session import Session, State
from bot.store import cases as stored
from bot.store import contacts as stored_contacts
from bot.store import messages as message_rows
from bot.store import notices as notice_rows
from bot.store.engine import Store
from bot.store.merges import MOVED
from bot.store.schema import (
    bookings,
    drafts,
    events,
    meetings,
    messages,
    metadata,
    notice_recipients,
    notices,
    plan_items,
    sessions,
    urns,
)
from bot.store.schema import cases as case_rows
from tests.conftest import Clock

ACCOUNTS = {"sms": "+32460000000", "telegram": "1"}
ROUNDS = 12
PASSWORD = "een lang wachtwoord"
_serial = iter(range(10**6))


@pytest.fixture(scope="module")
def _furnished(_sqlite_template: Path) -> Iterator[House]:
    store = Store(f"sqlite:///{_sqlite_template}")
    infos = [ChannelInfo("sms", Mode.TEXT, "tel", "+32460000000"), ChannelInfo("telegram", Mode.CHAT, "telegram", "1")]
    yield houses.build(store, infos, ("nl", "fr"))
    store.close()


@pytest.fixture
def house(store: Store, clock: Clock, _furnished: House) -> House:
    return replace(_furnished, store=store, now=clock)


@pytest.fixture
def an(house: House) -> int:
    return accounts.add_user(house, "an", "An Peeters", PASSWORD)


@pytest.fixture
def bart(house: House) -> int:
    return accounts.add_user(house, "bart", "Bart Claes", PASSWORD)


def says(house: House, urn: str, *texts: str) -> list[str]:
    """Messages from an address; the bot's last words."""
    channel = "sms" if urn.startswith("tel:") else "telegram"
    said: list[str] = []
    for text in texts:
        name = f"in-{next(_serial)}"
        inbound = Inbound(channel, ACCOUNTS[channel], name, Urn.parse(urn), Kind.TEXT, text)
        said = [part.text for part in turns.receive(house, inbound).said]
    return said


def contact_of(house: House, urn: str) -> int:
    with house.store.read() as connection:
        return int(connection.execute(select(urns.c.contact_id).where(urns.c.urn == urn)).scalar_one())


def case_of(house: House, urn: str) -> int:
    """The open case of who has an address."""
    with house.store.read() as connection:
        case = stored.open_case(connection, contact_of(house, urn))
    assert case is not None
    return int(case.id)


def case(house: House, case_id: int) -> Row[Any]:
    with house.store.read() as connection:
        found = stored.get(connection, case_id)
    assert found is not None
    return found


def rows_of(house: House, table: Table, contact_id: int) -> list[Row[Any]]:
    with house.store.read() as connection:
        return list(connection.execute(select(table).where(table.c.contact_id == contact_id).order_by(table.c.id)))


def pair(house: House, number: int = 1) -> tuple[str, str]:
    """Somebody who asked for a person by SMS and somebody who did by Telegram."""
    first, second = f"tel:+3247000{number:04}", f"telegram:{number}"
    says(house, first, "hallo", "1", "Amina", "0")
    says(house, second, "hallo", "1", "Amina B", "0")
    return first, second


NOT_COMPARED = frozenset({"merges", "logins"})


def everything(house: House) -> dict[str, dict[Any, tuple[Any, ...]]]:
    """Every row of every table, by its key; of events without what merging itself tells."""
    found: dict[str, dict[Any, tuple[Any, ...]]] = {}
    with house.store.read() as connection:
        for table in metadata.sorted_tables:
            if table.name not in NOT_COMPARED:
                keys = [column.name for column in table.primary_key]
                rows = connection.execute(select(table))
                found[table.name] = {tuple(getattr(row, key) for key in keys): tuple(row) for row in rows}
    return found


def furnish(house: House, dice: random.Random, urn: str, users: list[int]) -> None:
    """Gives somebody a life of their own: some answers, a case or none, a path, meetings, letters, notes."""
    says(house, urn, "hallo", "1", dice.choice(["Amina", "Lotte"]))
    says(house, urn, *dice.choice([(), ("9000",), ("9000", "1"), ("0",), ("0",), ("ik wil dood",)]))
    contact_id = contact_of(house, urn)
    with house.store.read() as connection:
        open_one = stored.open_case(connection, contact_id)
    if open_one is not None and dice.random() < 0.6:
        cases.claim(house, open_one.id, users[0])
        with house.store.write() as connection:
            draft = {"case_id": open_one.id, "user_id": users[0], "text": "Half af", "changed_at": house.now()}
            connection.execute(insert(drafts).values(draft))
        notes.add(house, open_one.id, users[0], "Belt liever", f"note-{next(_serial):020}")
        if dice.random() < 0.3:
            closing.close(house, open_one.id, users[0], Outcome.HELPED)
            if dice.random() < 0.5:
                says(house, urn, "0")
    with house.store.write() as connection:
        _path_and_letters(connection, dice, contact_id, house.now())


def _path_and_letters(connection: Any, dice: random.Random, contact_id: int, now: datetime) -> None:
    assignments = dice.sample(["cv", "letter", "phone", "route"], dice.randint(0, 4))
    for place, assignment in enumerate(assignments, 1):
        moment = now - timedelta(minutes=dice.randint(0, 99))
        state = dice.choice(["next", "later", "done", "dropped"]) if place > 1 else dice.choice(["now", "done"])
        values = {"contact_id": contact_id, "assignment": assignment, "state": state, "place": place}
        due = now if dice.random() < 0.5 else None
        values |= {"created_at": moment, "changed_at": moment, "due_at": due}
        connection.execute(insert(plan_items).values(values))
    for meeting in connection.execute(select(meetings.c.id)).scalars().all():
        state = dice.choice(["", "invited", "booked", "waiting", "cancelled"])
        place = connection.execute(select(bookings.c.id).where(bookings.c.meeting_id == meeting)).all()
        if state:
            values = {"meeting_id": meeting, "contact_id": contact_id, "state": state, "created_at": now}
            values |= {"place": len(place) + 1 if state == "booked" else None, "changed_at": now}
            connection.execute(insert(bookings).values(values))
    for notice in connection.execute(select(notices.c.id)).scalars().all():
        state = dice.choice(["", "waiting", "sent", "skipped"])
        if state:
            values = {"notice_id": notice, "contact_id": contact_id, "state": state, "changed_at": now}
            connection.execute(insert(notice_recipients).values(values))


def _publish(house: House, user: int) -> None:
    now = house.now()
    with house.store.write() as connection:
        for hours in (50, 60):
            values = {"kind": "group", "starts_at": now + timedelta(hours=hours), "minutes": 60, "places": 99}
            connection.execute(insert(meetings).values(values | {"user_id": user, "created_at": now}))
        for key in ("a", "b"):
            values = {"key": key, "template": "meeting", "gaps": {}, "created_at": now}
            connection.execute(insert(notices).values(values))


def test_every_table_of_contacts_comes_along() -> None:
    belongs = {t.name for t in metadata.sorted_tables if "contact_id" in t.columns}
    assert {table.name for table in MOVED} == belongs


def test_merging_and_taking_it_back_leaves_every_row_as_it_was(house: House, an: int, bart: int) -> None:
    _publish(house, bart)
    dice = random.Random(5)
    for number in range(1, ROUNDS + 1):
        first, second = f"tel:+3247000{number:04}", f"telegram:{number}"
        for urn in dice.sample([first, second], 2):  # whose id is lower is left to chance
            furnish(house, dice, urn, [an, bart])
        if not rows_of(house, case_rows, contact_of(house, first)):
            says(house, first, "0")
        mine = rows_of(house, case_rows, contact_of(house, first))[-1].id
        before, gone = everything(house), contact_of(house, second)
        merge = merging.merge(house, mine, an, gone)
        _is_one_person(house, first, second, gone)
        unmerging.unmerge(house, mine, an, merge)
        after = everything(house)
        for table, rows in before.items():
            assert {key: after[table][key] for key in rows} == rows, (number, table)
            extra = [row for key, row in after[table].items() if key not in rows]
            assert not extra or table == "events", (number, table, extra)


def _is_one_person(house: House, first: str, second: str, gone: int) -> None:
    """What holds of everybody holds of who was two."""
    kept = contact_of(house, first)
    assert contact_of(house, second) == kept
    left = {table.name for table in MOVED if rows_of(house, table, gone)}
    assert left <= {"plan_items", "bookings", "notice_recipients"}
    assert all(row.state == "cancelled" and row.place is None for row in rows_of(house, bookings, gone))
    assert all(row.due_at is None for row in rows_of(house, plan_items, gone))
    assert not any(row.state == "waiting" for row in rows_of(house, notice_recipients, gone))
    assert sum(row.state == "now" for row in rows_of(house, plan_items, kept)) <= 1
    assert sum(row.closed_at is None for row in rows_of(house, sessions, kept)) <= 1
    open_ones = [row for row in rows_of(house, case_rows, kept) if row.status != "closed"]
    assert len(open_ones) <= 1
    with house.store.read() as connection:
        session = stored_contacts.open_session(connection, kept)
    if open_ones and open_ones[0].owner_id is not None:
        assert session is None or session.state in (State.PERSON, State.STOPPED)


def test_messages_on_either_address_reach_the_one_that_stays_and_go_back_with_their_address(
    house: House, an: int
) -> None:
    first, second = pair(house)
    kept, gone, mine = contact_of(house, first), contact_of(house, second), case_of(house, first)
    cases.claim(house, mine, an)
    merge = merging.merge(house, mine, an, gone)
    assert says(house, second, "Ik ben het, Amina") == []
    replies.reply(house, mine, an, "Dag Amina", "telegram", "token-of-a-reply-000001")
    texts = [row.text for row in rows_of(house, messages, kept)]
    assert {"Ik ben het, Amina", "Dag Amina"} <= set(texts)
    unmerging.unmerge(house, mine, an, merge)
    theirs = [row.text for row in rows_of(house, messages, gone)]
    assert theirs[-2:] == ["Ik ben het, Amina", "Dag Amina"]
    assert all(row.urn == first for row in rows_of(house, messages, kept))
    assert {row.message_id for row in rows_of(house, events, kept)} <= {
        None,
        *(row.id for row in rows_of(house, messages, kept)),
    }
    says(house, second, "En nu?")
    assert any(row.text == "En nu?" for row in rows_of(house, messages, gone))


@pytest.mark.parametrize(
    ("urgent", "claimed", "stays", "owner"),
    [
        ("", "", "first", None),
        ("", "first", "first", "an"),
        ("", "second", "second", "an"),
        ("second", "first", "second", "an"),  # the urgent one goes on with who was helping already
        ("second", "", "second", None),
        ("first", "second", "first", "an"),
    ],
)
def test_of_two_open_cases_one_goes_on_with_who_had_either(
    house: House, an: int, urgent: str, claimed: str, stays: str, owner: str | None
) -> None:
    first, second = pair(house)
    ids = {"first": case_of(house, first), "second": case_of(house, second)}
    if urgent:
        says(house, first if urgent == "first" else second, "ik wil dood")
    if claimed:
        cases.claim(house, ids[claimed], an)
    merging.merge(house, ids["first"], an, contact_of(house, second))
    goes = "second" if stays == "first" else "first"
    kept, closed = case(house, ids[stays]), case(house, ids[goes])
    assert (closed.status, closed.outcome) == (CaseStatus.CLOSED, Outcome.MERGED)
    assert kept.owner_id == (an if owner else None)
    assert kept.status == (CaseStatus.CLAIMED if owner else CaseStatus.OPEN)
    if owner:
        assert says(house, second, "hallo?") == []


@pytest.mark.parametrize("alarmed", [0, 1])
def test_who_waits_after_an_alarm_is_asked_nothing_when_two_become_one(house: House, an: int, alarmed: int) -> None:
    """The fuller session stays, and with it the alarm of the other one: its numbers come again."""
    both = "tel:+32470000001", "telegram:1"
    waits, asks = both[alarmed], both[1 - alarmed]
    says(house, asks, "hallo", "1", "An", "9000", "1", "1")
    says(house, waits, "ik wil dood")
    merging.merge(house, case_of(house, waits), an, contact_of(house, asks))
    said = says(house, asks, "ok")
    assert "1813" in said[0]
    assert "cijfer" not in said[0]


def test_words_that_were_being_written_go_on_in_the_case_that_stays(house: House, an: int) -> None:
    first, second = pair(house)
    mine, other = case_of(house, first), case_of(house, second)
    for one in (mine, other):
        cases.claim(house, one, an)
    with house.store.write() as connection:
        connection.execute(
            insert(drafts).values(case_id=other, user_id=an, text="Half af", channel="", changed_at=house.now())
        )
    merge = merging.merge(house, mine, an, contact_of(house, second))

    def where() -> list[int]:
        with house.store.read() as connection:
            return list(connection.execute(select(drafts.c.case_id)).scalars())

    assert where() == [mine]
    unmerging.unmerge(house, mine, an, merge)
    assert where() == [other]


def test_what_is_not_known_of_the_one_is_known_of_the_other(house: House, an: int) -> None:
    first, second = "tel:+32470000001", "telegram:1"
    says(house, first, "0")
    says(house, second, "hallo", "1", "Amina")
    merge = merging.merge(house, case_of(house, first), an, contact_of(house, second))
    kept = contact_of(house, first)
    with house.store.read() as connection:
        assert stored.contact(connection, kept).name == "Amina"
    unmerging.unmerge(house, case_of(house, first), an, merge)
    with house.store.read() as connection:
        assert stored.contact(connection, kept).name == ""


def test_two_places_at_one_meeting_become_one_and_who_waits_gets_the_other(house: House, an: int, bart: int) -> None:
    first, second = pair(house)
    says(house, "telegram:9", "hallo")
    _publish(house, bart)
    kept, gone, waits = (contact_of(house, urn) for urn in (first, second, "telegram:9"))
    now = house.now()
    rows = [(kept, "booked", 1), (gone, "booked", 2), (waits, "waiting", None)]
    with house.store.write() as connection:
        for contact_id, state, place in rows:
            values = {"meeting_id": 1, "contact_id": contact_id, "state": state, "place": place}
            connection.execute(insert(bookings).values(values | {"created_at": now, "changed_at": now}))
    merge = merging.merge(house, case_of(house, first), an, gone)
    assert [(row.state, row.place) for row in rows_of(house, bookings, kept)] == [("booked", 1)]
    assert [(row.state, row.place) for row in rows_of(house, bookings, waits)] == [("booked", 2)]
    unmerging.unmerge(house, case_of(house, first), an, merge)
    assert [(row.state, row.place) for row in rows_of(house, bookings, gone)] == [("waiting", None)]
    assert [(row.state, row.place) for row in rows_of(house, bookings, waits)] == [("booked", 2)]


def test_only_the_last_merge_can_be_taken_back_and_only_once(house: House, an: int, bart: int) -> None:
    first, second = pair(house)
    third, _ = pair(house, 2)
    mine = case_of(house, first)
    one = merging.merge(house, mine, an, contact_of(house, second))
    two = merging.merge(house, mine, an, contact_of(house, third))
    for who, merge in ((an, one), (bart, two), (an, 999)):
        with pytest.raises(NothingToUndo):
            unmerging.unmerge(house, mine, who, merge)
    unmerging.unmerge(house, mine, an, two)
    with pytest.raises(NothingToUndo):
        unmerging.unmerge(house, mine, an, two)
    unmerging.unmerge(house, mine, an, one)
    assert len({contact_of(house, urn) for urn in (first, second, third)}) == 3


def test_who_became_somebody_else_is_nobody_to_merge(house: House, an: int) -> None:
    first, second = pair(house)
    mine, gone = case_of(house, first), contact_of(house, second)
    with pytest.raises(SameContact):
        merging.merge(house, mine, an, contact_of(house, first))
    merging.merge(house, mine, an, gone)
    for nobody in (gone, 999):
        with pytest.raises(NoSuchContact):
            merging.merge(house, mine, an, nobody)


def test_who_became_somebody_else_is_not_chosen_for_a_group(house: House, an: int) -> None:
    first, second = pair(house)
    merging.merge(house, case_of(house, first), an, contact_of(house, second))
    with house.store.read() as connection:
        assert [row.id for row in notice_rows.candidates(connection)] == [contact_of(house, first)]


def test_nobody_takes_a_colleagues_case_by_merging(house: House, an: int, bart: int) -> None:
    first, second = pair(house)
    cases.claim(house, case_of(house, second), bart)
    before = everything(house)
    with pytest.raises(NotYours):
        merging.merge(house, case_of(house, first), an, contact_of(house, second))
    assert everything(house) == before


def test_what_happened_since_is_not_undone(house: House, an: int) -> None:
    first, second = pair(house)
    mine, other = case_of(house, first), case_of(house, second)
    cases.claim(house, mine, an)
    merge = merging.merge(house, mine, an, contact_of(house, second))
    closing.close(house, mine, an, Outcome.HELPED)
    says(house, second, "0")
    newer = case_of(house, first)
    unmerging.unmerge(house, newer, an, merge)
    assert case(house, mine).outcome == Outcome.HELPED
    assert case(house, newer).contact_id == contact_of(house, first)
    assert case(house, other).contact_id == contact_of(house, second)
    assert case(house, other).status == CaseStatus.OPEN


def test_a_message_that_comes_in_the_middle_is_with_whose_address_it_is_then(house: House, an: int) -> None:
    first, second = pair(house)
    mine, gone, kept = case_of(house, first), contact_of(house, second), contact_of(house, first)
    start, failed = threading.Barrier(3), []

    def act(does: Any) -> None:
        start.wait()
        try:
            does()
        except CaseError as error:
            failed.append(error)

    doing = [
        lambda: merging.merge(house, mine, an, gone),
        lambda: [says(house, second, f"bericht {n}") for n in range(5)],
        lambda: [says(house, first, f"ander {n}") for n in range(5)],
    ]
    threads = [threading.Thread(target=act, args=(does,)) for does in doing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert rows_of(house, messages, gone) == []
    texts = [row.text for row in rows_of(house, messages, kept)]
    assert all(f"{word} {n}" in texts for word in ("bericht", "ander") for n in range(5))
    assert all(row.status == "closed" for row in rows_of(house, case_rows, gone))


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [
        ((1, None), (1, None), False),
        ((1, None), (2, None), True),
        ((1, 7), (1, None), False),
        ((1, None), (1, 7), True),
        ((2, None), (1, 7), False),
    ],
)
def test_the_more_urgent_case_stays_then_the_one_somebody_has(
    first: tuple[int, int | None], second: tuple[int, int | None], *, stays: bool
) -> None:
    one, two = (SimpleNamespace(urgency=urgency, owner_id=owner) for urgency, owner in (first, second))
    assert second_case_stays(one, two) is stays


def test_the_fuller_session_goes_on_but_not_one_that_was_stopped() -> None:
    short = Session("intake", 1, answers={"language": ("nl",)})
    full = Session("intake", 1, answers={"language": ("nl",), "name": ("Amina",)})
    assert second_session_stays(short, full)
    assert not second_session_stays(full, short)
    assert not second_session_stays(short, short)
    assert not second_session_stays(short, replace(full, state=State.STOPPED))


def test_a_failure_that_comes_while_two_become_one_is_told_to_the_one_that_stays(house: House, an: int) -> None:
    """It waits for the lock of somebody who is gone when it gets it."""
    first, second = pair(house)
    kept, gone, mine = contact_of(house, first), contact_of(house, second), case_of(house, first)
    out = [row for row in rows_of(house, messages, gone) if row.direction == "out"][-1]
    with house.store.write() as connection:
        message_rows.move(connection, out.id, Status.SENDING)
        message_rows.move(connection, out.id, Status.SENT, provider_id="late")
    failed = threading.Thread(
        target=receipts.receipt, args=(house, Receipt("telegram", "late", Status.FAILED, "403")), daemon=True
    )
    with house.store.write() as connection:
        merging.lock_both(connection, kept, gone)
        failed.start()
        failed.join(0.3)
        connection.execute(update(messages).where(messages.c.contact_id == gone).values(contact_id=kept))
        connection.execute(update(case_rows).where(case_rows.c.contact_id == gone).values(status="closed"))
    failed.join(10)
    told = [row for row in rows_of(house, events, kept) if row.type == stored.UNDELIVERED]
    assert [row.case_id for row in told] == [mine]
    assert rows_of(house, events, gone)[-1].type != stored.UNDELIVERED
