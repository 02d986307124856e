"""A message comes in. Store, then answer: one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.conversation import take_turn
from bot.errands import after
from bot.events import EventType
from bot.expecting import expecting
from bot.lexicon import Is
from bot.meaning import WHOLE, Meaning, Question
from bot.messages import OPTED_OUT, Inbound, Kind, Mode, Next, Outcome, Said, Status, Urn
from bot.people import ALARM_REASONS, URGENT
from bot.service import attachments, routing
from bot.service.around import scene_for
from bot.service.attempts import perform
from bot.service.facts import facts
from bot.service.house import House
from bot.service.nudging import first_nudge
from bot.session import (
    LearnPhone,
    OpenCase,
    Prompt,
    Propose,
    ResumeContact,
    Scene,
    Session,
    State,
    StopContact,
    ToldHours,
    Turn,
)
from bot.steps import fitted
from bot.store import cases, contacts, messages, proposals
from bot.store.contacts import Address, Contact
from bot.understanding import understand

FAREWELL = "farewell"
"""Kind of the one message that may still go to an address that has just been stopped."""

FIRST_LANGUAGE = "nl"


@dataclass(frozen=True, slots=True)
class _Desk:
    """One message in, and all that is known when it is taken up."""

    house: House
    connection: Connection
    inbound: Inbound
    message_id: int
    contact: Contact
    addresses: Sequence[Address]
    session: Session | None
    case: Row[Any] | None
    now: datetime

    @property
    def mode(self) -> Mode:
        return self.house.channels[self.inbound.channel].mode

    def scene(self) -> Scene:
        """What the turn is taken in, as things stand now: made anew once something changed."""
        return scene_for(self.house, self.connection, self.contact.id, self.inbound.channel, self.facts, self.now)

    @property
    def facts(self) -> dict[str, str]:
        stopped = any(address.stopped for address in self.addresses if address.urn == self.inbound.urn)
        return {
            **facts(self.addresses, self.case),
            "stopped": "yes" if stopped else "no",
            "speaks": self._speaks(),
        }

    @property
    def chose_language(self) -> bool:
        """Whether the contact did."""
        return self.session is not None and self.house.flow.start in self.session.answers

    def _speaks(self) -> str:
        """The language of a message, while nobody has chosen one yet."""
        said = self.inbound.kind in (Kind.TEXT, Kind.SPEECH) and not self.chose_language
        words = self.inbound.text if said else ""
        return self.house.matcher.language_of(words) if words else ""

    @property
    def run(self) -> int:
        return self.session.run if self.session else contacts.last_run(self.connection, self.contact.id) + 1


def receive(house: House, inbound: Inbound) -> Outcome:
    """Takes one message: stores it, takes the turn, stores all that follows. A repeat gets the stored outcome."""
    now = house.now()
    with house.store.write() as connection:
        contact = contacts.lock_contact(connection, inbound, now, FIRST_LANGUAGE)
        message_id = messages.insert_inbound(connection, contact.id, inbound, now)
        if message_id is None:
            return _again(connection, inbound)
        attachments.expect(house, connection, inbound, message_id, contact.id, now)
        addresses = _addresses(house, connection, inbound, contact.id, now)
        case = cases.open_case(connection, contact.id)
        desk = _Desk(
            house=house,
            connection=connection,
            inbound=inbound,
            message_id=message_id,
            contact=contact,
            addresses=addresses,
            session=contacts.open_session(connection, contact.id),
            case=case,
            now=now,
        )
        desk = _up_to_date(desk)
        contacts.came_by(connection, inbound)
        if case is not None and case.snoozed_until is not None:
            cases.change(connection, case.id, snoozed_until=None)
        said = _reachability(desk) if inbound.kind in _REACHABILITY else _turn(desk)
    return Outcome(said, message_id=message_id)


def _addresses(house: House, connection: Connection, inbound: Inbound, contact_id: int, now: datetime) -> list[Address]:
    """All that are known of a contact; one that came with this message is learned, unless it is somebody's already."""
    known = contacts.addresses(connection, contact_id)
    if inbound.also is None or any(address.urn == inbound.also for address in known):
        return known
    _learn(house, connection, contact_id, inbound.also, now)
    return contacts.addresses(connection, contact_id)


