"""Calls: what is heard, what the application is told, and where the line waits."""

from __future__ import annotations

import pytest

from playground import Heard, Network, NotNowError
from playground.call import Call
from playground.machine import Source
from tests.playground.playground_town import ACCOUNTS, AN, APP, BO, Doors, Seen, town, xml

CALL_PARAMETERS = {"CallSid", "AccountSid", "ApiVersion", "CallStatus", "Direction", "CallToken", "StirVerstat"} | {
    side + part for side in ("From", "To", "Caller", "Called") for part in ("", "City", "State", "Zip", "Country")
}
QUESTION = (
    '<Gather input="dtmf speech" numDigits="1" finishOnKey="" action="/voice/turn/1" language="nl-BE">'
    '<Say language="nl-BE" voice="Polly.Lisa-Neural">Voor werk: druk 1.</Say></Gather>'
)


def ring(document: str, *, path: str = "/voice") -> tuple[Network, Doors, Call]:
    network, doors = town()
    doors.say(path, document)
    return network, doors, network.phone(AN).call()


def kinds(call: Call) -> list[str]:
    return [heard.kind for heard in call.transcript]


def test_a_call_asks_the_application_what_to_say() -> None:
    _, doors, call = ring(xml("<Say>Dag.</Say>" + QUESTION))
    (seen,) = doors.at("/voice")
    assert seen.signed
    assert set(seen.form) == CALL_PARAMETERS
    assert (seen.form["From"], seen.form["Caller"], seen.form["To"]) == (AN, AN, ACCOUNTS.number)
    assert (seen.form["CallStatus"], seen.form["Direction"]) == ("ringing", "inbound")
    assert (call.status, call.waiting) == ("in-progress", "gather")
    assert call.said == "Dag. Voor werk: druk 1."
    assert call.transcript[1] == Heard("say", "Voor werk: druk 1.", "nl-BE", "Polly.Lisa-Neural")


def test_a_key_answers_the_question() -> None:
    _, doors, call = ring(xml(QUESTION))
    doors.say("/voice/turn/1", xml("<Say>Goed.</Say><Hangup/>"))
    call.press("1")
    (seen,) = doors.at("/voice/turn/1")
    assert (seen.form["Digits"], seen.form["CallStatus"], seen.signed) == ("1", "in-progress", True)
    assert "FinishedOnKey" not in seen.form
    assert call.said == "Goed."
    assert kinds(call) == ["say", "you", "say", "hangup"]
    assert call.status == "completed"


def test_speech_answers_the_question() -> None:
    _, doors, call = ring(xml(QUESTION))
    call.say("ja graag", confidence=0.75)
    form = doors.at("/voice/turn/1")[0].form
    assert (form["SpeechResult"], form["Confidence"], form["Language"]) == ("ja graag", "0.75", "nl-BE")


def test_speech_is_lost_on_a_gather_for_keys() -> None:
    _, doors, call = ring(xml('<Gather action="/a"/>'))
    call.say("ja")
    assert call.waiting == "gather"
    assert len(doors.seen) == 1


def test_keys_are_lost_on_a_gather_for_speech() -> None:
    _, _, call = ring(xml('<Gather input="speech" action="/a"/>'))
    call.press("1")
    assert call.waiting == "gather"


def test_digits_end_with_the_finishing_key() -> None:
    _, doors, call = ring(xml('<Gather action="/a"/>'))
    call.press("90")
    call.press("00")
    assert call.waiting == "gather"
    call.press("#")
    form = doors.at("/a")[0].form
    assert (form["Digits"], form["FinishedOnKey"]) == ("9000", "#")


def test_digits_end_with_a_pause() -> None:
    _, doors, call = ring(xml('<Gather action="/a"/>'))
    call.press("9000")
    call.silence()
    assert doors.at("/a")[0].form["Digits"] == "9000"


def test_each_digit_goes_to_the_question_that_then_waits() -> None:
    _, doors, call = ring(xml(QUESTION))
    doors.say("/voice/turn/1", xml('<Gather numDigits="1" finishOnKey="" action="/voice/turn/2"/>'))
    call.press("1*")
    assert doors.at("/voice/turn/2")[0].form["Digits"] == "*"


def test_silence_falls_through() -> None:
    _, doors, call = ring(xml(QUESTION + "<Say>Ik hoor niets.</Say><Redirect>/voice?again=1</Redirect>"))
    call.silence()
    assert call.said.startswith("Ik hoor niets.")
    assert len(doors.at("/voice")) == 2
    assert call.waiting == "gather"


def test_silence_is_told_when_asked() -> None:
    _, doors, call = ring(xml('<Gather action="/a" actionOnEmptyResult="true"/>'))
    call.silence()
    assert doors.at("/a")[0].form["Digits"] == ""


