"""Providers on loopback: one that notes what it is asked and answers as told, and one that hangs up."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask, Response, request

from bot import content
from bot.catalogues import Catalogues
from bot.flow import Flow, StepKind
from bot.messages import Mode, Outbound, Urn
from bot.plans import Item, ItemState, Path
from bot.session import Scene, Session
from bot.wording import Wording
from channels import twilio
from channels.sms import Sms
from channels.telegram import Telegram
from channels.voice import Telephone
from channels.whatsapp import WhatsApp
from playground import serving
from tests.bot.conftest import LETTER, OFFICES, RULES, TALKS, TODAY, AroundInMemory
from tests.channels.shapes import ACCOUNT_SID, AN, AUTH_TOKEN, BOT_SECRET, BOT_TOKEN, OURS, PERSON

PUBLIC = "https://drempelvrij.example"


@dataclass
class Provider:
    """Stands where a provider stands, and answers everything alike."""

    status: int = 200
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    _go: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._go.set()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Takes requests and says nothing for as long as this lasts."""
        self._go.clear()
        try:
            yield
        finally:
            self._go.set()

    def says(self, status: int, body: Any, **headers: str) -> None:
        """What it answers from now on."""
        self.status, self.headers = status, {name.replace("_", "-"): value for name, value in headers.items()}
        self.body = body if isinstance(body, str) else json.dumps(body)

    def app(self) -> Flask:
        """The provider as an application."""
        app = Flask("provider")
        app.add_url_rule("/<path:path>", "any", self._answer, methods=["GET", "POST"])
        return app

    def _answer(self, path: str) -> Response:
        self.asked.append((request.method, f"/{path}"))
        self._go.wait(10)
        return Response(self.body, self.status, self.headers, content_type="application/json")


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider over real HTTP."""
    made = Provider()
    with serving(made.app()) as made.url:
        yield made


@contextmanager
def hanging_up() -> Iterator[str]:
    """A provider that takes the request and hangs up without a word."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        thread = threading.Thread(target=_hang_up_on_all, args=(server, over), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def _hang_up_on_all(server: socket.socket, over: threading.Event) -> None:
    while not over.is_set():
        try:
            connection, _ = server.accept()
        except TimeoutError:
            continue
        with connection:
            connection.settimeout(5)
            connection.recv(65536)


def nobody() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def account(api_url: str = twilio.API) -> twilio.Account:
    """Our account at Twilio."""
    return twilio.Account(ACCOUNT_SID, AUTH_TOKEN, OURS, PUBLIC, api_url)


Channel = Sms | Telephone | Telegram | WhatsApp
MAKERS: dict[str, Callable[[str], Channel]] = {
    "sms": lambda url: Sms(account(url)),
    "whatsapp": lambda url: WhatsApp(account(url)),
    "voice": lambda url: Telephone(account(url)),
    "telegram": lambda url: Telegram(BOT_TOKEN, BOT_SECRET, url),
}


def outbound(channel: str, text: str = "Dag", **changes: Any) -> Outbound:
    """A message to be sent."""
    to, ours = ADDRESSES.get(channel, (Urn("tel", AN), OURS))
    return Outbound(
        **{"id": 1, "channel": channel, "account": ours, "urn": to, "text": text, "language": "nl", **changes}
    )


ADDRESSES = {
    "telegram": (Urn("telegram", str(PERSON)), OURS),
    "whatsapp": (Urn("whatsapp", AN), f"whatsapp:{OURS}"),
}
"""Theirs and ours, where those are no telephone numbers."""


async def _closing(channel: Channel, message: Outbound, verb: str) -> Any:
    try:
        return await getattr(channel, verb)(message)
    finally:
        if isinstance(channel, Telegram):
            await channel.close()


def send(channel: str, api_url: str, **changes: Any) -> str:
    """Sends one message over a channel; the provider's id of it."""
    return str(asyncio.run(_closing(MAKERS[channel](api_url), outbound(channel, **changes), "send")))


def find(channel: str, api_url: str, **changes: Any) -> list[str]:
    """What a channel finds of an uncertain message."""
    return list(asyncio.run(_closing(MAKERS[channel](api_url), outbound(channel, **changes), "find")))


def utf16(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


LANGUAGES = ("nl", "fr", "en", "ar", "tr", "uk", "ru", "pl", "ro", "es")


@pytest.fixture(scope="session")
def flow() -> Flow:
    """The intake."""
    return content.load_intake()


@pytest.fixture(scope="session")
def wording() -> Wording:
    """Its words."""
    return Wording(Catalogues(LANGUAGES), content.load_transliteration())


def around() -> AroundInMemory:
    """A contact with a plan, a meeting and a notice, for whom times are free."""
    path = Path((Item(1, "cv", "", ItemState.NOW), Item(2, "papers", "", ItemState.NEXT)))
    return AroundInMemory(path=path, slots=[*TALKS], booked=(TALKS[0],), notices={"1": LETTER})


def scene(flow: Flow, mode: Mode, facts: dict[str, str] | None = None) -> Scene:
    """What a turn with such a contact is taken in."""
    return Scene(flow, mode, facts or {}, RULES, TODAY, OFFICES, around())


def sessions(flow: Flow, language: str) -> Iterator[Session]:
    """A session at every question with everything answered, and one amid each question that takes several answers."""
    chosen = {step.id: tuple(o.id for o in step.options if not o.alone)[:1] for step in flow.steps.values()}
    told = {"language": (language,), "name": ("An",), "postcode": ("9000",), "phone": (AN,), "hidden_phone": (AN,)}
    answers = {step: values for step, values in {**chosen, **told}.items() if values and step != "review"}
    for step in flow.steps.values():
        started = Session(flow.name, flow.version, run=10**6, language=language, step=step.id, answers=answers)
        session = replace(started, about="1")
        yield session
        if step.kind is StepKind.MULTI:
            yield replace(session, picked=(step.options[0].id,))
