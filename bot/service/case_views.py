"""What counsellors see of cases: the queue, one case with its whole conversation, and what came since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.attachments import KINDS, AttachmentState, FileKind, tidy_name
from bot.calls import LINE, CallState
from bot.cases import CaseStatus, Outcome, Reason
from bot.catalogues import SOURCE
from bot.messages import Mode, Status
from bot.replies import again_token
from bot.roles import Viewer
from bot.service.access import seen_by
from bot.service.case_errors import NoRecording, NoSuchCase
from bot.service.facts import facts
from bot.service.house import House
from bot.service.routing import opens_for
from bot.service.windows import shut
from bot.session import Session
from bot.store import attachments, calls, cases, contacts, messages, teams
from bot.store.contacts import Address


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the queue.

    ``team`` and ``programme`` are names for people. ``opens_at``: until then somebody else comes first: the counsellor
    ``known_name``, who knows the contact, or the team. ``missed_at``, ``not_reached_at``: while somebody waits, when
    they last called and hung up, and when they last did not pick up. ``snoozed_until``: out of sight until then.
    ``handed_by``: the colleague who gave it to its owner, who did nothing with it yet. ``outcome``: of a closed case.
    ``aged``: it goes before others because it waited so long.
    """

    id: int
    contact_id: int
    name: str
    language: str
    channels: tuple[str, ...]
    status: CaseStatus
    reason: Reason
    evidence: tuple[str, ...]
    urgency: int
    opened_at: datetime
    waiting_since: datetime | None
    owner_id: int | None
    owner_name: str | None
    last_text: str
    undelivered: int
    team: str = ""
    programme: str = ""
    known_id: int | None = None
    known_name: str | None = None
    opens_at: datetime | None = None
    missed_at: datetime | None = None
    not_reached_at: datetime | None = None
    snoozed_until: datetime | None = None
    handed_by: str | None = None
    outcome: Outcome | None = None
    aged: bool = False


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer of the intake, in words. ``given`` is False when the question was skipped."""

    title: str
    value: str
    given: bool


@dataclass(frozen=True, slots=True)
class Called:
    """A call that a counsellor made: where it stands, why nobody was reached, how long the two talked."""

    state: CallState
    reason: str
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a line: where it stands, why it is not there, what it is and how large (bytes)."""

    id: int
    place: int
    state: AttachmentState
    reason: str
    kind: FileKind | None
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the conversation, over all channels.

    ``author``: contact, bot or counsellor; ``name``: who. ``called``: the line is a call that a counsellor made.
    ``attached``: the files of ``media``, by their place in it. ``again``: it did not arrive, and was sent once more.
    """

    id: int
    at: datetime
    author: str
    name: str
    channel: str
    kind: str
    text: str
    language: str
    choices: tuple[str, ...]
    media: tuple[dict[str, Any], ...]
    status: str
    reason: str
    code: str
    called: Called | None = None
    attached: Mapping[int, Attached] = field(default_factory=dict)
    again: bool = False


@dataclass(frozen=True, slots=True)
class ReplyChannel:
    """A way to answer. ``stopped``: no messages are wanted there; ``shut``: the person has to write there first."""

    channel: str
    urn: str
    stopped: bool
    shut: bool = False

    @property
    def usable(self) -> bool:
        """Whether something said there arrives."""
        return not self.stopped and not self.shut


@dataclass(frozen=True, slots=True)
class CaseView:
    """All that a counsellor sees of a case. ``cursor`` is the newest event seen: ask for what came after it."""

    row: CaseRow
    phone: str
    answers: tuple[AnswerLine, ...]
    log: tuple[LogEntry, ...]
    reply_channels: tuple[ReplyChannel, ...]
    default_channel: str
    cursor: int


@dataclass(frozen=True, slots=True)
class Updates:
    """What changed in a conversation since a cursor: new lines and lines whose delivery moved on."""

    row: CaseRow
    entries: tuple[LogEntry, ...]
    reply_channels: tuple[ReplyChannel, ...]
    cursor: int


def queue(house: House, viewer: Viewer | None = None, language: str = SOURCE) -> list[CaseRow]:
    """The cases that wait and those that are claimed: the most urgent first, then the longest waiting.

    Only those that ``viewer`` may see; what is not open to them yet says when it will be. Without a viewer: all.
    """
    with house.store.read() as connection:
        rows = cases.queue(connection)
        rows = rows if viewer is None else seen_by(house, viewer, rows)
        heard = cases.channels(connection, [row.contact_id for row in rows])
    listed = [(row, _row(house, row, heard, language)) for row in rows]
    if viewer is None:
        return [told for _, told in listed]
    own = frozenset(viewer.teams)
    return [replace(told, opens_at=opens_for(row, viewer.id, own, house.now())) for row, told in listed]


def rows_of(house: House, connection: Connection, ids: Sequence[int], language: str) -> dict[int, CaseRow]:
    """Some cases as the queue shows them, by their ids."""
    rows = cases.some(connection, ids)
    heard = cases.channels(connection, [row.contact_id for row in rows.values()])
    return {case_id: _row(house, row, heard, language) for case_id, row in rows.items()}


def view(house: House, case_id: int, language: str = SOURCE, user_id: int | None = None) -> CaseView:
    """One case with the whole conversation, its questions in the reader's ``language``. Raises NoSuchCase.

    The cursor is read first: what comes while the rest is read is then shown twice rather than never.
    """
    with house.store.read() as connection:
        case = existing(connection, case_id)
        cursor = cases.newest_event(connection, case.contact_id)
        contact = cases.contact(connection, case.contact_id)
        known = contacts.addresses(connection, case.contact_id)
        session = contacts.open_session(connection, case.contact_id)
        log = _entries(house, connection, messages.of_contact(connection, case.contact_id), contact.name)
        ways = reply_channels(house, known, shut(house, connection, case.contact_id))
        last = messages.last_channel(connection, case.contact_id)
        return CaseView(
            row=_one(house, connection, case, language, user_id),
            phone=contact.phone,
            answers=_answers(house, session, known, case, language),
            log=log,
            reply_channels=ways,
            default_channel=_default(ways, last),
            cursor=cursor,
        )


def updates(
    house: House,
    case_id: int,
    after: int,
    language: str = SOURCE,
    user_id: int | None = None,
    *,
    anyway: bool = False,
) -> Updates | None:
    """What changed in a case's conversation after the event ``after``; None when nothing did. Raises NoSuchCase.

    Open pages ask this all day, and nearly always nothing did: then nothing else is read. ``anyway``: also then.
    """
    with house.store.read() as connection:
        case = existing(connection, case_id)
        happened = cases.events_after(connection, case.contact_id, after)
        if not happened and not anyway:
            return None
        changed = messages.some(connection, [e.message_id for e in happened if e.message_id is not None])
        contact = cases.contact(connection, case.contact_id)
        return Updates(
            row=_one(house, connection, case, language, user_id),
            entries=_entries(house, connection, changed, contact.name),
            reply_channels=ways_to(house, connection, case.contact_id),
            cursor=happened[-1].id if happened else after,
        )


def recording(house: House, case_id: int, message_id: int) -> str:
    """The provider's reference of what a caller left in a message. Raises NoSuchCase, NoRecording."""
    with house.store.read() as connection:
        case = existing(connection, case_id)
        rows = messages.some(connection, [message_id])
    media = [m for row in rows if row.contact_id == case.contact_id for m in row.media if m["kind"] == "recording"]
    if not media:
        raise NoRecording
    return str(media[0]["reference"])


