"""TwiML's verbs as values, and the attributes Twilio documents for each. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Say:
    """Speak; `rate` comes from SSML's prosody; `loop` 0 is without end."""

    text: str
    language: str | None
    voice: str | None
    rate: str | None
    loop: int


@dataclass(frozen=True)
class Play:
    """Play a file, or the tones of `digits`."""

    url: str
    digits: str
    loop: int


@dataclass(frozen=True)
class Pause:
    """Wait for `length` seconds."""

    length: int


@dataclass(frozen=True)
class Gather:
    """Ask. Times in seconds; `digits` 0 is as many as come; `finish` empty is no finishing key."""

    prompts: tuple[Say | Play | Pause, ...]
    inputs: tuple[str, ...]
    language: str
    timeout: int
    digits: int
    finish: str
    action: str
    method: str
    on_empty: bool
    hints: str
    speech_timeout: str
    barge_in: bool


@dataclass(frozen=True)
class Record:
    """Record what the person says. Times in seconds."""

    action: str
    method: str
    timeout: int
    longest: int
    finish: str
    beep: bool
    callback: str


@dataclass(frozen=True)
class Dial:
    """Connect the call to another number, for at most `longest` seconds; ring for `timeout` seconds.

    `callback` is told of the `events` of the other phone; `caller` is the number it shows, empty for the caller's own.
    """

    number: str
    timeout: int
    action: str
    method: str
    longest: int = 14400
    caller: str = ""
    callback: str = ""
    events: tuple[str, ...] = ("completed",)


@dataclass(frozen=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str


@dataclass(frozen=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True)
class Reject:
    """Do not take the call: busy or rejected."""

    reason: str


Verb = Say | Play | Pause | Gather | Record | Dial | Redirect | Hangup | Reject

ATTRIBUTES: dict[str, frozenset[str]] = {
    verb: frozenset(names.split())
    for verb, names in {
        "Response": "",
        "Say": "voice language loop",
        "Play": "loop digits",
        "Pause": "length",
        "Gather": "action finishOnKey hints input language method numDigits partialResultCallback"
        " partialResultCallbackMethod profanityFilter speechTimeout timeout speechModel enhanced"
        " actionOnEmptyResult bargeIn debug",
        "Record": "action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback"
        " recordingStatusCallbackMethod recordingStatusCallbackEvent recordingTrack transcribe"
        " transcribeCallback",
        "Dial": "action answerOnBridge callerId callReason hangupOnStar method record"
        " recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent"
        " recordingTrack referMethod referUrl ringTone sequential timeLimit timeout trim",
        "Number": "sendDigits statusCallback statusCallbackEvent statusCallbackMethod url method byoc",
        "Redirect": "method",
        "Hangup": "",
        "Reject": "reason",
        "Message": "to from action method statusCallback",
    }.items()
}
SSML = frozenset({"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"})
"""Elements that may stand inside Say; their text is spoken."""
