"""The Bot API methods that the application calls, as Telegram carries them out.

Source: "Telegram Bot API" and the error texts of telegram-bot-api.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playground.telegram import Bot
from playground.telegram_chats import Chat, Json, Note, TelegramError, bad, words
from playground.telegram_html import utf16
from playground.telegram_input import Params, as_json, as_markup, as_number, as_rows, as_text

CALLBACK_TEXT = 200
MOST_FILE_BYTES = 20 * 1024 * 1024
"""What a bot may fetch (Bot API, getFile)."""

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
TEXT_LIMITS = {"description": 512, "short_description": 120}


def get_me(bot: Bot, _params: Params) -> Json:
    """The bot itself."""
    groups = {"can_join_groups": True, "can_read_all_group_messages": False}
    return {**bot.me, **groups, "supports_inline_queries": False}


def send_message(bot: Bot, params: Params) -> Json:
    """Write to a person or a group."""
    chat = bot.chat(params.get("chat_id"))
    chat.check_reachable()
    found, markup = as_text(params), as_markup(params)
    return bot.write(chat, {**words(found), **markup}, found.html).raw


def edit_message_text(bot: Bot, params: Params) -> Json:
    """Other words, and the keyboard that is given or none."""
    chat, note = _own(bot, params)
    found, markup = as_text(params), as_markup(params)
    return _change(bot, chat, note, {**words(found), **markup}, found.html)


def edit_message_reply_markup(bot: Bot, params: Params) -> Json:
    """Another keyboard, or none, under the same words."""
    chat, note = _own(bot, params)
    kept: Json = {key: note.raw[key] for key in ("text", "entities") if key in note.raw}
    return _change(bot, chat, note, {**kept, **as_markup(params)}, note.html)


def _own(bot: Bot, params: Params) -> tuple[Chat, Note]:
    chat = bot.chat(params.get("chat_id"))
    chat.check_reachable()
    return chat, chat.mine(as_number(params, "message_id"))


def _change(bot: Bot, chat: Chat, note: Note, content: Json, html: str) -> Json:
    with bot.core.lock:
        fixed = {key: note.raw[key] for key in ("message_id", "from", "chat", "date")}
        if {key: value for key, value in note.raw.items() if key not in (*fixed, "edit_date")} == content:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message"
            )
        note.raw = {**fixed, "edit_date": int(bot.core.clock().timestamp()), **content}
        note.html, note.edited = html, True
    bot.show(chat, note, "telegram_edit")
    return note.raw


def answer_callback_query(bot: Bot, params: Params) -> bool:
    """End the little clock on a button."""
    if utf16(str(params.get("text") or "")) > CALLBACK_TEXT:
        raise bad("MESSAGE_TOO_LONG")
    query = str(params.get("callback_query_id", ""))
    with bot.core.lock:
        chat = bot.queries.get(query)
    if chat is None:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    chat.answered.append(query)
    if shown := str(params.get("text") or ""):
        bot.core.feed.add(chat.owner, "telegram_status", status=None, text=shown)
    return True


def send_chat_action(bot: Bot, params: Params) -> bool:
    """Show that the bot is writing."""
    chat = bot.chat(params.get("chat_id"))
    chat.check_reachable()
    if params.get("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    return True


def set_webhook(bot: Bot, params: Params) -> bool:
    """Where updates go from now on. Loopback may do without HTTPS here."""
    url, secret = str(params.get("url", "")), str(params.get("secret_token") or "")
    if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    _drop_pending(bot, params)
    bot.webhook = {"url": url, "allowed_updates": as_json(params, "allowed_updates") or []}
    bot.secret = secret
    return True


def delete_webhook(bot: Bot, params: Params) -> bool:
    """No more updates; they wait."""
    _drop_pending(bot, params)
    bot.webhook = {"url": "", "allowed_updates": []}
    return True


def _drop_pending(bot: Bot, params: Params) -> None:
    if str(params.get("drop_pending_updates", "")).lower() == "true":
        for chat in list(bot.chats.values()):
            chat.pending.clear()


def get_webhook_info(bot: Bot, _params: Params) -> Json:
    """Where updates go, how many wait, and what went wrong last."""
    state = {"has_custom_certificate": False, "pending_update_count": bot.pending_count()}
    return {**bot.webhook, **state, **bot.trouble}


def _scope(params: Params) -> str:
    scope = as_json(params, "scope") or {"type": "default"}
    return json.dumps([scope, str(params.get("language_code") or "")], sort_keys=True)


def set_my_commands(bot: Bot, params: Params) -> bool:
    """The bot's menu, for a scope and a language."""
    (commands,) = as_rows([as_json(params, "commands") or []])
    for each in commands:
        if not COMMAND.fullmatch(str(each.get("command", ""))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(each.get("description", ""))) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    bot.commands[_scope(params)] = commands
    return True


def get_my_commands(bot: Bot, params: Params) -> list[Json]:
    """The bot's menu, for a scope and a language."""
    return bot.commands.get(_scope(params), [])


def delete_my_commands(bot: Bot, params: Params) -> bool:
    """Take the menu away, for a scope and a language."""
    bot.commands.pop(_scope(params), None)
    return True


def _set_text(field: str) -> Callable[[Bot, Params], bool]:
    def set_text(bot: Bot, params: Params) -> bool:
        given = str(params.get(field) or "")
        if len(given) > TEXT_LIMITS[field]:
            raise bad(f"{field.upper()}_TOO_LONG")
        bot.texts[f"{field}:{params.get('language_code') or ''}"] = given
        return True

    return set_text


def _get_text(field: str) -> Callable[[Bot, Params], Json]:
    def get_text(bot: Bot, params: Params) -> Json:
        return {field: bot.texts.get(f"{field}:{params.get('language_code') or ''}", "")}

    return get_text


def get_file(bot: Bot, params: Params) -> Json:
    """Where a file that a person sent can be fetched."""
    path = str(params.get("file_id", "")).replace("-", "/", 1)
    data = bot.files.get(path)
    if data is None:
        raise bad("invalid file_id")
    if len(data) > MOST_FILE_BYTES:
        raise bad("file is too big")
    unique = path.rpartition("/")[2].partition(".")[0]
    about = {"file_id": params["file_id"], "file_unique_id": unique}
    return {**about, "file_size": len(data), "file_path": path}


def leave_chat(bot: Bot, params: Params) -> bool:
    """Leave a group."""
    chat = bot.chat(params.get("chat_id"))
    if chat.about["type"] == "private":
        raise bad("chat member status can't be changed in private chats")
    with bot.core.lock:
        bot.chats.pop(chat.about["id"], None)
    return True


METHODS: dict[str, Callable[[Bot, Params], object]] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": _set_text("description"),
    "getMyDescription": _get_text("description"),
    "setMyShortDescription": _set_text("short_description"),
    "getMyShortDescription": _get_text("short_description"),
    "getFile": get_file,
    "leaveChat": leave_chat,
}


def call(bot: Bot, method: str, params: Params) -> object:
    """Carry out a method. Raises TelegramError."""
    found = {name.lower(): function for name, function in METHODS.items()}.get(method.lower())
    if found is None:
        raise TelegramError(404, "Not Found")
    return found(bot, params)
