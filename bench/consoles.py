"""Whether consoles that stand open slow the webhooks: 300 ask for news over loopback while signed messages come in.

Console and webhooks each run in a process of their own, as ``flask serve --only`` starts them. Windows with consoles
and windows without take turns, so that what else happens on the machine falls on both. Ends by itself, and with an
error when a request failed.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from twilio.request_validator import RequestValidator

import webhooks
from bot import config
from bot.content import ROOT
from bot.messages import Inbound, Kind, Urn
from bot.service import accounts, case_views, cases, logins, turns
from bot.service.house import House
from bot.store import accounts as rows
from bot.store import migrate
from console.context import TOKEN

HOST = "127.0.0.1"
OURS = "+32460000000"
PASSWORD = secrets.token_urlsafe(16)
CONSOLES, COUNSELLORS, PEOPLE = 300, 20, 60
WINDOWS, LASTS = 2, 15.0
"""Pairs of windows, and the seconds that each lasts."""

MESSAGES = 5
"""Messages that come in each second: one a minute for each of three hundred counsellors."""

PACE = 1.7
"""Seconds from one question of a console to its next, while somebody works there (``console.js``)."""

AS: Mapping[str, Sequence[str]] = {"webhooks": (), "console": ("nice", "-n", "15")}
"""Who calls or writes goes before who reads: the consoles get what the webhooks leave."""

Console = tuple[str, str]
"""The address that an open page asks, and its cookie."""

Marks = list[str]
"""What each page was told that it has seen; pages stay open from one window to the next."""


@dataclass
class Tally:
    """What one window saw: the seconds of each answer, how often there was news, what went wrong, the pages' marks."""

    took: list[float] = field(default_factory=list)
    news: int = 0
    errors: list[str] = field(default_factory=list)
    marks: Marks = field(default_factory=list)


def settings_of(folder: Path, port: int) -> dict[str, str]:
    """An installation of its own, with a provider that nobody is."""
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        "PUBLIC_URL": f"http://{HOST}:{port}",
        "SECRET_KEY": secrets.token_hex(32),
        "TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_NUMBER": OURS,
        "TWILIO_API_URL": f"http://{HOST}:9",
        "LOG_LEVEL": "ERROR",
    }


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


# The house before it opens


def furnish(house: House) -> list[int]:
    """People who wait or are helped, and counsellors; the accounts."""
    users = [accounts.add_user(house, f"user{n}", f"Counsellor {n}", PASSWORD) for n in range(COUNSELLORS)]
    for number in range(PEOPLE):
        for text in ("hallo", "1", f"Person {number}", "0"):
            told = {"provider_id": secrets.token_hex(8), "urn": Urn.parse(number_of(number)), "kind": Kind.TEXT}
            turns.receive(house, Inbound("sms", OURS, text=text, **told))  # type: ignore[arg-type]
    for row in case_views.queue(house)[::2]:
        cases.claim(house, row.id, users[row.id % COUNSELLORS])
    return users


def number_of(person: int) -> str:
    """A number that nobody has."""
    return f"tel:+3247000{person:04}"


def cookies(house: House, users: Sequence[int], secret: str) -> list[str]:
    """A browser's cookie for each console: one login each, made without the slow hash."""
    app = Flask("bench")
    app.secret_key = secret
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    made = []
    with house.store.write() as connection:
        for number in range(CONSOLES):
            row = rows.get(connection, users[number % len(users)])
            assert row is not None
            token = logins.begin(connection, row, "bench", house.now())
            made.append(f"drempelvrij={signer.dumps({TOKEN: token})}")
    return made


def pages(house: House, made: Sequence[str]) -> list[Console]:
    """Every second console has the queue open, the others each a case."""
    listed = [row.id for row in case_views.queue(house)]
    places = ("/console/queue?view=waiting&seen={}", "/console/cases/{case}/updates?after={}")
    return [
        (places[number % 2].replace("{case}", str(listed[number % len(listed)])), cookie)
        for number, cookie in enumerate(made)
    ]


# The consoles: a process of their own, so that what they cost to play does not count as ours


def play(port: int, consoles: Sequence[Console], marks: Marks, told: multiprocessing.Queue[Tally]) -> None:
    """All consoles for one window. They stand on other machines in life: here they give way."""
    os.nice(15)
    tally = Tally(marks=marks)
    asyncio.run(_all(port, consoles, tally))
    told.put(tally)


async def _all(port: int, consoles: Sequence[Console], tally: Tally) -> None:
    until = time.monotonic() + LASTS
    starts = (n * PACE / len(consoles) for n in range(len(consoles)))
    pages = enumerate(zip(consoles, starts, strict=True))
    await asyncio.gather(*(_one(port, number, *it, start, until, tally) for number, (it, start) in pages))


async def _one(port: int, number: int, address: str, cookie: str, start: float, until: float, tally: Tally) -> None:
    """One page that stands open, on one connection; it keeps what it was told it has seen."""
    await asyncio.sleep(start)
    reader, writer = await asyncio.open_connection(HOST, port)
    while time.monotonic() < until:
        began = time.monotonic()
        head = (
            f"GET {address.format(tally.marks[number])} HTTP/1.1",
            f"Host: {HOST}",
            "Accept-Encoding: gzip",
            f"Cookie: {cookie}",
        )
        writer.write("\r\n".join((*head, "", "")).encode())
        status, body = await _answer(reader)
        tally.took.append(time.monotonic() - began)
        if status == 200:
            tally.news += 1
            tally.marks[number] = _seen(body) or tally.marks[number]
        elif status != 204:
            tally.errors.append(f"{address.partition('?')[0]}: {status}")
        await asyncio.sleep(max(began + PACE - time.monotonic(), 0))
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = re.search(r"content-length: (\d+)", head)
    body = await reader.readexactly(int(length[1])) if length else b""
    if "content-encoding: gzip" in head:
        body = gzip.decompress(body)
    return int(head.split(" ", 2)[1]), body


