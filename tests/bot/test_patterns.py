"""The notation of phrases, and the lexicon files that hold them."""

from __future__ import annotations

from itertools import chain, product
from pathlib import Path

import pytest

from bot.flow import FlowError
from bot.forms import Either, Form, Gap, One
from bot.lexicon import Is, folded
from bot.lexicon_files import load_lexicons
from bot.outline import PatternError
from bot.patterns import Reader, read_lines

RULES = {"mens": "mens | een persoon | <dienst>", "dienst": "begeleid*", "rond": "<rond>"}


def forms(text: str) -> set[str]:
    """The forms of a phrase of one part, readable."""
    found = [pattern.parts[0] for pattern in Reader(RULES).patterns(folded(text))]
    edges = [("... " if part.open_left else "", " ..." if part.open_right else "") for part in found]
    pairs = zip(edges, found, strict=True)
    return {f"{left}{' '.join(row)}{right}" for (left, right), part in pairs for row in rows_of(part.form)}


def rows_of(form: Form) -> list[list[str]]:
    """Every way to read a form."""
    if isinstance(form, One):
        return [["/".join(sorted(form.place))]]
    if isinstance(form, Gap):
        return [["..."]]
    if isinstance(form, Either):
        return [row for item in form.items for row in rows_of(item)]
    return [list(chain(*rows)) for rows in product(*map(rows_of, form.items))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nog eens", {"nog eens"}),
        ("Nog Ééns!", {"nog eens"}),
        ("(stop|hou op)", {"stop", "hou op"}),
        ("(ja|jep|jawel)", {"ja/jawel/jep"}),
        ("stop [aub]", {"stop aub", "stop"}),
        ("verwijder* alles", {"verwijder* alles"}),
        ("... geen <mens> meer", {"... geen begeleid*/mens meer", "... geen een persoon meer"}),
        ("nummer <number>", {"nummer <number>"}),
        ("(a|b [c]) d", {"a d", "b d", "b c d"}),
        ("j'en ai marre", {"j en ai marre"}),
        ("(👍|j'en ai|jaaa)", {"emoji_1f44d/ja", "j en ai"}),
        ("(ja [[zeker] wel]|(neen|nee))", {"ja", "ja wel", "ja zeker wel", "nee/neen"}),
    ],
)
def test_a_phrase(text: str, expected: set[str]) -> None:
    assert forms(text) == expected


def test_both_in_any_order() -> None:
    (pattern,) = Reader(RULES).patterns("iemand + praten + nu")
    assert len(pattern.parts) == 3


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a + b | c + d", [2, 2]),
        ("a + (b|c) | (d|e)|f + [g] h", [2, 1, 2]),
        ("a | b + c", [1, 2]),
    ],
)
def test_alternatives_with_both_in_any_order_are_phrases_of_their_own(text: str, parts: list[int]) -> None:
    assert [len(pattern.parts) for pattern in Reader(RULES).patterns(text)] == parts


@pytest.mark.parametrize(
    "text",
    [
        "(een",
        "een)",
        "[een",
        "<niemand>",
        "...",
        "[een]",
        "!!",
        "<rond>",
        "een | [twee]",
        "a + [b]",
        "(a + b) c",
        "a +  | b",
    ],
)
def test_a_phrase_that_cannot_be_read(text: str) -> None:
    with pytest.raises(PatternError):
        list(Reader(RULES).patterns(text))


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("... geen <mens> meer", [{"geen"}, {"begeleid*", "mens", "een"}, {"meer"}]),
        ("(ja|jawel zeker) [graag]", [{"ja", "jawel"}]),
        ("(a [b]|(c d|efg)) + h", [{"a", "c", "efg"}, {"h"}]),
        ("([ja]|nee) <number>", [{"<number>"}]),
        ("j'ai", [{"j"}, {"ai"}]),
    ],
)
def test_what_a_phrase_cannot_do_without(text: str, needs: list[set[str]]) -> None:
    (pattern,) = Reader(RULES).patterns(text)
    assert [set(need.words) for need in pattern.needs] == needs


def test_a_rare_word_is_told_from_a_common_one() -> None:
    (pattern,) = Reader({}, ["wil iets", "wil niets", "iets"], ["wil"]).patterns("wil iets nieuws")
    assert [need.words for need in sorted(pattern.needs)] == [{"nieuws"}, {"iets"}, {"wil"}]


def test_a_block_tells_the_line_of_a_bad_phrase() -> None:
    rows = list(read_lines("ja \n\n\n(nee\n", 10, Reader(RULES)))
    assert isinstance(rows[1], tuple)
    assert (len(rows), rows[1][0]) == (2, 13)


def lexicon_file(tmp_path: Path, text: str) -> Path:
    """A folder of lexicons with one language."""
    (tmp_path / "lexicon.yaml").write_text('language: ""\nphrases: {}\n', encoding="utf-8")
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl" / "lexicon.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("language: nl\nphrases:\n  yes: |\n    ja\n    (jep\n", r"nl/lexicon\.yaml:5: .*\) is missing"),
        ("language: nl\nphrases:\n  perhaps: |\n    ja\n", r"nl/lexicon\.yaml:1: 'perhaps' is not a valid"),
        ("language: nl\n", r"nl/lexicon\.yaml:1: phrases is missing"),
        ("language: nl\nphrases: {}\nphrases: {}\n", r"lexicon\.yaml:3: phrases stands here twice"),
        ("language: nl\nphrases:\n yes: |\n   a\n  - b\n", r"lexicon\.yaml:\d"),
        ("language: nl\nnumbers: {een: een}\nphrases: {}\n", r"nl/lexicon\.yaml:1: .*een"),
    ],
)
def test_a_broken_lexicon_stops_with_file_line_and_reason(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(FlowError, match=told):
        load_lexicons(lexicon_file(tmp_path, text))


def test_what_stands_in_a_remark_is_no_word_of_the_language(tmp_path: Path) -> None:
    text = "language: nl\nphrases:\n  yes: |\n    # English for yes\n    ja # or yep\n"
    lexicon = load_lexicons(lexicon_file(tmp_path, text))[1]
    (pattern,) = lexicon.phrases[Is.YES]
    assert set(pattern.reader.used) == {"ja"}


def test_rules_may_stand_on_several_lines(tmp_path: Path) -> None:
    text = "language: nl\nrules:\n  wie: |\n    mens\n    een ander\nphrases:\n  human: |\n    <wie> <number>\n"
    lexicon = load_lexicons(lexicon_file(tmp_path, text))[1]
    (pattern,) = lexicon.phrases[Is.HUMAN]
    assert rows_of(pattern.parts[0].form) == [["mens", "<number>"], ["een", "ander", "<number>"]]
