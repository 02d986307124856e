"""What the readers of content files share: every mistake is told with its line, and nothing in a file is overlooked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from bot.flow import FlowError, Words, line_of, read_conditions, read_words, reason_of
from bot.regions import FLANDERS, REGIONS

Row = Mapping[str, Any]
Read = TypeVar("Read")


class Named(Protocol):
    """Something with an id, read from a line."""

    @property
    def id(self) -> str:
        """Its name in the files."""
        ...

    @property
    def line(self) -> int:
        """Where it stands."""
        ...


Entry = TypeVar("Entry", bound=Named)


def each(rows: Iterable[Row], read: Callable[[Row], Read], where: str, problems: list[str]) -> list[Read]:
    """What could be read of ``rows``; what could not is a problem with its line."""
    found: list[Read] = []
    for row in rows:
        try:
            found.append(read(row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            problems.append(f"{where}:{line_of(row)}: {reason_of(error)}")
    return found


def by_id(entries: Iterable[Entry], where: str, problems: list[str]) -> dict[str, Entry]:
    """The entries by their id; a second one with the same id is a problem."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.id in found:
            problems.append(f"{where}:{entry.line}: there are two {entry.id}")
        found[entry.id] = entry
    return found


def stop_at(problems: list[str]) -> None:
    """Raises FlowError when there are any."""
    if problems:
        raise FlowError(problems)


def only(row: Row, known: str) -> Row:
    """The row itself. Raises ValueError when it has another key than those in ``known``: a slip of the pen."""
    unknown = sorted(set(row) - set(known.split()))
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: not known here")
    return row


def words_of(row: Row, key: str, longest: int) -> Words:
    """The words under a key. Raises ValueError when they are none or too long."""
    words = read_words(row[key])
    for mode, text in words.by_mode.items():
        if not text:
            raise ValueError(f"{key}/{mode}: no words")
        if len(text) > longest:
            raise ValueError(f"{key}/{mode}: {len(text)} characters, {longest} at most: {text!r}")
    return words


def conditions_of(row: Row, key: str) -> Mapping[str, tuple[str, ...]]:
    """Conditions, each with its list of values."""
    given = row.get(key) or {}
    for name, values in given.items():
        if not isinstance(values, list) or not values:
            raise ValueError(f"{key}: {name} needs a list of answers")
    return read_conditions(given)


def date_of(row: Row, key: str) -> date | None:
    """A date, or None where there is no such key."""
    value = row.get(key)
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise ValueError(f"{key} is no date: {value}")
    return value


def regions_of(row: Row) -> frozenset[str]:
    """Regions by their name; ``flanders`` stands for its five provinces."""
    named = [str(name) for name in row["regions"]]
    unknown = sorted(set(named) - REGIONS - {"flanders"})
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: no region")
    return frozenset(part for name in named for part in (FLANDERS if name == "flanders" else {name}))
