"""What the demo puts ready: teams that have somebody, and times to choose from."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

import demo
from bot.store import schema, teams
from tests.scenarios.people import Writer
from town import Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TO_THE_TIMES = ("hallo", "1", "An", "9000", "1", "1", "2", "3", "5", "4", "2", "3", "1")


def test_at_the_end_of_the_questions_there_are_times(town: Town) -> None:
    demo.prepare(town.house)
    demo.furnish(town.house)
    an = Writer(town)
    said = [an.sms(text) for text in TO_THE_TIMES][-1]
    assert "Welk moment past u?" in said[-1]
    assert an.sms("1")[0].startswith("Genoteerd: ")


def test_starting_again_adds_nothing(town: Town) -> None:
    demo.prepare(town.house)
    for _ in range(2):
        demo.furnish(town.house)
        with town.store.read() as connection:
            made = connection.execute(select(func.count()).select_from(schema.meetings)).scalar_one()
            ids = {row.login: row.id for row in connection.execute(select(schema.users))}
            assert set(ids) == {demo.LOGIN, demo.COLLEAGUE}
            assert teams.of_user(connection, ids[demo.LOGIN]) == set(demo.TEAMS)
        assert made > 10
    with town.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(schema.meetings)).scalar_one() == made
