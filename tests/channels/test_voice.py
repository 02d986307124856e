"""The telephone: what Twilio posts becomes an Inbound; a turn's words become TwiML that Twilio can follow."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from bot.calls import Bridge
from bot.flow import Flow
from bot.messages import Inbound, Kind, Media, Mode, Next, Said, Unreadable, Urn
from bot.session import Prompt, Scene, Session
from bot.wording import Context, Wording
from channels import twilio
from channels.voice import VOICES, Telephone
from tests.channels.conftest import LANGUAGES, PUBLIC, Provider, account, find, scene, send, sessions
from tests.channels.shapes import AN, CALL_SID, OURS, RECORDING_SID, RECORDING_URL, Form, turn_form, voice_form, without

PHONE = Telephone(account())
TWILIO_VOICES = {
    "nl": ("nl-BE", "nl-BE"),
    "fr": ("fr-BE", "fr-FR"),
    "en": ("en-GB", "en-GB"),
    "ar": ("arb", "ar-MA"),
    "tr": ("tr-TR", "tr-TR"),
    "uk": ("uk-UA", "uk-UA"),
    "ru": ("ru-RU", "ru-RU"),
    "pl": ("pl-PL", "pl-PL"),
    "ro": ("ro-RO", "ro-RO"),
    "es": ("es-ES", "es-ES"),
}
"""Say's locale and Gather's language of each of our languages."""
LONGEST_SAID = 3000
"""Characters of one Say in a voice of Polly (Twilio, error 13521)."""
LONGEST_DOCUMENT = 64 * 1024
"""Bytes of one TwiML document (Twilio, error 11750)."""


def inbound(turn: int = 1, **changes: Any) -> Inbound:
    """What a turn of the call of `shapes` amounts to."""
    usual: dict[str, Any] = {"provider_id": f"{CALL_SID}:{turn}", "urn": Urn("tel", AN), "kind": Kind.SILENCE}
    return Inbound(**{"channel": "voice", "account": OURS, **usual, **changes})


def recorded(**changes: str) -> Form:
    """What Record's action is told."""
    told = {"RecordingUrl": RECORDING_URL, "RecordingSid": RECORDING_SID, "RecordingDuration": "7", "Digits": "#"}
    return turn_form(**{**told, **changes})


def recording(seconds: int | None = 7) -> Inbound:
    """The recording of `recorded`."""
    return inbound(kind=Kind.RECORDING, media=(Media("recording", RECORDING_URL, "audio/wav", seconds),))


OUTGOING = {"Direction": "outbound-api", "From": OURS, "To": AN, "Caller": OURS, "Called": AN}
HIDDEN = Urn("hidden", CALL_SID)


