"""SMS: what Twilio posts becomes an Inbound; what we send reaches Twilio, and its refusals become our errors."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.flow import Flow
from bot.messages import (
    ContactStopped,
    Inbound,
    Kind,
    Media,
    Mode,
    Permanent,
    Retry,
    SendError,
    Uncertain,
    Unreadable,
    Urn,
)
from bot.session import Prompt, Session
from bot.wording import Context, Wording
from channels import twilio
from channels.sms import OPT_OUT, Sms
from tests.channels.conftest import (
    LANGUAGES,
    Provider,
    account,
    find,
    hanging_up,
    nobody,
    outbound,
    scene,
    send,
    sessions,
)
from tests.channels.shapes import AN, BEN, MESSAGE_SID, OURS, Form, media_url, sms_form, without

SMS = Sms(account())
TWILIO = ("sms", "whatsapp", "voice")
"""The channels that go over Twilio."""

OTHER = "+32470000009"
LONGEST_BODY = 1600
"""Characters of one message (Twilio, error 21617)."""


def inbound(**changes: Any) -> Inbound:
    """What the plain form of `shapes` amounts to."""
    usual: dict[str, Any] = {"provider_id": MESSAGE_SID, "urn": Urn("tel", AN), "kind": Kind.TEXT, "text": "Dag"}
    return Inbound(**{"channel": "sms", "account": OURS, **usual, **changes})


def picture(n: int, kind: str = "image/jpeg") -> Form:
    """The parameters of one thing in an MMS."""
    return {f"MediaUrl{n}": media_url(n), f"MediaContentType{n}": kind}


PHOTO = Media("photo", media_url(0), "image/jpeg")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        pytest.param(sms_form(), inbound(), id="plain number"),
        pytest.param(sms_form(MessagingServiceSid="MG" + "d4" * 16), inbound(), id="messaging service"),
        pytest.param(sms_form(To=OTHER), inbound(account=OTHER), id="another number of ours"),
        pytest.param(without(sms_form(), "To"), inbound(), id="without To"),
        pytest.param(sms_form(From=BEN), inbound(urn=Urn("tel", BEN)), id="another sender"),
        pytest.param(sms_form(From="+12025550123"), inbound(urn=Urn("tel", "+12025550123")), id="abroad"),
        pytest.param(sms_form("  1 \r\n"), inbound(text="1"), id="space around"),
        pytest.param(sms_form("a\r\nb"), inbound(text="a\nb"), id="two lines"),
        pytest.param(sms_form("a\x00b"), inbound(text="ab"), id="null byte"),
        pytest.param(sms_form("\u200fشكرا"), inbound(text="\u200fشكرا"), id="right to left"),
        pytest.param(sms_form("a" * 5000), inbound(text="a" * 4096), id="endless"),
        pytest.param(sms_form(""), inbound(text=""), id="empty"),
        pytest.param(without(sms_form(), "Body"), inbound(text=""), id="without Body"),
        pytest.param(sms_form("STOP"), inbound(text="STOP", payload="opted_out"), id="stop"),
        pytest.param(sms_form(" stop\n"), inbound(text="stop", payload="opted_out"), id="stop with space around"),
        pytest.param(sms_form("Stop please"), inbound(text="Stop please"), id="stop in a sentence"),
        pytest.param(
            sms_form("Arret", OptOutType="STOP"), inbound(text="Arret", payload="opted_out"), id="advanced opt-out"
        ),
        pytest.param(sms_form("START", OptOutType="START"), inbound(text="START"), id="advanced opt-in"),
        pytest.param(sms_form("HELP", OptOutType="HELP"), inbound(text="HELP"), id="advanced help"),
        pytest.param(
            sms_form("", NumMedia="1", **picture(0)), inbound(text="", kind=Kind.MEDIA, media=(PHOTO,)), id="picture"
        ),
        pytest.param(
            sms_form("Kijk", NumMedia="1", **picture(0)), inbound(text="Kijk", media=(PHOTO,)), id="picture with words"
        ),
        pytest.param(
            sms_form("", NumMedia="2", **picture(0), **picture(1, "text/vcard")),
            inbound(text="", kind=Kind.MEDIA, media=(PHOTO, Media("photo", media_url(1), "text/vcard"))),
            id="two things",
        ),
        pytest.param(without(sms_form(), "NumMedia"), inbound(), id="without NumMedia"),
    ],
)
def test_a_form_becomes_an_inbound(form: Form, expected: Inbound) -> None:
    assert SMS.parse(form) == expected


@pytest.mark.parametrize(
    "count",
    ["", "²", "٣", "-1", "1.5", "9" * 5000],
    ids=["empty", "superscript", "Arabic", "minus", "point", "endless"],
)
def test_a_strange_count_of_media_loses_no_words(count: str) -> None:
    read = SMS.parse(sms_form(NumMedia=count))
    assert (read.text, len(read.media) <= 10) == ("Dag", True)


@pytest.mark.parametrize("word", sorted(OPT_OUT))
@pytest.mark.parametrize("case", [str.lower, str.upper, str.capitalize], ids=["lower", "upper", "capitalised"])
def test_twilios_own_stop_words_are_known(word: str, case: Any) -> None:
    assert SMS.parse(sms_form(case(word))).payload == "opted_out"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(sms_form(From=f"whatsapp:{AN}"), id="WhatsApp"),
        pytest.param(sms_form(From="VDAB"), id="alphanumeric sender"),
        pytest.param(sms_form(From="8810"), id="short code"),
        pytest.param(sms_form(From=""), id="no sender"),
        pytest.param(sms_form(From="+"), id="only a plus"),
        pytest.param(sms_form(From="+٣٢٤٧٠٠٠٠٠٠١"), id="digits of another alphabet"),
        pytest.param(sms_form(From="+" + "3" * 16), id="too long for a number"),
        pytest.param(sms_form(From=AN + "\x00"), id="null byte in the number"),
        pytest.param(without(sms_form(), "From"), id="without From"),
        pytest.param(sms_form(MessageSid=""), id="empty sid"),
        pytest.param(without(sms_form(), "MessageSid"), id="without sid"),
        pytest.param({}, id="nothing"),
    ],
)
def test_what_cannot_be_answered_is_unreadable(form: Form) -> None:
    with pytest.raises(Unreadable):
        SMS.parse(form)


def test_the_answer_to_twilio_says_nothing() -> None:
    answer = ElementTree.fromstring(SMS.answer())
    assert (answer.tag, list(answer), answer.text) == ("Response", [], None)


def test_signs_that_cost_an_alphabet_are_made_plain() -> None:
    assert SMS.render(outbound("sms", "\u2018a\u2019 \u2013 b\u2026")) == "'a' - b..."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_fits_one_message(flow: Flow, wording: Wording, language: str) -> None:
    for session in sessions(flow, language):
        assert 0 < len(SMS.render(outbound("sms", asked(flow, wording, session)))) <= LONGEST_BODY


def test_the_longest_answers_can_be_read_back(flow: Flow, wording: Wording) -> None:
    session = next(session for session in sessions(flow, "nl") if session.step == "review")
    answers = {**session.answers, "name": ("a" * 1600,), "brings": ("else",), "story": ("b" * 1600,)}
    assert len(asked(flow, wording, replace(session, answers=answers))) <= LONGEST_BODY


def asked(flow: Flow, wording: Wording, session: Session) -> str:
    """The words of a session's open question."""
    (said,) = wording.say((Prompt(step=session.step),), scene(flow, Mode.TEXT), session, Context({}))
    return said.text


