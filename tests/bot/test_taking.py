"""Taking the next case, and looking for somebody: on both databases, and by many at one moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert, update

from bot.cases import URGENCY, CaseStatus, Reason
from bot.queueing import View, Wanted
from bot.roles import Role, Viewer
from bot.searching import searched_name
from bot.service import cases, queue_views, searching, taking
from bot.service.case_errors import EnoughCases, NobodyWaits
from bot.service.glance import SHARED, Glance
from bot.store import cases as stored
from bot.store import teams
from bot.store.engine import Store
from bot.store.schema import cases as table
from bot.store.schema import contacts, logins, urns, users
from tests.bot.meeting_house import Bureau, bureau, here
from tests.bot.test_meetings_races import at_once

WEDNESDAY = date(2026, 11, 4)


@pytest.fixture
def desk(store: Store) -> Bureau:
    return bureau(store, here(WEDNESDAY, 10))


def case(desk: Bureau, reason: Reason = Reason.HUMAN, waited: float = 10, name: str = "An", **values: Any) -> int:
    """A case that waits, of somebody new; ``waited`` in minutes."""
    since = desk.moment() - timedelta(minutes=waited)
    row: dict[str, Any] = {
        "reason": reason.value,
        "urgency": URGENCY[reason],
        "evidence": [],
        "status": CaseStatus.OPEN.value,
    }
    contact_id = desk.contact(name, sought_name=searched_name(name))
    times = {"contact_id": contact_id, "opened_at": since, "waiting_since": since}
    with desk.house.store.write() as connection:
        made = insert(table).values({**row, **times, **values}).returning(table.c.id)
        return int(connection.execute(made).scalar_one())


def came(desk: Bureau, case_id: int) -> None:
    """Says that a case is new."""
    with desk.house.store.write() as connection:
        contact_id = stored.listed(connection, case_id).contact_id
        stored.add_event(connection, "case_opened", contact_id, desk.moment(), case_id=case_id)


def viewer(desk: Bureau, name: str = "mieke", *of: str, role: Role = Role.COUNSELLOR) -> Viewer:
    """A counsellor in these teams."""
    user_id = desk.user(name)
    with desk.house.store.write() as connection:
        teams.put(connection, user_id, of)
    return Viewer(user_id, role, frozenset(of))


def limited(desk: Bureau, who: Viewer, most: int) -> None:
    with desk.house.store.write() as connection:
        connection.execute(update(users).where(users.c.id == who.id).values(most_open=most))


def taken(desk: Bureau, who: Viewer) -> list[int]:
    """All that there is to take, in order."""
    row: list[int] = []
    while True:
        try:
            row.append(taking.take_next(desk.house, who))
        except NobodyWaits:
            return row


def test_danger_then_distress_then_who_waited_long_then_as_they_came(desk: Bureau) -> None:
    late, early = case(desk, waited=5), case(desk, waited=50)
    old = case(desk, Reason.INTAKE, waited=10 * 24 * 60)
    read = case(desk, Reason.INTAKE, waited=60)
    distress, danger = case(desk, Reason.DISTRESS, waited=1), case(desk, Reason.DANGER, waited=1)
    assert taken(desk, viewer(desk)) == [danger, distress, old, early, late, read]


def test_what_others_have_and_what_was_put_off_is_passed_over(desk: Bureau) -> None:
    mieke, jan = viewer(desk), viewer(desk, "jan")
    cases.claim(desk.house, case(desk, waited=99), jan.id)
    case(desk, waited=98, snoozed_until=desk.moment() + timedelta(hours=1))
    case(desk, waited=97, team="youth", all_from=desk.moment() + timedelta(hours=1))
    case(desk, waited=96, status=CaseStatus.CLOSED.value)
    free = case(desk, waited=1, snoozed_until=desk.moment() - timedelta(hours=1))
    assert taken(desk, mieke) == [free]


def test_of_many_who_ask_at_one_moment_each_gets_another(desk: Bureau) -> None:
    ids = [case(desk, waited=n) for n in range(6)]
    crowd = [viewer(desk, f"c{n}") for n in range(8)]
    came = at_once(*(partial(taking.take_next, desk.house, who) for who in crowd))
    assert sorted(one for one in came if isinstance(one, int)) == sorted(ids)
    assert Counter(type(one) for one in came) == {int: 6, NobodyWaits: 2}


def test_one_who_presses_often_at_one_moment_has_no_more_than_allowed(desk: Bureau) -> None:
    for number in range(6):
        case(desk, waited=number)
    mieke = viewer(desk)
    limited(desk, mieke, 2)
    came = at_once(*(partial(taking.take_next, desk.house, mieke) for _ in range(5)))
    assert Counter(type(one) for one in came) == {int: 2, EnoughCases: 3}


def test_who_has_enough_still_takes_danger_and_distress(desk: Bureau) -> None:
    mieke = viewer(desk)
    limited(desk, mieke, 1)
    first, second = case(desk, waited=9), case(desk, waited=8)
    assert taking.take_next(desk.house, mieke) == first
    with pytest.raises(EnoughCases):
        taking.take_next(desk.house, mieke)
    with pytest.raises(EnoughCases):
        cases.claim(desk.house, second, mieke.id)
    urgent = case(desk, Reason.DISTRESS, waited=1)
    assert taking.take_next(desk.house, mieke) == urgent
    cases.claim(desk.house, first, mieke.id)


def test_what_was_put_off_leaves_room(desk: Bureau) -> None:
    mieke = viewer(desk)
    limited(desk, mieke, 1)
    first, second = case(desk, waited=9), case(desk, waited=8)
    cases.claim(desk.house, first, mieke.id)
    with desk.house.store.write() as connection:
        connection.execute(update(table).where(table.c.id == first).values(snoozed_until=here(WEDNESDAY, 12)))
    assert taking.take_next(desk.house, mieke) == second


@pytest.mark.parametrize(("of", "most"), [((), None), (("youth",), 20), (("youth", "gone"), 20)])
def test_a_team_says_how_many(desk: Bureau, of: Sequence[str], most: int | None) -> None:
    mieke = viewer(desk, "mieke", *of)
    board = queue_views.look(desk.house, mieke, Wanted(), "nl")
    assert board.room.most == most


def test_who_is_away_is_not_at_work(desk: Bureau) -> None:
    mieke, jan = viewer(desk, "mieke", "youth"), viewer(desk, "jan", "youth", "office")
    viewer(desk, "els", "office")
    with desk.house.store.write() as connection:
        for user_id in range(1, 4):
            row = {"token_hash": bytes([user_id]) * 32, "user_id": user_id, "created_at": desk.moment()}
            connection.execute(insert(logins).values(**row, seen_at=desk.moment()))

    def colleagues() -> int:
        return queue_views.look(desk.house, mieke, Wanted(), "nl").colleagues

    assert colleagues() == 1
    taking.set_away(desk.house, jan.id, away=True)
    assert colleagues() == 0
    with desk.house.store.read() as connection:
        assert not teams.is_present(connection, jan.id, desk.moment())
    taking.set_away(desk.house, jan.id, away=False)
    assert colleagues() == 1
    desk.moment.now += timedelta(minutes=16)
    assert colleagues() == 0


def test_views_count_what_they_show(desk: Bureau) -> None:
    mieke, jan = viewer(desk, "mieke", "youth"), viewer(desk, "jan")
    case(desk)
    case(desk, team="youth")
    cases.claim(desk.house, case(desk), mieke.id)
    cases.claim(desk.house, case(desk), jan.id)
    case(desk, snoozed_until=desk.moment() + timedelta(hours=1))
    board = queue_views.look(desk.house, mieke, Wanted(View.ALL), "nl")
    assert [(one.name, one.total) for one in board.lists] == [("waiting", 2), ("mine", 1), ("later", 0), ("others", 1)]
    assert board.counts == {
        View.WAITING: 2,
        View.MINE: 1,
        View.TEAM: 1,
        View.ALL: 4,
        View.SNOOZED: 1,
        View.UNDELIVERED: 0,
    }


def test_a_mark_is_good_until_something_happens_or_a_turn_is_over(desk: Bureau) -> None:
    mieke = viewer(desk, "mieke", "office")
    case(desk, team="youth", team_from=desk.moment() + timedelta(minutes=3), all_from=None)
    desk.moment.now += timedelta(seconds=5)
    seen = queue_views.look(desk.house, mieke, Wanted(), "nl").seen
    assert queue_views.unchanged(desk.house, mieke, seen)
    assert not queue_views.unchanged(desk.house, viewer(desk, "mieke", "youth"), seen)
    assert not queue_views.unchanged(desk.house, mieke, "")
    assert not queue_views.unchanged(desk.house, mieke, f"{'9' * 60}_{seen.partition('_')[2]}")
    cases.claim(desk.house, case(desk), mieke.id)
    assert queue_views.unchanged(desk.house, mieke, seen), "it was made only just now"
    came(desk, case(desk))
    assert queue_views.unchanged(desk.house, mieke, seen), "and somebody may wait a moment"
    came(desk, case(desk, Reason.DISTRESS))
    assert not queue_views.unchanged(desk.house, mieke, seen), "but who despairs may not"
    desk.moment.now += queue_views.RESTS
    assert not queue_views.unchanged(desk.house, mieke, seen)
    desk.moment.now += timedelta(seconds=5)
    seen = queue_views.look(desk.house, mieke, Wanted(), "nl").seen
    assert queue_views.unchanged(desk.house, mieke, seen)
    desk.moment.now += timedelta(minutes=3)
    assert not queue_views.unchanged(desk.house, mieke, seen)


def test_pages_that_ask_together_share_one_look(desk: Bureau) -> None:
    """As it stood a moment ago, also for another counsellor; each sees what is theirs, and later all of it."""
    mieke, jan = viewer(desk, "mieke", "office"), viewer(desk, "jan", "office")
    glance = Glance()
    first = case(desk)

    def shown(who: Viewer) -> dict[str, list[int]]:
        board = queue_views.look(desk.house, who, Wanted(), "nl", glance)
        return {listing.name: [row.id for row in listing.rows] for listing in board.lists}

    assert shown(mieke)["waiting"] == [first]
    cases.claim(desk.house, first, jan.id)
    assert shown(jan)["waiting"] == [first]
    desk.moment.now += SHARED
    assert (shown(jan)["mine"], shown(mieke)["waiting"]) == ([first], [])
    assert queue_views.look(desk.house, mieke, Wanted(), "nl").counts[View.WAITING] == 0


# Looking for somebody


def address(desk: Bureau, case_id: int, urn: str) -> None:
    with desk.house.store.write() as connection:
        contact_id = connection.execute(table.select().where(table.c.id == case_id)).one().contact_id
        row = {"contact_id": contact_id, "urn": urn, "channel": "sms", "account": "", "created_at": desk.moment()}
        connection.execute(insert(urns).values(row))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Éva Novák", "éva"),
        ("Éva Novák", "EVA nov"),
        ("Éva Novák", "novak eva"),
        ("Şükrü Işık", "ŞÜKRÜ"),
        ("Şükrü Işık", "sukru isik"),
        ("ЙОСИП", "йосип"),
        ("أمينة", "امينه"),
        ("An 100%", "100%"),
        ("An_Bo", "n_b"),
        ("O'Neil", "o'n"),
    ],
)
def test_names_are_found_however_they_are_written(desk: Bureau, name: str, typed: str) -> None:
    case(desk, name="Iemand anders 100")
    wanted = case(desk, name=name)
    assert [hit.case_id for hit in searching.find(desk.house, viewer(desk), typed).hits] == [wanted]


@pytest.mark.parametrize("typed", ["%", "_", "%%%%", "__", "\\", "   ", "A%n", "\0"])
def test_signs_are_no_patterns(desk: Bureau, typed: str) -> None:
    case(desk, name="Anna")
    assert searching.find(desk.house, viewer(desk), typed).hits == ()


@pytest.mark.parametrize(
    "typed",
    ["+32 470 00 00 01", "0470000001", "0470/00.00.01", "0032470000001", "0001", "000001", "+32 (0)470 00 00 01", "#1"],
)
def test_a_number_is_found_however_it_is_written(desk: Bureau, typed: str) -> None:
    wanted = case(desk)
    other = case(desk, name="Ander")
    address(desk, wanted, "tel:+32470000001")
    address(desk, other, "tel:+32470000019")
    address(desk, other, "telegram:90001")
    assert [hit.case_id for hit in searching.find(desk.house, viewer(desk), typed).hits] == [wanted]


def test_only_what_one_may_see_is_found_open_ones_first(desk: Bureau) -> None:
    closed = case(desk, name="Amina 1", status=CaseStatus.CLOSED.value)
    open_ = case(desk, name="Amina 2")
    case(desk, name="Amina 3", team="youth", all_from=desk.moment() + timedelta(days=1))
    nobody = desk.contact("Amina 4", sought_name="amina 4")
    gone = desk.contact("Amina 5", sought_name="amina 5")
    with desk.house.store.write() as connection:
        connection.execute(update(contacts).where(contacts.c.id == gone).values(merged_into=nobody))
    hits = searching.find(desk.house, viewer(desk), "amina").hits
    assert [hit.case_id for hit in hits] == [open_, closed, None]
    assert hits[-1].contact_id == nobody
    boss = viewer(desk, "els", role=Role.ADMINISTRATOR)
    assert len(searching.find(desk.house, boss, "amina").hits) == 4


def test_no_more_than_fit_are_shown_and_that_is_said(desk: Bureau) -> None:
    for number in range(searching.MOST + 1):
        case(desk, name=f"Jan {number}")
    found = searching.find(desk.house, viewer(desk), "jan")
    assert (len(found.hits), found.more) == (searching.MOST, True)
