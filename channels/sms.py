"""SMS, over Twilio."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from twilio.base.exceptions import TwilioRestException
from twilio.twiml.messaging_response import MessagingResponse

from bot.messages import OPTED_OUT, Inbound, Kind, Media, Mode, Outbound, Unreadable, Urn
from channels import twilio
from channels.cleaning import clean, identifier, number
from channels.segments import Pieces, plain_signs

OPT_OUT = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
"""Single words at which Twilio itself stops sending (Twilio documentation: opt-out keywords)."""

MOST_MEDIA = 10
"""Attachments of one message, as Twilio allows."""


class Sms:
    """The SMS channel."""

    name = "sms"
    mode = Mode.TEXT
    scheme = "tel"
    fetches = False
    measure = Pieces()

    def __init__(self, account: twilio.Account) -> None:
        self.account = account.number
        self.twilio_account = account
        self._client = twilio.client(account)

    def verify(self, path: str, form: Mapping[str, Any], signature: str) -> bool:
        """Whether Twilio signed it."""
        return twilio.verify(self.twilio_account, path, form, signature)

    def parse(self, form: Mapping[str, str]) -> Inbound:
        """A message in from Twilio's form. Raises Unreadable."""
        sid, sender = identifier(form.get("MessageSid")), form.get("From", "")
        if not sid or not twilio.is_number(sender):
            raise Unreadable("no sid or sender")
        media = _media(form)
        text = clean(form.get("Body", ""))
        opted_out = form.get("OptOutType") == "STOP" or text.casefold() in OPT_OUT
        return Inbound(
            channel=self.name,
            account=identifier(form.get("To")) or self.account,
            provider_id=sid,
            urn=Urn("tel", sender),
            kind=Kind.MEDIA if media and not text else Kind.TEXT,
            text=text,
            payload=OPTED_OUT if opted_out else "",
            media=media,
        )

    def render(self, message: Outbound) -> str:
        """The words as they are sent."""
        return plain_signs(message.text)

    def answer(self) -> str:
        """What Twilio is answered: nothing to send now, the outbox does that."""
        return str(MessagingResponse())

    async def send(self, message: Outbound) -> str:
        """Hands over one message; Twilio's sid of it. Raises SendError."""
        return await asyncio.to_thread(self._send, message)

    def _send(self, message: Outbound) -> str:
        try:
            sent = self._client.messages.create(
                to=message.urn.path,
                from_=message.account,
                body=self.render(message),
                status_callback=f"{self.twilio_account.public_url}/receipts",
            )
        except TwilioRestException as error:
            raise twilio.error_of(error) from error
        return str(sent.sid)

    async def find(self, message: Outbound) -> Sequence[str]:
        """The sids of the same words to the same number since the first try. Raises SendError."""
        return await asyncio.to_thread(self._find, message)

    def _find(self, message: Outbound) -> list[str]:
        body = self.render(message)
        try:
            newest = self._client.messages.list(to=message.urn.path, from_=message.account, limit=50)
        except TwilioRestException as error:
            raise twilio.error_of(error) from error
        since = twilio.since(message.first_tried_at)
        return [str(found.sid) for found in newest if found.body == body and (found.date_created or since) >= since]


def _media(form: Mapping[str, str]) -> tuple[Media, ...]:
    rows = range(number(form.get("NumMedia", "0"), MOST_MEDIA) or 0)
    return tuple(
        Media("photo", clean(form.get(f"MediaUrl{n}"), 500), clean(form.get(f"MediaContentType{n}"), 100)) for n in rows
    )
