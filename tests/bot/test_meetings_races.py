"""Many people at one moment: nobody gets another's place, nobody is left out, nobody waits for ever."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.meetings import BookingState, News, Outcome
from bot.service import publishing, telling
from bot.service.meeting_errors import Overlaps
from bot.service.telling import Untold
from bot.store import cases
from bot.store.engine import Store
from bot.store.schema import bookings
from tests.bot.meeting_house import Bureau, bureau, here

MONDAY = date(2026, 11, 2)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
CROWD = 12


@pytest.fixture
def desk(store: Store) -> Bureau:
    return bureau(store, here(MONDAY, 9))


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Does everything at the same moment, each in a thread of its own; what each came to, in order."""
    start = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(number: int, work: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[number] = work()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=row) for row in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def crowd(desk: Bureau, size: int = CROWD) -> list[int]:
    return [desk.contact(f"Mens {n}") for n in range(size)]


def rows(desk: Bureau, meeting_id: int) -> Sequence[Any]:
    with desk.house.store.read() as connection:
        return connection.execute(select(bookings).where(bookings.c.meeting_id == meeting_id)).all()


def test_of_many_who_want_one_place_one_gets_it(desk: Bureau) -> None:
    for talk in desk.publish(TUESDAY, count=3):
        came = at_once(*(partial(desk.book, who, talk) for who in crowd(desk)))
        assert Counter(came) == {Outcome.BOOKED: 1, Outcome.FULL: CROWD - 1}
        assert desk.places(talk) == [1]


def test_the_last_of_several_places_goes_to_one(desk: Bureau) -> None:
    group = desk.group(TUESDAY, places=5)
    for who in crowd(desk, 3):
        desk.book(who, group)
    came = at_once(*(partial(desk.book, who, group) for who in crowd(desk)))
    assert Counter(came) == {Outcome.BOOKED: 2, Outcome.WAITING: CROWD - 2}
    assert desk.places(group) == [1, 2, 3, 4, 5]


def test_a_wish_that_arrives_twice_at_one_moment_is_one_place(desk: Bureau) -> None:
    group = desk.group(TUESDAY, places=5)
    an = desk.contact()
    came = at_once(*(partial(desk.book, an, group) for _ in range(6)))
    assert Counter(came) == {Outcome.BOOKED: 1, Outcome.ALREADY: 5}
    assert desk.places(group) == [1]


def test_one_contact_cannot_take_two_times_of_one_hour_at_one_moment(desk: Bureau) -> None:
    talks = [desk.publish(TUESDAY, user_id=desk.user(name))[0] for name in ("mieke", "jan", "els", "tom")]
    an = desk.contact()
    came = at_once(*(partial(desk.book, an, talk) for talk in talks))
    assert Counter(came) == {Outcome.BOOKED: 1, Outcome.ALREADY: 3}


@pytest.mark.parametrize("turn", range(4))
def test_who_books_while_it_is_called_off_has_no_place_and_is_told(desk: Bureau, turn: int) -> None:
    group = desk.group(TUESDAY, places=4)
    people = crowd(desk)
    works: list[Callable[[], Any]] = [partial(desk.book, who, group) for who in people]
    works.insert(turn * 3, partial(publishing.cancel_meeting, desk.house, group, desk.user()))
    came = at_once(*works)
    told = came.pop(turn * 3)
    got = {who for who, outcome in zip(people, came, strict=True) if outcome in (Outcome.BOOKED, Outcome.WAITING)}
    assert set(told) == got
    assert {row.contact_id for row in rows(desk, group) if row.news == News.OFF} == got
    assert {row.state for row in rows(desk, group)} <= {BookingState.CANCELLED}
    assert desk.places(group) == []


def test_moves_across_one_another_do_not_wait_in_a_ring(desk: Bureau) -> None:
    one, other = desk.group(TUESDAY, places=20), desk.group(WEDNESDAY, places=20)
    there, back = crowd(desk, 6), crowd(desk, 6)
    for who in there:
        desk.book(who, one)
    for who in back:
        desk.book(who, other)
    went = [partial(desk.move, who, one, other) for who in there]
    came = [partial(desk.move, who, other, one) for who in back]
    assert Counter(at_once(*went, *came)) == {Outcome.BOOKED: 12}
    assert {row.contact_id for row in rows(desk, one) if row.place} == set(back)
    assert {row.contact_id for row in rows(desk, other) if row.place} == set(there)


