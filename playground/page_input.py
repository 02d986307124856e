"""Reads what the page sends: JSON within bounds, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

BODY_BYTES = 32 * 1024
TEXT_CHARACTERS = 4096
GUARD = "X-Playground"
"""A header that another site's page cannot set without asking: without it a POST is refused."""

T = TypeVar("T", str, int, float, bool)


class PageError(Exception):
    """A request of the page that makes no sense; `status` is HTTP's."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.words = words
        self.status = status


def read_body() -> dict[str, Any]:
    """The JSON object of this POST. Raises PageError."""
    if request.headers.get(GUARD) != "1":
        raise PageError("not from the playground's own page", 403)
    request.max_content_length = BODY_BYTES
    try:
        body = request.get_json(force=True, silent=True)
    except RequestEntityTooLarge:
        raise PageError("too long", 413) from None
    except RecursionError:
        raise PageError("too deep") from None
    if not isinstance(body, dict):
        raise PageError("a JSON object, please")
    return body


def need(body: Mapping[str, Any], name: str, kind: type[T]) -> T:
    """A field that must be there. Raises PageError."""
    found = maybe(body, name, kind)
    if found is None:
        raise PageError(f"{name} is missing")
    return found


def maybe(body: Mapping[str, Any], name: str, kind: type[T]) -> T | None:
    """A field of this kind, or None when absent. Raises PageError."""
    value = body.get(name)
    if value is None:
        return None
    if kind is float and type(value) is int:
        return kind(value)
    if type(value) is not kind:
        raise PageError(f"{name} is not of the right kind")
    _check_text(name, str(value))
    found: T = value
    return found


def _check_text(name: str, text: str) -> None:
    if len(text) > TEXT_CHARACTERS:
        raise PageError(f"{name} is too long")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PageError(f"{name} holds half a character") from None