# Sending


def test_the_sid_of_what_was_accepted_is_kept(provider: Provider) -> None:
    provider.says(201, {"sid": MESSAGE_SID, "status": "queued"})
    assert send("sms", provider.url) == MESSAGE_SID


def refusal(status: int, code: int | None = None) -> dict[str, Any]:
    """Twilio's body of a refusal."""
    return {"code": code, "message": "No", "more_info": "", "status": status}


REFUSALS = [
    pytest.param(400, 21610, {}, ContactStopped, "21610", None, id="stopped by the person"),
    pytest.param(400, 21211, {}, Permanent, "21211", None, id="invalid To"),
    pytest.param(400, 21408, {}, Permanent, "21408", None, id="region not enabled"),
    pytest.param(400, 21612, {}, Permanent, "21612", None, id="unreachable from this sender"),
    pytest.param(400, 21614, {}, Permanent, "21614", None, id="not a mobile number"),
    pytest.param(400, 21617, {}, Permanent, "21617", None, id="too long"),
    pytest.param(400, 14107, {}, Retry, "14107", None, id="too many replies"),
    pytest.param(400, 30001, {}, Retry, "30001", None, id="queue overflow"),
    pytest.param(400, 63018, {}, Retry, "63018", None, id="too fast for WhatsApp"),
    pytest.param(400, 63016, {}, Permanent, "63016", None, id="WhatsApp's window is shut"),
    pytest.param(401, 20003, {}, Retry, "20003", None, id="wrong password"),
    pytest.param(404, 20404, {}, Permanent, "20404", None, id="no such account"),
    pytest.param(429, 20429, {"Retry_After": "7"}, Retry, "20429", 7.0, id="too fast with a time"),
    pytest.param(429, 20429, {}, Retry, "20429", None, id="too fast"),
    pytest.param(429, 20429, {"Retry_After": "soon"}, Retry, "20429", None, id="too fast with a word"),
    pytest.param(500, 20500, {}, Uncertain, "500", None, id="broken"),
    pytest.param(502, None, {}, Uncertain, "502", None, id="gateway"),
    pytest.param(503, 20503, {}, Uncertain, "503", None, id="busy"),
]


