"""``flask content learn``: makes the file of weights for ``bot.opinion`` anew, from examples and lexicons.

Needs what stands in requirements-learn.txt; the program itself does not.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from bot.content import LOCALES, ROOT
from bot.evaluation import NAMES, NO_ANSWER, Example, read_answers, read_examples
from bot.forms import Either, Form, Gap, One
from bot.lexicon import NO_CHOICE, VOLUNTEERED, Is, plain
from bot.lexicon_files import OPINION, load_lexicons
from bot.opinion import ALARMS, pieces
from bot.outline import LANGUAGE, NUMBER

EXAMPLES = ROOT / "tests" / "utterances" / "built"
"""What the lexicons and the second opinion are built on; never what is only measured on."""

ANSWERS = ROOT / "tests" / "utterances" / "answers"
TELLING = frozenset({"brings", "letter", "situation", "worries", "income", "way"})
"""Questions whose answers tell something of one's life, and no plain yes or no: ordinary words with heavy ones among
them ("ik kan niet werken", "geldproblemen")."""

FORMS = 6
"""Ways to say a phrase that are drawn from it."""

PHRASE_WEIGHT = 0.3
"""What a drawn form counts beside a real-style message."""

RAREST = 3
"""Messages that a piece of a word must stand in, and words together; a whole word counts from the first on."""

SMALLEST = 0.5
"""Weights under this are left out: they change little but the size of the file."""

DECIMALS = 1
"""Of a weight: a message has dozens of them, and what is rounded off comes out even."""

SEED = 1
NOT_LEARNED = VOLUNTEERED | NO_CHOICE | {Is.CHOICE, Is.NOT_TOLD}
"""Which choice is never guessed; and what somebody tells of the own accord is said beside another meaning."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One message to learn from: its words, what it means, what it counts. ``real``: none that was drawn."""

    tokens: tuple[str, ...]
    name: str
    weight: float
    real: bool = False


def lessons(folders: Iterable[Path]) -> list[Lesson]:
    """The examples of the folders, and forms drawn from every lexicon."""
    rows = [row for folder in folders for path in sorted(folder.glob("*.tsv")) for row in read_examples(path)]
    real = [_lesson(row.text, _kind(row), 1.0) for row in rows] + list(_answers())
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
    """What people answer in their own words: at any other question it means something else, and it is no alarm."""
    for path in sorted(ANSWERS.glob("*.tsv")):
        for row in read_answers(path):
            if row.step in TELLING and row.meaning not in (NO_ANSWER, "none", "call"):
                yield _lesson(row.text, "other", 1.0)


def _lesson(text: str, name: str, weight: float) -> Lesson:
    return Lesson(tuple(plain(text).split()), name, weight, real=True)


def _kind(example: Example) -> str:
    """Languages and choices are one kind each: which one is read from the words."""
    kind = example.meaning.partition("_")[0]
    return kind if kind in ("lang", "choice") else example.meaning


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

ALARM_SMALLEST = 0.4
"""As ``SMALLEST``, for the weights of alarms."""


def learn(rows: Sequence[Lesson]) -> dict[str, Any]:
    """The weights, as JSON. Raises ImportError where requirements-learn.txt is not installed.

    Meanings are learned from all lessons, and alarms from real-style messages alone, as they stand: a form that is
    drawn from a phrase is no whole message.
    """
    told = [list(pieces(row.tokens)) for row in rows]
    count = Counter(piece for row in told for piece in set(row))
    number = {piece: n for n, piece in enumerate(sorted(p for p, found in count.items() if found >= _least(p)))}
    table = _table(told, number)
    names = sorted({row.name for row in rows})
    meanings, base = _learned(table, [names.index(row.name) for row in rows], [row.weight for row in rows])
    real = [n for n, row in enumerate(rows) if row.real]
    alarms, alarm = _learned(table[real], [rows[n].name in ALARMS for n in real], [1.0] * len(real))
    said = zip(number, meanings, alarms[:, 1] - alarms[:, 0], strict=True)
    return {
        "learned_from": len(rows),
        "names": names,
        "base": [round(float(value), 3) for value in (*base, alarm[1] - alarm[0])],
        "weights": {piece: row for piece, of, alarming in said if (row := _row(of, alarming))},
    }


def _least(piece: str) -> int:
    return 1 if piece[0] == "^" and piece[-1] == "$" else RAREST


def _table(told: Sequence[Sequence[str]], number: Mapping[str, int]) -> Any:
    """Messages by pieces. A message counts as much as another, however long it is."""
    from scipy.sparse import csr_matrix

    kept = [[number[piece] for piece in row if piece in number] for row in told]
    shares = [1 / max(1, len(row)) ** 0.5 for row in told]
    data = [share for share, row in zip(shares, kept, strict=True) for _ in row]
    ends = list(accumulate(map(len, kept), initial=0))
    return csr_matrix((data, [n for row in kept for n in row], ends), shape=(len(told), len(number)))


def _learned(table: Any, kinds: Sequence[int], counts: Sequence[float]) -> tuple[Any, Any]:
    """How much each piece speaks for each kind of message, and how usual those are. A rare piece says more."""
    import numpy

    from descent import descend

    rarity = (numpy.log((1 + table.shape[0]) / (1 + table.getnnz(axis=0))) + 1) / USUAL_RARITY
    weights, base = descend(table.multiply(rarity).tocsr().astype("float32"), kinds, counts, SEED)
    return weights * rarity[:, None], base


def _row(column: Sequence[float], alarm: float) -> list[float]:
    """What a piece says: of each meaning that is worth writing down, and last of alarms."""
    row = [part for n, w in enumerate(column) if abs(w) >= SMALLEST for part in (n, round(float(w), DECIMALS))]
    said = [len(column), round(float(alarm), DECIMALS)] if abs(alarm) >= ALARM_SMALLEST else []
    return row + said


def write(path: Path, learned: dict[str, Any]) -> None:
    """Writes the file, a piece a line, so that a change can be read."""
    write_out = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
    rows = ",\n".join(f"{write_out(piece)}:{write_out(row)}" for piece, row in learned["weights"].items())
    head = {key: value for key, value in learned.items() if key != "weights"}
    path.write_text(f'{json.dumps(head)[:-1]},\n"weights":{{\n{rows}\n}}}}\n', encoding="utf-8")


def renew() -> str:
    """Learns from all that is there and writes the file; a line about it."""
    rows = lessons([EXAMPLES])
    learned = learn(rows)
    write(LOCALES / OPINION, learned)
    return f"{OPINION}: learned from {len(rows)} messages, {len(learned['weights'])} pieces of words"
