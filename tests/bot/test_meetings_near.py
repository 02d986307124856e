"""Which times are near, and when a reminder is due: tables, without a store."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.hours import Hours
from bot.meetings import MeetingKind, Slot, near, overlap
from bot.reminders import When, day_before, due, look_ahead
from tests.bot.meeting_house import DECENT, HOLIDAYS, OFFICES, here

MONDAY = date(2026, 11, 2)
NOW = here(MONDAY, 9)
EAST_FLANDERS = ("east_flanders", "9000")


def slot(name: str, day: int, hour: int, office: str = "gent", **values: object) -> tuple[str, Slot]:
    starts_at = here(MONDAY + timedelta(days=day), hour)
    kind = MeetingKind.TALK if office else MeetingKind.CALL
    fields = {"id": 0, "kind": kind, "starts_at": starts_at, "minutes": 30, "office": office} | values
    return name, Slot(**fields)  # type: ignore[arg-type]


NEAR: list[tuple[str, tuple[str, str], list[tuple[str, Slot]], str]] = [
    ("three at most, in the order of time", EAST_FLANDERS,
     [slot("d", 4, 9), slot("b", 2, 9), slot("c", 3, 9), slot("a", 1, 9)], "a b c"),
    ("the own town before the province, also when it is later", EAST_FLANDERS,
     [slot("aalst", 1, 9, "aalst"), slot("x", 5, 9), slot("y", 6, 9), slot("z", 7, 9)], "x y z"),
    ("the province where the own town has too few", EAST_FLANDERS,
     [slot("x", 5, 9), slot("aalst", 1, 9, "aalst")], "aalst x"),
    ("never another province", EAST_FLANDERS,
     [slot("hasselt", 1, 9, "hasselt"), slot("leuven", 1, 9, "leuven")], ""),
    ("a call is near everywhere", ("limburg", "3600"),
     [slot("gent", 1, 9), slot("call", 3, 9, ""), slot("hasselt", 4, 9, "hasselt")], "call hasselt"),
    ("who lives in Brussels goes to Flemish Brabant", ("brussels", "1030"),
     [slot("leuven", 1, 9, "leuven"), slot("gent", 1, 9), slot("vilvoorde", 2, 9, "vilvoorde")], "leuven vilvoorde"),
    ("without a postcode everything may be near", ("", ""),
     [slot("hasselt", 1, 9, "hasselt"), slot("gent", 2, 9)], "hasselt gent"),
    ("an office that is no longer in the list is nowhere", ("", ""), [slot("x", 1, 9, "closed")], ""),
    ("what is taken is gone", EAST_FLANDERS, [slot("x", 1, 9, free=0), slot("y", 1, 10)], "y"),
    ("a full group has a waiting list, after the free ones", EAST_FLANDERS,
     [slot("full", 1, 9, free=0, kind=MeetingKind.GROUP), *(slot(n, 2 + i, 9, free=3, kind=MeetingKind.GROUP)
      for i, n in enumerate("abc"))], "a b c"),
    ("a full group where there is nothing else", EAST_FLANDERS,
     [slot("full", 1, 9, free=0, kind=MeetingKind.GROUP)], "full"),
    ("not within three hours", EAST_FLANDERS, [slot("x", 0, 11), slot("y", 0, 12), slot("past", -1, 9)], "y"),
    ("not in a month; a group session may be", EAST_FLANDERS,
     [slot("talk", 22, 9), slot("group", 22, 9, kind=MeetingKind.GROUP), slot("far", 61, 9, kind=MeetingKind.GROUP)],
     "group"),
    ("not three of one morning, where there is a choice", EAST_FLANDERS,
     [slot("a", 1, 8), slot("b", 1, 9), slot("c", 1, 10), slot("d", 1, 14), slot("e", 2, 9)], "a d e"),
    ("three of one morning where there is none", EAST_FLANDERS,
     [slot("a", 1, 8), slot("b", 1, 9), slot("c", 1, 10)], "a b c"),
    ("the same time with two counsellors is one choice", EAST_FLANDERS,
     [slot("a", 1, 8), slot("b", 1, 8, id=1), slot("c", 1, 9)], "a c"),
    ("the counsellor who is known, also when it is later", EAST_FLANDERS,
     [slot("a", 1, 9), slot("b", 2, 9), slot("c", 3, 9), slot("own", 9, 9, known=True)], "a b own"),
    ("of the same time the one with the counsellor who is known", EAST_FLANDERS,
     [slot("a", 1, 9), slot("own", 1, 9, id=1, known=True)], "own"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "slots", "wanted"), [row[1:] for row in NEAR], ids=[row[0] for row in NEAR])
def test_what_is_near(where: tuple[str, str], slots: list[tuple[str, Slot]], wanted: str) -> None:
    names = {id(one): name for name, one in slots}
    found = near([one for _, one in slots], *where, OFFICES, NOW)
    assert " ".join(names[id(one)] for one in found) == wanted


def test_one_may_begin_when_the_other_ends() -> None:
    (_, ten), (_, half) = slot("a", 1, 10), slot("b", 1, 10, starts_at=here(MONDAY + timedelta(days=1), 10, 30))
    (_, long) = slot("c", 1, 9, minutes=61)
    assert (overlap(ten, half), overlap(ten, long), overlap(long, ten), overlap(ten, ten)) == (False, True, True, True)


# Reminders

AUTUMN, SPRING = date(2026, 10, 25), date(2027, 3, 28)
BEFORE = timedelta(days=1)
WEEKS = timedelta(days=21)
ALL_WEEK = Hours(dict.fromkeys(range(7), DECENT.days[0]))

DAYS: list[tuple[str, datetime, datetime]] = [
    ("the same time by the clock", here(date(2026, 11, 4), 10), here(date(2026, 11, 3), 10)),
    ("not before it is decent", here(date(2026, 11, 4), 7), here(date(2026, 11, 3), 8)),
    ("not in the evening", here(date(2026, 11, 4), 21), here(date(2026, 11, 3), 19)),
    ("before a Monday on Saturday", here(date(2026, 11, 9), 9), here(date(2026, 11, 7), 10)),
    ("before the day after a holiday", here(date(2026, 11, 12), 9), here(date(2026, 11, 10), 9)),
    ("after Easter Monday", here(date(2027, 3, 30), 14), here(date(2027, 3, 27), 14)),
    ("on the day when clocks go back", here(AUTUMN, 10), here(AUTUMN - BEFORE, 10)),
    ("when they went back the day before", here(AUTUMN + BEFORE, 14), here(AUTUMN - BEFORE, 14)),
    ("on the day when they go forward", here(SPRING, 10), here(SPRING - BEFORE, 10)),
    ("at an hour that was twice", here(AUTUMN, 2), here(AUTUMN - BEFORE, 10)),
]


@pytest.mark.parametrize(("starts_at", "moment"), [row[1:] for row in DAYS], ids=[row[0] for row in DAYS])
def test_the_day_before(starts_at: datetime, moment: datetime) -> None:
    assert day_before(starts_at, DECENT, HOLIDAYS) == moment


@pytest.mark.parametrize(
    ("starts_at", "hours_between"),
    [(here(AUTUMN, 10), 25), (here(SPRING, 10), 23), (here(AUTUMN + BEFORE, 10), 24), (here(SPRING + BEFORE, 10), 24)],
)
def test_the_day_before_is_a_day_by_the_clock_not_by_the_hour(starts_at: datetime, hours_between: int) -> None:
    moment = day_before(starts_at, ALL_WEEK, ())
    assert starts_at - moment == timedelta(hours=hours_between)


MINUTE = timedelta(minutes=1)
TEN = here(date(2026, 11, 4), 10)  # a Wednesday
NINE = here(date(2026, 11, 4), 9)
DUE: list[tuple[str, datetime, datetime, datetime, When | None]] = [
    ("too early", TEN, TEN - WEEKS, TEN - BEFORE - MINUTE, None),
    ("the day before", TEN, TEN - WEEKS, TEN - BEFORE, When.DAY),
    ("later that day, when a worker was slow", TEN, TEN - WEEKS, here(date(2026, 11, 3), 19, 59), When.DAY),
    ("not at night", TEN, TEN - WEEKS, here(date(2026, 11, 3), 20), None),
    ("not on the day itself", TEN, TEN - WEEKS, TEN - timedelta(hours=2, minutes=1), None),
    ("two hours before", TEN, TEN - WEEKS, TEN - timedelta(hours=2), When.HOURS),
    ("a little later", TEN, TEN - WEEKS, TEN - timedelta(minutes=30), When.HOURS),
    ("not when it is too late", TEN, TEN - WEEKS, TEN - timedelta(minutes=29), None),
    ("not when it has begun", TEN, TEN - WEEKS, TEN + MINUTE, None),
    ("booked after the moment of the day", TEN, TEN - BEFORE + MINUTE, TEN - BEFORE + 60 * MINUTE, None),
    ("but of the hours then", TEN, TEN - BEFORE + MINUTE, TEN - timedelta(hours=2), When.HOURS),
    ("booked after the moment of the hours", TEN, TEN - timedelta(hours=1), TEN - timedelta(minutes=50), None),
    ("an early one when it becomes decent", NINE, TEN - WEEKS, here(date(2026, 11, 4), 8), When.HOURS),
    ("not before that", NINE, TEN - WEEKS, here(date(2026, 11, 4), 7, 30), None),
    ("never on a Sunday", here(date(2026, 11, 9), 9), TEN - WEEKS, here(date(2026, 11, 8), 12), None),
]  # fmt: skip


@pytest.mark.parametrize(("starts_at", "booked_at", "now", "which"), [r[1:] for r in DUE], ids=[r[0] for r in DUE])
def test_when_a_reminder_is_due(starts_at: datetime, booked_at: datetime, now: datetime, which: When | None) -> None:
    assert due(starts_at, booked_at, now, DECENT, HOLIDAYS) is which


def test_one_looks_as_far_ahead_as_the_next_decent_day() -> None:
    saturday = date(2026, 11, 7)
    assert look_ahead(here(saturday, 12), DECENT, HOLIDAYS) == here(date(2026, 11, 10), 0)
    assert look_ahead(here(date(2026, 11, 10), 12), DECENT, HOLIDAYS) == here(date(2026, 11, 13), 0)


def test_hours_without_a_decent_day_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="no decent hours"):
        day_before(TEN, Hours({}), ())
