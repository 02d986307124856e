"""Telegram's chats with the bot: who may be written to, and every message in its real shape."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playground.core import PER_PHONE, keep
from playground.telegram_html import Formatted
from playground.values import Button, TelegramMessage

Json = dict[str, Any]


class TelegramError(Exception):
    """A request that the Bot API refuses."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def resource(self) -> Json:
        """The JSON body of the answer ("Making requests" in the Bot API)."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad(why: str) -> TelegramError:
    """A refusal with 400."""
    return TelegramError(400, f"Bad Request: {why}")


@dataclass
class Note:
    """One message: `raw` is Telegram's Message object."""

    raw: Json
    html: str
    from_me: bool
    at: datetime
    edited: bool = False

    @property
    def message_id(self) -> int:
        """The message's number."""
        return int(self.raw["message_id"])

    def seen(self) -> TelegramMessage:
        """The message as the phone shows it."""
        text = str(self.raw.get("text", self.raw.get("caption", "")))
        keyboard = buttons(self.raw.get("reply_markup"))
        return TelegramMessage(self.message_id, text, self.html, keyboard, self.edited, self.at, self.from_me)


def buttons(markup: Json | None) -> list[list[Button]]:
    """The buttons of an inline or a reply keyboard."""
    if not markup:
        return []
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return [[_button(each) for each in row] for row in rows]


def _button(given: Json | str) -> Button:
    if isinstance(given, str):
        return Button(given, kind="text")
    if "callback_data" in given:
        return Button(given["text"], given["callback_data"])
    if "url" in given:
        return Button(given["text"], given["url"], "url")
    return Button(given["text"], kind="contact" if given.get("request_contact") else "text")


@dataclass
class Chat:
    """A chat of the bot: with one person (its id is theirs), or a group."""

    about: Json
    owner: str
    started: bool = False
    blocked: bool = False
    notes: OrderedDict[int, Note] = field(default_factory=OrderedDict)
    pending: deque[Json] = field(default_factory=lambda: deque(maxlen=PER_PHONE))
    last: Json | None = None
    retrying: bool = False
    answered: deque[str] = field(default_factory=lambda: deque(maxlen=PER_PHONE))
    turn: threading.RLock = field(default_factory=threading.RLock)
    """Held while this chat's updates travel: Telegram sends them one by one and in order."""

    def add(self, note: Note) -> Note:
        """Keep a message."""
        return keep(self.notes, note.message_id, note, PER_PHONE)

    def mine(self, message_id: int) -> Note:
        """A message of the bot, to be edited. Raises TelegramError."""
        note = self.notes.get(message_id)
        if note is None:
            raise bad("message to edit not found")
        if note.from_me:
            raise bad("message can't be edited")
        return note

    def check_reachable(self) -> None:
        """Raise TelegramError when the bot may not write here."""
        if self.blocked:
            raise TelegramError(403, "Forbidden: bot was blocked by the user")
        if not self.started:
            raise TelegramError(403, "Forbidden: bot can't initiate conversation with a user")


def words(found: Formatted) -> Json:
    """Text and entities as they stand in a Message."""
    return {"text": found.text} | ({"entities": found.entities} if found.entities else {})
