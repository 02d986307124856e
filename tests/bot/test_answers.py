"""Answers to our own questions in people's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.checks.answers import problems
from bot.evaluation import NO_ANSWER, Example, evaluate_answers, read_answers
from bot.flow import Flow, FlowError, StepKind
from bot.lexicon import Lexicon, plain
from bot.lexicon_files import answer_paths, load_lexicons
from bot.matching import Matcher
from bot.wording import Wording
from tests.bot.conftest import COMPLETE, Person

UTTERANCES = Path(__file__).resolve().parent.parent / "utterances" / "answers"
ASKED = {"brings", "letter", "situation", "digital", "worries", "income", "health", "way", "meeting", "notice"}


def test_every_phrase_chooses_something_that_is_asked(flow: Flow) -> None:
    assert list(problems(load_lexicons(), flow, COMPLETE)) == []


def test_a_choice_without_phrases_or_a_phrase_without_choice_is_told(flow: Flow) -> None:
    some = Lexicon("nl", {}, answers={("brings", "sleep"): ()})
    told = list(problems([some], flow, ("nl",)))
    assert "nl/answers.yaml: brings/sleep: no such choice" in told
    assert "nl/answers.yaml: brings/work: no phrases" in told
    assert "nl/answers.yaml: no asides" in told


def test_every_complete_language_has_its_answers() -> None:
    assert {path.parent.name for path in answer_paths()} == set(COMPLETE)


@pytest.mark.parametrize("path", sorted(UTTERANCES.glob("*.tsv")), ids=lambda path: path.stem)
def test_what_was_reached_is_kept(matcher: Matcher, flow: Flow, wording: Wording, path: Path) -> None:
    result = evaluate_answers(read_answers(path), matcher, flow, wording)
    assert result.whole.right / result.whole.total >= 0.96
    assert {example.step for example in read_answers(path)} >= ASKED
    assert any(example.meaning == NO_ANSWER for example in read_answers(path))


@pytest.mark.parametrize(
    ("step", "text", "choice"),
    [
        ("brings", "ik zoek werk", "work"),
        ("brings", "ik wil mij inschrijven", "work"),
        ("situation", "ik zit nog op school", "school"),  # elsewhere: busy
        ("situation", "ik lig in het ziekenhuis", "cannot"),
        ("situation", "je cherche un emploi", "no_work"),
        ("income", "nee", "none"),
        ("income", "dop", "benefit"),
        ("way", "bel mij niet", "message"),  # elsewhere: stop
        ("way", "liever niet bellen", "message"),  # elsewhere: a call
        ("age", "ik ben vierenveertig", "from_30"),
        ("age", "ik word 30", "from_30"),
        ("meeting", "ik kom niet", "cancel"),
        ("worries", "nee", "none"),
    ],
)
def test_an_answer_counts_at_its_question(
    matcher: Matcher, flow: Flow, wording: Wording, step: str, text: str, choice: str
) -> None:
    assert evaluate_answers([Example("nl", text, choice, step)], matcher, flow, wording).misses == []


@pytest.mark.parametrize("text", ["ik zoek geen werk", "bananen", "ik wil dood", "weet ik niet", "stop"])
def test_what_chooses_nothing(person: Person, text: str) -> None:
    person("hallo", "1", "An", "9000")
    person(text)
    assert "brings" not in person.now.answers


@pytest.mark.parametrize(
    ("language", "step", "text"),
    [
        ("fr", "brings", "je ne cherche pas de formation"),  # "ne" and "pas" fill in French
        ("fr", "meeting", "je ne sais pas"),
        ("es", "assignment", "no está hecho"),
        ("pl", "brings", "nie szukam pracy"),
        ("nl", "worries", "ik heb geen kinderen"),
        ("tr", "brings", "biri bana yardım edebilir mi"),
        ("fr", "way", "lâchez-moi avec vos messages"),
    ],
)
def test_what_denies_or_asks_chooses_nothing(
    matcher: Matcher, flow: Flow, wording: Wording, language: str, step: str, text: str
) -> None:
    assert evaluate_answers([Example(language, text, NO_ANSWER, step)], matcher, flow, wording).misses == []


def test_several_worries_in_words(person: Person) -> None:
    person("hallo", "1", "An", "9000", "1", "1", "2", "1")
    assert person.now.step == "worries"
    person("ik heb schulden en problemen met mijn huis")
    assert set(person.now.answers.get("worries", person.now.picked)) == {"money", "home"}


ASIDES = [
    ("mijn zoon zit nog op school", "school"),
    ("moet ik daarvoor op school zitten?", "school"),
    ("vroeger werkte ik in een bakkerij", "work"),
]


@pytest.mark.parametrize(("text", "choice"), ASIDES)
def test_what_may_be_no_answer_is_asked_back(person: Person, text: str, choice: str) -> None:
    person("hallo", "1", "An", "9000", "1")
    assert person.now.step == "situation"
    person(text)
    assert (person.now.step, person.now.doubt) == ("situation", choice)
    person("nee")
    assert (person.now.step, person.now.doubt) == ("situation", "")
    person(text, "ja")
    assert person.now.answers["situation"] == (choice,)


@pytest.mark.parametrize(
    ("step", "text"),
    [("digital", "mijn dochter doet dat"), ("offer", "kunt ge mij opbellen"), ("income", "mijn man werkt")],
)
def test_an_answer_about_the_same_words_is_one(
    matcher: Matcher, flow: Flow, wording: Wording, step: str, text: str
) -> None:
    assert not matcher.read(plain(text), "nl", step=step).aside
    assert evaluate_answers([Example("nl", text, NO_ANSWER, step)], matcher, flow, wording).misses != []


def test_an_age_of_somebody_else_is_asked_back(person: Person) -> None:
    person("hallo", "1", "An", "9000", "1", "1")
    assert person.now.step == "age"
    person("mijn zus is 34")
    assert (person.now.step, person.now.doubt) == ("age", "from_30")
    person("nee", "25")
    assert person.now.answers["age"] == ("from_18",)


def test_a_question_that_is_not_there_is_told(matcher: Matcher, flow: Flow, wording: Wording) -> None:
    with pytest.raises(FlowError, match="nowhere: no such question"):
        evaluate_answers([Example("nl", "ja", "yes", "nowhere")], matcher, flow, wording)


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("situation", "ik ben werkloos en ik wil dood"),
        ("way", "bel mij niet hij slaat mij"),
        ("income", "leefloon en ik wil dood"),
    ],
)
def test_an_answer_hides_no_alarm(matcher: Matcher, flow: Flow, wording: Wording, step: str, text: str) -> None:
    result = evaluate_answers([Example("nl", text, "an alarm", step)], matcher, flow, wording)
    assert matcher.read(plain(text), "nl", step=step).answers, "or it tests nothing"
    assert [got for _, got in result.misses] in (["danger"], ["distress"])


@pytest.mark.parametrize("text", ["ik ben werkloos en ik wil dood", "dop en ik wil dood"])
def test_an_alarm_opens_a_case_and_answers_nothing(person: Person, text: str) -> None:
    person("hallo", "1", "An", "9000", "1")
    assert "1813" in person(text)
    assert "situation" not in person.now.answers


def test_every_question_with_choices_is_in_the_examples(flow: Flow) -> None:
    """A new question gets its phrases and its examples."""
    chosen = {step.id for step in flow.steps.values() if step.kind in (StepKind.CHOICE, StepKind.MULTI)}
    assert chosen - {"age"} <= ASKED
