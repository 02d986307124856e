"""A small real HTTP server on loopback, for the town's REST APIs and for tests."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLL_SECONDS = 0.02


@contextmanager
def serving(application: WSGIApplication, port: int = 0) -> Iterator[str]:
    """Serve a WSGI application in threads while the block runs; gives its base URL. Port 0 is any free one."""
    server = make_server("127.0.0.1", port, whole(application), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def whole(application: WSGIApplication) -> WSGIApplication:
    """Answers that are read and closed before a byte is sent: Werkzeug leaves one open when the browser hangs up."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        parts = application(environ, start_response)
        with ExitStack() as stack:
            stack.callback(getattr(parts, "close", lambda: None))
            return [b"".join(parts)]

    return answer
