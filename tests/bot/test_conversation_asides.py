"""What is no plain answer: doubt, not following, another language, remarks that deserve an answer of their own."""

from __future__ import annotations

import pytest

from bot.cases import Reason
from bot.messages import Kind, Next
from bot.session import OpenCase, State, StopContact
from bot.steps import NO_OPTION
from tests.bot.conftest import PREPARED, Person
from tests.bot.test_conversation import START, reasons

# Asked back


def test_a_likely_choice_is_asked_back_and_a_yes_means_it(person: Person) -> None:
    person(*START)
    assert person("euh 2 denk ik") == "Bedoelt u 2: een opleiding? Stuur JA, of stuur het juiste cijfer."
    assert "brings" not in person.now.answers
    person("ja")
    assert person.now.answers["brings"] == ("training",)


def test_a_no_asks_the_question_again_in_other_words(person: Person) -> None:
    person(*START, "euh 2 denk ik")
    assert "Wat past het best bij u?" in person("nee")
    assert person.now.doubt == ""


def test_another_number_is_the_answer(person: Person) -> None:
    person(*START, "euh 2 denk ik", "3")
    assert person.now.answers["brings"] == ("letter",)


def test_the_same_once_more_is_certain_enough(person: Person) -> None:
    person(*START, "euh 2 denk ik", "euh 2 denk ik")
    assert person.now.answers["brings"] == ("training",)


def test_a_yes_that_is_a_choice_of_its_own_still_means_what_was_asked_back(person: Person) -> None:
    person(*START, "3", "2")
    assert person.now.step == "digital"
    person("2 denk ik", "ja")
    assert person.now.answers["digital"] == ("some",)


def test_hesitating_three_times_in_a_row_offers_a_person(person: Person) -> None:
    person(*START, "1 denk ik", "2 denk ik", "3 denk ik")
    assert person.now.step == "offer"


def test_a_caller_answers_by_key(caller: Person) -> None:
    caller("", kind=Kind.CALL)
    caller("1", "An", "9000")
    said = caller("euh twee denk ik")
    assert "Bedoelt u: een opleiding?" in said
    assert "Ja: druk 1. Nee: druk 2." in said
    caller("1")
    assert caller.now.answers["brings"] == ("training",)


def test_a_caller_says_no_by_key(caller: Person) -> None:
    caller("", kind=Kind.CALL)
    caller("1", "An", "9000", "euh twee denk ik", "2")
    assert (caller.now.step, caller.now.doubt) == ("brings", "")


def test_a_chat_offers_two_buttons(chatter: Person) -> None:
    chatter(*START, "euh 2 denk ik")
    buttons = {choice.label: choice.payload for choice in chatter.said[-1].choices}
    assert buttons == {"ja": "1:brings:training", "nee": f"1:brings:{NO_OPTION}"}
    chatter("", kind=Kind.BUTTON, payload=buttons["nee"])
    assert (chatter.now.step, chatter.now.doubt) == ("brings", "")
    chatter("euh 2 denk ik")
    chatter("", kind=Kind.BUTTON, payload=buttons["ja"])
    assert chatter.now.answers["brings"] == ("training",)


# Not following


@pytest.mark.parametrize("text", ["ik snap het niet", "??", "huh"])
def test_who_does_not_follow_is_asked_in_other_words(person: Person, text: str) -> None:
    person(*START)
    said = person(text)
    assert said.startswith("Dat ligt aan mij.")
    assert "Wat past het best bij u?" in said


def test_who_reads_badly_is_called(person: Person) -> None:
    person(*START, "kan ni goed lezen")
    assert reasons(person) == [Reason.CALL_BACK]
    assert person.now.state is State.PERSON


# Remarks


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("zijde gij ne robot", "Ja, ik ben een computer."),
        ("wanneer komt mijn geld", "Over uw uitkering weet uw vakbond"),
        ("wie wint er club of anderlecht", "Dat weet ik niet."),
    ],
)
def test_a_remark_is_answered_and_the_question_stays(person: Person, text: str, begins: str) -> None:
    person(*START)
    said = person(text)
    assert said.startswith(begins)
    assert "Waarmee kan VDAB u helpen?" in said
    assert person.now.failures == 1


