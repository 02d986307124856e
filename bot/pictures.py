"""Pictures that people send are drawn anew: what else was in the file, where it was taken, is gone."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from bot.attachments import Refusal, Refused

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 25_000_000
"""Of a photo with twelve million each takes four bytes of memory while it is drawn; a bomb has billions."""

LONGEST_SIDE, SMALL_SIDE = 2000, 240
"""Pixels: a letter can still be read; a thumbnail costs a slow line three kilobytes."""

QUALITY, SMALL_QUALITY = 82, 50
WHITE = "white"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as JPEG, and a small one as WebP."""

    content: bytes
    thumbnail: bytes


def draw_anew(content: bytes) -> Drawn:
    """The same picture in a file of ours. Raises Refused for what is no picture, or one that is too large to draw."""
    try:
        large = _opened(content)
        large.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        large = _flat(ImageOps.exif_transpose(large))
        large.info.clear()  # comments, profiles, names: a format keeps some of them without being asked
        small = large.copy()
        small.thumbnail((SMALL_SIDE, SMALL_SIDE))
        return Drawn(_jpeg(large), _webp(small))
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Refusal.TOO_LARGE) from error
    except Exception as error:  # decoders stumble over garbage in many ways
        raise Refused(Refusal.BROKEN) from error


def _opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content), formats=FORMATS)
    width, height = picture.size
    if width * height > MOST_PIXELS:  # told by the head of the file, before anything is unpacked
        raise Refused(Refusal.TOO_LARGE)
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
    picture.load()
    return picture.convert("RGBA") if picture.mode in _BY_NUMBER else picture


_BY_NUMBER = frozenset({"P", "PA", "1"})
"""Modes whose values are places in a table, between which nothing lies."""


def _flat(picture: Image.Image) -> Image.Image:
    """Without anything to see through."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    paper = Image.new("RGBA", seen.size, WHITE)
    return Image.alpha_composite(paper, seen).convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _webp(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", quality=SMALL_QUALITY)
    return out.getvalue()
