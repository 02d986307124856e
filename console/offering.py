"""The form in which times are offered: read, and shown again with all that was typed when something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.meetings import MeetingKind
from bot.service.meeting_errors import BadTimes, MeetingError, OutsideHours, Overlaps, PublicHoliday, TooSoon
from bot.service.publishing import LONGEST_TITLE, MINUTES, MOST_IN_A_ROW, MOST_PLACES, Times
from console import moments
from console.context import Console, clean, current_user, whole_number

FIRST: Mapping[str, str] = {
    "kind": MeetingKind.TALK.value,
    "day": "",
    "first": "",
    "minutes": "30",
    "count": "1",
    "places": "8",
    "office": "",
    "team": "",
    "language": "",
    "title": "",
    "with": "me",
    "invited_only": "",
    "anyway": "",
}
"""What stands in the form at first."""

NOT_RIGHT: Mapping[str, str] = {
    "kind": N_("Kies wat voor moment het is."),
    "day": N_("Kies een dag, hoogstens een jaar vooruit."),
    "first": N_("Vul in hoe laat het begint. In de nacht dat de klok verspringt, bestaat dat uur misschien niet."),
    "minutes": N_("Een moment duurt 5 tot 480 minuten."),
    "count": N_("Vul in hoeveel er na elkaar komen: 1 tot 40."),
    "places": N_("Een groep heeft 1 tot 200 plaatsen."),
    "office": N_("Kies een kantoor voor een gesprek op kantoor."),
    "team": N_("Kies een team uit de lijst."),
    "language": N_("Kies een taal uit de lijst."),
    "title": N_("Geef de groep een naam van hoogstens 60 tekens: mensen lezen hem in een sms."),
    "invited_only": N_("Alleen een groep kan voor genodigden zijn."),
}
"""What is wrong, by the field it is wrong with."""

FURTHEST = timedelta(days=366)

HOLIDAY = N_("Die dag is een feestdag.")
CLOSED = N_("Op die uren is het kantoor gesloten.")
SOON = N_("Dat begint te snel: mensen hebben minstens drie uur nodig. Kies een later moment.")
TAKEN = N_("Er staat al een ander moment dan: %(when)s. Kies een ander uur.")


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong, and with which field. ``anyway``: it can be offered all the same, if somebody says so."""

    field: str
    words: str
    anyway: bool = False


def read(console: Console) -> tuple[Times | None, Slip | None]:
    """The times that the form asks for, or what is wrong with it."""
    given = _given()
    values: dict[str, Any] = {}
    for name, reader in _READERS.items():
        values[name] = reader(given[name])
        if values[name] is None:
            return None, Slip(name, console.pages.text(NOT_RIGHT[name]))
    if values["day"] > console.house.today() + FURTHEST:
        return None, Slip("day", console.pages.text(NOT_RIGHT["day"]))
    if given["team"] not in ("", *(team.id for team in console.house.teams)):
        return None, Slip("team", console.pages.text(NOT_RIGHT["team"]))
    return _times(given, values), None


def _times(given: Mapping[str, str], values: Mapping[str, Any]) -> Times:
    """What belongs to another kind of moment does not count."""
    kind = values["kind"]
    group = kind is MeetingKind.GROUP
    return Times(
        kind=kind,
        day=values["day"],
        first=values["first"],
        minutes=values["minutes"],
        count=values["count"],
        places=values["places"] if group else 1,
        office="" if kind is MeetingKind.CALL else given["office"],
        team=given["team"],
        language=given["language"],
        title=given["title"].strip() if group else "",
        invited_only=group and bool(given["invited_only"]),
        user_id=current_user().id if given["with"] == "me" else None,
        anyway=bool(given["anyway"]),
    )


def _given() -> dict[str, str]:
    """What stands in the form: what was sent, else what stands there at first. A box without a tick is not sent."""
    if request.method == "GET":
        return dict(FIRST)
    return {name: clean(request.form.get(name, "")) for name in FIRST}


def _or_none(make: Callable[[str], Any]) -> Callable[[str], Any]:
    def read_one(typed: str) -> Any:
        try:
            return make(typed.strip())
        except ValueError:
            return None

    return read_one


_READERS: Mapping[str, Callable[[str], Any]] = {
    "kind": _or_none(MeetingKind),
    "day": _or_none(date.fromisoformat),
    "first": _or_none(lambda typed: time.fromisoformat(typed).replace(second=0, microsecond=0, tzinfo=None)),
    "minutes": whole_number,
    "count": whole_number,
    "places": whole_number,
}
"""Fields that are more than text, in the order in which they are looked at."""


def slip_of(console: Console, error: MeetingError) -> Slip:
    """What a refusal means, in plain words."""
    text = console.pages.text
    if isinstance(error, BadTimes):
        return Slip(error.field, text(NOT_RIGHT[error.field]))
    if isinstance(error, Overlaps):
        when = moments.exact(error.starts_at, console.pages.language)
        return Slip("first", text(TAKEN, when=when))
    if type(error) not in _REFUSED:
        raise error
    field, words, anyway = _REFUSED[type(error)]
    return Slip(field, text(words), anyway)


_REFUSED: Mapping[type[MeetingError], tuple[str, str, bool]] = {
    PublicHoliday: ("day", HOLIDAY, True),
    OutsideHours: ("first", CLOSED, True),
    TooSoon: ("first", SOON, False),
}


def form(console: Console, slip: Slip | None = None) -> ResponseReturnValue:
    """The page of the form."""
    house = console.house
    page = console.pages.render(
        "times_new.html",
        given=_given(),
        slip=slip,
        kinds=list(MeetingKind),
        offices=house.offices.values(),
        teams=house.teams,
        languages=house.languages,
        today=house.today(),
        most={"title": LONGEST_TITLE, "minutes": MINUTES[-1], "count": MOST_IN_A_ROW, "places": MOST_PLACES},
    )
    return page, 422 if slip is not None else 200
