"""What people say of their own accord: found in every language, beside the answer, and not stored in their words."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.flow import StepKind
from bot.lexicon import VOLUNTEERED, Is
from bot.matching import Matcher
from bot.meaning import Meaning, Question
from bot.messages import Choice, Inbound, Kind, Mode, Urn
from bot.service import house as houses
from bot.service import turns
from bot.service.house import ChannelInfo, House
from bot.session import OpenCase
from bot.store import contacts
from bot.store.engine import Store
from bot.store.schema import metadata
from bot.understanding import understand
from tests.bot.conftest import COMPLETE, Person
from tests.conftest import Clock
from tests.scenarios.people import AN

TOLD = Path(__file__).resolve().parent.parent / "utterances" / "told"
"""One file per language: what people say, and what it tells; ``other`` where it only looks so."""

CHOICES = tuple(Choice(f"c{n}", str(n), "") for n in range(1, 5))
CHOOSING = Question(StepKind.CHOICE, Mode.TEXT, CHOICES)
NAME = Question(StepKind.TEXT, Mode.TEXT)
NO_QUESTION = Question(None, Mode.TEXT)


def rows() -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for path in sorted(TOLD.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return found


ROWS = rows()


def meaning(
    matcher: Matcher, text: str, language: str, question: Question = CHOOSING, kind: Kind = Kind.TEXT
) -> Meaning:
    inbound = Inbound("sms", "", "", Urn("tel", "+32470000001"), kind, text)
    return understand(inbound, question, matcher, language)


def test_every_language_has_examples_of_each() -> None:
    found = Counter((row["lang"], row["meaning"]) for row in ROWS)
    looking_so = Counter((row["lang"], row["note"].removeprefix("not ")) for row in ROWS if row["meaning"] == "other")
    for lang in (*COMPLETE, "ar-Latn"):
        for name in VOLUNTEERED:
            assert found[lang, name.value] >= 4, (lang, name)
            assert looking_so[lang, name.value] >= 3, (lang, name)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['lang']}: {row['text']}")
def test_what_is_told(matcher: Matcher, row: dict[str, str]) -> None:
    """In one's own language, and before one has chosen it."""
    said = () if row["meaning"] == "other" else (row["meaning"],)
    assert {language: meaning(matcher, row["text"], language).told for language in (row["lang"][:2], "nl")} == {
        row["lang"][:2]: said,
        "nl": said,
    }


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["meaning"] in ("prison", "illness")], ids=lambda r: r["text"]
)
def test_what_is_told_is_left_out(matcher: Matcher, row: dict[str, str]) -> None:
    """Of prison nothing is kept; of an illness not its words."""
    found = meaning(matcher, row["text"], row["lang"][:2])
    if found.name in (Is.DISTRESS, Is.DANGER):  # an alarm is kept in full: somebody must read all of it
        assert found.redacted is None
        return
    assert found.redacted is not None
    assert "[…]" in found.redacted
    assert found.redacted == "[…]" or row["meaning"] == "illness"
    assert row["text"].split()[-1].strip(".!") not in found.redacted or row["meaning"] == "illness"


@pytest.mark.parametrize(
    ("text", "language", "kept"),
    [
        ("Ik heb kanker.", "nl", "Ik […]"),
        ("hallo, kheb diabetes ?", "nl", "hallo, […] ?"),
        ("kheb burn-out en een hernia, kan ik nog leren", "nl", "[…] kan ik nog leren"),
        ("ik heb kanker 😢 en zoek werk", "nl", "ik […] 😢 en zoek werk"),
        ("Ik heb diabetes en mijn moeder zorgt voor mij", "nl", "Ik […] mijn moeder zorgt voor mij"),
        ("J'ai le VIH, je cherche un travail", "fr", "[…] je cherche un travail"),
        ("I am looking for work, I have epilepsy", "en", "I am looking for work, […]"),
        ("عندي سكري وضغط وأبحث عن عمل", "ar", "[…] وأبحث عن عمل"),
        ("в мене діабет, шукаю роботу", "uk", "[…] шукаю роботу"),
        ("ik zit in de gevangenis en zoek werk als bakker", "nl", "[…]"),
        ("je sors de prison, je cherche un travail", "fr", "[…]"),
        ("ik ben doof", "nl", None),
        ("mijn moeder heeft kanker", "nl", None),
    ],
)
def test_what_is_kept_of_a_message(matcher: Matcher, text: str, language: str, kept: str | None) -> None:
    assert meaning(matcher, text, language).redacted == kept


def test_a_caption_is_read_too(matcher: Matcher) -> None:
    found = meaning(matcher, "mijn papier van de gevangenis, ik zit in de cel", "nl", kind=Kind.MEDIA)
    assert (found.name, found.told, found.redacted) == (Is.MEDIA, ("prison",), "[…]")


