"""Log lines: constant event names with fields. Ids, never words, names or numbers."""

from __future__ import annotations

import logging
import sys
import traceback

import structlog
from structlog.typing import EventDict


def stack_of(error: BaseException) -> str:
    """Where an error came from and what kind it is, without its message: a database quotes the row it refused."""
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__


class NoWords(logging.Filter):
    """Takes the message out of an error that a library logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the line through."""
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = stack_of(record.exc_info[1])
            record.exc_info = None
        return True


def _without_words(_logger: object, _method: str, event: EventDict) -> EventDict:
    error = event.pop("exc_info", None)
    error = sys.exc_info()[1] if error is True else error
    if isinstance(error, BaseException):
        event["stack"] = stack_of(error)
    return event


LEVELS = logging.getLevelNamesMapping()


def configure(level: str) -> None:
    """One line of JSON per event on standard error; the same shape for our own lines and for libraries'."""
    number = LEVELS.get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_words,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),  # the one of now: it may be replaced
        cache_logger_on_first_use=False,
    )
    # The libraries' own lines at INFO hold addresses with tokens and numbers in them.
    for library in ("httpx", "httpcore", "telegram", "twilio", "urllib3", "werkzeug"):
        logging.getLogger(library).setLevel(logging.WARNING)
    for logger in ("webhooks", "asyncio"):
        logging.getLogger(logger).addFilter(NoWords())
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # it quotes whole answers when it cannot read them