@pytest.mark.parametrize(
    ("form", "turn", "expected"),
    [
        pytest.param(voice_form(), 0, inbound(0, kind=Kind.CALL), id="a call begins"),
        pytest.param(voice_form(Digits="1"), 0, inbound(0, kind=Kind.CALL), id="a call begins with keys"),
        pytest.param(turn_form(Digits="1", FinishedOnKey=""), 1, inbound(kind=Kind.KEYS, text="1"), id="a key"),
        pytest.param(turn_form(Digits="9000"), 7, inbound(7, kind=Kind.KEYS, text="9000"), id="four keys"),
        pytest.param(turn_form(Digits="*"), 1, inbound(kind=Kind.KEYS, text="*"), id="star"),
        pytest.param(turn_form(Digits="#"), 1, inbound(kind=Kind.KEYS, text="#"), id="hash"),
        pytest.param(turn_form(Digits="1" * 99), 1, inbound(kind=Kind.KEYS, text="1" * 32), id="endless keys"),
        pytest.param(
            turn_form(SpeechResult="Een opleiding.", Confidence="0.93", Language="nl-BE"),
            1,
            inbound(kind=Kind.SPEECH, text="Een opleiding.", heard=0.93),
            id="speech",
        ),
        pytest.param(
            turn_form(Digits="2", SpeechResult="twee", Confidence="0.5"),
            1,
            inbound(kind=Kind.KEYS, text="2"),
            id="keys before speech",
        ),
        pytest.param(turn_form(), 1, inbound(), id="silence"),
        pytest.param(turn_form(Digits=""), 1, inbound(), id="silence with empty keys"),
        pytest.param(turn_form(SpeechResult="", Confidence="0.0"), 1, inbound(), id="silence with empty speech"),
        pytest.param(recorded(), 1, recording(), id="recording"),
        pytest.param(recorded(Digits="hangup"), 1, recording(), id="recording ended by hanging up"),
        pytest.param(recorded(RecordingDuration="-1"), 1, recording(None), id="recording of unknown length"),
        pytest.param(recorded(RecordingDuration="²"), 1, recording(None), id="recording of strange length"),
        pytest.param(without(recorded(), "RecordingDuration"), 1, recording(None), id="recording without length"),
        pytest.param(turn_form(**OUTGOING), 1, inbound(), id="a call of ours"),
        pytest.param(
            turn_form(**{**OUTGOING, "Direction": "outbound-dial"}), 1, inbound(), id="the other leg of a call of ours"
        ),
        pytest.param(voice_form(From="anonymous"), 0, inbound(0, kind=Kind.CALL, urn=HIDDEN), id="anonymous"),
        pytest.param(voice_form(From="Anonymous"), 0, inbound(0, kind=Kind.CALL, urn=HIDDEN), id="Anonymous"),
        pytest.param(voice_form(From="Restricted"), 0, inbound(0, kind=Kind.CALL, urn=HIDDEN), id="restricted"),
        pytest.param(voice_form(From="+266696687"), 0, inbound(0, kind=Kind.CALL, urn=HIDDEN), id="A N O N Y M O U S"),
        pytest.param(
            voice_form(From="+7378742883"), 0, inbound(0, kind=Kind.CALL, urn=HIDDEN), id="R E S T R I C T E D"
        ),
        pytest.param(voice_form(From="+86282452253"), 0, inbound(0, kind=Kind.CALL, urn=HIDDEN), id="U N A V A I L"),
        pytest.param(voice_form(From="unknown"), 0, inbound(0, kind=Kind.CALL, urn=HIDDEN), id="unknown"),
        pytest.param(voice_form(From=""), 0, inbound(0, kind=Kind.CALL, urn=HIDDEN), id="empty number"),
        pytest.param(voice_form(From="sip:an@example.com"), 0, inbound(0, kind=Kind.CALL, urn=HIDDEN), id="SIP"),
        pytest.param(without(voice_form(), "From"), 0, inbound(0, kind=Kind.CALL, urn=HIDDEN), id="without number"),
        pytest.param(without(voice_form(), "To"), 0, inbound(0, kind=Kind.CALL), id="without our number"),
        pytest.param(
            without(voice_form(), "StirVerstat", "CallToken"), 0, inbound(0, kind=Kind.CALL), id="not attested"
        ),
    ],
)
def test_a_form_becomes_an_inbound(form: Form, turn: int, expected: Inbound) -> None:
    assert PHONE.parse(form, turn) == expected


@pytest.mark.parametrize(
    "form", [without(voice_form(), "CallSid"), voice_form(CallSid=""), {}], ids=["no", "empty", "nil"]
)
def test_a_call_without_a_sid_is_unreadable(form: Form) -> None:
    with pytest.raises(Unreadable):
        PHONE.parse(form, 0)


def test_two_hidden_callers_are_two_people() -> None:
    one, other = (PHONE.parse(voice_form(From="anonymous", CallSid=sid), 0) for sid in (CALL_SID, "CA" + "e5" * 16))
    assert one.urn != other.urn


# Rendering


def document(*said: Said, turn: int = 3) -> Element:
    """The TwiML of a turn."""
    raw = PHONE.render(said, turn)
    assert raw.startswith("<?xml"), "nothing may stand before the declaration (Twilio, error 12100)"
    assert len(raw.encode()) <= LONGEST_DOCUMENT
    return ElementTree.fromstring(raw)


