"""A message as Twilio stores it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from playground.addresses import Channel, channel_of
from playground.twilio_errors import FAILED_AT_TWILIO

RANK = {"queued": 0, "sent": 1, "delivered": 2, "undelivered": 2, "failed": 2, "read": 3}
"""A message's own status only moves up, whatever order its receipts travel in."""


@dataclass
class Message:
    """One message as Twilio stores it; sender and recipient are addresses."""

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
    def channel(self) -> Channel:
        """What it travels on."""
        return channel_of(self.recipient)

    @property
    def segments(self) -> int:
        """How many segments it takes."""
        return self.channel.segments(self.body)

    @property
    def course(self) -> tuple[str, ...]:
        """The statuses that its receipts will tell, first to last."""
        if self.doom is None:
            return self.channel.statuses
        return ("queued", "failed") if self.doom in FAILED_AT_TWILIO else ("queued", "sent", "undelivered")
