"""The demo: the application, its worker and the playground on one machine, with accounts of their own making.

This is the only place that puts the playground beside the doors. It cannot come about through a setting: it always
listens on loopback, on a database of its own, with tokens made for this one run, and with the playground as provider.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, time, timedelta
from pathlib import Path
from types import FrameType

from flask import Flask
from flask_wtf.csrf import CSRFProtect

import server
import webhooks
from bot import config
from bot.config import Settings
from bot.content import ROOT
from bot.meetings import MeetingKind
from bot.roles import Role
from bot.service import accounts, publishing, staff
from bot.service.account_errors import AccountError
from bot.service.house import House
from bot.service.meeting_errors import CannotPublish
from bot.service.publishing import Times
from bot.store import migrate
from playground import Accounts, Network, create_blueprint

HOST = "127.0.0.1"
LOGIN, PASSWORD, NAME = "demo", "demo-zonder-drempel", "Mieke"
TELEPHONE = "+32470000009"
"""Where the calls of the counsellor begin: the last of the numbers that the page can be."""

COLLEAGUE, COLLEAGUES_NAME = "collega", "Jef"
"""A second counsellor with the same password: there is somebody to hand over to."""

NUMBER, WHATSAPP_NUMBER = "+32460000000", "+32460000001"
TEAMS = ("service_line", "office", "youth", "language", "group")
COLLEAGUES_TEAMS = ("service_line", "youth")
OFFICES = ("gent", "antwerpen", "leuven", "hasselt", "brugge")
"""Where the counsellor of the demo is, from Monday to Friday."""

GROUP, GROUP_DAY = "Samen sterk naar werk", 2
DAYS_AHEAD = 10
DATA = ROOT / "instance"
RUN_BY_DEMO = "DREMPELVRIJ_DEMO_RUN"
"""Set for the demo's own processes, to a value that no setting file holds: without it there is no playground."""


class NotADemo(Exception):
    """Somebody tried to serve the playground outside the demo."""


def environment(port: int, database: Path) -> dict[str, str]:
    """Settings of one run of the demo: its own tokens, and the playground where the providers stand."""
    here = f"http://{HOST}:{port}"
    return {
        "DATABASE_URL": f"sqlite:///{database}",
        "PUBLIC_URL": here,
        "SECRET_KEY": secrets.token_hex(32),
        "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_NUMBER": NUMBER,
        "TWILIO_WHATSAPP_NUMBER": WHATSAPP_NUMBER,
        "TWILIO_API_URL": f"{here}/playground/twilio",
        "TELEGRAM_TOKEN": f"4600000000:{secrets.token_hex(16)}",
        "TELEGRAM_SECRET": secrets.token_hex(16),
        "TELEGRAM_API_URL": f"{here}/playground/telegram",
        "LOG_LEVEL": "WARNING",
        RUN_BY_DEMO: secrets.token_hex(8),
    }


def provider_accounts(settings: Settings) -> Accounts:
    """What the playground has to know to stand where the providers stand."""
    return Accounts(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        number=settings.twilio_number,
        telegram_token=settings.telegram_token.get_secret_value(),
        telegram_secret=settings.telegram_secret.get_secret_value(),
        whatsapp=settings.twilio_whatsapp_number,
    )


def create_app() -> Flask:
    """The doors, the console and the playground in one application. Raises NotADemo outside ``flask demo``."""
    settings = config.load()
    if RUN_BY_DEMO not in os.environ or not settings.public_url.startswith(f"http://{HOST}:"):
        raise NotADemo("the playground is served by flask demo alone")
    return with_playground(settings, Network(provider_accounts(settings), settings.public_url, live=True))


def with_playground(settings: Settings, network: Network, house: House | None = None) -> Flask:
    """The application beside a network of its own."""
    app = webhooks.create_app(settings, house, embeddable=True, demo_login=(LOGIN, PASSWORD))
    blueprint = create_blueprint(network, {"demo_login": LOGIN, "demo_password": PASSWORD, "console_url": "/console/"})
    app.register_blueprint(blueprint, url_prefix="/playground")
    csrf: CSRFProtect = app.extensions["csrf"]
    csrf.exempt(blueprint)
    return app


def prepare(house: House) -> None:
    """A database that is up to date, with the counsellor of the demo, who may do everything, and a colleague."""
    migrate.upgrade(house.store)
    for login, name, role in ((LOGIN, NAME, Role.ADMINISTRATOR), (COLLEAGUE, COLLEAGUES_NAME, Role.COUNSELLOR)):
        with suppress(AccountError):  # there already
            accounts.add_user(house, login, name, PASSWORD, role=role)


def furnish(house: House) -> None:
    """Puts the counsellor of the demo into its teams, with times on the coming days. Done twice is done once."""
    user_id = accounts.set_teams(house, LOGIN, TEAMS)
    staff.change_own(house, user_id, NAME, "nl", TELEPHONE)
    accounts.set_teams(house, COLLEAGUE, COLLEAGUES_TEAMS)
    for ahead in range(1, DAYS_AHEAD + 1):
        for times in times_of(house.today() + timedelta(days=ahead), user_id):
            with suppress(CannotPublish):  # there already, or nobody works that day
                publishing.publish(house, times, user_id, house.openings.office, house.holidays)


def times_of(day: date, user_id: int) -> Iterator[Times]:
    """The times of one day: talks at the office where the counsellor is that weekday, calls, on Wednesdays a group."""
    office = OFFICES[day.weekday() % len(OFFICES)]
    yield Times(MeetingKind.TALK, day, time(9, 30), 30, count=2, office=office, user_id=user_id)
    yield Times(MeetingKind.CALL, day, time(13), 20, count=2, user_id=user_id)
    if day.weekday() == GROUP_DAY:
        yield Times(MeetingKind.GROUP, day, time(14), 120, places=8, office=office, title=GROUP, user_id=user_id)


def run(port: int, data: Path, *, fresh: bool) -> None:
    """Runs the demo until Ctrl-C, with its database in the folder ``data``."""
    database = data.resolve() / "demo.sqlite3"
    if fresh:
        for old in database.parent.glob(database.name + "*"):
            old.unlink()
    os.environ.update(environment(port, database))
    settings = config.load()
    house = webhooks.build_house(settings)
    prepare(house)
    furnish(house)
    worker = subprocess.Popen([sys.executable, "-m", "flask", "--app", "cli", "worker"], cwd=ROOT, env=_env())
    signal.signal(signal.SIGTERM, _as_interrupt)
    _tell(settings.public_url)
    try:
        server.serve("demo:create_app", HOST, port)
    finally:
        worker.terminate()
        worker.wait(timeout=20)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _env() -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _tell(address: str) -> None:
    lines = (
        "",
        f"  Drempelvrij demo:  {address}/playground/",
        f"  Console:           {address}/console/   login {LOGIN}, password {PASSWORD}",
        f"  Calls from there:  open the page twice; the second with {TELEPHONE} is the counsellor's telephone",
        "  Stop with Ctrl-C.",
        "",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
