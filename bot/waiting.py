"""Waiting that counts only while people are at work: a case of Friday evening has not waited all weekend on Monday."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

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
