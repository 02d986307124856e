"""What the values of the house are called on a counsellor's page: tables in Dutch, said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_timedelta
from babel.units import format_unit

from bot.attachments import AttachmentState, Refusal
from bot.calls import CallState, Telephone
from bot.cases import Outcome, Reason
from bot.catalogues import N_, Catalogues
from bot.later import Later
from bot.messages import Kind, Status
from bot.service.aside import Aside
from bot.service.case_views import Attached, CaseRow, LogEntry
from console.help_words import HelpWords

CHANNELS: Mapping[str, str] = {
    "sms": N_("Sms"),
    "telegram": N_("Telegram"),
    "whatsapp": N_("WhatsApp"),
    "voice": N_("Telefoon"),
}

ORIGINS: Mapping[str, str] = {**CHANNELS, "receipts": N_("Bezorgmelding")}
"""Where something that was set aside came in: not only what people send."""

REPLY_CHANNELS: Mapping[str, str] = {
    "voice": N_("Telefoon (de computer leest voor)"),
}
"""Where the name of the channel does not say enough about what happens with the answer."""

REASONS: Mapping[Reason, str] = {
    Reason.DANGER: N_("Gevaar"),
    Reason.DISTRESS: N_("Heeft het zwaar"),
    Reason.HUMAN: N_("Vraagt een mens"),
    Reason.CALL_BACK: N_("Wil teruggebeld worden"),
    Reason.STUCK: N_("Raakt niet verder bij de computer"),
    Reason.NOT_DELIVERED: N_("Bericht niet bezorgd"),
    Reason.ERASE: N_("Wil gegevens laten wissen"),
    Reason.INTAKE: N_("Antwoorden om te lezen"),
}

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.HELPED: N_("Geholpen"),
    Outcome.MEETING: N_("Afspraak gemaakt"),
    Outcome.REFERRED: N_("Doorverwezen naar een andere dienst"),
    Outcome.NO_ANSWER: N_("Antwoordde niet meer"),
    Outcome.WRONG: N_("Verkeerd nummer, of niet voor ons"),
    Outcome.OTHER: N_("Iets anders"),
    Outcome.HANDED_BACK: N_("Gaat verder met de computer"),
    Outcome.MERGED: N_("Gaat verder in een ander gesprek"),
}
"""What became of a conversation."""

LATER: Mapping[Later, str] = {
    Later.AFTERNOON: N_("Vanmiddag"),
    Later.TOMORROW: N_("Morgen"),
    Later.NEXT_WEEK: N_("Begin volgende week"),
    Later.IN_A_WEEK: N_("Over een week"),
}

AUTHORS: Mapping[str, str] = {
    "bot": N_("Computer"),
    "contact": N_("Zonder naam"),
    "counsellor": N_("Collega"),
}
"""Who wrote a line, where there is no name."""

NAMELESS = N_("Zonder naam")

HOW: Mapping[str, str] = {
    Kind.BUTTON: N_("knop"),
    Kind.KEYS: N_("toetsen"),
    Kind.SPEECH: N_("gesproken, door een computer uitgeschreven"),
    Kind.RECORDING: N_("ingesproken"),
    Kind.EDIT: N_("achteraf verbeterd"),
}
"""How words came in, where that is not by writing."""

HAPPENED: Mapping[str, str] = {
    Kind.CALL: N_("belt"),
    Kind.SILENCE: N_("zegt niets"),
    Kind.RECORDING: N_("sprak een bericht in"),
    Kind.CONTACT: N_("deelde een telefoonnummer"),
    Kind.BLOCKED: N_("heeft ons geblokkeerd"),
    Kind.UNBLOCKED: N_("laat weer berichten toe"),
}
"""What happened, where there are no words at all."""

MEDIA: Mapping[str, str] = {
    "photo": N_("foto"),
    "voice_note": N_("spraakbericht"),
    "audio": N_("geluid"),
    "recording": N_("opname"),
    "video": N_("video"),
    "video_note": N_("videobericht"),
    "animation": N_("bewegend beeld"),
    "document": N_("document"),
    "sticker": N_("sticker"),
    "location": N_("plaats op de kaart"),
    "venue": N_("plaats op de kaart"),
    "contact": N_("telefoonnummer"),
}
A_FILE = N_("bestand")

POSTPONED = "postponed"
"""Waits again after a try that failed."""

DELIVERY: Mapping[str, str] = {
    Status.QUEUED: N_("wacht om te vertrekken"),
    POSTPONED: N_("lukte nog niet; wij proberen het opnieuw"),
    Status.SENDING: N_("vertrekt nu"),
    Status.SENT: N_("verstuurd"),
    Status.DELIVERED: N_("bezorgd"),
    Status.READ: N_("gelezen"),
    Status.FAILED: N_("Niet bezorgd"),
    Status.SPOKEN: N_("voorgelezen"),
}

_STOPPED = N_("deze persoon wil hier geen berichten meer")
_LATER = N_("er waren te veel berichten tegelijk; probeer het later opnieuw")
_NETWORK = N_("het netwerk hield het bericht tegen")
_NO_ANSWER = N_("de dienst die onze berichten verstuurt antwoordt niet")
_NO_NUMBER = N_("dit is geen geldig nummer")

FAILURES: Mapping[str, str] = {
    "21610": _STOPPED,
    "30003": N_("de telefoon staat uit of heeft geen bereik"),
    "30004": N_("de ontvanger of het netwerk blokkeert onze berichten"),
    "30005": N_("dit nummer bestaat niet of is niet meer in gebruik"),
    "30006": N_("een vaste lijn, of een nummer dat geen sms kan krijgen"),
    "30007": _NETWORK,
    "30008": N_("het netwerk zegt niet waarom"),
    "63016": N_("te lang geleden dat deze persoon hier schreef"),
    "63024": N_("dit nummer heeft geen WhatsApp"),
    "21211": _NO_NUMBER,
    "21614": N_("dit is geen mobiel nummer"),
    "21617": N_("het bericht is te lang"),
    "20429": _LATER,
    "429": _LATER,
    "403": N_("deze persoon heeft ons geblokkeerd"),
    "busy": N_("de lijn was bezet"),
    "no-answer": N_("er nam niemand op"),
    "failed": N_("de oproep lukte niet"),
    "canceled": N_("de oproep is afgebroken"),
    "stopped": _STOPPED,
    "too_many": _LATER,
    "no_connection": _NO_ANSWER,
    "no_answer": _NO_ANSWER,
    "provider_error": N_("er is een storing bij de dienst die onze berichten verstuurt"),
    "gave_up": N_("het lukte een hele dag niet"),
    "refused": N_("de dienst die onze berichten verstuurt weigerde het"),
}
"""Why a message did not arrive: by the provider's code, else by our own word for it."""

