"""What goes on outside the intake, turn by turn: a plan, an assignment, times, a meeting, a notice."""

from __future__ import annotations

import pytest

from bot.cases import Reason
from bot.meetings import BookingState, MeetingKind, Slot
from bot.messages import Kind
from bot.people import to_person
from bot.plans import Item, ItemState, Path
from bot.session import OpenCase, Propose, State
from tests.bot.conftest import CALLS, LETTER, MONDAY, TALKS, Person

INTAKE = ("hallo", "1", "An", "9000", "1", "1", "3", "3", "5", "4", "2")
"""To the question of how somebody wants an answer."""


def done(person: Person) -> Person:
    person(*INTAKE, "1", "1")
    assert person.now.state is State.DONE, person.now
    return person


def reasons(person: Person) -> list[Reason]:
    return [effect.reason for effect in person.effects if isinstance(effect, OpenCase)]


# The end of the questions


def test_the_end_is_a_proposal_with_its_reason_and_that_a_person_decides(person: Person) -> None:
    person(*INTAKE, "1")
    said = person("1")
    assert "Ons voorstel:" in said
    assert "Want " in said
    assert "Een mens beslist, niet ik." in said
    assert any(isinstance(effect, Propose) for effect in person.effects)
    assert reasons(person) == [Reason.INTAKE]


def test_who_wants_a_talk_is_offered_times_near_and_gets_one(person: Person) -> None:
    person.around.slots = [*TALKS, *CALLS]
    said = person(*INTAKE, "3", "1")
    assert "Welk moment past u?" in said
    assert "1 ma 7-12 10:00 Gent" in said
    assert "4 geen past" in said
    assert "Genoteerd: di 8-12 10:00, VDAB in Gent." in person("2")
    assert person.now.state is State.DONE


def test_who_wants_a_call_is_offered_times_for_one(person: Person) -> None:
    person.around.slots = [*TALKS, *CALLS]
    said = person(*INTAKE, "2", "1")
    assert "Gent" not in said
    assert "wij bellen u" in person("1")


def test_where_no_time_is_free_a_person_makes_contact(person: Person) -> None:
    said = person(*INTAKE, "3", "1")
    assert "neemt op een werkdag contact op" in said
    assert person.now.state is State.DONE


def test_none_of_the_times_leads_to_a_person(person: Person) -> None:
    person.around.slots = [*TALKS]
    person(*INTAKE, "3", "1")
    assert "zoekt een ander moment" in person("4")
    assert reasons(person) == [Reason.HUMAN]


def test_a_time_that_somebody_else_just_took_leaves_the_others(person: Person) -> None:
    person.around.slots = [*TALKS]
    person(*INTAKE, "3", "1")
    person.around.perform = lambda attempt, session: "full"  # type: ignore[method-assign]
    person.around.slots = TALKS[1:]
    said = person("1")
    assert said.startswith("Dat moment is net weg.")
    assert "1 di 8-12 10:00 Gent" in said


def test_who_manages_alone_is_told_of_the_plan(person: Person) -> None:
    said = person("hallo", "1", "An", "9000", "1", "2", "3", "1", "5", "2", "1", "1")
    assert "Stuur PLAN" in said


# Outside Flanders


@pytest.mark.parametrize(
    ("postcode", "service"), [("1000", "Actiris"), ("5000", "Forem"), ("1300", "Forem"), ("4700", "ADG")]
)
def test_elsewhere_another_service_helps_and_a_person_may_still_be_asked(
    person: Person, postcode: str, service: str
) -> None:
    said = person("hallo", "1", "An", postcode)
    assert service in said
    assert "Toch een mens van VDAB?" in said
    assert "Een mens van VDAB antwoordt u hier" in person("1")
    assert reasons(person) == [Reason.HUMAN]


def test_elsewhere_can_be_enough(person: Person) -> None:
    person("hallo", "1", "An", "1000")
    assert person("nee").startswith("Graag gedaan.")
    assert person.now.state is State.DONE
    assert not person.effects


