"""The notation of phrases, and the lexicon files that hold them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import content
from bot.flow import FlowError
from bot.lexicon import Is, plain
from bot.patterns import GAP, MOST_FORMS, NUMBER, PatternError, read_lines, read_pattern

RULES = {"mens": "mens | een persoon | <dienst>", "dienst": "begeleid*", "rond": "<rond>"}


def forms(text: str) -> set[str]:
    """The forms of a phrase of one part, readable."""
    (part,) = read_pattern(text, RULES, plain).parts
    return {" ".join("/".join(sorted(a)) if isinstance(a, frozenset) else a for a in form) for form in part}


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
        ("(a|b [c]) d", {"a/b d", "b c d"}),
        ("j'en ai marre", {"j en ai marre"}),
        ("👍", {"emoji_1f44d"}),
    ],
)
def test_a_phrase(text: str, expected: set[str]) -> None:
    assert forms(text) == expected


def test_both_in_any_order() -> None:
    assert len(read_pattern("iemand + praten + nu", RULES, plain).parts) == 3


@pytest.mark.parametrize(
    "text", ["(een", "een)", "[een", "<niemand>", "...", "[een]", "!!", "<rond>", "een | [twee]", "a + [b]"]
)
def test_a_phrase_that_cannot_be_read(text: str) -> None:
    with pytest.raises(PatternError):
        read_pattern(text, RULES, plain)


def test_a_phrase_of_too_many_forms() -> None:
    many = " ".join("(a b|c d)" for _ in range(MOST_FORMS.bit_length()))
    with pytest.raises(PatternError, match="several phrases"):
        read_pattern(many, RULES, plain)


def test_a_block_tells_the_line_of_a_bad_phrase() -> None:
    rows = list(read_lines("ja # remark\n\n# all remark\n(nee\n", 10, RULES, plain))
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
        content.load_lexicons(lexicon_file(tmp_path, text))


def test_rules_may_stand_on_several_lines(tmp_path: Path) -> None:
    text = "language: nl\nrules:\n  wie: |\n    mens\n    een ander\nphrases:\n  human: |\n    <wie> <number>\n"
    lexicon = content.load_lexicons(lexicon_file(tmp_path, text))[1]
    (pattern,) = lexicon.phrases[Is.HUMAN]
    assert {form[-1] for form in pattern.parts[0]} == {NUMBER}
    assert GAP not in {atom for form in pattern.parts[0] for atom in form}
    assert len(pattern.parts[0]) == 2
