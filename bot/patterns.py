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
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from bot.forms import ANY, NOTHING, Either, Form, Gap, One, Part, Row
from bot.lexicon import folded
from bot.outline import CLOSED_BY, ENDS, GAP, LANGUAGE, NUMBER, SIGNS, Needs, Outline, PatternError, compared, words_of

COMMON = 200
"""How often a word that fills is used, beside what stands in phrases."""


_SIGNS: dict[str, Form] = {GAP: ANY, **{slot: One(frozenset({slot})) for slot in (NUMBER, LANGUAGE)}}


class Pattern:
    """A phrase: what a message must have for it to be there, and its parts, more than one where it has ``+``.

    They are read when somebody first asks for them: of most phrases no message ever has the words.
    """

    __slots__ = ("_parts", "_texts", "needs", "reader")

    def __init__(self, texts: tuple[str, ...], needs: Needs, reader: Reader) -> None:
        self.needs = needs
        self.reader = reader
        self._texts = texts
        self._parts: tuple[Part, ...] = ()

    def __reduce__(self) -> tuple[type[Pattern], tuple[object, ...]]:
        """What is kept of it: its outline."""
        return Pattern, (self._texts, self.needs, self.reader)

    @property
    def words(self) -> set[str]:
        """The words that it needs, and those of it that are not in a rule."""
        written = {word for text in self._texts for word in re.findall(r"\w+", text)}
        return written.union(*(need.words for need in self.needs))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the phrase."""
        if not self._parts:
            self._parts = self.reader.parts(self._texts)
        return self._parts


class Reader:
    """Reads the phrases of one lexicon: knows its ``rules``.

    ``texts`` are its blocks of phrases, and ``fillers`` its commonest words: so that it knows which words are rare.
    """

    def __init__(self, rules: Mapping[str, str], texts: Iterable[str] = (), fillers: Iterable[str] = ()) -> None:
        self._texts = {folded(name): folded(text) for name, text in rules.items()}
        self.used = words_of([*self._texts.values(), *texts])
        self.used.update(dict.fromkeys(fillers, COMMON))
        self._words = dict(_SIGNS)

    def __getstate__(self) -> tuple[dict[str, str], Counter[str]]:
        """What is kept of it: no form that it read."""
        return self._texts, self.used

    def __setstate__(self, state: tuple[dict[str, str], Counter[str]]) -> None:
        """As it was before it read anything."""
        self._texts, self.used = state
        self._words = dict(_SIGNS)

    @cached_property
    def _outline(self) -> Outline:
        return Outline(self._texts, self.used)

    def patterns(self, text: str) -> Iterator[Pattern]:
        """The phrases of a line as ``folded`` leaves it: alternatives outside brackets are phrases of their own.

        Raises PatternError.
        """
        for texts, needs in self._outline.phrases(text):
            yield Pattern(texts, needs, self)

    def parts(self, texts: tuple[str, ...]) -> tuple[Part, ...]:
        """The parts of a phrase whose outline was drawn: no mistake is left in it."""
        parts = tuple(_part(self._read(text)) for text in texts)
        return parts if len(parts) == 1 else tuple(Part(part.form, True, True) for part in parts)

    def _read(self, text: str) -> Form:
        return self._either(["", *reversed(SIGNS.findall(text))])

    def _either(self, signs: list[str]) -> Form:
        """Alternatives; ``signs`` are those still to come, the next one last."""
        rows = [self._row(signs)]
        while signs[-1] == "|":
            signs.pop()
            rows.append(self._row(signs))
        return _one_of(rows)

    def _row(self, signs: list[str]) -> Form:
        items: list[Form] = []
        while signs[-1] not in ENDS:
            items.append(self._item(signs))
        return items[0] if len(items) == 1 else Row(tuple(items))

    def _item(self, signs: list[str]) -> Form:
        sign = signs.pop()
        if sign in self._words:
            return self._words[sign]
        if sign in CLOSED_BY:
            inside = self._either(signs)
            signs.pop()
            return Either((inside, NOTHING)) if sign == "[" else inside
        if sign[0] in CLOSED_BY:
            inside = _one_of([self._plainly(row.split()) for row in sign[1:-1].split("|")])
            self._words[sign] = Either((inside, NOTHING)) if sign[0] == "[" else inside
        elif sign[0] == "<":
            self._words[sign] = self._read(self._texts[sign[1:-1]])
        else:
            return self._word(sign)
        return self._words[sign]

    def _plainly(self, words: list[str]) -> Form:
        items = [self._words.get(word) or self._word(word) for word in words]
        return items[0] if len(items) == 1 else Row(tuple(items))

    def _word(self, written: str) -> Form:
        words = [written] if written.isalnum() else compared(written)
        rows = tuple(One(frozenset({word})) for word in words)
        self._words[written] = rows[0] if len(rows) == 1 else Row(rows)
        return self._words[written]


def _one_of(rows: list[Form]) -> Form:
    """Alternatives of one word each are one place with several words."""
    if len(rows) == 1:
        return rows[0]
    words = [row.place for row in rows if isinstance(row, One)]
    rest = [row for row in rows if not isinstance(row, One)]
    forms = [One(frozenset().union(*words)), *rest] if words else rest
    return forms[0] if len(forms) == 1 else Either(tuple(forms))


def _part(form: Form) -> Part:
    """A phrase without the gaps at its ends: those only say that other words may stand there."""
    items = form.items if isinstance(form, Row) else (form,)
    left, right = _is_open(items[0]), _is_open(items[-1])
    inner = items[1 if left else 0 : len(items) - 1 if right else len(items)]
    return Part(Row(inner), left, right)


def _is_open(form: Form) -> bool:
    return isinstance(form, Gap) or (isinstance(form, Either) and any(isinstance(item, Gap) for item in form.items))


def read_lines(text: str, line: int, reader: Reader) -> Iterator[Pattern | tuple[int, PatternError]]:
    """The phrases of a block as ``folded`` leaves it, without remarks, one a line; ``line`` is where it starts.

    A bad one comes with its line and reason.
    """
    for number, row in enumerate(text.splitlines(), line):
        said = row.strip()
        if not said:
            continue
        try:
            yield from list(reader.patterns(said))
        except PatternError as error:
            yield number, error