# Plans


def test_plan_is_empty_first_and_the_contact_picks(person: Person) -> None:
    said = done(person)("PLAN")
    assert said.startswith("Uw pad is nog leeg.")
    assert "Welke stap kiest u?" in said
    assert "4 andere" in said
    first = said.splitlines()[2]
    again = person("4")
    assert first not in again
    person("1")
    assert person.now.step == "assignment"
    assert person.around.path.now is not None


def test_plan_shows_done_now_and_next_in_one_message(person: Person) -> None:
    done(person).around.path = Path(
        (
            Item(1, "cv", "", ItemState.DONE),
            Item(2, "papers", "", ItemState.NOW),
            Item(3, "", "bel de bakker", ItemState.NEXT),
        )
    )
    said = person("mijn plan")
    assert "Klaar: 1. Nu: mijn papieren klaar. Daarna: bel de bakker." in said
    assert len(person.said) == 1


def test_an_assignment_that_is_gone_from_the_file_keeps_its_name(person: Person) -> None:
    done(person).around.path = Path((Item(1, "gone", "oefen met de bus", ItemState.NOW),))
    assert "Nu: oefen met de bus." in person("PLAN")


def on_path(person: Person) -> Person:
    done(person).around.path = Path((Item(1, "cv", "", ItemState.NOW), Item(2, "papers", "", ItemState.NEXT)))
    person("PLAN")
    return person


def test_done_leads_to_the_next_one(person: Person) -> None:
    said = on_path(person)("1")
    assert said.startswith("Goed gedaan!")
    assert "Nu: mijn papieren klaar" in said
    assert "Alles op uw pad is klaar" in person("klaar")
    assert person.now.state is State.DONE


def test_help_reaches_a_person(person: Person) -> None:
    assert "helpt u hiermee" in on_path(person)("2")
    assert reasons(person) == [Reason.HUMAN]


def test_later_and_dropping_are_answers_too(person: Person) -> None:
    assert "later nog eens" in on_path(person)("3")
    assert "Nu: mijn papieren klaar. Daarna: begin aan mijn cv." in person("PLAN")
    said = person("niet doen")
    assert "Dat doen we niet." in said
    assert "Nu: begin aan mijn cv." in said, "what was put off comes last, and is not lost"


def test_an_assignment_comes_and_is_answered_with_a_word(person: Person) -> None:
    done(person).around.path = Path((Item(1, "cv", "", ItemState.NOW),))
    assert "1 gedaan" in person.begins("assignment", "1")
    assert person("ja gedaan!").startswith("Goed gedaan!")


def test_a_sentence_instead_of_a_choice_is_read_by_a_person(person: Person) -> None:
    done(person).around.path = Path((Item(1, "cv", "", ItemState.NOW),))
    person.begins("assignment", "1")
    assert "Een mens van VDAB leest dit" in person("mijn dochter heeft mijn gsm gebruikt gisterenavond")
    assert reasons(person) == [Reason.HUMAN]
    assert person.now.state is State.DONE


@pytest.mark.parametrize("choice", ["plan:done", "plan:done:", "times:slot:x", "meeting:cancel:²", "meeting:move:x"])
def test_a_button_without_its_number_tries_nothing(chatter: Person, choice: str) -> None:
    chatter("hallo", "Nederlands", "sara", "2000")
    step = chatter.now.step
    chatter("x", kind=Kind.BUTTON, payload=f"1:{choice}")
    assert (chatter.around.tried, chatter.now.step) == ([], step)


