"""Reads the parameters of the Bot API's methods, with Telegram's checks and words.

Source: "Telegram Bot API" and the error texts of telegram-bot-api.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from playground.core import whole
from playground.telegram_chats import Json, bad
from playground.telegram_html import Formatted, UnreadableError, formatted, plain, utf16

Params = Mapping[str, Any]
TEXT_UNITS = 4096
BUTTON_BYTES = 64
BUTTON_USES = ("callback_data", "url", "web_app", "switch_inline_query", "copy_text", "login_url", "pay")


def as_json(params: Params, name: str) -> Any:
    """A parameter that holds JSON: as text in a form, as itself in a JSON body. Raises TelegramError."""
    given = params.get(name)
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given) if given else None
    except ValueError:
        raise bad(f"can't parse {name}: not JSON") from None


def as_number(params: Params, name: str) -> int:
    """A whole number, 0 where there is none."""
    return whole(str(params.get(name, "")), 0)


def as_text(params: Params) -> Formatted:
    """The text of a message, checked and without its tags. Raises TelegramError."""
    text, mode = str(params.get("text", "")), str(params.get("parse_mode") or "")
    if mode.upper() not in ("", "HTML"):
        raise bad("unsupported parse_mode")
    try:
        found = formatted(text) if mode else plain(text)
    except UnreadableError as error:
        raise bad(f"can't parse entities: {error}") from None
    if not found.text.strip():
        raise bad("message text is empty")
    if utf16(found.text) > TEXT_UNITS:
        raise bad("message is too long")
    return found


def as_markup(params: Params) -> Json:
    """The checked keyboard, as the field of a Message. Raises TelegramError."""
    markup = as_json(params, "reply_markup")
    if not markup:
        return {}
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    for row in as_rows(markup.get("inline_keyboard", [])):
        for button in row:
            _check_button(button)
    return {"reply_markup": markup}


def as_rows(keyboard: object) -> list[list[Json]]:
    """A keyboard as rows of objects. Raises TelegramError."""
    if not isinstance(keyboard, list) or not all(isinstance(row, list) for row in keyboard):
        raise bad("object expected as reply markup")
    if not all(isinstance(button, dict) for row in keyboard for button in row):
        raise bad("can't parse inline keyboard button: Object expected")
    return keyboard


def _check_button(button: Json) -> None:
    if not button.get("text"):
        raise bad("can't parse inline keyboard button: field text must be non-empty")
    if sum(use in button for use in BUTTON_USES) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= BUTTON_BYTES:
        raise bad("BUTTON_DATA_INVALID")
