"""Telegram's HTTP interface: /bot<token>/<method> and /file/bot<token>/<path>."""

from __future__ import annotations

import hmac
import time
from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from playground.network import Network
from playground.telegram import refused
from playground.telegram_chats import TelegramError
from playground.telegram_methods import METHODS, call

NAMES = {name.lower(): name for name in METHODS}


def method(network: Network, token: str, name: str) -> ResponseReturnValue:
    """One call of the Bot API."""
    try:
        _check(network, token)
        return _carry_out(network, NAMES.get(name.lower(), name))
    except TelegramError as error:
        return jsonify(error.resource()), error.code


def file(network: Network, token: str, path: str) -> ResponseReturnValue:
    """A file that a person sent to the bot."""
    try:
        _check(network, token)
        _suffer(network, "file")
        data = network.bot.file(path)
    except TelegramError as error:
        return jsonify(error.resource()), error.code
    return Response(data, mimetype="application/octet-stream")


def _suffer(network: Network, api: str) -> None:
    """Let a planned fault of a file happen: wait, or refuse."""
    fault = network.faults.take(api, "")
    if fault is not None:
        time.sleep(fault.delay)
        if status := fault.status():
            raise refused(status, fault.retry_after)


def _check(network: Network, token: str) -> None:
    if not hmac.compare_digest(token.encode(), network.accounts.telegram_token.encode()):
        raise TelegramError(401, "Unauthorized")


def _carry_out(network: Network, name: str) -> ResponseReturnValue:
    params = _params()
    fault = network.faults.take(name, str(params.get("chat_id", "")))
    if fault is not None:
        time.sleep(fault.delay)
        if not fault.drop_answer and (status := fault.status()):
            raise refused(status, fault.retry_after)
    result = call(network.bot, name, params)
    if fault is not None and fault.drop_answer:
        return Response("", 500)
    return jsonify({"ok": True, "result": result})


def _params() -> dict[str, Any]:
    """Parameters as Telegram takes them: query, form, multipart, or a JSON object."""
    given = request.get_json(silent=True) if request.is_json else None
    return {**request.args, **request.form, **(given if isinstance(given, dict) else {})}


ROUTES = [
    ("/telegram/bot<token>/<name>", "telegram_method", method, ("GET", "POST")),
    ("/telegram/file/bot<token>/<path:path>", "telegram_file", file, ("GET",)),
]
