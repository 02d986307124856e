"""What may fail, tried: a step of a plan, a place at a time, an answer to a notice. Inside the turn's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.errands import GONE
from bot.meetings import Outcome
from bot.service import meetings, noticed, plans
from bot.service.house import House
from bot.session import Attempt, Session


@dataclass(frozen=True, slots=True)
class _Try:
    """One attempt of one contact, whose lock is held."""

    house: House
    connection: Connection
    contact_id: int
    session: Session
    ref: str
    now: datetime


def perform(
    house: House, connection: Connection, contact_id: int, session: Session, attempt: Attempt, now: datetime
) -> str:
    """Tries; the outcome, for ``bot.errands.after``."""
    return _PERFORM[attempt.verb](_Try(house, connection, contact_id, session, attempt.ref, now))


def _on_plan(step: Callable[[Connection, int, str, datetime], str]) -> Callable[[_Try], str]:
    return lambda one: step(one.connection, one.contact_id, one.ref, one.now)


def _pick(one: _Try) -> str:
    if one.ref not in one.house.assignments:  # gone from the file since it was offered
        return GONE
    return plans.pick(one.connection, one.contact_id, one.house.assignments[one.ref], one.now)


def _help(one: _Try) -> str:
    """Help with a step of the plan, or with a notice."""
    if one.session.step == "notice":
        return noticed.answered(one.connection, one.contact_id, one.ref, "help", one.now)
    return plans.ask_help(one.connection, one.contact_id, one.ref, one.now)


def _slot(one: _Try) -> str:
    """A place; where a meeting is moved, the old one is given back in the same breath."""
    if not one.ref.isdecimal():
        return GONE
    old = one.session.about
    if old.isdecimal() and old != one.ref:
        return meetings.move(one.house, one.connection, one.contact_id, int(old), int(one.ref), one.now).value
    return meetings.book(one.connection, one.contact_id, int(one.ref), one.now).value


def _keep(one: _Try) -> str:
    """A meeting that stays, or an invitation that is taken."""
    if not one.ref.isdecimal():
        return GONE
    return meetings.book(one.connection, one.contact_id, int(one.ref), one.now).value


def _cancel(one: _Try) -> str:
    if not one.ref.isdecimal():
        return GONE
    meetings.cancel(one.house, one.connection, one.contact_id, int(one.ref), one.now)
    return Outcome.GONE.value


def _noticed(answer: str) -> Callable[[_Try], str]:
    return lambda one: noticed.answered(one.connection, one.contact_id, one.ref, answer, one.now)


_PERFORM: Mapping[str, Callable[[_Try], str]] = {
    "start": _on_plan(plans.start),
    "done": _on_plan(plans.done),
    "later": _on_plan(plans.later),
    "drop": _on_plan(plans.drop),
    "pick": _pick,
    "help": _help,
    "slot": _slot,
    "keep": _keep,
    "cancel": _cancel,
    "explain": _noticed("explain"),
    "seen": _noticed("seen"),
}
"""Every attempt of ``bot.errands``."""
