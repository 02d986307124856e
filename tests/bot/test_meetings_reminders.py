"""Reminders as the worker finds them in the store: each once, at the right moment, never of what is over."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest

from bot.reminders import When
from bot.service import publishing, telling
from bot.service.telling import Reminder
from bot.store import cases
from bot.store.engine import Store
from tests.bot.meeting_house import DECENT, HOLIDAYS, Bureau, bureau, here

MONDAY = date(2026, 11, 2)
THURSDAY, FRIDAY = MONDAY + timedelta(days=3), MONDAY + timedelta(days=4)


@pytest.fixture
def desk(store: Store) -> Bureau:
    return bureau(store, here(MONDAY, 9))


def due(desk: Bureau, now: datetime, limit: int = 100) -> list[Reminder]:
    with desk.house.store.read() as connection:
        return telling.due_reminders(connection, now, DECENT, HOLIDAYS, limit)


def remind(desk: Bureau, now: datetime) -> list[tuple[int, When]]:
    """What a worker sends at a moment."""
    desk.moment.now = now
    sent = []
    for reminder in due(desk, now):
        with desk.house.store.write() as connection:
            cases.contact(connection, reminder.contact_id, lock=True)
            if telling.take_reminder(connection, reminder, now):
                sent.append((reminder.contact_id, reminder.when))
    return sent


def through(desk: Bureau, first: datetime, last: datetime) -> list[tuple[datetime, int, When]]:
    """What a worker sends that looks every ten minutes, by the clock in Belgium."""
    now, sent = first.astimezone(UTC), []
    while now <= last:
        sent += [(now.astimezone(first.tzinfo).replace(tzinfo=None), *one) for one in remind(desk, now)]
        now += timedelta(minutes=10)
    return sent


def wall(day: date, hour: int, minute: int = 0) -> datetime:
    return here(day, hour, minute).replace(tzinfo=None)


def test_each_reminder_goes_out_once(desk: Bureau) -> None:
    [talk] = desk.publish(THURSDAY, 14)
    an = desk.contact()
    desk.book(an, talk)
    assert through(desk, here(MONDAY, 9), here(FRIDAY, 9)) == [
        (wall(THURSDAY - timedelta(days=1), 14), an, When.DAY),
        (wall(THURSDAY, 12), an, When.HOURS),
    ]


@pytest.mark.parametrize(
    ("day", "day_before"),
    [
        (date(2026, 10, 25), date(2026, 10, 24)),
        (date(2026, 10, 26), date(2026, 10, 24)),
        (date(2027, 3, 28), date(2027, 3, 27)),
        (date(2027, 3, 30), date(2027, 3, 27)),
    ],
)
def test_across_the_clock_change_it_is_the_same_time_by_the_clock(desk: Bureau, day: date, day_before: date) -> None:
    desk.moment.now = here(day - timedelta(days=5), 9)
    [talk] = desk.publish(day, 14, anyway=True)
    an = desk.contact()
    desk.book(an, talk)
    hours = [] if day.weekday() == 6 else [(wall(day, 12), an, When.HOURS)]  # nothing goes out on a Sunday
    assert through(desk, here(day - timedelta(days=3), 7), here(day, 18)) == [
        (wall(day_before, 14), an, When.DAY),
        *hours,
    ]


def test_who_books_late_is_reminded_of_the_hours_only(desk: Bureau) -> None:
    [talk] = desk.publish(THURSDAY, 14)
    desk.moment.now = here(THURSDAY - timedelta(days=1), 15)
    an = desk.contact()
    desk.book(an, talk)
    assert through(desk, desk.moment.now, here(FRIDAY, 9)) == [(wall(THURSDAY, 12), an, When.HOURS)]


def test_a_move_is_reminded_of_anew(desk: Bureau) -> None:
    [first] = desk.publish(THURSDAY, 14)
    [second] = desk.publish(FRIDAY, 14)
    an = desk.contact()
    desk.book(an, first)
    assert remind(desk, here(THURSDAY - timedelta(days=1), 14)) == [(an, When.DAY)]
    desk.move(an, first, second)
    assert through(desk, here(THURSDAY, 8), here(FRIDAY, 18)) == [
        (wall(THURSDAY, 14), an, When.DAY),
        (wall(FRIDAY, 12), an, When.HOURS),
    ]


def test_nobody_is_reminded_of_what_is_over(desk: Bureau) -> None:
    talks = desk.publish(THURSDAY, 14, count=2)
    group = desk.group(THURSDAY, 10, places=1)
    an, ben, chris, dirk = (desk.contact(name) for name in ("An", "Ben", "Chris", "Dirk"))
    desk.book(an, talks[0])
    desk.book(ben, talks[1])
    desk.book(chris, group)
    desk.book(dirk, group)
    desk.cancel(an, talks[0])
    publishing.cancel_meeting(desk.house, talks[1], desk.user())
    sent = through(desk, here(MONDAY, 9), here(FRIDAY, 9))
    assert Counter(who for _, who, _ in sent) == {chris: 2}, "nor who only waits"


def test_what_is_cancelled_between_looking_and_sending_is_not_sent(desk: Bureau) -> None:
    [talk] = desk.publish(THURSDAY, 14)
    an = desk.contact()
    desk.book(an, talk)
    now = here(THURSDAY, 12)
    [reminder] = due(desk, now)
    desk.cancel(an, talk)
    with desk.house.store.write() as connection:
        assert not telling.take_reminder(connection, reminder, now)


def test_no_more_than_wanted_the_next_meeting_first(desk: Bureau) -> None:
    talks = desk.publish(THURSDAY, 14, count=4)
    people = [desk.contact(f"Mens {n}") for n in range(4)]
    for who, talk in reversed(list(zip(people, talks, strict=True))):
        desk.book(who, talk)
    now = here(THURSDAY - timedelta(days=1), 18)
    assert [reminder.contact_id for reminder in due(desk, now, 2)] == people[:2]
    assert len(due(desk, now)) == 4


def test_two_workers_send_one_reminder(desk: Bureau) -> None:
    [talk] = desk.publish(THURSDAY, 14)
    desk.book(desk.contact(), talk)
    now, start, sent = here(THURSDAY, 12), Barrier(4), []

    def work() -> None:
        start.wait()
        sent.extend(remind(desk, now))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == 1