@pytest.mark.parametrize("channel", TWILIO)
@pytest.mark.parametrize(("status", "code", "headers", "kind", "ours", "after"), REFUSALS)
def test_a_refusal_becomes_our_error(
    provider: Provider,
    channel: str,
    status: int,
    code: int | None,
    headers: dict[str, str],
    kind: type[SendError],
    ours: str,
    after: float | None,
) -> None:
    provider.says(status, refusal(status, code), **headers)
    with pytest.raises(SendError) as caught:
        send(channel, provider.url)
    assert (type(caught.value), caught.value.code, caught.value.retry_after) == (kind, ours, after)
    assert caught.value.retryable is issubclass(kind, Retry)
    assert AN not in str(caught.value)


@pytest.mark.parametrize("channel", TWILIO)
def test_a_refusal_that_is_not_json_becomes_our_error(provider: Provider, channel: str) -> None:
    provider.says(400, "<html>No</html>")
    with pytest.raises(Permanent):
        send(channel, provider.url)


@pytest.mark.parametrize("channel", TWILIO)
def test_an_acceptance_that_cannot_be_read_is_uncertain(provider: Provider, channel: str) -> None:
    provider.says(201, "<html>Welcome to the hotel</html>")
    with pytest.raises(Uncertain):
        send(channel, provider.url)


@pytest.mark.parametrize("channel", TWILIO)
def test_nobody_listening_is_to_be_tried_again_without_doubt(channel: str) -> None:
    with pytest.raises(Retry) as caught:
        send(channel, nobody())
    assert type(caught.value) is Retry


@pytest.mark.parametrize("channel", TWILIO)
def test_a_cut_connection_is_uncertain(channel: str) -> None:
    with hanging_up() as url, pytest.raises(Uncertain):
        send(channel, url)


@pytest.mark.parametrize("channel", TWILIO)
def test_silence_is_uncertain(provider: Provider, channel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twilio, "TIMEOUT", 0.2)
    with provider.silent(), pytest.raises(Uncertain):
        send(channel, provider.url)


# Looking for what an uncertain try left

TRIED = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def listed(sid: str, body: str = "Dag", at: str = "Mon, 23 Nov 2026 08:00:01 +0000") -> dict[str, Any]:
    """A message in Twilio's list."""
    return {"sid": sid, "body": body, "date_created": at, "to": AN, "from": OURS}


@pytest.mark.parametrize(
    ("there", "found"),
    [
        pytest.param([], [], id="nothing there"),
        pytest.param([listed("SM1")], ["SM1"], id="the same words"),
        pytest.param([listed("SM1", "Iets anders")], [], id="other words"),
        pytest.param([listed("SM1", at="Mon, 23 Nov 2026 07:00:00 +0000")], [], id="from before the first try"),
        pytest.param([listed("SM1", at="Mon, 23 Nov 2026 07:59:58 +0000")], ["SM1"], id="their clock runs behind"),
        pytest.param([listed("SM2"), listed("SM1")], ["SM2", "SM1"], id="twice"),
    ],
)
@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_the_same_words_since_the_first_try_are_found(
    provider: Provider, channel: str, there: list[dict[str, Any]], found: list[str]
) -> None:
    provider.says(200, {"messages": there, "page": 0, "page_size": 50, "next_page_uri": None})
    assert find(channel, provider.url, first_tried_at=TRIED) == found


@pytest.mark.parametrize("channel", TWILIO)
@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_a_refused_look_is_our_error(provider: Provider, channel: str, status: int) -> None:
    provider.says(status, refusal(status, 20000 + status))
    with pytest.raises(SendError):
        find(channel, provider.url, first_tried_at=TRIED)


@pytest.mark.parametrize("channel", TWILIO)
def test_a_look_that_meets_nobody_is_our_error(channel: str) -> None:
    with pytest.raises(Retry):
        find(channel, nobody(), first_tried_at=TRIED)
