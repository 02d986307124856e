"""What counsellors do with a case: see it, claim it, answer, give it back, close it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.cases import CaseStatus, Reason
from bot.conversation import Scene, Session, hand_back, to_person
from bot.messages import Mode, Status, Urn
from bot.service.house import House
from bot.service.turns import facts
from bot.store import cases, contacts, messages
from bot.store.contacts import Address

LONGEST_REPLY = 1600
"""Characters: the longest message that Twilio takes (error 21617 above it)."""


class CaseError(Exception):
    """Something that cannot be done with a case now."""


class NoSuchCase(CaseError):
    """There is no such case."""


class AlreadyClaimed(CaseError):
    """Somebody else has it; ``owner`` is the name."""

    def __init__(self, owner: str) -> None:
        super().__init__("claimed by somebody else")
        self.owner = owner


class NotYours(CaseError):
    """Only the person who claimed a case can answer in it or give it back."""


class CaseClosed(CaseError):
    """The case is closed."""


class EmptyReply(CaseError):
    """There is nothing to send."""


class TooLong(CaseError):
    """More than ``LONGEST_REPLY`` characters."""


class NoSuchChannel(CaseError):
    """The contact cannot be reached over that channel, or does not want to be."""


class AlreadySent(CaseError):
    """The form was sent before, with other words: these were not sent."""


class NoRecording(CaseError):
    """The message is not of this case, or nothing was recorded in it."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the queue."""

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


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer of the intake, in words. ``given`` is False when the question was skipped."""

    title: str
    value: str
    given: bool


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the conversation, over all channels. ``author``: contact, bot or counsellor; ``name``: who."""

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


@dataclass(frozen=True, slots=True)
class ReplyChannel:
    """A way to answer. ``stopped``: no messages are wanted there."""

    channel: str
    urn: str
    stopped: bool


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
    cursor: int


# Looking


def queue(house: House) -> list[CaseRow]:
    """The cases that wait and those that are claimed: the most urgent first, then the longest waiting."""
    with house.store.read() as connection:
        rows = cases.queue(connection)
        heard = cases.channels(connection, [row.contact_id for row in rows])
    return [_row(row, heard) for row in rows]


def view(house: House, case_id: int) -> CaseView:
    """One case with the whole conversation. Raises NoSuchCase.

    The cursor is read first: what comes while the rest is read is then shown twice rather than never.
    """
    with house.store.read() as connection:
        case = _existing(connection, case_id)
        cursor = cases.newest_event(connection, case.contact_id)
        contact = cases.contact(connection, case.contact_id)
        known = contacts.addresses(connection, case.contact_id)
        session = contacts.open_session(connection, case.contact_id)
        log = _entries(house, connection, messages.of_contact(connection, case.contact_id), contact.name)
        ways = _reply_channels(house, known)
        last = _last_channel(connection, case.contact_id)
        return CaseView(
            row=_one(connection, case),
            phone=contact.phone,
            answers=_answers(house, session, known, case),
            log=log,
            reply_channels=ways,
            default_channel=_default(ways, last),
            cursor=cursor,
        )


def updates(house: House, case_id: int, after: int) -> Updates:
    """What changed in a case's conversation after the event ``after``. Raises NoSuchCase."""
    with house.store.read() as connection:
        case = _existing(connection, case_id)
        happened = cases.events_after(connection, case.contact_id, after)
        changed = messages.some(connection, [e.message_id for e in happened if e.message_id is not None])
        contact = cases.contact(connection, case.contact_id)
        return Updates(
            row=_one(connection, case),
            entries=_entries(house, connection, changed, contact.name),
            cursor=happened[-1].id if happened else after,
        )


def recording(house: House, case_id: int, message_id: int) -> str:
    """The provider's reference of what a caller left in a message. Raises NoSuchCase, NoRecording."""
    with house.store.read() as connection:
        case = _existing(connection, case_id)
        rows = messages.some(connection, [message_id])
    media = [m for row in rows if row.contact_id == case.contact_id for m in row.media if m["kind"] == "recording"]
    if not media:
        raise NoRecording
    return str(media[0]["reference"])


def _existing(connection: Connection, case_id: int, *, lock: bool = False) -> Row[Any]:
    case = cases.get(connection, case_id, lock=lock)
    if case is None:
        raise NoSuchCase
    return case


def _one(connection: Connection, case: Row[Any]) -> CaseRow:
    return _row(cases.listed(connection, case.id), cases.channels(connection, [case.contact_id]))


def _row(row: Row[Any], heard: dict[int, list[str]]) -> CaseRow:
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
    )