def test_a_gather_without_action_asks_its_own_document() -> None:
    _, doors, call = ring(xml('<Gather numDigits="1" method="GET"/>'))
    call.press("5")
    assert doors.at("/voice")[1].method == "GET"
    assert doors.at("/voice")[1].form["Digits"] == "5"
    assert doors.at("/voice")[1].signed


def test_the_end_of_the_document_is_the_end_of_the_call() -> None:
    network, doors, call = ring(xml("<Say>Dag.</Say><Pause length='2'/><Play>/a.wav</Play>"))
    assert kinds(call) == ["say", "pause", "play", "hangup"]
    assert network.deliver() == 1
    form = doors.at("/receipts")[0].form
    assert (form["CallSid"], form["CallStatus"], form["CallDuration"]) == (call.sid, "completed", "1")
    assert {"Timestamp", "SequenceNumber", "CallbackSource"} <= set(form)


def test_the_person_hangs_up() -> None:
    network, _, call = ring(xml(QUESTION))
    call.hang_up()
    call.hang_up()
    assert call.status == "completed"
    assert call.transcript[-1] == Heard("hangup", "you")
    assert network.deliver() == 1
    with pytest.raises(NotNowError):
        call.press("1")


def test_a_recording() -> None:
    network, doors, call = ring(
        xml('<Record action="/r" maxLength="20" finishOnKey="#" recordingStatusCallback="/receipts"/>')
    )
    assert call.waiting == "record"
    call.record("Ik zoek werk", seconds=30)
    form = doors.at("/r")[0].form
    assert (form["RecordingDuration"], form["Digits"]) == ("20", "#")
    assert form["RecordingUrl"].endswith(form["RecordingSid"])
    made = network.recordings.get(form["RecordingSid"])
    assert made is not None
    assert made.words == "Ik zoek werk"
    network.deliver()
    assert doors.at("/receipts")[0].form["RecordingStatus"] == "completed"


def test_a_silent_recording_falls_through() -> None:
    _, doors, call = ring(xml('<Record action="/r"/><Say>Niets gehoord.</Say>'))
    call.silence()
    assert not doors.at("/r")
    assert call.said == "Niets gehoord."


def test_a_key_ends_a_recording() -> None:
    _, doors, call = ring(xml('<Record action="/r" finishOnKey="*"/>'))
    call.press("1")
    assert call.waiting == "record"
    call.press("*")
    assert doors.at("/r")[0].form["Digits"] == "*"


@pytest.mark.parametrize("words", ["", "Ik zoek werk"])
def test_speaking_into_a_recording(words: str) -> None:
    _, doors, call = ring(xml('<Record action="/r"/>'))
    call.say(words)
    assert doors.at("/r")[0].form["RecordingDuration"] == "5"


def test_reject() -> None:
    network, doors, call = ring(xml('<Reject reason="busy"/>'))
    assert call.status == "busy"
    network.deliver()
    assert doors.at("/receipts")[0].form["CallDuration"] == "0"


ERRORS = [
    (" " + xml(""), "text/xml", 200, 12100),
    (xml("<Speak/>"), "text/xml", 200, 12200),
    (xml(""), "application/json", 200, 12300),
    (xml("<Gather><Hangup/></Gather>"), "text/xml", 200, 13320),
    ("", "text/html", 500, 11200),
]


@pytest.mark.parametrize(("document", "kind", "status", "code"), ERRORS)
def test_an_error_ends_the_call(document: str, kind: str, status: int, code: int) -> None:
    network, doors = town()
    doors.say("/voice", document, kind=kind, status=status)
    call = network.phone(AN).call()
    assert [(heard.kind, heard.code) for heard in call.transcript] == [("error", code), ("hangup", None)]
    assert [error.code for error in network.door_errors] == [code]
    assert call.over


def test_the_fallback_may_know_better() -> None:
    network, doors = town()
    network.line.configure({"VoiceFallbackUrl": f"{APP}/second"}, network.core.clock())
    doors.say("/voice", "", status=500)
    doors.say("/second", xml("<Say>Even geduld.</Say>"))
    call = network.phone(AN).call()
    assert call.said == "Even geduld."
    assert doors.at("/second")[0].form["ErrorCode"] == "11200"


def test_fifty_documents_are_enough() -> None:
    _, doors, call = ring(xml("<Redirect>/voice</Redirect>"))
    assert len(doors.at("/voice")) == 50
    assert call.transcript[-2].code == 14106


def test_replay_is_exact_and_changes_nothing() -> None:
    _, doors, call = ring(xml(QUESTION))
    doors.say("/voice/turn/1", xml(QUESTION))
    call.press("1")
    before = call.transcript
    assert call.replay().status == 200
    assert doors.seen[-1] == doors.seen[-2]
    assert call.transcript == before


@pytest.mark.parametrize("hidden", ["anonymous", "+266696687"])
def test_hidden_numbers_can_call(hidden: str) -> None:
    network, doors = town()
    doors.say("/voice", xml(QUESTION))
    assert network.phone(hidden).call().waiting == "gather"
    assert doors.at("/voice")[0].form["From"] == hidden