UNKNOWN_FAILURE = N_("wij weten niet waarom")

_GARBLED = N_("Het bericht zat anders in elkaar dan het hoort.")
_UNKNOWN_KIND = N_("Dit soort bericht kent de computer niet.")
_UNKNOWN_STATUS = N_("Een dienst meldde iets over een bericht van ons, maar wij begrijpen niet wat.")

UNREADABLE: Mapping[str, str] = {
    "no sid or sender": N_("De afzender of het kenmerk van het bericht ontbrak."),
    "no call sid": N_("Het kenmerk van de oproep ontbrak."),
    "no status": _UNKNOWN_STATUS,
    "unknown status": _UNKNOWN_STATUS,
    "not an object": _GARBLED,
    "not an update": _GARBLED,
    "an id is no number": _GARBLED,
    "an id is no name": _GARBLED,
    "a text is no text": _GARBLED,
    "kind of update": _UNKNOWN_KIND,
    "kind of message": _UNKNOWN_KIND,
    "no number in a contact": N_("Iemand deelde een contact zonder bruikbaar telefoonnummer."),
    "crashed": N_("Bij het verwerken ging er iets mis bij ons."),
}
"""Why something was set aside, by our own word for it."""

UNKNOWN_UNREADABLE = N_("Wij weten niet waarom de computer dit niet kon lezen.")


CALLS: Mapping[CallState, str] = {
    CallState.ASKED: N_("%(name)s wil bellen"),
    CallState.RINGING: N_("%(name)s belt: eerst gaat de eigen telefoon over"),
    CallState.ANSWERED: N_("%(name)s belt: de telefoon gaat over"),
    CallState.BRIDGED: N_("%(name)s is in gesprek"),
    CallState.ENDED: N_("%(name)s belde, %(how_long)s"),
    CallState.BUSY: N_("%(name)s belde: de lijn was bezet"),
    CallState.NO_ANSWER: N_("%(name)s belde: niet opgenomen"),
    CallState.FAILED: N_("%(name)s belde: niet gelukt"),
    CallState.CANCELLED: N_("%(name)s belde: afgebroken"),
}
"""How a call of a counsellor stands."""

_OWN = N_("%(name)s belde niet: de eigen telefoon nam niet op")

OWN_TELEPHONE: Mapping[CallState, str] = {
    CallState.BUSY: N_("%(name)s belde niet: de eigen telefoon was bezet"),
    CallState.NO_ANSWER: _OWN,
    CallState.CANCELLED: _OWN,
    CallState.FAILED: N_("%(name)s belde niet: de eigen telefoon is niet te bereiken"),
}
"""The same, where it ended at the counsellor's own telephone."""


REFUSALS: Mapping[str, str] = {
    Refusal.TOO_LARGE: N_("te groot"),
    Refusal.KIND: N_("dit soort bestand nemen wij niet aan"),
    Refusal.BROKEN: N_("het bestand is stuk"),
    Refusal.TOO_MANY: N_("te veel bestanden in een uur"),
    Refusal.TOO_MUCH: N_("te veel bestanden op een dag"),
    "gone": N_("het is er niet meer"),
}
"""Why a file is not here, by our own word for it."""

WAITS_FOR_FILE = N_("wordt opgehaald")
NO_FILE = N_("kon niet worden opgehaald")
NOT_TAKEN = N_("niet aangenomen: %(why)s")
NO_FILE_BECAUSE = N_("kon niet worden opgehaald: %(why)s")

