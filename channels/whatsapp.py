"""WhatsApp, over Twilio: the same messages as SMS, between addresses that begin with ``whatsapp:``.

Choices are a numbered list, which every telephone shows; buttons would need texts that WhatsApp approved before.
Whoever wrote to us can be answered for 24 hours (``WINDOW``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.messages import ACTION, Choice, Inbound, Kind, Media, Mode, Outbound, Unreadable, Urn
from channels import texting, twilio
from channels.cleaning import clean, identifier

WINDOW = timedelta(hours=24)
"""Since the last message in, in which free words are delivered (Twilio documentation: WhatsApp, customer service
window; error 63016)."""

_KINDS: Mapping[str, str] = {"image": "photo", "audio": "voice_note", "video": "video"}
"""What sort of thing came, by the first part of its content type; anything else is a document."""


class WhatsApp:
    """The WhatsApp channel."""

    name = "whatsapp"
    mode = Mode.CHAT
    scheme = "whatsapp"
    fetches = False
    measure = None
    window = WINDOW

    def __init__(self, account: twilio.Account) -> None:
        self.account = twilio.WHATSAPP + account.number
        self.twilio_account = account
        self._texts = texting.Texts(account)

    def verify(self, path: str, form: Mapping[str, Any], signature: str) -> bool:
        """Whether Twilio signed it."""
        return twilio.verify(self.twilio_account, path, form, signature)

    def parse(self, form: Mapping[str, str]) -> Inbound:
        """A message in from Twilio's form. The number behind it is the same person's. Raises Unreadable."""
        sid, sender = identifier(form.get("MessageSid")), form.get("From", "").removeprefix(twilio.WHATSAPP)
        if not sid or not form.get("From", "").startswith(twilio.WHATSAPP) or not twilio.is_number(sender):
            raise Unreadable("no sid or sender")
        media = tuple(_thing(*thing) for thing in texting.attached(form)) or _place(form)
        text = clean(form.get("Body", ""))
        return Inbound(
            channel=self.name,
            account=identifier(form.get("To")) or self.account,
            provider_id=sid,
            urn=Urn("whatsapp", sender),
            also=Urn("tel", sender),
            kind=Kind.MEDIA if media and not text else Kind.TEXT,
            text=text,
            media=media,
        )

    def render(self, message: Outbound) -> str:
        """The words as they are sent, and below them what can be answered, each with its digit. What has none and is no
        answer is named by the words themselves (MENU)."""
        rows = [_row(choice) for choice in message.choices if choice.key or not choice.id.startswith(ACTION)]
        return "\n".join([message.text, "", *rows]) if rows else message.text

    def answer(self) -> str:
        """What Twilio is answered."""
        return texting.nothing()

    async def send(self, message: Outbound) -> str:
        """Hands over one message; Twilio's sid of it. Raises SendError."""
        return await self._texts.send(twilio.WHATSAPP + message.urn.path, message.account, self.render(message))

    async def find(self, message: Outbound) -> Sequence[str]:
        """The sids of the same words to the same number since the first try. Raises SendError."""
        return await self._texts.find(
            twilio.WHATSAPP + message.urn.path, message.account, self.render(message), message.first_tried_at
        )


def _row(choice: Choice) -> str:
    return f"{choice.key}. {choice.label}" if choice.key else f"• {choice.label}"


def _thing(address: str, content_type: str) -> Media:
    return Media(_KINDS.get(content_type.partition("/")[0], "document"), address, content_type)


def _place(form: Mapping[str, str]) -> tuple[Media, ...]:
    """A place that was shared: where it is, as "latitude,longitude"."""
    latitude, longitude = identifier(form.get("Latitude")), identifier(form.get("Longitude"))
    return (Media("location", f"{latitude},{longitude}"),) if latitude and longitude else ()
