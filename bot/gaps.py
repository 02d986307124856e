"""What fills the gaps of texts: a time and its place, a path, an assignment, a proposal, a notice, another service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_date, format_skeleton, format_timedelta

from bot.catalogues import N_, direction
from bot.flow import Words
from bot.hours import BELGIUM
from bot.meetings import MeetingKind, Slot
from bot.messages import Mode
from bot.offered import meeting_about
from bot.plans import Item, Path
from bot.regions import region_of
from bot.session import Back, Handing, NoticeWords, Prompt, Scene, Session, Usual
from bot.triage import Proposal

if TYPE_CHECKING:
    from bot.wording import Wording

LOCALES: Mapping[str, str] = {"en": "en_GB"}
"""Where a language alone would write dates as in another country."""

SHORT_DAY = "MEd"
"""A day with digits, for an SMS (Unicode skeleton)."""

DAY = "EEEE d MMMM"
DAYS: Mapping[str, str] = {"tr": "d MMMM EEEE"}
"""A day in words, for chat and voice: nearly everywhere in the same order."""

AT_OFFICE = N_("VDAB in {town}")
WE_CALL = N_("wij bellen u")
TALK, CALL = N_("Een gesprek"), N_("Een telefoontje")
ASKED_HELP = N_("u vroeg om hulp")
A_PERSON = N_("een gesprek met een mens van VDAB")
DONE_PART, NOW_PART, NEXT_PART = N_("Klaar: {what}."), N_("Nu: {what}."), N_("Daarna: {what}.")

Gaps = dict[str, str]


def of_prompt(wording: Wording, prompt: Prompt, scene: Scene, session: Session) -> Gaps:
    """What fills the gaps of a message that is about something."""
    if prompt.about is None:
        return {}
    return _ABOUT[type(prompt.about)](wording, prompt.about, scene, session)


def of_step(wording: Wording, step: str, scene: Scene, session: Session) -> Gaps:
    """What fills the gaps of a question that is about something."""
    filler = _STEPS.get(step)
    return {} if filler is None else filler(wording, scene, session)


def moment(at: datetime, mode: Mode, language: str) -> str:
    """A day and an hour in Belgian time, as people of a language write them."""
    locale = LOCALES.get(language, language)
    here = at.astimezone(BELGIUM)
    return f"{day_of(here.date(), mode, language)} {format_skeleton('Hm', here, locale=locale)}"


def day_of(day: date, mode: Mode, language: str) -> str:
    """A day, as people of a language write it."""
    locale = LOCALES.get(language, language)
    if mode is Mode.TEXT:
        return format_skeleton(SHORT_DAY, datetime.combine(day, time(12), BELGIUM), locale=locale)
    return format_date(day, DAYS.get(language, DAY), locale=locale)


def choice_of_time(at: datetime, town: str, mode: Mode, language: str) -> str:
    """A time as it is offered: with its town, if it is at an office."""
    return f"{moment(at, mode, language)} {town}".strip()


def number_in(number: str, mode: Mode, language: str) -> str:
    """A telephone number between words: spoken digit by digit; from right to left its groups would change places."""
    if mode is Mode.VOICE:
        return digit_by_digit(number)
    return number.replace(" ", "") if direction(language) == "rtl" else number


def digit_by_digit(number: str) -> str:
    """A number as it is spoken."""
    return " ".join(number.replace(" ", ""))


def town(scene: Scene, office: str) -> str:
    """The town of an office; its name in the files while it is not known."""
    known = scene.offices.get(office)
    return known.town if known is not None else office


def _slot(wording: Wording, slot: Slot, scene: Scene, session: Session) -> Gaps:
    language = session.language
    there = wording.text(language, AT_OFFICE).format(town=town(scene, slot.office))
    called = slot.kind is MeetingKind.CALL
    return {
        "when": moment(slot.starts_at, scene.mode, language),
        "where": wording.text(language, WE_CALL) if called else there,
        "title": slot.title or wording.text(language, CALL if called else TALK),
    }


def _proposal(wording: Wording, proposal: Proposal, scene: Scene, session: Session) -> Gaps:
    """The first programme, and the reason why it comes first."""
    first = next(iter(proposal.programmes), "")
    programme, rule = scene.rules.programmes.get(first), scene.rules.why(proposal, first)
    what = _said(wording, programme.told, f"programme/{first}/told", scene, session) if programme else ""
    why = _said(wording, rule.because, f"rule/{rule.id}/because", scene, session) if rule else ""
    return {
        "what": what or wording.text(session.language, A_PERSON),
        "why": why or wording.text(session.language, ASKED_HELP),
    }


def _said(wording: Wording, words: Words, context: str, scene: Scene, session: Session) -> str:
    return wording.words(words, scene.mode, session.language, context)


def _item(wording: Wording, item: Item, scene: Scene, session: Session) -> Gaps:
    return {"title": title(wording, item, scene, session), "text": _task(wording, item, scene, session)}


def title(wording: Wording, item: Item, scene: Scene, session: Session) -> str:
    """What an item of a path is called; a counsellor's own words stay as they are."""
    known = next((a for a in scene.around.assignments if a.id == item.assignment), None)
    if known is None:
        return item.title
    return _said(wording, known.title, f"assignment/{known.id}/title", scene, session)


