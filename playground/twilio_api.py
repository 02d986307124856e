"""The parts of Twilio's REST API that the application calls, under /twilio/2010-04-01/Accounts/<sid>."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import phonenumbers
from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from playground import twilio_resources as resources
from playground.addresses import channel_of
from playground.core import whole
from playground.faults import Fault
from playground.leg import OVER, RINGING, Leg
from playground.line import METHODS, SETTABLE
from playground.machine import Source
from playground.messages import Message
from playground.network import Network
from playground.telephone import EVENTS
from playground.twilio_errors import TwilioError, outcome, refusal

BODY_CHARACTERS = 1600
RING_SECONDS = 60
MESSAGE_FORM = frozenset(
    """To From MessagingServiceSid Body StatusCallback ApplicationSid MaxPrice ProvideFeedback Attempt
    ValidityPeriod ForceDelivery ContentRetention AddressRetention SmartEncoded PersistentAction TrafficType
    ShortenUrls ScheduleType SendAt SendAsMms ContentVariables RiskCheck MediaUrl ContentSid""".split()  # noqa: SIM905
)
CALL_FORM = frozenset(
    """To From Url Twiml ApplicationSid Method FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent
    StatusCallbackMethod SendDigits Timeout Record RecordingChannels RecordingStatusCallback
    RecordingStatusCallbackMethod RecordingStatusCallbackEvent MachineDetection MachineDetectionTimeout
    AsyncAmd AsyncAmdStatusCallback Trim CallerId CallReason RecordingTrack TimeLimit""".split()  # noqa: SIM905
)
CALL_UPDATE_FORM = frozenset(
    """Url Twiml Method Status FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod
    TimeLimit""".split()  # noqa: SIM905
)
"""What each form may hold; a misspelt name is refused, where Twilio would pass over it in silence."""

View = Callable[..., ResponseReturnValue]


def guarded(view: View) -> View:
    """Check who asks, and turn refusals into Twilio's JSON."""

    def answer(network: Network, account: str, **path: str) -> ResponseReturnValue:
        try:
            _check(network, account)
            return view(network, **path)
        except TwilioError as error:
            headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
            return jsonify(error.resource()), error.status, headers

    return answer


def _check(network: Network, account: str) -> None:
    given, known = request.authorization, network.accounts
    pair = f"{given.username}:{given.password}" if given and given.type == "basic" else ""
    expected = f"{known.account_sid}:{known.auth_token}"
    if account != known.account_sid or not hmac.compare_digest(pair.encode(), expected.encode()):
        raise TwilioError(20003)


def _form(allowed: Iterable[str]) -> dict[str, str]:
    unknown = sorted(set(request.form) - set(allowed))
    if unknown:
        raise TwilioError(20001, ", ".join(unknown))
    return request.form.to_dict()


def _suffer(network: Network, api: str, to: str) -> Fault | None:
    """Let a planned fault happen: wait, refuse; or hand it on for what it does later."""
    fault = network.faults.take(api, to)
    if fault is not None:
        time.sleep(fault.delay)
        refused = refusal(fault)
        if refused is not None and not fault.drop_answer:
            raise refused
    return fault


def _created(fault: Fault | None, resource: resources.Resource) -> ResponseReturnValue:
    """The answer to a request that made something; lost on the way when the fault says so."""
    if fault is not None and fault.drop_answer:
        return Response("", 500)
    return jsonify(resource), 201


def _valid_number(number: str) -> bool:
    try:
        return number.startswith("+") and phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def _first_wrong(checks: Iterable[tuple[bool, int]]) -> None:
    for wrong, code in checks:
        if wrong:
            raise TwilioError(code)


def create_message(network: Network) -> ResponseReturnValue:
    """Send a text message, or one by WhatsApp."""
    form = _form(MESSAGE_FORM)
    to, body, service = form.get("To", ""), form.get("Body", ""), form.get("MessagingServiceSid")
    fault = _suffer(network, "messages.create", to)
    _first_wrong(_wrong_in_message(network, to, body, form.get("From", ""), service))
    callback = form.get("StatusCallback", "")
    made = network.texting.accept(to, body, callback=callback, doom=outcome(fault), service=service)
    return _created(fault, resources.message(network.accounts.account_sid, made))


def _wrong_in_message(
    network: Network, to: str, body: str, sender: str, service: str | None
) -> Iterable[tuple[bool, int]]:
    """What may be wrong with a message, as Twilio would say it. A service of ours holds the number for SMS alone."""
    channel = channel_of(to)
    ours = (*network.texting.ours, network.accounts.messaging_service_sid)
    return [
        (not to, 21604),
        (not sender and not service, 21603),
        (not body, 21602),
        (not _valid_number(channel.number(to)), 21211),
        (len(body) > BODY_CHARACTERS, 21617),
        (channel is not channel_of(sender), 21910),
        ((service or sender) not in ours, channel.wrong_sender),
        (network.texting.is_stopped(to), 21610),
    ]


def list_messages(network: Network) -> ResponseReturnValue:
    """Messages, newest first: by To, From and the day they were sent."""
    _suffer(network, "messages.list", request.args.get("To", ""))
    asked = request.args.to_dict()
    with network.core.lock:
        kept = [each for each in reversed(network.texting.messages.values()) if _matches(each, asked)]
    found = [resources.message(network.accounts.account_sid, each) for each in kept]
    path = f"{resources.base(network.accounts.account_sid)}/Messages.json"
    return jsonify(resources.page(path, "messages", found, asked))


def _matches(message: Message, asked: Mapping[str, str]) -> bool:
    day = (message.sent or message.created).date().isoformat()
    return (
        asked.get("To", message.recipient) == message.recipient
        and asked.get("From", message.sender) == message.sender
        and _day(asked, "DateSent", day) == day
        and _day(asked, "DateSent>", day) <= day
        and _day(asked, "DateSent<", day) >= day
    )


