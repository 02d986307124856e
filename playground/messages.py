"""A text message as Twilio stores it, and how numbers stand in webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from playground import segments
from playground.core import country
from playground.twilio_errors import FAILED_AT_TWILIO

RANK = {"queued": 0, "sent": 1, "delivered": 2, "undelivered": 2, "failed": 2}
"""A message's own status only moves up, whatever order its receipts travel in."""


@dataclass
class Message:
    """One message as Twilio stores it."""

    sid: str
    sender: str
    recipient: str
    body: str
    direction: str
    status: str
    created: datetime
    callback: str = ""
    service: str | None = None
    media: tuple[str, ...] = ()
    doom: int | None = None
    error: int | None = None
    updated: datetime = field(init=False)
    sent: datetime | None = None

    def __post_init__(self) -> None:
        self.updated = self.created

    @property
    def segments(self) -> int:
        """How many SMS segments it takes."""
        return segments.count(self.body)

    @property
    def course(self) -> tuple[str, ...]:
        """The statuses that its receipts will tell, first to last."""
        if self.doom is None:
            return ("queued", "sent", "delivered")
        return ("queued", "failed") if self.doom in FAILED_AT_TWILIO else ("queued", "sent", "undelivered")


def place(side: str, number: str) -> dict[str, str]:
    """A number with its place, as webhooks carry it; of a Belgian mobile only the country is known."""
    return {
        side: number,
        f"{side}City": "",
        f"{side}State": "",
        f"{side}Zip": "",
        f"{side}Country": country(number),
    }
