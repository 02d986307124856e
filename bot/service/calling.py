"""A counsellor calls a contact: stored first, rung by the worker, moved along by what the provider says.

The counsellor's own telephone rings. Only when a key is pressed there, which no mailbox does, the contact's rings too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberType
from sqlalchemy import Connection, Row

from bot.calls import LINE, UNREACHED, Bridge, CallState, Report, Ring, Telephone, after, may_move
from bot.cases import CaseStatus
from bot.catalogues import N_, SOURCE
from bot.events import EventType
from bot.messages import SendError, Status, Uncertain, Urn
from bot.service.case_errors import (
    AlreadyCalling,
    AlreadySent,
    CaseClosed,
    NoOwnTelephone,
    NoSuchChannel,
    NotYours,
    TooCostly,
)
from bot.service.case_views import existing
from bot.service.house import House
from bot.service.one_by_one import one_by_one
from bot.store import accounts, calls, cases, contacts, messages

VOICE = "voice"
KEY = "1"

PRESS = N_("Dit is Drempelvrij. Druk 1 om de persoon te bellen.")
NOT_NOW = N_("Deze oproep is voorbij. Tot ziens.")

OUTCOMES: Mapping[CallState, str] = {
    CallState.BUSY: N_("De lijn is bezet. Tot ziens."),
    CallState.NO_ANSWER: N_("Er neemt niemand op. Tot ziens."),
    CallState.CANCELLED: N_("Er neemt niemand op. Tot ziens."),
    CallState.FAILED: N_("Bellen lukt nu niet. Tot ziens."),
    CallState.ENDED: N_("De persoon heeft opgehangen. Tot ziens."),
}
"""What a counsellor hears when there is nobody on the line any more."""

PATIENCE: Mapping[CallState, timedelta] = {
    CallState.ASKED: timedelta(minutes=1),
    CallState.RINGING: timedelta(minutes=3),
    CallState.ANSWERED: timedelta(minutes=3),
    CallState.BRIDGED: timedelta(hours=2),
}
"""How long a call stands without a word of the provider: after that, none is coming."""

EVENTS: Mapping[CallState, EventType] = {
    CallState.ASKED: "call_asked",
    CallState.RINGING: "call_ringing",
    CallState.ANSWERED: "call_answered",
    CallState.BRIDGED: "call_bridged",
    CallState.ENDED: "call_ended",
    CallState.BUSY: "call_busy",
    CallState.NO_ANSWER: "call_no_answer",
    CallState.FAILED: "call_failed",
    CallState.CANCELLED: "call_cancelled",
}

COSTLY = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UNKNOWN})
"""Numbers that cost a fortune, or that nobody has: not called, whoever gave them."""

AT_ONCE = 20


def ask(house: House, case_id: int, user_id: int, number: str, token: str) -> None:
    """A counsellor wants to call a contact. ``token`` names the form: sent twice, it is one call.

    Raises NoSuchCase, CaseClosed, NotYours, NoOwnTelephone, NoSuchChannel, TooCostly, AlreadyCalling, AlreadySent.
    """
    with house.store.write() as connection:
        contact_id = existing(connection, case_id).contact_id
        cases.contact(connection, contact_id, lock=True)
        case = existing(connection, case_id, lock=True)
        if not _asked_before(connection, case, number, token):
            _check(house, connection, case, user_id, number)
            _store(house, connection, case, user_id, number, token)


def _asked_before(connection: Connection, case: Row[Any], number: str, token: str) -> bool:
    before = calls.by_token(connection, token)
    if before is not None and (before.case_id, before.urn) != (case.id, f"tel:{number}"):
        raise AlreadySent
    return before is not None


def _check(house: House, connection: Connection, case: Row[Any], user_id: int, number: str) -> None:
    if case.status == CaseStatus.CLOSED.value:
        raise CaseClosed
    if case.owner_id != user_id:
        raise NotYours
    if VOICE not in house.channels or number not in numbers(connection, case.contact_id):
        raise NoSuchChannel
    if costly(number):
        raise TooCostly
    if not own_telephone(connection, user_id):
        raise NoOwnTelephone
    if calls.under_way(connection, case.id, user_id):
        raise AlreadyCalling


def numbers(connection: Connection, contact_id: int) -> list[str]:
    """The telephone numbers of a contact: what they gave, then those they were heard from."""
    given = cases.contact(connection, contact_id).phone
    heard = [a.urn.path for a in contacts.addresses(connection, contact_id) if a.urn.scheme == "tel"]
    return list(dict.fromkeys(filter(None, [given, *heard])))


def costly(number: str) -> bool:
    """Whether a number is not to be called for what it costs, or is none at all."""
    try:
        return phonenumbers.number_type(phonenumbers.parse(number)) in COSTLY
    except phonenumbers.NumberParseException:
        return True


def own_telephone(connection: Connection, user_id: int) -> str:
    """Where calls of a counsellor begin; empty when that is not known."""
    found = accounts.get(connection, user_id)
    return "" if found is None else str(found.phone)


def _store(house: House, connection: Connection, case: Row[Any], user_id: int, number: str, token: str) -> None:
    now = house.now()
    line = {
        "contact_id": case.contact_id,
        "author": "counsellor",
        "user_id": user_id,
        "channel": VOICE,
        "account": _account(house, connection, case.contact_id),
        "urn": f"tel:{number}",
        "kind": LINE,
        "text": "",
        "status": Status.SPOKEN.value,
        "at": now,
    }
    message_id = messages.insert_outbound(connection, [line])[0]
    whose = {"case_id": case.id, "contact_id": case.contact_id, "user_id": user_id, "message_id": message_id}
    about = {"urn": f"tel:{number}", "token": token, "state": CallState.ASKED.value, "at": now, "changed_at": now}
    calls.add(connection, {**whose, **about})
    cases.add_event(
        connection, "call_asked", case.contact_id, now, case_id=case.id, user_id=user_id, message_id=message_id
    )


def _account(house: House, connection: Connection, contact_id: int) -> str:
    """Our number that the contact knows: they see it on their telephone."""
    return messages.last_account(connection, contact_id, VOICE) or house.channels[VOICE].account


@dataclass(frozen=True, slots=True)
class Possibilities:
    """Whom a counsellor can call in a case: the contact's numbers, and the ``own`` one that rings first."""

    numbers: tuple[str, ...]
    own: str
    possible: bool  # there is a telephone at all


