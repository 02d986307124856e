"""Cases and events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, String, cast, func, insert, literal, select, update
from sqlalchemy import case as whether

from bot.cases import URGENCY, CaseStatus, Reason, raised
from bot.events import EventType
from bot.queueing import AT_ONCE
from bot.replies import again_token
from bot.store.schema import cases, contacts, events, messages, users

HANDED_OVER: EventType = "handed_over"
"""The event of a case that went to a colleague or to another team."""

UNDELIVERED: EventType = "undelivered"
"""The event of a message that did not reach the person."""

LOOKED: EventType = "looked"
"""The event of somebody who opened a page of a case: for the audit alone, nothing changes by it on any screen."""

MISSED: EventType = "missed_call"
"""The event of a caller who hung up before anybody could help."""

NOT_REACHED: EventType = "not_reached"
"""The event of a contact whose telephone nobody picked up when called back."""

CAME: tuple[EventType, ...] = ("case_opened", "case_raised")
"""The events of a case that begins to wait, or to matter more."""

UNSEEN: tuple[EventType, ...] = (LOOKED, "status")
"""What changes nothing in the queue: who looked, and how far a message came."""


def open_case(connection: Connection, contact_id: int) -> Row[Any] | None:
    """The case of a contact that is not closed."""
    query = select(cases).where(cases.c.contact_id == contact_id, cases.c.status != CaseStatus.CLOSED.value)
    return connection.execute(query).one_or_none()


def open_or_raise(
    connection: Connection, contact_id: int, reason: Reason, evidence: Sequence[str], now: datetime
) -> tuple[int, bool]:
    """Opens a case, or raises the one that is open; its id, and whether it is new."""
    case = open_case(connection, contact_id)
    if case is None:
        return _new_case(connection, contact_id, reason, evidence, now), True
    stays = raised(Reason(case.reason), reason)
    words = [*case.evidence, *(word for word in evidence if word not in case.evidence)]
    connection.execute(
        update(cases)
        .where(cases.c.id == case.id)
        .values(
            reason=stays.value,
            urgency=max(case.urgency, URGENCY[reason]),
            evidence=words,
            waiting_since=case.waiting_since or now,
            snoozed_until=None,
        )
    )
    return case.id, False


def _new_case(connection: Connection, contact_id: int, reason: Reason, evidence: Sequence[str], now: datetime) -> int:
    values = {
        "contact_id": contact_id,
        "status": CaseStatus.OPEN.value,
        "reason": reason.value,
        "evidence": list(evidence),
        "urgency": URGENCY[reason],
        "opened_at": now,
        "waiting_since": now,
    }
    return int(connection.execute(insert(cases).values(values).returning(cases.c.id)).scalar_one())


def get(connection: Connection, case_id: int, *, lock: bool = False) -> Row[Any] | None:
    """One case; locked until the transaction ends when it is about to change."""
    query = select(cases).where(cases.c.id == case_id)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def guarded(connection: Connection, case_id: int) -> Any | None:
    """What decides who may see a case (``bot.roles.CaseLike``)."""
    query = select(cases, contacts.c.counsellor_id.label("helped_id")).join(
        contacts, contacts.c.id == cases.c.contact_id
    )
    return connection.execute(query.where(cases.c.id == case_id)).one_or_none()


def owned(connection: Connection, user_id: int) -> list[tuple[int, int]]:
    """The cases that a counsellor has, each with its contact, in the order of the contacts."""
    query = select(cases.c.id, cases.c.contact_id).where(
        cases.c.owner_id == user_id, cases.c.status != CaseStatus.CLOSED.value
    )
    return [(row.id, row.contact_id) for row in connection.execute(query.order_by(cases.c.contact_id))]


def of_contact(connection: Connection, contact_id: int, limit: int) -> list[Any]:
    """The cases of a contact, the newest first, with who has or had each and what decides who may see it."""
    query = (
        select(cases, contacts.c.counsellor_id.label("helped_id"), users.c.name.label("owner_name"))
        .join(contacts, contacts.c.id == cases.c.contact_id)
        .outerjoin(users, users.c.id == cases.c.owner_id)
        .where(cases.c.contact_id == contact_id)
    )
    return list(connection.execute(query.order_by(cases.c.id.desc()).limit(limit)))


def change(connection: Connection, case_id: int, **values: Any) -> None:
    """Changes a case."""
    connection.execute(update(cases).where(cases.c.id == case_id).values(**values))


def waits(connection: Connection, case_id: int, channel: str, now: datetime) -> None:
    """The contact wrote: since when somebody waits, if nobody did before. What was put off is back."""
    waiting = func.coalesce(cases.c.waiting_since, now)
    wakes = {"waiting_since": waiting, "channel": channel, "snoozed_until": None}
    connection.execute(update(cases).where(cases.c.id == case_id).values(wakes))


def in_play(connection: Connection, now: datetime) -> list[Row[Any]]:
    """Every case that is not closed, with no more of each than decides who sees it, where it stands and what it is.

    Moments that are over are left empty: most of them are, and there may be thousands. The longest waiting come first.
    """
    row = (
        *(cases.c.id, cases.c.contact_id, cases.c.status, cases.c.urgency, cases.c.waiting_since, cases.c.owner_id),
        *(cases.c.known_id, cases.c.team, cases.c.programme, cases.c.region, cases.c.channel, contacts.c.language),
        *(_to_come(moment, now) for moment in (cases.c.team_from, cases.c.all_from, cases.c.snoozed_until)),
        contacts.c.counsellor_id.label("helped_id"),
        _undelivered().label("undelivered"),
    )
    query = select(*row).join(contacts, contacts.c.id == cases.c.contact_id)
    waiting = query.where(cases.c.status != CaseStatus.CLOSED.value)
    return list(connection.execute(waiting.order_by(cases.c.waiting_since, cases.c.id)))


def _to_come(moment: Any, now: datetime) -> Any:
    return whether((moment > now, moment)).label(moment.name)


def newest_of_team(connection: Connection, team: str, since: datetime, limit: int) -> list[Row[Any]]:
    """When the newest cases of a team were opened, and taken if they were."""
    query = select(cases.c.opened_at, cases.c.claimed_at).where(cases.c.team == team, cases.c.opened_at >= since)
    return list(connection.execute(query.order_by(cases.c.id.desc()).limit(limit)))


def some(connection: Connection, ids: Collection[int]) -> dict[int, Row[Any]]:
    """Cases as the queue shows them, by their ids."""
    return {row.id: row for row in connection.execute(_listed().where(cases.c.id.in_(ids)))}


def held_by(connection: Connection, user_id: int, now: datetime) -> int:
    """How many open cases a counsellor has; those that were put off do not count until then."""
    awake = (cases.c.snoozed_until.is_(None)) | (cases.c.snoozed_until <= now)
    query = select(func.count()).select_from(cases)
    own = query.where(cases.c.owner_id == user_id, cases.c.status == CaseStatus.CLAIMED.value, awake)
    return int(connection.execute(own).scalar_one())


def news_since(connection: Connection, after: int) -> bool:
    """Whether anything happened with any case since an event that the queue would show."""
    query = select(events.c.id).where(events.c.id > after, events.c.case_id.is_not(None), events.c.type.not_in(UNSEEN))
    return connection.execute(query.limit(1)).scalar() is not None


def alarm_since(connection: Connection, after: int) -> bool:
    """Whether somebody came since an event, or turned out, who must not wait: danger or distress."""
    query = select(events.c.id).join(cases, cases.c.id == events.c.case_id)
    query = query.where(events.c.id > after, events.c.type.in_(CAME), cases.c.urgency >= AT_ONCE)
    return connection.execute(query.limit(1)).scalar() is not None


def queue(connection: Connection) -> list[Row[Any]]:
    """Open and claimed cases with the person behind each, the most urgent and longest waiting first."""
    nobody_waits = cases.c.waiting_since.is_(None)
    order = (cases.c.urgency.desc(), nobody_waits, cases.c.waiting_since, cases.c.id)
    query = _listed().where(cases.c.status != CaseStatus.CLOSED.value)
    return list(connection.execute(query.order_by(*order)))


def listed(connection: Connection, case_id: int) -> Row[Any]:
    """One case as the queue shows it, whatever its status."""
    return connection.execute(_listed().where(cases.c.id == case_id)).one()


@cache
def _listed() -> Any:
    newest, known, giver = messages.alias("newest"), users.alias("known"), users.alias("giver")
    return (
        select(
            cases,
            contacts.c.name,
            contacts.c.language,
            contacts.c.counsellor_id.label("helped_id"),
            users.c.name.label("owner_name"),
            known.c.name.label("known_name"),
            giver.c.name.label("handed_by"),
            _undelivered().label("undelivered"),
            _since_waiting(MISSED).label("missed_at"),
            _since_waiting(NOT_REACHED).label("not_reached_at"),
            newest.c.text.label("last_text"),
        )
        .join(contacts, contacts.c.id == cases.c.contact_id)
        .outerjoin(users, users.c.id == cases.c.owner_id)
        .outerjoin(known, known.c.id == cases.c.known_id)
        .outerjoin(giver, giver.c.id == cases.c.handed_by_id)
        .outerjoin(newest, newest.c.id == _newest_in())
    )


def _newest_in() -> Any:
    inner = messages.alias("inner_messages")
    own = (inner.c.contact_id == cases.c.contact_id, inner.c.direction == "in")
    telling = func.length(inner.c.text) > 2  # "0" or "3" tells nothing about why somebody waits
    return select(func.max(inner.c.id)).where(*own, telling).correlate(cases).scalar_subquery()


@cache
def _undelivered() -> Any:
    """How many messages did not arrive and were not sent again."""
    again = messages.alias("again")
    name = literal(again_token("")) + cast(events.c.message_id, String)
    repeated = select(again.c.id).where(again.c.token == name).exists()
    own = (events.c.case_id == cases.c.id, events.c.type == UNDELIVERED, ~repeated)
    return select(func.count()).select_from(events).where(*own).correlate(cases).scalar_subquery()


def _since_waiting(type_: EventType) -> Any:
    """When something last happened with a case, while somebody waits in it."""
    own = (events.c.case_id == cases.c.id, events.c.type == type_, events.c.at >= cases.c.waiting_since)
    return select(func.max(events.c.at)).where(*own).correlate(cases).scalar_subquery()


def channels(connection: Connection, contact_ids: Sequence[int]) -> dict[int, list[str]]:
    """The channels over which each contact was heard."""
    rows = connection.execute(
        select(messages.c.contact_id, messages.c.channel)
        .where(messages.c.contact_id.in_(contact_ids), messages.c.direction == "in")
        .distinct()
        .order_by(messages.c.channel)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.contact_id, []).append(row.channel)
    return found


def contact(connection: Connection, contact_id: int, *, lock: bool = False) -> Row[Any]:
    """The person behind a case."""
    query = select(contacts).where(contacts.c.id == contact_id)
    return connection.execute(query.with_for_update(key_share=True) if lock else query).one()


def is_contact(connection: Connection, contact_id: int) -> bool:
    """Whether there is such a contact."""
    return connection.execute(select(contacts.c.id).where(contacts.c.id == contact_id)).scalar() is not None


def add_event(
    connection: Connection,
    type_: EventType,
    contact_id: int,
    now: datetime,
    *,
    case_id: int | None = None,
    message_id: int | None = None,
    user_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> int:
    """Appends a fact: the one source of live updates, audit and reports."""
    values = {
        "type": type_,
        "contact_id": contact_id,
        "case_id": case_id,
        "message_id": message_id,
        "user_id": user_id,
        "data": data or {},
        "at": now,
    }
    return int(connection.execute(insert(events).values(values).returning(events.c.id)).scalar_one())


def happened(connection: Connection, type_: EventType, message_id: int) -> bool:
    """Whether that is written down of a message already."""
    query = select(events.c.id).where(events.c.message_id == message_id, events.c.type == type_)
    return connection.execute(query.limit(1)).scalar() is not None


def events_after(connection: Connection, contact_id: int, after: int) -> list[Row[Any]]:
    """What happened with a contact since an event, in order: not who looked."""
    query = select(events).where(events.c.contact_id == contact_id, events.c.id > after, events.c.type != LOOKED)
    return list(connection.execute(query.order_by(events.c.id)))


def events_of(connection: Connection, contact_id: int, kind: str, limit: int) -> list[Row[Any]]:
    """What happened with a contact of one kind (how the types begin), the newest first."""
    query = select(events).where(events.c.contact_id == contact_id, events.c.type.startswith(kind, autoescape=True))
    return list(connection.execute(query.order_by(events.c.id.desc()).limit(limit)))


def last_handing(connection: Connection, case_id: int) -> Row[Any] | None:
    """The event of the last time that a case was handed over; its data names whom it went to."""
    query = select(events).where(events.c.case_id == case_id, events.c.type == HANDED_OVER)
    return connection.execute(query.order_by(events.c.id.desc()).limit(1)).one_or_none()


def newest_of(connection: Connection, contact_ids: Collection[int]) -> dict[int, int]:
    """The newest case of each contact that has any: the open one, if one is."""
    query = select(cases.c.contact_id, func.max(cases.c.id)).where(cases.c.contact_id.in_(contact_ids))
    return {int(row[0]): int(row[1]) for row in connection.execute(query.group_by(cases.c.contact_id))}


def newest_event(connection: Connection, contact_id: int | None = None) -> int:
    """The id of the newest event, of one contact or of all; 0 when there is none.

    Not who looked: that is written without the contact's lock, so that what has a lower id may not be there yet.
    """
    query = select(events.c.id).where(events.c.type != LOOKED).order_by(events.c.id.desc()).limit(1)
    if contact_id is not None:
        query = query.where(events.c.contact_id == contact_id)
    return connection.execute(query).scalar() or 0


SETTLES = timedelta(seconds=2)
"""Where several write at once, an event may come in sight after one with a higher number: no later than this."""


def settled_event(connection: Connection, now: datetime) -> int:
    """The newest event of which none before it can still come in sight; 0 when there is none."""
    if connection.dialect.name == "sqlite":  # one writer at a time
        return newest_event(connection)
    query = select(events.c.id).where(events.c.at <= now - SETTLES).order_by(events.c.id.desc()).limit(1)
    return connection.execute(query).scalar() or 0


def user_names(connection: Connection, ids: set[int]) -> dict[int, str]:
    """The names of counsellors."""
    rows = connection.execute(select(users.c.id, users.c.name).where(users.c.id.in_(ids)))
    return {row.id: row.name for row in rows}
