"""The words: every one there in every language, whole, within its budget, plain, and written for the ear."""

from __future__ import annotations

from datetime import date
from pathlib import Path as File

import pytest

from bot import checks, content
from bot.checks import catalogues, costs, facts, plain
from bot.checks.readability import FORMULAS, GOAL, measure, sentences_of, syllables_of, words_of
from bot.extraction import all_texts, texts
from bot.flow import Flow
from bot.messages import Mode
from bot.plans import Item, ItemState, Path
from bot.session import Prompt, Scene, Session
from bot.wording import RIGHT_TO_LEFT_MARK, Wording, _from_right
from channels.segments import plain_signs, segments, sms_segments
from channels.voice import VOICES
from tests.bot.conftest import COMPLETE, LANGUAGES, LETTER, LINES, OFFICES, RULES, TALKS, AroundInMemory

TODAY = date(2026, 11, 24)
ONE_SEGMENT_A_QUESTION = ("nl", "fr", "en", "tr", "pl", "ro", "es")


def test_nothing_is_wrong_with_the_content() -> None:
    assert checks.everything(LANGUAGES, sms_segments, VOICES, TODAY).problems == []


def test_every_text_is_in_the_template() -> None:
    """The template is what translators see: it must hold every text of the flow as it stands now."""
    assert catalogues.not_in_template() == []


def test_translators_are_told_where_a_text_stands_and_how_long_it_may_be() -> None:
    texts = [message for message in catalogues.read_template() if message.id and message.context]
    lacking = [m.context for m in texts if not m.auto_comments or "Budget" not in " ".join(m.auto_comments)]
    assert lacking == []


def test_the_language_question_is_one_gsm_segment(flow: Flow, wording: Wording) -> None:
    scene = Scene(flow, Mode.TEXT)
    session = Session(flow.name, flow.version, step=flow.start)
    text = wording.say([Prompt(step=flow.start)], scene, session, LINES)[-1].text
    found = segments(text)
    assert (found.alphabet, found.count) == ("gsm-7", 1)
    assert all(f" {option.label.of(Mode.TEXT)}" in text for option in flow.steps[flow.start].options)


@pytest.mark.parametrize("language", ONE_SEGMENT_A_QUESTION)
def test_an_intake_costs_one_segment_a_message(flow: Flow, wording: Wording, language: str) -> None:
    said = list(costs.rehearse(content.load_all(), wording, language))
    over = [part.text for part in said if part.step != "review" and sms_segments(part.text) > 1]
    assert over == []
    assert len(said) > 10


@pytest.mark.parametrize("language", ["ar", "ru", "uk"])
def test_other_scripts_keep_their_letters(flow: Flow, wording: Wording, language: str) -> None:
    said = list(costs.rehearse(content.load_all(), wording, language))
    assert any(segments(plain_signs(part.text)).alphabet == "ucs-2" for part in said)


@pytest.mark.parametrize("language", COMPLETE)
@pytest.mark.parametrize("mode", list(Mode))
def test_everything_can_be_said_in_every_mode(flow: Flow, wording: Wording, language: str, mode: Mode) -> None:
    around = AroundInMemory(
        path=Path((Item(1, "cv", "", ItemState.NOW),)),
        slots=[*TALKS],
        booked=(TALKS[0],),
        notices={"1": LETTER},
    )
    scene = Scene(flow, mode, {"phone": "no"}, RULES, TODAY, OFFICES, around)
    for step in flow.steps.values():
        session = Session(flow.name, flow.version, language=language, step=step.id, about="1", answers=costs.ANSWERS)
        said = wording.say([Prompt("changed"), Prompt(step=step.id, again=True)], scene, session, LINES)
        assert all(part.text and "{" not in part.text for part in said), step.id