def verbs(root: Element) -> list[str]:
    """The names of the verbs, in order."""
    return [verb.tag for verb in root]


@pytest.mark.parametrize("language", VOICES)
def test_a_question_listens_to_keys_and_speech_in_its_language(language: str) -> None:
    (gather,) = document(Said("Dag", language))
    assert gather.tag == "Gather"
    assert gather.attrib == {
        "input": "dtmf speech",
        "action": f"{PUBLIC}/voice/turn/3",
        "method": "POST",
        "timeout": "8",
        "speechTimeout": "2",
        "finishOnKey": "",
        "actionOnEmptyResult": "true",
        "language": TWILIO_VOICES[language][1],
        "numDigits": "1",
    }


def test_a_question_for_any_number_of_keys_waits_for_no_number() -> None:
    (gather,) = document(Said("Dag", "nl", digits=0))
    assert "numDigits" not in gather.attrib


@pytest.mark.parametrize("language", VOICES)
def test_a_language_is_spoken_by_a_voice_of_that_language(language: str) -> None:
    say = document(Said("Dag", language))[0][0]
    assert say.attrib["language"] == TWILIO_VOICES[language][0]
    assert say.attrib["voice"] == VOICES[language].name
    assert say.attrib["voice"].startswith(("Polly.", "Google."))


def test_every_language_of_ours_has_a_voice() -> None:
    assert set(LANGUAGES) <= set(VOICES)


def test_no_language_is_spoken_in_anothers_voice() -> None:
    with pytest.raises(KeyError):
        PHONE.render([Said("Dag", "fa")], 1)


def test_several_languages_in_one_prompt_each_have_their_voice() -> None:
    (gather,) = document(*(Said(f"{language}", language) for language in VOICES))
    heard = [(say.attrib["language"], say[0].text) for say in gather]
    assert heard == [(TWILIO_VOICES[language][0], language) for language in VOICES]
    assert gather.attrib["language"] == TWILIO_VOICES["es"][1], "it listens in the language spoken last"


def test_a_gather_holds_only_what_it_may() -> None:
    (gather,) = document(Said("a", "nl"), Said("b", "fr"))
    assert {child.tag for child in gather} <= {"Say", "Play", "Pause"}


@pytest.mark.parametrize("next_", Next)
def test_signs_of_xml_are_read_out_as_they_are(next_: Next) -> None:
    words = "An & Bo: 1 < 2 > 0 \"'"
    root = document(Said(words, "nl", next=next_))
    assert ["".join(say.itertext()) for say in root.iter("Say")] == [words]


@pytest.mark.parametrize(("slow", "rate"), [(False, "88%"), (True, "75%")], ids=["first time", "again"])
def test_who_asks_again_hears_it_slower(slow: bool, rate: str) -> None:
    assert [part.attrib["rate"] for part in document(Said("Dag", "nl", slow=slow)).iter("prosody")] == [rate]


def test_a_recording_goes_on_also_when_nothing_was_recorded() -> None:
    root = document(Said("Spreek", "nl", next=Next.RECORD))
    assert verbs(root) == ["Say", "Record", "Redirect"]
    action = f"{PUBLIC}/voice/turn/3"
    assert (root[1].attrib["action"], root[1].attrib["method"]) == (action, "POST")
    assert (root[1].attrib["maxLength"], root[1].attrib["finishOnKey"], root[1].attrib["playBeep"]) == (
        "120",
        "#",
        "true",
    )
    assert (root[2].text, root[2].attrib["method"]) == (action, "POST")


def test_a_goodbye_hangs_up() -> None:
    assert verbs(document(Said("Dag", "nl"), Said("Tot ziens", "nl", next=Next.HANG_UP))) == ["Say", "Say", "Hangup"]


def test_nothing_to_say_hangs_up() -> None:
    assert verbs(document()) == ["Hangup"]


def test_what_follows_is_what_the_last_words_say() -> None:
    assert verbs(document(Said("a", "nl", next=Next.HANG_UP), Said("b", "nl"))) == ["Gather"]