def _learn(house: House, connection: Connection, contact_id: int, urn: Urn, now: datetime) -> None:
    """A contact's own number, vouched for by the channel: a second address, unless it is somebody's already."""
    contacts.learn(connection, contact_id, phone=urn.path)
    sms = house.channels.get("sms")
    if sms is not None:
        contacts.add_urn(connection, contact_id, urn, sms.name, sms.account, now)


def _up_to_date(desk: _Desk) -> _Desk:
    """The session in the flow of now. Who writes in a chat app again has let us in again, whatever we missed of it."""
    session = fitted(desk.session, desk.scene()) if desk.session is not None else None
    silenced = session is not None and session.state is State.STOPPED
    if desk.mode is Mode.CHAT and desk.inbound.kind is not Kind.BLOCKED and not silenced:
        contacts.set_stopped(desk.connection, desk.inbound.urn, None)
    return replace(desk, session=session)


def _again(connection: Connection, inbound: Inbound) -> Outcome:
    row = messages.find_inbound(connection, inbound, inbound.provider_id)
    stored = row.outcome if row is not None and row.outcome else []
    return Outcome(tuple(Said.from_dict(part) for part in stored), repeated=True)


_REACHABILITY: Mapping[Kind, EventType] = {Kind.BLOCKED: "stopped", Kind.UNBLOCKED: "resumed"}


def _reachability(desk: _Desk) -> tuple[Said, ...]:
    """The contact blocked us, or let us in again: nothing is said, nothing more is sent."""
    blocked = desk.inbound.kind is Kind.BLOCKED
    contacts.set_stopped(desk.connection, desk.inbound.urn, desk.now if blocked else None)
    messages.settle_inbound(desk.connection, desk.message_id, step="", meaning="", outcome=(), text=desk.inbound.text)
    _event(desk, _REACHABILITY[desk.inbound.kind])
    return ()


def _turn(desk: _Desk) -> tuple[Said, ...]:
    scene = desk.scene()
    meaning, step, text = _meaning(desk, scene)
    turn, scene = _attempted(desk, take_turn(desk.session, meaning, scene, run=desk.run), scene)
    turn = expecting(_never_mute(turn, scene), scene)
    said = _said(desk, turn, scene)
    _effects(desk, turn)
    _event(desk, "message_in")
    _keep(desk, turn)
    messages.settle_inbound(
        desk.connection, desk.message_id, step=step, meaning=meaning.name.value, outcome=said, text=text
    )
    _put_out(desk, said, turn)
    return said


MOST_ATTEMPTS = 5
"""Attempts of one turn: something done, then the next one started."""


def _attempted(desk: _Desk, turn: Turn, scene: Scene) -> tuple[Turn, Scene]:
    """Tries what may fail, and says what came of it; the scene after that."""
    for _ in range(MOST_ATTEMPTS):
        if turn.attempt is None:
            return turn, scene
        outcome = perform(desk.house, desk.connection, desk.contact.id, turn.session, turn.attempt, desk.now)
        scene = desk.scene()
        then = after(scene, turn.session, turn.attempt, outcome)
        turn = replace(then, prompts=(*turn.prompts, *then.prompts), effects=(*turn.effects, *then.effects))
    raise RuntimeError("attempts without an end")


