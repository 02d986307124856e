"""The worker's errands: fetches the files that contacts sent, tries again for a while, says when it is in vain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Protocol

import structlog

from bot.attachments import LARGEST
from bot.messages import Permanent, Retry, SendError
from bot.outbox import wait
from bot.service import attachments
from bot.service.attachments import MOST_TRIES, Wanted
from bot.service.house import House

AT_ONCE = 2
"""Files on their way at the same time: each may be ten megabytes, and a picture to draw."""

IDLE = 0.5
"""Seconds between looks for a file to fetch."""

STORE_AWAY = 2.0

log = structlog.get_logger("fetching")


class Fetches(Protocol):
    """What is needed of a channel over which files come."""

    async def fetch_file(self, reference: str, most: int) -> bytes:
        """A file, of at most ``most`` bytes. Raises SendError; Permanent with reason ``too_large`` for a larger one."""
        ...


class Fetching:
    """One worker. ``chance`` gives a number in [0, 1) for the jitter."""

    def __init__(self, house: House, channels: Mapping[str, Fetches], chance: Callable[[], float]) -> None:
        self._house = house
        self._channels = channels
        self._chance = chance

    async def drain(self) -> int:
        """Fetches what is due now; how many tries that took."""
        tried = 0
        while due := await asyncio.to_thread(attachments.take, self._house, tuple(self._channels), AT_ONCE):
            await asyncio.gather(*(self._fetch(wanted) for wanted in due))
            tried += len(due)
        return tried

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop``. A store that is away for a moment does not end it."""
        while not stop.is_set():
            try:
                await self.drain()
                await _rest(stop, IDLE)
            except Exception:
                log.exception("fetching_failed")
                await _rest(stop, STORE_AWAY)

    async def _fetch(self, wanted: Wanted) -> None:
        if wanted.tries > MOST_TRIES:  # whoever fetched it died of it, again and again
            await asyncio.to_thread(attachments.never, self._house, wanted, Permanent("gave_up"))
            return
        try:
            content = await self._channels[wanted.channel].fetch_file(wanted.reference, LARGEST)
            await asyncio.to_thread(attachments.keep, self._house, wanted, content)
        except SendError as error:
            await self._failed(wanted, error)
        except Exception:
            log.exception("fetch_crashed", attachment_id=wanted.id)
            await self._failed(wanted, Retry("crashed"))
        else:
            log.info("fetched", attachment_id=wanted.id)

    async def _failed(self, wanted: Wanted, error: SendError) -> None:
        log.warning("fetch_failed", attachment_id=wanted.id, reason=error.reason, code=error.code)
        if not error.retryable or wanted.tries >= MOST_TRIES:
            final = error if not error.retryable else Permanent("gave_up", code=error.code)
            await asyncio.to_thread(attachments.never, self._house, wanted, final)
            return
        at = self._house.now() + timedelta(seconds=wait(wanted.tries, error.retry_after, self._chance()))
        await asyncio.to_thread(attachments.later, self._house, wanted, at)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
