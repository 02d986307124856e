"""How many segments an SMS takes: GSM-7 and UCS-2 counting (3GPP TS 23.038, section 6.2.1; TS 23.040, 9.2.3.24)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.messages import Size

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")
"""Escaped: each takes two places, and may not be cut in half."""

GSM_ONE, GSM_EACH = 160, 153
UCS_ONE, UCS_EACH = 70, 67

SAME_MEANING = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2022": "-",
    }
)
"""Signs that word processors put in and that cost a whole message its alphabet; readers lose nothing by these."""


@dataclass(frozen=True, slots=True)
class Segments:
    """``alphabet`` is ``gsm-7`` or ``ucs-2``; ``units`` its places taken; ``count`` what is paid for."""

    alphabet: str
    units: int
    count: int


def plain_signs(text: str) -> str:
    """The text with signs that GSM-7 has."""
    return text.translate(SAME_MEANING)


def segments(text: str) -> Segments:
    """What a text takes as an SMS."""
    if all(c in BASIC or c in EXTENDED for c in text):
        sizes = [2 if c in EXTENDED else 1 for c in text]
        return Segments("gsm-7", sum(sizes), _count(sizes, GSM_ONE, GSM_EACH))
    sizes = [2 if ord(c) > 0xFFFF else 1 for c in text]
    return Segments("ucs-2", sum(sizes), _count(sizes, UCS_ONE, UCS_EACH))


def sms_segments(text: str) -> int:
    """The segments of a text as it is sent."""
    return segments(plain_signs(text)).count


class Pieces:
    """How an SMS is counted (``bot.messages.Measure``)."""

    def sent(self, text: str) -> str:
        """The words as they travel."""
        return plain_signs(text)

    def size(self, text: str) -> Size:
        """The segments. A sign is costly when the message would take fewer without such signs."""
        sent = plain_signs(text)
        costly = dict.fromkeys(c for c in sent if c not in BASIC and c not in EXTENDED)
        count = segments(sent).count
        without = segments("".join("x" if c in costly else c for c in sent)).count
        return Size(count, tuple(costly) if without < count else ())

    def table(self) -> Mapping[str, Any]:
        """The alphabet, and how much fits."""
        return {
            "basic": "".join(sorted(BASIC)),
            "extended": "".join(sorted(EXTENDED)),
            "same": {chr(sign): instead for sign, instead in SAME_MEANING.items()},
            "fits": {"gsm": [GSM_ONE, GSM_EACH], "ucs": [UCS_ONE, UCS_EACH]},
        }


def _count(sizes: list[int], one: int, each: int) -> int:
    if sum(sizes) <= one:
        return 1
    count, room = 1, each
    for size in sizes:
        if size > room:
            count, room = count + 1, each
        room -= size
    return count
