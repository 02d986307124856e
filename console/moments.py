"""Moments as people say them: Belgian time, in the language of the reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_datetime, format_timedelta

from bot.catalogues import N_
from bot.hours import BELGIUM

_HOUR = "HH:mm"
_DAY = "EEEE d MMMM"
_YEAR = f"{_DAY} y"

NEAR: Mapping[int, str] = {-1: N_("gisteren %(time)s"), 1: N_("morgen %(time)s")}
"""What a day is called by how many days from today it is; today is not said."""


def span(since: datetime, now: datetime, language: str) -> str:
    """How long ago, in one unit: "12 minuten". Less than a minute is one."""
    passed = max(now - since, timedelta(seconds=1))
    return format_timedelta(passed, granularity="minute", threshold=1, locale=language)


def exact(moment: datetime, language: str) -> str:
    """The whole date and time."""
    return format_datetime(moment, f"{_YEAR} {_HOUR}", tzinfo=BELGIUM, locale=language)


def clock(moment: datetime, now: datetime, language: str, look_up: Callable[[str], str]) -> str:
    """The time alone of today, else with its day: "gisteren 09:12", "maandag 12 oktober 09:12", and another year."""
    here, today = _day(moment), _day(now)
    if here == today:
        return hour(moment, language)
    near = NEAR.get((here - today).days)
    if near:
        return look_up(near) % {"time": hour(moment, language)}
    pattern = _DAY if here.year == today.year else _YEAR
    return format_datetime(moment, f"{pattern} {_HOUR}", tzinfo=BELGIUM, locale=language)


def _day(moment: datetime) -> date:
    return moment.astimezone(BELGIUM).date()


def day(moment: datetime | date, language: str) -> str:
    """The day alone: "maandag 30 november"."""
    here = _day(moment) if isinstance(moment, datetime) else moment
    return format_date(here, _DAY, locale=language)


def hour(moment: datetime, language: str) -> str:
    """The time alone."""
    return format_datetime(moment, _HOUR, tzinfo=BELGIUM, locale=language)
