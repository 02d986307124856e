"""Words whose letters are of another alphabet, or digits: written so by a keyboard of two alphabets ("умeрeть" with a
Latin e), or by young people who are used to platforms that hide such words ("su1c1de").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LATIN = "abehikmopctyx"
_CYRILLIC = "авенікморстух"
"""Letters that look alike, in the same order."""

_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LETTERS = str.maketrans("013457", "oieast")
_MIXED = re.compile(r"[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z]")

SHORTEST = 3
"""Letters of a word that is looked at."""


def undisguised(word: str) -> Sequence[str]:
    """What a word that stands in no lexicon may be in one alphabet, without digits; none where it is plain letters."""
    if word.isascii():
        return () if word.isalpha() or len(word) < SHORTEST else (word.translate(_TO_LETTERS),)
    return (word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)) if _MIXED.search(word) else ()