def contact_of(house: House, case_id: int) -> int:
    """The contact of a case. Raises NoSuchCase."""
    with house.store.read() as connection:
        return int(existing(connection, case_id).contact_id)


def existing(connection: Connection, case_id: int, *, lock: bool = False) -> Row[Any]:
    """The case. Raises NoSuchCase."""
    case = cases.get(connection, case_id, lock=lock)
    if case is None:
        raise NoSuchCase
    return case


def _one(house: House, connection: Connection, case: Row[Any], language: str, user_id: int | None) -> CaseRow:
    """One case as the queue shows it to a counsellor."""
    heard = cases.channels(connection, [case.contact_id])
    row = _row(house, cases.listed(connection, case.id), heard, language)
    if user_id is None:
        return row
    return replace(row, opens_at=opens_for(case, user_id, teams.of_user(connection, user_id), house.now()))


def _row(house: House, row: Row[Any], heard: dict[int, list[str]], language: str) -> CaseRow:
    return CaseRow(
        id=row.id,
        contact_id=row.contact_id,
        name=row.name,
        language=row.language,
        channels=tuple(heard.get(row.contact_id, ())),
        status=CaseStatus(row.status),
        reason=Reason(row.reason),
        evidence=tuple(row.evidence),
        urgency=row.urgency,
        opened_at=row.opened_at,
        waiting_since=row.waiting_since,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        last_text=row.last_text or "",
        undelivered=row.undelivered,
        team=next((team.name for team in house.teams if team.id == row.team), ""),
        programme=house.programme(row.programme, language),
        known_id=row.known_id,
        known_name=row.known_name,
        missed_at=row.missed_at,
        not_reached_at=row.not_reached_at,
        snoozed_until=_ahead(row.snoozed_until, house.now()),
        handed_by=row.handed_by,
        outcome=Outcome(row.outcome) if row.outcome else None,
    )


