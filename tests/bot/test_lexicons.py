"""The lexicons: every language knows what it has to, says what our texts tell people to say, and finds every alarm."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from bot import evaluation
from bot.evaluation import Example, Result, evaluate, name_of, read_examples
from bot.flow import Flow, FlowError, StepKind
from bot.lexicon import VOLUNTEERED, Is
from bot.lexicon_files import load_lexicons
from bot.matching import Matcher
from bot.meaning import Meaning, Question
from bot.messages import Inbound, Kind, Mode, Urn
from bot.safety import ALARMS
from bot.understanding import understand
from bot.wording import Wording
from tests.bot.conftest import COMPLETE, LANGUAGES, PREPARED

UTTERANCES = Path(__file__).resolve().parent.parent / "utterances"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "utterances.tsv"
EVERYWHERE = (*ALARMS, Is.HARMLESS, Is.YES, Is.NO, Is.HUMAN, Is.CALL_ME, Is.STOP, Is.START, Is.LANGUAGE, Is.CANNOT_READ)
WHERE_IT_ASKS = (
    *(Is.UNSURE, Is.CONFUSED, Is.REPEAT, Is.RESTART, Is.BACK, Is.SKIP, Is.HELP, Is.MENU, Is.ERASE, Is.GREETING),
    *(Is.THANKS, Is.ROBOT, Is.BENEFIT, Is.OFF_TOPIC, Is.WRONG_NUMBER, Is.BUSY, Is.OTHER, Is.PLAN, Is.MEETING),
    *VOLUNTEERED,
)
ALARMING = ("danger", "distress")
PLATFORM_STOPS = ("stop", "STOPALL", "unsubscribe", "cancel", "end", "quit", "revoke", "optout")
"""Words on which Twilio stops a number by itself (Twilio documentation: opt-out keywords)."""

ASKING = Question(StepKind.CHOICE, Mode.TEXT, evaluation.QUESTION.choices)


def taken(matcher: Matcher, text: str, language: str) -> Is:
    message = Inbound("sms", "", "", Urn("tel", "+32470000001"), Kind.TEXT, text)
    return understand(message, ASKING, matcher, language).name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_knows_what_it_has_to(language: str) -> None:
    own = [lexicon for lexicon in load_lexicons() if lexicon.language == language]
    known = {name for lexicon in own for name, phrases in lexicon.phrases.items() if phrases}
    wanted = EVERYWHERE if language in PREPARED else EVERYWHERE + WHERE_IT_ASKS
    assert set(wanted) - known == set()
    assert {0, 1, 2, 3, 4, 5, 6, 7, 8, 9} <= {n for lexicon in own for n in lexicon.numbers.values()}
    assert set(COMPLETE) <= {code for lexicon in own for code in lexicon.languages.values()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", PLATFORM_STOPS)
def test_what_stops_at_the_platform_stops_here(matcher: Matcher, language: str, word: str) -> None:
    assert taken(matcher, word, language) is Is.STOP


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_our_help_names_do_what_it_says(
    matcher: Matcher, flow: Flow, wording: Wording, language: str
) -> None:
    text = wording.words(flow.messages["help"], Mode.TEXT, language, "message/help")
    named = [word for word in re.findall(r"(\S+) ?= ", text) if not word.isdecimal()]
    found = {taken(matcher, word.strip(".,"), language) for word in named}
    assert found == {Is.BACK, Is.REPEAT, Is.LANGUAGE, Is.RESTART, Is.STOP}, named


@pytest.mark.parametrize(
    ("language", "plan", "meeting"),
    [
        ("nl", "PLAN", "AFSPRAAK"),
        ("fr", "PLAN", "RENDEZ-VOUS"),
        ("en", "PLAN", "MEETING"),
        ("ar", "خطة", "موعد"),
        ("tr", "PLAN", "RANDEVU"),
        ("uk", "ПЛАН", "ЗУСТРІЧ"),
        ("ru", "ПЛАН", "ВСТРЕЧА"),
        ("pl", "PLAN", "WIZYTA"),
        ("ro", "PLAN", "PROGRAMARE"),
        ("es", "PLAN", "CITA"),
        *((language, "PLAN", "AFSPRAAK") for language in PREPARED),
    ],
)
def test_the_words_for_a_plan_and_an_appointment(matcher: Matcher, language: str, plan: str, meeting: str) -> None:
    """What our texts tell people to send (the table of docs/content.md); the Dutch words are understood by all."""
    assert [taken(matcher, word, language) for word in (plan, f"{plan.lower()}!", "PLAN")] == [Is.PLAN] * 3
    assert [taken(matcher, word, language) for word in (meeting, meeting.lower(), "AFSPRAAK")] == [Is.MEETING] * 3


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "kan ik mijn afspraak verzetten?"),
        ("nl", "ik kan morgen niet komen"),
        ("nl", "wanneer is mijn afspraak"),
        ("fr", "je voudrais changer mon rendez-vous"),
        ("fr", "je ne peux pas venir demain"),
        ("en", "when is my appointment?"),
        ("en", "I can't come tomorrow"),
        ("ar", "متى موعدي؟"),
        ("ar", "بدي غير موعدي"),
        ("tr", "randevumu iptal etmek istiyorum"),
        ("uk", "коли моя зустріч?"),
        ("uk", "я не зможу прийти завтра"),
        ("ru", "хочу перенести встречу"),
        ("ru", "я не смогу прийти"),
        ("pl", "chcę przełożyć wizytę"),
        ("pl", "nie mogę przyjść jutro"),
        ("ro", "vreau să schimb programarea"),
        ("ro", "nu pot veni mâine"),
        ("es", "quiero cambiar mi cita"),
        ("es", "no puedo venir mañana"),
    ],
)
def test_an_appointment_as_people_ask_for_it(matcher: Matcher, language: str, text: str) -> None:
    assert taken(matcher, text, language) is Is.MEETING


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "mijn plan"),
        ("nl", "volgende opdracht"),
        ("nl", "geef mij een nieuwe opdracht aub"),
        ("fr", "montrez-moi mon plan"),
        ("fr", "prochaine étape"),
        ("en", "show me my plan"),
        ("en", "next assignment please"),
        ("ar", "خطتي"),
        ("tr", "planımı göster"),
        ("uk", "мій план"),
        ("ru", "покажите мой план"),
        ("pl", "mój plan"),
        ("pl", "następne zadanie"),
        ("ro", "planul meu"),
        ("es", "mi plan"),
        ("es", "siguiente tarea"),
    ],
)
def test_the_plan_as_people_ask_for_it(matcher: Matcher, language: str, text: str) -> None:
    assert taken(matcher, text, language) is Is.PLAN


@pytest.mark.parametrize("language", COMPLETE)
def test_the_yes_that_we_ask_for_is_a_yes(matcher: Matcher, flow: Flow, wording: Wording, language: str) -> None:
    text = wording.words(flow.messages["confirm"], Mode.TEXT, language, "message/confirm")
    words = [word.strip(".,،؟?!:") for word in text.split()]
    assert Is.YES in {taken(matcher, word, language) for word in words if word.isupper() or language == "ar"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_asks_for_a_word_that_twilio_keeps_to_itself(flow: Flow, wording: Wording, language: str) -> None:
    """YES and HELP do something at Twilio: they are never the answer we wait for."""
    texts = [wording.words(words, Mode.TEXT, language, f"message/{name}") for name, words in flow.messages.items()]
    assert [text for text in texts if re.search(r"\b(?:YES|HELP|INFO|CANCEL|END|QUIT)\b", text)] == []


# Measured


EVERY = {"built": 8, "measured": 1, "heavy": 1}
"""Of so many messages one is looked at: those built on are many, and a part of them tells the same."""


def evaluated(matcher: Matcher, folder: str) -> Result:
    examples = [example for path in sorted((UTTERANCES / folder).glob("*.tsv")) for example in read_examples(path)]
    return evaluate(examples[:: EVERY[folder]], matcher)


def false_alarms(result: Result) -> float:
    ordinary = sum(count.total for name, count in result.by_meaning.items() if name not in ALARMING)
    raised = [e for e, got in result.misses if got in ALARMING and e.meaning not in ALARMING]
    return len(raised) / ordinary


def missed(result: Result) -> list[str]:
    """Alarms for which nothing was raised; danger taken for distress still brings the numbers and a person."""
    return [e.text for e, got in result.misses if e.meaning in ALARMING and got not in ALARMING]


FOUND = {"built": 0.995, "measured": 0.99, "heavy": 0.93}
FALSE = {"built": 0.03, "measured": 0.02, "heavy": 0.13}
RIGHT = {"built": 0.955, "measured": 0.945, "heavy": 0.79}
"""What was reached, and may not be lost: of alarms, of ordinary messages taken for one, of all. The goal is higher.