def _seen(body: bytes) -> str:
    """What a page remembers of an answer: the queue's mark, or the newest event of a case."""
    found = re.search(rb'data-seen="([^"]+)"', body) or re.search(rb'"cursor":\s*(\d+)', body)
    return found[1].decode() if found else ""


# The webhooks


def post(port: int, settings: Mapping[str, str], seconds: float) -> Tally:
    """Signed messages at an even pace; how long each waited for its answer."""
    tally, until = Tally(), time.monotonic() + seconds
    validator = RequestValidator(settings["TWILIO_AUTH_TOKEN"])
    connection = HTTPConnection(HOST, port, timeout=10)
    due = time.monotonic()
    while due < until:
        time.sleep(max(due - time.monotonic(), 0))
        sender = number_of(len(tally.took) % PEOPLE).removeprefix("tel:")
        form = {"MessageSid": "SM" + secrets.token_hex(16), "From": sender, "To": OURS, "Body": "En dan nog iets."}
        form["AccountSid"], form["NumMedia"] = settings["TWILIO_ACCOUNT_SID"], "0"
        signed = validator.compute_signature(f"{settings['PUBLIC_URL']}/sms", form)
        headers = {"X-Twilio-Signature": signed, "Content-Type": "application/x-www-form-urlencoded"}
        began = time.monotonic()
        connection.request("POST", "/sms", urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
        tally.took.append(time.monotonic() - began)
        if answer.status != 200:
            tally.errors.append(f"/sms: {answer.status}")
        due += 1 / MESSAGES
    connection.close()
    return tally


# The measurement


@contextmanager
def serving(only: str, port: int, settings: Mapping[str, str]) -> Iterator[None]:
    """One part in a process of its own, from its first answer on."""
    command = [*AS[only], sys.executable, "-m", "flask", "--app", "cli", "serve", "--only", only, "--port", str(port)]
    if only == "console":
        command += ["--workers", "2"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings, "PYTHONPATH": str(ROOT)})
    try:
        _await(port)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"nothing serves at {port}")


def window(
    ports: tuple[int, int], settings: Mapping[str, str], consoles: Sequence[Console], marks: Marks
) -> tuple[Tally, Tally]:
    """Messages for one window, with those consoles open; what the webhooks saw, and what the consoles saw."""
    if not consoles:
        return post(ports[0], settings, LASTS), Tally()
    told: multiprocessing.Queue[Tally] = multiprocessing.Queue()
    player = multiprocessing.Process(target=play, args=(ports[1], consoles, marks, told))
    player.start()
    seen = post(ports[0], settings, LASTS)
    played = told.get(timeout=60)
    player.join()
    marks[:] = played.marks
    return seen, played


def p50_p99(took: Sequence[float]) -> tuple[float, float]:
    """Milliseconds."""
    return median(took) * 1000, quantiles(took, n=100)[98] * 1000


def together(tallies: Sequence[Tally]) -> Tally:
    """Several windows as one."""
    return Tally(
        took=[second for tally in tallies for second in tally.took],
        news=sum(tally.news for tally in tallies),
        errors=[error for tally in tallies for error in tally.errors],
    )


def told(alone: Tally, busy: Tally, played: Tally) -> list[str]:
    """The figures, for people."""
    (a50, a99), (b50, b99), (c50, c99) = p50_p99(alone.took), p50_p99(busy.took), p50_p99(played.took)
    return [
        f"consoles  {CONSOLES} open, {len(played.took) / (WINDOWS * LASTS):.0f} questions a second, "
        f"{played.news} with news; p50 {c50:.1f} ms, p99 {c99:.1f} ms",
        f"webhooks  without consoles: p50 {a50:.1f} ms, p99 {a99:.1f} ms",
        f"webhooks  with consoles:    p50 {b50:.1f} ms, p99 {b99:.1f} ms",
        f"ratio     p50 {b50 / a50:.2f}, p99 {b99 / a99:.2f}",
        f"errors    {len(busy.errors) + len(alone.errors) + len(played.errors)}",
    ]


def main() -> int:
    """Prints the figures; 1 when a request failed."""
    with tempfile.TemporaryDirectory() as folder:
        ports = free_port(), free_port()
        settings = settings_of(Path(folder), ports[0])
        os.environ.update(settings)
        house = webhooks.build_house(config.load())
        migrate.upgrade(house.store)
        users = furnish(house)
        consoles = pages(house, cookies(house, users, settings["SECRET_KEY"]))
        house.store.close()
        with serving("webhooks", ports[0], settings), serving("console", ports[1], settings):
            marks = ["0"] * len(consoles)
            window(ports, settings, consoles, marks)  # all of them are opened
            pairs = [window(ports, settings, open_, marks) for _ in range(WINDOWS) for open_ in ((), consoles)]
    alone, busy, played = (
        together([seen for seen, _ in pairs[::2]]),
        together([seen for seen, _ in pairs[1::2]]),
        together([played for _, played in pairs]),
    )
    print("\n".join(told(alone, busy, played)))
    for error in sorted({*alone.errors, *busy.errors, *played.errors}):
        print(error)
    return 1 if alone.errors or busy.errors or played.errors else 0


if __name__ == "__main__":
    sys.exit(main())
