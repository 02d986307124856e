"""When what is put off comes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.hours import BELGIUM, Hours
from bot.later import LONGEST, Later, may_wait, moments, typed

OFFICE = Hours({day: (time(8), time(16, 30)) for day in range(5)})
CHRISTMAS = (date(2026, 12, 25),)


def here(day: int, hour: int, minute: int = 0, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BELGIUM)


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        (
            here(1, 10),  # a Tuesday
            {
                Later.AFTERNOON: here(1, 13, 30),
                Later.TOMORROW: here(2, 9),
                Later.NEXT_WEEK: here(7, 9),
                Later.IN_A_WEEK: here(8, 9),
            },
        ),
        (here(1, 13), {Later.TOMORROW: here(2, 9), Later.NEXT_WEEK: here(7, 9), Later.IN_A_WEEK: here(8, 9)}),
        (here(4, 17), {Later.NEXT_WEEK: here(7, 9), Later.IN_A_WEEK: here(11, 9)}),  # a Friday: Saturday is closed
        (here(6, 10), {Later.TOMORROW: here(7, 9), Later.IN_A_WEEK: here(14, 9)}),  # a Sunday: Monday is tomorrow
        (here(18, 14), {Later.NEXT_WEEK: here(21, 9), Later.IN_A_WEEK: here(28, 9)}),  # in a week it is Christmas
        (here(24, 11), {Later.AFTERNOON: here(24, 13, 30), Later.NEXT_WEEK: here(28, 9), Later.IN_A_WEEK: here(31, 9)}),
    ],
)
def test_only_moments_at_which_people_work_are_offered(now: datetime, offered: dict[Later, datetime]) -> None:
    assert moments(now.astimezone(UTC), OFFICE, CHRISTMAS) == offered


def test_an_office_that_opens_later_than_nine_is_waited_for() -> None:
    late = Hours({0: (time(10), time(12))})
    assert set(moments(here(1, 10), late, ()).values()) == {here(7, 10), here(14, 10)}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-01T09:30", datetime(2026, 12, 1, 8, 30, tzinfo=UTC)),
        ("2026-07-01T09:30", datetime(2026, 7, 1, 7, 30, tzinfo=UTC)),
        ("2026-12-01T09:30:00+00:00", datetime(2026, 12, 1, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_typed_moment_is_one_on_a_belgian_clock(text: str, moment: datetime) -> None:
    assert typed(text) == moment


@pytest.mark.parametrize("text", ["", "morgen", "2026-13-01T09:30", "<b>"])
def test_what_is_no_moment_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|month"):
        typed(text)


@pytest.mark.parametrize(
    ("ahead", "may"),
    [
        (timedelta(0), False),
        (timedelta(minutes=-1), False),
        (timedelta(minutes=1), True),
        (LONGEST, True),
        (LONGEST + timedelta(seconds=1), False),
    ],
)
def test_nothing_waits_for_the_past_or_for_ever(ahead: timedelta, *, may: bool) -> None:
    assert may_wait(here(1, 10), here(1, 10) + ahead) is may
