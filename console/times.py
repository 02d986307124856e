"""A counsellor's times: what is to come and who comes, calling one off, inviting people, and the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.catalogues import N_
from bot.hours import BELGIUM
from bot.meetings import MeetingKind, bookable
from bot.service import calendars, notices, publishing
from bot.service.meeting_errors import MeetingError, NoSuchMeeting
from bot.service.publishing import MeetingView
from console import offering
from console.choosing import group
from console.context import Console, Routes, current_user

PUBLISHED = N_("De momenten staan klaar: %(number)s.")
OFF = N_("Dat moment gaat niet door. Wie een plaats had of wachtte, krijgt een bericht: %(number)s.")
INVITED = N_("Uitgenodigd: %(number)s. Zij krijgen elk een bericht in hun taal.")
NOBODY_NEW = N_("Niemand nieuw: wie u koos, was al uitgenodigd of heeft al geantwoord.")
NOBODY = N_("Kies eerst wie u uitnodigt.")
TOO_LATE = N_("Dit moment begint zo dadelijk. Uitnodigen kan niet meer.")
CLOSED = N_("Het adres van uw agenda werkt niet meer.")

_SEE_OTHER = 303


def times(console: Console) -> ResponseReturnValue:
    """What is to come, day by day."""
    return _page(console)


def _page(console: Console, address: str = "") -> str:
    user_id = current_user().id
    return console.pages.render(
        "times.html",
        days=_by_day(publishing.upcoming(console.house, user_id)),
        offices=console.house.offices,
        teams={team.id: team.name for team in console.house.teams},
        now=console.house.now(),
        address=address,
        has_address=calendars.has_address(console.house, user_id),
    )


def _by_day(meetings: Iterable[MeetingView]) -> list[tuple[date, list[MeetingView]]]:
    days = groupby(meetings, key=lambda meeting: meeting.starts_at.astimezone(BELGIUM).date())
    return [(day, list(rows)) for day, rows in days]


def new(console: Console) -> ResponseReturnValue:
    """The form for new times, and what is sent from it."""
    if request.method == "GET":
        return offering.form(console)
    read, slip = offering.read(console)
    if slip is None and read is not None:
        house, user_id = console.house, current_user().id
        try:
            made = publishing.publish(house, read, user_id, house.openings.office, house.holidays)
        except MeetingError as error:
            slip = offering.slip_of(console, error)
        else:
            return _listed(console, PUBLISHED, len(made))
    return offering.form(console, slip)


def off(console: Console, meeting_id: int) -> ResponseReturnValue:
    """Asks whether a meeting is to be called off, and says who will hear of it; then does it."""
    meeting = _own(console, meeting_id)
    if request.method == "GET":
        return console.pages.render("times_off.html", meeting=meeting, offices=console.house.offices)
    told = publishing.cancel_meeting(console.house, meeting_id, current_user().id)
    return _listed(console, OFF, len(told))


def invite(console: Console, meeting_id: int) -> ResponseReturnValue:
    """Chooses people for a group session, and invites them."""
    meeting = _own(console, meeting_id)
    if meeting.kind is not MeetingKind.GROUP:
        abort(404)
    if not bookable(meeting.starts_at, console.house.now()):
        return _listed(console, TOO_LATE, 0)
    known = {attendee.contact_id for attendee in (*meeting.told, *meeting.invited)}
    candidates = [one for one in notices.candidates(console.house) if one.id not in known]
    chosen = group(console, candidates, ("language", "region", "programme"))
    if request.method == "GET" or not chosen.chosen:
        problem = "" if request.method == "GET" else console.pages.text(NOBODY)
        page = console.pages.render(
            "times_invite.html", meeting=meeting, offices=console.house.offices, group=chosen, problem=problem
        )
        return page, 422 if problem else 200
    fresh = publishing.invite(console.house, meeting_id, chosen.chosen, current_user().id)
    return _listed(console, INVITED if fresh else NOBODY_NEW, len(fresh))


def _own(console: Console, meeting_id: int) -> MeetingView:
    """One of the counsellor's own meetings to come: there is no other."""
    try:
        return publishing.own(console.house, meeting_id, current_user().id)
    except NoSuchMeeting:
        abort(404)


def _listed(console: Console, words: str, number: int) -> ResponseReturnValue:
    flash(console.pages.text(words, number=str(number)))
    return redirect(url_for("console.times", _anchor="main"), _SEE_OTHER)


def calendar(console: Console) -> ResponseReturnValue:
    """A new address for the calendar: it is shown this once."""
    token = calendars.renew_address(console.house, current_user().id)
    return _page(console, console.calendar_address(token))


def no_calendar(console: Console) -> ResponseReturnValue:
    """The calendar has no address any more."""
    calendars.close_address(console.house, current_user().id)
    return _listed(console, CLOSED, 0)


ROUTES: Routes = (
    ("/times", "times", times, "GET"),
    ("/times/new", "times_new", new, "GET POST"),
    ("/times/<int:meeting_id>/off", "times_off", off, "GET POST"),
    ("/times/<int:meeting_id>/invite", "times_invite", invite, "GET POST"),
    ("/times/calendar", "times_calendar", calendar, "POST"),
    ("/times/calendar/close", "times_no_calendar", no_calendar, "POST"),
)
