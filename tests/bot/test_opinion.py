"""The second opinion: what it says, when it counts, and what it is learned from."""

from __future__ import annotations

from copy import copy
from pathlib import Path

import numpy
import pytest

import learn
from bot.flow import FlowError, StepKind
from bot.lexicon import Is, Lexicon
from bot.lexicon_files import OPINION, TABLE, load_opinion, write_opinion
from bot.matching import Matcher
from bot.meaning import Meaning, Question
from bot.messages import Choice, Inbound, Kind, Mode, Urn
from bot.opinion import PLACES, POSITIONS, Opinion, inside, pieces, place
from bot.seconding import overruled, second_alarm, second_meaning
from bot.understanding import understand
from tests.bot.test_matching import NL

NAMES = ("choice", "danger", "distress", "lang", "no", "other", "stop", "yes")
ALARM, ALARMS = len(NAMES), ("danger", "distress")
WHOLE = ALARM + 1 + len(POSITIONS)
ASKING = Question(StepKind.CHOICE, Mode.TEXT, (Choice("yes", "1", "ja"), Choice("no", "2", "nee")))
OPEN = Question(StepKind.CHOICE, Mode.TEXT)


MOST = 127
"""Steps: a piece can say no more than this."""

LONG = 4
"""Letters of a piece that no other word of a test has."""


def opinion(steps: int = MOST, /, **said: str) -> Opinion:
    """One that takes a word, as long pieces of it tell, for a meaning."""
    table = numpy.zeros((PLACES, WHOLE), numpy.int8)
    for word, name in said.items():
        for piece in (f"^{word}$", *(piece for piece in inside(word) if len(piece) >= LONG)):
            table[place(piece), [NAMES.index(name), ALARM]] = steps, steps * (name in ALARMS)
    return Opinion(NAMES, [*(float(name == "other") for name in NAMES), -4.2, 0, 0, 0, 0], table)


@pytest.fixture(scope="module")
def bare() -> Matcher:
    """Knows no phrase at all."""
    return Matcher([])


@pytest.mark.parametrize(
    ("words", "is_alarm"),
    [
        ("wil mijn batterij dood", False),
        ("wil mijn batterij dood somber", True),
    ],
)
def test_no_phrase_calls_harmless_what_surely_is_an_alarm(words: str, is_alarm: bool) -> None:
    """An alarming phrase is needed all the same."""
    inbound = Inbound("sms", "1", "1", Urn("tel", "+32470000001"), Kind.TEXT, words)
    found = understand(inbound, OPEN, Matcher([NL], opinion(somber="distress")), "nl")
    assert (found.name is Is.DISTRESS) is is_alarm


def test_likelihoods_make_one() -> None:
    likely = opinion(somber="distress").of(["zo", "somber", "vandaag"]).meanings
    assert sum(likely.values()) == pytest.approx(1)
    assert max(likely, key=lambda name: likely[name]) == "distress"
    assert opinion().of([]).meanings["other"] > 0.25


def test_an_alarm_is_a_question_of_its_own() -> None:
    one = opinion(somber="distress", waarachtig="yes")
    assert one.of(["zo", "somber", "vandaag"]).alarm > 0.5
    assert one.of(["wis", "en", "waarachtig"]).alarm < 0.1
    assert one.of([]).alarm == pytest.approx(0.015, abs=0.001)


def test_a_word_costs_once_and_says_the_same_again() -> None:
    one = opinion(somber="distress")
    assert one.of(["somber"]) == one.of(["somber"])
    one.forget()
    assert one.of(["somber"]).meanings["distress"] > 0.5


def test_what_is_added_up_ahead_says_the_same() -> None:
    one, ahead = opinion(somber="distress"), opinion(somber="distress")
    ahead.read_ahead(["somber", "zo"])
    ahead.forget()
    words = ["zo", "somber", "vandaag"]
    assert (ahead.of(words).alarm, ahead.of(words).meanings) == (one.of(words).alarm, one.of(words).meanings)


def test_a_word_without_end_says_no_more_than_its_pieces() -> None:
    """Whoever leans on a key: thousands of pieces that all speak for one meaning leave the others alone."""
    table = numpy.zeros((PLACES, WHOLE), numpy.int8)
    table[place("abab"), [NAMES.index("no"), ALARM]] = MOST, -MOST
    one = Opinion(NAMES, [0.0] * WHOLE, table)
    likely = one.of(["ab" * 3000])
    assert max(likely.meanings, key=lambda name: likely.meanings[name]) == "no"
    assert likely.alarm < 0.01


def test_words_near_each_other_say_something_together() -> None:
    said = set(pieces(["hij", "is", "gedood", "in", "een", "film", "van", "vroeger"]))
    assert "gedo~film" in said
    assert "hij~een" in said
    assert "hij~film" not in said


