"""Moments as people say them."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.catalogues import Catalogues
from bot.hours import BELGIUM
from console.moments import clock

NOW = datetime(2026, 11, 30, 0, 20, tzinfo=BELGIUM)
SUMMER_TIME_ENDED = datetime(2026, 10, 26, 8, 0, tzinfo=BELGIUM)


@pytest.fixture(scope="module")
def catalogues() -> Catalogues:
    return Catalogues(("nl", "fr", "en", "ar"))


@pytest.mark.parametrize(
    ("moment", "language", "said"),
    [
        (datetime(2026, 11, 30, 0, 5, tzinfo=BELGIUM), "nl", "00:05"),
        (datetime(2026, 11, 30, 18, 0, tzinfo=BELGIUM), "nl", "18:00"),
        (datetime(2026, 11, 29, 23, 59, tzinfo=BELGIUM), "nl", "gisteren 23:59"),
        (datetime(2026, 12, 1, 9, 0, tzinfo=BELGIUM), "nl", "morgen 09:00"),
        (datetime(2026, 10, 12, 9, 12, tzinfo=BELGIUM), "nl", "maandag 12 oktober 09:12"),
        (datetime(2025, 10, 13, 9, 12, tzinfo=BELGIUM), "nl", "maandag 13 oktober 2025 09:12"),
        (datetime(2027, 1, 4, 9, 0, tzinfo=BELGIUM), "nl", "maandag 4 januari 2027 09:00"),
        (datetime(2026, 11, 29, 9, 12, tzinfo=BELGIUM), "fr", "hier 09:12"),
        (datetime(2026, 12, 1, 9, 0, tzinfo=BELGIUM), "en", "tomorrow 09:00"),
        (datetime(2026, 11, 29, 9, 12, tzinfo=BELGIUM), "ar", "أمس 09:12"),
    ],
)
def test_a_moment_is_told_by_how_near_its_day_is(
    catalogues: Catalogues, moment: datetime, language: str, said: str
) -> None:
    assert clock(moment, NOW, language, lambda words: catalogues.text(language, words)) == said


def test_the_day_before_the_clock_changed_is_yesterday(catalogues: Catalogues) -> None:
    """That Sunday has 25 hours."""
    sunday = datetime(2026, 10, 25, 1, 30, tzinfo=BELGIUM)
    assert clock(sunday, SUMMER_TIME_ENDED, "nl", lambda words: catalogues.text("nl", words)) == "gisteren 01:30"
