"""WhatsApp: what Twilio posts becomes an Inbound; choices are a numbered list; what we send goes to WhatsApp."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask, request

from bot.flow import Flow
from bot.messages import Choice, Inbound, Kind, Media, Mode, Receipt, Status, Unreadable, Urn
from bot.session import Prompt
from bot.wording import Context, Wording
from channels import twilio
from channels.whatsapp import WhatsApp
from playground import serving
from tests.channels.conftest import LANGUAGES, account, outbound, scene, send, sessions
from tests.channels.shapes import AN, MESSAGE_SID, OURS, Form, media_url, whatsapp_form, without

WHATSAPP = WhatsApp(account())
HERE = f"whatsapp:{OURS}"
LONGEST_BODY = 1600
"""Characters of one message (Twilio, error 21617)."""


def inbound(**changes: Any) -> Inbound:
    """What the plain form of `shapes` amounts to."""
    usual: dict[str, Any] = {"provider_id": MESSAGE_SID, "kind": Kind.TEXT, "text": "Dag"}
    ways = {"urn": Urn("whatsapp", AN), "also": Urn("tel", AN)}
    return Inbound(**{"channel": "whatsapp", "account": HERE, **ways, **usual, **changes})


def came(kind: str) -> Form:
    """The parameters of one thing of a content type."""
    return {"Body": "", "NumMedia": "1", "MediaUrl0": media_url(0), "MediaContentType0": kind}


def media(sort: str, kind: str) -> Inbound:
    """A message that is that one thing."""
    return inbound(text="", kind=Kind.MEDIA, media=(Media(sort, media_url(0), kind),))


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        pytest.param(whatsapp_form(), inbound(), id="words"),
        pytest.param(whatsapp_form("  2 \r\n"), inbound(text="2"), id="space around"),
        pytest.param(without(whatsapp_form(), "To"), inbound(), id="without To"),
        pytest.param(whatsapp_form("STOP"), inbound(text="STOP"), id="Twilio stops nothing here"),
        pytest.param(whatsapp_form(**came("image/jpeg")), media("photo", "image/jpeg"), id="photo"),
        pytest.param(whatsapp_form(**came("audio/ogg")), media("voice_note", "audio/ogg"), id="voice note"),
        pytest.param(whatsapp_form(**came("video/mp4")), media("video", "video/mp4"), id="video"),
        pytest.param(whatsapp_form(**came("text/vcard")), media("document", "text/vcard"), id="contact card"),
        pytest.param(
            whatsapp_form("", Latitude="51.05", Longitude="3.72"),
            inbound(text="", kind=Kind.MEDIA, media=(Media("location", "51.05,3.72"),)),
            id="place",
        ),
    ],
)
def test_a_form_becomes_an_inbound(form: Form, expected: Inbound) -> None:
    """The telephone number behind it is the same person's."""
    assert WHATSAPP.parse(form) == expected


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(whatsapp_form(From=AN), id="a text message"),
        pytest.param(whatsapp_form(From="whatsapp:"), id="no number"),
        pytest.param(whatsapp_form(From="whatsapp:VDAB"), id="a name"),
        pytest.param(whatsapp_form(From=f"messenger:{AN}"), id="another service"),
        pytest.param(without(whatsapp_form(), "From"), id="without From"),
        pytest.param(without(whatsapp_form(), "MessageSid"), id="without sid"),
    ],
)
def test_what_cannot_be_answered_is_unreadable(form: Form) -> None:
    with pytest.raises(Unreadable):
        WHATSAPP.parse(form)


def test_choices_are_a_numbered_list() -> None:
    choices = (Choice("work", "1", "werk"), Choice("school", "2", "school"), Choice("!human", "0", "een mens"))
    asked = WHATSAPP.render(outbound("whatsapp", "Wat zoekt u?", choices=choices))
    assert asked == "Wat zoekt u?\n\n1. werk\n2. school\n0. een mens"
    yes_no = (Choice("yes", "", "ja"), Choice("no", "", "neen"))
    assert WHATSAPP.render(outbound("whatsapp", "Zeker?", choices=yes_no)) == "Zeker?\n\n• ja\n• neen"
    menu = (Choice("!menu", "", "verder met de vragen"),)
    assert WHATSAPP.render(outbound("whatsapp", "Verder? Stuur MENU.", choices=menu)) == "Verder? Stuur MENU."
    assert WHATSAPP.render(outbound("whatsapp", "Dag")) == "Dag"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_fits_one_message(flow: Flow, wording: Wording, language: str) -> None:
    for session in sessions(flow, language):
        (said,) = wording.say((Prompt(step=session.step),), scene(flow, Mode.CHAT), session, Context({}))
        asked = WHATSAPP.render(outbound("whatsapp", said.text, choices=said.choices))
        assert 0 < len(asked) <= LONGEST_BODY
        assert all(choice.label in asked for choice in said.choices)


def test_both_addresses_are_those_of_whatsapp() -> None:
    asked: list[dict[str, list[str]]] = []
    app = Flask("provider")

    @app.post("/<path:path>")
    def take(path: str) -> tuple[dict[str, str], int]:
        asked.append(parse_qs(request.get_data(as_text=True)))
        return {"sid": MESSAGE_SID}, 201

    with serving(app) as url:
        assert send("whatsapp", url) == MESSAGE_SID
    assert (asked[0]["To"], asked[0]["From"]) == ([f"whatsapp:{AN}"], [HERE])


@pytest.mark.parametrize(
    ("sender", "channel"), [pytest.param(HERE, "whatsapp", id="WhatsApp"), pytest.param(OURS, "sms", id="SMS")]
)
def test_a_receipt_is_of_the_channel_that_sent(sender: str, channel: str) -> None:
    form = {"MessageSid": MESSAGE_SID, "MessageStatus": "read", "From": sender, "To": f"whatsapp:{AN}"}
    assert twilio.parse_receipt(form) == Receipt(channel, MESSAGE_SID, Status.READ)
