"""Telegram: python-telegram-bot itself against the Bot API, and updates in their real shape."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest
import telegram
from flask.testing import FlaskClient
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from playground import Button, Fault, Network, NotNowError, TelegramMessage, serving
from tests.playground.playground_town import ACCOUNTS, APP, Doors, host, town

INTERFACE = Path(__file__).resolve().parents[3] / "shared" / "data" / "telegram_bot_api.json"
ROOT = f"/playground/telegram/bot{ACCOUNTS.telegram_token}"
T = TypeVar("T")
MARKUP = telegram.InlineKeyboardMarkup(
    [
        [
            telegram.InlineKeyboardButton("Werk", callback_data="s1:work"),
            telegram.InlineKeyboardButton("Mens", callback_data="s1:human"),
        ]
    ]
)


class Api:
    """The Bot API over Flask's test client."""

    def __init__(self) -> None:
        self.network: Network
        self.doors: Doors
        self.network, self.doors = town()
        self.client: FlaskClient = host(self.network).test_client()

    def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        answer = self.client.post(f"{ROOT}/{method}", json=params).json
        assert isinstance(answer, dict)
        return answer


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def bot_address(api: Api) -> Iterator[str]:
    with serving(host(api.network)) as base:
        yield f"{base}/playground/telegram/bot"


def with_bot(address: str, act: Callable[[telegram.Bot], Awaitable[T]], token: str = ACCOUNTS.telegram_token) -> T:
    """Run something with PTB's Bot, pointed at the town."""

    async def run() -> T:
        request = HTTPXRequest(httpx_kwargs={"trust_env": False})
        async with telegram.Bot(
            token, base_url=address, base_file_url=address.replace("/bot", "/file/bot"), request=request
        ) as bot:
            return await act(bot)

    return asyncio.run(run())


@cache
def types() -> dict[str, Any]:
    if not INTERFACE.exists():
        pytest.skip(f"Telegram's published interface is not at {INTERFACE}")
    found: dict[str, Any] = json.loads(INTERFACE.read_text())["types"]
    return found


def conforms(kind: str, value: dict[str, Any]) -> None:
    """Every field is one of Telegram's, and none that Telegram always sends is missing."""
    fields = {each["name"]: each for each in types()[kind].get("fields", [])}
    assert set(value) <= set(fields), kind
    assert {name for name, each in fields.items() if each["required"]} <= set(value), kind
    for name, inner in value.items():
        inner_kind = next((each for each in fields[name]["types"] if each in types()), None)
        if inner_kind and isinstance(inner, dict) and types()[inner_kind].get("fields"):
            conforms(inner_kind, inner)


def test_a_message_is_a_real_update(api: Api) -> None:
    answer = api.network.telegram(4711, first_name="An").send("/start")
    (seen,) = api.doors.at("/telegram")
    assert answer.status == 200
    assert seen.headers["X-Telegram-Bot-Api-Secret-Token"] == ACCOUNTS.telegram_secret
    update = telegram.Update.de_json(seen.json, None)
    assert update.message is not None
    assert update.message.from_user is not None
    assert (update.message.text, update.message.chat.id, update.message.from_user.language_code) == (
        "/start",
        4711,
        "nl",
    )
    assert update.message.entities[0].type == "bot_command"
    assert seen.json["message"]["chat"] == {"id": 4711, "first_name": "An", "type": "private"}


ACTS: list[Callable[[Any], Any]] = [
    lambda user: user.send("Hallo"),
    lambda user: user.sticker(),
    lambda user: user.voice_note(),
    lambda user: user.photo(),
    lambda user: user.photo("een brief"),
    lambda user: user.document(),
    lambda user: user.location(),
    lambda user: user.share_contact(),
    lambda user: user.share_contact(own=False, phone="+32470000005"),
    lambda user: user.group_message("Hallo allemaal"),
    lambda user: user.block(),
    lambda user: user.unblock(),
]


