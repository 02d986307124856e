"""WhatsApp, from the first word to a counsellor and back, on one telephone with SMS."""

from __future__ import annotations

from tests.conftest import Clock
from tests.scenarios.people import Counsellor, WhatsApper
from town import Town


def begun(town: Town) -> WhatsApper:
    """An chose Dutch, gave a name and a postcode."""
    an = WhatsApper(town)
    for text in ("hallo", "1", "An", "9000"):
        an.say(text)
    return an


def test_whatsapp_to_counsellor_and_back(town: Town) -> None:
    an = WhatsApper(town)
    hello, language = an.say("hallo")
    assert "Ik ben een computer" in hello
    assert "\n1. Nederlands\n2. Français\n3. English" in language
    assert an.say("1")[0].endswith("9. sla over\n0. een mens")
    assert "postcode" in an.say("An")[0]
    assert "\n1. werk zoeken\n" in an.say("9000 Gent")[0]
    assert an.say("0")
    an.say("kheb een brief gekregen en snap er niks van")
    assert an.read() == [], "nothing of it comes by SMS"

    mieke = Counsellor(town)
    case = mieke.first_case()
    page = mieke.open(case)
    assert "WhatsApp" in page
    mieke.claim(case)
    mieke.reply(case, "Dag An, wat staat er in de brief?")
    assert an.look() == ["Dag An, wat staat er in de brief?"]
    assert an.say("dat mijn geld stopt") == [], "a person has it: the bot is silent"
    mieke.close(case)
    assert "ga verder waar we waren" in an.look()[0]


def test_a_choice_by_its_name_and_the_next_by_sms(town: Town) -> None:
    """One telephone, one conversation: what was answered in one is not asked in the other."""
    an = begun(town)
    assert an.say("werk zoeken")[0].startswith("Wat doet u nu?\n\n1. geen werk")
    assert "1 geen werk" in an.sms("wablief?")[0]
    assert "Hoe oud" in an.sms("1")[0]
    assert an.look() == []


def test_who_sends_voice_notes_is_offered_a_person(town: Town) -> None:
    an = begun(town)
    said = []
    for _ in range(3):
        assert town.network.phone(an.number).whatsapp("", media=["audio/ogg"]).status == 200
        said.append(an.look()[0])
    assert said[0].startswith("Ik kan alleen tekst lezen.")
    assert "\n1. ja, een mens\n" in said[2]


def test_two_days_later_the_counsellors_answer_goes_by_sms(town: Town, clock: Clock) -> None:
    an = begun(town)
    an.say("0")
    clock.advance(hours=48)
    mieke = Counsellor(town)
    case = mieke.first_case()
    mieke.claim(case)
    assert "kan pas weer als deze persoon hier eerst schrijft" in mieke.open(case)
    mieke.reply(case, "Dag An, hier ben ik.")
    assert (an.look(), an.read()) == ([], ["Dag An, hier ben ik."])


def test_who_stops_there_is_left_in_peace_by_sms_too(town: Town) -> None:
    an = begun(town)
    assert len(an.say("STOP")) == 1
    town.rounds()
    assert (an.look(), an.read()) == ([], [])
    assert an.say("START")
