"""The computer is silent exactly while a person has the conversation: one table of how a conversation can stand.

What is answered even then stands in docs/decisions.md: danger and distress, STOP, and MENU, by which somebody takes up
the questions of their own accord.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.cases import Outcome
from bot.roles import Role, Viewer
from bot.service import accounts, case_views, cases, closing, handing, merging, snoozing, taking
from bot.service.handing import Word
from bot.service.house import House
from tests.console.conftest import PASSWORD, People

OTHER = "telegram:4711"
TEXTS = ("hallo?", "0", "ja", "1", "herhaal", "hulp", "nederlands", "ik begrijp het niet", "dank u", "k ben er nog")
"""What gets an answer of the computer, or a question, when nobody has the conversation."""


@dataclass
class Bureau:
    """Two counsellors, and Amina who asked for a person."""

    house: House
    people: People
    an: int
    bart: int
    case_id: int

    def claim(self) -> None:
        cases.claim(self.house, self.case_id, self.an)

    def release(self) -> None:
        self.claim()
        cases.release(self.house, self.case_id, self.an)

    def take(self) -> None:
        taking.take_next(self.house, Viewer(self.an, Role.ADMINISTRATOR, ()))

    def snooze(self) -> None:
        self.claim()
        snoozing.snooze(self.house, self.case_id, self.an, self.house.now() + timedelta(hours=5))

    def to_bart(self) -> None:
        self.claim()
        handing.to_person(self.house, self.case_id, self.an, self.bart, Word())

    def to_team(self) -> None:
        self.claim()
        handing.to_team(self.house, self.case_id, self.an, "youth", Word())

    def close(self) -> None:
        self.claim()
        closing.close(self.house, self.case_id, self.an, Outcome.HELPED)

    def reopen(self) -> None:
        self.close()
        closing.reopen(self.house, self.case_id, self.an)

    def to_computer(self) -> None:
        self.claim()
        closing.close(self.house, self.case_id, self.an, Outcome.HANDED_BACK)

    def join(self) -> None:
        """Another address turns out to be Amina's; what is sent from there is to An too."""
        self.people.asks_for_a_person("Amina B", OTHER, "telegram")
        self.claim()
        other = max(row.contact_id for row in case_views.queue(self.house))
        merging.merge(self.house, self.case_id, self.an, other)


@pytest.fixture
def bureau(house: House, people: People, an: int) -> Bureau:
    bart = accounts.add_user(house, "bart", "Bart Claes", PASSWORD, teams_of=("youth",))
    return Bureau(house, people, an, bart, people.asks_for_a_person())


def nothing(_bureau: Bureau) -> None:
    """Nobody did anything yet."""


HAD: tuple[Callable[[Bureau], None], ...] = (
    Bureau.claim,
    Bureau.take,
    Bureau.snooze,
    Bureau.to_bart,
    Bureau.reopen,
    Bureau.join,
)
FREE: tuple[Callable[[Bureau], None], ...] = (
    nothing,
    Bureau.release,
    Bureau.to_team,
    Bureau.close,
    Bureau.to_computer,
)


@pytest.mark.parametrize("happened", HAD, ids=lambda step: step.__name__)
def test_the_computer_is_silent_while_a_person_has_it(bureau: Bureau, happened: Callable[[Bureau], None]) -> None:
    happened(bureau)
    said = {text: bureau.people.says(text) for text in TEXTS}
    assert said == {text: [] for text in TEXTS}


@pytest.mark.parametrize("happened", FREE, ids=lambda step: step.__name__)
def test_the_computer_answers_while_nobody_has_it(bureau: Bureau, happened: Callable[[Bureau], None]) -> None:
    happened(bureau)
    assert bureau.people.says("menu") != []


def test_what_comes_from_a_joined_address_is_not_answered_by_the_computer_either(bureau: Bureau) -> None:
    bureau.join()
    assert [bureau.people.says(text, OTHER, "telegram") for text in TEXTS] == [[] for _ in TEXTS]


@pytest.mark.parametrize("happened", HAD, ids=lambda step: step.__name__)
def test_danger_menu_and_stop_are_answered_whoever_has_it(bureau: Bureau, happened: Callable[[Bureau], None]) -> None:
    happened(bureau)
    assert "112" in " ".join(bureau.people.says("hij gaat mij vermoorden"))
    assert bureau.people.says("menu") != []
    assert bureau.people.says("stop") != []
