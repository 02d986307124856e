"""``flask content learn``: what is learned from a few messages holds for others with the same words."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
from scipy.sparse import csr_matrix

import learn
from bot.lexicon_files import load_opinion, write_opinion
from bot.opinion import Opinion
from descent import descend
from learn import Lesson

SAID = {
    "yes": ("ja graag", "ja doe maar", "ja goed", "graag ja dank u"),
    "no": ("neen bedankt", "neen niet nodig", "neen liever niet", "bedankt maar neen"),
    "distress": ("ik wil dood", "ik wil niet meer leven", "dood wil ik zijn", "leven wil ik niet meer"),
    "danger": ("hij slaat mij", "mijn vent slaat mij elke dag", "hij slaat de kinderen", "weer slaat hij mij"),
}

CHOSEN = ("die bovenaan staat", "wat na de bovenste komt", "die voor de onderste", "helemaal onderaan graag")
"""From the first choice of four to the last."""


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Opinion:
    """Learned from those, each heard often, written to a file and read again."""
    rows = [Lesson(tuple(text.split()), name, 1.0, real=True) for name, texts in SAID.items() for text in texts * 40]
    rows += [Lesson(tuple(text.split()), "choice", 1.0, True, n) for n, text in enumerate(CHOSEN, 1) for _ in range(40)]
    folder: Path = tmp_path_factory.mktemp("learned")
    write_opinion(folder, learn.learn(rows), learned_from=len(rows))
    return load_opinion(folder)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ja zeg", "yes"),
        ("neen bedankt zeg", "no"),
        ("ik ga dood willen zijn", "distress"),
        ("zij slaat ons", "danger"),
    ],
)
def test_a_message_nobody_wrote_before_is_known_by_its_words(learned: Opinion, text: str, name: str) -> None:
    likely = learned.of(text.split())
    assert max(likely.meanings, key=lambda each: likely.meanings[each]) == name
    assert (likely.alarming > 0.5) is (name in ("distress", "danger"))


@pytest.mark.parametrize(
    ("text", "position"),
    [("bovenaan staat ze", 1), ("komt na de bovenste", 2), ("voor de onderste", -2), ("onderaan", -1)],
)
def test_which_choice_somebody_points_to_is_learned_too(learned: Opinion, text: str, position: int) -> None:
    found, likely = learned.of(text.split()).position
    assert (found, likely > 0.5) == (position, True)


def test_the_same_is_learned_again() -> None:
    table = csr_matrix(numpy.eye(4, dtype=numpy.float32)[[0, 1, 2, 3] * 20])
    once, again = (descend(table, [0, 1, 1, 2] * 20, [1.0] * 80, seed=3) for _ in range(2))
    assert numpy.array_equal(once[0], again[0])
    assert list(once[0].argmax(axis=1)) == [0, 1, 1, 2]


def test_a_row_that_counts_more_wins() -> None:
    """The same message, said of two kinds: the one that counts nine times as much is likelier."""
    table = csr_matrix(numpy.ones((40, 1), numpy.float32))
    weights, base = descend(table, [0, 1] * 20, [1.0, 9.0] * 20, seed=3)
    assert (weights[0] + base).argmax() == 1
