"""The signs between the words of a message: phrases do not see them, and some go over where a sentence ends."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bot.lexicon import plain
from bot.matching import Match, Reading

ENDS = frozenset("!?؟.")
"""What ends a sentence."""

SIGNS = ENDS | frozenset(",;:،؛…")
"""What parts words in some way."""

_LINE = re.compile(r"[^\S\n]*\n\s*")


def broken(match: Match, reading: Reading, text: str, signs: Collection[str]) -> bool:
    """Whether one of these signs stands within a match: "no, soy sordo" denies nothing."""
    written = _LINE.sub(". ", text.strip())
    pairs = zip(written.split(), spans(written, reading), strict=True)
    return any(match.start < span.stop < match.end for word, span in pairs if _sign(word) in signs)


def _sign(word: str) -> str:
    """The sign behind a word; dots in a row are one of their own: somebody looks for words."""
    return "…" if word.endswith("..") else word[-1]


def spans(text: str, reading: Reading) -> Iterator[range]:
    """For each written word the words it is compared as: none (a sign), one, or several ("kheb", "burn-out")."""
    at = 0
    for word in text.split():
        start = at
        for part in plain(word).split():
            at = _behind(part, at, reading)
        yield range(start, at)


def _behind(part: str, at: int, reading: Reading) -> int:
    """The place behind a part of a word, which may be written out as several."""
    tokens, written = reading.tokens, reading.written
    if at < len(tokens) and tokens[at] == part == written[at]:
        return at + 1
    while at < len(tokens) and written[at] == part != tokens[at]:
        at += 1
    return at
