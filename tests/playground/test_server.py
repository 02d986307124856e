"""The small server: what an application opened is closed, whoever hangs up."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playground.server import serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HANG_UP = struct.pack("ii", 1, 0)
"""For SO_LINGER: no goodbye, the connection is reset."""
WITHIN = 5.0
"""Seconds: far more than it takes."""


class _File:
    """What an application answers with, and has to be closed. It ends once nobody waits for it any more."""

    def __init__(self) -> None:
        self.given, self.left, self.closed = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, _environ: WSGIEnvironment, start_response: StartResponse) -> _File:
        start_response("200 OK", [("Content-Length", "7")])
        return self

    def __iter__(self) -> Iterator[bytes]:
        yield b"an icon"
        self.given.set()
        self.left.wait(WITHIN)

    def close(self) -> None:
        self.closed.set()


def test_a_file_is_closed_although_the_browser_hung_up_before_its_end() -> None:
    file = _File()
    with serving(file) as address:
        place = urlsplit(address)
        with socket.create_connection((place.hostname, place.port)) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
            assert file.given.wait(WITHIN)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HANG_UP)
        file.left.set()
        assert file.closed.wait(WITHIN)
