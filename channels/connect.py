"""Points a real number and a real bot at our doors, and says what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from telegram import BotCommand
from telegram.error import TelegramError
from twilio.base.exceptions import TwilioRestException

from bot.catalogues import N_
from bot.messages import SendError
from channels import twilio
from channels.telegram import ALLOWED_UPDATES, Telegram


class NotConnected(Exception):
    """The provider did not let us: the message says what it answered."""


TWILIO_DOORS: Mapping[str, str] = {
    "sms_url": "/sms#rc=3&rp=all",
    "sms_fallback_url": "/sms",
    "voice_url": "/voice",
    "voice_fallback_url": "/voice/fallback",
    "status_callback": "/receipts",
}
"""Attributes of Twilio's IncomingPhoneNumber, and our door behind each.

A text message is brought only once unless it is asked otherwise (Twilio documentation: connection overrides, in the
fragment): three more tries, and the same door again as fallback, where a message that was stored is not stored twice.
"""


def twilio_number(account: twilio.Account) -> list[str]:
    """Sets the addresses of our number; a line for each that changed. Raises NotConnected."""
    try:
        found = twilio.client(account).incoming_phone_numbers.list(phone_number=account.number, limit=1)
        if not found:
            raise NotConnected("this Twilio account has no such number (TWILIO_NUMBER)")
        wanted = {name: account.public_url + door for name, door in TWILIO_DOORS.items()}
        lines = list(_changes(found[0], wanted))
        methods = {name.removesuffix("_url") + "_method": "POST" for name in TWILIO_DOORS}
        found[0].update(**wanted, **methods)
    except TwilioRestException as error:
        raise NotConnected(f"Twilio answered {error.status}, code {error.code}") from error
    except SendError as error:
        raise NotConnected(f"Twilio: {error.reason} {error.code}".strip()) from error
    return lines or ["Nothing changed: the number points here already."]


def _changes(number: Any, wanted: Mapping[str, str]) -> Iterator[str]:
    for name, address in wanted.items():
        before = getattr(number, name) or "nothing"
        if before != address:
            yield f"{name}: {address}  (was {before})"


COMMANDS: Mapping[str, str] = {
    "start": N_("beginnen of verdergaan"),
    "mens": N_("een mens spreken"),
    "terug": N_("vorige vraag"),
    "taal": N_("andere taal"),
    "stop": N_("stoppen"),
}


def commands(languages: Sequence[str], words: Callable[[str, str], str]) -> dict[str, list[BotCommand]]:
    """The bot's menu in each language."""
    return {
        language: [BotCommand(name, words(language, text)) for name, text in COMMANDS.items()] for language in languages
    }


async def telegram_bot(channel: Telegram, public_url: str, menu: Mapping[str, Sequence[BotCommand]]) -> list[str]:
    """Sets the webhook with its secret, and the menu; a line for each thing that changed. Raises NotConnected."""
    address = f"{public_url}/telegram"
    try:
        before = await channel.bot.get_webhook_info()
        await channel.bot.set_webhook(address, secret_token=channel.secret, allowed_updates=list(ALLOWED_UPDATES))
        for language, entries in menu.items():
            await channel.bot.set_my_commands(list(entries), language_code=language)
        await channel.bot.set_my_commands(list(next(iter(menu.values()))))
    except TelegramError as error:
        raise NotConnected(f"Telegram answered: {error.message}") from error
    finally:
        await channel.close()
    return [
        f"webhook: {address}  (was {before.url or 'nothing'}), with the secret token",
        f"updates: {', '.join(ALLOWED_UPDATES)}",
        f"menu: {', '.join('/' + name for name in COMMANDS)} in {', '.join(menu)}",
    ]
