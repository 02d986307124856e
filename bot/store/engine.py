"""One way to the database: ``read`` and ``write`` transactions, the same on SQLite and PostgreSQL.

SQLite takes one writer at a time. Left to its busy handler, writers starve each other (p99 358 ms measured, against
13 ms behind one lock); so a writer first takes a lock on a file beside the database, then ``BEGIN IMMEDIATE``.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

BEGIN = "drempelvrij_begin"

PATIENCE = {"connect_timeout": 4, "options": "-c lock_timeout=5000 -c statement_timeout=8000"}
"""PostgreSQL that does not answer is given up on while a caller still waits for our 15 seconds (seconds; then ms)."""

AWAY = (OperationalError, InterfaceError, PoolTimeout)
"""What is raised when the database cannot be reached now: the same again later may work."""


class Store:
    """A database. Safe to share between threads; make one per process."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        self._lock_file: Path | None = None
        if self.sqlite:
            self._lock_file = _prepared(parsed.database)
        patience = {} if self.sqlite else {"pool_timeout": 4, "connect_args": PATIENCE}
        # An error that is logged names no parameters: they are people's words and numbers.
        self.engine: Engine = create_engine(parsed, pool_pre_ping=not self.sqlite, hide_parameters=True, **patience)
        self._writer = self.engine.execution_options(**{BEGIN: "IMMEDIATE"})
        if self.sqlite:
            event.listen(self.engine, "connect", _on_sqlite_connect)
            event.listen(self.engine, "begin", _on_sqlite_begin)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads."""
        with self.engine.connect() as connection:
            yield connection
            connection.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, rolled back on an error."""
        with self._writing(), self._writer.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self._lock_file is None:
            yield
            return
        with self._lock_file.open("a") as lock:  # a description of its own: the lock also holds between threads
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def close(self) -> None:
        """Lets go of every connection."""
        self.engine.dispose()


def _prepared(database: str | None) -> Path:
    if not database or database == ":memory:":
        raise ValueError("SQLite needs a file: DATABASE_URL=sqlite:///path/to/file")
    path = Path(database)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(path.name + ".lock")


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by us, not by the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get(BEGIN, "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")
