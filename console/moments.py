"""Moments as people say them: Belgian time, in the language of the reader."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_datetime, format_timedelta

from bot.hours import BELGIUM

_SHORT = "EEE d MMM HH:mm"
_DAY = "EEEE d MMMM"
_LONG = "EEEE d MMMM y HH:mm"


def span(since: datetime, now: datetime, language: str) -> str:
    """How long ago, in one unit: "12 minuten". Less than a minute is one."""
    passed = max(now - since, timedelta(seconds=1))
    return format_timedelta(passed, granularity="minute", threshold=1, locale=language)


def exact(moment: datetime, language: str) -> str:
    """The whole date and time."""
    return format_datetime(moment, _LONG, tzinfo=BELGIUM, locale=language)


def clock(moment: datetime, now: datetime, language: str) -> str:
    """The time; with the day before it when that is not today."""
    if _day(moment) == _day(now):
        return format_datetime(moment, "HH:mm", tzinfo=BELGIUM, locale=language)
    return format_datetime(moment, _SHORT, tzinfo=BELGIUM, locale=language)


def _day(moment: datetime) -> date:
    return moment.astimezone(BELGIUM).date()


def day(moment: datetime | date, language: str) -> str:
    """The day alone: "maandag 30 november"."""
    here = _day(moment) if isinstance(moment, datetime) else moment
    return format_date(here, _DAY, locale=language)


def hour(moment: datetime, language: str) -> str:
    """The time alone."""
    return format_datetime(moment, "HH:mm", tzinfo=BELGIUM, locale=language)
