"""Keeps what took long to make beside what it was made from, as Python keeps its compiled modules.

A file on the shelf carries the digest of everything it depends on, in its name: what changed is made anew. It is
trusted as far as the program's own files are, and where nothing can be written nothing is kept.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar, cast

Thing = TypeVar("Thing")
UNREADABLE = (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, ValueError)
"""What a file that is not there, or not whole, leads to: it is made anew."""


def kept(shelf: Path, name: str, sources: Iterable[Path], make: Callable[[], Thing]) -> Thing:
    """What ``make`` makes; from the shelf if it was made of these very ``sources``. Raises what ``make`` does."""
    try:
        path = shelf / f"{name}.{_digest(sources)}.kept"
    except OSError:
        return make()  # it tells what is missing
    with suppress(*UNREADABLE):
        return cast(Thing, pickle.loads(_whole(path.read_bytes())))  # noqa: S301 - our own file, like a compiled module
    thing = make()
    with suppress(OSError):
        _put(path, pickle.dumps(thing, pickle.HIGHEST_PROTOCOL))
        for older in set(shelf.glob(f"{name}.*")) - {path}:
            older.unlink()
    return thing


def _digest(sources: Iterable[Path]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for source in sources:
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:20]


def _whole(data: bytes) -> bytes:
    """What was put there. Raises ValueError where a disk made something else of it."""
    digest, thing = data[:_LENGTH], data[_LENGTH:]
    if hashlib.sha256(thing).digest() != digest:
        raise ValueError("not what was kept")
    return thing


_LENGTH = hashlib.sha256().digest_size


def _put(path: Path, data: bytes) -> None:
    """Whole or not at all: another process may be reading."""
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as file:
        file.write(hashlib.sha256(data).digest() + data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