def test_an_alarm_that_no_phrase_knows(bare: Matcher) -> None:
    found = second_alarm(bare.read("het is zo somber hier", "nl"), opinion(somber="distress"))
    assert found is not None
    assert (found.name, found.evidence) == (Is.DISTRESS, ("het is zo somber hier",))


@pytest.mark.parametrize(
    ("words", "is_alarm"),
    [
        ("hij ligt bewusteloos in de gang", True),
        ("hij ligt bewustelos in de gang", False),
        ("hij ligt bewustelos bloedend in de gang", True),
        ("bewustelos", True),
    ],
)
def test_a_word_that_is_nearly_alarming_needs_words_around_it(matcher: Matcher, words: str, is_alarm: bool) -> None:
    """Over a typing error, in a message of more than a few words."""
    inbound = Inbound("sms", "1", "1", Urn("tel", "+32470000001"), Kind.TEXT, words)
    heard = copy(matcher)
    heard.opinion = opinion(bloedend="danger")
    found = understand(inbound, OPEN, heard, "nl")
    assert (found.name is Is.DANGER) is is_alarm


@pytest.mark.parametrize(
    ("words", "said", "is_alarm"),
    [
        ("mijn gsm is dood", {"gsm": "other"}, False),
        ("mijn gsm is dood", {"gsm": "distress"}, True),
        ("nog eens", {"nog": "distress"}, False),
    ],
)
def test_what_a_phrase_calls_harmless_may_be_an_alarm(words: str, said: dict[str, str], is_alarm: bool) -> None:
    """Where the opinion says so; any other phrase that accounts for a message says what it means."""
    found = second_alarm(Matcher([NL]).read(words, "nl"), opinion(**said))
    assert (found is not None) is is_alarm


@pytest.mark.parametrize("words", ["somber", "1 2 3", ""])
def test_one_word_or_numbers_are_no_matter_of_opinion(bare: Matcher, words: str) -> None:
    assert second_alarm(bare.read(words, "nl"), opinion(somber="distress")) is None


def told(words: str, question: Question, **said: str) -> tuple[Is, tuple[str, ...]] | None:
    """What somebody who knows no phrase at all makes of words, with an opinion about some of them."""
    matcher = Matcher([], opinion(**said))
    found = second_meaning(matcher.read(words, "nl"), question, matcher)
    return (found.name, found.values) if found else None


def test_an_answer_that_no_phrase_knows(bare: Matcher) -> None:
    assert told("wis en waarachtig", ASKING, waarachtig="yes") == (Is.CHOICE, ("yes",))
    assert told("wis en waarachtig", OPEN, waarachtig="yes") == (Is.YES, ("yes",))
    assert told("wis en waarachtig", ASKING, waarachtig="other") is None
    assert second_meaning(bare.read("wis en waarachtig", "nl"), ASKING, bare) is None


def test_a_number_that_is_read_out_is_no_matter_of_opinion() -> None:
    assert told("0 4 7 0 waarachtig", OPEN, waarachtig="no") is None
    assert told("0 4 wis en waarachtig", OPEN, waarachtig="no") == (Is.NO, ("no",))


@pytest.mark.parametrize(
    ("words", "values"), [("zet maar 2 daar", ("no",)), ("zet maar daar", None), ("zet 1 en 2 daar", None)]
)
def test_a_choice_is_the_only_number_that_is_named(words: str, values: tuple[str, ...] | None) -> None:
    assert told(words, ASKING, zet="choice") == ((Is.CHOICE, values) if values else None)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("zet die waar dan ook", ("no",)), ("zet nummer 7 daar", None), ("zet 2 niet 1 daar", ("no",))],
)
def test_a_choice_without_a_number_is_pointed_to(words: str, expected: tuple[str, ...] | None) -> None:
    """Or with several of them; a number that is no choice chooses nothing."""
    one = opinion(zet="choice")
    last = Opinion(one.names, [*one.base[:-1], 5.0], one.table)
    matcher = Matcher([], last)
    found = second_meaning(matcher.read(words, "nl"), ASKING, matcher)
    assert (found.values if found else None) == expected


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("babbel je zweeds", ("sv",)),
        ("babbel je zweeds of deens", ("sv",)),
        ("babbel zweeds want mijn vlaams stokt", ("sv",)),
        ("vlaams stokt babbel zweeds", ("sv",)),
        ("babbel vlaams", ("nl",)),
        ("babbel je en zweeds", ("sv",)),
        ("babbel en", ("en",)),
        ("babbel je wat", ()),
    ],
)
def test_which_language_is_wished(words: str, codes: tuple[str, ...]) -> None:
    """The first that is named and is not ours from the start; of none that is known the question is asked."""
    languages = {"zweeds": "sv", "deens": "da", "vlaams": "nl", "en": "en"}
    matcher = Matcher([Lexicon("nl", {}, languages=languages)], opinion(babbel="lang"))
    found = second_meaning(matcher.read(words, "nl"), OPEN, matcher)
    assert found is not None
    assert (found.name, found.values) == (Is.LANGUAGE, codes)


