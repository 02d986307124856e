"""Meetings through the services: times, places, waiting lists, invitations."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.meetings import BookingState, MeetingKind, News, Outcome
from bot.service import publishing, telling
from bot.service.meeting_errors import (
    BadTimes,
    CannotPublish,
    NoSuchMeeting,
    NotAGroup,
    OutsideHours,
    Overlaps,
    PublicHoliday,
    TooSoon,
)
from bot.store.engine import Store
from tests.bot.meeting_house import Bureau, bureau, here

MONDAY = date(2026, 11, 2)
TUESDAY, WEDNESDAY, SUNDAY = (MONDAY + timedelta(days=n) for n in (1, 2, 6))
HOLIDAY = date(2026, 11, 11)


@pytest.fixture
def desk(store: Store) -> Bureau:
    return bureau(store, here(MONDAY, 9))


# A place


def test_a_talk_is_booked_and_nobody_else_gets_it(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    an, ben = desk.contact("An"), desk.contact("Ben")
    assert desk.book(an, talk) is Outcome.BOOKED
    assert desk.book(ben, talk) is Outcome.FULL
    assert [slot.state for slot in desk.of(an)] == [BookingState.BOOKED]
    assert desk.of(ben) == ()
    assert desk.facts(an) == ["meeting_booked"]


def test_a_wish_that_comes_twice_is_one_booking(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    an = desk.contact()
    assert [desk.book(an, talk), desk.book(an, talk)] == [Outcome.BOOKED, Outcome.ALREADY]
    assert desk.places(talk) == [1]


def test_nobody_has_two_things_at_the_same_hour(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY, 10)
    call, later = desk.publish(
        TUESDAY, 10, kind=MeetingKind.CALL, office="", minutes=30, count=2, user_id=desk.user("jan")
    )
    an = desk.contact()
    desk.book(an, talk)
    assert desk.book(an, call) is Outcome.ALREADY
    assert desk.book(an, later) is Outcome.BOOKED, "one ends when the other begins"


def test_who_waits_for_a_group_keeps_that_hour_free(desk: Bureau) -> None:
    group = desk.group(TUESDAY, 14, places=1)
    [talk] = desk.publish(TUESDAY, 15, user_id=desk.user("jan"))
    an, ben = desk.contact("An"), desk.contact("Ben")
    desk.book(an, group)
    assert desk.book(ben, group) is Outcome.WAITING
    assert desk.book(ben, talk) is Outcome.ALREADY


@pytest.mark.parametrize(("minutes", "outcome"), [(181, "booked"), (180, "booked"), (179, "gone"), (-5, "gone")])
def test_what_begins_within_three_hours_is_gone(desk: Bureau, minutes: int, outcome: str) -> None:
    [talk] = desk.publish(TUESDAY, 14)
    an = desk.contact()
    desk.moment.now = here(TUESDAY, 14) - timedelta(minutes=minutes)
    assert desk.book(an, talk) == outcome
    assert bool(desk.offered(desk.contact("Ben"))) is False or outcome == "booked"


def test_what_never_was_is_gone(desk: Bureau) -> None:
    assert desk.book(desk.contact(), 12345) is Outcome.GONE
    assert desk.cancel(desk.contact(), 12345) == []


def test_a_cancelled_place_is_free_again(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    an, ben = desk.contact("An"), desk.contact("Ben")
    desk.book(an, talk)
    assert desk.offered(ben) == []
    assert desk.cancel(an, talk) == []
    assert desk.places(talk) == []
    assert desk.offered(ben) == [talk]
    assert desk.book(ben, talk) is Outcome.BOOKED
    assert desk.book(an, talk) is Outcome.FULL
    assert desk.facts(an) == ["meeting_booked", "meeting_cancelled"]


def test_cancelling_twice_is_once(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    an = desk.contact()
    desk.book(an, talk)
    desk.cancel(an, talk)
    desk.cancel(an, talk)
    assert desk.facts(an).count("meeting_cancelled") == 1


def test_what_has_begun_cannot_be_cancelled_any_more(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    an = desk.contact()
    desk.book(an, talk)
    desk.moment.now = here(TUESDAY, 10, 1)
    assert desk.cancel(an, talk) == []
    assert desk.places(talk) == [1]


# Moving


def test_a_move_takes_the_new_time_and_gives_back_the_old(desk: Bureau) -> None:
    first, second = desk.publish(TUESDAY, count=2)
    an = desk.contact()
    desk.book(an, first)
    assert desk.move(an, first, second) is Outcome.BOOKED
    assert [slot.id for slot in desk.of(an)] == [second]
    assert desk.facts(an) == ["meeting_booked", "meeting_booked", "meeting_cancelled"]


def test_a_move_to_what_is_taken_leaves_the_old_time(desk: Bureau) -> None:
    first, second = desk.publish(TUESDAY, count=2)
    an, ben = desk.contact("An"), desk.contact("Ben")
    desk.book(an, first)
    desk.book(ben, second)
    assert desk.move(an, first, second) is Outcome.FULL
    assert [slot.id for slot in desk.of(an)] == [first]


def test_a_move_never_gives_a_place_away_for_a_waiting_list(desk: Bureau) -> None:
    early, late = desk.group(TUESDAY, places=1), desk.group(WEDNESDAY, places=1)
    an, ben = desk.contact("An"), desk.contact("Ben")
    desk.book(an, early)
    desk.book(ben, late)
    assert desk.move(an, early, late) is Outcome.FULL
    assert [slot.id for slot in desk.of(an)] == [early]


def test_a_move_may_overlap_what_it_leaves(desk: Bureau) -> None:
    [first] = desk.publish(TUESDAY, 10, minutes=60)
    [second] = desk.publish(TUESDAY, 10, minutes=90, user_id=desk.user("jan"))
    an = desk.contact()
    desk.book(an, first)
    assert desk.move(an, first, second) is Outcome.BOOKED


def test_a_move_to_the_same_time_changes_nothing(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    an = desk.contact()
    desk.book(an, talk)
    assert desk.move(an, talk, talk) is Outcome.ALREADY
    assert desk.places(talk) == [1]


# Waiting lists


def test_the_waiting_list_is_first_come_first_served(desk: Bureau) -> None:
    group = desk.group(TUESDAY, places=2)
    people = [desk.contact(name) for name in ("An", "Ben", "Chris", "Dirk")]
    assert [desk.book(person, group) for person in people] == ["booked", "booked", "waiting", "waiting"]
    an, ben, chris, dirk = people
    assert desk.cancel(an, group) == [chris]
    assert desk.places(group) == [1, 2]
    assert desk.of(chris)[0].state is BookingState.BOOKED
    assert desk.facts(chris) == ["meeting_waiting", "meeting_moved_up"]
    desk.moment.now += timedelta(minutes=1)
    assert desk.book(an, group) is Outcome.WAITING
    assert desk.cancel(ben, group) == [dirk], "who comes back stands at the end"


def test_who_leaves_the_list_moves_nobody_up(desk: Bureau) -> None:
    group = desk.group(TUESDAY, places=1)
    an, ben, chris = (desk.contact(name) for name in ("An", "Ben", "Chris"))
    for person in (an, ben, chris):
        desk.book(person, group)
    assert desk.cancel(ben, group) == []
    assert desk.cancel(an, group) == [chris]


def test_asking_again_while_waiting_is_still_waiting(desk: Bureau) -> None:
    group = desk.group(TUESDAY, places=1)
    an, ben = desk.contact("An"), desk.contact("Ben")
    desk.book(an, group)
    assert [desk.book(ben, group), desk.book(ben, group)] == [Outcome.WAITING, Outcome.WAITING]
    assert desk.facts(ben) == ["meeting_waiting"]


def test_nobody_moves_up_so_late_that_nobody_could_come(desk: Bureau) -> None:
    group = desk.group(TUESDAY, 14, places=1)
    an, ben = desk.contact("An"), desk.contact("Ben")
    desk.book(an, group)
    desk.book(ben, group)
    desk.moment.now = here(TUESDAY, 11, 30)
    assert desk.cancel(an, group) == []
    assert desk.of(ben)[0].state is BookingState.WAITING


def test_moving_away_from_a_group_moves_somebody_up(desk: Bureau) -> None:
    early, late = desk.group(TUESDAY, places=1), desk.group(WEDNESDAY, places=1)
    an, ben = desk.contact("An"), desk.contact("Ben")
    desk.book(an, early)
    desk.book(ben, early)
    assert desk.move(an, early, late) is Outcome.BOOKED
    assert desk.of(ben)[0].state is BookingState.BOOKED
    assert (news(desk, an), news(desk, ben)) == ([], [News.MOVED_UP])


# What is offered


def test_three_near_times_are_offered(desk: Bureau) -> None:
    desk.publish(TUESDAY, office="hasselt", user_id=desk.user("jan"))
    gent = desk.publish(TUESDAY, 10, count=4)
    [aalst] = desk.publish(TUESDAY, 8, office="aalst", user_id=desk.user("els"))
    an = desk.contact(postcode="9050")
    assert desk.offered(an) == gent[:3]
    for talk in gent:
        desk.book(desk.contact("Ben"), talk)
    assert desk.offered(an) == [aalst], "in the province; Hasselt is no place that can be reached"


def test_who_told_no_postcode_is_offered_what_there_is(desk: Bureau) -> None:
    [hasselt] = desk.publish(TUESDAY, office="hasselt")
    assert desk.offered(desk.contact(postcode="")) == [hasselt]


def test_times_of_a_team_are_for_its_people_and_for_who_is_known(desk: Bureau) -> None:
    [young] = desk.publish(TUESDAY, team="young")
    an = desk.contact()
    assert desk.offered(an) == []
    desk.knows(an, desk.user())
    assert desk.offered(an) == [young]


def test_the_same_counsellor_comes_first(desk: Bureau) -> None:
    desk.publish(TUESDAY, 8, count=6, user_id=desk.user("jan"))
    own = desk.publish(WEDNESDAY, 9, count=2)
    an = desk.contact()
    desk.knows(an, desk.user())
    assert set(own) < set(desk.offered(an))


def test_of_many_counsellors_free_at_one_time_one_is_offered_and_then_the_next(desk: Bureau) -> None:
    talks = [desk.publish(TUESDAY, user_id=desk.user(name))[0] for name in ("mieke", "jan", "els")]
    for talk in talks:
        assert desk.offered(desk.contact()) == [talk]
        desk.book(desk.contact("Ben"), talk)
    assert desk.offered(desk.contact()) == []


def test_a_time_in_another_language_is_not_offered(desk: Bureau) -> None:
    [french] = desk.publish(TUESDAY, language="fr")
    assert desk.offered(desk.contact()) == []
    assert desk.offered(desk.contact(language="fr")) == [french]


def test_what_clashes_with_what_one_has_is_not_offered(desk: Bureau) -> None:
    first, second = desk.publish(TUESDAY, count=2)
    [other] = desk.publish(TUESDAY, user_id=desk.user("jan"))
    an = desk.contact()
    desk.book(an, first)
    assert desk.offered(an) == [second]
    assert other not in desk.offered(an)


def test_a_full_group_is_offered_for_its_waiting_list_after_the_free_ones(desk: Bureau) -> None:
    full, free = desk.group(TUESDAY, places=1), desk.group(WEDNESDAY)
    desk.book(desk.contact("Ben"), full)
    assert desk.offered(desk.contact(), MeetingKind.GROUP) == [full, free]


# Publishing


def test_times_in_a_row_follow_one_another(desk: Bureau) -> None:
    desk.publish(TUESDAY, 9, minutes=45, count=3, team="young", language="fr")
    views = publishing.upcoming(desk.house, desk.user())
    assert [view.starts_at for view in views] == [here(TUESDAY, 9), here(TUESDAY, 9, 45), here(TUESDAY, 10, 30)]
    assert {(view.team, view.language, view.office) for view in views} == {("young", "fr", "gent")}


@pytest.mark.parametrize(
    ("day", "hour", "error"),
    [
        (HOLIDAY, 10, PublicHoliday),
        (SUNDAY, 10, OutsideHours),
        (TUESDAY, 7, OutsideHours),
        (TUESDAY, 17, OutsideHours),
        (MONDAY, 11, TooSoon),
        (MONDAY - timedelta(days=3), 11, TooSoon),
    ],
)
def test_times_at_which_nobody_works_are_refused(
    desk: Bureau, day: date, hour: int, error: type[CannotPublish]
) -> None:
    with pytest.raises(error):
        desk.publish(day, hour)
    assert publishing.upcoming(desk.house, desk.user()) == ()


@pytest.mark.parametrize(("day", "hour"), [(HOLIDAY, 10), (SUNDAY, 10), (TUESDAY, 19)])
def test_they_can_be_wanted_all_the_same(desk: Bureau, day: date, hour: int) -> None:
    assert desk.publish(day, hour, anyway=True)


def test_the_last_of_a_row_has_to_end_in_time(desk: Bureau) -> None:
    assert desk.publish(TUESDAY, 16, count=2)
    with pytest.raises(OutsideHours):
        desk.publish(WEDNESDAY, 16, count=3)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("minutes", {"minutes": 0}),
        ("minutes", {"minutes": 600}),
        ("count", {"count": 0}),
        ("places", {"places": 0}),
        ("office", {"office": "nowhere"}),
        ("office", {"office": ""}),
        ("office", {"kind": MeetingKind.CALL}),
        ("title", {"kind": MeetingKind.GROUP, "title": " "}),
        ("title", {"title": "Een gesprek"}),
        ("invited_only", {"invited_only": True}),
        ("language", {"language": "xx"}),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(desk: Bureau, field: str, values: dict[str, Any]) -> None:
    with pytest.raises(BadTimes) as error:
        desk.publish(TUESDAY, **values)
    assert error.value.field == field


def test_an_hour_that_clocks_skip_is_no_time(desk: Bureau) -> None:
    with pytest.raises(BadTimes, match="first"):
        desk.publish(date(2027, 3, 28), 2, anyway=True)


def test_a_row_through_the_night_of_the_clock_lasts_as_long_as_it_says(desk: Bureau) -> None:
    desk.moment.now = here(date(2026, 10, 20), 9)
    desk.publish(date(2026, 10, 25), 1, minutes=60, count=4, anyway=True)
    begins = [view.starts_at for view in publishing.upcoming(desk.house, desk.user())]
    assert [b - a for a, b in pairwise(begins)] == [timedelta(hours=1)] * 3
    assert [b.astimezone(here(MONDAY, 1).tzinfo).hour for b in begins] == [1, 2, 2, 3]


@pytest.mark.parametrize(("hour", "minutes", "clash"), [(10, 30, True), (9, 61, True), (9, 60, False), (11, 30, False)])
def test_a_counsellor_is_never_at_two_places(desk: Bureau, hour: int, minutes: int, clash: bool) -> None:
    desk.publish(TUESDAY, 10, minutes=60)
    if clash:
        with pytest.raises(Overlaps) as error:
            desk.publish(TUESDAY, hour, minutes=minutes, office="aalst")
        assert error.value.starts_at == here(TUESDAY, 10)
    else:
        assert desk.publish(TUESDAY, hour, minutes=minutes, office="aalst")


def test_what_was_called_off_is_no_hindrance(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    publishing.cancel_meeting(desk.house, talk, desk.user())
    assert desk.publish(TUESDAY)


def test_the_same_form_sent_twice_publishes_an_office_s_times_once(desk: Bureau) -> None:
    desk.group(TUESDAY, user_id=None)
    with pytest.raises(Overlaps):
        desk.group(TUESDAY, user_id=None)
    assert desk.group(TUESDAY, user_id=None, title="Eerste stappen"), "two rooms of one office"


# Called off


def test_everybody_with_a_place_or_in_line_is_told_that_it_is_off(desk: Bureau) -> None:
    group = desk.group(TUESDAY, places=1)
    an, ben, chris = (desk.contact(name) for name in ("An", "Ben", "Chris"))
    publishing.invite(desk.house, group, [chris], desk.user())
    desk.book(an, group)
    desk.book(ben, group)
    assert publishing.cancel_meeting(desk.house, group, desk.user()) == [an, ben]
    assert desk.facts(an)[-1] == desk.facts(ben)[-1] == "meeting_off"
    assert desk.of(an) == desk.of(ben) == desk.of(chris) == ()
    assert [news(desk, an), news(desk, ben), news(desk, chris)] == [[News.OFF], [News.OFF], []]
    assert desk.book(an, group) is Outcome.GONE
    assert publishing.cancel_meeting(desk.house, group, desk.user()) == []


def test_what_has_begun_or_never_was_cannot_be_called_off(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    desk.moment.now = here(TUESDAY, 10)
    for meeting in (talk, 999):
        with pytest.raises(NoSuchMeeting):
            publishing.cancel_meeting(desk.house, meeting, desk.user())


# Invitations


def test_nobody_is_invited_twice(desk: Bureau) -> None:
    group = desk.group(TUESDAY)
    an, ben, chris = (desk.contact(name) for name in ("An", "Ben", "Chris"))
    assert publishing.invite(desk.house, group, [an, ben, an, 999], desk.user()) == [an, ben]
    desk.cancel(an, group)
    desk.book(ben, group)
    assert publishing.invite(desk.house, group, [an, ben, chris], desk.user()) == [chris]
    assert desk.facts(an) == ["meeting_invited", "meeting_cancelled"]


def test_a_closed_group_is_for_who_is_invited(desk: Bureau) -> None:
    group = desk.group(TUESDAY, invited_only=True, team="young")
    an, ben = desk.contact("An"), desk.contact("Ben")
    publishing.invite(desk.house, group, [an], desk.user())
    assert (desk.offered(an, MeetingKind.GROUP), desk.offered(ben, MeetingKind.GROUP)) == ([group], [])
    assert (desk.book(an, group), desk.book(ben, group)) == (Outcome.BOOKED, Outcome.GONE)


def test_only_groups_that_take_place_are_invited_to(desk: Bureau) -> None:
    [talk] = desk.publish(TUESDAY)
    group = desk.group(TUESDAY)
    publishing.cancel_meeting(desk.house, group, desk.user())
    with pytest.raises(NotAGroup):
        publishing.invite(desk.house, talk, [desk.contact()], desk.user())
    with pytest.raises(NoSuchMeeting):
        publishing.invite(desk.house, group, [desk.contact()], desk.user())


def test_a_counsellor_sees_who_comes_who_waits_and_who_is_invited(desk: Bureau) -> None:
    group = desk.group(TUESDAY, places=2)
    people = [desk.contact(name) for name in ("An", "Ben", "Chris", "Dirk", "Els")]
    _, ben, chris, _, els = people
    publishing.invite(desk.house, group, [els, chris], desk.user())
    for person in people[:4]:
        desk.book(person, group)
    desk.cancel(ben, group)
    [view] = publishing.upcoming(desk.house, desk.user())
    assert [row.name for row in view.booked] == ["An", "Chris"]
    assert [row.name for row in view.waiting] == ["Dirk"]
    assert [row.name for row in view.invited] == ["Els"]
    assert publishing.upcoming(desk.house, desk.user("jan")) == ()


# News


def news(desk: Bureau, contact_id: int) -> list[News]:
    with desk.house.store.read() as connection:
        return [row.news for row in telling.untold(connection, 100) if row.contact_id == contact_id]


def test_news_is_taken_once(desk: Bureau) -> None:
    group = desk.group(TUESDAY, places=1)
    an, ben = desk.contact("An"), desk.contact("Ben")
    desk.book(an, group)
    desk.book(ben, group)
    desk.cancel(an, group)
    with desk.house.store.write() as connection:
        [untold] = telling.untold(connection, 10)
        taken = [telling.take_news(connection, untold, desk.moment()) for _ in range(2)]
    assert (untold.contact_id, untold.news) == (ben, News.MOVED_UP)
    assert taken[0] is not None
    assert (taken[0].id, taken[1]) == (group, None)
    assert news(desk, ben) == []


def test_news_that_somebody_found_out_alone_is_no_news(desk: Bureau) -> None:
    group = desk.group(TUESDAY)
    an = desk.contact()
    publishing.invite(desk.house, group, [an], desk.user())
    assert news(desk, an) == [News.INVITED]
    desk.book(an, group)
    assert news(desk, an) == []


@pytest.mark.parametrize(("hour", "told"), [(10, True), (12, False)])
def test_an_invitation_to_what_cannot_be_booked_any_more_is_not_sent(desk: Bureau, hour: int, told: bool) -> None:
    group = desk.group(TUESDAY, 14)
    publishing.invite(desk.house, group, [desk.contact()], desk.user())
    with desk.house.store.write() as connection:
        [untold] = telling.untold(connection, 10)
        assert (telling.take_news(connection, untold, here(TUESDAY, hour)) is not None) is told
