"""Telegram: updates become Inbounds; words become HTML and keyboards; its refusals become our errors."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import replace
from typing import Any

import pytest
from telegram import InlineKeyboardMarkup

from bot.flow import Flow
from bot.messages import (
    Choice,
    ContactStopped,
    Inbound,
    Kind,
    Media,
    Mode,
    NotForUs,
    Permanent,
    Retry,
    Said,
    SendError,
    Uncertain,
    Unreadable,
    Urn,
)
from bot.session import Prompt, Session
from bot.wording import Context, Wording
from channels.telegram import Telegram
from tests.channels.conftest import (
    LANGUAGES,
    Provider,
    find,
    hanging_up,
    nobody,
    outbound,
    scene,
    send,
    sessions,
    utf16,
)
from tests.channels.shapes import (
    AN,
    BOT_ID,
    BOT_SECRET,
    BOT_TOKEN,
    CHANNEL,
    GROUP,
    KEYBOARD,
    PERSON,
    PRIVATE,
    Json,
    file,
    member,
    message,
    press,
    text,
    told,
    update,
    user,
)

CHAT = Telegram(BOT_TOKEN, BOT_SECRET)
LONGEST_TEXT, LONGEST_DATA = 4096, 64
FILE = "AgACAgQAAxk-1"


def inbound(**changes: Any) -> Inbound:
    """What the plain update of `shapes` amounts to."""
    usual: dict[str, Any] = {"provider_id": f"{PERSON}:12", "kind": Kind.TEXT}
    whole = {"channel": "telegram", "account": str(BOT_ID), "urn": Urn("telegram", str(PERSON)), **usual, **changes}
    return Inbound(**whole)


SIZE = 1234


def media(
    kind: str,
    reference: str = FILE,
    content_type: str = "",
    seconds: int | None = None,
    name: str = "",
    size: int | None = SIZE,
) -> Inbound:
    """A message with one thing that is not words."""
    return inbound(kind=Kind.MEDIA, media=(Media(kind, reference, content_type, seconds, name, size),))


def button(text: str, payload: str) -> Inbound:
    """A button that was pressed."""
    return inbound(provider_id="press:4382bfdwdsb323b2d9", kind=Kind.BUTTON, text=text, payload=payload)


def card(**changes: Any) -> Json:
    """An update with a contact card."""
    return told({"contact": {"phone_number": "+32470000001", "first_name": "An", "user_id": PERSON, **changes}})


COMMAND = {"text": "/start", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]}
STICKER = file(type="regular", width=512, height=512, is_animated=False, is_video=False, emoji="👍", set_name="x")
SIZES = [file(width=90, height=90), {**file(width=800, height=800), "file_id": "the largest"}]
VIDEO = file(width=640, height=480, duration=5, mime_type="video/mp4")
GIF = {"animation": VIDEO, "document": file(file_name="a.mp4", mime_type="video/mp4")}
PLACE = {"latitude": 50.8503, "longitude": 4.3517}
VENUE = {"location": PLACE, "venue": {"location": PLACE, "title": "Stad", "address": "Straat 1"}}
SHARED = inbound(kind=Kind.CONTACT, media=(Media("contact"),), payload=AN)
OTHERS = inbound(kind=Kind.CONTACT, media=(Media("contact"),))
EDIT = "edit:100000001"
FAR = {"message_id": 11, "chat": PRIVATE, "date": 0}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(text(), inbound(text="Dag"), id="text"),
        pytest.param(told(COMMAND), inbound(text="/start"), id="start"),
        pytest.param(text(" a\r\nb\x00 "), inbound(text="a\nb"), id="text to clean"),
        pytest.param(text("a\ud800"), inbound(text="a\ufffd"), id="half a character"),
        pytest.param(text("\u200fشكرا"), inbound(text="\u200fشكرا"), id="right to left"),
        pytest.param(
            update("edited_message", message({"text": "Bo"}, edit_date=1795424410)),
            inbound(provider_id=EDIT, kind=Kind.EDIT, text="Bo", edits=f"{PERSON}:12"),
            id="edited text",
        ),
        pytest.param(
            update("edited_message", message({"photo": SIZES, "caption": "Bo"}, edit_date=1795424410)),
            inbound(provider_id=EDIT, kind=Kind.EDIT, text="Bo", edits=f"{PERSON}:12"),
            id="edited caption",
        ),
        pytest.param(press(), button("Nederlands", "1:language:nl"), id="button"),
        pytest.param(press("1:language:xx"), button("", "1:language:xx"), id="button that is not there any more"),
        pytest.param(press(message=FAR), button("", "1:language:nl"), id="button of a message out of reach"),
        pytest.param(press("x" * 80), button("", "x" * 64), id="button with too much in it"),
        pytest.param(press(None, game_short_name="g"), button("", ""), id="button of a game"),
        pytest.param(told({"photo": SIZES}), media("photo", "the largest", "image/jpeg"), id="photo"),
        pytest.param(
            told({"photo": SIZES, "caption": "Kijk"}),
            inbound(kind=Kind.MEDIA, text="Kijk", media=(Media("photo", "the largest", "image/jpeg", size=SIZE),)),
            id="photo with words",
        ),
        pytest.param(told({"sticker": STICKER}), media("sticker"), id="sticker"),
        pytest.param(
            told({"voice": file(duration=3, mime_type="audio/ogg")}),
            media("voice_note", FILE, "audio/ogg", 3),
            id="voice",
        ),
        pytest.param(
            told({"document": file(file_name="brief.pdf", mime_type="application/pdf")}),
            media("document", FILE, "application/pdf", name="brief.pdf"),
            id="document",
        ),
        pytest.param(
            told({"document": file(file_name="a\n b\u202egpj.exe", file_size="large")}),
            media("document", name="a bgpj.exe", size=None),
            id="document with a name that turns and a size that is none",
        ),
        pytest.param(told({"video": VIDEO}), media("video", FILE, "video/mp4", 5), id="video"),
        pytest.param(
            told({"video_note": file(length=240, duration=4)}), media("video_note", seconds=4), id="video note"
        ),
        pytest.param(told(GIF), media("animation", FILE, "video/mp4", 5), id="animation"),
        pytest.param(
            told({"audio": file(duration=9, mime_type="audio/mpeg")}), media("audio", FILE, "audio/mpeg", 9), id="audio"
        ),
        pytest.param(told({"location": PLACE}), media("location", "50.8503,4.3517", size=None), id="location"),
        pytest.param(told(VENUE), media("venue", "50.8503,4.3517", size=None), id="venue"),
        pytest.param(card(), SHARED, id="own number"),
        pytest.param(card(phone_number="32470000001"), SHARED, id="own number without plus"),
        pytest.param(card(phone_number="+32 470 00 00 01"), SHARED, id="own number with spaces"),
        pytest.param(card(user_id=PERSON + 1), OTHERS, id="number of another user"),
        pytest.param(told({"contact": {"phone_number": AN, "first_name": "Bo"}}), OTHERS, id="number of nobody known"),
        pytest.param(
            member("kicked"), inbound(provider_id="member:100000001", kind=Kind.BLOCKED), id="blocked by the person"
        ),
        pytest.param(
            member("member", "kicked"), inbound(provider_id="member:100000001", kind=Kind.UNBLOCKED), id="unblocked"
        ),
    ],
)
def test_an_update_becomes_an_inbound(given: Json, expected: Inbound) -> None:
    assert CHAT.parse(given) == expected


@pytest.mark.parametrize("kind", ["supergroup", "group", "channel"])
@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda chat: told({"text": "Dag"}, chat), id="message"),
        pytest.param(lambda chat: told({"new_chat_title": "x"}, chat), id="service message"),
        pytest.param(lambda chat: update("edited_message", message({"text": "Dag"}, chat)), id="edit"),
        pytest.param(lambda chat: press(message=message({"text": "?"}, chat, reply_markup=KEYBOARD)), id="button"),
        pytest.param(lambda chat: member("member", "left", chat), id="added"),
    ],
)
def test_the_talk_of_groups_is_left(kind: str, made: Any) -> None:
    with pytest.raises(NotForUs) as caught:
        CHAT.parse(made({**GROUP, "type": kind}))
    assert caught.value.answer == {"method": "leaveChat", "chat_id": GROUP["id"]}


POLL = {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "type": "regular"}
ASKING: Json = {**POLL, "is_closed": False, "is_anonymous": True, "allows_multiple_answers": False}


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(update("channel_post", message({"text": "Dag"}, CHANNEL)), id="channel post"),
        pytest.param(update("edited_channel_post", message({"text": "Dag"}, CHANNEL)), id="edited channel post"),
        pytest.param(update("inline_query", {"id": "1", "from": user(), "query": "", "offset": ""}), id="inline query"),
        pytest.param(update("a_kind_of_next_year", {"id": "1"}), id="unknown kind of update"),
        pytest.param({"update_id": 1}, id="no kind of update"),
        pytest.param(told({"poll": ASKING}), id="poll"),
        pytest.param(told({"dice": {"emoji": "🎲", "value": 3}}), id="dice"),
        pytest.param(told({"a_kind_of_next_year": {}}), id="unknown kind of message"),
        pytest.param(told({}), id="empty message"),
        pytest.param(told({"photo": []}), id="photo without sizes"),
        pytest.param({"message": message({"text": "Dag"})}, id="no number"),
        pytest.param(update("message", "Dag"), id="message that is a text"),
        pytest.param(update("message", {"text": "Dag"}), id="message of nobody"),
        pytest.param(update("message", {**message({"text": "Dag"}), "chat": 5}), id="chat that is a number"),
        pytest.param(update("message", {**message({"text": "Dag"}), "chat": None}), id="chat that is null"),
        pytest.param(told({"text": "Dag"}, {**PRIVATE, "id": "x"}), id="chat with a word for id"),
        pytest.param(told({"text": "Dag"}, {**PRIVATE, "id": None}), id="chat with null for id"),
        pytest.param(told({"text": "Dag"}, date="soon"), id="date that is a word"),
        pytest.param(told({"text": ["Dag"]}), id="text that is a list"),
        pytest.param(told({"text": 5}), id="text that is a number"),
        pytest.param(card(phone_number=None), id="contact with null for number"),
        pytest.param(press(**{"from": user("x")}), id="button of somebody with a word for id"),  # type: ignore[arg-type]
        pytest.param(press(id="\ud800"), id="button with half a character for id"),
        pytest.param([], id="list"),
        pytest.param([text()], id="list of updates"),
        pytest.param(5, id="number"),
        pytest.param("Dag", id="string"),
        pytest.param(True, id="true"),
        pytest.param(None, id="null"),
        pytest.param({}, id="empty object"),
    ],
)
def test_what_cannot_be_read_is_unreadable(given: Any) -> None:
    with pytest.raises(Unreadable):
        CHAT.parse(given)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (press(), {"method": "answerCallbackQuery", "callback_query_id": "4382bfdwdsb323b2d9"}),
        (text(), {}),
        ({"callback_query": 5}, {}),
        ({"callback_query": {"id": 5}}, {}),
        ([], {}),
        (None, {}),
    ],
    ids=["button", "text", "broken query", "broken id", "list", "null"],
)
def test_a_button_stops_waiting(given: Any, answer: Json) -> None:
    assert CHAT.answer(given) == answer


@pytest.mark.parametrize(
    ("secret", "ours"),
    [(BOT_SECRET, True), ("", False), (BOT_SECRET[:-1], False), (BOT_SECRET + "x", False), ("é\ud800", False)],
    ids=["ours", "none", "cut", "longer", "half a character"],
)
def test_only_the_secret_opens_the_door(secret: str, ours: bool) -> None:
    assert CHAT.verify(secret) is ours


# Rendering


def test_signs_of_html_stand_as_they_are() -> None:
    words = "<b>An</b> & \"Bo\" 'x' &amp; <script>"
    rendered, _ = CHAT.render(outbound("telegram", words))
    assert html.unescape(rendered) == words
    assert not re.search(r"<[^>]*>", rendered)


def choice(id_: str) -> Choice:
    """A choice with its button."""
    return Choice(id_, "1", f"label {id_}", f"1:step:{id_}")


def rows(markup: InlineKeyboardMarkup | None) -> list[list[str]]:
    """The data of the buttons, row by row."""
    assert markup is not None
    return [[str(button.callback_data) for button in row] for row in markup.inline_keyboard]


def test_answers_stand_under_each_other_and_actions_beside_each_other_at_the_end() -> None:
    choices = (choice("a"), choice("!skip"), choice("b"), choice("!human"))
    _, keyboard = CHAT.render(outbound("telegram", choices=choices))
    assert rows(keyboard) == [["1:step:a"], ["1:step:b"], ["1:step:!skip", "1:step:!human"]]


def test_a_message_without_choices_has_no_keyboard() -> None:
    assert CHAT.render(outbound("telegram"))[1] is None


def written(wording: Wording, flow: Flow, session: Session) -> tuple[Said, ...]:
    """The words of a session's open question."""
    return wording.say((Prompt(step=session.step),), scene(flow, Mode.CHAT, {"phone": "no"}), session, Context({}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_fits_telegram(flow: Flow, wording: Wording, language: str) -> None:
    for session in sessions(flow, language):
        (said,) = written(wording, flow, session)
        _, keyboard = CHAT.render(outbound("telegram", said.text, choices=said.choices))
        assert 0 < utf16(said.text) <= LONGEST_TEXT
        data = [cell for row in rows(keyboard) for cell in row]
        assert all(1 <= len(cell.encode()) <= LONGEST_DATA for cell in data), session.step
        assert len(set(data)) == len(data), session.step


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_has_words(flow: Flow, wording: Wording, language: str) -> None:
    buttons = [
        c for session in sessions(flow, language) for said in written(wording, flow, session) for c in said.choices
    ]
    assert buttons
    assert all(button.label.strip() for button in buttons)


@pytest.mark.parametrize("letter", ["a", "😀"], ids=["Latin", "emoji"])
def test_the_longest_answers_can_be_read_back(flow: Flow, wording: Wording, letter: str) -> None:
    asked = next(session for session in sessions(flow, "nl") if session.step == "review")
    answers = {**asked.answers, "name": (letter * 2000,), "brings": ("else",), "story": (letter * 2000,)}
    (said,) = written(wording, flow, replace(asked, answers=answers))
    assert utf16(said.text) <= LONGEST_TEXT


# Sending


def test_the_chat_and_number_of_what_was_accepted_are_kept(provider: Provider) -> None:
    provider.says(200, {"ok": True, "result": message({"text": "Dag"})})
    assert send("telegram", provider.url) == f"{PERSON}:12"
    assert provider.asked == [("POST", f"/bot{BOT_TOKEN}/sendMessage")]


@pytest.mark.parametrize(
    ("status", "words", "more", "kind", "ours", "after"),
    [
        pytest.param(429, "Too Many Requests", {"retry_after": 9}, Retry, "429", 9.0, id="too fast"),
        pytest.param(403, "Forbidden: bot was blocked by the user", {}, ContactStopped, "403", None, id="blocked"),
        pytest.param(403, "Forbidden: user is deactivated", {}, ContactStopped, "403", None, id="deactivated"),
        pytest.param(400, "Bad Request: chat not found", {}, Permanent, "400", None, id="chat not found"),
        pytest.param(400, "Bad Request: message is too long", {}, Permanent, "400", None, id="too long"),
        pytest.param(
            400, "Bad Request: upgraded", {"migrate_to_chat_id": -5}, Permanent, "migrated", None, id="migrated"
        ),
        pytest.param(401, "Unauthorized", {}, Retry, "401", None, id="wrong token"),
        pytest.param(404, "Not Found", {}, Retry, "401", None, id="no such bot"),
        pytest.param(500, "Internal Server Error", {}, Uncertain, "", None, id="broken"),
        pytest.param(502, "Bad Gateway", {}, Uncertain, "", None, id="gateway"),
    ],
)
def test_a_refusal_becomes_our_error(
    provider: Provider, status: int, words: str, more: Json, kind: type[SendError], ours: str, after: float | None
) -> None:
    provider.says(status, {"ok": False, "error_code": status, "description": words, "parameters": more})
    with pytest.raises(SendError) as caught:
        send("telegram", provider.url)
    assert (type(caught.value), caught.value.code, caught.value.retry_after) == (kind, ours, after)
    assert caught.value.retryable is issubclass(kind, Retry)


def test_an_answer_that_cannot_be_read_is_uncertain(provider: Provider) -> None:
    provider.says(200, "<html>Welcome to the hotel</html>")
    with pytest.raises(Uncertain):
        send("telegram", provider.url)


def test_an_address_that_is_no_chat_is_refused_for_good(provider: Provider) -> None:
    with pytest.raises(Permanent):
        send("telegram", provider.url, urn=Urn("telegram", "x"))


def test_nobody_listening_is_to_be_tried_again() -> None:
    with pytest.raises(Retry):
        send("telegram", nobody())


def test_a_cut_connection_is_uncertain() -> None:
    with hanging_up() as url, pytest.raises(Uncertain):
        send("telegram", url)


def test_silence_is_uncertain(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.telegram.TIMEOUT", 0.2)
    with provider.silent(), pytest.raises(Uncertain):
        send("telegram", provider.url)


# Files


def fetch(api_url: str, most: int = 100) -> bytes:
    """Fetches a file, as the worker does."""

    async def fetching() -> bytes:
        channel = Telegram(BOT_TOKEN, BOT_SECRET, api_url)
        try:
            return await channel.fetch_file(FILE, most)
        finally:
            await channel.close()

    return asyncio.run(fetching())


def there(**changes: Any) -> Json:
    """What getFile answers; the same words then stand at the file's address."""
    return {"ok": True, "result": {**file(), "file_size": 5, "file_path": "photos/1.jpg", **changes}}


def test_a_file_is_asked_for_and_then_read(provider: Provider) -> None:
    provider.says(200, there())
    assert fetch(provider.url, 1000) == provider.body.encode()
    assert provider.asked == [("POST", f"/bot{BOT_TOKEN}/getFile"), ("GET", f"/file/bot{BOT_TOKEN}/photos/1.jpg")]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        pytest.param(there(file_size=101), "too_large", id="said to be too large"),
        pytest.param(there(), "too_large", id="too large all the same"),
        pytest.param(there(file_path=__file__), "gone", id="a file of this machine"),
        pytest.param(there(file_path=None), "gone", id="no address"),
    ],
)
def test_a_file_that_is_not_taken(provider: Provider, answer: Json, why: str) -> None:
    provider.says(200, answer)
    with pytest.raises(Permanent) as caught:
        fetch(provider.url)
    assert caught.value.reason == why


@pytest.mark.parametrize(
    ("words", "why"), [("Bad Request: file is too big", "too_large"), ("Bad Request: invalid file_id", "gone")]
)
def test_a_file_that_telegram_does_not_give(provider: Provider, words: str, why: str) -> None:
    provider.says(400, {"ok": False, "error_code": 400, "description": words})
    with pytest.raises(Permanent) as caught:
        fetch(provider.url)
    assert caught.value.reason == why


def test_a_file_of_nobody_listening_is_to_be_tried_again() -> None:
    with pytest.raises(Retry):
        fetch(nobody())


def test_silence_instead_of_a_file_is_to_be_tried_again(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.telegram.TIMEOUT", 0.2)
    with provider.silent(), pytest.raises(Retry):
        fetch(provider.url)


def test_telegram_cannot_tell_what_it_accepted(provider: Provider) -> None:
    assert find("telegram", provider.url) == []
    assert provider.asked == []
