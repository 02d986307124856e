"""Twilio's addresses: a number, or `whatsapp:` and a number; and all that differs between the two. Pure.

Sources: Twilio's pages "Twilio's request to your incoming message webhook", "WhatsApp: key concepts" and
"Track message status".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import phonenumbers

from playground import segments


def country(number: str) -> str:
    """The two letters of a number's country; empty when it has none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    except phonenumbers.NumberParseException:
        return ""


def place(side: str, number: str) -> dict[str, str]:
    """A number with its place, as webhooks carry it; of a Belgian mobile only the country is known."""
    return {
        side: number,
        f"{side}City": "",
        f"{side}State": "",
        f"{side}Zip": "",
        f"{side}Country": country(number),
    }


@dataclass(frozen=True, eq=False)
class Channel:
    """What differs between the channels that messages travel on.

    `door` is the application's; `parties` makes the parameters of its webhook that say who writes to whom, from the
    two addresses, the name in the person's profile and the content types of what is attached. `statuses` are what
    becomes of a message that arrives, `wrong_sender` refuses one from an address that is not ours, `keywords` are
    Twilio's own (STOP …), `attachments` is how many one message holds, and `marks` stand in every receipt.
    """

    name: str
    scheme: str
    prefix: str
    door: str
    segments: Callable[[str], int]
    parties: Callable[[str, str, str, Sequence[str]], dict[str, str]]
    statuses: tuple[str, ...]
    wrong_sender: int
    keywords: bool = False
    attachments: int = 10
    window: timedelta | None = None
    """How long after a person's last message free words still reach them; None where they always do."""
    marks: Mapping[str, str] = field(default_factory=dict)

    def address(self, number: str) -> str:
        """A number's address on this channel."""
        return self.prefix + number

    def number(self, address: str) -> str:
        """The number of an address on this channel."""
        return address.removeprefix(self.prefix)

    def owner(self, address: str) -> str:
        """Whose events these are, as the feed names it."""
        return f"{self.scheme}:{self.number(address)}"


def _places(sender: str, recipient: str, _profile: str, _media: Sequence[str]) -> dict[str, str]:
    return place("From", sender) | place("To", recipient)


def _profiles(sender: str, recipient: str, profile: str, media: Sequence[str]) -> dict[str, str]:
    kind = media[0].partition("/")[0] if media else "text"
    return {
        "From": sender,
        "To": recipient,
        "ProfileName": profile,
        "WaId": sender.rpartition("+")[2],
        "MessageType": kind if kind in MESSAGE_TYPES else "document",
    }


MESSAGE_TYPES = frozenset({"text", "image", "audio", "video"})
ARRIVES = ("queued", "sent", "delivered")
SMS = Channel(
    name="sms",
    scheme="tel",
    prefix="",
    door="/sms",
    segments=segments.count,
    parties=_places,
    statuses=ARRIVES,
    wrong_sender=21606,
    keywords=True,
)
WHATSAPP = Channel(
    name="whatsapp",
    scheme="whatsapp",
    prefix="whatsapp:",
    door="/whatsapp",
    segments=lambda _text: 1,
    parties=_profiles,
    statuses=(*ARRIVES, "read"),
    wrong_sender=63007,
    attachments=1,
    window=timedelta(hours=24),
    marks={"ChannelPrefix": "whatsapp"},
)


def channel_of(address: str) -> Channel:
    """The channel that an address belongs to."""
    return WHATSAPP if address.startswith(WHATSAPP.prefix) else SMS