def _ahead(moment: datetime | None, now: datetime) -> datetime | None:
    """A moment that is still to come."""
    return moment if moment is not None and moment > now else None


def _entries(house: House, connection: Connection, rows: Iterable[Row[Any]], contact_name: str) -> tuple[LogEntry, ...]:
    listed = list(rows)
    names = cases.user_names(connection, {row.user_id for row in listed if row.user_id})
    made = calls.of_messages(connection, [row.id for row in listed if row.kind == LINE])
    files = attachments.of_messages(connection, [row.id for row in listed if row.media])
    again = _sent_again(connection, [row.id for row in listed if row.status == Status.FAILED.value])
    said = [(row, names.get(row.user_id) or (contact_name if row.direction == "in" else "")) for row in listed]
    return tuple(
        _entry(row, name, made.get(row.id), files.get(row.id, ()), again=row.id in again) for row, name in said
    )


def _sent_again(connection: Connection, failed: Sequence[int]) -> set[int]:
    """Those of the messages that did not arrive that were sent once more."""
    tokens = {again_token(message_id): message_id for message_id in failed}
    return {tokens[row.token] for row in messages.with_tokens(connection, tokens)} if tokens else set()


def _entry(row: Row[Any], name: str, call: Row[Any] | None, files: Iterable[Row[Any]], *, again: bool) -> LogEntry:
    return LogEntry(
        id=row.id,
        at=row.at,
        author=row.author,
        name=name,
        channel=row.channel,
        kind=row.kind,
        text=row.text,
        language=row.language,
        choices=tuple(choice["label"] for choice in row.choices),
        media=tuple(row.media),
        status=row.status,
        reason=row.reason,
        code=row.code,
        called=None if call is None else Called(CallState(call.state), call.reason, call.seconds),
        attached={file.place: _attached(file) for file in files},
        again=again,
    )


def _attached(row: Row[Any]) -> Attached:
    kind = KINDS.get(row.kind)
    name = tidy_name(row.name, kind) if kind is not None else ""
    return Attached(row.id, row.place, AttachmentState(row.state), row.reason, kind, name, row.size)


def _answers(
    house: House, session: Session | None, known: Sequence[Address], case: Row[Any], language: str
) -> tuple[AnswerLine, ...]:
    if session is None:
        return ()
    about = facts(known, case)
    steps = house.flow.answered(session.answers, about)
    lines = [(step, session.answers[step.id]) for step in steps]
    return tuple(
        AnswerLine(
            title=house.wording.title(step, language),
            value=house.wording.answer(step, values, Mode.CHAT, language, all_=True),
            given=bool(values),
        )
        for step, values in lines
    )


def ways_to(house: House, connection: Connection, contact_id: int) -> tuple[ReplyChannel, ...]:
    """Every way to answer a contact."""
    known = contacts.addresses(connection, contact_id)
    return reply_channels(house, known, shut(house, connection, contact_id))


def reply_channels(house: House, known: Sequence[Address], closed: Collection[str]) -> tuple[ReplyChannel, ...]:
    """Every configured channel that reaches one of the contact's addresses. STOP is about messages, not about calls."""
    every = [
        ReplyChannel(
            channel.name,
            str(address.urn),
            address.stopped and channel.mode is not Mode.VOICE,
            channel.name in closed,
        )
        for address in known
        for channel in house.channels.values()
        if channel.scheme == address.urn.scheme
    ]
    best: dict[str, ReplyChannel] = {}
    for way in sorted(every, key=lambda way: way.stopped):  # of two numbers the one that may be written to
        best.setdefault(way.channel, way)
    return tuple(best.values())


def _default(ways: Sequence[ReplyChannel], last: str) -> str:
    """The channel the contact used last, if it can be used; else one that writes. A call is never chosen for somebody:
    who is in danger may not be alone when a telephone speaks.
    """
    usable = [way.channel for way in ways if way.usable]
    quiet = [name for name in usable if name != "voice"]
    return last if last in usable else next(iter(quiet), "")
