"""Answers to our own questions in people's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.checks.answers import problems
from bot.evaluation import NO_ANSWER, evaluate_answers, read_answers
from bot.flow import Flow, FlowError, StepKind
from bot.lexicon import Is, Lexicon
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
    tmp_path: Path, matcher: Matcher, flow: Flow, wording: Wording, step: str, text: str, choice: str
) -> None:
    file = tmp_path / "answers.tsv"
    file.write_text(f"lang\tstep\ttext\tchoice\nnl\t{step}\t{text}\t{choice}\n", encoding="utf-8")
    assert evaluate_answers(read_answers(file), matcher, flow, wording).misses == []


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
        ("nl", "worries", "ik heb geen kinderen"),
        ("tr", "brings", "biri bana yardım edebilir mi"),
        ("fr", "way", "lâchez-moi avec vos messages"),
    ],
)
def test_what_denies_or_asks_chooses_nothing(
    tmp_path: Path, matcher: Matcher, flow: Flow, wording: Wording, language: str, step: str, text: str
) -> None:
    file = tmp_path / "answers.tsv"
    file.write_text(f"lang\tstep\ttext\tchoice\n{language}\t{step}\t{text}\t{NO_ANSWER}\n", encoding="utf-8")
    assert evaluate_answers(read_answers(file), matcher, flow, wording).misses == []


def test_several_worries_in_words(person: Person) -> None:
    person("hallo", "1", "An", "9000", "1", "1", "2", "1")
    assert person.now.step == "worries"
    person("ik heb schulden en problemen met mijn huis")
    assert set(person.now.answers.get("worries", person.now.picked)) == {"money", "home"}


def test_a_question_that_is_not_there_is_told(tmp_path: Path, matcher: Matcher, flow: Flow, wording: Wording) -> None:
    file = tmp_path / "answers.tsv"
    file.write_text("lang\tstep\ttext\tchoice\nnl\tnowhere\tja\tyes\n", encoding="utf-8")
    with pytest.raises(FlowError, match="nowhere: no such question"):
        evaluate_answers(read_answers(file), matcher, flow, wording)


def test_an_answer_hides_no_alarm(matcher: Matcher) -> None:
    reading = matcher.read("ik ben werkloos en ik wil dood", "nl", step="situation")
    assert reading.answers
    assert any(match.name is Is.DISTRESS for match in reading.matches)


def test_every_question_with_choices_is_in_the_examples(flow: Flow) -> None:
    """A new question gets its phrases and its examples."""
    chosen = {step.id for step in flow.steps.values() if step.kind in (StepKind.CHOICE, StepKind.MULTI)}
    assert chosen - {"age"} <= ASKED