def _entries(house: House, connection: Connection, rows: Iterable[Row[Any]], contact_name: str) -> tuple[LogEntry, ...]:
    listed = list(rows)
    names = cases.user_names(connection, {row.user_id for row in listed if row.user_id})
    return tuple(
        _entry(row, names.get(row.user_id) or (contact_name if row.direction == "in" else "")) for row in listed
    )


def _entry(row: Row[Any], name: str) -> LogEntry:
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
    )


def _answers(house: House, session: Session | None, known: Sequence[Address], case: Row[Any]) -> tuple[AnswerLine, ...]:
    if session is None:
        return ()
    about = facts(known, case)
    steps = house.flow.answered(session.answers, about)
    lines = [(step, session.answers[step.id]) for step in steps]
    return tuple(
        AnswerLine(
            title=house.wording.title(step, "nl"),
            value=house.wording.answer(step, values, Mode.CHAT, "nl", all_=True),
            given=bool(values),
        )
        for step, values in lines
    )


def _reply_channels(house: House, known: Sequence[Address]) -> tuple[ReplyChannel, ...]:
    """Every configured channel that reaches one of the contact's addresses. STOP is about messages, not about calls."""
    every = [
        ReplyChannel(channel.name, str(address.urn), address.stopped and channel.mode is not Mode.VOICE)
        for address in known
        for channel in house.channels.values()
        if channel.scheme == address.urn.scheme
    ]
    best: dict[str, ReplyChannel] = {}
    for way in sorted(every, key=lambda way: way.stopped):  # of two numbers the one that may be written to
        best.setdefault(way.channel, way)
    return tuple(best.values())


def _default(ways: Sequence[ReplyChannel], last: str) -> str:
    """The channel the contact used last, if it can be used; else any that can."""
    usable = [way.channel for way in ways if not way.stopped]
    return last if last in usable else next(iter(usable), "")


def _last_channel(connection: Connection, contact_id: int) -> str:
    heard = [row for row in messages.of_contact(connection, contact_id) if row.direction == "in"]
    return str(heard[-1].channel) if heard else ""


# Acting


def claim(house: House, case_id: int, user_id: int) -> None:
    """Takes a case: of several who try, one wins. The bot is silent from here. Raises AlreadyClaimed, CaseClosed."""

    def taking(connection: Connection, case: Row[Any], now: datetime) -> None:
        if case.owner_id not in (None, user_id):
            raise AlreadyClaimed(cases.user_names(connection, {case.owner_id}).get(case.owner_id, ""))
        cases.change(connection, case.id, status=CaseStatus.CLAIMED.value, owner_id=user_id, claimed_at=now)
        _silence_bot(connection, case.contact_id, now)
        _note(connection, "claimed", case, user_id, now)

    _with_case(house, case_id, taking)


def release(house: House, case_id: int, user_id: int) -> None:
    """Puts a claimed case back in the queue. Raises NotYours, CaseClosed."""

    def releasing(connection: Connection, case: Row[Any], now: datetime) -> None:
        _own(case, user_id)
        waiting = case.waiting_since or now
        cases.change(
            connection,
            case.id,
            status=CaseStatus.OPEN.value,
            owner_id=None,
            claimed_at=None,
            waiting_since=waiting,
        )
        _note(connection, "released", case, user_id, now)

    _with_case(house, case_id, releasing)


def reply(house: House, case_id: int, user_id: int, text: str, channel: str, token: str) -> None:
    """Sends a person's words to the contact. ``token`` names the form: sent twice, it is one reply.

    Raises NotYours, CaseClosed, EmptyReply, TooLong, NoSuchChannel, AlreadySent.
    """
    words = text.strip()
    if not words:
        raise EmptyReply
    if len(words) > LONGEST_REPLY:
        raise TooLong

    def replying(connection: Connection, case: Row[Any], now: datetime) -> None:
        _own(case, user_id)
        before = messages.by_token(connection, token)
        if before is not None:
            if before.contact_id == case.contact_id and words in before.text:
                return
            raise AlreadySent
        way = _way(house, connection, case.contact_id, channel)
        row = _reply_row(house, connection, case, user_id, words, way, token, now)
        message_id = messages.insert_outbound(connection, [row])[0]
        _silence_bot(connection, case.contact_id, now)
        cases.change(connection, case.id, waiting_since=None)
        _note(connection, "message_out", case, user_id, now, message_id)

    _with_case(house, case_id, replying)


