"""``flask content learn``: makes the table of weights for ``bot.opinion`` anew, from examples and lexicons.

Needs what stands in requirements-learn.txt; the program itself does not.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy
from numpy.typing import NDArray

from bot.content import LOCALES, ROOT
from bot.evaluation import NAMES, NO_ANSWER, Example, read_answers, read_examples
from bot.forms import Either, Form, Gap, One
from bot.lexicon import NO_CHOICE, VOLUNTEERED, Is, plain
from bot.lexicon_files import OPINION, load_lexicons, write_opinion
from bot.opinion import ALARMS, PLACES, STEPS, Opinion, Table, pieces
from bot.outline import LANGUAGE, NUMBER

EXAMPLES = ROOT / "tests" / "utterances" / "built"
"""What the lexicons and the second opinion are built on; never what is only measured on."""

ANSWERS = ROOT / "tests" / "utterances" / "answers"
TOLD = ROOT / "tests" / "utterances" / "told"
CALM = frozenset({"prison", "illness", "deaf", "benefit_stops"})
"""What people tell of the own accord, and what is no alarm by itself."""

TELLING = frozenset({"brings", "letter", "situation", "worries", "income", "way"})
"""Questions whose answers tell something of one's life, and no plain yes or no: ordinary words with heavy ones among
them ("ik kan niet werken", "geldproblemen")."""

FORMS = 6
"""Ways to say a phrase that are drawn from it."""

PHRASE_WEIGHT = 0.3
"""What a drawn form counts beside a real-style message."""

RAREST = 2
"""Messages that a piece must stand in: what was seen once says more about that message than about others."""

SEED = 1
ORDERS = 3
"""Times that everything is learned, each in another order; the mean leans less on the order than one."""

NOT_LEARNED = VOLUNTEERED | NO_CHOICE | {Is.CHOICE, Is.NOT_TOLD}
"""Which choice is never guessed; and what somebody tells of the own accord is said beside another meaning."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One message to learn from: its words, what it means, what it counts. ``real``: none that was drawn; ``choice``:
    which of four it chooses, from 1, or 0."""

    tokens: tuple[str, ...]
    name: str
    weight: float
    real: bool = False
    choice: int = 0


def lessons(folders: Iterable[Path]) -> list[Lesson]:
    """The examples of the folders, and forms drawn from every lexicon."""
    rows = [row for folder in folders for path in sorted(folder.glob("*.tsv")) for row in read_examples(path)]
    real = [replace(_lesson(row.text, _kind(row), 1.0), choice=_choice(row)) for row in rows]
    real += [*_answers(), *_told()]
    drawn = dict.fromkeys(_drawn(random.Random(SEED)))  # noqa: S311 - drawing examples is no secret
    return _as_usual([lesson for lesson in (*real, *drawn) if lesson.tokens])


USUAL: Mapping[str, float] = {
    "choice": 13,
    "yes": 12,
    "other": 18,
    "no": 11,
    "human": 8,
    "distress": 6,
    "danger": 6,
    "unsure": 6,
    "stop": 6,
    "not_understood": 5,
    "lang": 5,
    "help": 3,
    "repeat": 3,
    "back": 3,
    "off_topic": 3,
    "skip": 2,
    "greeting": 2,
    "thanks": 2,
    "erase": 1.5,
}
"""How usual each meaning is beside the others, roughly. The examples hold far more alarms than people send, because
each of those has to be found; learned as they stand, everything unknown would look like one."""


def _as_usual(rows: Sequence[Lesson]) -> list[Lesson]:
    """The lessons with weights by which each meaning is as usual as in life."""
    whole = sum(row.weight for row in rows)
    share: dict[str, float] = defaultdict(float)
    for row in rows:
        share[row.name] += row.weight
    usual = {name: USUAL[name] / sum(USUAL.values()) * whole / weight for name, weight in share.items()}
    return [replace(row, weight=row.weight * usual[row.name]) for row in rows]


def _answers() -> Iterator[Lesson]:
    """What people answer in their own words: it is no alarm. What it means at any other question is clear only where it
    tells something of one's life."""
    for path in sorted(ANSWERS.glob("*.tsv")):
        for row in read_answers(path):
            if row.meaning not in (NO_ANSWER, "none", "call"):
                yield _lesson(row.text, "other", float(row.step in TELLING))


def _lesson(text: str, name: str, weight: float) -> Lesson:
    return Lesson(tuple(plain(text).split()), name, weight, real=True)


def _kind(example: Example) -> str:
    """Languages and choices are one kind each: which one is read from the words."""
    kind = example.meaning.partition("_")[0]
    return kind if kind in ("lang", "choice") else example.meaning


