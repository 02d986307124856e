"""What people write and press, at the questions of the intake."""

from __future__ import annotations

import time

import pytest

from bot.flow import StepKind
from bot.lexicon import Is, plain
from bot.matching import Matcher
from bot.meaning import DOUBTFUL, Question
from bot.messages import Choice, Inbound, Kind, Mode, Urn
from bot.understanding import understand

FOUR = tuple(
    Choice(f"c{n}", str(n), label) for n, label in enumerate(("werk", "opleiding", "een brief", "iets anders"), 1)
)
CHOOSING = Question(StepKind.CHOICE, Mode.TEXT, FOUR)
POSTCODE = Question(StepKind.POSTCODE, Mode.TEXT)
PHONE = Question(StepKind.PHONE, Mode.TEXT)
NAME = Question(StepKind.TEXT, Mode.TEXT)


def taken(matcher: Matcher, text: str, question: Question, language: str = "nl") -> tuple[Is, tuple[str, ...]]:
    inbound = Inbound("sms", "", "", Urn("tel", "+32470000001"), Kind.TEXT, text)
    meaning = understand(inbound, question, matcher, language)
    return meaning.name, meaning.values


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("1", "c1"),
        ("2.", "c2"),
        (" 3 ", "c3"),
        ("4 graag", "c4"),
        ("twee", "c2"),
        ("euh 2 denk ik", "c2"),
        ("de derde", "c3"),
        ("de laatste", "c4"),
        ("ik kies de laatste", "c4"),
        ("opleiding", "c2"),
        ("ik wil werk", "c1"),
        ("een brief", "c3"),
        ("een", "c1"),
        ("IETS ANDERS!!", "c4"),
    ],
)
def test_a_choice(matcher: Matcher, text: str, choice: str) -> None:
    assert taken(matcher, text, CHOOSING) == (Is.CHOICE, (choice,))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "niet de 2 maar de 3"),
        ("nl", "3 in plaats van 2"),
        ("nl", "3 want ik heb 2 kinderen"),
        ("fr", "pas le 2, le 3"),
        ("en", "not two but three"),
        ("es", "no la 2, la 3"),
        ("ar", "مش ٢، ٣"),
        ("ar", "mesh 2, 3"),
        ("tr", "iki değil üç"),
        ("pl", "nie dwa tylko trzy"),
        ("ro", "nu doi, trei"),
        ("ru", "не 2, а 3"),
        ("uk", "не 2, а 3"),
    ],
)
def test_a_number_that_is_taken_back_or_counts_is_no_choice(matcher: Matcher, language: str, text: str) -> None:
    assert taken(matcher, text, CHOOSING, language) == (Is.CHOICE, ("c3",))


@pytest.mark.parametrize(("text", "meaning"), [("top", Is.YES), ("top dank u", Is.THANKS)])
def test_a_number_of_another_language_is_none_where_ones_own_says_something_else(
    matcher: Matcher, text: str, meaning: Is
) -> None:
    """ "top" is the first of a list in English."""
    assert taken(matcher, text, CHOOSING)[0] is meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("1 of 2", Is.UNSURE),
        ("7", Is.NOT_UNDERSTOOD),
        ("", Is.NOT_UNDERSTOOD),
        ("???", Is.CONFUSED),
        ("nee", Is.NO),
        ("ja", Is.YES),
        ("0", Is.HUMAN),
        ("9", Is.SKIP),
        ("terug", Is.BACK),
        ("wablieft?", Is.CONFUSED),
        ("nog eens aub", Is.REPEAT),
        ("menu", Is.MENU),
        ("help", Is.HELP),
        ("bonjour", Is.GREETING),
        ("🛑", Is.STOP),
        ("🙅‍♀️", Is.NO),
        ("🔙", Is.BACK),
        ("merci", Is.THANKS),
        ("kan ik iemand spreken over mijn brief", Is.HUMAN),
    ],
)
def test_what_every_question_understands(matcher: Matcher, text: str, meaning: Is) -> None:
    assert taken(matcher, text, CHOOSING)[0] is meaning


@pytest.mark.parametrize(
    ("language", "text", "meaning"),
    [
        ("es", "mi madre vive con nosotros y no ve bien", Is.NOT_UNDERSTOOD),  # "no ve" is Ukrainian for "I don't know"
        ("ro", "stop", Is.STOP),
        ("ro", "mi papa no respira", Is.DANGER),
        ("fr", "call the police please", Is.DANGER),
        ("ar", "abrí el gas", Is.DANGER),
        ("uk", "не хочу больше жить", Is.DISTRESS),
    ],
)
def test_words_of_ones_own_language_are_taken_in_it_and_alarms_in_every_one(
    matcher: Matcher, language: str, text: str, meaning: Is
) -> None:
    words = matcher.read(plain(text), language).words
    assert all(language in word.known for word in words), "or it tests nothing"
    assert taken(matcher, text, CHOOSING, language)[0] is meaning


AGES = tuple(
    Choice(name, key, label, span=span)
    for name, key, label, span in (
        ("under_18", "1", "jonger dan 18", (10, 17)),
        ("from_18", "2", "18 tot 29", (18, 29)),
        ("from_30", "3", "30 tot 54", (30, 54)),
        ("from_55", "4", "55 of ouder", (55, 99)),
    )
)


