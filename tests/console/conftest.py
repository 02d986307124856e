"""A small application with nothing but the console, on a temporary database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFProtect

from bot.catalogues import Catalogues
from bot.messages import Inbound, Kind, Mode, Urn
from bot.service import accounts, case_views, replies, turns
from bot.service.house import ChannelInfo, House, build
from bot.store.engine import Store
from channels.segments import Pieces, sms_segments
from console import create_console
from playground.server import serving

CALENDAR = "https://vdab.example/calendar/{}.ics"
PASSWORD = "een lang wachtwoord"
CHANNELS = (
    ChannelInfo("sms", Mode.TEXT, "tel", "+32460000000", measure=Pieces()),
    ChannelInfo("telegram", Mode.CHAT, "telegram", "1"),
    ChannelInfo("voice", Mode.VOICE, "tel", "+32460000000"),
)


class People:
    """Contacts who write, and the counsellors who may answer them."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._count = 0

    def says(
        self, text: str, urn: str = "tel:+32470000001", channel: str = "sms", kind: Kind = Kind.TEXT, **more: object
    ) -> list[str]:
        """One message in; what the computer says to it."""
        self._count += 1
        account = self.house.channels[channel].account
        values = {"provider_id": f"in-{self._count}", "text": text, **more}
        inbound = Inbound(channel, account, urn=Urn.parse(urn), kind=kind, **values)  # type: ignore[arg-type]
        return [part.text for part in turns.receive(self.house, inbound).said]

    def asks_for_a_person(self, name: str = "Amina", urn: str = "tel:+32470000001", channel: str = "sms") -> int:
        """Begins, gives a name and asks for a person; the case."""
        for text in ("hallo", "1", name, "0"):
            self.says(text, urn, channel)
        return max(row.id for row in case_views.queue(self.house))

    def said_to(self, case_id: int, user_id: int, text: str, channel: str = "sms") -> None:
        """A reply that was sent from elsewhere."""
        replies.reply(self.house, case_id, user_id, text, channel, f"token-{self._count:020}-{text[:20]}")


@pytest.fixture(scope="session")
def _furnished(_sqlite_template: Path) -> Iterator[House]:
    """A house with its content read once."""
    store = Store(f"sqlite:///{_sqlite_template}")
    yield build(store, CHANNELS, ("nl", "fr", "ar", "pl", "fa"))
    store.close()


@pytest.fixture
def house(tmp_path: Path, _sqlite_template: Path, _furnished: House, clock: Callable[[], datetime]) -> Iterator[House]:
    path = tmp_path / "console.sqlite"
    shutil.copy(_sqlite_template, path)
    store = Store(f"sqlite:///{path}")
    yield replace(_furnished, store=store, now=clock)
    store.close()


@pytest.fixture
def people(house: House) -> People:
    return People(house)


@pytest.fixture
def an(house: House) -> int:
    return accounts.add_user(house, "an", "An Peeters", PASSWORD)


@pytest.fixture
def bart(house: House) -> int:
    return accounts.add_user(house, "bart", "Bart Claes", PASSWORD)


def make_app(house: House, *, embeddable: bool = False, csrf: bool = True, secure: bool = False, **more: Any) -> Flask:
    """The console, mounted as the real application mounts it."""
    app = Flask("console_alone")
    app.config.update(SECRET_KEY="only for tests", TESTING=True, WTF_CSRF_ENABLED=csrf)
    CSRFProtect(app)
    blueprint = create_console(
        house,
        Catalogues(house.complete),
        secure_cookies=secure,
        embeddable=embeddable,
        segments=sms_segments,
        calendar_address=CALENDAR.format,
        **more,
    )
    app.register_blueprint(blueprint, url_prefix="/console")
    return app


@pytest.fixture
def app(house: House) -> Flask:
    return make_app(house, csrf=False)


def log_in(client: FlaskClient, name: str = "an") -> FlaskClient:
    """The same client, past the login page."""
    answer = client.post("/console/login", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 303
    return client


@pytest.fixture
def client(app: Flask, an: int) -> FlaskClient:
    """An's browser."""
    return log_in(app.test_client())


@pytest.fixture
def other(app: Flask, bart: int) -> FlaskClient:
    """Bart's browser."""
    return log_in(app.test_client(), "bart")


@pytest.fixture
def served(house: House) -> Iterator[Callable[[], str]]:
    """Starts a real server on loopback; its address. With CSRF, as in life."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(serving(make_app(house)))
