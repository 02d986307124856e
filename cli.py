"""The commands: ``flask demo``, ``flask serve``, ``flask worker`` … They start things that stand elsewhere."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
import structlog
from flask import Flask

import chat as chats
import demo as demos
import learn
import server
from bot import checks, config, content, evaluation, explaining, logs
from bot.catalogues import Catalogues
from bot.config import Settings, SettingsError
from bot.fetching import Fetching
from bot.flow import FlowError
from bot.hours import BELGIUM
from bot.lexicon_files import load_matcher
from bot.messages import SendError
from bot.outbox import Outbox, Rounds
from bot.roles import Role
from bot.service import accounts, staff
from bot.service.account_errors import AccountError
from bot.service.house import House
from bot.store import migrate
from bot.store.engine import Store
from bot.switchboard import Switchboard
from bot.wording import Wording
from channels import connect as connects
from channels.registry import Registry, from_settings
from channels.segments import sms_segments
from channels.voice import VOICES
from webhooks import Part, build_house

LANGUAGES = config.Settings.model_fields["languages"].default

Command = TypeVar("Command", bound=Callable[..., Any])
SERVED = {Part.WEBHOOKS.value: "webhooks:only_webhooks", Part.CONSOLE.value: "webhooks:only_console"}
"""What ``flask serve --only`` takes, and the application behind it."""


def create_app() -> Flask:
    """Carries the commands for ``flask``; the doors are served by ``flask serve``."""
    app = Flask("drempelvrij")
    for command in (demo, serve, worker, db, content_group, understand_command, triage, chat, connect, counsellor):
        app.cli.add_command(command)
    return app


def plainly(command: Command) -> Command:
    """What is wrong with settings or content is told in one line, without a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (SettingsError, FlowError, SendError, AccountError, connects.NotConnected) as error:
            raise click.ClickException(str(error)) from error

    return run  # type: ignore[return-value]


def _parts() -> tuple[Settings, Registry, House]:
    settings = config.load()
    logs.configure(settings.log_level)
    channels = from_settings(settings)
    return settings, channels, build_house(settings)


# Running


@click.command()
@click.option("--port", default=8000, show_default=True, help="Where the demo is found on this machine.")
@click.option("--data", type=click.Path(path_type=Path), default=demos.DATA, help="The folder of its database.")
@click.option("--fresh", is_flag=True, help="Begin with an empty database.")
@plainly
def demo(port: int, data: Path, fresh: bool) -> None:
    """Everything on this machine, without any account: phones and the counsellors' console in one page."""
    demos.run(port, data, fresh=fresh)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Processes.")
@click.option("--only", type=click.Choice(list(SERVED)), help="One of the two, for a process of its own.")
@plainly
def serve(host: str, port: int, workers: int, only: str | None) -> None:
    """The doors and the console."""
    _parts()  # what is wrong is told here, once, and not by every process
    server.serve(SERVED[only] if only else "webhooks:create_app", host, port, workers=workers)


@click.command()
@plainly
def worker() -> None:
    """Sends what waits in the outbox, and what goes out by itself: reminders, assignments, notices."""
    _, channels, house = _parts()
    structlog.get_logger("worker").info("worker_started", channels=[channel.name for channel in channels])
    asyncio.run(_work(house, channels))


async def _work(house: House, channels: Registry) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    senders = {channel.name: channel for channel in channels}
    work = [Outbox(house, senders, random.random).run(stop), Rounds(house).run(stop)]
    if channels.voice is not None:
        work.append(Switchboard(house, channels.voice).run(stop))
    if channels.telegram is not None:
        work.append(Fetching(house, {channels.telegram.name: channels.telegram}, random.random).run(stop))
    await asyncio.gather(*work)
    if channels.telegram is not None:
        await channels.telegram.close()


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@plainly
def upgrade() -> None:
    """Brings the database up to date."""
    settings = config.load()
    migrate.upgrade(Store(settings.database_url))
    click.echo("The database is up to date.")


# Content


@click.group("content")
def content_group() -> None:
    """What the bot asks and knows."""


@content_group.command("check")
@plainly
def content_check() -> None:
    """Checks the content files and every language's catalogue; says where something is wrong."""
    languages = config.Settings.model_fields["languages"].default
    report = checks.everything(languages, sms_segments, VOICES, datetime.now(BELGIUM).date())
    for line in report.lines:
        click.echo(line)
    if report.problems:
        raise click.ClickException(f"{len(report.problems)} problems\n" + "\n".join(report.problems))


@content_group.command("learn")
@plainly
def content_learn() -> None:
    """Learns the second opinion anew, from the examples and the lexicons. Needs requirements-learn.txt."""
    try:
        click.echo(learn.renew())
    except ImportError as error:
        raise click.ClickException(f"{error.name} is missing: pip install -r requirements-learn.txt") from error


