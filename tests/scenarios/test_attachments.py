"""Files from Telegram: told in the conversation, fetched by the worker, shown so that nothing in them can run."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.attachments import LARGEST, MOST_AN_HOUR
from bot.service import attachments as service
from bot.store.schema import attachments
from playground import Fault
from playground.pictures import letter, png
from playground.telegram_user import TelegramUser
from tests.conftest import Clock
from tests.scenarios.people import Chatter, Counsellor
from town import Town

OPUS = b"OggS\x00\x02" + bytes(22) + b"OpusHead\x01" + bytes(40)
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture
def sara(town: Town) -> TelegramUser:
    """Somebody who asked for a person."""
    chatter = Chatter(town)
    for text in ("hallo", "nl", "Sara", "0"):
        chatter.say(text)
    return town.network.telegram(chatter.user_id)


@pytest.fixture
def mieke(town: Town, sara: TelegramUser) -> Counsellor:
    found = Counsellor(town)
    found.claim(found.first_case())
    return found


def page(mieke: Counsellor) -> str:
    return mieke.open(mieke.first_case())


def links(mieke: Counsellor) -> list[str]:
    """The addresses of the files on the page, thumbnails aside."""
    found: list[str] = re.findall(r'(?:href|src)="(/console/cases/\d+/attachments/\d+)"', page(mieke))
    return found


def seen(mieke: Counsellor) -> TestResponse:
    """The newest file, as a browser gets it."""
    return mieke.web.get(links(mieke)[-1])


def rows(town: Town) -> list[Any]:
    with town.store.read() as connection:
        return list(connection.execute(select(attachments).order_by(attachments.c.id)))


def test_a_photo_is_on_its_way_and_then_there_small_and_large(
    town: Town, sara: TelegramUser, mieke: Counsellor
) -> None:
    sara.photo("mijn brief")
    assert "[foto, wordt opgehaald]" in page(mieke)
    cursor = re.findall(r'data-cursor="(\d+)"', page(mieke))[0]
    town.settle()
    news = mieke.web.get(f"/console/cases/{mieke.first_case()}/updates?after={cursor}").get_json()
    assert [entry for entry in news["entries"] if 'data-state="kept"' in entry["html"]], "it comes by itself"
    assert re.search(r'<img src="[^"]+/small" alt="Foto van Sara, \d\d:\d\d"', page(mieke))
    answer = seen(mieke)
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert Image.open(BytesIO(answer.data)).size == (360, 480)
    small = mieke.web.get(links(mieke)[-1] + "/small")
    assert (small.status_code, small.content_type) == (200, "image/webp")
    assert len(small.data) < 4000


def test_nothing_in_a_file_can_run(town: Town, sara: TelegramUser, mieke: Counsellor) -> None:
    sara.photo()
    town.settle()
    headers = seen(mieke).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("content", "content_type", "how"),
    [
        (letter(), "image/jpeg", "inline"),
        (b"%PDF-1.7 /JavaScript (app.alert(1))\n%%EOF", "application/pdf", "attachment"),
        (b"Dag, ik ben Sara.", "text/plain; charset=utf-8", "attachment"),
        (OPUS, "audio/ogg", "inline"),
        (bytes(3) + b"\x20ftypisom" + bytes(40), "video/mp4", "inline"),
    ],
    ids=["picture", "pdf", "text", "sound", "video"],
)
def test_a_file_is_what_it_holds_not_what_it_says(
    town: Town, sara: TelegramUser, mieke: Counsellor, content: bytes, content_type: str, how: str
) -> None:
    sara.document("x.html", content, "text/html")
    town.settle()
    answer = seen(mieke)
    assert answer.content_type == content_type
    assert answer.headers["Content-Disposition"].startswith(f'{how}; filename="x.html.')


def test_a_voice_note_is_played_from_our_own_copy(town: Town, sara: TelegramUser, mieke: Counsellor) -> None:
    sara.voice_note(3, OPUS)
    town.settle()
    assert re.search(r'<audio controls preload="none" src="/console/cases/\d+/attachments/\d+"', page(mieke))
    town.network.bot.files.clear()
    assert seen(mieke).data == OPUS
    part = mieke.web.get(links(mieke)[-1], headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"OggS")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (HTML, "niet aangenomen: dit soort bestand nemen wij niet aan"),
        (SVG, "niet aangenomen: dit soort bestand nemen wij niet aan"),
        (b"PK\x03\x04" + bytes(50), "niet aangenomen: dit soort bestand nemen wij niet aan"),
        (b"\xff\xd8\xff\xe0" + HTML, "niet aangenomen: het bestand is stuk"),
        (png(60_000, 60_000, b"\0" * 99), "kon niet worden opgehaald: te groot"),
        (b"%PDF-" + bytes(LARGEST), "kon niet worden opgehaald: te groot"),
        (b"%PDF-" + bytes(50 * 1024 * 1024), "kon niet worden opgehaald: te groot"),
    ],
    ids=["html named jpg", "svg", "zip", "broken", "bomb", "a byte too many", "50 MB"],
)
def test_what_is_not_taken_is_said_in_words(
    town: Town, sara: TelegramUser, mieke: Counsellor, content: bytes, why: str
) -> None:
    sara.document("foto.jpg", content, "image/jpeg")
    town.settle()
    assert f"[document, {why}]" in page(mieke)
    assert links(mieke) == []
    assert (rows(town)[0].content, rows(town)[0].next_at) == (None, None)


def test_a_file_that_says_it_is_small_is_read_no_further_than_it_may(
    town: Town, sara: TelegramUser, mieke: Counsellor
) -> None:
    update = {"file_id": "documents-big.pdf", "file_unique_id": "big", "file_size": 10}
    town.network.bot.files["documents/big.pdf"] = bytes(LARGEST + 1)
    chat = {"id": sara.user_id, "first_name": "Sara", "type": "private"}
    told = {"message_id": 999, "date": 1795424400, "chat": chat, "document": update}
    sara.raw({"message": {**told, "from": {"id": sara.user_id, "is_bot": False, "first_name": "Sara"}}})
    town.settle()
    assert "kon niet worden opgehaald: te groot" in page(mieke)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("getFile", http_status=429, retry_after=7),
        Fault("getFile", http_status=500),
        Fault("file", http_status=404),
        Fault("file", http_status=502),
    ],
    ids=["too fast", "broken", "not there yet", "gateway"],
)
def test_a_file_that_does_not_come_is_fetched_later(
    town: Town, sara: TelegramUser, mieke: Counsellor, clock: Clock, fault: Fault
) -> None:
    town.network.faults.add(fault)
    sara.photo()
    town.settle()
    assert "wordt opgehaald" in page(mieke)
    clock.advance(seconds=10)
    town.settle()
    assert len(links(mieke)) == 1


def test_a_file_that_never_comes_is_given_up(town: Town, sara: TelegramUser, mieke: Counsellor, clock: Clock) -> None:
    town.network.faults.add(Fault("file", http_status=404, times=100))
    sara.photo()
    for _ in range(service.MOST_TRIES + 1):
        town.settle()
        clock.advance(minutes=10)
    assert "[foto, kon niet worden opgehaald]" in page(mieke)
    assert rows(town)[0].tries == service.MOST_TRIES


def test_a_file_that_telegram_has_no_more_is_gone(town: Town, sara: TelegramUser, mieke: Counsellor) -> None:
    sara.photo()
    town.network.bot.files.clear()
    town.settle()
    assert "[foto, kon niet worden opgehaald: het is er niet meer]" in page(mieke)


def test_a_name_with_markup_and_turning_signs_is_only_words(town: Town, sara: TelegramUser, mieke: Counsellor) -> None:
    sara.document('"><script>alert(1)</script>\r\nX: y\u202efdp.exe', b"%PDF-1.4\n%%EOF")
    town.settle()
    shown = page(mieke)
    assert "<script>alert" not in shown
    assert "\u202e" not in shown
    header = seen(mieke).headers["Content-Disposition"]
    assert not re.search(r"[<>\r\n]", header)
    assert header.count('"') == 2
    assert "filename*=UTF-8''" in header


def test_a_file_of_somebody_elses_conversation_is_not_there(town: Town, sara: TelegramUser, mieke: Counsellor) -> None:
    sara.photo()
    town.settle()
    (path,) = links(mieke)
    number = path.rpartition("/")[2]
    bo = Chatter(town, 4712)
    for text in ("hallo", "nl", "Bo", "0"):
        bo.say(text)
    others = max(int(found) for found in re.findall(r"/console/cases/(\d+)", mieke.queue()))
    for ending in ("", "/small"):
        assert mieke.web.get(f"/console/cases/{others}/attachments/{number}{ending}").status_code == 404
        assert mieke.web.get(f"{path}9{ending}").status_code == 404
    assert town.app.test_client().get(path).status_code == 303


def test_the_same_message_twice_is_one_file(town: Town, sara: TelegramUser, mieke: Counsellor) -> None:
    sara.photo()
    sara.again()
    town.settle()
    assert len(rows(town)) == 1


def test_too_many_files_in_an_hour_are_not_fetched(
    town: Town, sara: TelegramUser, mieke: Counsellor, clock: Clock
) -> None:
    for _ in range(MOST_AN_HOUR + 1):
        sara.document(data=b"Dag")
    assert "te veel bestanden in een uur" in page(mieke)
    clock.advance(minutes=61)
    sara.document(data=b"Dag")
    assert [row.state for row in rows(town)] == ["waiting"] * MOST_AN_HOUR + ["refused", "waiting"]


def test_too_much_in_a_day_is_not_kept(
    town: Town, sara: TelegramUser, mieke: Counsellor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_A_DAY", 10)
    for words in (b"zes...", b"nog zes"):
        sara.document(data=words)
        town.settle()
    assert [row.state for row in rows(town)] == ["kept", "refused"]
    assert "te veel bestanden op een dag" in page(mieke)


def test_a_sticker_is_only_named(town: Town, sara: TelegramUser, mieke: Counsellor) -> None:
    sara.sticker()
    town.settle()
    assert "[sticker]" in page(mieke)
    assert rows(town) == []


def test_a_file_is_gone_with_its_contact_even_while_it_is_fetched(
    town: Town, sara: TelegramUser, mieke: Counsellor
) -> None:
    sara.photo()
    (wanted,) = service.take(town.house, ("telegram",), 5)
    with town.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM contacts")
    service.keep(town.house, wanted, letter())
    assert rows(town) == []


def test_two_workers_never_fetch_the_same_file(town: Town, sara: TelegramUser, clock: Clock) -> None:
    sara.photo()
    sara.photo()
    first, second = (service.take(town.house, ("telegram",), 1) for _ in range(2))
    assert {first[0].id, second[0].id} == {row.id for row in rows(town)}
    assert service.take(town.house, ("telegram",), 5) == []
    clock.advance(minutes=2)
    assert len(service.take(town.house, ("telegram",), 5)) == 2, "a lease that ran out belonged to a worker that died"
