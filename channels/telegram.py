"""Telegram, through python-telegram-bot's update types, bot and errors."""

from __future__ import annotations

import asyncio
import hmac
import html
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from telegram import (
    Bot,
    CallbackQuery,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
)
from telegram.constants import ChatMemberStatus, ChatType, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.messages import (
    ACTION,
    Choice,
    ContactStopped,
    Inbound,
    Kind,
    Media,
    Mode,
    NotForUs,
    Outbound,
    Permanent,
    Retry,
    SendError,
    Uncertain,
    Unreadable,
    Urn,
)
from channels.cleaning import clean, identifier, number

API = "https://api.telegram.org"
TIMEOUT = 10.0
AS_IT_IS = {"Accept-Encoding": "identity"}
"""Nothing is unpacked on the way: a small answer that unpacks without end would be."""

LONGEST_READ = 60.0
"""Seconds for a whole file, however slowly it comes."""

SHORTEST_NUMBER, LONGEST_NUMBER = 6, 16
"""Characters of a telephone number with its plus (E.164)."""

LARGEST_ID = 2**52
"""Telegram's ids have at most 52 significant bits (Bot API, Chat)."""

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

_GONE = frozenset({ChatMemberStatus.BANNED, ChatMemberStatus.LEFT})


class Telegram:
    """The Telegram channel."""

    name = "telegram"
    mode = Mode.CHAT
    scheme = "telegram"
    fetches = True
    measure = None
    window = None

    def __init__(self, token: str, secret: str, api_url: str = API) -> None:
        self.account = token.partition(":")[0]
        self._token = token
        self.secret = secret
        self._api_url = api_url
        self._bot: Bot | None = None

    def verify(self, secret: str) -> bool:
        """Whether the header holds the secret that only Telegram was told."""
        return hmac.compare_digest(secret.encode("utf-8", "replace"), self.secret.encode())

    def parse(self, data: Any) -> Inbound:
        """A message in from an update. Raises Unreadable, and NotForUs for the talk of groups."""
        try:
            return self._read(_update(data))
        except (AttributeError, TypeError, ValueError) as error:  # nothing where an update always has something
            raise Unreadable("not an update") from error

    def _read(self, update: Update) -> Inbound:
        if update.message is not None:
            return self._message(update.message)
        if update.edited_message is not None:
            return self._edited(update.edited_message, update.update_id)
        if update.callback_query is not None:
            return self._pressed(update.callback_query)
        if update.my_chat_member is not None:
            return self._membership(update.my_chat_member, update.update_id)
        raise Unreadable("kind of update")

    def _message(self, message: Message) -> Inbound:
        _private(message.chat.type, message.chat.id)
        kind, text, media, payload = _content(message)
        return self._inbound(_name(message), message.chat.id, kind, text=text, media=media, payload=payload)

    def _edited(self, message: Message, update_id: int) -> Inbound:
        _private(message.chat.type, message.chat.id)
        text = clean(message.text or message.caption or "")
        return self._inbound(f"edit:{update_id}", message.chat.id, Kind.EDIT, text=text, edits=_name(message))

    def _pressed(self, query: CallbackQuery) -> Inbound:
        if query.message is not None:
            _private(query.message.chat.type, query.message.chat.id)
        label = _label(query)
        return self._inbound(
            f"press:{_id(query.id)}", query.from_user.id, Kind.BUTTON, text=label, payload=clean(query.data)[:64]
        )

    def _membership(self, change: ChatMemberUpdated, update_id: int) -> Inbound:
        _private(change.chat.type, change.chat.id)
        kind = Kind.BLOCKED if change.new_chat_member.status in _GONE else Kind.UNBLOCKED
        return self._inbound(f"member:{update_id}", change.chat.id, kind)

    def _inbound(
        self,
        provider_id: str,
        chat: int,
        kind: Kind,
        *,
        text: str = "",
        payload: str = "",
        media: tuple[Media, ...] = (),
        edits: str = "",
    ) -> Inbound:
        return Inbound(
            channel=self.name,
            account=self.account,
            provider_id=provider_id,
            urn=Urn("telegram", str(_number(chat))),
            kind=kind,
            text=text,
            payload=payload,
            media=media,
            edits=edits,
        )

    def answer(self, data: Any) -> dict[str, Any]:
        """What Telegram is answered: a pressed button stops waiting (Bot API: making requests when getting updates)."""
        query = data.get("callback_query") if isinstance(data, Mapping) else None
        if not isinstance(query, Mapping) or not identifier(query.get("id")):
            return {}
        return {"method": "answerCallbackQuery", "callback_query_id": query["id"]}

    def render(self, message: Outbound) -> tuple[str, InlineKeyboardMarkup | None]:
        """The words as Telegram's HTML, and the buttons under them."""
        return html.escape(message.text, quote=False), _keyboard(message.choices)

    async def send(self, message: Outbound) -> str:
        """Hands over one message; chat and message id. Raises SendError."""
        text, keyboard = self.render(message)
        if not message.urn.path.lstrip("-").isdecimal():
            raise Permanent("refused", code="no chat")
        try:
            sent = await self.bot.send_message(
                chat_id=int(message.urn.path), text=text, reply_markup=keyboard, parse_mode=ParseMode.HTML
            )
        except TelegramError as error:
            raise error_of(error) from error
        return _name(sent)

    async def find(self, message: Outbound) -> Sequence[str]:
        """Nothing: Telegram cannot tell what it accepted, so an uncertain message is sent again."""
        return ()

    async def fetch_file(self, reference: str, most: int) -> bytes:
        """A file that somebody sent, of at most ``most`` bytes. Raises SendError."""
        try:
            found = await self.bot.get_file(reference)
        except TelegramError as error:
            raise _file_error(error) from error
        if (found.file_size or 0) > most:
            raise Permanent("too_large")
        address = found.file_path or ""
        if not address.startswith(f"{self._api_url}/file/bot{self._token}/"):
            raise Permanent("gone", code="address")
        return await _read(address, most)

    @property
    def bot(self) -> Bot:
        """The bot, made on the event loop that uses it."""
        if self._bot is None:
            request = HTTPXRequest(read_timeout=TIMEOUT, write_timeout=TIMEOUT, connect_timeout=TIMEOUT)
            self._bot = Bot(
                self._token,
                base_url=f"{self._api_url}/bot",
                base_file_url=f"{self._api_url}/file/bot",
                request=request,
                get_updates_request=request,
            )
        return self._bot

    async def close(self) -> None:
        """Lets go of the connections."""
        if self._bot is not None:
            await self._bot.request.shutdown()
            self._bot = None