@pytest.mark.parametrize(
    ("name", "confidence", "said", "expected"),
    [
        (Is.YES, 0.85, "no", True),
        (Is.YES, 1.0, "no", False),
        (Is.YES, 0.85, "yes", False),
        (Is.YES, 0.85, "danger", False),
        (Is.HUMAN, 0.85, "no", False),
        (Is.CANNOT_READ, 0.85, "yes", True),
        (Is.CHOICE, 0.85, "no", False),
    ],
)
def test_a_phrase_that_is_a_part_is_overruled(name: Is, confidence: float, said: str, expected: bool) -> None:
    """Never a whole message, a wish for a person or an answer of the question; and never by an alarm."""
    matcher = Matcher([], opinion(waarachtig=said))
    reading = matcher.read("wis en waarachtig", "nl")
    assert overruled(Meaning(name, confidence=confidence), reading, OPEN, matcher) is expected


def test_pieces() -> None:
    assert set(pieces(["ja"])) == {"^ja$", "^j", "ja", "a$", "^ja", "ja$", "#1", "=ja", "<ja", "ja>", "<ja~", "~ja>"}
    assert "ja nee" in set(pieces(["ja", "nee", "ja", "nee"]))
    assert "#4" not in set(pieces(["ja", "nee", "ja", "nee"]))


def test_spellings_meet_in_their_consonants() -> None:
    ways = [set(pieces(text.split())) for text in ("bghit nmout", "bghyt nmut", "بغيت نموت")]
    assert {"%bgt", "%nmt", "%bgt nmt"} <= set.intersection(*ways)


def written(folder: Path) -> Opinion:
    """One that is written to a folder."""
    one = opinion(ж="no")
    write_opinion(folder, one, learned_from=1)
    return one


def test_what_was_learned_is_written_and_read(tmp_path: Path) -> None:
    one, read = written(tmp_path), load_opinion(tmp_path)
    assert (read.names, read.base) == (one.names, one.base)
    assert read.of(["ж", "и"]).meanings == one.of(["ж", "и"]).meanings


def test_who_runs_keeps_what_was_learned_before(tmp_path: Path) -> None:
    written(tmp_path)
    running = load_opinion(tmp_path)
    before = running.of(["ж", "и"]).meanings
    write_opinion(tmp_path, opinion(и="yes"), learned_from=2)
    running.forget()
    assert running.of(["ж", "и"]).meanings == before
    assert load_opinion(tmp_path).of(["ж", "и"]).meanings != before
    assert sorted(path.name for path in tmp_path.iterdir()) == [OPINION, TABLE]


@pytest.mark.parametrize("bad", [b"", b"no table", None])
def test_a_broken_table_stops_with_file_and_reason(tmp_path: Path, bad: bytes | None) -> None:
    """Empty, something else, or one of another time than what tells of it."""
    written(tmp_path)
    whole = (tmp_path / TABLE).read_bytes()
    (tmp_path / TABLE).write_bytes(whole[:-1] + b"\x01" if bad is None else bad)
    with pytest.raises(FlowError, match=r"opinion\.npy:0: "):
        load_opinion(tmp_path)


def test_a_broken_opinion_stops_with_file_line_and_reason(tmp_path: Path) -> None:
    (tmp_path / OPINION).write_text('{"names": [],\n oops', encoding="utf-8")
    with pytest.raises(FlowError, match=r"opinion\.json:2: "):
        load_opinion(tmp_path)


def test_lessons_are_examples_and_phrases(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("lang\ttext\tmeaning\tnote\nnl\tin het Frans!\tlang_fr\t\n", encoding="utf-8")
    rows = learn.lessons([tmp_path])
    assert (rows[0].tokens, rows[0].name) == (("in", "het", "frans"), "lang")
    drawn = {row.name for row in rows[1:]}
    assert {"danger", "distress", "other", "lang", "yes", "human"} <= drawn
    lang = {row.weight for row in rows[1:] if row.name == "lang"}
    assert {round(rows[0].weight * learn.PHRASE_WEIGHT, 9)} == {round(weight, 9) for weight in lang}
    assert rows == learn.lessons([tmp_path]), "drawn the same again"