def _meaning(desk: _Desk, scene: Scene) -> tuple[Meaning, str, str]:
    """What the message amounts to, the question it answers, and how it may be kept."""
    inbound, session = desk.inbound, desk.session
    if inbound.kind is Kind.EDIT:
        return _edited(desk, scene)
    meaning = _understood(desk, inbound, desk.house.wording.question(scene, session))
    step = session.step if session and session.state is State.ASKING else ""
    if inbound.kind is Kind.BUTTON:
        return meaning, meaning.step or step, inbound.text
    return meaning, step, _kept(inbound, meaning)


def _understood(desk: _Desk, inbound: Inbound, question: Question) -> Meaning:
    """What a message means. As long as nobody chose a language, words of alarm in any language are one's own."""
    language = desk.session.language if desk.session else desk.contact.language
    meaning = understand(inbound, question, desk.house.matcher, language)
    if desk.chose_language or meaning.name in URGENT:
        return meaning
    anywhere = understand(inbound, question, desk.house.matcher, "")
    return anywhere if anywhere.name in ALARM_REASONS and anywhere.confidence == WHOLE else meaning


def _kept(inbound: Inbound, meaning: Meaning) -> str:
    """The message as it is stored: without what we must not keep."""
    return inbound.text if meaning.redacted is None else meaning.redacted


def _edited(desk: _Desk, scene: Scene) -> tuple[Meaning, str, str]:
    """A message corrected afterwards: another answer to the question that it answered then."""
    inbound, session = desk.inbound, desk.session
    original = messages.find_inbound(desk.connection, inbound, inbound.edits)
    step = original.step if original is not None else ""
    answered = session is not None and step in session.answers
    asked = replace(session, step=step, state=State.ASKING) if session is not None and answered else None
    question = desk.house.wording.question(scene, asked or session)
    as_text = replace(inbound, kind=Kind.TEXT)
    meaning = _understood(desk, as_text, question)
    kept = _kept(inbound, meaning)
    if asked is not None and meaning.name in _ANSWERS:
        meaning = replace(meaning, name=Is.ANSWER, step=step, run=asked.run)
    elif meaning.name not in (*URGENT, Is.TOLD):
        meaning = Meaning(Is.NOTHING, told=meaning.told)
    return meaning, step, kept


_ANSWERS = frozenset({Is.CHOICE, Is.TEXT, Is.POSTCODE, Is.PHONE})


def _never_mute(turn: Turn, scene: Scene) -> Turn:
    """A caller always hears something: a call in which nobody speaks is a dead line."""
    if scene.voice and not turn.prompts:
        return replace(turn, prompts=(Prompt("goodbye", next=Next.HANG_UP),))
    return turn


def _said(desk: _Desk, turn: Turn, scene: Scene) -> tuple[Said, ...]:
    session = turn.session
    young = session.answers.get("age") == ("under_18",)
    context = desk.house.context(session.language, young=young)
    return desk.house.wording.say(turn.prompts, scene, session, context)


def _keep(desk: _Desk, turn: Turn) -> None:
    nudge_at = first_nudge(turn.session, desk.now)
    contacts.save_session(desk.connection, desk.contact.id, desk.session, turn.session, desk.now, nudge_at)
    told = {"language": turn.session.language}
    name = turn.session.answers.get("name", ())
    if name:
        told["name"] = name[0][:200]
    phone = turn.session.answers.get("phone") or turn.session.answers.get("hidden_phone")
    if phone:
        told["phone"] = phone[0][:32]
    contacts.learn(desk.connection, desk.contact.id, **told)


def _put_out(desk: _Desk, said: Sequence[Said], turn: Turn) -> None:
    stopping = any(isinstance(effect, StopContact) for effect in turn.effects)
    if stopping and desk.inbound.payload == OPTED_OUT:
        return
    rows = [_row(desk, part, FAREWELL if stopping else "text") for part in said]
    for message_id in messages.insert_outbound(desk.connection, rows):
        _event(desk, "message_out", message_id=message_id)