def error_of(error: TelegramError) -> SendError:
    """Telegram's refusal as one of our errors."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        seconds = wait if isinstance(wait, int) else wait.total_seconds()
        return Retry("too_many", code="429", retry_after=float(seconds))
    if type(error) is TelegramError:  # an answer that is not Telegram's: nobody knows what became of it
        return Uncertain("no_answer")
    for kind, make in _ERRORS:
        if isinstance(error, kind):
            return make()
    return Permanent("refused", code=type(error).__name__[:16])


def _file_error(error: TelegramError) -> SendError:
    """Why a file has no address: Telegram gives a bot none of more than 20 megabytes."""
    if isinstance(error, BadRequest):
        return Permanent("too_large" if "too big" in error.message else "gone", code="400")
    return error_of(error)


async def _read(address: str, most: int) -> bytes:
    """What stands at an address, read no further than ``most`` bytes. Raises SendError. The address holds our token."""
    content = bytearray()
    try:
        async with (
            asyncio.timeout(LONGEST_READ),
            httpx.AsyncClient(timeout=TIMEOUT, headers=AS_IT_IS) as client,
            client.stream("GET", address) as answer,
        ):
            _check_answer(answer, most)
            async for part in answer.aiter_raw():
                content += part
                if len(content) > most:
                    raise Permanent("too_large")
    except (httpx.HTTPError, TimeoutError):
        raise Retry("no_answer") from None
    return bytes(content)


def _check_answer(answer: httpx.Response, most: int) -> None:
    if answer.status_code != httpx.codes.OK:
        raise Retry("not_ready", code=str(answer.status_code))
    if (number(answer.headers.get("Content-Length", "")) or 0) > most:
        raise Permanent("too_large")


_ERRORS = (
    (Forbidden, lambda: ContactStopped("stopped", code="403")),
    (ChatMigrated, lambda: Permanent("refused", code="migrated")),
    (BadRequest, lambda: Permanent("refused", code="400")),  # before NetworkError, which it derives from
    (InvalidToken, lambda: Retry("provider_error", code="401")),
    (NetworkError, lambda: Uncertain("no_answer")),
)


def _update(data: Any) -> Update:
    if not isinstance(data, dict):
        raise Unreadable("not an object")
    try:
        return Update.de_json(data, None)
    except Exception as error:  # the library's parser raises whatever the shape of the garbage leads to
        raise Unreadable("not an update") from error


def update_id(data: Any) -> str:
    """The name of an update, for the quarantine; empty when it has none."""
    found = data.get("update_id") if isinstance(data, Mapping) else None
    return str(found) if isinstance(found, int) and 0 <= found <= LARGEST_ID else ""


def _private(type_: str, chat: int) -> None:
    """A bot in a group would hear people who never asked for it: it leaves, and keeps nothing."""
    if type_ != ChatType.PRIVATE:
        raise NotForUs("group", {"method": "leaveChat", "chat_id": chat})


def _name(message: Message) -> str:
    return f"{_number(message.chat.id)}:{_number(message.message_id)}"


def _number(given: object) -> int:
    """An id as Telegram makes them. Raises Unreadable."""
    if not isinstance(given, int) or isinstance(given, bool) or abs(given) > LARGEST_ID:
        raise Unreadable("an id is no number")
    return given


def _id(given: object) -> str:
    """A name as Telegram makes them. Raises Unreadable."""
    if not identifier(given):
        raise Unreadable("an id is no name")
    return str(given)


_MEDIA = ("sticker", "voice", "animation", "document", "video", "video_note", "audio", "venue", "location")
"""A venue always carries a location too, and an animation a document: the fuller one is looked for first."""


def _content(message: Message) -> tuple[Kind, str, tuple[Media, ...], str]:
    if message.text is not None:
        if not isinstance(message.text, str):
            raise Unreadable("a text is no text")
        return Kind.TEXT, clean(message.text), (), ""
    if message.contact is not None:
        own = message.from_user is not None and message.contact.user_id == message.from_user.id
        number = "+" + "".join(c for c in message.contact.phone_number if c in "0123456789")
        if not SHORTEST_NUMBER <= len(number) <= LONGEST_NUMBER:
            raise Unreadable("no number in a contact")
        return Kind.CONTACT, "", (Media("contact"),), number if own else ""
    media = _media(message)
    if not media:
        raise Unreadable("kind of message")
    return Kind.MEDIA, clean(message.caption or ""), media, ""


def _media(message: Message) -> tuple[Media, ...]:
    if message.photo:
        largest = message.photo[-1]
        return (Media("photo", largest.file_id, "image/jpeg", size=_size(largest)),)
    for kind in _MEDIA:
        found = getattr(message, kind, None)
        if found is not None:
            reference = getattr(found, "file_id", "") or _place(found)
            seconds = getattr(found, "duration", None)
            length = seconds if isinstance(seconds, int) else None
            name = " ".join(clean(getattr(found, "file_name", ""), 200).split())
            sort = "voice_note" if kind == "voice" else kind
            return (Media(sort, reference, clean(_mime(found)), length, name, _size(found)),)
    return ()


def _size(found: Any) -> int | None:
    size = getattr(found, "file_size", None)
    return size if isinstance(size, int) and 0 <= size <= LARGEST_ID else None


def _place(found: Any) -> str:
    """Where a location or venue is, as "latitude,longitude"; empty for anything else."""
    location = getattr(found, "location", found)
    latitude, longitude = getattr(location, "latitude", None), getattr(location, "longitude", None)
    return "" if latitude is None or longitude is None else f"{float(latitude)},{float(longitude)}"


def _mime(found: Any) -> str:
    return getattr(found, "mime_type", None) or ""


def _label(query: CallbackQuery) -> str:
    """The words on the button that was pressed, as they stand under the message."""
    markup = getattr(query.message, "reply_markup", None)
    rows = markup.inline_keyboard if markup else ()
    return next((clean(b.text) for row in rows for b in row if b.callback_data == query.data), "")


def _keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    answers = [[_button(choice)] for choice in choices if not choice.id.startswith(ACTION)]
    actions = [_button(choice) for choice in choices if choice.id.startswith(ACTION)]
    rows = [*answers, actions] if actions else answers
    return InlineKeyboardMarkup(rows) if rows else None


def _button(choice: Choice) -> InlineKeyboardButton:
    return InlineKeyboardButton(choice.label, callback_data=choice.payload)
