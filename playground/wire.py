"""HTTP to the application's doors, signed the way each provider signs."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urldefrag, urlencode, urlsplit

import requests
from twilio.request_validator import RequestValidator
from werkzeug.test import Client

from playground.values import Answer, DoorError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FORM = "application/x-www-form-urlencoded; charset=UTF-8"


@dataclass(frozen=True)
class WebRequest:
    """One HTTP request to the application; times in seconds."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    connect: float = 5.0
    read: float = 15.0


Transport = Callable[[WebRequest], Answer]
"""Carries a request; raises OSError when nobody answers."""


def over_http(request: WebRequest) -> Answer:
    """Carry a request over real HTTP. Proxies of the environment are left aside: the town is local."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(
            request.method,
            request.url,
            headers=dict(request.headers),
            data=request.body,
            timeout=(request.connect, request.read),
            allow_redirects=False,
        )
    return Answer(answer.status_code, answer.content.decode("utf-8", "replace"), dict(answer.headers))


def through(application: WSGIApplication) -> Transport:
    """A transport that hands requests to a WSGI application in this process, without sockets."""

    def carry(request: WebRequest) -> Answer:
        parts = urlsplit(request.url)
        answer = Client(application).open(
            path=parts.path,
            query_string=parts.query,
            base_url=f"{parts.scheme}://{parts.netloc}",
            method=request.method,
            headers=dict(request.headers),
            data=request.body,
        )
        return Answer(answer.status_code, answer.get_data().decode("utf-8", "replace"), dict(answer.headers))

    return carry


@dataclass(frozen=True)
class Webhook:
    """One of Twilio's webhooks. Sending the same one twice is Twilio's retry: same token, same words."""

    url: str
    params: Mapping[str, str]
    method: str = "POST"
    token: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class Overrides:
    """Connection settings from a webhook URL's fragment, see Twilio's page "Connection overrides"."""

    connect: float = 5.0
    read: float = 15.0
    retries: int = 1

    @classmethod
    def of(cls, fragment: str) -> Overrides:
        """Read `#ct=…&rt=…&rc=…`: milliseconds, milliseconds, count."""
        given = {key: int(values[0]) for key, values in parse_qs(fragment).items() if values[0].isdigit()}
        return cls(given.get("ct", 5000) / 1000, given.get("rt", 15000) / 1000, min(given.get("rc", 1), 5))


class Wire:
    """Sends webhooks; tells `note` about every door that did not answer as it should."""

    def __init__(self, auth_token: str, transport: Transport, note: Callable[[DoorError], None]) -> None:
        self._validator = RequestValidator(auth_token)
        self._transport = transport
        self._note = note

    def twilio(self, webhook: Webhook) -> Answer:
        """Send one of Twilio's webhooks, signed; once more when nobody answers."""
        url, fragment = urldefrag(webhook.url)
        overrides = Overrides.of(fragment)
        request = self._signed(url, webhook, overrides)
        return self._checked(request, overrides.retries)

    def telegram(self, url: str, secret: str, update: Mapping[str, Any]) -> Answer:
        """Send one update to Telegram's door with the secret token, once."""
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
        return self._checked(WebRequest("POST", url, headers, json.dumps(update).encode()), 0)

    def note(self, url: str, status: int, code: int, reason: str) -> None:
        """Record what was wrong with a door's answer."""
        self._note(DoorError(urlsplit(url).path, status, code, reason))

    def _signed(self, url: str, webhook: Webhook, overrides: Overrides) -> WebRequest:
        posted = dict(webhook.params) if webhook.method == "POST" else {}
        if webhook.method != "POST" and webhook.params:
            url += ("&" if urlsplit(url).query else "?") + urlencode(webhook.params)
        headers = {
            "Content-Type": FORM,
            "User-Agent": "TwilioProxy/1.1",
            "X-Twilio-Signature": str(self._validator.compute_signature(url, posted)),
            "I-Twilio-Idempotency-Token": webhook.token,
        }
        body = urlencode(posted).encode()
        return WebRequest(webhook.method, url, headers, body, overrides.connect, overrides.read)

    def _checked(self, request: WebRequest, retries: int) -> Answer:
        for _ in range(retries + 1):
            try:
                answer = self._transport(request)
            except OSError as error:
                self.note(request.url, 0, 11205, f"nobody answered: {type(error).__name__}")
                continue
            if not answer.ok:
                self.note(request.url, answer.status, 11200, "answered with another status than 2xx")
            return answer
        return Answer(0, "")
