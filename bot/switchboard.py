"""The worker's telephone: rings counsellors who asked for a call, once and at once: nobody waits for it long."""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

from bot.calls import Ring
from bot.messages import SendError, Uncertain
from bot.service import calling
from bot.service.house import House

IDLE = 0.3
"""Seconds between looks for somebody who wants to call."""

STORE_AWAY = 2.0

log = structlog.get_logger("switchboard")


class Rings(Protocol):
    """What the switchboard needs of the telephone channel."""

    async def ring(self, ring: Ring) -> str:
        """Rings a counsellor's telephone; the provider's id of the call. Raises SendError."""
        ...


class Switchboard:
    """Takes up what counsellors asked for, and hands it to the telephone."""

    def __init__(self, house: House, telephone: Rings) -> None:
        self._house = house
        self._telephone = telephone

    async def drain(self) -> int:
        """Rings everybody who waits for it now; how many."""
        waiting = await asyncio.to_thread(calling.take, self._house)
        await asyncio.gather(*(self._ring(ring) for ring in waiting))
        return len(waiting)

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop``. A store that is away for a moment does not end it."""
        while not stop.is_set():
            try:
                await self.drain()
                await _rest(stop, IDLE)
            except Exception:
                log.exception("switchboard_failed")
                await _rest(stop, STORE_AWAY)

    async def _ring(self, ring: Ring) -> None:
        try:
            provider_id = await self._telephone.ring(ring)
        except SendError as error:
            log.warning("not_rung", reason=error.reason, code=error.code)
            await asyncio.to_thread(calling.not_rung, self._house, ring.token, error)
        except Exception:
            log.exception("ring_crashed")
            await asyncio.to_thread(calling.not_rung, self._house, ring.token, Uncertain("crashed"))
        else:
            await asyncio.to_thread(calling.rung, self._house, ring.token, provider_id)
            log.info("rung")


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
