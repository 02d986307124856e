"""SMS, over Twilio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.messages import OPTED_OUT, Inbound, Kind, Media, Mode, Outbound, Unreadable, Urn
from channels import texting, twilio
from channels.cleaning import clean, identifier
from channels.segments import Pieces, plain_signs

OPT_OUT = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
"""Single words at which Twilio itself stops sending (Twilio documentation: opt-out keywords)."""


class Sms:
    """The SMS channel."""

    name = "sms"
    mode = Mode.TEXT
    scheme = "tel"
    fetches = False
    measure = Pieces()
    window = None

    def __init__(self, account: twilio.Account) -> None:
        self.account = account.number
        self.twilio_account = account
        self._texts = texting.Texts(account)

    def verify(self, path: str, form: Mapping[str, Any], signature: str) -> bool:
        """Whether Twilio signed it."""
        return twilio.verify(self.twilio_account, path, form, signature)

    def parse(self, form: Mapping[str, str]) -> Inbound:
        """A message in from Twilio's form. Raises Unreadable."""
        sid, sender = identifier(form.get("MessageSid")), form.get("From", "")
        if not sid or not twilio.is_number(sender):
            raise Unreadable("no sid or sender")
        media = tuple(Media("photo", *thing) for thing in texting.attached(form))
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
        """What Twilio is answered."""
        return texting.nothing()

    async def send(self, message: Outbound) -> str:
        """Hands over one message; Twilio's sid of it. Raises SendError."""
        return await self._texts.send(message.urn.path, message.account, self.render(message))

    async def find(self, message: Outbound) -> Sequence[str]:
        """The sids of the same words to the same number since the first try. Raises SendError."""
        return await self._texts.find(message.urn.path, message.account, self.render(message), message.first_tried_at)
