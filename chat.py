"""``flask chat``: the bot in a terminal or from a pipe, through the same signed doors as in real life."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from playground import NotNowError, Sms
from town import Town

ME = "+32470000001"
MY_TELEGRAM = 4711
KEYS = frozenset("0123456789*#")
LANGUAGE_KEYS = {"nl": "1", "fr": "2", "en": "3"}

Echo = Callable[[str], None]


class _Conversation(Protocol):
    def begin(self) -> None: ...

    def write(self, line: str) -> None: ...

    def heard(self) -> list[str]: ...

    def over(self) -> bool: ...


class _Texting:
    """By SMS."""

    def __init__(self, town: Town) -> None:
        self._phone = town.network.phone(ME)
        self._seen = 0

    def begin(self) -> None:
        """Nothing: the person writes first."""

    def write(self, line: str) -> None:
        self._phone.sms(line)

    def heard(self) -> list[str]:
        return [f"{sms.body}\n  ({sms.segments} SMS)" for sms in self._fresh(self._phone.inbox)]

    def _fresh(self, inbox: list[Sms]) -> list[Sms]:
        fresh = inbox[self._seen :]
        self._seen += len(fresh)
        return fresh

    def over(self) -> bool:
        return False


class _Messaging(_Texting):
    """By WhatsApp."""

    def write(self, line: str) -> None:
        self._phone.whatsapp(line)

    def heard(self) -> list[str]:
        return [message.body for message in self._fresh(self._phone.whatsapp_inbox)]


class _Chatting:
    """By Telegram. A line that is the label of a button presses it."""

    def __init__(self, town: Town) -> None:
        self._user = town.network.telegram(MY_TELEGRAM)
        self._seen = 0

    def begin(self) -> None:
        """Nothing: the person writes first."""

    def write(self, line: str) -> None:
        try:
            self._user.press(line)
        except NotNowError:
            self._user.send(line)

    def heard(self) -> list[str]:
        fresh = self._user.messages[self._seen :]
        self._seen += len(fresh)
        return [_with_buttons(m.text, [b.text for row in m.buttons for b in row]) for m in fresh if not m.from_me]

    def over(self) -> bool:
        return False


def _with_buttons(text: str, labels: list[str]) -> str:
    return "\n".join([text, *(f"  [{label}]" for label in labels)])


class _Calling:
    """By telephone. Digits, * and # are keys, an empty line is silence, anything else is spoken."""

    def __init__(self, town: Town) -> None:
        self._phone = town.network.phone(ME)
        self._seen = 0

    def begin(self) -> None:
        self._call = self._phone.call()

    def write(self, line: str) -> None:
        if not line:
            self._call.silence()
        elif set(line) <= KEYS:
            self._call.press(line)
        elif self._call.waiting == "record":
            self._call.record(line)
        else:
            self._call.say(line)

    def heard(self) -> list[str]:
        fresh = self._call.transcript[self._seen :]
        self._seen += len(fresh)
        return [f"{heard.text}" if heard.kind == "say" else f"({heard.kind})" for heard in fresh if heard.kind != "you"]

    def over(self) -> bool:
        return self._call.waiting is None


CHANNELS: dict[str, Callable[[Town], _Conversation]] = {
    "sms": _Texting,
    "whatsapp": _Messaging,
    "telegram": _Chatting,
    "voice": _Calling,
}


def run(channel: str, language: str, lines: Iterable[str], echo: Echo) -> None:
    """Talks until the lines end, or the call does. ``language`` answers the first question for the person."""
    with tempfile.TemporaryDirectory() as directory, Town(f"sqlite:///{Path(directory) / 'chat.sqlite3'}") as town:
        conversation = CHANNELS[channel](town)
        conversation.begin()
        _show(town, conversation, echo)
        for line in _opening(channel, language):
            _turn(town, conversation, line, echo)
        for line in lines:
            if conversation.over():
                break
            _turn(town, conversation, line.strip(), echo)


def _opening(channel: str, language: str) -> tuple[str, ...]:
    if not language:
        return ()
    hello = () if channel == "voice" else ("hallo",)
    return (*hello, LANGUAGE_KEYS[language])


def _turn(town: Town, conversation: _Conversation, line: str, echo: Echo) -> None:
    echo(f"> {line}")
    conversation.write(line)
    _show(town, conversation, echo)


def _show(town: Town, conversation: _Conversation, echo: Echo) -> None:
    town.settle()
    for text in conversation.heard():
        echo(text)