def possibilities(house: House, case_id: int, user_id: int) -> Possibilities:
    """Whom a counsellor can call in a case. Raises NoSuchCase."""
    with house.store.read() as connection:
        case = existing(connection, case_id)
        known = tuple(numbers(connection, case.contact_id))
        return Possibilities(known, own_telephone(connection, user_id), VOICE in house.channels)


# The worker


def take(house: House) -> list[Ring]:
    """The telephones to ring now, each for one worker alone."""
    with house.store.read() as connection:
        waiting = calls.asked(connection, AT_ONCE)
    return [ring for token in waiting if (ring := _taken(house, token)) is not None]


def _taken(house: House, token: str) -> Ring | None:
    with house.store.write() as connection:
        call = _locked(connection, token)
        if call is None or call.state != CallState.ASKED.value:
            return None
        own = own_telephone(connection, call.user_id)
        late = house.now() - call.at > PATIENCE[CallState.ASKED]
        if late or not own:  # nobody expects the telephone to ring any more
            _move(connection, call, CallState.FAILED, house.now(), reason="too_late" if late else "no_number")
            return None
        _move(connection, call, CallState.RINGING, house.now())
        return Ring(token, own, _account(house, connection, call.contact_id))


def rung(house: House, token: str, provider_id: str) -> None:
    """The provider rings the counsellor's telephone."""
    with house.store.write() as connection:
        call = _locked(connection, token)
        if call is not None:
            calls.change(connection, call.id, provider_id=provider_id)


def not_rung(house: House, token: str, error: SendError) -> None:
    """The provider did not take it. Where that is not sure, its words will tell, or its silence."""
    if isinstance(error, Uncertain):
        return
    with house.store.write() as connection:
        call = _locked(connection, token)
        if call is not None and may_move(CallState(call.state), CallState.FAILED):
            _move(connection, call, CallState.FAILED, house.now(), reason=error.code or error.reason)


# What the provider says


