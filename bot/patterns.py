"""The notation in which people who do not program write down what others say; the same that voice assistants use.

    ik wil (stoppen|ophouden) [met sms]   one of these, and what may be left out
    verwijder* <mijn> gegevens            any ending, and a rule: a list of words with a name
    ... geen <bericht> meer ...           any words before, between (at most four) or after
    iemand + praten                       both, in any order, at most eight words apart
    nummer <number>, in het <language>    a number, the name of a language

A phrase without ``...`` at its ends is a whole message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

NUMBER = "<number>"
LANGUAGE = "<language>"

Words = frozenset[str]
Place = Words | str
"""One place in a phrase: a word out of these (``word*``: any ending), or one of the two above."""


class One(NamedTuple):
    """One word."""

    place: Place


class Gap(NamedTuple):
    """Any words, or none."""


class Row(NamedTuple):
    """These, one after the other; an empty one is nothing at all."""

    items: tuple[Form, ...]


class Either(NamedTuple):
    """One of these."""

    items: tuple[Form, ...]


Form = One | Gap | Row | Either
NOTHING = Row(())
ANY = Gap()


@dataclass(frozen=True, slots=True)
class Part:
    """A phrase, or one part of a phrase with ``+``. ``open``: whether other words may stand there."""

    form: Form
    open_left: bool
    open_right: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """A phrase as it was written, and its parts: more than one where it has ``+``."""

    text: str
    parts: tuple[Part, ...]


class PatternError(ValueError):
    """A phrase that cannot be read."""


_SIGNS = re.compile(r"\([^()\[\]<>.]+\)|\.\.\.|[()\[\]|]|<\w+>|[^\s()\[\]|<>]+")
"""A bracket of plain words is one sign: most of a lexicon is such brackets."""

_TOGETHER = " + "
_SEPARATE = re.compile(r"( \+ |[()\[\]|])")
_DEEPER = {"(": 1, "[": 1, ")": -1, "]": -1}

_CLOSED_BY = {"(": ")", "[": "]"}
_ENDS = frozenset({"", "|", ")", "]"})


class Reader:
    """Reads the phrases of one lexicon: knows its ``rules``, and how words are compared (``plain``)."""

    def __init__(self, rules: Mapping[str, str], plain: Callable[[str], str]) -> None:
        self._texts = rules
        self._plain = plain
        self._rules: dict[str, Form] = {}
        self._words: dict[str, Form] = {"...": ANY, NUMBER: One(NUMBER), LANGUAGE: One(LANGUAGE)}
        self._open: list[str] = []

    def patterns(self, text: str) -> Iterator[Pattern]:
        """The phrases of one line: alternatives outside brackets are phrases of their own. Raises PatternError."""
        if _TOGETHER in text:
            for row in _apart(text, "|"):
                yield from self._together(row) if _TOGETHER in row else self.patterns(row)
            return
        form = self._read(text)
        for phrase in form.items if isinstance(form, Either) else (form,):
            yield Pattern(text, (_part(_kept(phrase, text)),))

    def _together(self, text: str) -> Iterator[Pattern]:
        """A phrase with ``+`` outside brackets."""
        parts = [self._read(part) for part in _apart(text, _TOGETHER)]
        yield Pattern(text, tuple(Part(_inner(_kept(part, text)), True, True) for part in parts))

    def _read(self, text: str) -> Form:
        signs = ["", *reversed(_SIGNS.findall(text))]
        form = self._either(signs, text)
        if signs[-1]:
            raise PatternError(f"{text}: {signs[-1]} stands where nothing was opened")
        return form

    def _either(self, signs: list[str], text: str) -> Form:
        """Alternatives; ``signs`` are those still to come, the next one last."""
        rows = [self._row(signs, text)]
        while signs[-1] == "|":
            signs.pop()
            rows.append(self._row(signs, text))
        return _one_of(rows)

    def _row(self, signs: list[str], text: str) -> Form:
        items: list[Form] = []
        while signs[-1] not in _ENDS:
            items.append(self._item(signs, text))
        return items[0] if len(items) == 1 else Row(tuple(items))

    def _item(self, signs: list[str], text: str) -> Form:
        sign = signs.pop()
        if sign in self._words:
            return self._words[sign]
        if sign in _CLOSED_BY:
            inside = self._either(signs, text)
            if signs[-1] != _CLOSED_BY[sign]:
                raise PatternError(f"{text}: {_CLOSED_BY[sign]} is missing")
            signs.pop()
            return Either((inside, NOTHING)) if sign == "[" else inside
        if sign[0] == "(":
            return self._bracket(sign, text)
        return self._rule(sign[1:-1], text) if sign.startswith("<") else self._word(sign, text)

    def _bracket(self, sign: str, text: str) -> Form:
        """A bracket of plain words, the same one read once."""
        rows = [self._plainly(row.split(), text) for row in sign[1:-1].split("|")]
        self._words[sign] = _one_of(rows)
        return self._words[sign]

    def _plainly(self, words: list[str], text: str) -> Form:
        items = [self._words.get(word) or self._word(word, text) for word in words]
        return items[0] if len(items) == 1 else Row(tuple(items))

    def _rule(self, name: str, text: str) -> Form:
        if name in self._rules:
            return self._rules[name]
        if name not in self._texts:
            raise PatternError(f"{text}: there is no rule <{name}>")
        if name in self._open:
            raise PatternError(f"{text}: the rule <{name}> comes back to itself")
        self._open.append(name)
        try:
            self._rules[name] = self._read(self._texts[name])
        finally:
            self._open.pop()
        return self._rules[name]

    def _word(self, written: str, text: str) -> Form:
        words = self._plain(written.rstrip("*")).split()
        if not words:
            raise PatternError(f"{text}: {written} is no word")
        if written.endswith("*"):
            words[-1] += "*"
        rows = tuple(One(frozenset({word})) for word in words)
        self._words[written] = rows[0] if len(rows) == 1 else Row(rows)
        return self._words[written]


def _apart(text: str, separator: str) -> list[str]:
    """The pieces of a line with ``+`` between separators outside brackets. Raises PatternError for a ``+`` inside."""
    pieces, depth = [""], 0
    for sign in _SEPARATE.split(text):
        depth += _DEEPER.get(sign, 0)
        if sign == _TOGETHER and depth:
            raise PatternError(f"{text}: + stands within brackets")
        if sign == separator and not depth:
            pieces.append("")
        else:
            pieces[-1] += sign
    return pieces


def _one_of(rows: list[Form]) -> Form:
    """Alternatives of one word each are one place with several words."""
    if len(rows) == 1:
        return rows[0]
    words: list[Words] = []
    rest: list[Form] = []
    for row in rows:
        if isinstance(row, One) and not isinstance(row.place, str):
            words.append(row.place)
        else:
            rest.append(row)
    forms = [One(frozenset().union(*words)), *rest] if words else rest
    return forms[0] if len(forms) == 1 else Either(tuple(forms))


def _part(form: Form) -> Part:
    """A phrase without the gaps at its ends: those only say that other words may stand there."""
    items = form.items if isinstance(form, Row) else (form,)
    left, right = _is_open(items[0]), _is_open(items[-1])
    inner = items[1 if left else 0 : len(items) - 1 if right else len(items)]
    return Part(Row(inner), left, right)


def _inner(form: Form) -> Form:
    return _part(form).form


def _is_open(form: Form) -> bool:
    return isinstance(form, Gap) or (isinstance(form, Either) and any(isinstance(item, Gap) for item in form.items))


def _kept(form: Form, text: str) -> Form:
    if says_nothing(form):
        raise PatternError(f"{text}: says nothing")
    return form


def says_nothing(form: Form) -> bool:
    """Whether no word is needed for it."""
    if isinstance(form, Either):
        return any(map(says_nothing, form.items))
    return isinstance(form, Gap) or (isinstance(form, Row) and all(map(says_nothing, form.items)))


def places(form: Form) -> Iterator[Place]:
    """Every place of a form."""
    if isinstance(form, One):
        yield form.place
    elif isinstance(form, Row | Either):
        for item in form.items:
            yield from places(item)


def read_lines(text: str, line: int, reader: Reader) -> Iterator[Pattern | tuple[int, PatternError]]:
    """The phrases of a block, one a line; ``line`` is where it starts. A bad one comes with its line and reason."""
    for number, row in enumerate(text.splitlines(), line):
        said = row.partition("#")[0].strip()
        if not said:
            continue
        try:
            yield from list(reader.patterns(said))
        except PatternError as error:
            yield number, error
