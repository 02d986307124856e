"""The telephone, over Twilio: a turn is answered in the call itself, as TwiML."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.twiml.voice_response import Dial, Gather, Say, VoiceResponse

from bot.calls import Bridge, Ring
from bot.messages import Inbound, Kind, Media, Mode, Next, Outbound, Permanent, Retry, Said, Unreadable, Urn
from channels import twilio
from channels.cleaning import clean, identifier, number, share


@dataclass(frozen=True, slots=True)
class Voice:
    """How Twilio speaks and hears a language: a ``<Say>`` voice with its locale, and a ``<Gather>`` language."""

    name: str
    locale: str
    hears: str


VOICES: Mapping[str, Voice] = {
    "nl": Voice("Polly.Lisa-Neural", "nl-BE", "nl-BE"),
    "fr": Voice("Polly.Isabelle-Neural", "fr-BE", "fr-FR"),  # speech recognition has no fr-BE
    "en": Voice("Polly.Amy-Neural", "en-GB", "en-GB"),
    "ar": Voice("Polly.Zeina", "arb", "ar-MA"),  # speech is heard by country: most who call know Darija or MSA
    "tr": Voice("Polly.Filiz", "tr-TR", "tr-TR"),
    "uk": Voice("Google.uk-UA-Standard-A", "uk-UA", "uk-UA"),
    "ru": Voice("Polly.Tatyana", "ru-RU", "ru-RU"),
    "pl": Voice("Polly.Ola-Neural", "pl-PL", "pl-PL"),
    "ro": Voice("Polly.Carmen", "ro-RO", "ro-RO"),
    "es": Voice("Polly.Lucia-Neural", "es-ES", "es-ES"),
}
"""Twilio documentation: Text-to-Speech voices; Gather, attribute language. Who has none here is helped by a person."""

HIDDEN = frozenset(
    {"", "anonymous", "restricted", "unavailable", "unknown", "+266696687", "+7378742883", "+86282452253"}
)
"""What stands in From when a caller hides the number (Twilio documentation: calls from anonymous numbers)."""

PATIENCE = 8
"""Seconds to begin an answer."""

BETWEEN_DIGITS = 5
"""Seconds for each digit of an answer of several: also how long a lone 0 waits for a digit that does not come."""

PAUSE = "2"
"""Seconds of silence that end what is said."""

RATE, SLOW_RATE = "88%", "75%"
LONGEST_RECORDING = 120
RINGS = 30
"""Seconds that an outgoing call rings."""


LONGEST_TALK = 3600
"""Seconds that a counsellor and a contact can talk: a line that nobody hung up is cut off."""

BRIDGE = "/voice/bridge"
"""Where the doors of calls between two people begin."""

OWN_EVENTS, THEIR_EVENTS = ("ringing", "answered", "completed"), "answered completed"


class Telephone:
    """The voice channel."""

    name = "voice"
    mode = Mode.VOICE
    scheme = "tel"
    fetches = False
    measure = None
    window = None

    def __init__(self, account: twilio.Account) -> None:
        self.account = account.number
        self._account = account
        self._client = twilio.client(account)

    def verify(self, path: str, form: Mapping[str, Any], signature: str) -> bool:
        """Whether Twilio signed it."""
        return twilio.verify(self._account, path, form, signature)

    def parse(self, form: Mapping[str, str], turn: int) -> Inbound:
        """Turn ``turn`` of a call; 0 is its beginning. Raises Unreadable."""
        sid = identifier(form.get("CallSid"))
        if not sid:
            raise Unreadable("no call sid")
        ours, theirs = ("From", "To") if form.get("Direction", "").startswith("outbound") else ("To", "From")
        kind, text, media = _heard(form, turn)
        return Inbound(
            channel=self.name,
            account=identifier(form.get(ours)) or self.account,
            provider_id=f"{sid}:{turn}",
            urn=_urn(form.get(theirs, ""), sid),
            kind=kind,
            text=text,
            media=media,
            heard=share(form.get("Confidence", "")) if kind is Kind.SPEECH else 1.0,
        )

    def render(self, said: Sequence[Said], turn: int) -> str:
        """The TwiML that says a turn's words, and listens for turn ``turn`` when they ask something."""
        response = VoiceResponse()
        if not said:
            response.hangup()
            return str(response)
        _ENDINGS[said[-1].next](self, response, said, self._door(turn))
        return str(response)

    def _door(self, turn: int) -> str:
        return f"{self._account.public_url}/voice/turn/{turn}"

    def _ask(self, response: VoiceResponse, said: Sequence[Said], action: str) -> None:
        last = said[-1]
        several = {"num_digits": last.digits} if last.digits else {}
        gather = Gather(
            input="dtmf speech",
            action=action,
            method="POST",
            timeout=PATIENCE if last.digits == 1 else BETWEEN_DIGITS,
            speech_timeout=PAUSE,
            finish_on_key="",
            action_on_empty_result=True,
            language=voice_of(last.language).hears,
            **several,
        )
        for part in said:
            _say(gather, part)
        response.append(gather)

    def _record(self, response: VoiceResponse, said: Sequence[Said], action: str) -> None:
        for part in said:
            _say(response, part)
        response.record(
            action=action, method="POST", max_length=LONGEST_RECORDING, timeout=4, finish_on_key="#", play_beep=True
        )
        response.redirect(action, method="POST")  # nothing recorded: Record falls through to here

    def _hang_up(self, response: VoiceResponse, said: Sequence[Said], action: str) -> None:
        for part in said:
            _say(response, part)
        response.hangup()

    async def send(self, message: Outbound) -> str:
        """Calls, and speaks the words; Twilio's sid of the call. Raises SendError."""
        return await asyncio.to_thread(self._send, message)

    def _send(self, message: Outbound) -> str:
        try:
            call = self._client.calls.create(
                to=message.urn.path,
                from_=message.account,
                twiml=self.render([Said(message.text, message.language)], 1),
                timeout=RINGS,
                status_callback=f"{self._account.public_url}/receipts",
                status_callback_method="POST",
            )
        except TwilioRestException as error:
            raise twilio.error_of(error) from error
        return str(call.sid)

    async def find(self, message: Outbound) -> Sequence[str]:
        """The sids of calls to the same number since the first try. Raises SendError."""
        return await asyncio.to_thread(self._find, message)

    def _find(self, message: Outbound) -> list[str]:
        try:
            newest = self._client.calls.list(to=message.urn.path, from_=message.account, limit=20)
        except TwilioRestException as error:
            raise twilio.error_of(error) from error
        since = twilio.since(message.first_tried_at)
        return [str(call.sid) for call in newest if (call.date_created or since) >= since]

    # A counsellor calls a contact

    async def ring(self, ring: Ring) -> str:
        """Rings a counsellor's telephone; Twilio's sid of the call. Raises SendError."""
        return await asyncio.to_thread(self._ring, ring)

    def _ring(self, ring: Ring) -> str:
        door = self._bridge(ring.token)
        try:
            call = self._client.calls.create(
                to=ring.to,
                from_=ring.account,
                url=door,
                method="POST",
                timeout=RINGS,
                status_callback=f"{door}/own",
                status_callback_event=list(OWN_EVENTS),
                status_callback_method="POST",
            )
        except TwilioRestException as error:
            raise twilio.error_of(error) from error
        return str(call.sid)

    def ask_key(self, said: Said, token: str) -> str:
        """Asks for a key on the counsellor's telephone, twice; then hangs up: that was a mailbox."""
        response = VoiceResponse()
        for _ in range(2):
            gather = Gather(
                input="dtmf", action=f"{self._bridge(token)}/key", method="POST", timeout=PATIENCE, num_digits=1
            )
            _say(gather, said)
            response.append(gather)
        response.hangup()
        return str(response)

    def connect(self, bridge: Bridge, token: str) -> str:
        """Rings the contact's telephone, and connects the two."""
        door = self._bridge(token)
        response, dial = VoiceResponse(), self._dial(bridge, f"{door}/over")
        dial.number(
            bridge.to,
            status_callback=f"{door}/theirs",
            status_callback_event=THEIR_EVENTS,
            status_callback_method="POST",
        )
        response.append(dial)
        return str(response)

    def _dial(self, bridge: Bridge, action: str) -> Dial:
        return Dial(
            caller_id=bridge.account,
            time_limit=LONGEST_TALK,
            timeout=RINGS,
            answer_on_bridge=True,
            action=action,
            method="POST",
        )

    def _bridge(self, token: str) -> str:
        return f"{self._account.public_url}{BRIDGE}/{token}"

    def fetch(self, reference: str) -> bytes:
        """The sound of a recording, as WAV. Raises Retry while Twilio does not have it ready yet, and Permanent.

        Only our own account's recordings are fetched: the reference came in with a request.
        """
        account = self._account
        if not reference.startswith(f"{account.api_url}/2010-04-01/Accounts/{account.sid}/Recordings/"):
            raise Permanent("not_ours")
        try:
            answer = requests.get(f"{reference}.wav", auth=(account.sid, account.token), timeout=twilio.TIMEOUT)
        except requests.RequestException as error:
            raise Retry("no_answer") from error
        if answer.status_code != requests.codes.ok:
            raise Retry("not_ready", code=str(answer.status_code))
        return answer.content