def reported(house: House, token: str, report: Report) -> CallState | None:
    """Takes a word on one telephone of a call; where the call stands then, None when there is no such call."""
    now = house.now()
    with house.store.write() as connection:
        call = _locked(connection, token)
        if call is None:
            return None
        before = CallState(call.state)
        to = after(before, report.telephone, report.word)
        if to is not before:
            own = before in (CallState.ASKED, CallState.RINGING)
            talked = _talked(call, report, now) if to is CallState.ENDED else None
            _move(connection, call, to, now, reason=Telephone.OWN.value if own else "", seconds=talked)
        return to


def _talked(call: Row[Any], report: Report, now: datetime) -> int | None:
    """How long the two talked: as the contact's telephone says, else since we know that it was picked up."""
    if report.telephone is Telephone.THEIRS and report.seconds is not None:
        return report.seconds
    bridged = call.state == CallState.BRIDGED.value
    return round((now - call.changed_at).total_seconds()) if bridged else None


def picked_up(house: House, token: str) -> tuple[str, str] | None:
    """The counsellor's telephone was picked up, by somebody or by a mailbox: words, language; None: too late."""
    with house.store.read() as connection:
        call = calls.by_token(connection, token)
        if call is None or call.state != CallState.RINGING.value:
            return None
        return _said(house, connection, call, PRESS)


def pressed(house: House, token: str, digits: str) -> Bridge | None:
    """A key was pressed on the counsellor's telephone: the contact's is rung; None: another key, or too late.

    A repeat of the same request gets the same answer for as long as the contact's telephone rings.
    """
    with house.store.write() as connection:
        call = _locked(connection, token)
        if call is None or digits != KEY:
            return None
        if call.state == CallState.RINGING.value:
            _move(connection, call, CallState.ANSWERED, house.now())
        elif call.state != CallState.ANSWERED.value:
            return None
        return Bridge(Urn.parse(call.urn).path, _account(house, connection, call.contact_id))


def words(house: House, token: str, message: str) -> tuple[str, str]:
    """Words for the counsellor of a call, and their language."""
    with house.store.read() as connection:
        call = calls.by_token(connection, token)
        return (message, SOURCE) if call is None else _said(house, connection, call, message)


def _said(house: House, connection: Connection, call: Row[Any], message: str) -> tuple[str, str]:
    user = accounts.get(connection, call.user_id)
    language = user.language if user is not None and user.language in house.complete else SOURCE
    return house.wording.text(language, message), language


def give_up(house: House) -> int:
    """Calls of which nothing was heard for too long are over: who waits for one may try again."""
    with house.store.read() as connection:
        quiet = calls.silent(connection, house.now(), PATIENCE, AT_ONCE)
    one_by_one(quiet, lambda token: _given_up(house, token))
    return 0  # nobody was reached


def _given_up(house: House, token: str) -> bool:
    now = house.now()
    with house.store.write() as connection:
        call = _locked(connection, token)
        if call is None or now - call.changed_at <= PATIENCE.get(CallState(call.state), timedelta.max):
            return False
        ended = call.state == CallState.BRIDGED.value
        to = CallState.ENDED if ended else CallState.FAILED
        _move(connection, call, to, now, reason="" if ended else "no_word")
    return True


def _locked(connection: Connection, token: str) -> Row[Any] | None:
    """The call, with its contact locked first: the order in which everybody locks."""
    found = calls.by_token(connection, token)
    if found is None:
        return None
    cases.contact(connection, found.contact_id, lock=True)
    return calls.by_token(connection, token, lock=True)


def _move(
    connection: Connection,
    call: Row[Any],
    to: CallState,
    now: datetime,
    *,
    reason: str = "",
    seconds: int | None = None,
) -> None:
    """Moves a call, with its events. Who was talked to waits no longer; who was not keeps the place in line."""
    values: dict[str, Any] = {"state": to.value, "reason": reason, "changed_at": now}
    calls.change(connection, call.id, **values, **({} if seconds is None else {"seconds": seconds}))
    if to in (CallState.BRIDGED, CallState.ENDED) and call.state != CallState.BRIDGED.value:
        cases.change(connection, call.case_id, waiting_since=None)
    about = {"case_id": call.case_id, "user_id": call.user_id, "message_id": call.message_id}
    cases.add_event(connection, EVENTS[to], call.contact_id, now, **about, data={"reason": reason})
    if to in UNREACHED and call.state == CallState.ANSWERED.value:
        cases.add_event(connection, cases.NOT_REACHED, call.contact_id, now, **about)
