"""The consonants of a word in Latin letters, in which the spellings of many people meet.

Who writes Arabic or Ukrainian in Latin letters, or types in a hurry, agrees with others about the consonants of a word
rather than its vowels: "bghit nmout", "bghyt nmut" and "بغيت نموت" are ``bgt nmt``.
"""

from __future__ import annotations

import re

from anyascii import anyascii

_AS_ONE = {
    "kh": "x",
    "gh": "g",
    "sh": "$",
    "ch": "$",
    "sch": "$",
    "sz": "$",
    "cz": "k",
    "th": "t",
    "ck": "k",
    "zh": "z",
}
"""Two letters that stand for one sound; those of "sjtsch" differ from language to language, here they are one."""

_SOUND = re.compile("|".join(sorted(_AS_ONE, key=len, reverse=True)))
_LETTERS = str.maketrans("cq7958", "kkhkxg", "aeiouyw23'`")
"""Letters and digits that stand for one another, the digits as in Arabic in Latin letters; and what is left out."""

_TWICE = re.compile(r"(.)\1+")


def skeleton(word: str) -> str:
    """The consonants of a word as ``plain`` leaves it; a number as it stands; empty where there is none."""
    if word.isdigit():
        return word
    latin = word if word.isascii() else anyascii(word).lower()
    return _TWICE.sub(r"\1", _SOUND.sub(lambda found: _AS_ONE[found[0]], latin).translate(_LETTERS))