def _day(asked: Mapping[str, str], name: str, default: str) -> str:
    given = asked.get(name)
    try:
        return datetime.fromisoformat(given).date().isoformat() if given else default
    except ValueError:
        raise TwilioError(20001, name) from None


def get_message(network: Network, sid: str) -> ResponseReturnValue:
    """One message."""
    with network.core.lock:
        found = network.texting.messages.get(sid)
    if found is None:
        raise TwilioError(20404)
    return jsonify(resources.message(network.accounts.account_sid, found))


def create_call(network: Network) -> ResponseReturnValue:
    """Ring a person."""
    form = _form(CALL_FORM)
    to, url, twiml = form.get("To", ""), form.get("Url", ""), form.get("Twiml", "")
    fault = _suffer(network, "calls.create", to)
    _first_wrong(
        [
            (not to, 21201),
            (not form.get("From"), 21213),
            (form.get("From") != network.accounts.number, 21212),
            (not _valid_number(to), 21211),
            (not twiml and not url.startswith(("http://", "https://")), 21205),
        ]
    )
    source = Source(url, form.get("Method", "POST").upper(), twiml)
    events = request.form.getlist("StatusCallbackEvent") or ["completed"]
    wanted = [event for event in EVENTS if event in " ".join(events).split()]
    timeout = whole(form.get("Timeout"), RING_SECONDS)
    made = network.exchange.dial_out(to, source, form.get("StatusCallback", ""), wanted, timeout)
    return _created(fault, _call(network, made))


def list_calls(network: Network) -> ResponseReturnValue:
    """Calls, newest first: by To, From and Status."""
    asked = request.args.to_dict()
    with network.core.lock:
        kept = list(reversed(network.exchange.calls.values()))
    shown = [
        _call(network, each)
        for each in kept
        if asked.get("To", each.called) == each.called
        and asked.get("From", each.caller) == each.caller
        and asked.get("Status", each.status) == each.status
    ]
    path = f"{resources.base(network.accounts.account_sid)}/Calls.json"
    return jsonify(resources.page(path, "calls", shown, asked))


def _call(network: Network, call: Leg) -> resources.Resource:
    return resources.call(network.accounts.account_sid, network.line.sid, call)


def get_call(network: Network, sid: str) -> ResponseReturnValue:
    """One call."""
    found = network.exchange.get(sid)
    if found is None:
        raise TwilioError(20404)
    return jsonify(_call(network, found))


def update_call(network: Network, sid: str) -> ResponseReturnValue:
    """End a call, or give it other words."""
    form = _form(CALL_UPDATE_FORM)
    found = network.exchange.get(sid)
    if found is None:
        raise TwilioError(20404)
    if found.status in OVER:
        raise TwilioError(21220)
    if form.get("Status"):
        found.order("canceled" if found.status in RINGING else "completed")
    elif form.get("Url") or form.get("Twiml"):
        method = form.get("Method", "POST").upper()
        found.order(Source(form.get("Url", ""), method, form.get("Twiml", "")))
    return jsonify(_call(network, found))


def list_numbers(network: Network) -> ResponseReturnValue:
    """The account's one number, when it matches."""
    asked = request.args.to_dict()
    found = [resources.number(network.line)] if asked.get("PhoneNumber", "") in network.line.number else []
    path = f"{resources.base(network.accounts.account_sid)}/IncomingPhoneNumbers.json"
    return jsonify(resources.page(path, "incoming_phone_numbers", found, asked))


def get_number(network: Network, sid: str) -> ResponseReturnValue:
    """The account's number."""
    if sid != network.line.sid:
        raise TwilioError(20404)
    return jsonify(resources.number(network.line))


def update_number(network: Network, sid: str) -> ResponseReturnValue:
    """Point the number's webhooks elsewhere."""
    form = _form(SETTABLE)
    if sid != network.line.sid:
        raise TwilioError(20404)
    if any(name.endswith("Method") and value not in METHODS for name, value in form.items()):
        raise TwilioError(20001, "Method")
    network.line.configure(form, network.core.clock())
    return jsonify(resources.number(network.line))


def get_recording(network: Network, name: str) -> ResponseReturnValue:
    """A recording: its data (.json), or its sound (.wav, or no ending)."""
    sid, _, ending = name.partition(".")
    found = network.recordings.get(sid)
    if found is None or ending not in ("", "json", "wav"):
        raise TwilioError(20404)
    if ending == "json":
        return jsonify(resources.recording(network.accounts.account_sid, network.core.api_url, found))
    sound = network.recordings.sound(sid)
    if sound is None:
        raise TwilioError(20404)
    return Response(sound, mimetype="audio/x-wav")


ROOT = "/twilio/2010-04-01/Accounts/<account>"
VIEWS: list[tuple[str, str, View]] = [
    ("POST", "/Messages.json", create_message),
    ("GET", "/Messages.json", list_messages),
    ("GET", "/Messages/<sid>.json", get_message),
    ("POST", "/Calls.json", create_call),
    ("GET", "/Calls.json", list_calls),
    ("GET", "/Calls/<sid>.json", get_call),
    ("POST", "/Calls/<sid>.json", update_call),
    ("GET", "/IncomingPhoneNumbers.json", list_numbers),
    ("GET", "/IncomingPhoneNumbers/<sid>.json", get_number),
    ("POST", "/IncomingPhoneNumbers/<sid>.json", update_number),
    ("GET", "/Recordings/<name>", get_recording),
]
ROUTES = [(ROOT + rule, f"twilio_{view.__name__}", guarded(view), (method,)) for method, rule, view in VIEWS]