@pytest.mark.parametrize("act", ACTS, ids=range(len(ACTS)))
def test_every_update_conforms(api: Api, act: Callable[[Any], Any]) -> None:
    act(api.network.telegram(4711))
    update = api.doors.at("/telegram")[-1].json
    conforms("Update", update)
    assert telegram.Update.de_json(update, None).to_dict()


def test_a_contact_is_ones_own_or_not(api: Api) -> None:
    an = api.network.telegram(4711)
    an.share_contact()
    an.share_contact(own=False)
    own, other = (seen.json["message"]["contact"] for seen in api.doors.at("/telegram"))
    assert own["user_id"] == 4711
    assert "user_id" not in other


def test_updates_are_numbered_and_repeatable(api: Api) -> None:
    an = api.network.telegram(4711)
    an.send("een")
    an.send("twee")
    an.again()
    first, second, third = (seen.json for seen in api.doors.at("/telegram"))
    assert second["update_id"] == first["update_id"] + 1
    assert third == second


def test_updates_that_were_not_asked_for_stay_away(api: Api) -> None:
    an = api.network.telegram(4711)
    api("setWebhook", url=f"{APP}/telegram", allowed_updates=["message"])
    an.send("/start")
    assert an.block().status == 204
    an.raw({"something_new": {}})
    assert [sorted(seen.json)[0] for seen in api.doors.at("/telegram")] == ["message", "something_new"]


def test_another_first_name(api: Api) -> None:
    an = api.network.telegram(4711)
    an.send("een")
    an.rename("Anna")
    an.send("twee")
    messages = [seen.json["message"] for seen in api.doors.at("/telegram")]
    assert [message["from"]["first_name"] for message in messages] == ["An", "Anna"]
    assert messages[1]["chat"]["first_name"] == "Anna"


def test_a_link_under_a_message_is_not_sent(api: Api) -> None:
    an = api.network.telegram(4711)
    an.send("/start")
    keyboard = {"inline_keyboard": [[{"text": "Kaart", "url": f"{APP}/map"}]]}
    api("sendMessage", chat_id=4711, text="Waar", reply_markup=keyboard)
    assert an.messages[-1].buttons == [[Button("Kaart", f"{APP}/map", "url")]]
    with pytest.raises(NotNowError):
        an.press("Kaart")


def test_an_edit(api: Api) -> None:
    an = api.network.telegram(4711)
    with pytest.raises(NotNowError):
        an.edit_last("x")
    an.send("Wrek")
    an.edit_last("Werk")
    update = api.doors.at("/telegram")[-1].json
    conforms("Update", update)
    assert update["edited_message"]["text"] == "Werk"
    (message,) = an.messages
    assert (message.text, message.edited, message.from_me) == ("Werk", True, True)


def test_raw_updates(api: Api) -> None:
    an = api.network.telegram(4711)
    an.raw({"poll": {"id": "1"}})
    an.raw({"update_id": 5, "message": None, "text": "\ud83d"})
    first, second = (seen.json for seen in api.doors.at("/telegram"))
    assert set(first) == {"update_id", "poll"}
    assert second["update_id"] == 5
    assert second["text"] == "\ud83d"


def test_a_conversation_with_buttons(api: Api, bot_address: str) -> None:
    an = api.network.telegram(4711)
    an.send("/start")
    sent = with_bot(
        bot_address,
        lambda bot: bot.send_message(4711, "<b>Wat</b> zoekt u? &lt;3", parse_mode="HTML", reply_markup=MARKUP),
    )
    assert sent.text == "Wat zoekt u? <3"
    assert sent.entities[0].type == "bold"
    message = an.messages[-1]
    assert message.html == "<b>Wat</b> zoekt u? &lt;3"
    assert message.buttons == [[Button("Werk", "s1:work"), Button("Mens", "s1:human")]]
    assert not message.from_me
    an.press("Werk")
    update = api.doors.at("/telegram")[-1].json
    conforms("Update", update)
    query = telegram.Update.de_json(update, None).callback_query
    assert query is not None
    assert query.data == "s1:work"
    assert query.message is not None
    assert query.message.message_id == sent.message_id
    assert with_bot(bot_address, lambda bot: bot.answer_callback_query(query.id, text="Goed"))
    assert an.answered_callbacks == [query.id]


