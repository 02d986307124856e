"""TwiML is read as Twilio reads it, errors included."""

from __future__ import annotations

import pytest

from playground.twiml import TwimlError, read_messages, read_verbs
from playground.verbs import Dial, Gather, Hangup, Pause, Play, Record, Redirect, Reject, Say
from playground.voices import fault_of
from tests.playground.playground_town import xml

GOOD = [
    ("<Say>Dag  u\n</Say>", Say("Dag u", None, None, None, 1)),
    (
        '<Say language="nl-BE" voice="Polly.Lisa-Neural" loop="2">'
        '<prosody rate="85%">Dag<break time="1s"/> An</prosody></Say>',
        Say("Dag An", "nl-BE", "Polly.Lisa-Neural", "85%", 2),
    ),
    ('<Say voice="Polly.Zeina" language="arb">مرحبا</Say>', Say("مرحبا", "arb", "Polly.Zeina", None, 1)),
    (
        '<Say voice="Google.uk-UA-Standard-A" language="uk-UA">Так</Say>',
        Say("Так", "uk-UA", "Google.uk-UA-Standard-A", None, 1),
    ),
    ("<Play>http://127.0.0.1/a.wav</Play>", Play("http://127.0.0.1/a.wav", "", 1)),
    ('<Play digits="1w2"/>', Play("", "1w2", 1)),
    ("<Pause/>", Pause(1)),
    ('<Pause length="3"/>', Pause(3)),
    ("<Redirect method='GET'>/a</Redirect>", Redirect("/a", "GET")),
    ("<Hangup/>", Hangup()),
    ('<Reject reason="busy"/>', Reject("busy")),
    ("<Dial>+32470000009</Dial>", Dial("+32470000009", 30, "", "POST")),
    (
        "<Dial callerId='+32460000000' timeLimit='60'><Number statusCallback='/s' statusCallbackEvent='answered"
        " completed'>+32470000009</Number></Dial>",
        Dial("+32470000009", 30, "", "POST", 60, "+32460000000", "/s", ("answered", "completed")),
    ),
    ("<Dial timeout='9' action='/d'><Number>+32470000009</Number></Dial>", Dial("+32470000009", 9, "/d", "POST")),
]


@pytest.mark.parametrize(("inner", "verb"), GOOD)
def test_a_verb(inner: str, verb: object) -> None:
    assert read_verbs(xml(inner), "text/xml; charset=utf-8") == [verb]


def test_gather_has_twilios_defaults() -> None:
    (verb,) = read_verbs(xml("<Gather><Say>Kies</Say><Pause/></Gather>"), "application/xml")
    assert isinstance(verb, Gather)
    assert (verb.inputs, verb.timeout, verb.digits, verb.finish) == (("dtmf",), 5, 0, "#")
    assert (verb.action, verb.method, verb.on_empty) == ("", "POST", False)
    assert [type(prompt) for prompt in verb.prompts] == [Say, Pause]


def test_gather_as_asked() -> None:
    given = (
        '<Gather input="dtmf speech" timeout="8" numDigits="1" finishOnKey="" action="/t/1" method="GET"'
        ' actionOnEmptyResult="true" speechTimeout="2" language="nl-BE" hints="ja, nee" bargeIn="false"/>'
    )
    (verb,) = read_verbs(xml(given), "text/xml")
    assert verb == Gather((), ("dtmf", "speech"), "nl-BE", 8, 1, "", "/t/1", "GET", True, "ja, nee", "2", False)


def test_record_as_asked() -> None:
    given = (
        '<Record action="/r" timeout="4" maxLength="60" finishOnKey="#" playBeep="false"'
        ' recordingStatusCallback="/receipts"/>'
    )
    assert read_verbs(xml(given), "text/xml") == [Record("/r", "POST", 4, 60, "#", False, "/receipts")]


