"""How people of one language say what every question understands: the shape of ``locales/<lang>/lexicon.yaml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.patterns import Pattern


class Is(StrEnum):
    """What an answer amounts to."""

    CHOICE = "choice"
    YES = "yes"
    NO = "no"
    TEXT = "text"
    POSTCODE = "postcode"
    PHONE = "phone"
    HUMAN = "human"
    CALL_ME = "call_me"  # a person, and by voice: who asks for a call
    CANNOT_READ = "cannot_read"  # the same, for who reads with difficulty
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
    CONFUSED = "confused"  # the person says that they do not understand us
    ERASE = "erase"
    ROBOT = "robot"  # asks whether we are a computer
    BENEFIT = "benefit"  # asks about the money of a benefit: not ours to answer
    OFF_TOPIC = "off_topic"
    WRONG_NUMBER = "wrong_number"
    BUSY = "busy"
    OTHER = "other"  # words that answer nothing and that only look as if they did
    DANGER = "danger"
    VIOLENCE = "violence"  # danger that comes from somebody at home
    DISTRESS = "distress"
    HOMELESS = "homeless"  # distress of who has no place to sleep
    HARMLESS = "harmless"  # looks like an alarm and is none
    PLAN = "plan"  # asks for the own path
    MEETING = "meeting"  # asks for an appointment, or to move or cancel one
    PRISON = "prison"  # says of their own accord that they are, or were, in prison
    ILLNESS = "illness"  # says which illness
    DEAF = "deaf"
    BENEFIT_STOPS = "benefit_stops"
    LONELY = "lonely"
    NOT_TOLD = "not_told"  # looks like one of these five and is none
    TAKEN_BACK = "taken_back"  # a number that is not meant: "niet de 2", "in plaats van 2"
    COUNTS = "counts"  # a number that is no choice: it counts something
    TOLD = "told"  # one of these five, and nothing else
    SILENCE = "silence"
    MEDIA = "media"
    CONTACT = "contact"
    CALL = "call"
    RECORDING = "recording"
    ANSWER = "answer"  # a button, or a corrected message, of a question asked before
    NOTHING = "nothing"  # a change that asks for no answer
    NOT_UNDERSTOOD = "not_understood"  # we do not understand the person


VOLUNTEERED = frozenset({Is.PRISON, Is.ILLNESS, Is.DEAF, Is.BENEFIT_STOPS, Is.LONELY})
"""What people say of their own accord beside an answer. It is never asked; triage looks at it."""


NO_CHOICE = frozenset({Is.TAKEN_BACK, Is.COUNTS})
"""What a number may be beside a choice."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How people of one language say the things that every question understands. Words are as ``plain`` leaves them.

    ``spellings``: a word as it is written → as other people write it. ``shorthand``: one word that stands for several.
    ``fillers`` count for nothing; ``doubts`` neither, but whoever says them is asked back. ``ordinary``: common words
    that are never taken for a typing error of another. ``prefixes`` are written to the word that follows them. After a
    word of ``negations`` the name of a choice does not mean that choice. ``alike``: letters that people write for one
    another. ``no_denies``: whether a no that opens a message denies what follows ("no trabajo"). ``selves``: words by
    which somebody says I. ``answers``: per question and choice how people say that they choose it; ``asides``: how
    they speak of somebody else, ask, or tell of what was or may be, so that the words of an answer may be none.
    """

    language: str
    phrases: Mapping[Is, tuple[Pattern, ...]]
    numbers: Mapping[str, int] = field(default_factory=dict)
    fillers: frozenset[str] = frozenset()
    doubts: frozenset[str] = frozenset()
    ordinary: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)
    shorthand: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    name_openings: tuple[str, ...] = ()
    alike: tuple[tuple[str, ...], ...] = ()
    selves: frozenset[str] = frozenset()
    no_denies: bool = False
    answers: Mapping[tuple[str, str], tuple[Pattern, ...]] = field(default_factory=dict)
    asides: tuple[Pattern, ...] = ()


PICTURE = "emoji_"
"""How the word for a picture begins; its code follows."""

_LETTERS = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "œ": "oe", "æ": "ae"} | {
    "\u200b": " ",  # a space without width
    "؟": "?",
    "ـ": "",
    "ة": "ه",
    "ى": "ي",
    "ک": "ك",
    "ی": "ي",
    "ے": "ي",
    "ھ": "ه",
    "ہ": "ه",
}
"""Letters that Unicode does not take apart, and those of the Arabic script that phones and people mix up."""


class _Compared(dict[int, str]):
    """One character as it counts, for ``str.translate``: marks fall away, foreign digits become ours, pictures stand
    alone as words. Fills as characters come."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        category = unicodedata.category(letter)
        if letter in _LETTERS:
            kept = _LETTERS[letter]
        elif category in ("Mn", "Me", "Cf", "Sk"):
            kept = ""
        elif category == "Nd":
            kept = str(unicodedata.digit(letter))
        else:
            kept = letter if category != "So" else f" {PICTURE}{code:x} "
        self[code] = kept
        return kept


class _Apart(_Compared):
    """The same, with a space for each sign between words."""

    def __missing__(self, code: int) -> str:
        kept = super().__missing__(code)
        self[code] = kept if _WORD.fullmatch(kept) or len(kept) > 1 else kept and " "
        return self[code]


_WORD = re.compile(r"\w")
_COMPARED, _COMPARED_APART = _Compared(), _Apart()
_EMPHASIS = re.compile(rf"(?<!{PICTURE[:-1]})_")
"""A line below or around words: "_help_", "ik_wil_stoppen"; not the one within the word for a picture."""
_STRETCHED = re.compile(r"([^\W\d])\1{2,}")
_ALONE = re.compile(r"\s*([?*#+])(?:\s*\1)*\s*")
"""A sign that says something where nothing else is written: who asks, or presses the keys of a telephone."""


def plain(text: str) -> str:
    """Lower case, without accents and stretched letters, signs apart: what phrases are compared in.

    Digits of any script become 0–9, a picture is a word of its own, and a sign is kept where it is all that was sent.
    """
    kept = text.casefold()
    if "_" in kept:
        kept = _EMPHASIS.sub(" ", kept)
    if not kept.isascii():
        kept = unicodedata.normalize("NFKD", kept).casefold()
    return " ".join(_STRETCHED.sub(r"\1", kept.translate(_COMPARED_APART)).split()) or _sign(kept)


def _sign(kept: str) -> str:
    alone = _ALONE.fullmatch(kept.translate(_COMPARED))
    return alone[1] if alone else ""


def with_two(text: str) -> str:
    """As ``plain``, with two letters where one was stretched: "dooood" is "dood". Empty where none was."""
    if _STRETCHED.search(text) is None:
        return ""
    return plain(_STRETCHED.sub(r"\1\1", text.casefold()))


def folded(text: str) -> str:
    """Letters as ``plain`` compares them, signs where they stand: what phrases are read from.

    For long texts: it goes letter by letter of the alphabet, not of the text.
    """
    kept = unicodedata.normalize("NFKD", text.casefold()).casefold()
    for letter in set(kept):
        if _COMPARED[ord(letter)] != letter:
            kept = kept.replace(letter, _COMPARED[ord(letter)])
        elif letter.isalpha() and letter * 3 in kept:
            kept = re.sub(f"{letter}{{3,}}", letter, kept)
    return kept


def contains(words: str, phrase: str) -> bool:
    """Whether a phrase stands in a message as whole words; both as ``plain`` leaves them."""
    return f" {phrase} " in f" {words} "
