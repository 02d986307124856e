"""What SMS and WhatsApp share of Twilio: its Messages resource, and what comes with a message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from twilio.base.exceptions import TwilioRestException
from twilio.twiml.messaging_response import MessagingResponse

from channels import twilio
from channels.cleaning import clean, number

MOST_MEDIA = 10
"""Attachments of one message, as Twilio allows."""

NEWEST = 50
"""Messages to one address that are looked through for one whose sending had no end."""


class Texts:
    """Twilio's messages, sent from an account of ours."""

    def __init__(self, account: twilio.Account) -> None:
        self._receipts = f"{account.public_url}/receipts"
        self._client = twilio.client(account)

    async def send(self, to: str, sender: str, body: str) -> str:
        """Hands over one message; Twilio's sid of it. Raises SendError."""
        return await asyncio.to_thread(self._send, to, sender, body)

    def _send(self, to: str, sender: str, body: str) -> str:
        try:
            sent = self._client.messages.create(to=to, from_=sender, body=body, status_callback=self._receipts)
        except TwilioRestException as error:
            raise twilio.error_of(error) from error
        return str(sent.sid)

    async def find(self, to: str, sender: str, body: str, first_tried_at: datetime | None) -> Sequence[str]:
        """The sids of the same words to the same address since the first try. Raises SendError."""
        return await asyncio.to_thread(self._find, to, sender, body, twilio.since(first_tried_at))

    def _find(self, to: str, sender: str, body: str, since: datetime) -> list[str]:
        try:
            newest = self._client.messages.list(to=to, from_=sender, limit=NEWEST)
        except TwilioRestException as error:
            raise twilio.error_of(error) from error
        return [str(found.sid) for found in newest if found.body == body and (found.date_created or since) >= since]


def nothing() -> str:
    """What Twilio is answered: nothing to send now, the outbox does that."""
    return str(MessagingResponse())


def attached(form: Mapping[str, str]) -> list[tuple[str, str]]:
    """Address and content type of each thing that came with a message."""
    rows = range(number(form.get("NumMedia", "0"), MOST_MEDIA) or 0)
    return [(clean(form.get(f"MediaUrl{n}"), 500), clean(form.get(f"MediaContentType{n}"), 100)) for n in rows]
