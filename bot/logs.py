"""Log lines: constant event names with fields. Ids, never words, names or numbers."""

from __future__ import annotations

import logging
import sys

import structlog

LEVELS = logging.getLevelNamesMapping()


def configure(level: str) -> None:
    """One line of JSON per event on standard error; the same shape for our own lines and for libraries'."""
    number = LEVELS.get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # The libraries' own lines at INFO hold addresses with tokens and numbers in them.
    for library in ("httpx", "httpcore", "telegram", "twilio", "urllib3", "werkzeug"):
        logging.getLogger(library).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # it quotes whole answers when it cannot read them
