"""Phrases found in messages: with lexicons of a few lines, so that each rule is seen alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.flow import StepKind
from bot.lexicon import Is, Lexicon, plain
from bot.matching import Match, Matcher
from bot.meaning import Meaning, Question
from bot.messages import Choice, Inbound, Kind, Mode, Urn
from bot.numbers import digits
from bot.patterns import Reader
from bot.safety import alarm
from bot.spelling import Spelling
from bot.understanding import understand

CHOICES = tuple(Choice(f"c{n}", str(n), label) for n, label in enumerate(("werk zoeken", "een opleiding"), 1))
CHOOSING = Question(StepKind.CHOICE, Mode.TEXT, CHOICES)


def lexicon(language: str, phrases: Mapping[Is, str], **more: object) -> Lexicon:
    """A lexicon of a few lines; phrases between slashes."""
    reader = Reader({}, phrases.values())
    read = {
        name: tuple(pattern for text in rows.split("/") for pattern in reader.patterns(text.strip()))
        for name, rows in phrases.items()
    }
    return Lexicon(language, read, **more)  # type: ignore[arg-type]


NL = lexicon(
    "nl",
    {
        Is.YES: "ja",
        Is.NO: "nee",
        Is.STOP: "stop/... geen bericht meer ...",
        Is.HUMAN: "praten + iemand",
        Is.REPEAT: "nog eens",
        Is.LANGUAGE: "in het <language>",
        Is.OTHER: "... <number> kinderen ...",
        Is.DANGER: "hij ... mes/slaat mij",
        Is.DISTRESS: "wil ... dood/zelfmoord",
        Is.HARMLESS: "gsm ... dood/lach mij dood/wil mijn batterij dood",
        Is.SKIP: "overslaan",
    },
    numbers={"een": 1, "twee": 2},
    fillers=frozenset({"ik", "aub", "nu"}),
    doubts=frozenset({"denk"}),
    ordinary=frozenset({"slaap"}),
    negations=frozenset({"geen"}),
    spellings={"mai": "mij", "gin": "geen"},
    shorthand={"kwil": ("ik", "wil")},
    languages={"frans": "fr"},
)
FR = lexicon(
    "fr", {Is.YES: "oui", Is.NO: "non", Is.STOP: "arrete", Is.DISTRESS: "envie de mourir"}, numbers={"deux": 2}
)
MATCHER = Matcher([NL, FR])


def seen(text: str) -> set[Is]:
    """The meanings found in a message."""
    return {match.name for match in MATCHER.read(plain(text), "nl").matches}


def taken(text: str, question: Question = CHOOSING, language: str = "nl") -> Meaning:
    """What a message is taken for."""
    message = Inbound("sms", "", "", Urn("tel", "+32470000001"), Kind.TEXT, text)
    return understand(message, question, MATCHER, language)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ja aub!", {Is.YES}),
        ("ja morgen", set()),  # a phrase without ... is a whole message
        ("stuur nu geen bericht meer naar mij", {Is.STOP}),
        ("stuur gin bericht meer", {Is.STOP}),  # another spelling
        ("met iemand wil ik praten", {Is.HUMAN}),
        ("praten iemand", {Is.HUMAN}),
        ("praten", set()),
        ("praten 1 2 3 4 5 6 7 8 iemand", {Is.HUMAN}),
        ("praten 1 2 3 4 5 6 7 8 9 iemand", set()),  # what stands far apart belongs to different sentences
        ("praten 1 2 3 4 5 6 7 8 9 praten iemand", {Is.HUMAN}),
        ("kwil dood", {Is.DISTRESS}),  # one word that stands for several
        ("wil 1 2 3 4 dood", {Is.DISTRESS}),
        ("wil 1 2 3 4 5 dood", set()),  # a gap has an end
        ("hij heeft een mes", {Is.DANGER}),
        ("zelfmoort", {Is.DISTRESS}),  # one typing error in a long word
        ("zlefmord", set()),
        ("slaap mai", set()),  # a word of its own is no typing error
        ("slaat mai", {Is.DANGER}),
        ("envie de mourir", {Is.DISTRESS}),  # every language at once
        ("JAAAAA", {Is.YES}),
        ("jaa", {Is.YES}),
    ],
)
def test_what_is_found(text: str, names: set[Is]) -> None:
    assert seen(text) == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mijn gsm is bijna dood", None),
        ("ik lach mij dood", None),
        ("wil dood", Is.DISTRESS),
        ("mijn gsm is dood en ik wil dood", Is.DISTRESS),
        ("gsm dood wil dood", Is.DISTRESS),  # what only looks alarming ends where it first can
        ("gsm wil dood", None),
        ("zelfmoord lach mij dood", Is.DISTRESS),
        ("wil dood hij heeft een mes", Is.DANGER),
    ],
)
def test_an_alarm_and_what_only_looks_like_one(text: str, name: Is | None) -> None:
    reading = MATCHER.read(plain(text), "nl")
    found = alarm(reading, [match for match in reading.matches if match.name is Is.HARMLESS])
    assert (found.name if found else None) is name


def test_a_counsellor_reads_the_words_as_they_were_written() -> None:
    found = alarm(MATCHER.read(plain("kwil écht niet meer dood"), "nl"), ())
    assert found is not None
    assert found.evidence == ("kwil echt niet meer dood",)


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("2", Is.CHOICE, ("c2",)),
        ("2 aub", Is.CHOICE, ("c2",)),
        ("٢", Is.CHOICE, ("c2",)),
        ("2️⃣", Is.CHOICE, ("c2",)),
        ("twee", Is.CHOICE, ("c2",)),
        ("deux", Is.CHOICE, ("c2",)),
        ("1 2", Is.UNSURE, ()),
        ("ik heb 2 kinderen", Is.OTHER, ()),
        ("opleiding", Is.CHOICE, ("c2",)),
        ("ik wil een opleiding", Is.CHOICE, ("c2",)),
        ("geen opleiding", Is.NOT_UNDERSTOOD, ("geen opleiding",)),
        ("in het frans", Is.LANGUAGE, ("fr",)),
        ("ja maar nog iets", Is.NOT_UNDERSTOOD, ("ja maar nog iets",)),
        ("stop", Is.STOP, ()),
        ("geen bericht meer laat mij met iemand praten", Is.HUMAN, ()),
        ("0", Is.HUMAN, ()),
        ("9", Is.SKIP, ()),
        ("", Is.NOT_UNDERSTOOD, ("",)),
    ],
)
def test_what_it_is_taken_for(text: str, name: Is, values: tuple[str, ...]) -> None:
    meaning = taken(text)
    assert (meaning.name, meaning.values) == (name, values)


@pytest.mark.parametrize("text", ["2 denk ik", "oplieding", "2 zoek werk in gent"])
def test_a_likely_choice_is_not_certain(text: str) -> None:
    meaning = taken(text)
    assert (meaning.name, meaning.values) == (Is.CHOICE, ("c2",))
    assert meaning.confidence < 0.7


def test_a_yes_means_what_was_asked_back() -> None:
    asked = Question(StepKind.CHOICE, Mode.TEXT, CHOICES, doubt="c2")
    assert taken("ja", asked).values == ("c2",)
    assert taken("nee", asked).name is Is.NO
    assert taken("1", asked).values == ("c1",)


def test_words_of_another_language_are_less_sure_than_ones_own() -> None:
    assert taken("oui", language="nl").confidence < taken("oui", language="fr").confidence


@pytest.mark.parametrize(
    ("values", "row"),
    [
        ((9, 1000), "9000"),
        ((9, 0, 0, 0), "9000"),
        ((90, 50), "9050"),
        ((2, 100), "200"),
        ((2, 1000, 3, 100), "2300"),
        ((0, 4, 70, "12"), "047012"),
        ((60, 10, 5), "705"),
        ((20, 5), "25"),
        ((1000, 50), "1050"),
        (("a", 9, 1000, "b"), "a9000b"),
        ((), ""),
    ],
)
def test_spoken_digits(values: tuple[int | str, ...], row: str) -> None:
    assert digits(values) == row


def test_typing_errors_are_small_and_keep_the_first_letter() -> None:
    spelling = Spelling(["zelfmoord", "opleiding", "werk", "sotn"], usual={"werk", "stop", "pot"})
    assert spelling.near("zelfmord") == ["zelfmoord"]
    assert spelling.near("zelfmorod") == ["zelfmoord"]
    assert spelling.near("pleiding") == []
    assert spelling.near("wark") == []  # too short to tell
    assert spelling.near("wrek") == ["werk"]  # unless two letters changed places
    assert spelling.near("sotp") == ["stop"]
    assert spelling.near("to") == []
    assert spelling.near("zelfmrod1") == []


@pytest.mark.parametrize("word", ["abcde", "abcdef", "aabbaa", "abcdefgh"])
def test_no_slip_behind_the_first_letter_goes_unseen(word: str) -> None:
    spelling = Spelling([word], usual=())
    places = range(1, len(word))
    slips = {word[:at] + new + word[at + cut :] for at in places for new in ("x", "") for cut in (0, 1)}
    slips |= {f"{word}x"} | {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)}
    for slip in slips:
        assert spelling.near(slip) == ([word] if len(slip) >= 5 else []), slip


def test_a_phrase_explains_another_that_is_about_its_words() -> None:
    one = Match(Is.HARMLESS, "nl", 0, 2, 4, True, says=0b11)
    assert one.explains(Match(Is.DISTRESS, "nl", 1, 3, 4, True, says=0b110))
    assert not one.explains(Match(Is.DISTRESS, "nl", 1, 4, 6, True, says=0b1110))
    assert not one.explains(Match(Is.DISTRESS, "nl", 1, 3, 3, True, says=0b100))


def test_a_harmless_phrase_explains_a_message_that_it_is_a_good_part_of() -> None:
    assert MATCHER.read("mijn gsm is dood", "nl").accounted
    assert not MATCHER.read(
        "mijn gsm is dood en dan nog zo veel andere dingen die wegen en blijven wegen", "nl"
    ).accounted


SPOKEN = lexicon(
    "ar",
    {Is.HELP: "3awni", Is.DISTRESS: "bghit nmout", Is.DANGER: "... n9tal* ...", Is.STOP: "ba3itou"},
    alike=(("a", "3", "aa"), ("k", "9", "q"), ("gh", "8"), ("u", "ou", "w"), ("i", "y", "e")),
)


def test_of_two_prefixes_the_shorter_one_is_taken_away() -> None:
    one = Matcher([lexicon("ar", {Is.HELP: "albayt", Is.STOP: "bayt"}, prefixes=("wal", "w"))])
    assert [match.name for match in one.read("walbayt", "ar").matches] == [Is.HELP]


def test_a_whole_message_may_open_with_a_word_that_fills() -> None:
    one = Matcher([lexicon("nl", {Is.YES: "ja goed/ja ...", Is.NO: "goed"}, fillers=frozenset({"ja", "hoor"}))])
    assert [match.name for match in one.read("ja slecht", "nl").matches] == [Is.YES]
    assert {match.name for match in one.read("hoor ja goed hoor", "nl").matches} == {Is.YES, Is.NO}
    assert not {match.name for match in one.read("slecht goed", "nl").matches}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("aawni", Is.HELP),
        ("3awwny", Is.HELP),
        ("b8it nmut", Is.DISTRESS),
        ("raho nqt3lni", Is.DANGER),
        ("baa3ytu", Is.STOP),
        ("3aw", None),  # too short to tell
    ],
)
def test_letters_that_people_write_for_one_another(text: str, name: Is | None) -> None:
    found = {match.name for match in Matcher([SPOKEN]).read(plain(text), "ar").matches}
    assert found == ({name} if name else set())


def test_only_a_lexicon_that_asks_for_it_is_read_by_sound() -> None:
    assert seen("oue") == set()
    assert not Matcher([NL]).read("3awni", "nl").matches


NUMBERS = Matcher(
    [
        lexicon(
            "nl",
            {
                Is.YES: "ja/ja ...",
                Is.NO: "nee/nee .../geen ...",
                Is.CHOICE: "ik neem <number> ...",
                Is.TAKEN_BACK: "niet [de] <number>/in plaats van [de] <number>/<number> fout",
                Is.COUNTS: "<number> (kinderen|jaar)/bus <number>",
                Is.BUSY: "... op school ...",
                Is.OTHER: "... verhuisd ...",
            },
            numbers={"een": 1, "twee": 2, "drie": 3},
            fillers=frozenset({"ik", "de", "aub"}),
            negations=frozenset({"niet", "geen"}),
        )
    ]
)
FOUR = Question(StepKind.CHOICE, Mode.TEXT, tuple(Choice(f"c{n}", str(n), "") for n in range(1, 5)))


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("niet de 2 maar 3", Is.CHOICE, ("c3",)),
        ("niet twee maar drie", Is.CHOICE, ("c3",)),
        ("drie in plaats van een", Is.CHOICE, ("c3",)),
        ("2 fout moet 3 zijn", Is.CHOICE, ("c3",)),
        ("2 of 3", Is.UNSURE, ()),
        ("niet 2", Is.NOT_UNDERSTOOD, ("niet 2",)),
        ("2 fout", Is.NOT_UNDERSTOOD, ("2 fout",)),
        ("2 want mijn kinderen zijn groot", Is.CHOICE, ("c2",)),
        ("2 want mijn 3 kinderen zijn groot", Is.CHOICE, ("c2",)),
        ("2 kinderen heb ik", Is.NOT_UNDERSTOOD, ("2 kinderen heb ik",)),
        ("bus 3", Is.NOT_UNDERSTOOD, ("bus 3",)),
        ("ik neem 2", Is.CHOICE, ("c2",)),
        ("ik neem niet 2 maar 3", Is.CHOICE, ("c3",)),
        ("ik neem bus 2", Is.NOT_UNDERSTOOD, ("ik neem bus 2",)),
        ("maar drie", Is.NOT_UNDERSTOOD, ("maar drie",)),
    ],
)
def test_a_number_that_is_no_choice(text: str, name: Is, values: tuple[str, ...]) -> None:
    inbound = Inbound("sms", "", "", Urn("tel", "+32470000001"), Kind.TEXT, text)
    meaning = understand(inbound, FOUR, NUMBERS, "nl")
    assert (meaning.name, meaning.values) == (name, values)


def test_a_number_that_counts_says_nothing_of_the_rest() -> None:
    reading = NUMBERS.read("44 jaar genoeg gezien", "nl")
    assert [match.name for match in reading.matches] == [Is.COUNTS]
    assert not reading.accounted
    assert not reading.about_else


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nee want ik zit nog op school", Is.NO),
        ("ja maar ik ben verhuisd", Is.YES),
        ("ik zit op school", Is.BUSY),
        ("geen tijd op school", Is.BUSY),
    ],
)
def test_what_follows_a_yes_or_no_explains_it(text: str, name: Is) -> None:
    inbound = Inbound("sms", "", "", Urn("tel", "+32470000001"), Kind.TEXT, text)
    assert understand(inbound, FOUR, NUMBERS, "nl").name is name


def test_what_is_read_ahead_changes_nothing() -> None:
    ahead = Matcher([NL, FR])
    ahead.read_ahead()
    for text in ("stuur gin bericht meer", "gsm dood wil dood", "envie de mourir", "praten 1 2 iemand", "2 kinderen"):
        assert ahead.read(plain(text), "nl").matches == Matcher([NL, FR]).read(plain(text), "nl").matches
