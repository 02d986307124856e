"""Which channels there are: those whose settings are complete. A new channel is one file and one line here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.config import Settings
from channels import twilio
from channels.sms import Sms
from channels.telegram import Telegram
from channels.voice import Telephone
from channels.whatsapp import WhatsApp

Channel = Sms | Telephone | Telegram | WhatsApp


@dataclass(frozen=True, slots=True)
class Registry:
    """The channels that are on."""

    sms: Sms | None = None
    voice: Telephone | None = None
    telegram: Telegram | None = None
    whatsapp: WhatsApp | None = None

    @property
    def texting(self) -> Sms | WhatsApp | None:
        """Either of the channels that write over Twilio: both are told by the same receipts."""
        return self.sms if self.sms is not None else self.whatsapp

    def __iter__(self) -> Iterator[Channel]:
        every = (self.sms, self.voice, self.telegram, self.whatsapp)
        return (channel for channel in every if channel is not None)


def twilio_account(settings: Settings) -> twilio.Account:
    """Our account at Twilio, from the settings."""
    return twilio.Account(
        sid=settings.twilio_account_sid,
        token=settings.twilio_auth_token.get_secret_value(),
        number=settings.twilio_number,
        public_url=settings.public_url,
        api_url=settings.twilio_api_url,
    )


def from_settings(settings: Settings) -> Registry:
    """The channels that the settings switch on."""
    account = twilio_account(settings)
    telegram = Telegram(
        settings.telegram_token.get_secret_value(),
        settings.telegram_secret.get_secret_value(),
        settings.telegram_api_url,
    )
    return Registry(
        sms=Sms(account) if settings.twilio else None,
        voice=Telephone(account) if settings.twilio else None,
        telegram=telegram if settings.telegram else None,
        whatsapp=WhatsApp(replace(account, number=settings.twilio_whatsapp_number)) if settings.whatsapp else None,
    )
