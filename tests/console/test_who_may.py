"""Every address of the console, asked for as everybody: who may, and who gets which answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter

from bot.roles import RIGHTS, Role
from bot.service import accounts
from bot.service.house import House
from bot.store import accounts as rows
from bot.store import cases as stored
from console.access import NEEDS, OPEN
from tests.console.conftest import PASSWORD, People, log_in

TEAM, ELSEWHERE = "youth", "language"


class Who(Enum):
    """Who may ask for an address."""

    ANYBODY = "also without a login"
    INSIDE = "everybody who is logged in"
    SEES_CASE = "who may see the case"
    LOOKS_AFTER = "leads and administrators"
    ADMINISTRATORS = "administrators"


TABLE: Mapping[Who, str] = {
    Who.ANYBODY: "login static sso sso_back",
    Who.INSIDE: """
        logout code nowhere queue queue_fragment aside take_next presence search
        queue_back_from_next queue_back_from_presence
        me me_password me_logins me_code me_code_new me_code_image me_code_spare me_code_off
        me_back_from_me_logins me_code_back_from_me_code_new me_code_back_from_me_code_spare
        me_code_back_from_me_code_off me_identity me_identity_off me_back_from_me_identity_off
        notices notices_new notices_preview notices_send notices_stop
        notices_back_from_notices_preview notices_back_from_notices_send
        times times_new times_off times_invite times_calendar times_no_calendar times_back_from_times_calendar
    """,
    Who.SEES_CASE: """
        case updates form claim release call recording
        reply preview draft ready fill take again note
        close hand hand_back reopen snooze wake merge unmerge
        attachment attachment_small
        proposal confirm add_step drop_step
    """,
    Who.LOOKS_AFTER: "people audit",
    Who.ADMINISTRATORS: "people_new person person_act audit_accounts",
}
"""Every endpoint stands here once: a new one has to be put under somebody."""

MAY: Mapping[str, Who] = {f"console.{name}": who for who, names in TABLE.items() for name in names.split()}

ROLES: Mapping[str, tuple[Role, str]] = {
    "stranger": (Role.COUNSELLOR, ELSEWHERE),
    "colleague": (Role.COUNSELLOR, TEAM),
    "lead": (Role.LEAD, TEAM),
    "administrator": (Role.ADMINISTRATOR, ELSEWHERE),
}
"""Who asks: a counsellor of another team, one of the case's own, and so on."""

PASSES: Mapping[Who, frozenset[str]] = {
    Who.ANYBODY: frozenset(ROLES),
    Who.INSIDE: frozenset(ROLES),
    Who.SEES_CASE: frozenset({"colleague", "lead", "administrator"}),
    Who.LOOKS_AFTER: frozenset({"lead", "administrator"}),
    Who.ADMINISTRATORS: frozenset({"administrator"}),
}

NOTHING_THERE = frozenset(
    [
        "nowhere",
        "recording",
        "attachment",
        "attachment_small",
        "drop_step",
        "times_off",
        "times_invite",
        "me_code_image",
        "me_identity",
        "sso",
        "sso_back",
        "notices_stop",
    ]
)
"""Endpoints that answer 404 in an empty house, whoever asks."""


@pytest.fixture
def case_id(house: House, people: People) -> int:
    """A case that is of one team alone."""
    number = people.asks_for_a_person()
    with house.store.write() as connection:
        stored.change(connection, number, team=TEAM, all_from=house.now() + timedelta(days=1))
    return number


@pytest.fixture
def victim(house: House) -> int:
    return accounts.add_user(house, "victim", "Vera", PASSWORD)


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("console."):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method


def address(app: Flask, rule: Rule, values: Mapping[str, int]) -> str:
    """The address of a rule, with something for each of its gaps."""
    known: dict[str, object] = {"filename": "console.css", "path": "nowhere", **values}
    filled = {name: _choice(rule, name) or known.get(name, 1) for name in rule.arguments}
    with app.test_request_context():
        _, path = rule.build(filled) or ("", "")
    return path


def _choice(rule: Rule, name: str) -> str:
    """The first word that a gap of some words takes."""
    converter = rule._converters[name]
    return min(converter.items) if isinstance(converter, AnyConverter) else ""


def browser_of(app: Flask, house: House, who: str) -> FlaskClient:
    """A new browser, logged in as one of ROLES."""
    role, team = ROLES[who]
    with house.store.read() as connection:
        there = rows.by_login(connection, who) is not None
    if not there:
        accounts.add_user(house, who, who, PASSWORD, teams_of=[team], role=role)
    return log_in(app.test_client(), who)


def test_every_endpoint_stands_in_the_table(app: Flask) -> None:
    endpoints = {rule.endpoint for rule, _ in rules(app)}
    assert set(MAY) == endpoints


def test_the_guard_and_the_table_agree(app: Flask) -> None:
    assert {name for name, who in MAY.items() if who is Who.ANYBODY} == OPEN
    for name, right in NEEDS.items():
        passing = {role for role in Role if right in RIGHTS[role]}
        assert passing == {ROLES[who][0] for who in PASSES[MAY[name]]}, name


def test_an_address_of_a_case_has_its_number_where_the_guard_looks(app: Flask) -> None:
    for rule, _ in rules(app):
        if rule.rule.startswith("/console/cases/"):
            assert "case_id" in rule.arguments
            assert MAY[rule.endpoint] is Who.SEES_CASE, rule


def test_without_a_login_there_is_only_the_door(app: Flask, case_id: int) -> None:
    for rule, method in rules(app):
        answer = app.test_client().open(address(app, rule, {"case_id": case_id}), method=method, buffered=True)
        if MAY[rule.endpoint] is Who.ANYBODY:
            assert answer.status_code in (200, 401, 404), rule
        else:
            assert (answer.status_code, answer.location[:20]) == (303, "/console/login?next="), rule


@pytest.mark.parametrize("who", sorted(ROLES))
def test_every_address_as_every_role(app: Flask, house: House, case_id: int, victim: int, who: str) -> None:
    for rule, method in rules(app):
        client = browser_of(app, house, who)
        path = address(app, rule, {"case_id": case_id, "user_id": victim})
        answer = client.open(path, method=method, buffered=True)
        allowed = MAY[rule.endpoint]
        if who in PASSES[allowed]:
            assert answer.status_code not in (401, 403, 405, 500), (rule, method)
            if rule.endpoint.removeprefix("console.") not in NOTHING_THERE:
                assert answer.status_code != 404, (rule, method)
            assert "/login" not in (answer.location or "") or rule.endpoint == "console.logout"
        else:
            refused = 404 if allowed is Who.SEES_CASE else 403
            assert answer.status_code == refused, (rule, method)