def test_old_buttons_can_be_pressed(api: Api) -> None:
    an = api.network.telegram(4711)
    an.send("/start")
    for question in ("een", "twee"):
        keyboard = {"inline_keyboard": [[{"text": "Ja", "callback_data": f"{question}:yes"}]]}
        api("sendMessage", chat_id=4711, text=question, reply_markup=keyboard)
    old = an.messages[1]
    an.press("Ja")
    an.press_on(old.message_id, "een:yes")
    assert [seen.json["callback_query"]["data"] for seen in api.doors.at("/telegram")[1:]] == ["twee:yes", "een:yes"]
    with pytest.raises(NotNowError):
        an.press("Nee")
    with pytest.raises(NotNowError):
        an.press_on(old.message_id, "twee:yes")


def test_a_reply_keyboard(api: Api) -> None:
    an = api.network.telegram(4711)
    an.send("/start")
    keyboard = {"keyboard": [["Ja"], [{"text": "Mijn nummer", "request_contact": True}]]}
    api("sendMessage", chat_id=4711, text="Uw nummer?", reply_markup=keyboard)
    an.press("Ja")
    an.press("Mijn nummer")
    yes, contact = (seen.json["message"] for seen in api.doors.at("/telegram")[1:])
    assert yes["text"] == "Ja"
    assert contact["contact"]["user_id"] == 4711


def test_editing_a_message(api: Api, bot_address: str) -> None:
    an = api.network.telegram(4711)
    an.send("/start")
    sent = with_bot(bot_address, lambda bot: bot.send_message(4711, "Kies", reply_markup=MARKUP))
    with_bot(bot_address, lambda bot: bot.edit_message_reply_markup(4711, sent.message_id))
    assert not an.messages[-1].buttons
    edited = with_bot(bot_address, lambda bot: bot.edit_message_text("U koos: werk", 4711, sent.message_id))
    assert isinstance(edited, telegram.Message)
    assert edited.text == "U koos: werk"
    message = an.messages[-1]
    assert (message.text, message.edited) == ("U koos: werk", True)
    with pytest.raises(BadRequest, match="not modified"):
        with_bot(bot_address, lambda bot: bot.edit_message_text("U koos: werk", 4711, sent.message_id))
    with pytest.raises(BadRequest, match="not found"):
        with_bot(bot_address, lambda bot: bot.edit_message_text("x", 4711, 999999))
    with pytest.raises(BadRequest, match="can't be edited"):
        with_bot(bot_address, lambda bot: bot.edit_message_text("x", 4711, an.messages[0].message_id))


def test_a_real_bot_is_told_what_is_wrong(api: Api, bot_address: str) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        with_bot(bot_address, lambda bot: bot.send_message(1, "Dag"))
    an = api.network.telegram(4711)
    with pytest.raises(Forbidden, match="initiate"):
        with_bot(bot_address, lambda bot: bot.send_message(4711, "Dag"))
    an.send("/start")
    an.block()
    with pytest.raises(Forbidden, match="blocked"):
        with_bot(bot_address, lambda bot: bot.send_message(4711, "Dag"))
    with pytest.raises(NotNowError):
        an.send("Hallo?")
    an.unblock()
    assert with_bot(bot_address, lambda bot: bot.send_message(4711, "Dag")).text == "Dag"
    with pytest.raises(InvalidToken):
        with_bot(bot_address, lambda bot: bot.send_message(4711, "Dag"), token="1:wrong")


