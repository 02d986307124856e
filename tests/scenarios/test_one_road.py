"""Whole conversations through the front door: signed webhooks in, providers' interfaces out, a counsellor between."""

from __future__ import annotations

import re

from tests.scenarios.people import AN, Chatter, Counsellor, Writer
from town import Town


def test_sms_to_counsellor_and_back(town: Town) -> None:
    an = Writer(town)
    hello, language = an.sms("hallo")
    assert "Ik ben een computer" in hello
    assert "1 Nederlands" in language
    assert "noemen" in an.sms("1")[0]
    assert "postcode" in an.sms("An")[0]
    assert "1 werk zoeken" in an.sms("9000 Gent")[0]
    assert "Een mens van VDAB antwoordt u hier" in an.sms("0")[0]
    assert an.sms("ik heb een brief van de RVA") == [an_waiting()]

    mieke = Counsellor(town)
    assert "An" in mieke.queue()
    case = mieke.first_case()
    page = mieke.open(case)
    assert "ik heb een brief van de RVA" in page
    assert "9000" in page
    mieke.claim(case)
    mieke.reply(case, "Dag An, ik ben Mieke. Wat staat er in de brief?")
    assert an.read() == ["Dag An, ik ben Mieke. Wat staat er in de brief?"]

    assert an.sms("dat mijn geld stopt") == [], "a person has it: the bot is silent"
    assert "dat mijn geld stopt" in mieke.open(case)

    mieke.close(case)
    back = an.read()
    assert len(back) == 1
    assert "ga verder waar we waren" in back[0]
    assert "1 werk zoeken" in back[0]
    assert "geen werk" in an.sms("1")[0]


def an_waiting() -> str:
    return "Een mens van VDAB krijgt uw vraag. U krijgt antwoord op een werkdag. Verder met de vragen? Stuur MENU."


def test_the_whole_intake_by_sms_ends_with_people(town: Town) -> None:
    an = Writer(town)
    for text in ("hallo", "1", "An", "9000", "2", "1", "2", "3", "1 2", "2", "1", "1"):
        review = an.sms(text)
    assert review[-1].startswith(
        "Klopt dit? An, 9000, een opleiding, geen werk, 18 tot 29, internet: nee, dat lukt niet"
    )
    assert "1 naam" in an.sms("2")[0]
    assert "postcode" in an.sms("2")[0]
    assert "8000" in an.sms("8000")[0], "read back again, with the answer that was corrected"
    proposal, done = an.sms("1")
    assert "Ons voorstel: een gesprek met een jongerenconsulent." in proposal
    assert "leest uw antwoorden" in done
    mieke = Counsellor(town)
    page = mieke.open(mieke.first_case())
    assert "8000" in page
    assert "woning, geld" in page


def test_telegram_to_counsellor_and_back(town: Town) -> None:
    sara = Chatter(town)
    assert len(sara.say("/start")) == 2
    assert sara.buttons()[:3] == ["Nederlands", "Français", "English"]
    assert sara.buttons()[-1] == "een mens"
    sara.press("Nederlands")
    sara.say("sara")
    sara.say("2000")
    sara.press("werk zoeken")
    assert "gedacht" not in sara.press("geen werk")[0]
    assert "Dit antwoordt" not in sara.press("een mens")[0]
    mieke = Counsellor(town)
    case = mieke.first_case()
    mieke.claim(case)
    mieke.reply(case, "Dag Sara <3 & welkom")
    assert sara.read() == ["Dag Sara <3 & welkom"]
    assert sara.say("yes danku") == []
    mieke.close(case)
    assert "Hoe oud bent u?" in sara.read()[0]


def test_an_old_telegram_button_still_means_what_it_meant(town: Town) -> None:
    sara = Chatter(town)
    for text in ("hallo", "nl", "sara", "2000"):
        sara.say(text)
    sara.press("werk zoeken")
    changed = sara.press("een opleiding")
    assert changed[0].startswith("Ik heb het veranderd.")
    assert "Wat doet u nu?" in changed[0], "the question that was open stays open"
    mieke_sees = _answers_after_asking_a_person(town, sara)
    assert "een opleiding" in mieke_sees


def _answers_after_asking_a_person(town: Town, sara: Chatter) -> str:
    sara.say("0")
    mieke = Counsellor(town)
    return mieke.open(mieke.first_case())


