"""A picture to send: a page with lines of writing, as a photo of a letter has."""

from __future__ import annotations

import struct
import zlib

WIDTH, HEIGHT = 360, 480
PAPER, INK, HEAD = 248, 96, 40
MARGIN, LINE, THICK = 36, 22, 7


def _row(y: int) -> bytes:
    """One row of grey dots: paper, or a line of writing; the head of the letter is darker and shorter."""
    number, within = divmod(y - MARGIN, LINE)
    lines = (HEIGHT - 2 * MARGIN) // LINE
    if not 0 <= number < lines or within >= THICK or number == 1:
        return bytes([PAPER]) * WIDTH
    length = WIDTH - 2 * MARGIN if number % 4 else (WIDTH - 2 * MARGIN) // 2
    shade = HEAD if number == 0 else INK
    return bytes([PAPER]) * MARGIN + bytes([shade]) * length + bytes([PAPER]) * (WIDTH - MARGIN - length)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, rows: bytes) -> bytes:
    """A grey PNG of rows that each begin with their filter (PNG specification, section 9)."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def letter() -> bytes:
    """The picture, as PNG."""
    return png(WIDTH, HEIGHT, b"".join(b"\0" + _row(y) for y in range(HEIGHT)))
