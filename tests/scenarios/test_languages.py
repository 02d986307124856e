"""People who write and speak other languages than Dutch, through the front door."""

from __future__ import annotations

import pytest

from tests.scenarios.people import AN, BEN, Chatter, Counsellor, Writer
from town import Town


def test_a_first_message_in_arabic_is_answered_in_both_and_the_intake_goes_on_in_arabic(town: Town) -> None:
    amina = Writer(town)
    dutch, arabic, language = amina.sms("السلام عليكم اريد عمل من فضلكم")
    assert "Ik ben een computer" in dutch
    assert "كمبيوتر" in arabic
    assert "4 Arabi" in language
    assert any("اسم" in text for text in amina.sms("4"))
    amina.sms("أمينة")
    assert "9000" not in amina.sms("٩٠٠٠")[0], "the postcode in Arabic digits was understood"
    assert "شخص" in amina.sms("0")[0], "a person answers: now, or when somebody is there"
    mieke = Counsellor(town)
    page = mieke.open(mieke.first_case())
    assert "أمينة" in page
    assert "9000" in page


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("زوجي يضربني", "112"),
        ("bghit nmout", "1813"),
        ("ölmek istiyorum", "1813"),
        ("я хочу умереть", "1813"),
        ("je veux mourir", "1813"),
        ("kzie het nimeer zitten", "1813"),
        ("mąż mnie bije", "112"),
        ("vreau sa mor", "1813"),
        ("quiero morir", "1813"),
        ("я не хочу жити", "1813"),
        ("می خواهم بمیرم", "1813"),
        ("waan dhimanayaa, waxaan rabaa inaan is dilo", "1813"),
    ],
)
def test_an_alarm_in_any_language_while_a_counsellor_has_the_case(town: Town, text: str, number: str) -> None:
    """The contact chose Dutch, a person answers, and the bot is silent, but not now."""
    an = Writer(town)
    for word in ("hallo", "1", "An", "0"):
        an.sms(word)
    mieke = Counsellor(town)
    case = mieke.first_case()
    mieke.claim(case)
    assert an.sms("dag mieke") == []
    (answer,) = an.sms(text)
    assert number in answer
    assert "niemand gebeld" in answer
    page = mieke.open(case)
    assert "Gevaar" in page or "Heeft het zwaar" in page


def test_telegram_in_ukrainian_with_an_answer_asked_back(town: Town) -> None:
    olena = Chatter(town)
    olena.say("/start")
    assert olena.buttons()[:4] == ["Nederlands", "Français", "English", "العربية"]
    assert "Soomaali" in olena.buttons()
    olena.press("Українська")
    olena.say("Олена")
    olena.say("дев'ять тисяч")
    assert len(olena.buttons()) >= 5
    olena.say("мабуть 2")
    assert olena.buttons() == ["так", "ні"]
    before = olena.press("так")
    assert before


def test_a_caller_hears_each_language_in_its_own_voice(town: Town) -> None:
    call = town.network.phone(AN).call()
    call.press("4")
    heard = [(h.language, h.voice) for h in call.transcript if h.kind == "say"]
    assert ("arb", "Polly.Zeina") in heard
    assert ("tr-TR", "Polly.Filiz") in heard
    call.press("1")
    last = [(h.language, h.voice) for h in call.transcript if h.kind == "say"][-1]
    assert last == ("arb", "Polly.Zeina")


def test_who_speaks_somali_gets_a_person_and_no_borrowed_voice(town: Town) -> None:
    hodan = Writer(town, BEN)
    hodan.sms("hallo")
    (answer,) = hodan.sms("14")
    assert "VDAB" in answer
    assert "Een mens" not in answer
    call = town.network.phone(BEN).call()
    spoken = {h.language for h in call.transcript if h.kind == "say"}
    assert spoken == {"nl-BE", "fr-BE", "en-GB"}
    call.say("Hodan, work")
    mieke = Counsellor(town)
    assert "Hodan, work" in mieke.open(mieke.first_case())


def test_a_speech_result_that_was_hardly_heard_is_asked_back(town: Town) -> None:
    call = town.network.phone(AN).call()
    call.press("1")
    call.say("An")
    call.press("9000")
    call.say("een opleiding", confidence=0.2)
    assert "Bedoelt u: een opleiding?" in call.said
    call.press("1")
    assert "Bedoelt u" not in call.said


@pytest.mark.parametrize(
    ("text", "asked_back"),
    [
        ("une formation", False),
        ("iş aramak", False),
        ("szukanie pracy", False),
        ("iş arıyorum", False),  # a phrase of answers.yaml
        ("bir eğitime başlamak istiyorum", True),
        ("formation svp monsieur", False),
    ],
)
def test_who_kept_dutch_may_answer_in_the_words_of_another_language(town: Town, text: str, asked_back: bool) -> None:
    an = Writer(town)
    for word in ("hallo", "1", "An"):
        an.sms(word)
    (question,) = an.sms("9000")
    (answer,) = an.sms(text)
    assert "begrijp" not in answer
    assert answer != question
    assert ("Bedoelt u" in answer) is asked_back
