"""The doors in one process: requests signed as the providers sign them, and what they leave in store and log."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import Table, func, select
from structlog.testing import capture_logs
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

import webhooks
from bot.config import Settings
from bot.messages import Outbound
from bot.service import house as houses
from bot.service import outbox
from bot.service.house import House
from bot.store import schema
from bot.store.engine import Store
from channels.registry import from_settings
from tests.channels.shapes import ACCOUNT_SID, AUTH_TOKEN, BOT_SECRET, BOT_TOKEN, OURS, Form

PUBLIC = "https://drempelvrij.example"
FORM = "application/x-www-form-urlencoded"
TWILIO_DOORS = ("/sms", "/whatsapp", "/voice", "/voice/turn/1", "/voice/fallback", "/receipts")
DOORS = (*TWILIO_DOORS, "/telegram")
TABLES = (schema.contacts, schema.urns, schema.sessions, schema.messages, schema.receipts, schema.cases, schema.events)
"""Where a message leaves something; `quarantine` is apart."""

Headers = dict[str, str]


def signature(path: str, form: Form, *, token: str = AUTH_TOKEN, base: str = PUBLIC) -> str:
    """Twilio's signature of a form for a path."""
    return str(RequestValidator(token).compute_signature(base + path, form))


class Front:
    """The doors, and what stands behind them. ``lines`` is what the log said of the newest request."""

    def __init__(self, app: Flask, house: House) -> None:
        self.app = app
        self.house = house
        self.lines: list[dict[str, Any]] = []

    def ask(self, path: str, **request: Any) -> TestResponse:
        """One request as it is; its lines of the log are kept."""
        with capture_logs() as lines:
            answer = self.app.test_client().open(path, **{"method": "POST", **request})
        self.lines = [dict(line) for line in lines]
        return answer

    def twilio(self, path: str, form: Form, *, headers: Headers | None = None, **request: Any) -> TestResponse:
        """A form that Twilio signed."""
        signed = {"X-Twilio-Signature": signature(path, form)}
        return self.ask(path, data=urlencode(form), content_type=FORM, headers={**signed, **(headers or {})}, **request)

    def telegram(self, body: Any, **request: Any) -> TestResponse:
        """A body with Telegram's secret: an update, or bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"X-Telegram-Bot-Api-Secret-Token": BOT_SECRET}
        return self.ask(
            "/telegram", **{"data": data, "content_type": "application/json", "headers": headers, **request}
        )

    def count(self, table: Table) -> int:
        """How many rows a table has."""
        with self.house.store.read() as connection:
            return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

    def rows(self, table: Table) -> list[Any]:
        """All rows of a table, oldest first."""
        with self.house.store.read() as connection:
            return list(connection.execute(select(table).order_by(table.c.id)))

    def stored(self) -> dict[str, int]:
        """The tables that hold something, with how many rows."""
        counts = {table.name: self.count(table) for table in TABLES}
        return {name: count for name, count in counts.items() if count}

    def said(self, direction: str) -> list[Any]:
        """The messages in or out."""
        return [row for row in self.rows(schema.messages) if row.direction == direction]

    def hand_over(self, provider_id: str) -> Outbound:
        """The worker takes the oldest message out, and the provider accepts it under a name."""
        (message,) = self.take()
        outbox.sent(self.house, message, provider_id)
        return message

    def take(self) -> list[Outbound]:
        """The worker takes what is due; nothing is sent yet."""
        return outbox.take(self.house, ("sms", "whatsapp", "telegram", "voice"), 1)


def settings(database_url: str, **changes: Any) -> Settings:
    """Settings with every channel on."""
    values = {
        "public_url": PUBLIC,
        "secret_key": "a-key-of-the-tests",
        "log_level": "INFO",
        "twilio_account_sid": ACCOUNT_SID,
        "twilio_auth_token": AUTH_TOKEN,
        "twilio_number": OURS,
        "twilio_whatsapp_number": OURS,
        "telegram_token": BOT_TOKEN,
        "telegram_secret": BOT_SECRET,
        "database_url": database_url,
    }
    return Settings(_env_file=None, **{**values, **changes})  # type: ignore[call-arg]  # made by pydantic-settings


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house whose content is read once for all tests; its store is replaced."""
    made = settings(f"sqlite:///{tmp_path_factory.mktemp('built') / 'none.sqlite3'}")
    infos = webhooks.channel_infos(from_settings(made))
    return houses.build(Store(made.database_url), infos, made.languages)


Opened = Callable[..., Front]


@pytest.fixture
def open_doors(_built: House, clock: Callable[[], datetime]) -> Iterator[Opened]:
    """Opens the doors on a database, with other settings where they are given."""
    stores: list[Store] = []

    def opened(database_url: str, **changes: Any) -> Front:
        stores.append(Store(database_url))
        house = replace(_built, store=stores[-1], now=clock)
        return Front(webhooks.create_app(settings(database_url, **changes), house), house)

    yield opened
    for store in stores:
        store.close()


@pytest.fixture
def front(database_url: str, open_doors: Opened) -> Front:
    """The doors, on each kind of database."""
    return open_doors(database_url)


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """An empty SQLite database: for requests that must not reach any."""
    path = tmp_path / "refused.sqlite3"
    shutil.copy(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def guarded(sqlite_url: str, open_doors: Opened) -> Front:
    """The doors, for requests that must be refused before any database is asked."""
    return open_doors(sqlite_url)
