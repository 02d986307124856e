"""The conversation, turn by turn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cases import Reason
from bot.messages import Kind, Next
from bot.people import hand_back, to_person
from bot.session import OpenCase, ResumeContact, State, StopContact
from bot.steps import fitted
from tests.bot.conftest import Person

START = ("hallo", "1", "An", "9000")


def reasons(person: Person) -> list[Reason]:
    return [effect.reason for effect in person.effects if isinstance(effect, OpenCase)]


def test_it_says_at_once_that_it_is_a_computer(person: Person) -> None:
    hello = person("hallo")
    assert hello.startswith("Ik ben een computer van VDAB.")
    assert len(person.said) == 2, "the introduction is a message of its own"


@pytest.mark.parametrize(
    ("first", "language"), [("english", "en"), ("français", "fr"), ("Nederlands aub", "nl"), ("FR", "fr")]
)
def test_a_first_message_that_names_a_language_answers_the_language(person: Person, first: str, language: str) -> None:
    person(first)
    assert (person.now.language, person.now.step) == (language, "name")


@pytest.mark.parametrize(
    ("brings", "asked"),
    [
        ("1", ["situation", "age", "digital", "worries", "income", "health", "way", "review"]),
        ("3", ["letter", "digital", "way", "review"]),
        ("5", ["story", "situation", "age", "digital", "worries", "income", "health", "way", "review"]),
        ("9", ["situation", "age", "digital", "worries", "income", "health", "way", "review"]),
    ],
)
def test_branches_skip_what_does_not_apply(person: Person, brings: str, asked: list[str]) -> None:
    person(*START, brings)
    seen = []
    while person.now.state is State.ASKING and person.now.step != "review":
        seen.append(person.now.step)
        person({"story": "een verhaal", "letter": "2"}.get(person.now.step, "1"))
    assert [*seen, person.now.step] == asked


def test_the_phone_number_is_asked_only_of_who_wants_a_call_and_has_none_known(chatter: Person) -> None:
    chatter(*START, "3", "2", "1", "bel mij")
    assert chatter.now.step == "phone"
    chatter("0470 00 00 07")
    assert chatter.now.answers["phone"] == ("+32470000007",)


@pytest.mark.parametrize("step", ["language", "postcode"])
def test_language_and_postcode_cannot_be_skipped(person: Person, step: str) -> None:
    while person.session is None or person.now.step != step:
        person({"language": "1", "name": "An"}.get(person.now.step, "hallo") if person.session else "hallo")
    person("overslaan")
    assert person.now.step == step
    assert "nodig" in person("overslaan")


def test_everything_else_can_be_skipped(person: Person) -> None:
    person("hallo", "1", "9", "9000")
    while person.now.step != "review":
        person("9")
    assert "Dank u." in person("1")
    assert person.now.state is State.DONE
    assert person.now.answers["name"] == ()


@pytest.mark.parametrize("text", ["0", "mens", "een mens aub", "ik wil met een mens spreken", "MENS!"])
@pytest.mark.parametrize("answers", [(), ("1",), ("1", "An"), ("1", "An", "9000"), ("1", "An", "9000", "1")])
def test_a_person_is_one_word_away_from_every_question(person: Person, answers: tuple[str, ...], text: str) -> None:
    person("hallo", *answers)
    assert "Een mens van VDAB antwoordt u hier" in person(text)
    assert person.now.state is State.PERSON
    assert reasons(person) == [Reason.HUMAN]


def test_back_walks_the_questions_backwards(person: Person) -> None:
    person(*START, "1", "1")
    assert person.now.step == "age"
    steps = []
    for _ in range(5):
        person("terug")
        steps.append(person.now.step)
    assert steps == ["situation", "brings", "postcode", "name", "language"]
    assert "eerste vraag" in person("terug")


def test_back_keeps_the_answers(person: Person) -> None:
    person(*START, "1", "terug", "terug")
    assert person.now.answers["postcode"] == ("9000",)
    assert person.now.answers["brings"] == ("work",)


def test_repeat_asks_the_same_again(person: Person) -> None:
    person(*START)
    asked = person.said[-1].text
    assert person("herhaal") == asked


def test_another_language_at_any_question_stays_at_the_question(person: Person) -> None:
    person(*START)
    person("english")
    assert (person.now.language, person.now.step) == ("en", "brings")


@pytest.mark.parametrize("word", ["taal", "andere taal", "/taal", "other language"])
def test_asking_for_another_language_offers_them_and_comes_back(person: Person, word: str) -> None:
    person(*START)
    assert "3 English" in person(word)
    person("3")
    assert (person.now.language, person.now.step) == ("en", "brings")


def test_asking_for_another_language_at_the_language_question_goes_on(person: Person) -> None:
    person("taal", "taal", "1")
    assert person.now.step == "name"


def test_who_switches_language_hears_in_it_that_this_is_a_computer(person: Person) -> None:
    person("hallo")
    assert person("3").startswith("I am a computer")


@pytest.mark.parametrize(
    ("text", "language"), [("je veux mourir", "fr"), ("I want to die", "en"), ("ik wil dood", "nl")]
)
def test_an_alarm_before_any_choice_is_answered_in_its_own_language(person: Person, text: str, language: str) -> None:
    person(text)
    assert person.said[-1].language == language


def test_start_again_is_a_new_run(person: Person) -> None:
    person(*START, "opnieuw")
    assert (person.now.run, person.now.step, dict(person.now.answers)) == (2, "language", {})


@pytest.mark.parametrize("word", ["STOP", "stop!!", "stoppen", "uitschrijven", "arrêt", "unsubscribe"])
def test_stop_stops_and_start_goes_on_at_the_same_question(person: Person, word: str) -> None:
    person(*START, word)
    assert (person.now.state, person.effects) == (State.STOPPED, (StopContact(),))
    assert person("hallo?") == ""
    assert "Waarmee kan VDAB u helpen?" in person("start")
    assert person.effects == (ResumeContact(),)


@pytest.mark.parametrize("text", ["0", "mens", "ik wil iemand spreken", "bel mij"])
def test_who_stopped_and_asks_for_a_person_is_called(person: Person, text: str) -> None:
    person(*START, "stop")
    assert person(text) == ""
    assert reasons(person) == [Reason.CALL_BACK]


@pytest.mark.parametrize("text", ["bel mij", "ik kan niet lezen", "kan iemand mij bellen aub"])
def test_who_wants_a_call_or_cannot_read_is_called(person: Person, chatter: Person, text: str) -> None:
    person(*START)
    assert "belt u op dit nummer" in person(text)
    assert reasons(person) == [Reason.CALL_BACK]
    chatter(*START)
    assert "Schrijf hier uw telefoonnummer" in chatter(text)


def test_after_an_alarm_the_numbers_are_said_again_and_how_to_go_on(person: Person) -> None:
    """No question is asked, and whoever was misunderstood is not stuck."""
    person(*START, "hij slaat mij")
    person.facts["case"] = "open"
    assert "112" in person("ok")
    assert person.said[-1].text.endswith("Stuur MENU.")
    assert not person.said[-1].choices
    assert "112" in person("0")


@pytest.mark.parametrize(
    ("text", "language"),
    [("I want to talk to a person", "en"), ("une personne", "fr"), ("stopper", "fr"), ("mens", "nl")],
)
def test_who_asks_for_help_before_choosing_a_language_is_answered_in_that_one(
    person: Person, text: str, language: str
) -> None:
    person(text)
    assert {part.language for part in person.said} == {language}


@pytest.mark.parametrize("text", ["deutsch", "italiaans", "in het portugees aub"])
def test_a_language_that_is_not_there_is_told_so_with_a_way_on(person: Person, text: str) -> None:
    person("hallo")
    assert "tolk" in person(text)
    assert "1 Nederlands" in person.said[-1].text


def test_not_knowing_is_no_fault(person: Person) -> None:
    person(*START)
    assert "Dat is niet erg" in person("weet ik niet")


def test_danger_after_stop_still_reaches_a_person_without_a_message(person: Person) -> None:
    person(*START, "stop")
    assert person("ik wil dood") == ""
    assert reasons(person) == [Reason.DISTRESS]


@pytest.mark.parametrize(
    ("text", "reason", "numbers"),
    [
        ("hij slaat mij", Reason.DANGER, ("112", "101")),
        ("ik wil dood", Reason.DISTRESS, ("1813", "106")),
        ("ik wil dood, stop", Reason.DISTRESS, ("1813",)),
        ("I want to die", Reason.DISTRESS, ("1813",)),
        ("il me frappe, je veux parler a un humain", Reason.DANGER, ("112",)),
    ],
)
def test_safety_comes_before_everything_and_never_with_a_question(
    person: Person, text: str, reason: Reason, numbers: tuple[str, ...]
) -> None:
    person(*START)
    said = person(text)
    assert all(number in said for number in numbers)
    assert "niemand gebeld" in said
    assert "Waarmee kan" not in said
    assert reasons(person) == [reason]
    assert person.effects[0].evidence, "the counsellor sees the words"  # type: ignore[union-attr]


def test_safety_speaks_in_counsellor_mode_too(person: Person) -> None:
    person(*START, "0")
    person.facts["case"] = "claimed"
    assert person("dag mevrouw") == ""
    assert "1813" in person("ik wil niet meer leven")


@pytest.mark.parametrize(("text", "age"), [("25", "from_18"), ("ik ben 61 jaar", "from_55"), ("16", "under_18")])
def test_an_age_in_years_is_an_answer(person: Person, text: str, age: str) -> None:
    person(*START, "1", "1", text)
    assert person.now.answers["age"] == (age,)


def test_skipping_health_is_the_choice_that_says_so(person: Person) -> None:
    person(*START, "1", "1", "2", "1", "5", "9", "9")
    assert person.now.answers["income"] == ("rather_not",)
    assert person.now.answers["health"] == ("rather_not",)


def test_the_third_failure_in_a_row_offers_a_person_never_the_same_menu(person: Person) -> None:
    person(*START)
    first, second, third = person("xyzzy"), person("xyzzy"), person("xyzzy")
    assert "begrijp ik niet" in first
    assert "Wat past het best bij u?" in second
    assert "Wilt u een mens?" in third
    assert "werk zoeken" not in third
    assert "Waarmee kan" in person("3") or person.now.step == "brings"


def test_who_is_stuck_at_the_offer_gets_a_person(person: Person) -> None:
    person(*START, "xyzzy", "xyzzy", "xyzzy", "qwerty", "qwerty", "qwerty")
    assert person.now.state is State.PERSON
    assert Reason.STUCK in reasons(person)
    assert person.now.step == "brings", "handing back goes on at the question, not at the offer"


def test_an_answer_ends_the_row_of_failures(person: Person) -> None:
    person(*START, "xyzzy", "xyzzy", "1", "xyzzy", "xyzzy")
    assert person.now.failures == 2


@pytest.mark.parametrize("text", ["1 2", "1,2", "12", "1 en 2", "woning en geld"])
def test_several_worries_in_one_sms(person: Person, text: str) -> None:
    person(*START, "1", "1", "2", "1", text)
    assert person.now.answers["worries"] == ("home", "money")


def test_several_worries_one_by_one_over_the_phone(caller: Person) -> None:
    caller("", kind=Kind.CALL)
    caller("1", "An", "9000", "1", "1", "1", "1")
    assert caller.now.step == "worries"
    assert "Genoteerd" in caller("2")
    assert "Geld" not in caller.said[-1].text
    assert "Dat is alles: druk 4" in caller.said[-1].text
    caller("1")
    caller("4")
    assert caller.now.answers["worries"] == ("money", "home")


def test_no_worries_excludes_the_others(person: Person) -> None:
    person(*START, "1", "1", "2", "1", "5")
    assert person.now.answers["worries"] == ("none",)


def test_one_answer_can_be_corrected(person: Person) -> None:
    person(*START, "3", "2", "1", "1")
    assert person.now.step == "review"
    person("nee", "postcode", "8000")
    assert person.now.step == "review"
    assert person.now.answers["postcode"] == ("8000",)


def test_a_correction_that_opens_a_branch_asks_what_it_needs(person: Person) -> None:
    person(*START, "3", "2", "1", "1", "2", "uw vraag", "5")
    assert person.now.step == "story"


def test_health_is_never_sent_back_over_a_chat_app(chatter: Person) -> None:
    chatter(*START, "1", "ik kan nu niet werken", "2", "1", "woning", "dat is alles", "de mutualiteit", "ja", "1")
    review = chatter.said[-1].text
    assert chatter.now.step == "review"
    assert "Gezondheid: gezegd, hier niet getoond" in review
    assert "Geld van: gezegd, hier niet getoond" in review
    assert "kan nu niet werken" not in review


def test_the_end_hands_the_answers_to_people_and_says_what_happens(person: Person) -> None:
    person(*START, "3", "2", "1", "1")
    assert "leest uw antwoorden" in person("ja")
    assert reasons(person) == [Reason.INTAKE]
    person.facts["case"] = "open"
    assert person("merci") == ""
    assert "Ook dit leest een mens" in person("ik vergat iets")
    assert person("nog iets") == "", "said once"


def test_menu_after_the_end_asks_anew_and_keeps_who_you_are(person: Person) -> None:
    person(*START, "3", "2", "1", "1", "1")
    assert "Waarmee kan VDAB u helpen?" in person("menu")
    assert (person.now.run, person.now.answers["name"]) == (2, ("An",))


def test_a_person_who_closes_hands_back_where_the_bot_stood(person: Person) -> None:
    person(*START, "0")
    turn = hand_back(person.now, person.scene)
    assert turn.session.state is State.ASKING
    assert turn.session.step == "brings"
    assert [prompt.message or prompt.step for prompt in turn.prompts] == ["closed_go_on", "brings"]


def test_taking_over_twice_remembers_the_same_place(person: Person) -> None:
    person(*START)
    assert to_person(to_person(person.now)).paused is State.ASKING


@pytest.mark.parametrize("word", ["terug", "opnieuw", "herhaal", "1", "hallo", "0", "help"])
def test_the_bot_is_silent_while_a_person_has_the_case(person: Person, word: str) -> None:
    person(*START, "0")
    person.facts["case"] = "claimed"
    assert person(word) == ""


def test_menu_brings_the_bot_back_while_a_person_has_the_case(person: Person) -> None:
    person(*START, "0")
    person.facts["case"] = "claimed"
    assert "Waarmee kan VDAB u helpen?" in person("menu")


# Buttons


def test_a_button_of_an_earlier_question_changes_that_answer(chatter: Person) -> None:
    chatter(*START, "werk zoeken")
    said = chatter("een opleiding", kind=Kind.BUTTON, payload="1:brings:training")
    assert chatter.now.answers["brings"] == ("training",)
    assert said.startswith("Ik heb het veranderd.")
    assert chatter.now.step == "situation"


def test_an_old_button_of_a_question_with_several_answers_adds_one(chatter: Person) -> None:
    chatter(*START, "1", "1", "2", "1", "woning", "dat is alles")
    chatter("geld", kind=Kind.BUTTON, payload="1:worries:money")
    assert chatter.now.answers["worries"] == ("home", "money")


def test_a_button_of_an_earlier_run_says_so_and_asks_on(chatter: Person) -> None:
    chatter(*START, "opnieuw")
    assert "vorig gesprek" in chatter("x", kind=Kind.BUTTON, payload="1:brings:work")


@pytest.mark.parametrize(
    "payload", ["", "x", "1:", "1:brings", "1:brings:", "1:nothing:work", "1:brings:nothing", "9" * 60]
)
def test_a_broken_button_breaks_nothing(chatter: Person, payload: str) -> None:
    chatter(*START, "1")
    chatter("x", kind=Kind.BUTTON, payload=payload)
    assert chatter.now.step == "situation"


@pytest.mark.parametrize(("kind", "failures"), [(Kind.MEDIA, 1), (Kind.CONTACT, 0)])
def test_what_is_not_words_is_answered_and_the_question_stays(chatter: Person, kind: Kind, failures: int) -> None:
    chatter(*START)
    assert "Waarmee kan" in chatter("", kind=kind)
    assert chatter.now.failures == failures


@pytest.mark.parametrize(("kind", "text"), [(Kind.MEDIA, ""), (Kind.RECORDING, ""), (Kind.TEXT, "bent u een robot?")])
def test_who_only_sends_such_things_is_offered_a_person(chatter: Person, kind: Kind, text: str) -> None:
    """Voice notes come from those who cannot write."""
    chatter(*START)
    said = [chatter(text, kind=kind) for _ in range(3)]
    assert chatter.now.step == "offer"
    assert "Wilt u een mens?" in said[-1]


def test_a_shared_number_of_ones_own_answers_the_phone_question(chatter: Person) -> None:
    chatter(*START, "3", "2", "1", "bel mij")
    chatter("", kind=Kind.CONTACT, payload="+32470000008")
    assert chatter.now.answers["phone"] == ("+32470000008",)
    assert chatter.now.step == "review"


# The telephone


def test_a_caller_hears_at_most_three_choices_and_can_ask_for_more(caller: Person) -> None:
    caller("", kind=Kind.CALL)
    first = caller("1", "An", "9000")
    assert first.count(": druk") == 5, "three choices, more, rather not"
    assert "Iets anders: druk 1" in caller("4")
    caller("1")
    assert caller.now.step == "story"


def test_each_language_offers_itself_in_its_own_voice(caller: Person) -> None:
    caller("", kind=Kind.CALL)
    assert [part.language for part in caller.said] == ["nl", "nl", "nl", "fr", "en", "nl"]


@pytest.mark.parametrize("failing", ["", "8"])
def test_a_caller_who_is_stuck_goes_to_a_person_and_is_never_hung_up_on(caller: Person, failing: str) -> None:
    caller("", kind=Kind.CALL)
    kind = Kind.KEYS if failing else Kind.SILENCE
    for _ in range(3):
        assert caller.said[-1].next is Next.ASK
        caller(failing, kind=kind)
    assert caller.now.state is State.PERSON
    assert caller.said[-1].next is Next.ASK


def test_numbers_to_dial_are_spoken_digit_by_digit(caller: Person) -> None:
    caller("", kind=Kind.CALL)
    caller("1", "An", "9000")
    assert "1 8 1 3" in caller("ik wil dood")


def test_who_falls_silent_after_an_alarm_hears_the_numbers_again(caller: Person) -> None:
    caller("", kind=Kind.CALL)
    caller("1", "ik wil dood")
    assert "1 8 1 3" in caller("", kind=Kind.SILENCE)
    assert caller.said[-1].slow
    caller("", kind=Kind.SILENCE)
    assert caller.said[-1].next is Next.RECORD


def test_a_call_goes_on_where_the_texts_stood(person: Person, caller: Person) -> None:
    person(*START)
    caller.session = person.session
    said = caller("", kind=Kind.CALL)
    assert said.startswith("Dag An.")
    assert "Waarmee kan VDAB u helpen?" in said


def test_a_caller_with_an_open_case_can_add_something_or_go_on(caller: Person) -> None:
    caller("", kind=Kind.CALL)
    caller("1", "An", "9000", "0", "een brief")
    caller.facts["case"] = "open"
    assert "Wilt u nog iets zeggen" in caller("", kind=Kind.CALL)
    assert "Waarmee kan VDAB u helpen?" in caller("1")


# What a review found


def test_back_does_not_ask_what_the_branch_skips(person: Person) -> None:
    person(*START, "1", "1", "2", "1", "5", "2", "1", "1")
    assert person.now.step == "review"
    person("2", "uw vraag", "3", "2")
    assert person.now.step == "review"
    steps = []
    for _ in range(3):
        person("terug")
        steps.append(person.now.step)
    assert not {"health", "worries", "age", "situation"} & set(steps)


@pytest.mark.parametrize("aside", [("taal", "Nederlands"), ("xyzzy", "xyzzy", "xyzzy", "nee, ik ga verder")])
def test_what_was_picked_is_kept_over_an_aside(chatter: Person, aside: tuple[str, ...]) -> None:
    chatter(*START, "1", "1", "2", "1", "woning", "geld", *aside)
    assert (chatter.now.step, chatter.now.picked) == ("worries", ("home", "money"))


def test_thanks_after_the_end_is_no_new_question(person: Person) -> None:
    person(*START, "3", "2", "1", "1", "1")
    assert person("bedankt") == ""
    assert person.now.state is State.DONE


def test_an_alarm_of_an_earlier_talk_does_not_come_back(caller: Person) -> None:
    caller("", kind=Kind.CALL)
    caller("1", "ik wil dood")
    caller.session = hand_back(caller.now, caller.scene).session
    caller("", kind=Kind.CALL)
    caller("0")
    assert "1 8 1 3" not in caller("", kind=Kind.SILENCE)


def test_start_while_a_person_has_the_case_wakes_no_questions(person: Person) -> None:
    person(*START, "0", "stop")
    person.facts["case"] = "claimed"
    person("start")
    assert person.effects == (ResumeContact(),)
    assert person.now.state is State.PERSON


def test_an_address_that_was_stopped_elsewhere_is_not_spoken_to(person: Person) -> None:
    person(*START)
    person.facts["stopped"] = "yes"
    assert person("hallo") == ""
    assert "Waarmee kan" in person("start")


@pytest.mark.parametrize("payload", ["²:language:nl", "٣:brings:work", "-1:brings:work"])
def test_a_forged_button_is_not_understood(chatter: Person, payload: str) -> None:
    chatter(*START)
    assert "begrijp ik niet" in chatter("x", kind=Kind.BUTTON, payload=payload)
    assert chatter.now.step == "brings"


def test_a_session_of_an_older_flow_goes_on_at_the_next_question(person: Person) -> None:
    person(*START)
    old = replace(person.now, step="gone", trail=("language", "vanished", "name"), resume="also gone")
    now = fitted(old, person.scene)
    assert (now.step, now.trail, now.resume) == ("brings", ("language", "name"), "")
    assert now.answers == person.now.answers
