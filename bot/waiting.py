"""Waiting that counts only while people are at work: a case of Friday evening has not waited all weekend on Monday."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from bot.hours import BELGIUM, Hours


def after(hours: Hours, moment: datetime, minutes: int, holidays: Collection[date]) -> datetime:
    """The moment at which ``minutes`` of opening time have passed since ``moment``."""
    at, left = hours.next_open(moment, holidays), timedelta(minutes=minutes)
    while at + left > (closes := _closes(hours, at)):
        left -= closes - at
        at = hours.next_open(closes, holidays)
    return at + left


def _closes(hours: Hours, moment: datetime) -> datetime:
    """When the opening hours that ``moment`` lies in end."""
    here = moment.astimezone(BELGIUM)
    return datetime.combine(here.date(), hours.days[here.weekday()][1], BELGIUM).astimezone(moment.tzinfo)


class OpenTime:
    """Opening time as one line: how much of it lies between two moments, looked up quickly for many cases.

    ``first``: the day from which it counts; whatever lies before it counts as then.
    """

    def __init__(self, hours: Hours, holidays: Collection[date], first: date) -> None:
        self._hours = hours
        self._holidays = holidays
        self._before = {first: 0.0}
        self._first = first

    def passed(self, since: datetime, until: datetime) -> float:
        """Minutes of opening time from one moment to another."""
        return max(self._at(until) - self._at(since), 0.0)

    def _at(self, moment: datetime) -> float:
        here = moment.astimezone(BELGIUM)
        day = here.date()
        if day < self._first:
            return 0.0
        return self._until(day) + self._of(day, here.time())

    def _until(self, day: date) -> float:
        """Minutes of opening time of all days before that one."""
        known = day
        while known not in self._before:
            known -= timedelta(days=1)
        while known < day:
            following = known + timedelta(days=1)
            self._before[following] = self._before[known] + self._of(known, time.max)
            known = following
        return self._before[day]

    def _of(self, day: date, until: time) -> float:
        """Minutes of opening time of one day, up to a time."""
        span = self._hours.span(day, self._holidays)
        if span is None or until <= span[0]:
            return 0.0
        return (_seconds(min(until, span[1])) - _seconds(span[0])) / 60


def _seconds(at: time) -> float:
    return at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1_000_000
