"""Files that people send: what they are by what they hold, what is taken, and how each may be shown. Pure.

Sources of the signs: the formats' own specifications, and WHATWG's "MIME Sniffing".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

LARGEST = 10 * 1024 * 1024
"""Bytes of one file. Telegram lets a bot fetch twice as much; a photo of a letter has a twentieth."""

MOST_AN_HOUR = 30
"""Files of one contact within an hour."""

MOST_A_DAY = 60 * 1024 * 1024
"""Bytes of one contact's files within a day."""

LONGEST_NAME = 80


class AttachmentState(StrEnum):
    """Where a file stands. Refused: it is nothing that we take. Failed: it could not be fetched."""

    WAITING = "waiting"
    KEPT = "kept"
    REFUSED = "refused"
    FAILED = "failed"


class Refusal(StrEnum):
    """Why a file was not taken."""

    TOO_LARGE = "too_large"
    KIND = "kind"
    BROKEN = "broken"
    TOO_MANY = "too_many"
    TOO_MUCH = "too_much"


class Refused(Exception):
    """A file that is not taken; ``why`` is told to people."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


class Shown(StrEnum):
    """What a page may do with a file. A download is never opened by our own pages."""

    PICTURE = "picture"
    SOUND = "sound"
    VIDEO = "video"
    DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that is taken: how it is named on the way to a browser, and what a page may do with it."""

    content_type: str
    ending: str
    shown: Shown


JPEG = FileKind("image/jpeg", ".jpg", Shown.PICTURE)
PNG = FileKind("image/png", ".png", Shown.PICTURE)
GIF = FileKind("image/gif", ".gif", Shown.PICTURE)
WEBP = FileKind("image/webp", ".webp", Shown.PICTURE)
OGG = FileKind("audio/ogg", ".ogg", Shown.SOUND)
MP3 = FileKind("audio/mpeg", ".mp3", Shown.SOUND)
M4A = FileKind("audio/mp4", ".m4a", Shown.SOUND)
WAV = FileKind("audio/wav", ".wav", Shown.SOUND)
MP4 = FileKind("video/mp4", ".mp4", Shown.VIDEO)
PDF = FileKind("application/pdf", ".pdf", Shown.DOWNLOAD)
TEXT = FileKind("text/plain", ".txt", Shown.DOWNLOAD)

KINDS: Mapping[str, FileKind] = {
    kind.content_type: kind for kind in (JPEG, PNG, GIF, WEBP, OGG, MP3, M4A, WAV, MP4, PDF, TEXT)
}
"""Every kind that is taken, by its content type. Video is, because deaf people sign in it."""

_BEGINS: tuple[tuple[bytes, FileKind], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
    (b"\xff\xf2", MP3),
)

_RIFF: Mapping[bytes, FileKind] = {b"WEBP": WEBP, b"WAVE": WAV}
_OGG_SOUND = (b"OpusHead", b"\x01vorbis")
_OGG_HEAD = 64
"""Bytes in which the first packet of an Ogg stream says what it is (RFC 3533, RFC 7845)."""

_BRANDS: Mapping[bytes, FileKind] = {
    **dict.fromkeys((b"M4A ", b"M4B "), M4A),
    **dict.fromkeys((b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"MSNV"), MP4),
}
"""Major brands of ISO base media files (ISO/IEC 14496-12)."""

_WHITE = frozenset("\n\r\t\f")


def kind_of(content: bytes) -> FileKind:
    """What a file is, by its first bytes; what it is called and said to be does not count. Raises Refused."""
    found = _sealed(content) or next((kind for sign, kind in _BEGINS if content.startswith(sign)), None)
    if found is None and _is_text(content):
        found = TEXT
    if found is None:
        raise Refused(Refusal.KIND)
    return found


def _sealed(content: bytes) -> FileKind | None:
    """The kinds that say what they are a little further on."""
    if content.startswith(b"RIFF"):
        return _RIFF.get(content[8:12])
    if content.startswith(b"OggS"):
        return OGG if any(sign in content[:_OGG_HEAD] for sign in _OGG_SOUND) else None
    return _BRANDS.get(content[8:12]) if content[4:8] == b"ftyp" else None


def _is_text(content: bytes) -> bool:
    """Plain words in UTF-8: no control signs, and no markup, which is never just words to a browser."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    plain = all(c in _WHITE or unicodedata.category(c) not in ("Cc", "Cs", "Co") for c in text)
    return plain and bool(text.strip()) and not text.lstrip().startswith("<")


def tidy_name(name: str, kind: FileKind) -> str:
    """What a file may be called: one line, no signs that turn or hide, no folders, and the ending of its real kind."""
    seen = "".join(" " if c in "\n\r\t/\\" else c for c in name if unicodedata.category(c) not in ("Cf", "Cs", "Co"))
    line = " ".join("".join(c for c in seen if unicodedata.category(c) != "Cc").split()).strip(". ")
    stem = line.removesuffix(kind.ending) if line.lower().endswith(kind.ending) else line
    return f"{stem[:LONGEST_NAME].strip()}{kind.ending}" if stem.strip() else ""
