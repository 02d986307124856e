"""How many SMS segments a text takes.

Source: 3GPP TS 23.038 (GSM 7-bit default alphabet and its extension table). The application counts
for itself; the town counts again, as the provider does, so that the two can be compared.
"""

from __future__ import annotations

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
SEVEN_BIT, UCS2 = (160, 153), (70, 67)
"""Units in the only segment of a text, and in each of several."""


def units(text: str) -> tuple[list[int], tuple[int, int]]:
    """The width of each character, and the limits of the alphabet that the whole text needs."""
    if all(character in GSM or character in EXTENSION for character in text):
        return [1 + (character in EXTENSION) for character in text], SEVEN_BIT
    return [1 + (ord(character) > 0xFFFF) for character in text], UCS2


def count(text: str) -> int:
    """Segments of a text, at least 1; a character of two units is never cut in half."""
    widths, (single, part) = units(text)
    if sum(widths) <= single:
        return 1
    segments, filled = 1, 0
    for width in widths:
        if filled + width > part:
            segments, filled = segments + 1, 0
        filled += width
    return segments
