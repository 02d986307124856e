"""The commands, as people type them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

import cli
from bot.content import ROOT
from channels import connect, twilio
from channels.registry import twilio_account
from town import Town

BARE = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
"""A clean environment: no setting of the developer's own reaches a command under test."""


def flask(*arguments: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=BARE | settings, input=given, capture_output=True, text=True, timeout=120, check=False
    )


def test_chat_from_a_pipe_by_sms() -> None:
    done = flask("chat", given="hallo\n1\nAn\n9000\n0\n")
    assert done.returncode == 0, done.stderr
    assert "Ik ben een computer" in done.stdout
    assert "Een mens van VDAB antwoordt u hier" in done.stdout


@pytest.mark.parametrize(("language", "said"), [("nl", "noemen"), ("fr", "appeler"), ("en", "call you")])
def test_chat_from_a_pipe_by_telephone(language: str, said: str) -> None:
    done = flask("chat", "--channel", "voice", "--language", language)
    assert said in done.stdout, done.stdout


def test_understand_tells_one_meaning() -> None:
    told = json.loads(flask("understand", "euh 2 denk ik").stdout)
    assert (told["meaning"], told["name"], told["values"]) == ("choice_2", "choice", ["choice_2"])
    assert told["confidence"] < 0.7, "it is asked back"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "x", "PUBLIC_URL": "example"}, "PUBLIC_URL"),
        ({"SECRET_KEY": "x", "TWO_FACTOR": "maybe"}, "TWO_FACTOR"),
        ({"SECRET_KEY": "x", "OIDC_ISSUER": "http://idp.example"}, "OIDC_ISSUER"),
        (
            {"SECRET_KEY": "x", "OIDC_ISSUER": "https://i", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"},
            "PUBLIC_URL",
        ),
        ({"SECRET_KEY": "x", "TELEGRAM_TOKEN": "1:x", "TELEGRAM_SECRET": "y"}, "PUBLIC_URL"),
    ],
)
def test_a_wrong_setting_is_told_in_one_line_without_its_value(settings: dict[str, str], told: str) -> None:
    done = flask("worker", **settings)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_counsellor_is_added_once(tmp_path: Path) -> None:
    settings = {"SECRET_KEY": "x", "DATABASE_URL": f"sqlite:///{tmp_path / 'a.sqlite3'}"}
    assert flask("db", "upgrade", **settings).returncode == 0
    add = ("counsellor", "add", "mieke", "--name", "Mieke", "--password", "een lang wachtwoord")
    assert flask(*add, **settings).returncode == 0
    again = flask(*add, **settings)
    assert again.returncode == 1
    assert "already" in again.stderr


def test_a_counsellor_is_put_into_teams(tmp_path: Path) -> None:
    settings = {"SECRET_KEY": "x", "DATABASE_URL": f"sqlite:///{tmp_path / 'a.sqlite3'}"}
    assert flask("db", "upgrade", **settings).returncode == 0
    add = ("counsellor", "add", "mieke", "--name", "Mieke", "--password", "een lang wachtwoord")
    wrong = flask(*add, "--team", "made_up", **settings)
    assert wrong.returncode == 1
    assert "no such team: made_up; there are service_line" in wrong.stderr
    assert flask(*add, "--team", "youth", "--team", "office", **settings).returncode == 0
    assert "mieke is in language" in flask("counsellor", "team", "mieke", "language", **settings).stdout
    assert "no account" in flask("counsellor", "team", "nobody", "language", **settings).stderr


def test_the_first_account_is_an_administrators_and_roles_are_set(tmp_path: Path) -> None:
    settings = {"SECRET_KEY": "x", "DATABASE_URL": f"sqlite:///{tmp_path / 'a.sqlite3'}"}
    assert flask("db", "upgrade", **settings).returncode == 0
    add = ("--name", "Somebody", "--password", "een lang wachtwoord")
    assert "as administrator" in flask("counsellor", "add", "mieke", *add, **settings).stdout
    assert "as counsellor" in flask("counsellor", "add", "jan", *add, **settings).stdout
    assert "as lead" in flask("counsellor", "add", "lies", *add, "--role", "lead", **settings).stdout
    last = flask("counsellor", "role", "mieke", "lead", **settings)
    assert (last.returncode, "last administrator" in last.stderr) == (1, True)
    assert "jan is administrator" in flask("counsellor", "role", "jan", "administrator", **settings).stdout
    assert flask("counsellor", "role", "mieke", "lead", **settings).returncode == 0