@pytest.mark.parametrize(
    ("text", "choice", "asked_back"),
    [
        ("25 jaar", "from_18", False),
        ("1998", "from_18", False),
        ("geboren in 1958", "from_55", False),
        ("12/05/1998", "from_18", False),  # twelve is no age here
        ("ik ben van 1996", "from_30", True),  # 29 or 30
        ("9000", None, False),
        ("1850", None, False),
    ],
)
def test_an_age_or_a_year_of_birth(matcher: Matcher, text: str, choice: str | None, asked_back: bool) -> None:
    question = Question(StepKind.CHOICE, Mode.TEXT, AGES, step="age", year=2026)
    inbound = Inbound("sms", "", "", Urn("tel", "+32470000001"), Kind.TEXT, text)
    meaning = understand(inbound, question, matcher, "nl")
    assert (meaning.values if meaning.name is Is.CHOICE else None) == (choice and (choice,))
    assert (meaning.name is Is.CHOICE and meaning.confidence < DOUBTFUL) is asked_back


def test_the_last_one_is_that_of_the_question(matcher: Matcher) -> None:
    question = Question(StepKind.CHOICE, Mode.TEXT, FOUR[:3])
    assert taken(matcher, "de laatste", question) == (Is.CHOICE, ("c3",))
    several = Question(StepKind.MULTI, Mode.TEXT, FOUR)
    assert taken(matcher, "de laatste", several) == (Is.CHOICE, ("c4",))
    assert taken(matcher, "آخر واحد", CHOOSING, "ar") == (Is.CHOICE, ("c4",))


@pytest.mark.parametrize(
    ("text", "meaning", "values"),
    [
        ("parlez-vous arabe", Is.LANGUAGE, ("ar",)),
        ("il y a quelqu'un qui parle turc", Is.LANGUAGE, ("tr",)),
        ("je veux parler à quelqu'un", Is.HUMAN, ()),
    ],
)
def test_who_asks_for_a_language_asks_for_no_talk(
    matcher: Matcher, text: str, meaning: Is, values: tuple[str, ...]
) -> None:
    assert taken(matcher, text, CHOOSING, "fr") == (meaning, values)


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("9000", "9000"),
        ("mijn laatste postcode is 9000", "9000"),
        ("9000 Gent", "9000"),
        ("B-2000 Antwerpen", "2000"),
        ("ik woon in 8500 kortrijk", "8500"),
        ("negen nul nul nul", "9000"),
        ("9 0 0 0", "9000"),
        ("negenduizend", "9000"),
        ("tweeduizendachttien", "2018"),
        ("drieduizend vijfhonderd", "3500"),
        ("negenduizenddriehonderd", "9300"),
    ],
)
def test_a_postcode(matcher: Matcher, text: str, postcode: str) -> None:
    assert taken(matcher, text, POSTCODE) == (Is.POSTCODE, (postcode,))


@pytest.mark.parametrize("text", ["0000", "900", "90000", "gent", "9000 of 8000"])
def test_no_postcode(matcher: Matcher, text: str) -> None:
    assert taken(matcher, text, POSTCODE)[0] is not Is.POSTCODE


@pytest.mark.parametrize(
    "text",
    ["0470 00 00 07", "+32 470 00 00 07", "mijn nr is 0470/00.00.07", "nul vier zeven nul nul nul nul nul nul zeven"],
)
def test_a_phone_number(matcher: Matcher, text: str) -> None:
    assert taken(matcher, text, PHONE) == (Is.PHONE, ("+32470000007",))


def test_a_row_of_digits_without_end_costs_little(matcher: Matcher) -> None:
    """The library that finds telephone numbers tries every start of a row: a quarter of a second for this one."""
    words, digits = (min(timed(matcher, text) for _ in range(3)) for text in ("wij " * 1000, "1 / " * 1000))
    assert digits < 8 * words


def timed(matcher: Matcher, text: str) -> float:
    began = time.thread_time()
    taken(matcher, text, PHONE)
    return time.thread_time() - began


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("An", "An"),
        ("ik heet An", "An"),
        ("Je m'appelle Amélie", "Amélie"),
        ("my name is  José  ", "José"),
        ("محمد", "محمد"),
    ],
)
def test_a_name(matcher: Matcher, text: str, name: str) -> None:
    assert taken(matcher, text, NAME) == (Is.TEXT, (name,))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("can you send it again", "en"),
        ("муж бьет меня", "ru"),
        ("хочу до вас підійти", "uk"),
        ("merhaba", "tr"),
        ("je cherche du travail", "fr"),
        ("bghit n7dr m3a chi wa7ed", "ar"),
        ("Maria Popescu", ""),
        ("2", ""),
        ("👍", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_first_message(matcher: Matcher, text: str, language: str) -> None:
    assert matcher.language_of(text) == language


@pytest.mark.parametrize("text", ["?", "??", "؟", "؟؟", "?؟"])
def test_who_only_asks_does_not_understand(matcher: Matcher, text: str) -> None:
    assert taken(matcher, text, CHOOSING, "ar")[0] is Is.CONFUSED
