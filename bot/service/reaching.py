"""Saying something to a contact who did not just write: over which way, in which words, and what is open afterwards.

The contact's lock is held by the caller. Nothing here looks at the clock of decent hours: whoever sends by itself does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import phonenumbers
from sqlalchemy import Connection

from bot.errands import begin
from bot.messages import Mode, Said, Status, Urn
from bot.service.around import scene_for
from bot.service.facts import facts
from bot.service.house import House
from bot.service.nudging import first_nudge
from bot.service.windows import shut
from bot.session import NothingAround, NoticeWords, Prompt, Scene, Session, State
from bot.steps import ask, fitted
from bot.store import cases, contacts, messages
from bot.store.contacts import Address


@dataclass(frozen=True, slots=True)
class Way:
    """A channel and an address on it."""

    channel: str
    urn: Urn


def way_to(
    house: House, connection: Connection, contact_id: int, *, calls: bool = False, besides: str = ""
) -> Way | None:
    """The way to write to a contact: the channel last used first; a call only where ``calls`` allows it.

    ``besides``: a channel that is not to be used. None where nothing is left: STOP, a landline, a hidden number, a
    channel that delivers only for a day.
    """
    known = contacts.addresses(connection, contact_id)
    unused = {besides, *shut(house, connection, contact_id)}
    ways = [way for address in known for way in _ways(house, address, calls=calls) if way.channel not in unused]
    last = messages.last_channel(connection, contact_id)
    return next((way for way in ways if way.channel == last), next(iter(ways), None))


def _ways(house: House, address: Address, *, calls: bool) -> list[Way]:
    """The ways to one address, writing before calling."""
    channels = [channel for channel in house.channels.values() if channel.scheme == address.urn.scheme]
    written = [c for c in channels if c.mode is not Mode.VOICE and not address.stopped and _gets_texts(address.urn)]
    spoken = [c for c in channels if c.mode is Mode.VOICE and calls]
    return [Way(channel.name, address.urn) for channel in (*written, *spoken)]


def _gets_texts(urn: Urn) -> bool:
    """A landline gets no SMS."""
    if urn.scheme != "tel":
        return True
    try:
        number = phonenumbers.parse(urn.path)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) is not phonenumbers.PhoneNumberType.FIXED_LINE


def asked(
    house: House,
    connection: Connection,
    contact_id: int,
    way: Way,
    now: datetime,
    step: str,
    about: str,
    *notes: Prompt,
) -> list[int]:
    """Asks an errand: the session stands at it afterwards, and goes back to where it was. The ids of the messages."""
    session, scene = _standing(house, connection, contact_id, way, now)
    turn = ask(scene, begin(scene, session, step, about), *notes)
    contacts.save_session(connection, contact_id, session, turn.session, now, first_nudge(turn.session, now))
    return put(house, connection, contact_id, way, turn.prompts, scene, turn.session, now)


def as_said(
    house: House, connection: Connection, contact_id: int, way: Way, step: str, notice: NoticeWords, now: datetime
) -> Said:
    """The words of a notice as this contact would get them; nothing is stored."""
    session, scene = _standing(house, connection, contact_id, way, now)
    shown = replace(scene, around=_Shown(notice))
    turn = ask(shown, begin(shown, session, step, PREVIEW))
    context = house.context(session.language, young=False)
    return house.wording.say(turn.prompts, shown, turn.session, context)[-1]


PREVIEW = "0"
"""What a notice is called that nobody has got yet."""


@dataclass(frozen=True)
class _Shown(NothingAround):
    """Around a contact there is one notice, that is only shown."""

    shown: NoticeWords

    def notice(self, notice_id: str) -> NoticeWords | None:
        """That one."""
        return self.shown


def told(house: House, connection: Connection, contact_id: int, way: Way, now: datetime, *prompts: Prompt) -> list[int]:
    """Tells something that asks nothing: whatever was open stays so. The ids of the messages."""
    session, scene = _standing(house, connection, contact_id, way, now)
    return put(house, connection, contact_id, way, prompts, scene, session, now)


def last_written(house: House, connection: Connection, contact_id: int) -> str:
    """The channel that the contact last wrote over, or would be written to over; empty when none."""
    way = way_to(house, connection, contact_id)
    return "" if way is None else way.channel


def may_be_asked(connection: Connection, contact_id: int) -> bool:
    """Whether an errand may come now: not while a person has the conversation, not into an intake, not after STOP."""
    session = contacts.open_session(connection, contact_id)
    case = cases.open_case(connection, contact_id)
    claimed = case is not None and case.owner_id is not None
    return session is not None and session.state is State.DONE and not claimed


def _standing(house: House, connection: Connection, contact_id: int, way: Way, now: datetime) -> tuple[Session, Scene]:
    session = contacts.open_session(connection, contact_id)
    if session is None:
        raise LookupError("a contact without a session cannot be told anything")
    known = contacts.addresses(connection, contact_id)
    about = facts(known, cases.open_case(connection, contact_id))
    scene = scene_for(house, connection, contact_id, way.channel, about, now)
    return fitted(session, scene), scene


def put(
    house: House,
    connection: Connection,
    contact_id: int,
    way: Way,
    prompts: Sequence[Prompt],
    scene: Scene,
    session: Session,
    now: datetime,
) -> list[int]:
    """Puts prompts into words and into the outbox, with their events."""
    context = house.context(session.language, young=session.answers.get("age") == ("under_18",))
    said = house.wording.say(prompts, scene, session, context)
    base = outbound(house, connection, contact_id, way, session.language, now)
    ids = messages.insert_outbound(connection, [{**base, **_words(part)} for part in said])
    case = cases.open_case(connection, contact_id)
    for message_id in ids:
        case_id = None if case is None else case.id
        cases.add_event(connection, "message_out", contact_id, now, case_id=case_id, message_id=message_id)
    return ids


def outbound(
    house: House, connection: Connection, contact_id: int, way: Way, language: str, now: datetime
) -> dict[str, Any]:
    """What every message out has, whoever wrote it: from the address of ours that the contact knows."""
    account = messages.last_account(connection, contact_id, way.channel) or house.channels[way.channel].account
    return {
        "contact_id": contact_id,
        "author": "bot",
        "channel": way.channel,
        "account": account,
        "urn": str(way.urn),
        "language": language,
        "status": Status.QUEUED.value,
        "next_at": now,
        "at": now,
    }


def _words(part: Said) -> dict[str, Any]:
    return {
        "text": part.text,
        "language": part.language,
        "step": part.step,
        "choices": [choice.to_dict() for choice in part.choices],
    }
