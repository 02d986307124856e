"""Who comes next, for every queue that there can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import content
from bot.cases import URGENCY
from bot.flow import FlowError
from bot.hours import Hours
from bot.queueing import (
    KNOWN,
    LEAD,
    MOST_SHOWN,
    PAGE,
    Room,
    Sieve,
    View,
    has_aged,
    most_of,
    rank,
    wanted,
)
from bot.searching import sought
from bot.teams import read_teams
from bot.waiting import OpenTime, after

MONDAY = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
WEEK = Hours(dict.fromkeys(range(5), (time(8), time(16, 30))))
ME = 7
URGENCIES = sorted(set(URGENCY.values()))


@dataclass(frozen=True)
class Case:
    """What decides a place."""

    id: int
    urgency: int
    waited: float
    known_id: int | None = None
    answered: bool = False

    @property
    def waiting_since(self) -> datetime | None:
        return None if self.answered else MONDAY - timedelta(minutes=self.waited)


def place(case: Case) -> Any:
    return rank(case, case.waited, ME)


minutes = st.floats(0, 100_000, allow_nan=False)
cases = st.builds(
    Case, st.integers(1, 99), st.sampled_from(URGENCIES), minutes, st.sampled_from([None, ME, 8]), st.booleans()
)


@given(cases, cases)
def test_danger_then_distress_then_everybody_else(one: Case, other: Case) -> None:
    if one.urgency > max(other.urgency, 1):
        assert place(one) < place(other)


@given(cases, minutes)
def test_who_waits_longer_never_comes_later(case: Case, more: float) -> None:
    longer = Case(case.id, case.urgency, case.waited + more, case.known_id, case.answered)
    assert place(longer) <= place(case)


@given(cases, st.sampled_from([0, 1]), minutes)
def test_nobody_starves(newcomer: Case, urgency: int, waited: float) -> None:
    """Once somebody has waited longer than every lead there is, no ordinary newcomer comes before."""
    patient = Case(100, urgency, newcomer.waited + LEAD + KNOWN + 1 + waited)
    if newcomer.urgency < 2:
        assert place(patient) < place(newcomer)


def test_answers_to_read_go_before_a_person_only_after_the_lead() -> None:
    fresh = Case(1, 1, 10)
    assert place(fresh) < place(Case(2, 0, LEAD))
    assert place(Case(2, 0, LEAD + 11)) < place(fresh)


def test_who_i_helped_before_has_a_lead_with_me_alone() -> None:
    known, other = Case(1, 1, 0, known_id=ME), Case(2, 1, KNOWN - 1)
    assert place(known) < place(other)
    assert rank(other, other.waited, 8) < rank(known, known.waited, 8)


@pytest.mark.parametrize(
    ("case", "aged"),
    [
        (Case(1, 0, LEAD), True),
        (Case(1, 1, LEAD), True),
        (Case(1, 1, LEAD - 1), False),
        (Case(1, 2, LEAD), False),
        (Case(1, 1, LEAD, answered=True), False),
    ],
)
def test_what_aged_is_told(case: Case, aged: bool) -> None:
    assert has_aged(case, case.waited) is aged


@pytest.mark.parametrize(
    ("has", "most", "urgency", "fits"), [(9, None, 0, True), (1, 2, 1, True), (2, 2, 1, False), (2, 2, 2, True)]
)
def test_danger_and_distress_always_fit(has: int, most: int | None, urgency: int, fits: bool) -> None:
    assert Room(has, most).takes(urgency) is fits


@pytest.mark.parametrize(
    ("own", "teams", "most"), [(None, [], None), (None, [None, 5, 9], 9), (3, [9], 3), (None, [None], None)]
)
def test_the_own_number_counts_else_the_largest_of_the_teams(
    own: int | None, teams: list[int | None], most: int | None
) -> None:
    assert most_of(own, teams) == most


@pytest.mark.parametrize(
    ("asked", "view", "filters", "show"),
    [
        ({}, View.WAITING, {}, PAGE),
        ({"view": "mine", "team": "youth", "waits": "1d"}, View.MINE, {"team": "youth", "waits": "1d"}, PAGE),
        ({"view": "<x>", "waits": "9y", "team": "", "show": "-1"}, View.WAITING, {}, PAGE),
        ({"show": "99999999"}, View.WAITING, {}, PAGE),
        ({"show": "999"}, View.WAITING, {}, MOST_SHOWN),
        ({"show": "50", "evil": "x"}, View.WAITING, {}, 50),
    ],
)
def test_an_address_asks_for_what_it_can(asked: dict[str, str], view: View, filters: dict[str, str], show: int) -> None:
    got = wanted(asked)
    assert (got.view, got.filters, got.show) == (view, filters, show)


def test_a_filter_counts_what_its_other_choices_would_leave() -> None:
    sieve = Sieve({"team": "youth", "language": "fr"})
    rows = [("youth", "fr"), ("youth", "nl"), ("office", "fr"), ("office", "nl")]
    assert [sieve.takes({"team": [team], "language": [language]}) for team, language in rows] == [True, *[False] * 3]
    assert sieve.counts == {"team": {"youth": 1, "office": 1}, "language": {"fr": 1, "nl": 1}}


# Opening time

moments = st.datetimes(datetime(2026, 10, 1), datetime(2027, 1, 31), timezones=st.just(UTC))  # noqa: DTZ001 - UTC
HOLIDAYS = frozenset({date(2026, 11, 11), date(2026, 12, 25)})


@given(moments, st.integers(0, 5000))
def test_opening_time_that_passed_is_what_was_counted_forward(since: datetime, minutes: int) -> None:
    until = after(WEEK, since, minutes, HOLIDAYS)
    passed = OpenTime(WEEK, HOLIDAYS, date(2026, 10, 1)).passed(since, until)
    assert passed == pytest.approx(minutes, abs=0.01)


def test_a_weekend_a_holiday_and_a_closed_day_do_not_count() -> None:
    friday, monday = datetime(2026, 11, 6, 15, 0, tzinfo=UTC), datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
    assert OpenTime(WEEK, HOLIDAYS, friday.date()).passed(friday, monday) == 30 + 60
    shut = Hours(WEEK.days, closed=frozenset({monday.date()}))
    assert OpenTime(shut, HOLIDAYS, friday.date()).passed(friday, monday) == 30
    assert OpenTime(WEEK, HOLIDAYS, monday.date()).passed(friday, monday) == 60


# Teams

ROW = {"id": "a", "kind": "a", "name": "A", "regions": ["flanders"], "languages": ["nl"], "known_first": 1}
WAIT = {"wait": {0: 1, 1: 1, 2: 0}}


def test_a_team_may_have_its_own_hours_days_and_number_of_cases() -> None:
    more = {"most": 12, "hours": [{"days": [0], "opens": "09:00", "closes": "12:00"}], "closed": [date(2026, 12, 24)]}
    [team] = read_teams({"teams": [{**ROW, **WAIT, **more}]}, "teams.yaml")
    assert (team.most, team.closed) == (12, frozenset({date(2026, 12, 24)}))
    assert team.hours == Hours({0: (time(9), time(12))})


@pytest.mark.parametrize(
    "more",
    [{"most": 0}, {"most": "veel"}, {"closed": ["morgen"]}, {"hours": [{"days": [8], "opens": "1", "closes": "2"}]}],
)
def test_what_a_team_cannot_be_is_told(more: dict[str, Any]) -> None:
    with pytest.raises(FlowError):
        read_teams({"teams": [{**ROW, **WAIT, **more}]}, "teams.yaml")


def test_every_team_of_ours_has_a_limit() -> None:
    assert all(team.most for team in content.load_teams())


# What is looked for


@pytest.mark.parametrize(
    ("typed", "words", "ends", "case_id"),
    [
        ("Amina El Idrissi", ("amina", "el", "idrissi"), (), None),
        ("  ÉVA ", ("eva",), (), None),
        ("Йосип", ("иосип",), (), None),
        ("100%_x", ("100%_x",), (), None),
        ("+32 470 00 00 01", (), ("32470000001",), 32470000001),
        ("0470/00.00.01", (), ("0470000001", "470000001"), 470000001),
        ("0032470000001", (), ("0032470000001", "32470000001"), 32470000001),
        ("+32 (0)470 00 00 01", (), ("32470000001",), 32470000001),
        ("٠٤٧٠٠٠٠٠٠١", (), ("0470000001", "470000001"), 470000001),
        ("0001", (), ("0001",), 1),
        ("#12", (), (), 12),
        ("12", (), (), 12),
        ("", (), (), None),
        ("9" * 40, (), ("9" * 40,), None),
    ],
)
def test_what_was_typed(typed: str, words: tuple[str, ...], ends: tuple[str, ...], case_id: int | None) -> None:
    found = sought(typed)
    assert (found.words, found.ends, found.case_id) == (words, ends, case_id)