def _told() -> Iterator[Lesson]:
    """What somebody tells beside an answer: it is no alarm, whatever else is said."""
    for path in sorted(TOLD.glob("*.tsv")):
        yield from (_lesson(row.text, "other", 0.0) for row in read_examples(path) if row.meaning in CALM)


def _choice(example: Example) -> int:
    kind, _, number = example.meaning.partition("_")
    return int(number) if kind == "choice" else 0


def _drawn(chance: random.Random) -> Iterator[Lesson]:
    for lexicon in load_lexicons():
        for name, patterns in lexicon.phrases.items():
            if name in NOT_LEARNED:
                continue
            kind = _TAKEN_FOR.get(name) or NAMES.get(name, name.value)
            for pattern in patterns:
                for _ in range(FORMS):
                    words = [word for part in pattern.parts for word in _said(part.form, chance)]
                    yield Lesson(tuple(words), kind, PHRASE_WEIGHT)


_TAKEN_FOR = {Is.HARMLESS: "other", Is.LANGUAGE: "lang"}
_INSTEAD = {NUMBER: "2", LANGUAGE: "nederlands"}


def _said(form: Form, chance: random.Random) -> list[str]:
    """One way to say a form."""
    if isinstance(form, One):
        word = chance.choice(sorted(form.place)).rstrip("*")
        return [_INSTEAD.get(word, word)]
    if isinstance(form, Gap) or not form.items:
        return []
    if isinstance(form, Either):
        return _said(chance.choice(form.items), chance)
    return [word for item in form.items for word in _said(item, chance)]


USUAL_RARITY = 6.0
"""What counts as neither rare nor usual: the logarithm of how many messages there are for one that has the piece."""


def learn(rows: Sequence[Lesson]) -> Opinion:
    """What these lessons teach. Raises ImportError where requirements-learn.txt is not installed.

    Meanings are learned from all lessons, and alarms from real-style messages alone, as they stand: a form that is
    drawn from a phrase is no whole message. Positions are learned from those that choose.
    """
    table = _table([[crc32(piece.encode()) for piece in pieces(row.tokens)] for row in rows])
    names = sorted({row.name for row in rows})
    meanings, base = _learned(table, [names.index(row.name) for row in rows], [row.weight for row in rows])
    real = [n for n, row in enumerate(rows) if row.real]
    alarms, alarm = _learned(table[real], [rows[n].name in ALARMS for n in real], [1.0] * len(real))
    chosen = [n for n, row in enumerate(rows) if row.choice]
    positions, usual = _learned(table[chosen], [rows[n].choice - 1 for n in chosen], [1.0] * len(chosen))
    weights = numpy.column_stack([meanings, alarms[:, 1] - alarms[:, 0], positions])
    return Opinion(names, [*base.tolist(), float(alarm[1] - alarm[0]), *usual.tolist()], _stepped(weights))


def _table(told: Sequence[Sequence[int]]) -> Any:
    """Messages by places, of the pieces that are not too rare. A message counts as much as another, however long."""
    from scipy.sparse import csr_matrix

    lengths = numpy.array([len(row) for row in told])
    every = numpy.concatenate([numpy.array(row, numpy.uint32) for row in told])
    _, where, counts = numpy.unique(every, return_inverse=True, return_counts=True)
    kept = counts[where] >= RAREST
    ends = numpy.concatenate([[0], numpy.cumsum(kept)])[numpy.concatenate([[0], numpy.cumsum(lengths)])]
    shares = numpy.repeat(1 / numpy.sqrt(numpy.maximum(1, lengths)), lengths)
    table = csr_matrix((shares[kept], (every[kept] % PLACES).astype(numpy.int32), ends), (len(told), PLACES))
    table.sum_duplicates()
    return table


def _learned(table: Any, kinds: Sequence[int], counts: Sequence[float]) -> tuple[Any, Any]:
    """How much each place speaks for each kind of message, and how usual those are. A rare piece says more."""
    from descent import descend

    rarity = (numpy.log((1 + table.shape[0]) / (1 + table.getnnz(axis=0))) + 1) / USUAL_RARITY
    told = table.multiply(rarity).tocsr().astype("float32")
    runs = [descend(told, kinds, counts, SEED + order) for order in range(ORDERS)]
    weights, base = (sum(parts) / ORDERS for parts in zip(*runs, strict=True))
    return weights * rarity[:, None], base


def _stepped(weights: NDArray[numpy.float64]) -> Table:
    """Weights as the table has them: in whole steps, of which a byte has 127 either way."""
    most = numpy.iinfo(numpy.int8).max
    return numpy.clip(numpy.rint(weights * STEPS), -most, most).astype(numpy.int8)


def renew() -> str:
    """Learns from all that is there and writes it down; a line about it."""
    rows = lessons([EXAMPLES])
    write_opinion(LOCALES, learn(rows), learned_from=len(rows))
    return f"{OPINION}: learned from {len(rows)} messages"