def _row(desk: _Desk, part: Said, kind: str) -> dict[str, Any]:
    spoken = desk.mode is Mode.VOICE
    return {
        "contact_id": desk.contact.id,
        "author": "bot",
        "channel": desk.inbound.channel,
        "account": desk.inbound.account,
        "urn": str(desk.inbound.urn),
        "kind": kind,
        "text": part.text,
        "language": part.language,
        "step": part.step,
        "choices": [choice.to_dict() for choice in part.choices],
        "status": (Status.SPOKEN if spoken else Status.QUEUED).value,
        "next_at": None if spoken else desk.now,
        "at": desk.now,
    }


def _effects(desk: _Desk, turn: Turn) -> None:
    for effect in turn.effects:
        _EFFECTS[type(effect)](desk, effect, turn.session)
    case = cases.open_case(desk.connection, desk.contact.id)
    if case is not None and (desk.inbound.text or desk.inbound.media):
        cases.waits(desk.connection, case.id, desk.inbound.channel, desk.now)


def _open_case(desk: _Desk, effect: OpenCase, session: Session) -> None:
    case_id, new = cases.open_or_raise(desk.connection, desk.contact.id, effect.reason, effect.evidence, desk.now)
    routing.route(desk.house, desk.connection, case_id, session, desk.now)
    _event(desk, "case_opened" if new else "case_raised", case_id=case_id, data={"reason": effect.reason.value})


def _propose(desk: _Desk, effect: Propose, session: Session) -> None:
    case = cases.open_case(desk.connection, desk.contact.id)
    case_id = None if case is None else int(case.id)
    proposals.add(desk.connection, desk.contact.id, case_id, session.run, effect.proposal, desk.now)
    _event(desk, "proposed", case_id=case_id)


def _told_hours(desk: _Desk, effect: ToldHours, session: Session) -> None:
    """Comes after the effect that opened the case."""
    case = cases.open_case(desk.connection, desk.contact.id)
    if case is not None:
        cases.change(desk.connection, case.id, told_hours_at=desk.now)


def _stop(desk: _Desk, effect: StopContact, session: Session) -> None:
    _set_stopped(desk, desk.now)
    _event(desk, "stopped")


def _resume(desk: _Desk, effect: ResumeContact, session: Session) -> None:
    _set_stopped(desk, None)
    _event(desk, "resumed")


def _set_stopped(desk: _Desk, at: datetime | None) -> None:
    """Who stops WhatsApp gets no SMS instead: both come to one telephone."""
    for urn in (desk.inbound.urn, desk.inbound.also):
        if urn is not None:
            contacts.set_stopped(desk.connection, urn, at)


def _learn_phone(desk: _Desk, effect: LearnPhone, session: Session) -> None:
    _learn(desk.house, desk.connection, desk.contact.id, Urn("tel", effect.number), desk.now)


_EFFECTS: dict[type[Any], Any] = {
    OpenCase: _open_case,
    StopContact: _stop,
    ResumeContact: _resume,
    LearnPhone: _learn_phone,
    Propose: _propose,
    ToldHours: _told_hours,
}


def _event(
    desk: _Desk,
    type_: EventType,
    *,
    case_id: int | None = None,
    message_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    case = case_id or (desk.case.id if desk.case is not None else None)
    cases.add_event(
        desk.connection,
        type_,
        desk.contact.id,
        desk.now,
        case_id=case,
        message_id=message_id or desk.message_id,
        data=data,
    )


def outage(house: House) -> tuple[Said, ...]:
    """What a caller hears when our own answer failed. Touches no store: that may be what is down."""
    text = house.wording.words(house.flow.messages["outage"], Mode.VOICE, FIRST_LANGUAGE, "message/outage")
    return (Said(text, FIRST_LANGUAGE, next=Next.HANG_UP),)


def set_aside(house: House, channel: str, provider_id: str, reason: str, body: str) -> None:
    """Keeps something authentic but unreadable for people to look at."""
    with house.store.write() as connection:
        messages.set_aside(connection, channel, provider_id, reason, body, house.now())