KILOBYTE, MEGABYTE = 1024, 1024 * 1024


class Words:
    """The tables above in one language, for templates."""

    def __init__(self, catalogues: Catalogues, language: str) -> None:
        self._catalogues = catalogues
        self._locale = _locale(language)

        def look_up(message: str) -> str:
            return catalogues.text(language, message)

        self.text = look_up
        self.help = HelpWords(look_up)

    def name(self, row: CaseRow) -> str:
        """What to call the contact."""
        return row.name.strip() or self.text(NAMELESS)

    def reason(self, row: CaseRow) -> str:
        """Why people have this conversation."""
        return self.text(REASONS[row.reason])

    def why(self, reason: Reason) -> str:
        """Why people had a conversation."""
        return self.text(REASONS[reason])

    def outcome(self, outcome: Outcome) -> str:
        """What became of a conversation."""
        return self.text(OUTCOMES[outcome])

    def later(self, name: Later) -> str:
        """When something comes back."""
        return self.text(LATER[name])

    def language(self, code: str) -> str:
        """What a language is called."""
        name = _locale(code).get_language_name(self._locale) if code else None
        return name or code

    def channel(self, name: str) -> str:
        """What a channel is called."""
        return self.text(CHANNELS[name]) if name in CHANNELS else name

    def origin(self, item: Aside) -> str:
        """Where something that was set aside came in."""
        return self.text(ORIGINS[item.channel]) if item.channel in ORIGINS else item.channel

    def unreadable(self, item: Aside) -> str:
        """Why nobody could read it, in plain words."""
        return self.text(UNREADABLE.get(item.reason, UNKNOWN_UNREADABLE))

    def reply_channel(self, name: str) -> str:
        """What a channel is called where one is chosen to answer over."""
        return self.text(REPLY_CHANNELS[name]) if name in REPLY_CHANNELS else self.channel(name)

    def who(self, entry: LogEntry) -> str:
        """Whose words a line holds."""
        return entry.name.strip() or self.text(AUTHORS[entry.author])

    def how(self, entry: LogEntry) -> str:
        """How the words came in; empty when they were simply written."""
        return self.text(HOW[entry.kind]) if entry.kind in HOW and entry.text else ""

    def happened(self, entry: LogEntry) -> str:
        """What happened, for a line without words or anything else to show."""
        told = entry.text or entry.media
        return self.text(HAPPENED[entry.kind]) if entry.kind in HAPPENED and not told else ""

    def media(self, media: Mapping[str, Any]) -> str:
        """What was sent instead of words: "spraakbericht, 12 seconden"."""
        name = self.text(MEDIA.get(str(media.get("kind")), A_FILE))
        seconds = media.get("seconds")
        return name if seconds is None else f"{name}, {format_unit(seconds, 'duration-second', locale=self._locale)}"

    def attached(self, file: Attached) -> str:
        """Why there is nothing to see of a file, after what it is: ", wordt opgehaald"."""
        why = self.text(REFUSALS[file.reason]) if file.reason in REFUSALS else ""
        if file.state is AttachmentState.WAITING:
            told = WAITS_FOR_FILE
        elif file.state is AttachmentState.REFUSED and file.reason != Refusal.TOO_LARGE:
            told = NOT_TAKEN
        else:
            told = NO_FILE_BECAUSE if why else NO_FILE
        return f", {self.text(told) % {'why': why}}"

    def size(self, file: Attached) -> str:
        """How large a file is: "120 kB"."""
        unit, size = ("megabyte", MEGABYTE) if file.size >= MEGABYTE else ("kilobyte", KILOBYTE)
        amount = max(round(file.size / size), 1)
        return format_unit(amount, f"digital-{unit}", "short", locale=self._locale)

    def choices(self, entry: LogEntry) -> list[str]:
        """The buttons under a message: choices that are no numbered line of its own text, and were not read aloud."""
        lines = {line.partition(" ")[2] for line in entry.text.splitlines()}
        return [] if entry.status == Status.SPOKEN else [label for label in entry.choices if label not in lines]

    def delivery(self, entry: LogEntry) -> str:
        """Where a message of ours stands; empty for words of the contact."""
        stands = POSTPONED if entry.status == Status.QUEUED and entry.reason else entry.status
        return self.text(DELIVERY[stands]) if stands in DELIVERY else ""

    def call(self, entry: LogEntry) -> str:
        """How a call that a counsellor made stands: "Bart belde, 4 minuten"; empty for anything else."""
        made = entry.called
        if made is None:
            return ""
        own = OWN_TELEPHONE if made.reason == Telephone.OWN else {}
        how_long = format_timedelta(timedelta(seconds=max(made.seconds or 0, 1)), locale=self._locale)
        words = self.text(own.get(made.state) or CALLS[made.state])
        return words % {"name": self.who(entry), "how_long": how_long}

    def failure(self, entry: LogEntry) -> str:
        """Why it did not arrive, in plain words."""
        known = next((FAILURES[key] for key in (entry.code, entry.reason) if key in FAILURES), UNKNOWN_FAILURE)
        return self.text(known)


def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("nl")
