"""People of the scenarios: what they see on their phones, and a counsellor at work."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask.testing import FlaskClient

import demo
from town import Town

AN, BEN = "+32470000001", "+32470000002"


@dataclass
class Writer:
    """Somebody with an old phone."""

    town: Town
    number: str = AN
    seen: int = 0

    def sms(self, text: str) -> list[str]:
        """Sends a text and waits; the texts that came back."""
        answer = self.town.network.phone(self.number).sms(text)
        assert answer.status == 200, answer
        return self.read()

    def read(self) -> list[str]:
        """The texts that came since the last look."""
        self.town.settle()
        fresh = self.town.network.phone(self.number).inbox[self.seen :]
        self.seen += len(fresh)
        return [message.body for message in fresh]


@dataclass
class WhatsApper(Writer):
    """The same telephone, with WhatsApp."""

    looked: int = 0

    def say(self, text: str) -> list[str]:
        """Sends a WhatsApp message and waits; the messages that came back."""
        answer = self.town.network.phone(self.number).whatsapp(text)
        assert answer.status == 200, answer
        return self.look()

    def look(self) -> list[str]:
        """The WhatsApp messages that came since the last look."""
        self.town.settle()
        fresh = self.town.network.phone(self.number).whatsapp_inbox[self.looked :]
        self.looked += len(fresh)
        return [message.body for message in fresh]


@dataclass
class Chatter:
    """Somebody on Telegram."""

    town: Town
    user_id: int = 4711
    seen: int = 0

    def say(self, text: str) -> list[str]:
        """Types; the messages that came back."""
        assert self.town.network.telegram(self.user_id).send(text).status == 200
        return self.read()

    def press(self, label: str) -> list[str]:
        """Presses a button of the newest message that has it; the messages that came back."""
        assert self.town.network.telegram(self.user_id).press(label).status == 200
        return self.read()

    def read(self) -> list[str]:
        """The messages that came since the last look."""
        self.town.settle()
        received = [m for m in self.town.network.telegram(self.user_id).messages if not m.from_me]
        fresh = received[self.seen :]
        self.seen += len(fresh)
        return [message.text for message in fresh]

    def buttons(self) -> list[str]:
        """The buttons under the newest message."""
        received = [m for m in self.town.network.telegram(self.user_id).messages if not m.from_me]
        return [button.text for row in received[-1].buttons for button in row]


class Counsellor:
    """A counsellor in the console, through its pages and forms, without JavaScript."""

    def __init__(self, town: Town) -> None:
        demo.prepare(town.house)
        self.web: FlaskClient = town.app.test_client()
        self.town = town
        self._submit("/console/login", {"login": demo.LOGIN, "password": demo.PASSWORD})

    def queue(self) -> str:
        """The page with everybody who waits."""
        return self.web.get("/console/").text

    def first_case(self) -> int:
        """The case on top."""
        found = re.search(r"/console/cases/(\d+)", self.queue())
        assert found is not None, "nobody waits"
        return int(found[1])

    def open(self, case: int) -> str:
        """The page of a case."""
        return self.web.get(f"/console/cases/{case}").text

    def claim(self, case: int) -> None:
        """Takes it."""
        self._submit(f"/console/cases/{case}", {}, action=f"/console/cases/{case}/claim")

    def reply(self, case: int, text: str, channel: str = "") -> None:
        """Answers, over the channel that the page proposes unless told."""
        fields = {"text": text} | ({"channel": channel} if channel else {})
        self._submit(f"/console/cases/{case}", fields, action=f"/console/cases/{case}/reply")

    def close(self, case: int) -> None:
        """Gives it back to the bot."""
        fields = {"outcome": "helped"}
        self._submit(f"/console/cases/{case}", fields, action=f"/console/cases/{case}/close")

    def _submit(self, page: str, fields: dict[str, str], *, action: str = "") -> None:
        """Fills in a form of a page as a browser does: with everything that stands in it already."""
        form = _form(self.web.get(page).text, action or page)
        answer = self.web.post(action or page, data={**form, **fields})
        assert answer.status_code in (302, 303), answer.text


def _form(page: str, action: str) -> dict[str, str]:
    """The fields of the form that goes to ``action``, with the values the page gives them."""
    forms = re.findall(r"<form\b([^>]*)>(.*?)</form>", page, re.S)
    inner = next(body for head, body in forms if f'action="{action}' in head or "action=" not in head)
    hidden = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', inner))
    picked = re.search(r'<select[^>]*name="([^"]+)".*?<option[^>]*value="([^"]+)"[^>]*selected', inner, re.S)
    return hidden | ({picked[1]: picked[2]} if picked else {})