def test_connect_twilio_says_what_it_changed(town: Town) -> None:
    account = twilio_account(town.settings)
    number = twilio.client(account).incoming_phone_numbers.list(limit=1)[0]
    number.update(sms_url="http://127.0.0.1:9/elsewhere")
    first = connect.twilio_number(account)
    assert f"sms_url: {account.public_url}/sms#rc=3&rp=all  (was http://127.0.0.1:9/elsewhere)" in first
    assert connect.twilio_number(account) == ["Nothing changed: the number points here already."]
    assert town.network.phone("+32470000001").sms("hallo").status == 200


async def _connected(town: Town) -> list[str]:
    assert town.channels.telegram is not None
    menu = connect.commands(("nl", "fr", "en"), town.house.wording.text)
    return await connect.telegram_bot(town.channels.telegram, town.settings.public_url, menu)


def test_connect_telegram_says_what_it_changed(town: Town) -> None:
    lines = town.run(_connected(town))
    assert f"{town.settings.public_url}/telegram" in lines[0]
    assert town.network.telegram(4711).send("hallo").status == 200


def test_every_command_has_a_help() -> None:
    told = CliRunner().invoke(cli.create_app().cli, ["--help"])
    for name in ("demo", "serve", "worker", "db", "content", "understand", "triage", "chat", "connect", "counsellor"):
        assert name in told.output


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(*arguments: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "flask", *arguments], cwd=ROOT, env=BARE | settings)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _answers(address: str, seconds: float = 40) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            return requests.get(address, timeout=5).status_code == 200
        except requests.ConnectionError:
            time.sleep(0.2)
    return False


def test_the_demo_answers_a_text_message(tmp_path: Path) -> None:
    port = _free_port()
    here = f"http://127.0.0.1:{port}"
    with running("demo", "--port", str(port), "--data", str(tmp_path)):
        assert _answers(f"{here}/playground/")
        headers = {"X-Playground": "1"}
        message = {"from": "+32470000001", "text": "hallo"}
        assert requests.post(f"{here}/playground/phone/sms", json=message, headers=headers, timeout=10).json()["ok"]
        feed = f"{here}/playground/phone/feed?after=0&phone=%2B32470000001&telegram=1"
        until = time.monotonic() + 20
        bodies: list[str] = []
        while len(bodies) < 3 and time.monotonic() < until:
            events = requests.get(feed, timeout=10).json()["events"]
            bodies = [event["body"] for event in events if event["type"].startswith(("sms_in", "sms_out"))]
            time.sleep(0.2)
    assert any("Ik ben een computer" in body for body in bodies)
    assert any("1 Nederlands" in body for body in bodies)


def test_serve_has_no_playground(tmp_path: Path) -> None:
    port = _free_port()
    settings = {
        "SECRET_KEY": "x",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'a.sqlite3'}",
    }
    assert flask("db", "upgrade", **settings).returncode == 0
    with running("serve", "--port", str(port), **settings):
        assert _answers(f"http://127.0.0.1:{port}/readyz")
        assert requests.get(f"http://127.0.0.1:{port}/playground/", timeout=5).status_code == 404
        assert requests.post(f"http://127.0.0.1:{port}/sms", timeout=5).status_code == 404, "no settings, no door"


@pytest.mark.parametrize(("only", "door", "page"), [("webhooks", 403, 404), ("console", 404, 200)])
def test_each_part_can_be_served_by_a_process_of_its_own(tmp_path: Path, only: str, door: int, page: int) -> None:
    port = _free_port()
    settings = {
        "SECRET_KEY": "x",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'a.sqlite3'}",
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "x",
        "TWILIO_NUMBER": "+32460000000",
    }
    assert flask("db", "upgrade", **settings).returncode == 0
    with running("serve", "--port", str(port), "--only", only, **settings):
        assert _answers(f"http://127.0.0.1:{port}/readyz")
        assert requests.post(f"http://127.0.0.1:{port}/sms", timeout=5).status_code == door
        assert requests.get(f"http://127.0.0.1:{port}/console/login", timeout=5).status_code == page


def test_the_playground_cannot_be_served_outside_the_demo() -> None:
    code = "import demo; demo.create_app()"
    settings = {"SECRET_KEY": "x", "PUBLIC_URL": "http://127.0.0.1:8000"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=BARE | settings, capture_output=True, check=False)
    assert done.returncode != 0
    assert b"NotADemo" in done.stderr