def test_who_has_no_time_is_left_until_menu(person: Person) -> None:
    person(*START)
    assert person("ik zit in de rijles kan nu ni").startswith("Goed. Uw antwoorden blijven bewaard.")
    assert "Waarmee kan VDAB u helpen?" in person("MENU")


@pytest.mark.parametrize("first", [False, True])
def test_a_wrong_number_is_left_in_peace(person: Person, first: bool) -> None:
    if not first:
        person(*START)
    person("verkeerd nummer")
    assert person.now.state is State.STOPPED
    assert [type(effect) for effect in person.effects] == [StopContact]


def test_who_wants_to_be_forgotten_reaches_a_person(person: Person) -> None:
    person(*START)
    assert "wist uw gegevens" in person("wis mijn gegevens")
    assert reasons(person) == [Reason.ERASE]


# Safety by kind


@pytest.mark.parametrize(
    ("text", "number", "reason"),
    [
        ("mijn man slaat mij", "1712", Reason.DANGER),
        ("ik slaap op straat en t is koud", "0800 13 500", Reason.DISTRESS),
    ],
)
def test_the_numbers_fit_what_is_wrong(person: Person, text: str, number: str, reason: Reason) -> None:
    person(*START)
    assert number in person(text)
    assert reasons(person) == [reason]
    person.facts["case"] = "open"
    assert number in person("hallo?"), "and again while nobody has the case"


# Languages


def test_a_first_message_in_another_language_is_answered_in_both(person: Person) -> None:
    person.facts["speaks"] = "fr"
    person("bonjour je cherche un travail")
    assert [part.language for part in person.said] == ["nl", "fr", "nl"]
    assert "ordinateur" in person.said[1].text
    assert person.now.language == "nl", "nobody chose yet"


def test_a_language_that_is_not_on_offer_gets_no_answer_in_it(person: Person) -> None:
    person.facts["speaks"] = "hu"
    person("jo napot")
    assert [part.language for part in person.said] == ["nl", "nl"]


def test_who_goes_on_in_that_language_has_chosen_it(person: Person) -> None:
    person.facts["speaks"] = "pl"
    person("dzien dobry", "szukam pracy blisko domu")
    assert (person.now.language, person.now.step) == ("pl", "name")


@pytest.mark.parametrize("language", PREPARED)
def test_a_language_without_a_voice_gets_a_person_in_its_own_words(person: Person, language: str) -> None:
    person("hallo")
    key = next(choice.key for choice in person.said[-1].choices if choice.id == language)
    person(key)
    assert (person.now.state, person.now.language) == (State.PERSON, language)
    assert [part.language for part in person.said] == [language]
    assert reasons(person) == [Reason.HUMAN]
    assert "Taal?" in person("MENU"), "the questions are not in that language"


@pytest.mark.parametrize("language", PREPARED)
def test_a_caller_of_such_a_language_is_called_back(person: Person, caller: Person, language: str) -> None:
    person("hallo")
    person(next(choice.key for choice in person.said[-1].choices if choice.id == language))
    caller.session = person.session
    caller("", kind=Kind.CALL)
    assert [part.language for part in caller.said] == ["nl", "fr", "en"], "never another language's voice"
    assert [e.reason for e in caller.effects if isinstance(e, OpenCase)] == [Reason.CALL_BACK]
    caller("", kind=Kind.SILENCE)
    assert {part.language for part in caller.said} == {"nl"}
    assert caller.said[-1].next is Next.RECORD


def test_a_call_offers_only_languages_that_it_speaks(caller: Person) -> None:
    heard = set()
    caller("", kind=Kind.CALL)
    for _ in range(4):
        heard |= {choice.id for part in caller.said for choice in part.choices}
        caller("4")
    assert heard == {"nl", "fr", "en", "ar", "tr", "uk", "ru", "pl", "ro", "es"}