def _task(wording: Wording, item: Item, scene: Scene, session: Session) -> str:
    known = next((a for a in scene.around.assignments if a.id == item.assignment), None)
    if known is None:
        return item.title
    return _said(wording, known.text, f"assignment/{known.id}/text", scene, session)


def _notice(wording: Wording, notice: NoticeWords, scene: Scene, session: Session) -> Gaps:
    words, part = (notice.explanation, "explanation") if notice.explained else (notice.text, "text")
    name = f"notice/{notice.template}"
    day = day_of(notice.day, scene.mode, session.language) if notice.day is not None else ""
    return {"notice": _said(wording, words, f"{name}/{part}", scene, session).format(day=day)}


LONGEST_PERSON = 28
"""Characters of a counsellor's name in a message of the bot."""


def _handing(wording: Wording, handing: Handing, scene: Scene, session: Session) -> Gaps:
    return {"giver": handing.giver[:LONGEST_PERSON].strip(), "taker": handing.taker[:LONGEST_PERSON].strip()}


def _back(wording: Wording, back: Back, scene: Scene, session: Session) -> Gaps:
    return {"when": moment(back.at, scene.mode, session.language)}


def _usual(wording: Wording, usual: Usual, scene: Scene, session: Session) -> Gaps:
    return {"wait": span(usual.minutes, session.language)}


def span(minutes: int, language: str) -> str:
    """A time of some minutes or hours, as people of a language write it: "30 minuten", "2 uur"."""
    locale = LOCALES.get(language, language)
    return format_timedelta(timedelta(minutes=minutes), threshold=1, granularity="minute", locale=locale)


_ABOUT: Mapping[type, Callable[..., Gaps]] = {
    Slot: _slot,
    Item: _item,
    Proposal: _proposal,
    NoticeWords: _notice,
    Handing: _handing,
    Back: _back,
    Usual: _usual,
}


def _path(wording: Wording, scene: Scene, session: Session) -> Gaps:
    return {"path": path(wording, scene.around.path, scene, session)}


def path(wording: Wording, whole: Path, scene: Scene, session: Session) -> str:
    """The path in one message: in an SMS how many are done and what comes next, elsewhere all of it by name."""
    names = [
        (DONE_PART, [title(wording, item, scene, session) for item in whole.done]),
        (NOW_PART, [title(wording, item, scene, session) for item in (whole.now,) if item]),
        (NEXT_PART, [title(wording, item, scene, session) for item in whole.ahead]),
    ]
    brief = scene.mode is not Mode.CHAT
    told = [(part, _row(part, row, brief=brief)) for part, row in names if row]
    joined = " " if brief else "\n"
    return joined.join(wording.text(session.language, part).format(what=what) for part, what in told)


def _row(part: str, titles: list[str], *, brief: bool) -> str:
    if not brief:
        return ", ".join(titles)
    return str(len(titles)) if part is DONE_PART else titles[0]


def _assignment(wording: Wording, scene: Scene, session: Session) -> Gaps:
    item = scene.around.path.item(int(session.about)) if session.about.isdecimal() else None
    return {"title": "", "text": ""} if item is None else _item(wording, item, scene, session)


def _meeting(wording: Wording, scene: Scene, session: Session) -> Gaps:
    slot = meeting_about(scene, session)
    return {"title": "", "when": "", "where": ""} if slot is None else _slot(wording, slot, scene, session)


def _notice_asked(wording: Wording, scene: Scene, session: Session) -> Gaps:
    notice = scene.around.notice(session.about)
    return {"notice": ""} if notice is None else _notice(wording, notice, scene, session)


def _elsewhere(wording: Wording, scene: Scene, session: Session) -> Gaps:
    region = region_of("".join(session.answers.get("postcode", ())))
    service = scene.rules.elsewhere.get(region)
    if service is None:
        return {"service": "", "number": ""}
    told = _said(wording, service.told, f"elsewhere/{service.id}/told", scene, session)
    return {"service": told, "number": number_in(service.number, scene.mode, session.language)}


_STEPS: Mapping[str, Callable[[Wording, Scene, Session], Gaps]] = {
    "plan": _path,
    "assignment": _assignment,
    "meeting": _meeting,
    "notice": _notice_asked,
    "elsewhere": _elsewhere,
}
