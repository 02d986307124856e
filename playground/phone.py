"""One person's telephone: text messages, WhatsApp and calls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from playground.addresses import SMS, WHATSAPP, Channel
from playground.call import Call
from playground.telephone import ANONYMOUS
from playground.values import Answer, NotNowError, Sms

if TYPE_CHECKING:
    from playground.telephone import Exchange
    from playground.texting import Texting

NUMBER = re.compile(r"\+\d{7,15}")


class Phone:
    """The telephone of one number in E.164 form, or one that hides its number."""

    def __init__(self, number: str, texting: Texting, exchange: Exchange) -> None:
        if number not in ANONYMOUS and not NUMBER.fullmatch(number):
            raise ValueError("a phone needs a number such as +32470000001")
        self.number = number
        self.name = "An"
        """What the person is called in WhatsApp; it may change at any time."""
        self._texting = texting
        self._exchange = exchange

    @property
    def inbox(self) -> list[Sms]:
        """The text messages it received, oldest first; the latest 500."""
        return self._texting.inbox(SMS.address(self.number))

    @property
    def whatsapp_inbox(self) -> list[Sms]:
        """The WhatsApp messages it received, oldest first; the latest 500."""
        return self._texting.inbox(WHATSAPP.address(self.number))

    @property
    def ringing(self) -> list[Call]:
        """The calls that ring here now."""
        return self._exchange.ringing(self.number)

    def sms(self, text: str, *, media: Sequence[str] = ()) -> Answer:
        """Send a text to the application's number; `media` are content types ("image/jpeg")."""
        return self._send(SMS, text, media)

    def sms_again(self) -> Answer:
        """The last text's webhook once more, exactly: Twilio's retry."""
        return self._texting.again(SMS.address(self.number))

    def whatsapp(self, text: str, *, media: Sequence[str] = ()) -> Answer:
        """Send a WhatsApp message to the application; `media` is the content type of one file at most."""
        return self._send(WHATSAPP, text, media)

    def whatsapp_again(self) -> Answer:
        """The last WhatsApp message's webhook once more, exactly: Twilio's retry."""
        return self._texting.again(WHATSAPP.address(self.number))

    def call(self) -> Call:
        """Ring the application's number; returns when the line waits for something, or is over."""
        return self._exchange.dial_in(self.number)

    def answer(self, call: Call | None = None) -> Call:
        """Pick up a call that rings here, the first one unless told."""
        return self.pick_up(call)

    def pick_up(self, call: Call | None = None) -> Call:
        """Pick up a call that rings here, the first one unless told."""
        found = call or self._first()
        found.pick_up()
        return found

    def decline(self, call: Call | None = None) -> Call:
        """Refuse a call that rings here, the first one unless told."""
        found = call or self._first()
        found.decline()
        return found

    def _send(self, channel: Channel, text: str, media: Sequence[str]) -> Answer:
        if self.number in ANONYMOUS:
            raise NotNowError("a hidden number sends no messages")
        if len(media) > channel.attachments:
            raise NotNowError(f"a message holds {channel.attachments} at most")
        return self._texting.send(channel.address(self.number), text, media, self.name)

    def _first(self) -> Call:
        ringing = self.ringing
        if not ringing:
            raise NotNowError("this phone does not ring")
        return ringing[0]
