"""Serves an application with granian."""

from __future__ import annotations

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

THREADS = 8
"""Requests answered at the same time by one process. Only a recording that is listened to waits for a provider."""


def serve(target: str, host: str, port: int, *, workers: int = 1) -> None:
    """Serves ``module:factory`` until it is told to stop."""
    Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        factory=True,
        websockets=False,
        log_level=LogLevels.error,  # its warning about threads on a small machine is no news here
        respawn_failed_workers=True,
    ).serve()
