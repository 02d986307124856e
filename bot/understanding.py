"""What a person wrote, said or pressed → one meaning.

The words of each language are data (``locales/<lang>/lexicon.yaml``); ``bot.matching`` finds them, ``bot.weighing``
decides between them. This module looks at what was asked: alarms first, then what every question understands, then what
this question expects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import phonenumbers

from bot.elsewhere import in_full_elsewhere, in_part_elsewhere
from bot.flow import HUMAN_KEY, SKIP_KEY, StepKind
from bot.keyed import by_span
from bot.lexicon import Is, plain
from bot.lookout import alarm_behind, alarm_by_phrase, first_words, told_behind
from bot.matching import Match, Matcher, Reading
from bot.meaning import Meaning, Question
from bot.messages import Inbound, Kind, Mode
from bot.naming import SURELY, as_a_name, may_be_a_name, other_than_a_name
from bot.numbers import digits
from bot.safety import ALARMS
from bot.seconding import ALARM_FROM_ELSE, overruled, second_alarm, second_meaning
from bot.volunteered import (
    LIKE_NOTHING,
    beside,
    beside_alarm,
    volunteered,
    with_told,
    with_told_behind,
    words_before,
    words_kept,
)
from bot.weighing import ANSWERS, PEOPLE, choice_meant, command, said_in_full

MORE_KEY = "4"
BUTTONS = (Is.HUMAN, Is.SKIP, Is.MENU)
"""Meanings that a button can carry beside the choices of its question."""

REPEAT_KEY = "*"
BACK_KEY = "#"
KEYS = {HUMAN_KEY: Is.HUMAN, REPEAT_KEY: Is.REPEAT, BACK_KEY: Is.BACK, SKIP_KEY: Is.SKIP}

HARDLY = 0.45
"""Below this a spoken choice is asked back: speech recognition itself doubts what it heard."""

LONGEST_NAME = 40
LONGEST_TEXT = 2000
_FREE = frozenset({StepKind.TEXT})


def understand(inbound: Inbound, question: Question, matcher: Matcher, language: str) -> Meaning:
    """The one meaning of a message, as an answer to a question, for a contact who uses ``language``."""
    direct = _DIRECT.get(inbound.kind)
    if direct is not None:
        return _with_caption(direct(inbound), inbound, matcher, language)
    if inbound.kind is Kind.KEYS:
        return _keys(inbound.text, question)
    meaning = _words(inbound.text, question, matcher, language)
    return replace(meaning, confidence=0.0) if inbound.heard < HARDLY and meaning.confidence else meaning


def _with_caption(meaning: Meaning, inbound: Inbound, matcher: Matcher, language: str) -> Meaning:
    """The words beside a photo are read for alarms, a wish for a person and what was told; those on one of our own
    buttons are not."""
    if inbound.kind is Kind.BUTTON or not inbound.text:
        return meaning
    said = _words(inbound.text, _NOTHING_ASKED, matcher, language)
    if said.name in (*ALARMS, *PEOPLE, Is.STOP):
        return said
    return replace(meaning, told=said.told, redacted=said.redacted) if said.told else meaning


_NOTHING_ASKED = Question(None, Mode.TEXT)


def _button(inbound: Inbound) -> Meaning:
    run, _, rest = inbound.payload.partition(":")
    step, _, choice = rest.partition(":")
    if not (run.isascii() and run.isdecimal()) or not step or not choice:
        return Meaning(Is.NOT_UNDERSTOOD)
    if choice.startswith("!"):
        name = Is(choice[1:]) if choice[1:] in BUTTONS else Is.NOT_UNDERSTOOD
        return Meaning(name, step=step, run=int(run))
    return Meaning(Is.ANSWER, (choice,), step=step, run=int(run))


_DIRECT: Mapping[Kind, Callable[[Inbound], Meaning]] = {
    Kind.BUTTON: _button,
    Kind.SILENCE: lambda inbound: Meaning(Is.SILENCE),
    Kind.CALL: lambda inbound: Meaning(Is.CALL),
    Kind.RECORDING: lambda inbound: Meaning(Is.RECORDING),
    Kind.MEDIA: lambda inbound: Meaning(Is.MEDIA),
    Kind.CONTACT: lambda inbound: Meaning(Is.CONTACT, (inbound.payload,) if inbound.payload else ()),
}


def _keys(pressed: str, question: Question) -> Meaning:
    if pressed in KEYS and (pressed != SKIP_KEY or question.kind is not StepKind.CORRECT):
        return Meaning(KEYS[pressed])
    if question.more and pressed == MORE_KEY:
        return Meaning(Is.MORE)
    if question.kind is StepKind.POSTCODE:
        return _postcode((pressed,)) or Meaning(Is.NOT_UNDERSTOOD)
    if question.kind is StepKind.PHONE:
        return _phone((pressed,)) or Meaning(Is.NOT_UNDERSTOOD)
    chosen = question.by_key(pressed)
    return Meaning(Is.CHOICE, (chosen,)) if chosen else Meaning(Is.NOT_UNDERSTOOD)


def _words(text: str, question: Question, matcher: Matcher, language: str) -> Meaning:
    reading = matcher.read(plain(text), language, step=question.step)
    said = volunteered(reading, text)
    if not said and may_be_a_name(reading, question):
        return _name(text, as_a_name(reading), question, matcher)
    alarmed = alarm_by_phrase(text, reading, matcher)
    if alarmed:
        return beside_alarm(alarmed, said)
    if not reading.tokens:
        return (_free_text(text, question, matcher) if text.strip() else None) or _not_understood(text)
    clear = said_in_full(reading, question) or _digit(reading, question)
    clear = clear or in_full_elsewhere(reading, question, language)
    if clear:
        return clear
    least = ALARM_FROM_ELSE if any(by_span(reading, question)) else 0.0
    guessed = second_alarm(reading, matcher.opinion, at_least=least) or alarm_behind(text, matcher, language)
    if guessed:
        return beside_alarm(guessed, said)
    return _told(text, reading, said, question, matcher)


def _name(text: str, reading: Reading, question: Question, matcher: Matcher) -> Meaning:
    """What a few words mean where a name is asked for."""
    return (
        alarm_by_phrase(text, reading, matcher)
        or second_alarm(reading, matcher.opinion, at_least=SURELY)
        or _digit(reading, question)
        or other_than_a_name(reading, question)
        or command(reading, question, reading.language)
        or _free_text(text, question, matcher)
        or _not_understood(text)
    )


def _told(text: str, reading: Reading, said: Sequence[Match], question: Question, matcher: Matcher) -> Meaning:
    """What a message without an alarm means, and what it tells beside."""
    behind = told_behind(text, matcher, reading.language)
    if behind:
        first = first_words(text)
        return with_told_behind(_words(first, question, matcher, reading.language), behind, first)
    return _beside_told(text, reading, said, question, matcher) if said else _answer(text, reading, question, matcher)


def _answer(text: str, reading: Reading, question: Question, matcher: Matcher) -> Meaning:
    meaning = _weighed(text, reading, question, matcher)
    if meaning is not None and overruled(meaning, reading, question, matcher):
        meaning = None
    return meaning or second_meaning(reading, question, matcher) or _not_understood(text)


def _beside_told(text: str, reading: Reading, said: Sequence[Match], question: Question, matcher: Matcher) -> Meaning:
    """What a message means apart from what it told; or else what the words before it answer."""
    kept = words_kept(text, said, reading)
    meaning = _weighed(kept, beside(said, reading), question, matcher) or _not_understood(kept)
    if meaning.name in LIKE_NOTHING:
        rest = matcher.read(words_before(said, reading), reading.language, write_out=False)
        answer = choice_meant(rest, question, reading.language) if rest.tokens else None
        meaning = answer if answer is not None and answer.name in ANSWERS else meaning
    return with_told(meaning, said, text, kept)


def _weighed(text: str, reading: Reading, question: Question, matcher: Matcher) -> Meaning | None:
    return (
        command(reading, question, reading.language)
        or _expected(text, reading, question, matcher)
        or _chosen(reading, question, reading.language)
        or _free_text(text, question, matcher)
    )


_SAYS_LITTLE = (Is.OTHER, Is.YES, Is.NO)
"""A yes or no that is no choice of the question says little there: "iş arıyorum" is a yes, and "looking for work"."""


def _chosen(reading: Reading, question: Question, language: str) -> Meaning | None:
    """What was chosen; the words of other languages only where the message says nothing else."""
    meant = choice_meant(reading, question, language)
    if meant is None or meant.name in _SAYS_LITTLE:
        return in_part_elsewhere(reading, question, language) or meant
    return meant


def _digit(reading: Reading, question: Question) -> Meaning | None:
    """0 is a person everywhere; 9 skips, where it is no choice and no part of a number."""
    if reading.tokens == (HUMAN_KEY,):
        return Meaning(Is.HUMAN)
    skips = question.by_key(SKIP_KEY) is None and question.kind not in (StepKind.POSTCODE, StepKind.CORRECT)
    return Meaning(Is.SKIP) if skips and reading.tokens == (SKIP_KEY,) else None


def _expected(text: str, reading: Reading, question: Question, matcher: Matcher) -> Meaning | None:
    if question.kind is StepKind.POSTCODE:
        return _postcode((" ".join(reading.tokens), _spoken(reading, matcher)))
    if question.kind is StepKind.PHONE:
        return _phone((text, _spoken(reading, matcher)))
    return None


def _spoken(reading: Reading, matcher: Matcher) -> str:
    """The message with its numbers as digits, spoken ones too: "negen nul nul nul", "neuf mille"."""
    return digits(matcher.spoken(reading))


def _postcode(rows: Sequence[str]) -> Meaning | None:
    for row in rows:
        found = set(re.findall(r"(?<!\d)[1-9]\d{3}(?!\d)", row))
        if found:
            return Meaning(Is.POSTCODE, (found.pop(),)) if len(found) == 1 else None
    return None


LONGEST_NUMBER = 200
"""Characters in which a telephone number is looked for: longer rows of digits and signs take the library long."""


def _phone(rows: Sequence[str]) -> Meaning | None:
    for row in rows:
        for match in phonenumbers.PhoneNumberMatcher(row[:LONGEST_NUMBER], "BE"):
            number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            return Meaning(Is.PHONE, (number,))
    return None


def _free_text(text: str, question: Question, matcher: Matcher) -> Meaning | None:
    if question.kind is not None and question.kind not in _FREE:
        return None
    return Meaning(Is.TEXT, (_opened(text, matcher)[:LONGEST_TEXT],))


def _opened(text: str, matcher: Matcher) -> str:
    """ "Ik heet An" is An: the usual openings before a name are left out when something follows them."""
    tidy = " ".join(text.split())
    folded = tidy.casefold()
    for opening in matcher.name_openings:
        if folded.startswith(opening + " ") and len(tidy) <= LONGEST_NAME + len(opening):
            return tidy[len(opening) :].strip(" .,!")
    return tidy


def _not_understood(text: str) -> Meaning:
    return Meaning(Is.NOT_UNDERSTOOD, (text.strip()[:LONGEST_TEXT],), 0.0)
