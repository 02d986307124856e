"""Reads TwiML as Twilio does: into verbs, or into the error that Twilio would report. Pure.

Sources: Twilio's pages "TwiML for Programmable Voice" (one per verb), "TwiML for Programmable
Messaging" and the "Error and Warning Dictionary".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.etree import ElementTree

from playground import voices
from playground.core import whole
from playground.verbs import (
    ATTRIBUTES,
    SSML,
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

DOCUMENT_BYTES = 64 * 1024
SAY_CHARACTERS = 4096
POLLY_CHARACTERS = 3000
MESSAGE_CHARACTERS = 1600
MESSAGES_AN_ANSWER = 10
XML_TYPES = ("text/xml", "application/xml", "text/html")
KEYS = frozenset("0123456789*#")
BOTH = ("dtmf", "speech")
INPUTS = {"dtmf": ("dtmf",), "speech": ("speech",), "dtmf speech": BOTH, "speech dtmf": BOTH}
Element = ElementTree.Element


class TwimlError(Exception):
    """A document that Twilio does not carry out; `code` is Twilio's."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


def read_verbs(body: str, content_type: str) -> list[Verb]:
    """The verbs of a voice document. Raises TwimlError."""
    return [read_verb(element) for element in _root(body, content_type)]


def read_messages(body: str, content_type: str) -> list[str]:
    """The texts that an answer to an inbound message sends back; none for an empty one. Raises TwimlError."""
    kind = _kind(content_type)
    if not body.strip():
        return []
    texts = [body] if kind == "text/plain" else [_message(element) for element in _root(body, content_type)]
    if len(texts) > MESSAGES_AN_ANSWER:
        raise TwimlError(14109, "more than 10 messages in one answer")
    if any(len(text) > MESSAGE_CHARACTERS for text in texts):
        raise TwimlError(14103, "a message of more than 1600 characters")
    return texts


def read_verb(element: Element) -> Verb:
    """One verb with its checks. Raises TwimlError."""
    builder = BUILDERS.get(element.tag)
    if builder is None:
        raise TwimlError(12200, f"unknown verb {element.tag}")
    _check_attributes(element)
    return builder(element)


