"""A case ends, with what became of it; and is opened again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.cases import QUIET, CaseStatus, Outcome
from bot.service.case_errors import OtherCaseOpen, UnknownProgramme
from bot.service.going_on import go_on
from bot.service.holding import move, own_or_lead, record, silence_bot, with_case
from bot.service.house import House
from bot.store import cases, contacts


def close(house: House, case_id: int, user_id: int, outcome: Outcome, programme: str | None = None) -> None:
    """Closes a case: one's own, or as a lead a colleague's. The bot goes on where it stood.

    ``programme``: what it came to, empty for none; None keeps what stands there.
    Raises NotYours, CaseClosed, UnknownProgramme.
    """

    def closing(connection: Connection, case: Row[Any], now: datetime) -> None:
        own_or_lead(connection, case, user_id)
        came_to = case.programme if programme is None else programme
        if came_to not in ("", case.programme, *house.rules.programmes):
            raise UnknownProgramme
        end(connection, case, user_id, outcome, now, came_to)
        go_on(house, connection, case, now, quiet=outcome in QUIET)

    with_case(house, case_id, closing)


def end(connection: Connection, case: Row[Any], user_id: int, outcome: Outcome, now: datetime, programme: str) -> None:
    """Closes a case, with its event; what the bot does then is up to the caller, who holds the contact's lock."""
    values = {"closed_at": now, "waiting_since": None, "snoozed_until": None, "handed_by_id": None}
    move(connection, case, CaseStatus.CLOSED, outcome=outcome.value, programme=programme, **values)
    record(connection, "closed", case, user_id, now, data={"outcome": outcome.value, "programme": programme})


def reopen(house: House, case_id: int, user_id: int) -> None:
    """Opens a closed case again: it is whose who does it, and the bot is silent.

    Raises NoSuchCase, CaseStillOpen, and OtherCaseOpen when the contact has another one by now.
    """

    def reopening(connection: Connection, case: Row[Any], now: datetime) -> None:
        other = cases.open_case(connection, case.contact_id)
        if other is not None:
            raise OtherCaseOpen(other.id)
        contacts.helped_by(connection, case.contact_id, user_id)
        values = {"closed_at": None, "outcome": "", "known_id": None, "team_from": None, "all_from": None}
        move(connection, case, CaseStatus.CLAIMED, owner_id=user_id, claimed_at=now, **values)
        silence_bot(connection, case.contact_id, now)
        record(connection, "reopened", case, user_id, now)

    with_case(house, case_id, reopening, closed=True)
