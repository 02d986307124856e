"""Notices: what would have been a letter, to one contact or to a chosen group, in each one's language.

Sending only puts contacts on a list; the worker goes through it, one contact a transaction: marked and put into the
outbox together, so that a worker that is killed in the middle sends nothing twice and leaves nobody out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Row

from bot.cases import URGENCY, Reason
from bot.letters import Letter
from bot.messages import Mode, Status
from bot.service import reaching
from bot.service.house import House
from bot.service.noticed import day_of, words_of
from bot.service.one_by_one import one_by_one
from bot.session import NoticeWords, State
from bot.store import cases, contacts
from bot.store import notices as store

PER_MINUTE = 60
"""Notices that go out in a minute: counsellors must be able to answer what comes back."""

AT_ONCE = 20
MOST_RECIPIENTS = 5000
LONGEST_KEY = 64

NO_WAY, WITH_PERSON = "no_way", "with_person"
"""Why a contact was left out: nothing that can be written to, or STOP; a counsellor has the conversation now."""

log = structlog.get_logger("notices")


class NoticeError(Exception):
    """A notice that cannot be sent; ``reason`` is a word of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Part:
    """Contacts that get the same words over the same channel: how many, the words, and the SMS segments of each."""

    language: str
    channel: str
    text: str
    contacts: int
    segments: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a notice will be before it is sent. ``without``: who is left out, by why. ``euro``: what it costs as SMS."""

    parts: tuple[Part, ...]
    without: dict[str, list[int]]
    euro: float

    @property
    def contacts(self) -> int:
        """How many will get it."""
        return sum(part.contacts for part in self.parts)

    @property
    def segments(self) -> int:
        """SMS segments in all."""
        return sum(part.contacts * part.segments for part in self.parts)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact who can be chosen, with what groups are made by."""

    id: int
    name: str
    language: str
    region: str
    tier: str
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a notice: how many wait, were left out (by why), and how it stands with those that went out.

    ``by``: the counsellor who sent it; empty: the organisation's system.
    """

    id: int
    letter: Letter | None
    day: date | None
    by: str
    made_at: datetime
    called_off: bool
    waiting: int
    left_out: dict[str, int]
    deliveries: dict[str, int]
    answers: dict[str, int]

    @property
    def sent(self) -> int:
        """How many went out."""
        return sum(self.deliveries.values())


def candidates(house: House) -> list[Candidate]:
    """Every contact, for choosing a group."""
    with house.store.read() as connection:
        return [_candidate(row) for row in store.candidates(connection)]


def _candidate(row: Row[Any]) -> Candidate:
    programmes = row.decided_programmes or row.programmes or []
    return Candidate(
        row.id, row.name, row.language, row.region or "", row.decided_tier or row.tier or "", tuple(programmes)
    )


def preview(
    house: House,
    letter_id: str,
    day: date | None,
    contact_ids: Sequence[int],
    count: Callable[[str], int],
) -> Preview:
    """What would go out, to how many, in how many segments (``count``: those of a text). Raises NoticeError.

    A notice says the same to everybody in one language over one channel: it is put into words once for each.
    """
    words = _words(house, letter_id, day)
    parts: Counter[tuple[str, str]] = Counter()
    texts: dict[tuple[str, str], str] = {}
    without: dict[str, list[int]] = {}
    with house.store.read() as connection:
        for contact_id in sorted(store.known(connection, contact_ids)):
            way, why, language = _way(house, connection, contact_id)
            if way is None:
                without.setdefault(why, []).append(contact_id)
                continue
            heard = (language, way.channel)
            parts[heard] += 1
            if heard not in texts:
                texts[heard] = reaching.as_said(house, connection, contact_id, way, "notice", words, house.now()).text
    rows = tuple(_part(house, *heard, texts[heard], number, count) for heard, number in sorted(parts.items()))
    return Preview(rows, without, sum(row.contacts * row.segments for row in rows) * house.sms_price)


def _part(house: House, language: str, channel: str, text: str, number: int, count: Callable[[str], int]) -> Part:
    paid = house.channels[channel].mode is Mode.TEXT
    return Part(language, channel, text, number, count(text) if paid else 0)


def send(
    house: House, key: str, letter_id: str, day: date | None, contact_ids: Sequence[int], user_id: int | None = None
) -> int:
    """Puts contacts on the list of a notice; its id. ``key`` is the sender's own name for it: twice is once.

    Raises NoticeError: no such letter, no day for one that names it, nobody or too many chosen, a key that is taken by
    another letter.
    """
    _words(house, letter_id, day)
    if not key.strip() or len(key) > LONGEST_KEY:
        raise NoticeError("key")
    if not contact_ids or len(contact_ids) > MOST_RECIPIENTS:
        raise NoticeError("recipients")
    now = house.now()
    gaps = {"day": day.isoformat()} if day is not None else {}
    with house.store.write() as connection:
        values = {"key": key, "template": letter_id, "gaps": gaps, "user_id": user_id, "created_at": now}
        notice_id, new = store.add(connection, values)
        before = store.get(connection, notice_id)
        if not new and (before is None or (before.template, before.gaps) != (letter_id, gaps)):
            raise NoticeError("key_taken")
        if new:
            store.add_recipients(connection, notice_id, sorted(store.known(connection, contact_ids)), now)
    return notice_id


def call_off(house: House, notice_id: int) -> None:
    """Who has not got it yet does not get it. Raises NoticeError."""
    with house.store.write() as connection:
        if store.get(connection, notice_id) is None:
            raise NoticeError("unknown")
        store.stop(connection, notice_id, house.now())


def summary(house: House, notice_id: int) -> Summary:
    """What became of a notice. Raises NoticeError."""
    with house.store.read() as connection:
        notice = store.get(connection, notice_id)
        if notice is None:
            raise NoticeError("unknown")
        return _summary(house, connection, notice)


def summary_by_key(house: House, key: str) -> Summary:
    """What became of the notice that its sender calls so. Raises NoticeError."""
    with house.store.read() as connection:
        row = store.by_key(connection, key)
    if row is None:
        raise NoticeError("unknown")
    return summary(house, row.id)


def contacts_of(house: House, addresses: Sequence[str]) -> dict[str, int]:
    """The contacts behind addresses; those of nobody we know are left out."""
    with house.store.read() as connection:
        return contacts.behind(connection, addresses)


def newest(house: House, limit: int = 50) -> list[Summary]:
    """The newest notices, each with what became of it."""
    with house.store.read() as connection:
        return [_summary(house, connection, row) for row in store.listed(connection, limit)]


def _summary(house: House, connection: Connection, notice: Row[Any]) -> Summary:
    rows = store.outcome(connection, notice.id)
    sent = [row for row in rows if row.state == store.SENT]
    return Summary(
        id=notice.id,
        letter=house.letters.get(notice.template),
        day=day_of(notice.gaps),
        by=cases.user_names(connection, {notice.user_id} - {None}).get(notice.user_id, ""),
        made_at=notice.created_at,
        called_off=notice.stopped_at is not None,
        waiting=sum(row.number for row in rows if row.state == store.WAITING),
        left_out=_counted((row.reason, row.number) for row in rows if row.state == store.SKIPPED),
        deliveries=_counted((row.delivery or Status.FAILED.value, row.number) for row in sent),
        answers=_counted((row.answer, row.number) for row in sent),
    )


def _counted(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for name, number in rows:
        found[name] += number
    return dict(found)


# The worker


def release(house: House) -> int:
    """Notices that wait go out, no more than so many a minute, at decent hours; how many did."""
    if not house.decent():
        return 0
    now = house.now()
    with house.store.read() as connection:
        room = PER_MINUTE - store.sent_since(connection, now - timedelta(minutes=1))
        due = store.waiting(connection, min(AT_ONCE, room)) if room > 0 else []
    return one_by_one(due, lambda row: _released(house, row))


def _released(house: House, row: Row[Any]) -> bool:
    with house.store.write() as connection:
        now = house.now()
        cases.contact(connection, row.contact_id, lock=True)
        if not store.still_waits(connection, row.id):
            return False
        way, why, _ = _way(house, connection, row.contact_id)
        if way is None:
            store.settle(connection, row.id, now, state=store.SKIPPED, reason=why)
            log.info("notice_left_out", notice_id=row.notice_id, reason=why)
            return False
        store.settle(connection, row.id, now, state=store.SENT)
        ids = reaching.asked(house, connection, row.contact_id, way, now, "notice", str(row.notice_id))
        store.settle(connection, row.id, now, message_id=ids[-1])
    return True


def _way(house: House, connection: Connection, contact_id: int) -> tuple[reaching.Way | None, str, str]:
    """How a contact is reached, or why not, and the language.

    Who talks with a counsellor, or is to be helped at once, hears it from that person.
    """
    session = contacts.open_session(connection, contact_id)
    case = cases.open_case(connection, contact_id)
    if case is not None and (case.owner_id is not None or case.urgency >= URGENCY[Reason.DISTRESS]):
        return None, WITH_PERSON, ""
    way = reaching.way_to(house, connection, contact_id)
    if way is None or session is None or session.state is State.STOPPED:
        return None, NO_WAY, ""
    return way, "", session.language


def _words(house: House, letter_id: str, day: date | None) -> NoticeWords:
    letter = house.letters.get(letter_id)
    if letter is None:
        raise NoticeError("letter")
    if letter.dated and day is None:
        raise NoticeError("day")
    return words_of(letter, day)
