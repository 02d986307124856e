"""One contact after the other, each on its own: who cannot be reached does not hold back the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog

One = TypeVar("One")
log = structlog.get_logger("rounds")


def one_by_one(many: Iterable[One], reach: Callable[[One], bool]) -> int:
    """Tries each; how many were reached. What goes wrong with one is logged, and tried again in the next round."""
    reached = 0
    for one in many:
        try:
            reached += reach(one)
        except Exception:
            log.exception("round_failed", what=type(one).__name__)
    return reached
