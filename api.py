"""The door for the organisation's other systems: notices, and what became of them. A bearer token opens it.

Addresses of people stand in bodies, never in a URL: URLs end up in logs.
"""

from __future__ import annotations

import hmac
from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.service import notices
from bot.service.house import House
from bot.service.notices import MOST_RECIPIENTS, NoticeError, Summary

VERSION = "1"
PROBLEMS = {"key_taken": 409, "unknown": 404}
"""HTTP status by our own word; everything else is a request that cannot be carried out (422)."""


class NoticeIn(BaseModel):
    """A notice to send. ``key``: the sender's own name for it; sent twice under one key it is one notice."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    key: str = Field(min_length=1, max_length=notices.LONGEST_KEY, pattern=r"^[A-Za-z0-9._:-]+$")
    notice: str = Field(min_length=1, max_length=64, description="An id of content/notices.yaml.")
    day: date | None = Field(default=None, description="Where the notice names one.")
    contacts: list[str] = Field(
        min_length=1,
        max_length=MOST_RECIPIENTS,
        description="Addresses: tel:+32470000001, whatsapp:+32470000001, telegram:4711.",
    )


class NoticeOut(BaseModel):
    """What became of a notice. The three mappings count contacts by a word."""

    key: str
    notice: str
    waiting: int
    sent: int
    left_out: dict[str, int]
    deliveries: dict[str, int]
    answers: dict[str, int]
    unknown: int | None = Field(default=None, description="Addresses of nobody we know; only when it is sent.")


def create_api(house: House, token: str) -> Blueprint:
    """The door, mounted at /api/v1. ``token`` is what the other system shows."""
    api = Blueprint("api", __name__)

    @api.before_request
    def guard() -> Response | None:
        """Who may come in: who shows the token."""
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if hmac.compare_digest(shown.encode("utf-8", "replace"), token.encode()):
            return None
        return _problem("token", 401)

    @api.post("/notices")
    def send() -> Response:
        """Sends a notice to contacts that we know; the others are counted."""
        try:
            wanted = NoticeIn.model_validate_json(request.get_data())
        except ValidationError as error:
            return _problem("body", 422, fields=sorted({".".join(map(str, e["loc"])) for e in error.errors()}))
        known = notices.contacts_of(house, wanted.contacts)
        if not known:
            return _problem("recipients", 422)
        try:
            notice_id = notices.send(house, wanted.key, wanted.notice, wanted.day, sorted(set(known.values())))
        except NoticeError as error:
            return _problem(error.reason, PROBLEMS.get(error.reason, 422))
        told = _told(notices.summary(house, notice_id), wanted.key)
        told.unknown = len(set(wanted.contacts) - set(known))
        return _json(told, 202)

    @api.get("/notices/<key>")
    def outcome(key: str) -> Response:
        """What became of a notice, by its sender's own name for it."""
        try:
            return _json(_told(notices.summary_by_key(house, key), key), 200)
        except NoticeError as error:
            return _problem(error.reason, PROBLEMS.get(error.reason, 422))

    @api.get("/openapi.json")
    def described() -> Response:
        """This door, described for machines."""
        return jsonify(openapi())

    return api


def _told(found: Summary, key: str) -> NoticeOut:
    return NoticeOut(
        key=key,
        notice=found.letter.id if found.letter is not None else "",
        waiting=found.waiting,
        sent=found.sent,
        left_out=found.left_out,
        deliveries=found.deliveries,
        answers={name or "none": count for name, count in found.answers.items()},
    )


def _json(body: NoticeOut, status: int) -> Response:
    answer = Response(body.model_dump_json(exclude_none=True), status, content_type="application/json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _problem(reason: str, status: int, **more: Any) -> Response:
    answer = jsonify(problem=reason, **more)
    answer.status_code = status
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 description of this door."""
    problem = {"type": "object", "properties": {"problem": {"type": "string"}}, "required": ["problem"]}
    answer = {"description": "What became of it.", "content": _as_json(NoticeOut.model_json_schema())}
    wrong = {"description": "Our own word for why not.", "content": _as_json(problem)}
    failures = {str(status): wrong for status in (401, 404, 409, 422)}
    key = {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Drempelvrij", "version": VERSION},
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
        "paths": {
            "/api/v1/notices": {
                "post": {
                    "summary": "Send a notice",
                    "requestBody": {"required": True, "content": _as_json(NoticeIn.model_json_schema())},
                    "responses": {"202": answer, **failures},
                }
            },
            "/api/v1/notices/{key}": {
                "get": {"summary": "What became of it", "parameters": [key], "responses": {"200": answer, **failures}}
            },
        },
    }


def _as_json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
