"""What people and tests see of the town: plain values without behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


class NotNowError(ValueError):
    """The person cannot do this now: no such button, a dead line, a blocked bot."""


@dataclass(frozen=True)
class Accounts:
    """What the application is configured with as well: both sides of the wire know these secrets.

    `number` is for SMS and calls; `whatsapp` is the number of its WhatsApp sender, empty where it has none.
    """

    account_sid: str
    auth_token: str
    number: str
    telegram_token: str
    telegram_secret: str
    messaging_service_sid: str | None = None
    whatsapp: str = ""


@dataclass(frozen=True)
class Answer:
    """What a door answered. Status 0: nobody answered, also not at the second try."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the door took what it was sent."""
        return 200 <= self.status < 300

    def header(self, name: str) -> str:
        """The value of a header, whatever its capitals; empty when absent."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


@dataclass(frozen=True)
class DoorError:
    """A door that did not answer as the provider wants: path, HTTP status, the provider's code, why."""

    door: str
    status: int
    code: int
    reason: str


@dataclass(frozen=True)
class Sms:
    """A message as a phone received it, by SMS or by WhatsApp."""

    sid: str
    body: str
    status: str
    segments: int
    at: datetime


@dataclass(frozen=True)
class Heard:
    """One thing that happened on the line.

    Kind: say, play, pause, record, dial, error, hangup, or "you" for what the person did. Rate is
    the speech rate asked for ("85%"); code is Twilio's error code where kind is error.
    """

    kind: str
    text: str = ""
    language: str | None = None
    voice: str | None = None
    rate: str | None = None
    code: int | None = None


@dataclass(frozen=True)
class Button:
    """A button under a Telegram message. Kind: callback, text (a reply keyboard), contact or url."""

    text: str
    data: str = ""
    kind: str = "callback"


@dataclass(frozen=True)
class TelegramMessage:
    """A message in a Telegram chat; `from_me` is true for the person's own. `html` is safe to show."""

    message_id: int
    text: str
    html: str
    buttons: list[list[Button]]
    edited: bool
    at: datetime
    from_me: bool
