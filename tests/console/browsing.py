"""A counsellor's browser for the tests: logged in, watched for errors, and with a count of what goes over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.console.conftest import PASSWORD

WITHIN = 2000
"""Milliseconds: what is new is on screen by then, while somebody is at work."""


@contextmanager
def opened(browser: Any, address: str, login: str = "an", **how: Any) -> Iterator[Any]:
    """A page in a browser of its own, logged in. It must log no error, and nothing may go against the policy."""
    context = browser.new_context(**{"base_url": address, "locale": "nl-BE", **how})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)
    log_in(page, login)
    yield page
    context.close()
    assert problems == []


def log_in(page: Any, login: str = "an") -> None:
    """Past the door."""
    page.goto("/console/login")
    page.fill("#name", login)
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/console/")


@dataclass
class Wire:
    """Bytes between a page and the server, headers and all, as the browser counts them: by address, in both ways."""

    page: Any
    sent: dict[str, int] = field(default_factory=dict)
    received: dict[str, int] = field(default_factory=dict)
    _addresses: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        session = self.page.context.new_cdp_session(self.page)
        session.on("Network.requestWillBeSent", self._asks)
        session.on("Network.requestWillBeSentExtraInfo", self._sends)
        session.on("Network.responseReceived", self._begins)
        session.on("Network.loadingFinished", self._ends)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": False})

    def forget(self) -> None:
        """Counts anew."""
        self.sent.clear()
        self.received.clear()

    def _asks(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _sends(self, event: dict[str, Any]) -> None:
        lines = sum(len(f"{name}: {value}\r\n".encode()) for name, value in event["headers"].items())
        line = len(f"GET {self._addresses.get(event['requestId'], '')} HTTP/1.1\r\n\r\n")
        self.sent[event["requestId"]] = lines + line

    def _begins(self, event: dict[str, Any]) -> None:
        """The headers; of an answer without a body there is no end."""
        self.received[event["requestId"]] = int(event["response"]["encodedDataLength"])

    def _ends(self, event: dict[str, Any]) -> None:
        self.received[event["requestId"]] = int(event["encodedDataLength"])

    @property
    def both(self) -> int:
        """All bytes since the last ``forget``."""
        return sum(self.sent.values()) + sum(self.received.values())
