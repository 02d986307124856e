"""What triage proposed, and what people made of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.store.schema import proposals
from bot.triage import Proposal, Tier


def add(
    connection: Connection, contact_id: int, case_id: int | None, run: int, proposal: Proposal, now: datetime
) -> int:
    """Keeps a proposal with the version of the rules that made it."""
    values = {
        "contact_id": contact_id,
        "case_id": case_id,
        "run": run,
        "rules": proposal.version,
        "tier": proposal.tier.value,
        "programmes": list(proposal.programmes),
        "reasons": list(proposal.fired),
        "urgency": proposal.urgency,
        "region": proposal.region,
        "language": proposal.language,
        "at": now,
    }
    return int(connection.execute(insert(proposals).values(values).returning(proposals.c.id)).scalar_one())


def newest(connection: Connection, contact_id: int) -> Row[Any] | None:
    """The newest proposal for a contact."""
    query = select(proposals).where(proposals.c.contact_id == contact_id)
    return connection.execute(query.order_by(proposals.c.id.desc()).limit(1)).one_or_none()


def of_case(connection: Connection, case_id: int) -> Row[Any] | None:
    """The newest proposal that led to a case."""
    query = select(proposals).where(proposals.c.case_id == case_id)
    return connection.execute(query.order_by(proposals.c.id.desc()).limit(1)).one_or_none()


def decide(
    connection: Connection,
    proposal_id: int,
    user_id: int,
    tier: Tier,
    programmes: Sequence[str],
    why: str,
    now: datetime,
) -> None:
    """A person confirmed or changed it. What was proposed stays beside it."""
    values = {
        "user_id": user_id,
        "decided_at": now,
        "decided_tier": tier.value,
        "decided_programmes": list(programmes),
        "why": why,
    }
    connection.execute(update(proposals).where(proposals.c.id == proposal_id).values(values))