# The whole intake, spoken

FACTS = [{"phone": "yes"}, {"phone": "hidden", "hidden": "yes"}]


def spoken(wording: Wording, scene: Scene, session: Session) -> tuple[Said, ...]:
    """The words of a session's open question."""
    return wording.say((Prompt(step=session.step),), scene, session, Context({}))


@pytest.mark.parametrize("facts", FACTS, ids=["number known", "number hidden"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_can_be_spoken(flow: Flow, wording: Wording, language: str, facts: dict[str, str]) -> None:
    taken = scene(flow, Mode.VOICE, facts)
    for session in sessions(flow, language):
        (gather,) = document(*spoken(wording, taken, session))
        assert gather.tag == "Gather"
        assert all(0 < len("".join(say.itertext())) <= LONGEST_SAID for say in gather.iter("Say"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_postcode_waits_for_four_keys(flow: Flow, wording: Wording, language: str) -> None:
    session = Session(flow.name, flow.version, language=language, step="postcode")
    (gather,) = document(*spoken(wording, scene(flow, Mode.VOICE), session))
    assert gather.attrib["numDigits"] == "4"


def test_a_phone_number_waits_for_as_many_keys_as_come(flow: Flow, wording: Wording) -> None:
    session = Session(flow.name, flow.version, step="hidden_phone")
    (gather,) = document(*spoken(wording, scene(flow, Mode.VOICE), session))
    assert "numDigits" not in gather.attrib


def test_the_longest_answers_can_be_read_back(flow: Flow, wording: Wording) -> None:
    answers = {"name": ("a" * 2000,), "brings": ("else",), "story": ("b" * 2000,)}
    session = Session(flow.name, flow.version, step="review", answers=answers)
    root = document(*spoken(wording, scene(flow, Mode.VOICE), session))
    assert max(len("".join(say.itertext())) for say in root.iter("Say")) <= LONGEST_SAID


def test_the_longest_reply_can_be_spoken() -> None:
    assert max(len("".join(say.itertext())) for say in document(Said("é" * 1600, "nl")).iter("Say")) <= LONGEST_SAID


# Calling

BRIDGE = f"{PUBLIC}/voice/bridge/a-token"


def test_only_a_key_connects_a_counsellor_and_a_mailbox_is_hung_up_on() -> None:
    root = ElementTree.fromstring(PHONE.ask_key(Said("Druk 1", "nl"), "a-token"))
    assert verbs(root) == ["Gather", "Gather", "Hangup"]
    assert {(gather.attrib["input"], gather.attrib["action"]) for gather in root[:2]} == {("dtmf", f"{BRIDGE}/key")}


def test_a_contact_is_dialled_from_our_number_and_not_for_ever() -> None:
    (dial,) = ElementTree.fromstring(PHONE.connect(Bridge(AN, OURS), "a-token"))
    assert dial.attrib == {
        "callerId": OURS,
        "timeLimit": "3600",
        "timeout": "30",
        "answerOnBridge": "true",
        "action": f"{BRIDGE}/over",
        "method": "POST",
    }
    (number,) = dial
    assert number.text == AN
    assert number.attrib == {
        "statusCallback": f"{BRIDGE}/theirs",
        "statusCallbackEvent": "answered completed",
        "statusCallbackMethod": "POST",
    }


@pytest.mark.parametrize("status", ["eaten", ""])
def test_an_unknown_word_about_a_telephone_is_unreadable(status: str) -> None:
    with pytest.raises(Unreadable):
        twilio.parse_dial({"DialCallStatus": status})


def test_the_sid_of_the_call_is_kept(provider: Provider) -> None:
    provider.says(201, {"sid": CALL_SID, "status": "queued"})
    assert send("voice", provider.url) == CALL_SID


def test_a_call_of_an_uncertain_try_is_found(provider: Provider) -> None:
    provider.says(200, {"calls": [{"sid": CALL_SID}], "page": 0, "page_size": 20, "next_page_uri": None})
    assert find("voice", provider.url) == [CALL_SID]
