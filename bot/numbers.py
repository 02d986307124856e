"""Numbers as people say them, into the digits they mean: "negen duizend", "deux cent", "nul vier zeven nul"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

HUNDRED, THOUSAND = 100, 1000

LAST = -1
"""What a lexicon gives for "the last one", and -2 for the one before: a choice, and no digit."""


SHORTEST = 8
"""Letters of such a word."""

AND = "en"
"""Between the parts of a Dutch number: "vierenveertig" is four and forty."""


def compound(word: str, numbers: Mapping[str, int]) -> int | None:
    """The number that a word is which is made of number words alone: "negenduizend", "tweeduizendachttien"."""
    parts = _parts(word, numbers) if len(word) >= SHORTEST else ()
    values = [numbers[part] for part in _turned(parts)] if len(parts) > 1 else []
    if not values or min(values) < 1 or not all(_goes_on(values[:at], values[at]) for at in range(1, len(values))):
        return None
    return _sum(values)


def _parts(word: str, numbers: Mapping[str, int]) -> Sequence[str]:
    """The number words of which a word is made; none where something is left over."""
    if not word:
        return ()
    for end in range(len(word), 1, -1):
        head, rest = word[:end], word[end:]
        if head in numbers or head == AND:
            parts = _parts(rest, numbers)
            if parts or not rest:
                return (head, *parts)
    return ()


def _turned(parts: Sequence[str]) -> Iterator[str]:
    """The parts in the order of their size: who says "four and forty" means forty four."""
    rows = iter(range(len(parts)))
    for at in rows:
        if parts[at + 1 : at + 2] and parts[at + 1] == AND and at + 2 < len(parts):
            yield from (parts[at + 2], parts[at])
            next(rows), next(rows)
        elif parts[at] != AND:
            yield parts[at]


def digits(values: Iterable[int | str]) -> str:
    """The digits of a row of numbers: those written as digits stay (str), words (int) add up where they go together."""
    return "".join(_groups(values))


def _groups(values: Iterable[int | str]) -> Iterator[str]:
    said: list[int] = []
    for value in (" " if isinstance(value, int) and value < 0 else value for value in values):
        if isinstance(value, int) and (not said or _goes_on(said, value)):
            said.append(value)
            continue
        if said:
            yield str(_sum(said))
        said = [value] if isinstance(value, int) else []
        if isinstance(value, str):
            yield value
    if said:
        yield str(_sum(said))


def _goes_on(said: list[int], value: int) -> bool:
    """Whether a number word belongs to those before it: "two" "hundred", "forty" "two"; not "four" "seven"."""
    last = said[-1]
    if value == THOUSAND:
        return 0 < _sum(said) < THOUSAND
    if value == HUNDRED:
        return 0 < last < HUNDRED
    if last >= HUNDRED:
        return 0 < value < last
    if 0 < value < 10:
        return last >= 20 and last % 10 == 0
    return 0 < value < 20 and last in (60, 80)  # soixante-dix, quatre-vingt-onze


def _sum(said: list[int]) -> int:
    total = part = 0
    for value in said:
        if value == THOUSAND:
            total, part = (total + part or 1) * THOUSAND, 0
        elif value == HUNDRED:
            part = (part or 1) * HUNDRED
        else:
            part += value
    return total + part