def test_evidence_holds_nothing_that_is_left_out(matcher: Matcher) -> None:
    found = meaning(matcher, "kunnen jullie mij bellen, ik heb kanker", "nl")
    assert found.name is Is.CALL_ME
    assert "kanker" not in " ".join(found.evidence)
    assert "kanker" not in " ".join(meaning(matcher, "ik zit in de gevangenis bel mij", "nl").evidence)


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("ik ben zo eenzaam dat ik niet meer wil leven", "nl", True),
        ("ik heb kanker en ik wil dood", "nl", True),
        ("ik zit in de gevangenis en ga mij ophangen", "nl", True),
        ("als mijn dop stopt dan hang ik mij op", "nl", True),
        ("je me sens seul et je veux mourir", "fr", True),
        ("i am so lonely i want to die", "en", True),
        ("me siento sola y quiero morir", "es", True),
        ("yalnızım ölmek istiyorum", "tr", True),
        ("мне одиноко и я не хочу жить", "ru", True),
        ("мені самотньо і я не хочу жити", "uk", True),
        ("jestem samotny i nie chcę żyć", "pl", True),
        ("mă simt singur și nu mai vreau să trăiesc", "ro", True),
        ("أشعر بالوحدة وأريد أن أموت", "ar", True),
        ("ana bouhdi dima o bghit nmout", "ar", False),
        ("mijn man slaat mij en ik ben doof", "nl", True),
    ],
)
def test_an_alarm_goes_first(matcher: Matcher, text: str, language: str, told: bool) -> None:
    """It is kept in full, because somebody has to act on it; what was told counts all the same."""
    found = meaning(matcher, text, language)
    assert found.name in (Is.DISTRESS, Is.DANGER, Is.VIOLENCE)
    assert found.redacted is None
    assert bool(found.told) or not told


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    [
        ("ja maar ik ben doof", "nl", Is.YES),
        ("nee, ik heb kanker", "nl", Is.NO),
        ("nee ik ben doof", "nl", Is.NO),
        ("oui mais je suis sourd", "fr", Is.YES),
        ("yes but i am deaf", "en", Is.YES),
        ("no, soy sordo", "es", Is.NO),
        ("nie, jestem głuchy", "pl", Is.NO),
        ("da dar sunt surd", "ro", Is.YES),
        ("да но я глухой", "ru", Is.YES),
        ("ні я глухий", "uk", Is.NO),
        ("evet ama sağırım", "tr", Is.YES),
        ("نعم لكن أنا أصم", "ar", Is.YES),
        ("2, ik ben doof", "nl", Is.CHOICE),
        ("3 want mijn uitkering stopt", "nl", Is.CHOICE),
        ("0 ik zit in de gevangenis, wil iemand spreken", "nl", Is.HUMAN),
        ("spreek luider ik ben hardhorig", "nl", Is.REPEAT),
    ],
)
def test_the_answer_counts_beside_it(matcher: Matcher, text: str, language: str, answer: Is) -> None:
    found = meaning(matcher, text, language)
    assert found.name is answer
    assert found.told


@pytest.mark.parametrize("text", ["no soy sordo", "no tengo diabetes", "nie jestem głuchy", "nu am diabet"])
def test_what_is_denied_is_not_told(matcher: Matcher, text: str) -> None:
    languages = {"no": "es", "nie": "pl", "nu": "ro"}
    assert meaning(matcher, text, languages[text.split()[0]]).told == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [("I am a cancer nurse", "nl"), ("ik ben an", "nl"), ("an ms voor u", "nl")],
)
def test_words_of_another_language_tell_nothing_by_chance(matcher: Matcher, text: str, language: str) -> None:
    assert meaning(matcher, text, language).told == ()


@pytest.mark.parametrize("question", [NAME, NO_QUESTION])
def test_it_is_no_name(matcher: Matcher, question: Question) -> None:
    """Who only says this where people write freely is answered; beside other words it stays what they wrote."""
    assert meaning(matcher, "Ik ben doof", "nl", question).name is Is.TOLD
    assert meaning(matcher, "ik zit in de gevangenis sinds mei", "nl", question).name is Is.TOLD
    found = meaning(matcher, "An en ik ben doof", "nl", question)
    assert (found.name, found.told) == (Is.TEXT, ("deaf",))


def test_several_at_once(matcher: Matcher) -> None:
    found = meaning(matcher, "ik ben doof en mijn uitkering stopt", "nl")
    assert (found.name, set(found.told)) == (Is.TOLD, {"deaf", "benefit_stops"})


# In a conversation


def test_a_caller_who_waits_for_a_person_is_promised_one(caller: Person) -> None:
    caller("hallo", "0")
    said = caller("ik zit in de gevangenis")
    assert "bewaar ik niet" in said
    assert any(isinstance(effect, OpenCase) for effect in caller.effects)


# Stored


@pytest.fixture
def house(store: Store, clock: Clock) -> House:
    return houses.build(store, [ChannelInfo("sms", Mode.TEXT, "tel", "+32460000000")], ("nl", "fr", "en"), clock)


def everything_stored(house: House) -> str:
    with house.store.read() as connection:
        return "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(select(table)))


def test_the_store_never_sees_it(house: House) -> None:
    texts = (
        "hallo",
        "1",
        "Ik zit in de gevangenis in Beveren",
        "An",
        "9000 en ik heb schizofrenie",
        "bel mij, ik ben doof",
    )
    for n, text in enumerate(texts):
        turns.receive(house, Inbound("sms", "+32460000000", f"SM{n}", Urn("tel", AN), Kind.TEXT, text))
    stored = everything_stored(house)
    assert not [word for word in ("gevangenis", "Beveren", "schizofrenie") if word in stored]
    assert "9000 en ik […]" in stored
    with house.store.read() as connection:
        session = contacts.open_session(connection, 1)
    assert session is not None
    assert set(session.answers["told"]) == {"prison", "illness", "deaf"}
    assert (session.answers["name"], session.answers["postcode"]) == (("An",), ("9000",))
