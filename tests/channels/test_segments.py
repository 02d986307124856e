"""What an SMS costs, and what is kept of a text from outside."""

from __future__ import annotations

import pytest

from channels.cleaning import LONGEST, clean
from channels.segments import Segments, plain_signs, segments

FLAG, FAMILY = "🇧🇪", "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", Segments("gsm-7", 0, 1), id="nothing"),
        pytest.param("a" * 160, Segments("gsm-7", 160, 1), id="one full"),
        pytest.param("a" * 161, Segments("gsm-7", 161, 2), id="one over"),
        pytest.param("a" * 306, Segments("gsm-7", 306, 2), id="two full"),
        pytest.param("a" * 307, Segments("gsm-7", 307, 3), id="two and one"),
        pytest.param("a" * 459, Segments("gsm-7", 459, 3), id="three full"),
        pytest.param("é" * 160, Segments("gsm-7", 160, 1), id="e acute is in the alphabet"),
        pytest.param("à" * 160, Segments("gsm-7", 160, 1), id="a grave is in the alphabet"),
        pytest.param("ë", Segments("ucs-2", 1, 1), id="e diaeresis is not"),
        pytest.param("ç", Segments("ucs-2", 1, 1), id="small c cedilla is not"),
        pytest.param("Ç", Segments("gsm-7", 1, 1), id="capital C cedilla is"),
        pytest.param("ê", Segments("ucs-2", 1, 1), id="e circumflex is not"),
        pytest.param("`", Segments("ucs-2", 1, 1), id="back tick is not"),
        pytest.param("\t", Segments("ucs-2", 1, 1), id="tab is not"),
        pytest.param("\r\n", Segments("gsm-7", 2, 1), id="line ends are"),
        pytest.param("€" * 80, Segments("gsm-7", 160, 1), id="euro takes two"),
        pytest.param("€" * 81, Segments("gsm-7", 162, 2), id="euros over"),
        pytest.param("\f^{}\\[~]|€", Segments("gsm-7", 20, 1), id="the whole extension"),
        pytest.param("a" * 159 + "€", Segments("gsm-7", 161, 2), id="escape over the only segment"),
        pytest.param("a" * 152 + "€" + "a" * 152, Segments("gsm-7", 306, 3), id="escape not cut at the boundary"),
        pytest.param("a" * 151 + "€" + "a" * 153, Segments("gsm-7", 306, 2), id="escape just before the boundary"),
        pytest.param("ж" * 70, Segments("ucs-2", 70, 1), id="one full of Cyrillic"),
        pytest.param("ж" * 71, Segments("ucs-2", 71, 2), id="Cyrillic over"),
        pytest.param("م" * 134, Segments("ucs-2", 134, 2), id="two full of Arabic"),
        pytest.param("م" * 135, Segments("ucs-2", 135, 3), id="Arabic over two"),
        pytest.param("😀" * 35, Segments("ucs-2", 70, 1), id="emoji take two"),
        pytest.param("😀" * 36, Segments("ucs-2", 72, 2), id="emoji over"),
        pytest.param("a" * 66 + "😀" + "a" * 66, Segments("ucs-2", 134, 3), id="pair not cut at the boundary"),
        pytest.param("a" * 65 + "😀" + "a" * 67, Segments("ucs-2", 134, 2), id="pair just before the boundary"),
        pytest.param(FLAG, Segments("ucs-2", 4, 1), id="a flag is two pairs"),
        pytest.param(FAMILY, Segments("ucs-2", 8, 1), id="joined emoji"),
    ],
)
def test_a_text_takes_so_many_segments(text: str, expected: Segments) -> None:
    assert segments(text) == expected


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\u2018a\u2019", "'a'"),
        ("\u201ca\u201d", '"a"'),
        ("a \u2013 b \u2014 c", "a - b - c"),
        ("a\u2026", "a..."),
        ("8\u00a0uur\u202fnu", "8 uur nu"),
        ("\u2022 a", "- a"),
        ("é ë ж م €", "é ë ж م €"),
    ],
    ids=["single quotes", "double quotes", "dashes", "ellipsis", "hard spaces", "bullet", "letters stay"],
)
def test_signs_of_word_processors_become_plain(text: str, plain: str) -> None:
    assert plain_signs(text) == plain


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        pytest.param("Dag\x00!", "Dag!", id="null byte"),
        pytest.param("\x00", "", id="only a null byte"),
        pytest.param("a\x01\x08\x0b\x1b\x7fb", "ab", id="control signs"),
        pytest.param("a\ud800b", "a\ufffdb", id="lone high surrogate"),
        pytest.param("a\udc00b", "a\ufffdb", id="lone low surrogate"),
        pytest.param("a\ud83d", "a\ufffd", id="high surrogate at the end"),
        pytest.param("\ud83d\ude00", "😀", id="a pair in two halves"),
        pytest.param("a\r\nb\rc\nd", "a\nb\nc\nd", id="line ends"),
        pytest.param("a\tb", "a\tb", id="tab"),
        pytest.param(" \n a \n ", "a", id="space around"),
        pytest.param("\u200fشكرا\u200e!", "\u200fشكرا\u200e!", id="marks of direction"),
        pytest.param("سوف\u061c 5", "سوف\u061c 5", id="Arabic letter mark"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="Persian half space"),
        pytest.param(FAMILY, FAMILY, id="joined emoji"),
        pytest.param(FLAG, FLAG, id="flag"),
        pytest.param("❤\ufe0f", "❤\ufe0f", id="emoji style"),
        pytest.param("\U0001fa77", "\U0001fa77", id="emoji newer than this Python"),
        pytest.param("8\u00a0uur", "8\u00a0uur", id="hard space"),
        pytest.param("a\u2003b", "a b", id="other spaces part words"),
        pytest.param("a\u2028b", "a\nb", id="line separator parts lines"),
        pytest.param(None, "", id="null"),
        pytest.param(5, "", id="number"),
        pytest.param(["a"], "", id="list"),
        pytest.param(b"a", "", id="bytes"),
    ],
)
def test_a_text_from_outside_is_cleaned(raw: object, kept: str) -> None:
    assert clean(raw) == kept


def test_a_megabyte_is_cut_to_the_longest_text() -> None:
    assert clean("aé" * 500_000) == ("aé" * 500_000)[:LONGEST]


@pytest.mark.parametrize(
    "raw",
    ["\ud800\x00" * 5000, "😀" * 9000, "a" * 4095 + "😀" + "b", "\u200f" * 9000],
    ids=["halves and nulls", "emoji", "emoji at the limit", "marks"],
)
def test_what_is_kept_can_always_be_stored(raw: str) -> None:
    kept = clean(raw)
    assert len(kept) <= LONGEST
    assert "\x00" not in kept
    assert kept.encode("utf-8").decode("utf-8") == kept
