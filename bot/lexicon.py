"""How people of one language say what every question understands: the shape of ``locales/<lang>/lexicon.yaml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Is(StrEnum):
    """What an answer amounts to."""

    CHOICE = "choice"
    YES = "yes"
    NO = "no"
    TEXT = "text"
    POSTCODE = "postcode"
    PHONE = "phone"
    HUMAN = "human"
    CALL_ME = "call_me"  # a person, and by voice: who asks for a call, or cannot read
    STOP = "stop"
    START = "start"
    LANGUAGE = "language"
    REPEAT = "repeat"
    BACK = "back"
    SKIP = "skip"
    HELP = "help"
    MENU = "menu"
    RESTART = "restart"
    MORE = "more"
    GREETING = "greeting"
    THANKS = "thanks"
    UNSURE = "unsure"
    DANGER = "danger"
    DISTRESS = "distress"
    SILENCE = "silence"
    MEDIA = "media"
    CONTACT = "contact"
    CALL = "call"
    RECORDING = "recording"
    ANSWER = "answer"  # a button, or a corrected message, of a question asked before
    NOTHING = "nothing"  # a change that asks for no answer
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How people of one language say the things that every question understands."""

    language: str
    phrases: Mapping[Is, frozenset[str]]
    numbers: Mapping[str, int] = field(default_factory=dict)
    fillers: frozenset[str] = frozenset()
    languages: Mapping[str, str] = field(default_factory=dict)
    name_openings: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Lower case, without accents, signs and stretched letters: what phrases are compared in."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in folded if not unicodedata.combining(c))
    words = re.sub(r"[^\w*#+]+", " ", kept.replace("'", " ").replace("’", " "))
    return re.sub(r"([^\W\d])\1{2,}", r"\1", words).strip()


def contains(words: str, phrase: str) -> bool:
    """Whether a phrase stands in a message as whole words; both as ``plain`` leaves them."""
    return f" {phrase} " in f" {words} "
