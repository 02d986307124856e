"""How answers of the console travel: what a browser may do with them, and small."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from flask import Response, request

_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "media-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
_TEXTUAL = ("text/", "application/json", "image/svg+xml")
_WORTH_IT = 600
"""Bytes: below this compressing saves nothing."""
NO_CONTENT = 204
_NOT_MODIFIED = 304


def finisher(*, embeddable: bool) -> Callable[[Response], Response]:
    """What happens to every answer. ``embeddable``: pages of our own site may show the console in a frame."""
    policy = {**_POLICY, "frame-ancestors": "'self'" if embeddable else "'none'"}
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }

    def finish(response: Response) -> Response:
        if response.status_code == NO_CONTENT:
            return _bare(response)
        for name, value in headers.items():
            response.headers.setdefault(name, value)  # a file that somebody sent has a stricter policy of its own
        response.headers["Cache-Control"] = _keeping()
        return _compressed(response)

    return finish


def _bare(response: Response) -> Response:
    """Nothing new: open pages are told so all day, and there is nothing in it that a browser could do wrong."""
    response.headers.clear()
    response.headers["Cache-Control"] = "no-store"
    return response


def _keeping() -> str:
    """Pages hold what people said: nothing keeps them. A static file whose address names its content stays."""
    if request.endpoint != "console.static":
        return "no-store"
    return "public, max-age=31536000, immutable" if "v" in request.args else "no-cache"


def _compressed(response: Response) -> Response:
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or not (response.mimetype or "").startswith(_TEXTUAL):
        return response
    if response.status_code == _NOT_MODIFIED or request.method == "HEAD":
        return response
    response.direct_passthrough = False
    if len(response.get_data()) >= _WORTH_IT:
        response.set_data(gzip.compress(response.get_data(), mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