BAD = [
    (" " + xml("<Say>a</Say>"), 12100),
    ("\n" + xml(""), 12100),
    ("", 12100),
    ("<Response><Say>a</Response>", 12100),
    ('<!DOCTYPE r [<!ENTITY a "b">]><Response/>', 12100),
    ("<Other/>", 12102),
    (xml("<Speak>a</Speak>"), 12200),
    (xml("<say>a</say>"), 12200),
    (xml('<Say tempo="1">a</Say>'), 12200),
    (xml('<Gather numdigits="1"/>'), 12200),
    (xml("<Say><b>a</b></Say>"), 12200),
    (xml('<Redirect method="PUT">/a</Redirect>'), 12200),
    (xml("<Dial><Sip>sip:a@b</Sip></Dial>"), 12200),
    (xml("<Dial/>"), 13223),
    (xml("<Gather><Redirect>/a</Redirect></Gather>"), 13320),
    (xml('<Gather input="voice"/>'), 13320),
    (xml('<Gather input="speech" language="fr-BE"/>'), 13320),
    (xml('<Gather input="dtmf speech" language="ar-SY"/>'), 13320),
    (xml('<Gather timeout="soon"/>'), 13313),
    (xml(f'<Gather timeout="{"9" * 5000}"/>'), 13313),
    (xml('<Gather numDigits="0"/>'), 13314),
    (xml('<Gather finishOnKey="A"/>'), 13310),
    (xml('<Gather input="speech" speechTimeout="-1"/>'), 13327),
    (xml(f"<Say>{'a' * 4097}</Say>"), 13520),
    (xml(f'<Say voice="Polly.Lisa" language="nl-BE">{"a" * 3001}</Say>'), 13521),
    (xml('<Say voice="Polly.Nobody">a</Say>'), 13511),
    (xml('<Say voice="Siri">a</Say>'), 13511),
    (xml('<Say voice="Polly.Lisa-Neural" language="fr-BE">a</Say>'), 13512),
    (xml('<Gather><Say voice="Polly.Amy-Neural" language="nl-BE">a</Say></Gather>'), 13512),
    (xml(f"<Pause/>{' ' * 65536}"), 11750),
]


@pytest.mark.parametrize(("document", "code"), BAD, ids=range(len(BAD)))
def test_an_error_of_twilios(document: str, code: int) -> None:
    with pytest.raises(TwimlError) as caught:
        read_verbs(document, "text/xml")
    assert caught.value.code == code


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_voice_wants_xml(kind: str) -> None:
    with pytest.raises(TwimlError) as caught:
        read_verbs(xml("<Hangup/>"), kind)
    assert caught.value.code == 12300


def test_fr_be_speech_is_heard_as_fr_fr_only() -> None:
    assert read_verbs(xml('<Gather input="speech" language="fr-FR"/>'), "text/xml")
    assert read_verbs(xml('<Gather input="dtmf" language="fr-BE"/>'), "text/xml")


@pytest.mark.parametrize(
    ("voice", "language"),
    [
        ("Polly.Lisa-Neural", "nl-BE"),
        ("Polly.Isabelle-Neural", "fr-BE"),
        ("Polly.Amy-Neural", "en-GB"),
        ("Polly.Filiz", "tr-TR"),
        ("Polly.Tatyana", "ru-RU"),
        ("Polly.Ola-Neural", "pl-PL"),
        ("Polly.Carmen", "ro-RO"),
        ("Polly.Lucia-Neural", "es-ES"),
        ("Google.bg-BG-Standard-A", "bg-BG"),
        ("alice", "nl-NL"),
        (None, "nl-BE"),
    ],
)
def test_a_voice_speaks_its_language(voice: str | None, language: str) -> None:
    assert fault_of(voice, language) is None


@pytest.mark.parametrize(
    ("body", "kind", "texts"),
    [
        ("", "text/html", []),
        (xml(""), "text/xml", []),
        (xml("<Message>Dag</Message><Message><Body>Ja</Body></Message>"), "application/xml", ["Dag", "Ja"]),
        ("Dag", "text/plain", ["Dag"]),
    ],
)
def test_answers_to_a_message(body: str, kind: str, texts: list[str]) -> None:
    assert read_messages(body, kind) == texts


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        ('{"a": 1}', "application/json", 12300),
        (xml("<Say>a</Say>"), "text/xml", 12200),
        (xml(f"<Message>{'a' * 1601}</Message>"), "text/xml", 14103),
        (xml("<Message>a</Message>" * 11), "text/xml", 14109),
    ],
)
def test_bad_answers_to_a_message(body: str, kind: str, code: int) -> None:
    with pytest.raises(TwimlError) as caught:
        read_messages(body, kind)
    assert caught.value.code == code