def test_an_old_button_still_does_what_it_says(chatter: Person) -> None:
    chatter("hallo", "Nederlands", "sara", "2000", "1", "1", "3", "3", "5", "4", "2", "1", "1")
    chatter.around.path = Path((Item(1, "cv", "", ItemState.NOW), Item(2, "papers", "", ItemState.NEXT)))
    chatter.begins("assignment", "1")
    button = next(choice for choice in chatter.said[-1].choices if choice.id == "done:1")
    chatter("iets helemaal anders dan een antwoord hierop")
    assert chatter(button.label, kind=Kind.BUTTON, payload=button.payload).startswith("Goed gedaan!")
    assert chatter(button.label, kind=Kind.BUTTON, payload=button.payload).startswith("Dat is intussen veranderd.")


# Meetings


def test_a_meeting_is_kept_moved_and_cancelled(person: Person) -> None:
    booked = Slot(1, MeetingKind.TALK, MONDAY, 30, "gent", state=BookingState.BOOKED)
    done(person).around.booked = (booked,)
    person.around.slots = [*TALKS]
    assert "Een gesprek: ma 7-12 10:00, VDAB in Gent. Komt u?" in person("AFSPRAAK")
    assert person("ja") == "Goed, tot dan."
    person("afspraak")
    assert "Welk moment past u?" in person("ander moment")
    assert "Genoteerd: di 8-12" in person("1")
    assert [slot.id for slot in person.around.booked] == [2]
    person("afspraak")
    assert "Uw plaats is vrij" in person("3")
    assert person.around.booked == ()


def test_a_caller_books_by_key(caller: Person) -> None:
    caller.around.slots = [*TALKS]
    caller("", kind=Kind.CALL)
    caller("1", "An", "9000", "1", "1", "3", "3", "1", "5", "1")
    while caller.now.step != "way":
        caller("1")
    said = caller("3", "1")
    assert "Maandag 7 december 10:00 Gent: druk 1." in said
    assert "Genoteerd: maandag 7 december 10:00" in caller("1")


# Notices


def test_a_notice_is_explained(person: Person) -> None:
    done(person).around.notices = {"5": LETTER}
    assert "Op ma 7-12 is er een gesprek." in person.begins("notice", "5")
    assert person("leg uit") == "In de brief staat wanneer u moet komen."


def test_help_with_a_notice_reaches_a_person(person: Person) -> None:
    done(person).around.notices = {"5": LETTER}
    person.begins("notice", "5")
    person("2")
    assert reasons(person) == [Reason.HUMAN]


# Whatever comes, the place in the intake is kept


def test_an_errand_in_the_middle_of_the_intake_goes_back_to_the_question(person: Person) -> None:
    person("hallo", "1", "An", "9000")
    person.around.booked = (Slot(1, MeetingKind.TALK, MONDAY, 30, "gent", state=BookingState.BOOKED),)
    person.begins("meeting", "1")
    said = person("1")
    assert said.startswith("Goed, tot dan.")
    assert "Waarmee kan VDAB u helpen?" in said
    assert person.now.step == "brings"


def test_an_errand_while_a_person_has_it_leaves_it_with_the_person(person: Person) -> None:
    person("hallo", "1", "An", "9000", "0")
    person.facts["case"] = "open"
    person.around.booked = (Slot(1, MeetingKind.TALK, MONDAY, 30, "gent", state=BookingState.BOOKED),)
    person.begins("meeting", "1")
    assert person("1") == "Goed, tot dan."
    assert person.now.state is State.PERSON
    assert person.now.paused is State.ASKING
    assert "Waarmee kan VDAB u helpen?" in person("MENU")


def test_plan_is_silent_while_a_person_has_the_conversation(person: Person) -> None:
    done(person)
    person.session = to_person(person.now)
    person.facts["case"] = "claimed"
    assert person("PLAN") == ""


@pytest.mark.parametrize("word", ["0", "mens", "STOP", "ik wil dood"])
def test_what_is_always_understood_is_understood_there_too(person: Person, word: str) -> None:
    done(person).around.path = Path((Item(1, "cv", "", ItemState.NOW),))
    person.begins("assignment", "1")
    person(word)
    assert person.now.state in (State.PERSON, State.STOPPED)
