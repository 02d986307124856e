"""Rules of the house that a new line can break: every route has a guard, every value a place, every module its side."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask

from bot.content import ROOT
from bot.deliveries import MOVES
from bot.flow import Flow, StepKind
from bot.messages import Kind, Status
from bot.session import Scene, Session, State
from bot.understanding import _DIRECT
from town import Town

GUARDS = {
    "signed by Twilio": {
        *("doors.sms", "doors.whatsapp", "doors.voice", "doors.receipts", "doors.outage"),
        *("doors.bridge", "doors.bridge_key", "doors.bridge_over", "doors.bridge_report"),
    },
    "secret of Telegram": {"doors.telegram"},
    "open to who has the secret address": {"doors.calendar"},
    "open: tells nothing": {"operators.healthz", "operators.readyz"},
}
"""Who may come in at each door. A new door has to be put under one of these, and tested there."""

BRIDGE = "/voice/bridge/a-token-of-the-tests"
SIGNED_DOORS = (
    *("/sms", "/whatsapp", "/voice", "/voice/turn/1", "/voice/fallback", "/receipts", "/telegram"),
    *(BRIDGE, f"{BRIDGE}/key", f"{BRIDGE}/over", f"{BRIDGE}/own", f"{BRIDGE}/theirs"),
)
OURS = re.compile(r"\+?32(47000|46000)\d{4}|047000\d{4}")
NUMBERS = re.compile(r"(?<![\w.#])(?:\+32|0)4\d{8}(?!\d)")


def sources() -> Iterator[Path]:
    for folder in ("bot", "channels", "console", "playground", "tests", "content", "templates"):
        yield from (ROOT / folder).rglob("*.py")
    yield from ROOT.glob("*.py")


@pytest.fixture
def app(town: Town) -> Flask:
    return town.app


def test_every_door_has_a_guard(app: Flask) -> None:
    declared = set().union(*GUARDS.values())
    rooms = ("doors.", "operators.")
    doors = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith(rooms)}
    assert doors == declared


def test_every_route_is_a_door_the_console_or_the_demos_own(app: Flask) -> None:
    rooms = {rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules()}
    assert rooms == {"doors", "operators", "console", "playground"}


@pytest.mark.parametrize("door", SIGNED_DOORS)
def test_a_door_without_its_proof_is_closed(app: Flask, door: str) -> None:
    assert app.test_client().post(door, data={"From": "+32470000001"}).status_code == 403


@pytest.mark.parametrize("address", ["/calendar/.ics", "/calendar/x.ics", f"/calendar/{'a' * 43}.ics"])
def test_a_calendar_without_its_secret_is_not_there(app: Flask, address: str) -> None:
    answer = app.test_client().get(address)
    assert answer.status_code == 404


def test_the_demo_finds_its_console_by_whatever_name_it_is_reached(app: Flask) -> None:
    """127.0.0.1 and localhost are two sites to a browser: an address with either shows an empty frame at the other."""
    page = app.test_client().get("/playground/").text
    assert 'src="/console/"' in page


def test_every_status_has_its_moves() -> None:
    assert set(MOVES) == set(Status)
    assert {to for moves in MOVES.values() for to in moves} <= set(Status)


def test_every_kind_of_message_is_understood_somewhere() -> None:
    worded = {Kind.TEXT, Kind.SPEECH, Kind.KEYS, Kind.EDIT, Kind.BLOCKED, Kind.UNBLOCKED}
    assert set(_DIRECT) | worded == set(Kind)


def test_every_question_can_be_skipped_but_language_postcode_and_who_helps_there(town: Town) -> None:
    flow: Flow = town.house.flow
    asked = {step.id for step in flow.steps.values() if not step.aside and step.kind is not StepKind.REVIEW}
    assert {name for name in asked if not flow.steps[name].skip} == {"language", "postcode", "elsewhere"}


def test_the_shortest_and_the_longest_way_keep_their_budget(town: Town) -> None:
    flow: Flow = town.house.flow
    ways: list[Mapping[str, tuple[str, ...]]] = [
        {"brings": (brings,), "way": (way,)} for brings in ("letter", "else") for way in ("message", "call")
    ]
    lengths = [len(list(_way(flow, chosen))) for chosen in ways]
    assert min(lengths) <= 8, "questions to a first useful result, the review included"
    assert max(lengths) <= 14


def _way(flow: Flow, chosen: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    answers: dict[str, tuple[str, ...]] = {}
    while (step := flow.next_after(answers, {"phone": "no"})) is not None:
        answers[step.id] = chosen.get(step.id, ("x",))
        yield step.id


def test_no_telephone_number_of_a_real_person_stands_anywhere() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {number}"
        for path in sources()
        for number in NUMBERS.findall(path.read_text(encoding="utf-8"))
        if not OURS.fullmatch(number)
    }
    assert found == set()


ENTRANCES = {"cli", "chat", "town", "demo", "webhooks", "server"}


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("package", ["bot", "channels", "console", "playground"])
def test_no_room_imports_an_entrance(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        assert not _imports(path) & ENTRANCES, path


def test_the_doors_do_not_know_the_playground_or_the_demo() -> None:
    assert not _imports(ROOT / "webhooks.py") & {"playground", "demo", "town"}


def test_a_question_of_every_state_can_be_made(town: Town) -> None:
    scene = Scene(town.house.flow, town.house.channels["voice"].mode, {})
    for state in State:
        session = Session("intake", 1, state=state, step="brings")
        assert town.house.wording.question(scene, session)
