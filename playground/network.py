"""The whole town behind one door: accounts, phones, chats, faults, and what is on its way."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from playground.addresses import WHATSAPP
from playground.core import PHONES, build_core, keep
from playground.faults import Faults, Receipts
from playground.line import Line
from playground.phone import Phone
from playground.recordings import Recordings
from playground.telegram import Bot
from playground.telegram_methods import call
from playground.telegram_user import TelegramUser
from playground.telephone import Exchange
from playground.texting import Texting
from playground.values import Accounts, DoorError
from playground.wire import Transport, over_http

POLL_SECONDS = 0.01


class Network:
    """A telephone network and a Telegram on one machine, for one application.

    `app_url` is the application's public URL, without a slash at its end. Live, receipts travel by
    themselves with small delays; otherwise nothing happens until `deliver()`. `transport` carries the
    webhooks: real HTTP unless told.
    """

    def __init__(self, accounts: Accounts, app_url: str, *, live: bool, transport: Transport | None = None) -> None:
        self.accounts = accounts
        self.app_url = app_url.rstrip("/")
        self.live = live
        self.core = build_core(accounts, self.app_url, live=live, transport=transport or over_http)
        self._build()

    def _build(self) -> None:
        now = self.core.clock()
        whatsapp = [WHATSAPP.address(self.accounts.whatsapp)] if self.accounts.whatsapp else []
        lines = [
            Line(address, self.accounts.account_sid, self.app_url, now) for address in (self.accounts.number, *whatsapp)
        ]
        self.line = lines[0]
        self.texting = Texting(self.core, lines)
        self.exchange = Exchange(self.core, self.line)
        self.bot = Bot(self.core)
        self.bot.carry_out = partial(call, self.bot)
        self._phones: OrderedDict[str, Phone] = OrderedDict()
        self._users: OrderedDict[int, TelegramUser] = OrderedDict()

    @property
    def faults(self) -> Faults:
        """What goes wrong with coming calls of the providers' APIs."""
        return self.core.faults

    @property
    def receipts(self) -> Receipts:
        """How receipts travel."""
        return self.core.receipts

    @property
    def recordings(self) -> Recordings:
        """What was recorded; its `late` makes the sound of new ones answer 404 so many times first."""
        return self.exchange.recordings

    @property
    def twilio_url(self) -> str:
        """Where Twilio's REST API is reached (TWILIO_API_URL). Set it where the playground has its own server."""
        return self.core.api_url

    @twilio_url.setter
    def twilio_url(self, url: str) -> None:
        self.core.api_url = url

    @property
    def door_errors(self) -> list[DoorError]:
        """Every answer of the application that its provider would have complained about."""
        return list(self.core.door_errors)

    @property
    def twilio_keywords(self) -> bool:
        """Whether Twilio itself heeds STOP, START and HELP, as it does by default."""
        return self.texting.keywords

    @twilio_keywords.setter
    def twilio_keywords(self, on: bool) -> None:
        self.texting.keywords = on

    def phone(self, number: str) -> Phone:
        """The phone of a number; "anonymous" or "+266696687" hides its number."""
        with self.core.lock:
            known = self._phones.get(number)
            made = known or Phone(number, self.texting, self.exchange)
            return known or keep(self._phones, number, made, PHONES)

    def telegram(self, user_id: int, *, first_name: str = "An", language_code: str = "nl") -> TelegramUser:
        """The Telegram of one person; name and language count at first sight."""
        with self.core.lock:
            known = self._users.get(user_id)
            made = known or TelegramUser(self.bot, user_id, first_name, language_code)
            return known or keep(self._users, user_id, made, PHONES)

    def deliver(self) -> int:
        """Send all webhooks and receipts that are due, in this thread; returns how many requests went."""
        return self.core.post.deliver()

    def release(self) -> None:
        """Let go of the receipts that were held."""
        self.core.receipts.release()

    def wait_until(self, predicate: Callable[[], object], timeout: float = 5.0) -> bool:
        """Live: wait until something is so, at most `timeout` seconds; returns whether it is."""
        until = time.monotonic() + timeout
        while not predicate():
            if time.monotonic() > until:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def reset(self) -> None:
        """An empty town again: nothing on its way, and phones taken before belong to the old one."""
        self.core.post.clear()
        self.core.receipts.reset()
        self.core.faults.clear()
        self.core.feed.clear()
        self.core.door_errors.clear()
        self._build()

    def close(self) -> None:
        """Stop what runs in the background."""
        self.core.post.close()