def test_every_pressed_button_stops_waiting(town: Town) -> None:
    sara = Chatter(town)
    sara.say("hallo")
    sara.press("Nederlands")
    assert len(town.network.telegram(sara.user_id).answered_callbacks) == 1


def test_voice_to_counsellor_and_back(town: Town) -> None:
    call = town.network.phone(AN).call()
    assert "Ik ben een computer" in call.said
    assert ("en-GB", "Polly.Amy-Neural") in [(h.language, h.voice) for h in call.transcript if h.kind == "say"]
    call.press("1")
    call.say("An")
    call.press("9000")
    assert "Werk zoeken: druk 1" in call.said
    call.press("0")
    assert "belt u terug" in call.said
    call.say("ik heb een brief van de RVA gekregen")
    assert "Dank u" in call.said
    assert call.status == "completed"

    mieke = Counsellor(town)
    case = mieke.first_case()
    assert "ik heb een brief van de RVA gekregen" in mieke.open(case)
    mieke.claim(case)
    mieke.reply(case, "Bel ons morgen om tien uur.", "voice")
    town.settle()
    ringing = town.network.phone(AN).ringing
    assert len(ringing) == 1
    ringing[0].pick_up()
    assert "Bel ons morgen om tien uur." in ringing[0].said
    ringing[0].say("dat is goed")
    town.settle()
    assert "dat is goed" in mieke.open(case)


def test_a_caller_who_hangs_up_goes_on_at_the_same_place(town: Town) -> None:
    call = town.network.phone(AN).call()
    call.press("1")
    call.say("An")
    call.hang_up()
    again = town.network.phone(AN).call()
    assert "Dag An" in again.said
    assert "postcode" in again.said


def test_a_caller_who_says_nothing_gets_a_person(town: Town) -> None:
    call = town.network.phone(AN).call()
    call.press("1")
    call.silence()
    assert "Ik hoor niets" in call.said
    call.silence()
    call.silence()
    assert "Waarvoor belt u" in call.said
    call.silence()
    assert call.waiting == "record", "who is not heard can leave a recording"
    call.record("euh", seconds=7)
    assert "Dank u" in call.said
    assert call.status == "completed"
    mieke = Counsellor(town)
    case = mieke.first_case()
    [path] = re.findall(rf"/console/cases/{case}/recordings/\d+", mieke.open(case))
    heard = mieke.web.get(path)
    assert (heard.status_code, heard.content_type, heard.data[:4]) == (200, "audio/wav", b"RIFF")


def test_a_recording_that_is_not_ready_is_asked_for_later(town: Town) -> None:
    call = town.network.phone(AN).call()
    call.press("0")
    call.silence()
    town.network.recordings.late = 1
    call.record("euh", seconds=3)
    mieke = Counsellor(town)
    case = mieke.first_case()
    [path] = re.findall(rf"/console/cases/{case}/recordings/\d+", mieke.open(case))
    assert [mieke.web.get(path).status_code for _ in range(2)] == [503, 200]


def test_a_wrong_key_gets_other_words_and_a_repeat_is_slower(town: Town) -> None:
    call = town.network.phone(AN).call()
    call.press("7")
    assert "begrijp ik niet" in call.said
    call.press("*")
    assert call.transcript[-1].rate == "75%" or any(h.rate == "75%" for h in call.transcript)


def test_sms_then_voice(town: Town) -> None:
    an = Writer(town)
    for text in ("hallo", "1", "An", "9000"):
        an.sms(text)
    call = town.network.phone(AN).call()
    assert "Waarmee kan VDAB u helpen?" in call.said
    call.press("1")
    assert "Wat doet u nu?" in call.said
    call.hang_up()
    town.settle()
    assert "Hoe oud bent u?" in an.sms("1")[0], "and the other way round"


def test_a_hidden_number_gets_a_person_too(town: Town) -> None:
    call = town.network.phone("anonymous").call()
    call.press("0")
    assert "Ik zie uw nummer niet" in call.said
    call.say("nul vier zeven nul nul nul nul nul nul vijf, ik zoek werk")
    assert call.status == "completed"
    mieke = Counsellor(town)
    assert "ik zoek werk" in mieke.open(mieke.first_case())