@click.command("understand")
@click.argument("text", required=False)
@click.option("--language", default="nl", show_default=True)
@click.option("--evaluate", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A TSV file.")
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A TSV file of answers.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@plainly
def understand_command(text: str | None, language: str, file: Path | None, answers: Path | None, as_json: bool) -> None:
    """What the bot takes TEXT for, as the answer to a question with choices 1 to 4, or how well it does on a file.

    The file of --evaluate has the columns lang, text, meaning, note; that of --answers, each at a question of our own:
    lang, step, text, choice.
    """
    if answers is not None:
        flow, words = content.load_intake(), Wording(Catalogues(LANGUAGES), content.load_transliteration())
        rows = evaluation.read_answers(answers)
        _tell(evaluation.evaluate_answers(rows, load_matcher(), flow, words), as_json=as_json)
    elif file is not None:
        _tell(evaluation.evaluate(evaluation.read_examples(file), load_matcher()), as_json=as_json)
    elif text is not None:
        click.echo(json.dumps(evaluation.shown(text, language, load_matcher()), ensure_ascii=False))
    else:
        raise click.UsageError("give a TEXT, --evaluate FILE.tsv or --answers FILE.tsv")


def _tell(result: evaluation.Result, *, as_json: bool) -> None:
    told = [json.dumps(result.to_dict(), ensure_ascii=False)] if as_json else evaluation.told(result)
    click.echo("\n".join(told))


@click.group()
def triage() -> None:
    """What the rules propose."""


@triage.command("explain")
@click.argument("answers", nargs=-1)
@click.option("--table", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A TSV file.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
@plainly
def triage_explain(answers: tuple[str, ...], file: Path | None, as_json: bool) -> None:
    """What is proposed to somebody with these ANSWERS, and rule by rule why: age=from_18 situation=no_work language=nl.

    Several choices with commas: worries=home,money. What was said of one's own accord: told=lonely. The file of --table
    has a column for each question; of each of its lines only the proposal is told.
    """
    flow = content.load_intake()
    rules, words = content.load_rules(flow), Wording(Catalogues(LANGUAGES), content.load_transliteration())
    today = datetime.now(BELGIUM).date()
    try:
        given = explaining.read_table(file, flow) if file else [explaining.read_pairs(answers, flow)]
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    rows = [explaining.shown(rules, one, words, today) for one in given]
    if as_json:
        click.echo(json.dumps(rows if file else rows[0], ensure_ascii=False))
        return
    for one, row in zip(given, rows, strict=True):
        lines = [str(one), *explaining.summary(row)] if file else explaining.in_words(row)
        click.echo("\n".join(lines))


@click.command()
@click.option(
    "--channel", type=click.Choice(["sms", "whatsapp", "telegram", "voice"]), default="sms", show_default=True
)
@click.option("--language", default="", help="Answers the language question for you: nl, fr, ar …")
@plainly
def chat(channel: str, language: str) -> None:
    """Talks to the bot here or from a pipe: a line is a message. In a call digits are keys, nothing is silence."""
    chats.run(channel, language, sys.stdin, click.echo)


# Connecting


@click.group()
def connect() -> None:
    """Points a real number and a real bot at PUBLIC_URL."""


@connect.command("twilio")
@plainly
def connect_twilio() -> None:
    """Sets the addresses of TWILIO_NUMBER."""
    settings, channels, _ = _parts()
    if channels.sms is None:
        raise SettingsError(f"Twilio is off; missing: {', '.join(settings.missing()['SMS and telephone'])}")
    for line in connects.twilio_number(channels.sms.twilio_account):
        click.echo(line)


@connect.command("telegram")
@plainly
def connect_telegram() -> None:
    """Sets the bot's webhook, its secret and its commands."""
    settings, channels, house = _parts()
    if channels.telegram is None:
        raise SettingsError(f"Telegram is off; missing: {', '.join(settings.missing()['Telegram'])}")
    commands = connects.commands(house.languages, house.wording.text)
    for line in asyncio.run(connects.telegram_bot(channels.telegram, settings.public_url, commands)):
        click.echo(line)


# Counsellors


@click.group()
def counsellor() -> None:
    """Counsellors' accounts."""


ROLE = click.Choice([role.value for role in Role])


@counsellor.command("add")
@click.argument("login")
@click.option("--name", prompt=True, help="What contacts and colleagues read.")
@click.option("--language", default="nl", show_default=True)
@click.option("--team", "teams", multiple=True, help="As content/teams.yaml names it; as often as needed.")
@click.option("--role", type=ROLE, help="Default counsellor; the very first account is an administrator.")
@click.password_option()
@plainly
def add_counsellor(
    login: str, name: str, language: str, teams: tuple[str, ...], role: str | None, password: str
) -> None:
    """Makes an account."""
    _, _, house = _parts()
    wanted = Role(role) if role else accounts.first_role(house)
    accounts.add_user(house, login, name, password, language, teams, wanted)
    click.echo(f"{login} can log in at /console/ since {datetime.now(UTC):%Y-%m-%d}, as {wanted}.")


@counsellor.command("role")
@click.argument("login")
@click.argument("role", type=ROLE)
@plainly
def role_of_counsellor(login: str, role: str) -> None:
    """Sets the ROLE of an account: what it may do."""
    _, _, house = _parts()
    staff.set_role(house, login, Role(role))
    click.echo(f"{login} is {role}.")


@counsellor.command("team")
@click.argument("login")
@click.argument("teams", nargs=-1)
@plainly
def teams_of_counsellor(login: str, teams: tuple[str, ...]) -> None:
    """Sets the TEAMS of an account: these, and no others; none at all where none is named."""
    _, _, house = _parts()
    accounts.set_teams(house, login, teams)
    click.echo(f"{login} is in {', '.join(teams) or 'no team'}.")


@counsellor.command("password")
@click.argument("login")
@click.password_option()
@plainly
def password_of_counsellor(login: str, password: str) -> None:
    """Sets another password; every login of the account ends."""
    _, _, house = _parts()
    accounts.set_password(house, login, password)
    click.echo("The password is set.")
