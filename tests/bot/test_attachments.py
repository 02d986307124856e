"""Files that people send: known by what they hold, named so that they cannot lie, pictures drawn anew."""

from __future__ import annotations

import re
import zlib
from io import BytesIO

import pytest
from PIL import Image

from bot.attachments import JPEG, KINDS, PDF, TEXT, Refusal, Refused, Shown, kind_of, tidy_name
from bot.pictures import LONGEST_SIDE, MOST_PIXELS, SMALL_SIDE, draw_anew
from playground.pictures import png


def drawn(form: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **more: object) -> bytes:
    """A picture in some format."""
    out = BytesIO()
    Image.new(mode, size).save(out, form, **more)
    return out.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (drawn("JPEG"), "image/jpeg"),
        (drawn("PNG"), "image/png"),
        (drawn("WEBP"), "image/webp"),
        (drawn("GIF"), "image/gif"),
        (b"%PDF-1.7\n%%EOF", "application/pdf"),
        (b"OggS\x00\x02" + bytes(22) + b"OpusHead\x01", "audio/ogg"),
        (b"OggS\x00\x02" + bytes(22) + b"\x01vorbis", "audio/ogg"),
        (b"ID3\x04" + bytes(9), "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + bytes(9), "audio/mpeg"),
        (bytes(3) + b"\x20ftypM4A \x00", "audio/mp4"),
        (bytes(3) + b"\x20ftypisom\x00", "video/mp4"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        ("Dag,\nik heb één vraag. شكرا".encode(), "text/plain"),
        (b"\xef\xbb\xbfDag", "text/plain"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_known_by_what_it_holds(content: bytes, content_type: str) -> None:
    assert kind_of(content).content_type == content_type


@pytest.mark.parametrize(
    "content",
    [
        *(HTML, b"\n \t<html>", b"\xef\xbb\xbf" + HTML, SVG, b"<svg/>"),
        *(b"", b"   \n", b"PK\x03\x04" + bytes(30), b"MZ\x90\x00", b"\x7fELF", b"#!/bin/sh\0", bytes(100)),
        *(b"OggS\x00\x02" + bytes(22) + b"\x80theora", bytes(3) + b"\x18ftypheic", bytes(3) + b"\x14ftypqt  "),
        *(b"RIFF\x24\x00\x00\x00AVI ", b"\xff\xfe<\x00h\x00", b"Dag\x1b[2J", b"caf\xe9"),
    ],
)
def test_anything_else_is_not_taken(content: bytes) -> None:
    with pytest.raises(Refused) as caught:
        kind_of(content)
    assert caught.value.why is Refusal.KIND


def test_a_page_shows_only_what_cannot_hold_a_program() -> None:
    shown = {kind.content_type.partition("/")[0] for kind in KINDS.values() if kind.shown is not Shown.DOWNLOAD}
    assert shown == {"image", "audio", "video"}
    assert not any("svg" in name or "html" in name or "xml" in name for name in KINDS)


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("brief.pdf", "brief.pdf"),
        ("BRIEF.PDF", "BRIEF.PDF.pdf"),
        ("brief", "brief.pdf"),
        ("brief.pdf.exe", "brief.pdf.exe.pdf"),
        ("", ""),
        ("...", ""),
        ("../../etc/passwd", "etc passwd.pdf"),
        ("a\r\nSet-Cookie: x", "a Set-Cookie: x.pdf"),
        ("factuur\u202efdp.exe", "factuurfdp.exe.pdf"),
        ("\u2066a\u2069\x00\x1b[2J", "a[2J.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
        ("رسالة.pdf", "رسالة.pdf"),
        ("x" * 300, "x" * 80 + ".pdf"),
    ],
)
def test_a_name_cannot_lie_or_leave_its_line(name: str, tidy: str) -> None:
    assert tidy_name(name, PDF) == tidy
    assert tidy_name(tidy, PDF) == tidy.removesuffix(".pdf")[:80].strip() + ".pdf" * bool(tidy)


def test_a_name_has_the_ending_of_what_it_is() -> None:
    assert tidy_name("foto.html", JPEG) == "foto.html.jpg"
    assert tidy_name("brief.exe", TEXT) == "brief.exe.txt"


# Pictures


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_becomes_a_file_of_ours(form: str) -> None:
    made = draw_anew(drawn(form, (3000, 200)))
    large, small = (Image.open(BytesIO(data)) for data in (made.content, made.thumbnail))
    assert (large.format, max(large.size)) == ("JPEG", LONGEST_SIDE)
    assert (small.format, max(small.size)) == ("WEBP", SMALL_SIDE)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16"])
def test_every_sort_of_png_can_be_drawn(mode: str) -> None:
    assert draw_anew(drawn("PNG", mode=mode)).content


def test_where_a_photo_was_taken_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "a telephone"
    exif.get_ifd(0x8825)[1] = "N"
    content = drawn("JPEG", exif=exif.tobytes(), comment=b"a secret")
    assert b"a telephone" in content
    made = draw_anew(content)
    for data in (made.content, made.thumbnail):
        assert not Image.open(BytesIO(data)).getexif()
        assert b"secret" not in data


def test_a_photo_stands_as_it_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = draw_anew(drawn("JPEG", (400, 100), exif=exif.tobytes()))
    assert Image.open(BytesIO(made.content)).size == (100, 400)


@pytest.mark.parametrize("behind", [HTML, b"%PDF-1.4 /JS", b"PK\x03\x04"])
def test_what_hides_behind_a_picture_is_gone(behind: bytes) -> None:
    made = draw_anew(drawn("JPEG") + behind)
    assert behind not in made.content
    assert behind not in made.thumbnail


def bomb(side: int = 60_000) -> bytes:
    """A small PNG that says it is enormous."""
    return png(side, side, b"\0" * 1000)


def test_a_picture_that_would_unpack_without_end_is_not_unpacked() -> None:
    assert len(bomb()) < 200
    with pytest.raises(Refused) as caught:
        draw_anew(bomb())
    assert caught.value.why is Refusal.TOO_LARGE


def test_a_real_bomb_is_refused_before_it_is_unpacked() -> None:
    side = int(MOST_PIXELS**0.5) + 1
    with pytest.raises(Refused):
        draw_anew(png(side, side, zlib.decompress(zlib.compress(bytes((side + 1) * side)))))


@pytest.mark.parametrize("cut", [4, 20, 100, 300])
def test_a_broken_picture_says_so(cut: int) -> None:
    with pytest.raises(Refused) as caught:
        draw_anew(drawn("JPEG", (400, 400))[:cut])
    assert caught.value.why is Refusal.BROKEN


def test_a_picture_of_another_sort_is_none() -> None:
    with pytest.raises(Refused):
        draw_anew(drawn("BMP"))
    assert not re.search("TIFF|BMP|EPS", " ".join(kind for kind in KINDS))