def close(house: House, case_id: int, user_id: int) -> None:
    """Closes a case; the bot goes on where it stood. Raises NotYours, CaseClosed."""

    def closing(connection: Connection, case: Row[Any], now: datetime) -> None:
        _own(case, user_id)
        cases.change(connection, case.id, status=CaseStatus.CLOSED.value, closed_at=now, waiting_since=None)
        _note(connection, "closed", case, user_id, now)
        _hand_back(house, connection, case, now)

    _with_case(house, case_id, closing)


def _with_case(house: House, case_id: int, act: Callable[[Connection, Row[Any], datetime], None]) -> None:
    """Locks the contact, then the case: the order that a message in takes too."""
    with house.store.write() as connection:
        contact_id = _existing(connection, case_id).contact_id
        cases.contact(connection, contact_id, lock=True)
        case = _existing(connection, case_id, lock=True)
        if case.status == CaseStatus.CLOSED.value:
            raise CaseClosed
        act(connection, case, house.now())


def _own(case: Row[Any], user_id: int) -> None:
    if case.owner_id != user_id:
        raise NotYours


def _silence_bot(connection: Connection, contact_id: int, now: datetime) -> None:
    session = contacts.open_session(connection, contact_id)
    if session is not None:
        contacts.save_session(connection, contact_id, session, to_person(session), now)


def _note(
    connection: Connection,
    type_: str,
    case: Row[Any],
    user_id: int,
    now: datetime,
    message_id: int | None = None,
) -> None:
    cases.add_event(connection, type_, case.contact_id, now, case_id=case.id, user_id=user_id, message_id=message_id)


def _way(house: House, connection: Connection, contact_id: int, channel: str) -> ReplyChannel:
    ways = _reply_channels(house, contacts.addresses(connection, contact_id))
    way = next((way for way in ways if way.channel == channel), None)
    if way is None or way.stopped:
        raise NoSuchChannel
    return way


def _reply_row(
    house: House,
    connection: Connection,
    case: Row[Any],
    user_id: int,
    words: str,
    way: ReplyChannel,
    token: str,
    now: datetime,
) -> dict[str, Any]:
    base = _outbound(house, connection, case.contact_id, way.channel, Urn.parse(way.urn), now)
    spoken = house.channels[way.channel].mode is Mode.VOICE
    text = _as_spoken(house, words, base["language"]) if spoken else words
    return {**base, "author": "counsellor", "user_id": user_id, "text": text, "token": token}


def _as_spoken(house: House, words: str, language: str) -> str:
    """What a call says around a person's words: who calls, and that one can answer."""
    frame = house.wording.words(house.flow.messages["spoken_answer"], Mode.VOICE, language, "message/spoken_answer")
    whole = words if words.endswith((".", "!", "?")) else f"{words}."
    return frame.format(text=whole)


def _outbound(
    house: House, connection: Connection, contact_id: int, channel: str, urn: Urn, now: datetime
) -> dict[str, Any]:
    account = messages.last_account(connection, str(urn), channel) or house.channels[channel].account
    return {
        "contact_id": contact_id,
        "channel": channel,
        "account": account,
        "urn": str(urn),
        "language": cases.contact(connection, contact_id).language,
        "status": Status.QUEUED.value,
        "next_at": now,
        "at": now,
    }


def _hand_back(house: House, connection: Connection, case: Row[Any], now: datetime) -> None:
    session = contacts.open_session(connection, case.contact_id)
    if session is None:
        return
    known = contacts.addresses(connection, case.contact_id)
    channel = _written_channel(house, connection, case.contact_id)
    mode = house.channels[channel].mode if channel else Mode.TEXT
    scene = Scene(house.flow, mode, facts(known, None))
    turn = hand_back(session, scene)
    contacts.save_session(connection, case.contact_id, session, turn.session, now)
    if not channel:
        return
    context = house.context(turn.session.language, young=False)
    way = _way(house, connection, case.contact_id, channel)
    base = _outbound(house, connection, case.contact_id, channel, Urn.parse(way.urn), now)
    said = house.wording.say(turn.prompts, scene, turn.session, context)
    rows = [
        {
            **base,
            "author": "bot",
            "text": part.text,
            "step": part.step,
            "choices": [c.to_dict() for c in part.choices],
        }
        for part in said
    ]
    for message_id in messages.insert_outbound(connection, rows):
        cases.add_event(connection, "message_out", case.contact_id, now, case_id=case.id, message_id=message_id)


def _written_channel(house: House, connection: Connection, contact_id: int) -> str:
    """The channel to say goodbye over: the last one, if it carries writing; nobody is called for that."""
    last = _last_channel(connection, contact_id)
    ways = _reply_channels(house, contacts.addresses(connection, contact_id))
    fits = any(way.channel == last and not way.stopped for way in ways)
    return last if fits and house.channels[last].mode is not Mode.VOICE else ""