def _kind(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _root(body: str, content_type: str) -> Element:
    if _kind(content_type) not in XML_TYPES:
        raise TwimlError(12300, f"content type {_kind(content_type) or 'missing'} is not XML")
    if len(body.encode()) > DOCUMENT_BYTES:
        raise TwimlError(11750, "a document of more than 64 kB")
    if body[:1].isspace():
        raise TwimlError(12100, "white space before the XML")
    if "<!DOCTYPE" in body or "<!ENTITY" in body:
        raise TwimlError(12100, "a document type is not allowed")
    return _parsed(body)


def _parsed(body: str) -> Element:
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - without DOCTYPE there are no entities to blow up
    except ElementTree.ParseError as error:
        raise TwimlError(12100, f"not XML: {error}") from None
    if root.tag != "Response":
        raise TwimlError(12102, "the root is not Response")
    _check_attributes(root)
    return root


def _check_attributes(element: Element) -> None:
    unknown = set(element.attrib) - ATTRIBUTES[element.tag]
    if unknown:
        raise TwimlError(12200, f"unknown attribute {min(unknown)} of {element.tag}")


def _whole(element: Element, name: str, default: int, least: int, code: int) -> int:
    given = element.get(name)
    if given is None:
        return default
    if whole(given, -1) < least:
        raise TwimlError(code, f"{name}={given!r} of {element.tag}")
    return int(given)


def _method(element: Element) -> str:
    method = element.get("method", "POST").upper()
    if method not in ("GET", "POST"):
        raise TwimlError(12200, f"method={method!r} of {element.tag}")
    return method


def _finish(element: Element, default: str, code: int) -> str:
    keys = element.get("finishOnKey", default)
    if not set(keys) <= KEYS:
        raise TwimlError(code, f"finishOnKey={keys!r}")
    return keys


def _flag(element: Element, name: str, default: bool) -> bool:
    return element.get(name, str(default)).lower() == "true"


def _words(element: Element) -> str:
    """Text of a Say without its SSML."""
    for inner in element.iter():
        if inner is not element and inner.tag not in SSML:
            raise TwimlError(12200, f"unknown element {inner.tag} in Say")
    return " ".join("".join(element.itertext()).split())


def _say(element: Element) -> Say:
    words, voice, language = _words(element), element.get("voice"), element.get("language")
    most = POLLY_CHARACTERS if (voice or "").startswith("Polly.") else SAY_CHARACTERS
    if len(words) > most:
        raise TwimlError(13520 if most == SAY_CHARACTERS else 13521, f"Say holds more than {most} characters")
    if trouble := voices.fault_of(voice, language):
        raise TwimlError(*trouble)
    prosody = element.find(".//prosody")
    rate = None if prosody is None else prosody.get("rate")
    return Say(words, language, voice, rate, _whole(element, "loop", 1, 0, 13510))


def _play(element: Element) -> Play:
    url = (element.text or "").strip()
    if not url and not element.get("digits"):
        raise TwimlError(13420, "Play without an address")
    return Play(url, element.get("digits", ""), _whole(element, "loop", 1, 0, 13410))


def _pause(element: Element) -> Pause:
    return Pause(_whole(element, "length", 1, 0, 13610))


def _prompt(element: Element) -> Say | Play | Pause:
    builder = PROMPTS.get(element.tag)
    if builder is None:
        raise TwimlError(13320, f"Gather holds {element.tag}; only Say, Play and Pause may be in it")
    _check_attributes(element)
    return builder(element)


def _gather(element: Element) -> Gather:
    inputs = INPUTS.get(element.get("input", "dtmf"))
    language = element.get("language", "en-US")
    if inputs is None:
        raise TwimlError(13320, f"input={element.get('input')!r} of Gather")
    if "speech" in inputs and language not in voices.GATHER:
        raise TwimlError(13320, f"Gather does not understand the language {language}")
    pause = element.get("speechTimeout", "auto")
    if pause != "auto" and not (whole(pause, 0) > 0):
        raise TwimlError(13327, f"speechTimeout={pause!r} of Gather")
    return Gather(
        prompts=tuple(_prompt(inner) for inner in element),
        inputs=inputs,
        language=language,
        timeout=_whole(element, "timeout", 5, 0, 13313),
        digits=_whole(element, "numDigits", 0, 1, 13314),
        finish=_finish(element, "#", 13310),
        action=element.get("action", ""),
        method=_method(element),
        on_empty=_flag(element, "actionOnEmptyResult", False),
        hints=element.get("hints", ""),
        speech_timeout=pause,
        barge_in=_flag(element, "bargeIn", True),
    )


def _record(element: Element) -> Record:
    return Record(
        action=element.get("action", ""),
        method=_method(element),
        timeout=_whole(element, "timeout", 5, 0, 13612),
        longest=_whole(element, "maxLength", 3600, 1, 13612),
        finish=_finish(element, "1234567890*#", 13613),
        beep=_flag(element, "playBeep", True),
        callback=element.get("recordingStatusCallback", ""),
    )


def _dial(element: Element) -> Dial:
    for inner in element:
        if inner.tag != "Number":
            raise TwimlError(12200, f"the town dials a Number, not {inner.tag}")
        _check_attributes(inner)
    numbers = [(inner.text or "").strip() for inner in element] or [(element.text or "").strip()]
    if len(numbers) != 1 or not numbers[0]:
        raise TwimlError(13223, "Dial needs one number")
    number = next(iter(element), element)
    return Dial(
        number=numbers[0],
        timeout=_whole(element, "timeout", 30, 1, 13212),
        action=element.get("action", ""),
        method=_method(element),
        longest=_whole(element, "timeLimit", 14400, 1, 13211),
        caller=element.get("callerId", ""),
        callback=number.get("statusCallback", ""),
        events=tuple(number.get("statusCallbackEvent", "completed").split()),
    )


def _redirect(element: Element) -> Redirect:
    return Redirect((element.text or "").strip(), _method(element))


def _hangup(_element: Element) -> Hangup:
    return Hangup()


def _reject(element: Element) -> Reject:
    return Reject(element.get("reason", "rejected"))


def _message(element: Element) -> str:
    if element.tag != "Message":
        raise TwimlError(12200, f"unknown verb {element.tag}")
    _check_attributes(element)
    for inner in element:
        if inner.tag not in ("Body", "Media"):
            raise TwimlError(12200, f"unknown element {inner.tag} in Message")
    body = element.find("Body")
    return ((element.text if body is None else body.text) or "").strip()


PROMPTS: Mapping[str, Callable[[Element], Say | Play | Pause]] = {"Say": _say, "Play": _play, "Pause": _pause}
BUILDERS: Mapping[str, Callable[[Element], Verb]] = {
    **PROMPTS,
    "Gather": _gather,
    "Record": _record,
    "Dial": _dial,
    "Redirect": _redirect,
    "Hangup": _hangup,
    "Reject": _reject,
}