def test_dial_connects_two_phones() -> None:
    network, doors, call = ring(xml(f'<Dial action="/after" timeout="10"><Number>{BO}</Number></Dial>'))
    doors.say("/after", xml("<Say>Tot ziens.</Say>"))
    assert call.waiting == "dial"
    leg = network.phone(BO).pick_up()
    assert leg.caller == AN
    assert call.waiting == "dial"
    leg.hang_up()
    form = doors.at("/after")[0].form
    assert (form["DialCallStatus"], form["DialCallSid"], form["DialCallDuration"]) == ("completed", leg.sid, "1")
    assert call.said == "Tot ziens."


def test_dial_tells_of_the_other_phone_when_asked() -> None:
    number = f'<Number statusCallback="/leg" statusCallbackEvent="answered completed">{BO}</Number>'
    network, doors, call = ring(xml(f'<Dial callerId="{ACCOUNTS.number}">{number}</Dial>'))
    leg = network.phone(BO).pick_up()
    leg.hang_up()
    network.deliver()
    told = [seen.form for seen in doors.at("/leg")]
    assert [(form["CallStatus"], form["CallSid"], form["ParentCallSid"]) for form in told] == [
        ("in-progress", leg.sid, call.sid),
        ("completed", leg.sid, call.sid),
    ]
    assert leg.caller == told[0]["From"] == ACCOUNTS.number


@pytest.mark.parametrize(("how", "status"), [("decline", "busy"), ("silence", "no-answer")])
def test_dial_without_an_answer(how: str, status: str) -> None:
    network, doors, call = ring(xml(f'<Dial action="/after">{BO}</Dial>'))
    if how == "decline":
        network.phone(BO).decline()
    else:
        call.silence()
    assert doors.at("/after")[0].form["DialCallStatus"] == status
    assert "DialCallDuration" not in doors.at("/after")[0].form


def test_dial_without_action_goes_on() -> None:
    network, _, call = ring(xml(f"<Dial>{BO}</Dial><Say>Niemand.</Say>"))
    network.phone(BO).decline()
    assert call.said == "Niemand."


def test_hanging_up_stops_the_other_phone() -> None:
    network, doors, call = ring(xml(f'<Dial action="/after">{BO}</Dial>'))
    call.hang_up()
    assert not network.phone(BO).ringing
    assert not doors.at("/after")


def dial_out(network: Network, **more: object) -> Call:
    source = Source(url=f"{APP}/out")
    return network.exchange.dial_out(AN, source, f"{APP}/receipts", ("ringing", "answered", "completed"))


def test_the_application_rings_a_person() -> None:
    network, doors = town()
    doors.say("/out", xml(QUESTION))
    call = dial_out(network)
    network.deliver()
    assert network.phone(AN).ringing == [call]
    assert call.status == "ringing"
    assert network.phone(AN).answer() is call
    assert doors.at("/out")[0].form["Direction"] == "outbound-api"
    assert doors.at("/out")[0].form["To"] == AN
    assert call.waiting == "gather"
    call.hang_up()
    network.deliver()
    told = [(seen.form["CallStatus"], seen.form["SequenceNumber"]) for seen in doors.at("/receipts")]
    assert told == [("ringing", "0"), ("in-progress", "1"), ("completed", "2")]


@pytest.mark.parametrize(("how", "status"), [("decline", "busy"), ("silence", "no-answer"), ("hang_up", "canceled")])
def test_nobody_takes_the_call(how: str, status: str) -> None:
    network, doors = town()
    call = dial_out(network)
    getattr(call, how)()
    assert call.status == status
    network.deliver()
    assert doors.at("/receipts")[-1].form["CallStatus"] == status
    assert not doors.at("/out")
    with pytest.raises(NotNowError):
        network.phone(AN).pick_up()


def test_an_order_of_the_rest_api() -> None:
    _, _, call = ring(xml(QUESTION))
    call.order(Source(twiml=xml('<Say>Even wachten.</Say><Gather action="/voice/turn/9"/>')))
    assert (call.said, call.waiting) == ("Voor werk: druk 1. Even wachten.", "gather")
    call.order("completed")
    assert call.status == "completed"


def test_an_order_from_inside_a_turn_is_obeyed_at_its_end() -> None:
    network, doors = town()
    doors.say("/voice", xml(QUESTION))

    def end(seen: Seen) -> None:
        call = network.exchange.get(seen.form["CallSid"])
        if seen.path == "/voice" and call is not None:
            call.order("completed")

    doors.hook = end
    assert network.phone(AN).call().status == "completed"


def test_repeats_without_end_are_cut() -> None:
    _, _, call = ring(xml('<Say loop="0">Dag</Say><Play loop="0">/a.wav</Play>'))
    assert kinds(call) == ["say"] * 10 + ["play"] * 10 + ["hangup"]
