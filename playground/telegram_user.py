"""A person with Telegram: everything a thumb can do in the chat with the bot."""

from __future__ import annotations

import uuid
from typing import Any

from playground.core import keep
from playground.pictures import letter
from playground.recordings import tone
from playground.telegram import FILES, QUERIES, Bot
from playground.telegram_chats import Chat, Json, Note
from playground.telegram_html import plain
from playground.values import Answer, Button, NotNowError, TelegramMessage

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63304e"
    "9b0900020201335687e2540000000049454e44ae426082"
)
"""A picture of one dot (PNG)."""


PDF = b"%PDF-1.4\n%%EOF\n"


class TelegramUser:
    """One person's Telegram, in the private chat with the bot (and in one group, see `group_message`)."""

    def __init__(self, bot: Bot, user_id: int, first_name: str, language_code: str) -> None:
        self._bot = bot
        self.user_id = user_id
        self._chat = bot.private({"id": user_id, "first_name": first_name})
        self._about: Json = {
            "id": user_id,
            "is_bot": False,
            "first_name": first_name,
            "language_code": language_code,
        }

    @property
    def messages(self) -> list[TelegramMessage]:
        """The private chat, both sides, oldest first; the latest 500."""
        return self._seen(self._chat)

    @property
    def group_messages(self) -> list[TelegramMessage]:
        """The group's messages."""
        return self._seen(self._bot.group(self.user_id))

    @property
    def answered_callbacks(self) -> list[str]:
        """The ids of the button presses that the bot has answered."""
        return list(self._chat.answered)

    def rename(self, first_name: str) -> None:
        """Take another first name, from the next message on."""
        self._about = {**self._about, "first_name": first_name}
        self._chat.about = {**self._chat.about, "first_name": first_name}

    def send(self, text: str) -> Answer:
        """Write to the bot."""
        return self._write(self._chat, _text(text), plain(text).html)

    def group_message(self, text: str) -> Answer:
        """Write in a group that the bot is in."""
        return self._write(self._bot.group(self.user_id), _text(text), plain(text).html)

    def edit_last(self, text: str) -> Answer:
        """Change the words of one's last text message."""
        with self._bot.core.lock:
            own = [note for note in self._chat.notes.values() if note.from_me and "text" in note.raw]
            if not own:
                raise NotNowError("nothing written yet")
            note = own[-1]
            stamp = {"edit_date": int(self._bot.core.clock().timestamp())}
            note.raw, note.html, note.edited = {**note.raw, **_text(text), **stamp}, plain(text).html, True
        self._bot.show(self._chat, note, "telegram_edit")
        return self._bot.update(self._chat, "edited_message", note.raw)

    def press(self, label_or_data: str) -> Answer:
        """Press a button on the newest message that has it, by its words or its data."""
        for note, button in self._all_buttons():
            if label_or_data in (button.text, button.data):
                return self._press(note, button)
        raise NotNowError("no such button")

    def press_on(self, message_id: int, data: str) -> Answer:
        """Press a button of a given message, which may be an old one."""
        for note, button in self._all_buttons():
            if note.message_id == message_id and data in (button.data, button.text):
                return self._press(note, button)
        raise NotNowError("no such button on that message")

    def sticker(self) -> Answer:
        """Send a sticker."""
        shape = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
        return self._media("sticker", shape | {"emoji": "👍"}, PIXEL, "stickers/file.webp")

    def voice_note(self, seconds: int = 3, data: bytes | None = None) -> Answer:
        """Send a voice message; a soft tone unless told."""
        about = {"duration": seconds, "mime_type": "audio/ogg"}
        return self._media("voice", about, tone(seconds) if data is None else data, "voice/file.oga")

    def photo(self, caption: str | None = None, data: bytes | None = None) -> Answer:
        """Send a picture; of a letter unless told."""
        sizes = [{**self._file(letter() if data is None else data, "photos/file.png"), "width": 360, "height": 480}]
        content: Json = {"photo": sizes} | ({"caption": caption} if caption else {})
        return self._write(self._chat, content, plain(caption or "").html)

    def document(self, name: str = "brief.pdf", data: bytes = PDF, mime_type: str = "application/pdf") -> Answer:
        """Send a file; what it is called and said to be need not be what it is."""
        return self._media("document", {"file_name": name, "mime_type": mime_type}, data, "documents/file.pdf")

    def location(self, latitude: float = 50.8503, longitude: float = 4.3517) -> Answer:
        """Send a place; the middle of Brussels unless told."""
        return self._write(self._chat, {"location": {"latitude": latitude, "longitude": longitude}}, "")

    def share_contact(self, own: bool = True, phone: str = "+32470000001") -> Answer:
        """Share a contact card: one's own carries one's user id, another's does not."""
        card = {"phone_number": phone, "first_name": self._about["first_name"] if own else "Bo"}
        return self._write(self._chat, {"contact": card | ({"user_id": self.user_id} if own else {})}, "")

    def block(self) -> Answer:
        """Block the bot."""
        return self._membership(blocked=True)

    def unblock(self) -> Answer:
        """Take the bot back."""
        return self._membership(blocked=False)

    def raw(self, update: Json) -> Answer:
        """Send an update as it is, of any kind; an update_id is added where there is none."""
        self._chat.started = True
        return self._bot.hand_over(self._chat, {"update_id": self._bot.next_update(), **update})

    def again(self) -> Answer:
        """The last update once more, exactly: what Telegram does when it heard no 2xx."""
        return self._bot.again(self._chat)

    def _seen(self, chat: Chat) -> list[TelegramMessage]:
        with self._bot.core.lock:
            return [note.seen() for note in chat.notes.values()]

    def _write(self, chat: Chat, content: Json, html: str) -> Answer:
        if self._chat.blocked:
            raise NotNowError("the bot is blocked")
        chat.started = True
        note = self._bot.write(chat, content, html, self._about)
        return self._bot.update(chat, "message", note.raw)

    def _media(self, kind: str, about: Json, data: bytes, path: str) -> Answer:
        return self._write(self._chat, {kind: {**self._file(data, path), **about}}, "")

    def _file(self, data: bytes, path: str) -> Json:
        name = f"AgAD{uuid.uuid4().hex}"
        folder, _, ending = path.partition("/file")
        stored = f"{folder}/{name}{ending}"
        with self._bot.core.lock:
            keep(self._bot.files, stored, data, FILES)
        return {"file_id": stored.replace("/", "-"), "file_unique_id": name, "file_size": len(data)}

    def _all_buttons(self) -> list[tuple[Note, Button]]:
        """Every button in the chat, those of the newest message first."""
        with self._bot.core.lock:
            notes = [note for note in reversed(self._chat.notes.values()) if not note.from_me]
        return [(note, button) for note in notes for row in note.seen().buttons for button in row]

    def _press(self, note: Note, button: Button) -> Answer:
        if button.kind == "contact":
            return self.share_contact()
        if button.kind == "url":
            raise NotNowError("that button opens a link")
        if button.kind == "text":
            return self.send(button.text)
        if self._chat.blocked:
            raise NotNowError("the bot is blocked")
        query = {
            "id": str(uuid.uuid4().int % 10**18),
            "from": self._about,
            "message": note.raw,
            "chat_instance": str(self.user_id),
            "data": button.data,
        }
        with self._bot.core.lock:
            keep(self._bot.queries, str(query["id"]), self._chat, QUERIES)
        return self._bot.update(self._chat, "callback_query", query)

    def _membership(self, *, blocked: bool) -> Answer:
        self._chat.blocked = blocked
        status = "blocked" if blocked else "member"
        self._bot.core.feed.add(self._chat.owner, "telegram_status", status=status)
        change: dict[str, Any] = {
            "chat": self._chat.about,
            "from": self._about,
            "date": int(self._bot.core.clock().timestamp()),
            "old_chat_member": self._as_member(not blocked),
            "new_chat_member": self._as_member(blocked),
        }
        return self._bot.update(self._chat, "my_chat_member", change)

    def _as_member(self, blocked: bool) -> Json:
        member: Json = {"user": self._bot.me, "status": "kicked" if blocked else "member"}
        return member | ({"until_date": 0} if blocked else {})


def _text(text: str) -> Json:
    """A text with the entity that marks a command at its start."""
    command = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    entities = [{"type": "bot_command", "offset": 0, "length": len(command)}] if command else []
    return {"text": text} | ({"entities": entities} if entities else {})
