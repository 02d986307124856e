"""Alarms in every corner of a message, and however it is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot import content
from bot.flow import StepKind
from bot.hours import BELGIUM
from bot.lexicon import Is, plain
from bot.matching import Matcher
from bot.meaning import Meaning, Question
from bot.messages import Choice, Inbound, Kind, Mode, Urn
from bot.safety import ALARMS, lines_for
from bot.understanding import understand

CHOOSING = Question(StepKind.CHOICE, Mode.TEXT, tuple(Choice(f"c{n}", str(n), "") for n in range(1, 5)))
NAME = Question(StepKind.TEXT, Mode.TEXT, step="name")
STORY = Question(StepKind.TEXT, Mode.TEXT, step="story")
NEUTRAL = "we hebben gisteren in de tuin gewerkt en daarna samen koffie gedronken met de buren van hiernaast "


def meant(
    matcher: Matcher, text: str, language: str = "nl", question: Question = CHOOSING, kind: Kind = Kind.TEXT
) -> Meaning:
    inbound = Inbound("sms", "", "", Urn("tel", "+32470000001"), kind, text)
    return understand(inbound, question, matcher, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("*zelfmoord*", "nl"),
        ("_zelfmoord_", "nl"),
        ("#zelfmoord", "nl"),
        ("ik_wil_dood", "nl"),
        ("ik wil *dood*", "nl"),
        ("112#", "nl"),
        ("ik wil dooood", "nl"),
        ("ik ben in noood", "nl"),
        ("ik wil dod", "nl"),
        ("𝗜𝗞 𝗪𝗜𝗟 𝗗𝗢𝗢𝗗", "nl"),
        ("ik\u200bwil\u200bdood", "nl"),
        ("ik wil d\u043e\u043ed", "nl"),
        ("\u0445o\u0447\u0443 \u0443\u043ce\u0440e\u0442\u044c", "ru"),
        ("z3lfmoord", "nl"),
        ("i think about su1c1de", "en"),
    ],
)
def test_however_it_is_written(matcher: Matcher, text: str, language: str) -> None:
    """Emphasis, a key held down, fancy letters, another alphabet, digits for letters."""
    assert meant(matcher, text, language).name in ALARMS


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ik wil niet meer leven. Ik werk in een bakkerij.", "nl"),
        ("ik kan goed met mijn handen werken. wil ni meer leve", "nl"),
        ("Ik wil niet meer leven\nik werk in een bakkerij", "nl"),
        ("i want to leave my job. police now", "en"),
        ("chce sie zabic. praca w nocy mnie wykańcza", "pl"),
    ],
)
def test_what_is_harmless_ends_with_its_sentence(matcher: Matcher, text: str, language: str) -> None:
    assert meant(matcher, text, language).name in ALARMS


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("by phone i want to die", "en"),
        ("no battery i want to die", "en"),
        ("mijn gsm stuk ik ga dood", "nl"),
        ("el móvil yo quiero morir", "es"),
    ],
)
def test_what_is_harmless_ends_where_somebody_begins_anew(matcher: Matcher, text: str, language: str) -> None:
    assert matcher.read(plain(text), language).harmless, "or it tests nothing"
    assert meant(matcher, text, language).name in ALARMS


@pytest.mark.parametrize(
    ("text", "language", "step"),
    [
        ("ik kan niet werken ik wil dood", "nl", "situation"),
        ("ik zoek werk ik wil dood", "nl", "brings"),
        ("ik ben mijn werk kwijt ik wil dood", "nl", "brings"),
        ("par téléphone je veux mourir", "fr", "way"),
        ("internetim yok ölmek istiyorum", "tr", "digital"),
    ],
)
def test_what_is_harmless_does_not_leap_over_what_is_said_outright(
    matcher: Matcher, text: str, language: str, step: str
) -> None:
    """No sign stands between an answer and what comes after it."""
    asked = replace(CHOOSING, step=step)
    assert meant(matcher, text, language, asked).name in ALARMS


@pytest.mark.parametrize("text", ["mijn gsm ... is bijna dood", "mijn gsm, die is bijna dood."])
def test_a_pause_is_no_end_of_a_sentence(matcher: Matcher, text: str) -> None:
    assert meant(matcher, text).name not in ALARMS


@pytest.mark.parametrize(
    "words", ["ik wil dood", "ik ga mezelf ophangen", "mijn man slaat mij", "ik denk aan zelfmort"]
)
@pytest.mark.parametrize("before", [3, 12, 40])
def test_people_end_a_story_with_its_point(matcher: Matcher, words: str, before: int) -> None:
    assert meant(matcher, NEUTRAL * before + words).name in ALARMS


def test_an_alarm_that_no_phrase_knows_is_seen_behind_a_long_story(matcher: Matcher) -> None:
    assert meant(matcher, NEUTRAL * 2 + "ik stap er vannacht voorgoed uit, niemand zal mij missen").name in ALARMS


def test_a_long_story_is_none(matcher: Matcher) -> None:
    assert meant(matcher, NEUTRAL * 30).name not in ALARMS


def test_what_must_not_be_kept_is_not_kept_behind_a_long_story(matcher: Matcher) -> None:
    found = meant(matcher, NEUTRAL * 20 + "ik heb diabetes", question=STORY)
    assert found.told == ("illness",)
    assert found.redacted is not None
    assert found.redacted.startswith(NEUTRAL)
    assert "diabetes" not in found.redacted
    assert not any("diabetes" in value for value in found.values)


def test_what_may_be_kept_is_kept_behind_a_long_story(matcher: Matcher) -> None:
    found = meant(matcher, NEUTRAL * 20 + "ik ben doof", question=STORY)
    assert (found.told, found.redacted) == (("deaf",), None)


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("ik stap er vannacht voorgoed uit", Is.DISTRESS),
        ("ik wil dood", Is.DISTRESS),
        ("mens", Is.HUMAN),
        ("0", Is.HUMAN),
        ("bel mij aub", Is.CALL_ME),
        ("stop", Is.STOP),
        ("mijn diploma", Is.MEDIA),
        ("2", Is.MEDIA),
    ],
)
def test_the_words_below_a_photo(matcher: Matcher, caption: str, name: Is) -> None:
    assert meant(matcher, caption, kind=Kind.MEDIA).name is name


# A name is asked for


@pytest.mark.parametrize(
    "name",
    [
        *("Hilde", "Gilles", "Bahar", "Kees", "Kees de Vries", "Fien", "Finn", "Yeter", "Laura", "René", "Guy"),
        *("Kurt", "Jamal", "Rien", "Sibel", "Houda", "Halima", "Hilde Peeters", "ik heet Kees", "Hope", "Victor"),
    ],
)
def test_a_name_is_a_name(matcher: Matcher, name: str) -> None:
    assert meant(matcher, name, question=NAME).name is Is.TEXT


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dood", Is.DISTRESS),
        ("ik wil dood", Is.DISTRESS),
        ("112", Is.DANGER),
        ("suicide", Is.DISTRESS),
        ("mens", Is.HUMAN),
        ("0", Is.HUMAN),
        ("stop", Is.STOP),
        ("terug", Is.BACK),
        ("français", Is.LANGUAGE),
        ("nee", Is.SKIP),
        ("hallo", Is.GREETING),
        ("bel mij", Is.CALL_ME),
        ("english please", Is.LANGUAGE),
        ("stop stop stop", Is.STOP),
        ("ja", Is.NOT_UNDERSTOOD),
        ("9000", Is.NOT_UNDERSTOOD),
        ("ik ben doof", Is.TOLD),
        ("kan niet lezen", Is.CANNOT_READ),
        ("mijn dochter schrijft dit ik kan niet lezen", Is.CANNOT_READ),
    ],
)
def test_what_is_no_name(matcher: Matcher, text: str, name: Is) -> None:
    assert meant(matcher, text, question=NAME).name is name


def test_who_says_hello_once_more_is_called_so(matcher: Matcher) -> None:
    asked_again = Question(StepKind.TEXT, Mode.TEXT, step="name", again=True)
    assert meant(matcher, "jo", question=asked_again) == Meaning(Is.TEXT, ("Jo",))


# Numbers that help


@pytest.mark.parametrize("purpose", ALARMS)
def test_at_every_moment_somebody_answers(purpose: Is) -> None:
    """In the last second of a day too."""
    midnight = datetime(2026, 12, 2, tzinfo=BELGIUM)
    moments = [midnight + timedelta(seconds=s) for s in (-1.5, -1, -0.5, -0.000001, 0, 0.5, 43200)]
    for moment in moments:
        assert lines_for(purpose, "nl", moment, content.load_helplines(), young=False), moment
