"""The notation in which people who do not program write down what others say; the same that voice assistants use.

    ik wil (stoppen|ophouden) [met sms]   one of these, and what may be left out
    verwijder* <mijn> gegevens            any ending, and a rule: a list of words with a name
    ... geen <bericht> meer ...           any words before, between (at most four) or after
    iemand + praten                       both, in any order
    nummer <number>, in het <language>    a number, the name of a language

A phrase without ``...`` at its ends is a whole message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

NUMBER = "<number>"
LANGUAGE = "<language>"
GAP = "..."
MOST_FORMS = 400
"""Ways to read one phrase: more is a phrase that should be two."""

Words = frozenset[str]
Atom = Words | str
"""One place in a phrase: a word out of these (``word*``: any ending), or one of the three above."""

Form = tuple[Atom, ...]


class PatternError(ValueError):
    """A phrase that cannot be read."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A phrase as it was written, and every form of it. ``parts``: of a phrase with ``+``, one row of forms each."""

    text: str
    parts: tuple[tuple[Form, ...], ...]


_TOKENS = re.compile(r"\.\.\.|[()\[\]|+]|<\w+>|[^\s()\[\]|+<>]+")


def read_pattern(text: str, rules: Mapping[str, str], plain: Callable[[str], str]) -> Pattern:
    """A phrase from its notation; ``plain`` is how words are compared. Raises PatternError."""
    parts = tuple(_forms(part, rules, plain) for part in _split(text))
    return Pattern(text, parts)


def _split(text: str) -> list[str]:
    """The parts around ``+``, where it stands apart."""
    return re.split(r"\s\+\s", text)


def _forms(text: str, rules: Mapping[str, str], plain: Callable[[str], str]) -> tuple[Form, ...]:
    forms = _Reader(text, rules, plain).whole()
    if any(not form or all(atom == GAP for atom in form) for form in forms):
        raise PatternError(f"{text}: says nothing")
    return tuple(dict.fromkeys(forms))


class _Reader:
    """Reads one phrase from left to right."""

    def __init__(self, text: str, rules: Mapping[str, str], plain: Callable[[str], str], depth: int = 0) -> None:
        self._text = text
        self._rules = rules
        self._plain = plain
        self._depth = depth
        self._tokens = _TOKENS.findall(text)
        self._at = 0

    def whole(self) -> list[Form]:
        """Every form of the whole text."""
        forms = self._alternatives()
        if self._at < len(self._tokens):
            raise PatternError(f"{self._text}: {self._tokens[self._at]} stands where nothing was opened")
        return forms

    def _alternatives(self) -> list[Form]:
        rows = [self._row()]
        while self._at < len(self._tokens) and self._tokens[self._at] == "|":
            self._at += 1
            rows.append(self._row())
        return _merged([form for row in rows for form in row])

    def _row(self) -> list[Form]:
        places: list[list[Form]] = []
        while self._at < len(self._tokens) and self._tokens[self._at] not in "|)]":
            places.append(self._place())
        return self._joined(places)

    def _joined(self, places: Sequence[Sequence[Form]]) -> list[Form]:
        count = 1
        for place in places:
            count *= len(place)
        if count > MOST_FORMS:
            raise PatternError(f"{self._text}: {count} ways to read it; make it several phrases")
        return [tuple(atom for form in forms for atom in form) for forms in product(*places)]

    def _place(self) -> list[Form]:
        sign = self._tokens[self._at]
        self._at += 1
        if sign in _CLOSED_BY:
            inside = self._alternatives()
            self._closed(_CLOSED_BY[sign])
            return [*inside, ()] if sign == "[" else inside
        if sign in (GAP, NUMBER, LANGUAGE):
            return [(sign,)]
        return self._rule(sign[1:-1]) if sign.startswith("<") else self._word(sign)

    def _closed(self, sign: str) -> None:
        if self._at >= len(self._tokens) or self._tokens[self._at] != sign:
            raise PatternError(f"{self._text}: {sign} is missing")
        self._at += 1

    def _rule(self, name: str) -> list[Form]:
        if name not in self._rules:
            raise PatternError(f"{self._text}: there is no rule <{name}>")
        if self._depth > _DEEPEST:
            raise PatternError(f"{self._text}: the rule <{name}> comes back to itself")
        return _Reader(self._rules[name], self._rules, self._plain, self._depth + 1).whole()

    def _word(self, written: str) -> list[Form]:
        stem = written.endswith("*")
        words = self._plain(written.rstrip("*")).split()
        if not words:
            raise PatternError(f"{self._text}: {written} is no word")
        if stem:
            words[-1] += "*"
        return [tuple(frozenset({word}) for word in words)]


_CLOSED_BY = {"(": ")", "[": "]"}
_DEEPEST = 6


def _merged(forms: Sequence[Form]) -> list[Form]:
    """Alternatives of one word each are one place with several words: fewer ways through the same phrase."""
    single = [form[0] for form in forms if len(form) == 1 and isinstance(form[0], frozenset)]
    rest = [form for form in forms if not (len(form) == 1 and isinstance(form[0], frozenset))]
    together: list[Form] = [(frozenset().union(*single),)] if single else []
    return list(dict.fromkeys([*together, *rest]))


def read_lines(
    text: str, line: int, rules: Mapping[str, str], plain: Callable[[str], str]
) -> Iterator[Pattern | tuple[int, PatternError]]:
    """The phrases of a block, one a line; ``line`` is where it starts. A bad one comes with its line and reason."""
    for number, row in enumerate(text.splitlines(), line):
        said = row.partition("#")[0].strip()
        if not said:
            continue
        try:
            yield read_pattern(said, rules, plain)
        except PatternError as error:
            yield number, error
