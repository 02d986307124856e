"""The worker: claims messages, hands them to their channels, records what became of them, backs off.

At least once: a message is marked as sent only after its provider took it. After a try whose end nobody saw, the
provider is asked first whether it has the message.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import structlog

from bot.messages import ContactStopped, Outbound, Permanent, Sender, SendError, Uncertain
from bot.service import outbox, rounds
from bot.service.house import House
from bot.store.engine import AWAY

FIRST_WAIT = 2.0
LONGEST_WAIT = 1800.0
"""Seconds between tries: doubled each time, up to half an hour."""

AT_ONCE = 20
"""Messages on their way at the same time."""

IDLE = 0.2
"""Seconds between looks into an empty outbox."""

BETWEEN_ROUNDS = 15.0
"""Seconds between looks for what goes out by itself."""

STORE_AWAY = 2.0
"""Seconds to wait when the store does not answer."""

RECORDING_PAUSES = (0.2, 0.5, 1.0, 3.0, 10.0, 20.0)
"""Seconds between tries to record what was sent; together less than a lease."""

MOST_CRASHES = 5

log = structlog.get_logger("outbox")


class Outbox:
    """One worker. ``chance`` gives a number in [0, 1) for the jitter."""

    def __init__(self, house: House, senders: Mapping[str, Sender], chance: Callable[[], float]) -> None:
        self._house = house
        self._senders = senders
        self._chance = chance

    async def drain(self) -> int:
        """Sends all that is due now, and what that makes due; how many tries that took."""
        tried = 0
        while batch := await self._take(AT_ONCE):
            await asyncio.gather(*(self._send(message) for message in batch))
            tried += len(batch)
        return tried

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop``; then finishes what is on its way."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=2 * AT_ONCE))
        under_way: set[asyncio.Task[None]] = set()
        while not stop.is_set():
            batch = await self._take_or_rest(AT_ONCE - len(under_way))
            under_way |= {asyncio.create_task(self._send(message)) for message in batch}
            under_way = {task for task in under_way if not task.done()}
            if not batch:
                await _rest(stop)
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _take(self, limit: int) -> list[Outbound]:
        return await asyncio.to_thread(outbox.take, self._house, tuple(self._senders), limit)

    async def _take_or_rest(self, limit: int) -> list[Outbound]:
        """A store that is away for a moment does not end the worker."""
        try:
            return await self._take(limit) if limit else []
        except Exception:
            log.exception("outbox_take_failed")
            await asyncio.sleep(STORE_AWAY)
            return []

    async def _send(self, message: Outbound) -> None:
        try:
            provider_id = await self._handed_over(message)
        except SendError as error:
            await self._failed(message, error)
        except Exception:
            log.exception("send_crashed", message_id=message.id, channel=message.channel)
            await self._failed(message, await self._crashed(message))
        else:
            await self._record(message, provider_id)
            log.info("sent", message_id=message.id, channel=message.channel)

    async def _record(self, message: Outbound, provider_id: str) -> None:
        """Keeps what the provider took. A store that is away for a moment must not make it be sent again."""
        for pause in RECORDING_PAUSES:
            try:
                await asyncio.to_thread(outbox.sent, self._house, message, provider_id)
            except AWAY:
                log.warning("record_failed", message_id=message.id)
                await asyncio.sleep(pause)
            else:
                return
        log.error("record_given_up", message_id=message.id, channel=message.channel)

    async def _crashed(self, message: Outbound) -> SendError:
        """A mistake of ours: tried a few times, then people are told; it must not hold back what comes after it."""
        tries = await asyncio.to_thread(outbox.tries, self._house, message)
        return Uncertain("crashed") if tries < MOST_CRASHES else Permanent("crashed")

    async def _handed_over(self, message: Outbound) -> str:
        sender = self._senders[message.channel]
        if message.uncertain:
            candidates = await sender.find(message)
            found = await asyncio.to_thread(outbox.unknown, self._house, message.channel, candidates)
            if found is not None:
                return found
        return await sender.send(message)

    async def _failed(self, message: Outbound, error: SendError) -> None:
        log.warning(
            "send_failed",
            message_id=message.id,
            channel=message.channel,
            reason=error.reason,
            code=error.code,
            retryable=error.retryable,
        )
        if not error.retryable:
            stopped = isinstance(error, ContactStopped)
            await asyncio.to_thread(outbox.never, self._house, message, error, stopped=stopped)
            return
        tries = await asyncio.to_thread(outbox.tries, self._house, message)
        at = self._house.now() + timedelta(seconds=wait(tries, error.retry_after, self._chance()))
        uncertain = isinstance(error, Uncertain)
        await asyncio.to_thread(outbox.later, self._house, message, error, at, uncertain=uncertain)


class Rounds:
    """What goes out by itself is put into the outbox, again and again."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def run(self, stop: asyncio.Event) -> None:
        """Goes round until ``stop``. A store that is away for a moment does not end it."""
        while not stop.is_set():
            try:
                await asyncio.to_thread(rounds.go, self._house)
            except Exception:
                log.exception("round_failed")
            await _rest(stop, BETWEEN_ROUNDS)


def wait(tries: int, retry_after: float | None, chance: float) -> float:
    """Seconds to wait after the ``tries``-th try: what the provider asks, or doubling; up to half of that more."""
    doubled = min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)
    asked = doubled if retry_after is None else retry_after
    return float(asked * (1 + chance / 2))


async def _rest(stop: asyncio.Event, seconds: float = IDLE) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
