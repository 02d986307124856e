"""Facts: is each content file still true? A number or an opening hour that nobody looked at for a year is not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bot.located import Located, load_yaml

LONGEST_UNSEEN = timedelta(days=365)


def stale(directory: Path, today: date) -> list[str]:
    """Each file, and each entry in it, that is past its day or was not checked for too long."""
    return [problem for path in sorted(directory.glob("*.yaml")) for problem in _file(path, today)]


def _file(path: Path, today: date) -> Iterator[str]:
    data = load_yaml(path)
    if "checked" not in data:
        yield f"{path.name}:1: says nowhere when it was checked"
    for entry in _entries(data):
        yield from (f"{path.name}:{entry.line}: {reason}" for reason in _reasons(entry, today))


def _entries(value: object) -> Iterator[Located]:
    """Every mapping in a file, from the outside in."""
    if isinstance(value, Located):
        yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inside:
        yield from _entries(part)


def _reasons(entry: Located, today: date) -> Iterator[str]:
    for key in ("checked", "valid_until"):
        if key in entry and not isinstance(entry[key], date):
            yield f"{key} is no date: {entry[key]}"
            return
    if "checked" in entry and today - entry["checked"] > LONGEST_UNSEEN:
        yield f"last checked on {entry['checked']}: look again, and change the date"
    if "valid_until" in entry and today > entry["valid_until"] and not entry.get("ended"):
        yield f"was valid until {entry['valid_until']}"