A good part of the ordinary ones was written to look like an alarm, and of the third and fourth measured set only the
harder lines are left. ``heavy``: nothing but ordinary messages in the words of alarms, and alarms in ordinary words.
"""


@pytest.mark.parametrize("folder", FOUND)
def test_what_was_reached_is_kept(matcher: Matcher, folder: str) -> None:
    result = evaluated(matcher, folder)
    alarms = sum(count.total for name, count in result.by_meaning.items() if name in ALARMING)
    lost = len(missed(result))  # a number: the messages themselves are not to be read
    assert 1 - lost / alarms >= FOUND[folder]
    assert false_alarms(result) <= FALSE[folder]
    assert result.whole.right / result.whole.total >= RIGHT[folder]


def test_what_is_measured_on_was_not_built_on() -> None:
    rows = {
        folder: {row.text.casefold() for path in (UTTERANCES / folder).glob("*.tsv") for row in read_examples(path)}
        for folder in FOUND
    }
    both = rows["built"] & (rows["measured"] | rows["heavy"])
    assert len(both) == 0  # a number: the messages themselves are not to be read


# The command


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """A small file: one right, one wrong, one in a language that the file is not written in."""
    rows = ["lang\ttext\tmeaning\tnote", "nl\t2\tchoice_2\t", "nl\t2\tyes\twrong", "nl\tin het pools\tlang_other\t"]
    path = tmp_path / "examples.tsv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_evaluate_prints_one_object(examples: Path) -> None:
    told = CliRunner().invoke(cli.understand_command, ["--evaluate", str(examples), "--json"])
    assert told.exit_code == 0
    assert json.loads(told.output) == {
        "total": 3,
        "right": 2,
        "by_meaning": {
            "choice_2": {"total": 1, "right": 1},
            "lang_other": {"total": 1, "right": 1},
            "yes": {"total": 1, "right": 0},
        },
        "by_language": {"nl": {"total": 3, "right": 2}},
        "misses": [{"lang": "nl", "text": "2", "meaning": "yes", "got": "choice_2"}],
    }


def test_evaluate_tells_a_reader_each_miss(examples: Path) -> None:
    told = CliRunner().invoke(cli.understand_command, ["--evaluate", str(examples)]).output
    assert re.search(r"yes\s+0 of 1\s+0\.0%", told)
    assert re.search(r"nl\s+2 of 3\s+66\.7%", told)
    assert re.search(r"nl\s+yes\s+taken for choice_2\s+2$", told, re.MULTILINE)


def test_a_text_is_told_with_its_evidence() -> None:
    told = json.loads(CliRunner().invoke(cli.understand_command, ["ik wil echt dood"]).output)
    assert (told["meaning"], told["evidence"]) == ("distress", ["wil echt dood"])


def test_nothing_to_understand_is_told() -> None:
    assert CliRunner().invoke(cli.understand_command, []).exit_code == 2


def test_a_line_without_its_columns_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bad.tsv"
    path.write_text("lang\ttext\tmeaning\tnote\nnl\thallo\n", encoding="utf-8")
    with pytest.raises(FlowError, match=r"bad\.tsv:2"):
        read_examples(path)


def test_every_meaning_has_a_name_in_the_files() -> None:
    names = {
        row.meaning for path in UTTERANCES.glob("*/*.tsv") if path.parent.name in FOUND for row in read_examples(path)
    }
    known = {name_of(Meaning(name, ("choice_1",))) for name in Is}
    spoken = {name for name in names if not name.startswith(("choice_", "lang_"))}
    assert spoken - known == set()


def test_another_language_is_one_the_file_is_not_written_in(matcher: Matcher) -> None:
    asked = Example("nl", "in het russisch aub", "lang_other")
    assert evaluate([asked], matcher).whole.right == 1
    assert evaluate([asked, Example("ru", "да", "yes")], matcher).by_meaning["lang_other"].right == 0


@pytest.mark.skipif(not SHARED.exists(), reason="the file of examples lies beside the project")
def test_the_shared_examples(matcher: Matcher) -> None:
    result = evaluate(read_examples(SHARED), matcher)
    assert missed(result) == []
    assert result.whole.right / result.whole.total >= 0.97