_ENDINGS = {Next.ASK: Telephone._ask, Next.RECORD: Telephone._record, Next.HANG_UP: Telephone._hang_up}


def voice_of(language: str) -> Voice:
    """The voice of a language. Raises KeyError where there is none: no language is spoken in another's voice."""
    return VOICES[language]


def _say(parent: VoiceResponse | Gather, part: Said) -> None:
    voice = voice_of(part.language)
    say = Say(voice=voice.name, language=voice.locale)
    say.prosody(part.text, rate=SLOW_RATE if part.slow else RATE)
    parent.append(say)


def _urn(number: str, call: str) -> Urn:
    hidden = number.casefold() in HIDDEN or not twilio.is_number(number)
    return Urn("hidden", call) if hidden else Urn("tel", number)


def _heard(form: Mapping[str, str], turn: int) -> tuple[Kind, str, tuple[Media, ...]]:
    if turn == 0:
        return Kind.CALL, "", ()
    if form.get("Digits") and "RecordingUrl" not in form:
        return Kind.KEYS, clean(form["Digits"])[:32], ()
    if form.get("SpeechResult"):
        return Kind.SPEECH, clean(form["SpeechResult"]), ()
    if form.get("RecordingUrl"):
        length = number(form.get("RecordingDuration", ""), LONGEST_RECORDING)
        return Kind.RECORDING, "", (Media("recording", clean(form["RecordingUrl"], 500), "audio/wav", length),)
    return Kind.SILENCE, "", ()