BAD_TEXTS = [
    ({"text": ""}, "message text is empty"),
    ({"text": " \n"}, "message text is empty"),
    ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
    ({"text": "a" * 4097}, "message is too long"),
    ({"text": "😀" * 2049}, "message is too long"),
    ({"text": "a", "parse_mode": "Wiki"}, "unsupported parse_mode"),
    ({"text": "<h1>a</h1>", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "<b>a", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "a</b>", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "<b><i>a</b></i>", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "3 < 4", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "a <", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "<!-- a -->", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "<?a?>", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "<!DOCTYPE a>b", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "<span>a</span>", "parse_mode": "HTML"}, "can't parse entities"),
    ({"text": "a", "reply_markup": "{"}, "can't parse reply_markup"),
    ({"text": "a", "reply_markup": "[1]"}, "object expected"),
    ({"text": "a", "reply_markup": {"inline_keyboard": {"a": 1}}}, "object expected"),
    ({"text": "a", "reply_markup": {"inline_keyboard": [["a"]]}}, "Object expected"),
    ({"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}, "Text buttons"),
    ({"text": "a", "reply_markup": {"inline_keyboard": [[{"callback_data": "a"}]]}}, "non-empty"),
    ({"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}}, "BUTTON_DATA_INVALID"),
    (
        {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]}},
        "BUTTON_DATA_INVALID",
    ),
]


@pytest.mark.parametrize(("params", "why"), BAD_TEXTS, ids=range(len(BAD_TEXTS)))
def test_what_sending_refuses(api: Api, params: dict[str, Any], why: str) -> None:
    api.network.telegram(4711).send("/start")
    answer = api("sendMessage", chat_id=4711, **params)
    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert why in answer["description"]


GOOD_TEXTS = [
    ("a &amp; b &eacute; &#233; &#xe9;", "a & b &eacute; é é", "a &amp; b &amp;eacute; é é"),
    ("<i>a<b>b</b></i>", "ab", "<i>a<b>b</b></i>"),
    ('<a href="https://127.0.0.1/?a=1&amp;b">x</a>', "x", '<a href="https://127.0.0.1/?a=1&amp;b">x</a>'),
    ('<a href="javascript:alert(1)">x</a>', "x", "<u>x</u>"),
    (
        '<tg-spoiler>x</tg-spoiler><span class="tg-spoiler">y</span>',
        "xy",
        '<span class="tg-spoiler">x</span><span class="tg-spoiler">y</span>',
    ),
    ("<pre>a\n b</pre>", "a\n b", "<pre>a\n b</pre>"),
    ('<b onclick="x">a</b> "b"', 'a "b"', "<b>a</b> &quot;b&quot;"),
]


@pytest.mark.parametrize(("given", "text", "html"), GOOD_TEXTS)
def test_html(api: Api, given: str, text: str, html: str) -> None:
    an = api.network.telegram(4711)
    an.send("/start")
    assert api("sendMessage", chat_id=4711, text=given, parse_mode="HTML")["ok"]
    assert (an.messages[-1].text, an.messages[-1].html) == (text, html)


def test_entities_count_utf16(api: Api) -> None:
    api.network.telegram(4711).send("/start")
    sent = api("sendMessage", chat_id=4711, text="😀 <b>dag<i> An</i></b>", parse_mode="HTML")["result"]
    conforms("Message", sent)
    assert sent["entities"] == [
        {"type": "bold", "offset": 3, "length": 6},
        {"type": "italic", "offset": 6, "length": 3},
    ]


def test_plain_text_is_shown_safely(api: Api) -> None:
    an = api.network.telegram(4711)
    an.send("<script>")
    assert an.messages[0].html == "&lt;script&gt;"


def test_a_query_is_answered_once_known(api: Api) -> None:
    assert "query is too old" in api("answerCallbackQuery", callback_query_id="1")["description"]
    assert "MESSAGE_TOO_LONG" in api("answerCallbackQuery", callback_query_id="1", text="a" * 201)["description"]


def test_planned_faults(api: Api, bot_address: str) -> None:
    an = api.network.telegram(4711)
    an.send("/start")
    faults = api.network.faults
    faults.add(Fault("sendMessage", http_status=429, retry_after=7))
    with pytest.raises(RetryAfter) as caught:
        with_bot(bot_address, lambda bot: bot.send_message(4711, "Dag"))
    assert caught.value.retry_after in (7, timedelta(seconds=7))
    faults.add(Fault("sendMessage", http_status=500, to="4711"))
    assert api("sendMessage", chat_id=4711, text="Dag")["error_code"] == 500
    faults.add(Fault("*", error=403))
    assert "blocked" in api("sendMessage", chat_id=4711, text="Dag")["description"]
    faults.add(Fault("*", error=30003))
    assert api("sendMessage", chat_id=4711, text="Dag")["ok"]


def test_an_uncertain_send_did_arrive(api: Api) -> None:
    an = api.network.telegram(4711)
    an.send("/start")
    api.network.faults.add(Fault("sendMessage", drop_answer=True))
    answer = api.client.post(f"{ROOT}/sendMessage", data={"chat_id": "4711", "text": "Dag"})
    assert (answer.status_code, answer.data) == (500, b"")
    assert an.messages[-1].text == "Dag"


def test_a_refused_update_blocks_what_is_behind_it(api: Api) -> None:
    an, bo = api.network.telegram(4711), api.network.telegram(4712)
    api.doors.say("/telegram", "", status=500, times=3)
    api.doors.say("/telegram", "ok", kind="text/plain")
    assert an.send("een").status == 500
    assert an.send("twee").status == 500
    assert api.network.bot.pending_count() == 2
    assert api.network.deliver() == 1
    assert api.network.deliver() == 2
    assert bo.send("drie").status == 200
    texts = [seen.json["message"]["text"] for seen in api.doors.at("/telegram")]
    assert texts == ["een", "een", "een", "een", "twee", "drie"]
    assert api("getWebhookInfo")["result"]["last_error_message"]


def test_a_webhook_elsewhere(api: Api, bot_address: str) -> None:
    an = api.network.telegram(4711)
    assert with_bot(
        bot_address,
        lambda bot: bot.set_webhook(f"{APP}/other", secret_token="new-secret", allowed_updates=["message"]),
    )
    an.send("/start")
    an.block()
    (seen,) = api.doors.at("/other")
    assert seen.headers["X-Telegram-Bot-Api-Secret-Token"] == "new-secret"
    info = with_bot(bot_address, lambda bot: bot.get_webhook_info())
    assert (info.url, info.pending_update_count) == (f"{APP}/other", 0)
    an.unblock()
    assert with_bot(bot_address, lambda bot: bot.delete_webhook())
    an.send("weg")
    assert with_bot(bot_address, lambda bot: bot.get_webhook_info()).pending_update_count == 1
    assert with_bot(bot_address, lambda bot: bot.delete_webhook(drop_pending_updates=True))
    assert api.network.bot.pending_count() == 0


@pytest.mark.parametrize(
    ("params", "why"),
    [({"url": "http://192.0.2.1/x"}, "HTTPS"), ({"url": f"{APP}/x", "secret_token": "a b"}, "unallowed")],
)
def test_what_a_webhook_may_not_be(api: Api, params: dict[str, str], why: str) -> None:
    assert why in api("setWebhook", **params)["description"]


def test_the_bots_profile(api: Api, bot_address: str) -> None:
    commands = [telegram.BotCommand("start", "Begin")]

    async def dress(bot: telegram.Bot) -> tuple[Any, ...]:
        await bot.set_my_commands(commands, language_code="nl")
        await bot.set_my_description("Ik help u.", language_code="nl")
        await bot.set_my_short_description("Hulp")
        found = await bot.get_my_commands(language_code="nl")
        await bot.delete_my_commands(language_code="nl")
        texts = await bot.get_my_description("nl"), await bot.get_my_short_description()
        return bot.username, found, await bot.get_my_commands(language_code="nl"), *texts

    username, found, none, description, short = with_bot(bot_address, dress)
    assert username == "drempelvrij_bot"
    assert list(found) == commands
    assert not none
    assert (description.description, short.short_description) == ("Ik help u.", "Hulp")


@pytest.mark.parametrize(
    ("method", "params", "why"),
    [
        ("setMyCommands", {"commands": [{"command": "Start!", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "start", "description": ""}]}, "DESCRIPTION_INVALID"),
        ("setMyDescription", {"description": "a" * 513}, "TOO_LONG"),
        ("sendChatAction", {"chat_id": 4711, "action": "dancing"}, "wrong parameter action"),
        ("setMyCommands", {"commands": ["start"]}, "Object expected"),
        ("sendMessage", {"text": "a"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "9" * 5000, "text": "a"}, "chat not found"),
        ("sendMessage", {"chat_id": "@someone", "text": "a"}, "chat not found"),
        ("leaveChat", {"chat_id": 4711}, "private"),
        ("getFile", {"file_id": "x"}, "invalid file_id"),
        ("sendDice", {"chat_id": 4711}, "Not Found"),
    ],
)
def test_other_refusals(api: Api, method: str, params: dict[str, Any], why: str) -> None:
    api.network.telegram(4711).send("/start")
    assert why in api(method, **params)["description"]


def test_files_can_be_fetched(api: Api, bot_address: str) -> None:
    api.network.telegram(4711).photo()
    photo = api.doors.at("/telegram")[0].json["message"]["photo"][-1]["file_id"]

    async def fetch(bot: telegram.Bot) -> bytearray:
        return await (await bot.get_file(photo)).download_as_bytearray()

    assert with_bot(bot_address, fetch).startswith(b"\x89PNG")
    assert api.client.get(f"/playground/telegram/file/bot{ACCOUNTS.telegram_token}/photos/x.png").status_code == 404
    assert api.client.get("/playground/telegram/file/botx/photos/x.png").status_code == 401


def test_the_bot_answers_in_a_group_and_leaves_it(api: Api) -> None:
    an = api.network.telegram(4711)
    an.group_message("Hallo allemaal")
    group = api.doors.at("/telegram")[0].json["message"]["chat"]["id"]
    assert api("sendChatAction", chat_id=group, action="typing")["ok"]
    api("sendMessage", chat_id=group, text="Ik praat alleen apart.")
    assert [message.text for message in an.group_messages] == ["Hallo allemaal", "Ik praat alleen apart."]
    assert not an.messages
    assert api("leaveChat", chat_id=group)["result"]
    assert "chat not found" in api("sendMessage", chat_id=group, text="x")["description"]


def test_forms_and_json_and_queries_are_all_taken(api: Api) -> None:
    an = api.network.telegram(4711)
    an.send("/start")
    keyboard = json.dumps({"inline_keyboard": [[{"text": "Ja", "callback_data": "y"}]]})
    api.client.post(f"{ROOT}/sendMessage", data={"chat_id": "4711", "text": "form", "reply_markup": keyboard})
    api.client.get(f"{ROOT}/sendmessage", query_string={"chat_id": "4711", "text": "query"})
    assert [message.text for message in an.messages[1:]] == ["form", "query"]
    assert an.messages[1].buttons[0][0].data == "y"


def test_message_ids_rise_over_all_chats(api: Api) -> None:
    an, bo = api.network.telegram(4711), api.network.telegram(4712)
    an.send("een")
    bo.send("twee")
    first: TelegramMessage = an.messages[0]
    assert bo.messages[0].message_id == first.message_id + 1
    assert issubclass(RetryAfter, TelegramError)