def test_two_who_want_each_other_s_only_place_both_keep_their_own(desk: Bureau) -> None:
    first, second = desk.publish(TUESDAY, count=2)
    an, ben = desk.contact("An"), desk.contact("Ben")
    desk.book(an, first)
    desk.book(ben, second)
    came = at_once(partial(desk.move, an, first, second), partial(desk.move, ben, second, first))
    assert came == [Outcome.FULL, Outcome.FULL]
    assert [slot.id for slot in desk.of(an)] == [first]
    assert [slot.id for slot in desk.of(ben)] == [second]


@pytest.mark.parametrize("seed", range(2))
def test_a_group_in_turmoil_keeps_its_places_and_its_list(desk: Bureau, seed: int) -> None:
    """No place twice, none above the last, and none free while somebody waits."""
    group, other = desk.group(TUESDAY, places=3), desk.group(WEDNESDAY, places=3)
    people = crowd(desk, 10)

    def restless(who: int) -> None:
        dice = random.Random(f"{seed} {who}")
        for _ in range(6):
            act = dice.randrange(4)
            if act < 2:
                desk.book(who, group)
            elif act == 2:
                desk.cancel(who, group)
            else:
                desk.move(who, group, other)

    assert at_once(*(partial(restless, who) for who in people)) == [None] * len(people)
    for meeting in (group, other):
        taken = desk.places(meeting)
        waiting = [row for row in rows(desk, meeting) if row.state == BookingState.WAITING]
        assert len(taken) == len(set(taken))
        assert set(taken) <= {1, 2, 3}
        assert not waiting or len(taken) == 3


def test_whatever_goes_wrong_nobody_sits_on_another_s_chair(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    desk.book(desk.contact("An"), talk)
    now = desk.moment()
    row = {"meeting_id": talk, "contact_id": desk.contact("Ben"), "created_at": now, "changed_at": now}
    with pytest.raises(IntegrityError), desk.house.store.write() as connection:
        connection.execute(insert(bookings).values(**row, state="booked", place=1))


def test_the_same_form_at_one_moment_publishes_once(desk: Bureau) -> None:
    desk.user()
    came = at_once(*(partial(desk.publish, TUESDAY, count=4) for _ in range(4)))
    assert Counter(type(one) for one in came) == {list: 1, Overlaps: 3}
    assert len(publishing.upcoming(desk.house, desk.user())) == 4


def test_two_counsellors_invite_the_same_people_at_one_moment(desk: Bureau) -> None:
    group = desk.group(TUESDAY)
    people = crowd(desk, 8)
    users = [desk.user(name) for name in ("mieke", "jan", "els")]
    came = at_once(*(partial(publishing.invite, desk.house, group, people, user) for user in users))
    assert sorted(chain(*came)) == sorted(people)
    assert [desk.facts(who) for who in people] == [["meeting_invited"]] * 8


def test_two_workers_tell_and_remind_once(desk: Bureau) -> None:
    group = desk.group(TUESDAY)
    an = desk.contact()
    publishing.invite(desk.house, group, [an], desk.user())
    [untold] = _untold(desk)

    def tell() -> bool:
        with desk.house.store.write() as connection:
            cases.contact(connection, an, lock=True)
            return telling.take_news(connection, untold, desk.moment()) is not None

    assert Counter(at_once(*(tell for _ in range(5)))) == {True: 1, False: 4}


def _untold(desk: Bureau) -> list[Untold]:
    with desk.house.store.read() as connection:
        return telling.untold(connection, 10)


def test_what_is_erased_with_a_contact_leaves_its_place_free(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    an = desk.contact()
    desk.book(an, talk)
    with desk.house.store.write() as connection:
        connection.execute(update(bookings).values(news="off"))
        connection.exec_driver_sql(f"DELETE FROM contacts WHERE id = {an}")  # noqa: S608 - a number of ours
    assert desk.places(talk) == []
    assert desk.book(desk.contact("Ben"), talk) is Outcome.BOOKED
