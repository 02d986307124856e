"""Telegram's side of the bot: its profile, its webhook, its chats, and the updates on their way."""

from __future__ import annotations

import itertools
import json
import re
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from playground.core import PHONES, Core, keep
from playground.telegram_chats import Chat, Json, Note, TelegramError, bad
from playground.values import Answer

RETRY_SECONDS = 2.0
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Update kinds that Telegram sends only when asked for (Bot API, setWebhook, allowed_updates)."""
QUERIES, FILES = 1000, 100
CHAT_ID = re.compile(r"-?[0-9]{1,16}")
GROUP_BASE = -1_001_000_000_000


class Bot:
    """The bot of one token."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.chats: OrderedDict[int, Chat] = OrderedDict()
        self.queries: OrderedDict[str, Chat] = OrderedDict()
        self.files: OrderedDict[str, bytes] = OrderedDict()
        self.commands: dict[str, list[Json]] = {}
        self.texts: dict[str, str] = {}
        self.webhook: Json = {"url": f"{core.app_url}/telegram", "allowed_updates": []}
        self.secret = core.accounts.telegram_secret
        self.trouble: Json = {}
        self.carry_out: Callable[[str, Json], object] = lambda method, params: None
        """Does a method that the application named in its answer; the network sets it."""
        self._numbers = itertools.count(1)
        self._updates = itertools.count(100_000_001)

    @property
    def me(self) -> Json:
        """The bot as a User."""
        number = self.core.accounts.telegram_token.partition(":")[0]
        return {
            "id": int(number) if number.isdecimal() else 1,
            "is_bot": True,
            "first_name": "Drempelvrij",
            "username": "drempelvrij_bot",
        }

    def private(self, about: Json) -> Chat:
        """The chat with one person, made at first sight."""
        with self.core.lock:
            known = self.chats.get(about["id"])
            if known is not None:
                return known
            chat = Chat({**about, "type": "private"}, f"telegram:{about['id']}")
            return keep(self.chats, about["id"], chat, 2 * PHONES)

    def group(self, user_id: int) -> Chat:
        """A group that this person and the bot are in, made at first sight."""
        number = GROUP_BASE - user_id
        with self.core.lock:
            known = self.chats.get(number)
            if known is not None:
                return known
            about = {"id": number, "title": "Group", "type": "supergroup"}
            return keep(self.chats, number, Chat(about, f"telegram:{user_id}", started=True), 2 * PHONES)

    def chat(self, given: object) -> Chat:
        """The chat that a request names. Raises TelegramError."""
        text = str(given if given is not None else "").strip()
        if not text:
            raise bad("chat_id is empty")
        number = int(text) if CHAT_ID.fullmatch(text) else 0
        with self.core.lock:
            chat = self.chats.get(number)
        if chat is None:
            raise bad("chat not found")
        return chat

    def file(self, path: str) -> bytes:
        """A file that a person sent. Raises TelegramError."""
        with self.core.lock:
            found = self.files.get(path)
        if found is None:
            raise TelegramError(404, "Not Found")
        return found

    def write(self, chat: Chat, content: Json, html: str, sender: Json | None = None) -> Note:
        """Put a message in a chat: the bot's, or the person's when `sender` is given."""
        now = self.core.clock()
        raw: Json = {
            "message_id": next(self._numbers),
            "from": sender or self.me,
            "chat": chat.about,
            "date": int(now.timestamp()),
            **content,
        }
        with self.core.lock:
            note = chat.add(Note(raw, html, sender is not None, now))
        self.show(chat, note, "telegram_message")
        return note

    def show(self, chat: Chat, note: Note, kind: str) -> None:
        """Show the page a message or its new words."""
        seen = note.seen()
        rows = [[{"text": each.text, "data": each.data, "kind": each.kind} for each in row] for row in seen.buttons]
        self.core.feed.add(
            chat.owner,
            kind,
            chat=chat.about["id"],
            message_id=seen.message_id,
            html=seen.html,
            text=seen.text,
            buttons=rows,
            from_me=seen.from_me,
            edited=seen.edited,
        )

    def update(self, chat: Chat, kind: str, payload: Json) -> Answer:
        """Send an update of this kind to the application, unless it did not ask for the kind."""
        if not self._wanted(kind):
            return Answer(204, "")
        return self.hand_over(chat, {"update_id": self.next_update(), kind: payload})

    def next_update(self) -> int:
        """A fresh update_id."""
        return next(self._updates)

    def hand_over(self, chat: Chat, update: Json) -> Answer:
        """Queue an update as it is, behind those of this chat that still wait, and send what waits."""
        chat.last = update
        chat.pending.append(update)
        _, answer = self._drain(chat, late=0)
        return answer

    def again(self, chat: Chat) -> Answer:
        """The chat's last update once more, exactly."""
        return self.core.wire.telegram(self.webhook["url"], self.secret, chat.last or {})

    def pending_count(self) -> int:
        """How many updates wait, over all chats."""
        with self.core.lock:
            return sum(len(chat.pending) for chat in self.chats.values())

    def _wanted(self, kind: str) -> bool:
        allowed = self.webhook["allowed_updates"]
        return kind in allowed if allowed else kind not in NOT_BY_DEFAULT

    def _drain(self, chat: Chat, late: int) -> tuple[int, Answer]:
        """Send what waits until something is refused; then plan the next try."""
        sent, answer = 0, Answer(0, "")
        with chat.turn:
            while chat.pending and self.webhook["url"]:
                answer = self.core.wire.telegram(self.webhook["url"], self.secret, chat.pending[0])
                sent += 1
                if not answer.ok:
                    self._try_later(chat, answer, late)
                    break
                chat.pending.popleft()
                self._do_what_was_answered(answer)
        return sent, answer

    def _do_what_was_answered(self, answer: Answer) -> None:
        """A webhook may be answered with one method (Bot API, "Making requests when getting updates").

        Whether it worked is never told to the application: a refusal is noted among the door's errors.
        """
        try:
            given = json.loads(answer.body or "{}")
        except ValueError:
            return
        if not isinstance(given, dict) or not isinstance(given.get("method"), str):
            return
        method = given.pop("method")
        try:
            self.carry_out(method, given)
        except TelegramError as error:
            self.core.wire.note(self.webhook["url"], answer.status, error.code, f"{method} in the answer was refused")

    def _try_later(self, chat: Chat, answer: Answer, late: int) -> None:
        self.trouble = {
            "last_error_date": int(self.core.clock().timestamp()),
            "last_error_message": f"Wrong response from the webhook: {answer.status}",
        }
        if not chat.retrying:
            chat.retrying = True
            self.core.post.add(partial(self._retry, chat), delay=RETRY_SECONDS, late=late)

    def _retry(self, chat: Chat) -> int:
        chat.retrying = False
        return self._drain(chat, late=1)[0]


def refused(code: int, retry_after: int | None) -> TelegramError:
    """What Telegram says with an HTTP status that a fault asks for."""
    words = {
        400: "Bad Request: chat not found",
        401: "Unauthorized",
        403: "Forbidden: bot was blocked by the user",
        404: "Not Found",
        429: f"Too Many Requests: retry after {retry_after}",
    }
    return TelegramError(code, words.get(code, "Internal Server Error"), retry_after)
