"""The application, its worker and the playground in one process, moved by hand: for ``flask chat`` and the tests.

Nothing happens by itself. ``settle()`` lets everything that is due travel: messages out, receipts, webhooks.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from werkzeug.serving import WSGIRequestHandler, make_server

import demo
import webhooks
from bot.config import Settings
from bot.fetching import Fetching
from bot.outbox import Outbox
from bot.service import house as houses
from bot.service import rounds
from bot.store import migrate
from bot.store.engine import Store
from bot.switchboard import Switchboard
from channels.registry import from_settings
from playground import Network
from playground.server import POLL_SECONDS, whole

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Result = TypeVar("Result")
MOST_ROUNDS = 50
"""Rounds of sending and answering until all is quiet; more means that two sides keep each other busy."""


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: every door logs for itself."""


def _now() -> datetime:
    return datetime.now(UTC)


class Town:
    """Everything on one machine, over real HTTP on loopback. Use it as a context."""

    def __init__(self, database_url: str, *, now: Callable[[], datetime] = _now) -> None:
        self._server = make_server(demo.HOST, 0, whole(self._answer), threaded=True, request_handler=_Quiet)
        self.settings = settings_of(self._server.server_port, database_url)
        self.channels = from_settings(self.settings)
        self.store = Store(database_url)
        infos = webhooks.channel_infos(self.channels)
        self.house = houses.build(self.store, infos, self.settings.languages, now)
        migrate.upgrade(self.store)
        self.network = Network(demo.provider_accounts(self.settings), self.settings.public_url, live=False)
        self.app = demo.with_playground(self.settings, self.network, self.house)
        self._loop = asyncio.new_event_loop()
        self._outbox = Outbox(self.house, {c.name: c for c in self.channels}, lambda: 0.0)
        self._switchboard = Switchboard(self.house, self.channels.voice) if self.channels.voice is not None else None
        files = {c.name: c for c in (self.channels.telegram,) if c is not None}
        self._fetching = Fetching(self.house, files, lambda: 0.0)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        self._worker = threading.Thread(target=self._loop.run_forever, daemon=True)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.app(environ, start_response)

    def __enter__(self) -> Self:
        self._thread.start()
        self._worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if self.channels.telegram is not None:
            self.run(self.channels.telegram.close())
        self.run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._worker.join()
        self._loop.close()
        self.network.close()
        self.store.close()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Does asynchronous work on the worker's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def send(self) -> int:
        """The worker sends what is due, rings who asked for it, and fetches files; how many tries that took."""
        rung = self.run(self._switchboard.drain()) if self._switchboard is not None else 0
        return rung + self.run(self._fetching.drain()) + self.run(self._outbox.drain())

    def rounds(self) -> int:
        """The worker goes round once: reminders, assignments, notices; how many contacts were reached."""
        reached = rounds.go(self.house)
        self.settle()
        return reached

    def settle(self) -> None:
        """Lets everything that is due travel, until all is quiet."""
        for _ in range(MOST_ROUNDS):
            if not self.send() + self.network.deliver():
                return
        raise RuntimeError("the town does not come to rest")


def settings_of(port: int, database_url: str) -> Settings:
    """The demo's settings for a town at that port."""
    values = {**demo.environment(port, Path()), "DATABASE_URL": database_url}
    known = {name.lower(): value for name, value in values.items() if name.lower() in Settings.model_fields}
    return Settings(_env_file=None, **known)  # type: ignore[call-arg, arg-type]  # made by pydantic-settings