@pytest.mark.parametrize("language", COMPLETE)
def test_every_number_that_helps_is_spoken_digit_by_digit(flow: Flow, wording: Wording, language: str) -> None:
    scene = Scene(flow, Mode.VOICE, {})
    session = Session(flow.name, flow.version, language=language, step="brings")
    said = wording.say([Prompt("danger", lines="danger")], scene, session, LINES)[-1]
    assert "1 1 2" in said.text
    assert "112" not in said.text


def test_every_complete_language_has_a_voice() -> None:
    assert set(VOICES) >= set(COMPLETE)


# The checks themselves: each must be able to fail


def test_a_stale_fact_is_told_with_file_and_line(tmp_path: File) -> None:
    (tmp_path / "a.yaml").write_text("checked: 2025-01-01\nrows:\n  - {name: x, valid_until: 2026-11-23}\n")
    (tmp_path / "b.yaml").write_text("rows: []\n")
    told = facts.stale(tmp_path, TODAY)
    assert [line.split(": ")[0] for line in told] == ["a.yaml:1", "a.yaml:3", "b.yaml:1"]


def test_what_is_over_its_budget_is_told(flow: Flow, wording: Wording) -> None:
    told = list(costs.over_budget(content.load_all(), wording, "nl", lambda text: 2))
    assert any("ask/name" in line for line in told)
    assert not any("ask/review" in line for line in told)


def test_hard_words_are_told(flow: Flow) -> None:
    class Hard(Wording):
        """Says every text in the words of an office."""

        def __init__(self) -> None:
            """Needs no catalogue."""

        def words(self, *_: object) -> str:
            return "Gelieve uw inschrijvingsformaliteiten onverwijld te vervolledigen teneinde 112 te bereiken."

    told = plain.problems(list(texts(flow)), Hard(), ["nl"])
    assert any("readability" in line for line in told)
    assert any("a word of offices: teneinde" in line for line in told)
    assert any("digit by digit" in line for line in told)


def test_the_key_comes_after_what_it_is_for() -> None:
    assert plain._KEY_FIRST["nl"].search("Dat is niet erg. Druk 9 om over te slaan.")
    assert not plain._KEY_FIRST["nl"].search("Overslaan? Druk 9.")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [("Dag. Wat doet u nu?", 2), ("Bel {lines}. Nu!", 2), ("Voor werk: druk 1.", 2), ("Tot 16.30 uur.", 1), ("", 0)],
)
def test_sentences(text: str, sentences: int) -> None:
    assert len(list(sentences_of(text))) == sentences


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        ("opleiding", "nl", 3),
        ("mens", "nl", 1),
        ("formulier", "nl", 3),
        ("ordinateur", "fr", 4),
        ("computer", "en", 3),
        ("table", "en", 2),
        ("phone", "en", 1),
    ],
)
def test_syllables(word: str, language: str, count: int) -> None:
    assert syllables_of(word, language) == count


@pytest.mark.parametrize("language", sorted(FORMULAS))
def test_our_own_words_are_easy(flow: Flow, wording: Wording, language: str) -> None:
    measured = measure(plain.sentences_in(all_texts(content.load_all()), wording, language), language)
    assert measured.ease >= GOAL
    assert measured.longest_words == len(words_of(measured.longest)) <= 15


def test_the_price_of_a_segment_is_a_fact_with_a_date() -> None:
    assert 0 < content.load_price() < 1


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("VDAB يساعدك", True),
        ("يساعدك VDAB", False),
        ("1 عمل", False),
        ("1 Nederlands", False),
        ("", False),
    ],
)
def test_a_line_from_right_to_left_runs_from_the_right(text: str, marked: bool) -> None:
    assert _from_right(text) == (f"{RIGHT_TO_LEFT_MARK}{text}" if marked else text)


def test_a_number_keeps_its_order_between_words_from_right_to_left(flow: Flow, wording: Wording) -> None:
    session = Session(flow.name, flow.version, language="ar", step="brings")
    said = wording.say([Prompt("distress", lines="homeless")], Scene(flow, Mode.TEXT), session, LINES)[-1].text
    assert "080013500" in said
    assert "0800 13 500" not in said
