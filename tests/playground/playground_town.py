"""A town with a tiny application in it, whose doors check the signatures and say what a test tells them to."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator

from playground import Accounts, Network, create_blueprint, through

ACCOUNTS = Accounts(
    account_sid="AC" + "0123456789abcdef" * 2,
    auth_token="a-token-of-the-playground",
    number="+32460000000",
    telegram_token="4242:playground",
    telegram_secret="a-secret",
)
AN, BO = "+32470000001", "+32470000002"
APP = "http://127.0.0.1:8000"


@dataclass
class Seen:
    """One request that reached a door."""

    path: str
    method: str
    form: dict[str, str]
    json: Any
    headers: dict[str, str]
    signed: bool


@dataclass
class Doors:
    """The application: it notes what it is sent, and answers what it was told, else an empty 200."""

    seen: list[Seen] = field(default_factory=list)
    _answers: dict[str, deque[Response]] = field(default_factory=lambda: defaultdict(deque))
    hook: Callable[[Seen], None] | None = None

    def say(self, path: str, body: str, *, status: int = 200, kind: str = "text/xml", times: int = 1) -> None:
        """Answer so at a path, once unless told; the last answer told stays."""
        self._answers[path].extend(Response(body, status, mimetype=kind) for _ in range(times))

    def at(self, path: str) -> list[Seen]:
        """What reached a path."""
        return [each for each in self.seen if each.path == path]

    def app(self) -> Flask:
        """The application as WSGI."""
        app = Flask("doors")
        app.add_url_rule("/<path:path>", "door", self._take, methods=["GET", "POST"])
        return app

    def _take(self, path: str) -> Response:
        seen = Seen(
            f"/{path}",
            request.method,
            request.form.to_dict() if request.method == "POST" else request.args.to_dict(),
            request.get_json(silent=True),
            dict(request.headers),
            RequestValidator(ACCOUNTS.auth_token).validate(
                address(), request.form, request.headers.get("X-Twilio-Signature", "")
            ),
        )
        self.seen.append(seen)
        if self.hook:
            self.hook(seen)
        told = self._answers[f"/{path}"]
        if not told:
            return Response("", 200, mimetype="text/xml")
        return told[0] if len(told) == 1 else told.popleft()


def address() -> str:
    """The URL as it was sent; `request.url` has some of its escapes undone, which would break the signature."""
    query = request.query_string.decode()
    return request.base_url + (f"?{query}" if query else "")


def town(accounts: Accounts = ACCOUNTS) -> tuple[Network, Doors]:
    """A town and its doors in one process, without sockets; nothing happens by itself."""
    doors = Doors()
    return Network(accounts, APP, live=False, transport=through(doors.app())), doors


def xml(inner: str) -> str:
    """A TwiML document."""
    return f"<?xml version='1.0' encoding='UTF-8'?><Response>{inner}</Response>"


def host(network: Network) -> Flask:
    """An application with only the playground in it."""
    app = Flask("host", template_folder=None)
    app.register_blueprint(create_blueprint(network), url_prefix="/playground")
    return app
