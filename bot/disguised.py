"""Words whose letters are of another alphabet, or digits: written so by a keyboard of two alphabets ("умeрeть" with a
Latin e), or by young people who are used to platforms that hide such words ("su1c1de").
"""

from __future__ import annotations

from collections.abc import Iterator

_LATIN = "abehikmopctyx"
_CYRILLIC = "авенікморстух"
"""Letters that look alike, in the same order."""

_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LETTERS = str.maketrans("013457", "oieast")

SHORTEST = 3
"""Letters of a word that is looked at."""


def undisguised(word: str) -> Iterator[str]:
    """What a word that stands in no lexicon may be in one alphabet, without digits; none where it is plain letters."""
    if len(word) < SHORTEST or word.isdecimal():
        return
    if word.isascii():
        if not word.isalpha():
            yield word.translate(_TO_LETTERS)
        return
    for table in (_TO_CYRILLIC, _TO_LATIN):
        folded = word.translate(table)
        if folded != word:
            yield folded
