"""What proposals, paths, meetings and notices say of themselves: tables in Dutch, said in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.catalogues import N_
from bot.meetings import BookingState, MeetingKind
from bot.messages import Status
from bot.plans import AssignmentKind, ItemState
from bot.service.notices import Summary
from bot.triage import Tier

TIERS: Mapping[Tier, str] = {
    Tier.DIGITAL: N_("Zelf, via het internet"),
    Tier.PHONE: N_("Met een mens aan de telefoon"),
    Tier.FACE: N_("In een gesprek met een mens"),
}

URGENCIES: Mapping[int, str] = {0: N_("Gewoon"), 1: N_("Eerst"), 2: N_("Meteen")}

REGIONS: Mapping[str, str] = {
    "": N_("Streek onbekend"),
    "antwerp": N_("Antwerpen"),
    "brussels": N_("Brussel"),
    "east_flanders": N_("Oost-Vlaanderen"),
    "flemish_brabant": N_("Vlaams-Brabant"),
    "german_speaking": N_("Duitstalige Gemeenschap"),
    "hainaut": N_("Henegouwen"),
    "liege": N_("Luik"),
    "limburg": N_("Limburg"),
    "luxembourg": N_("Luxemburg"),
    "namur": N_("Namen"),
    "walloon_brabant": N_("Waals-Brabant"),
    "west_flanders": N_("West-Vlaanderen"),
}

STEPS: Mapping[ItemState, str] = {
    ItemState.NOW: N_("Nu"),
    ItemState.NEXT: N_("Straks"),
    ItemState.LATER: N_("Uitgesteld"),
    ItemState.DONE: N_("Gedaan"),
    ItemState.DROPPED: N_("Van het pad"),
}

HAPPENED: Mapping[str, str] = {
    "plan_added": N_("op het pad gezet"),
    "plan_picked": N_("zelf gekozen"),
    "plan_started": N_("begonnen"),
    "plan_sent": N_("verstuurd"),
    "plan_done": N_("gedaan"),
    "plan_later": N_("uitgesteld"),
    "plan_dropped": N_("van het pad gehaald"),
    "plan_help": N_("vroeg hulp"),
}
"""What happened on a path, by the type of the event."""

ASSIGNMENTS: Mapping[AssignmentKind, str] = {
    AssignmentKind.DIGITAL: N_("Voor wie het internet kent"),
    AssignmentKind.FIRST_STEP: N_("Eerste stappen"),
}

KINDS: Mapping[MeetingKind, str] = {
    MeetingKind.TALK: N_("Gesprek op kantoor"),
    MeetingKind.CALL: N_("Telefoongesprek"),
    MeetingKind.GROUP: N_("Groep"),
}

BOOKINGS: Mapping[BookingState, str] = {
    BookingState.BOOKED: N_("Heeft een plaats"),
    BookingState.WAITING: N_("Staat op de wachtlijst"),
    BookingState.INVITED: N_("Is uitgenodigd"),
}

LEFT_OUT: Mapping[str, str] = {
    "no_way": N_("Is niet te bereiken met een bericht, of wil er geen meer"),
    "with_person": N_("Spreekt nu met een collega: die vertelt het zelf"),
    "called_off": N_("Het bericht werd tegengehouden"),
    "merged": N_("Staat al in de lijst, met een ander adres"),
}
"""Why somebody does not get a notice, by our own word for it."""

LEFT_OUT_OTHERWISE = N_("Het lukte niet")

ON_THE_WAY, SENT, DELIVERED, NOT_DELIVERED = "on_the_way", "sent", "delivered", "not_delivered"

DELIVERIES: Mapping[str, str] = {
    Status.QUEUED: ON_THE_WAY,
    Status.SENDING: ON_THE_WAY,
    Status.SENT: SENT,
    Status.DELIVERED: DELIVERED,
    Status.READ: DELIVERED,
    Status.SPOKEN: DELIVERED,
    Status.FAILED: NOT_DELIVERED,
}
"""How a message stands, as far as a list of notices tells it."""

OUTCOMES: Mapping[str, str] = {
    "waiting": N_("Wacht nog"),
    ON_THE_WAY: N_("Onderweg"),
    SENT: N_("Verstuurd"),
    DELIVERED: N_("Bezorgd"),
    NOT_DELIVERED: N_("Niet bezorgd"),
}

ANSWERS: Mapping[str, str] = {
    "explain": N_("Kreeg uitleg"),
    "help": N_("Wil hulp van een mens"),
    "seen": N_("Wist het al"),
    "": N_("Nog geen antwoord"),
}


class HelpWords:
    """The tables above in one language, for templates."""

    def __init__(self, text: Callable[[str], str]) -> None:
        self._text = text

    def tier(self, tier: str) -> str:
        """How near the help is."""
        return self._text(TIERS[Tier(tier)])

    def urgency(self, urgency: int) -> str:
        """How soon."""
        return self._text(URGENCIES.get(urgency, URGENCIES[max(URGENCIES)]))

    def region(self, region: str) -> str:
        """Where somebody lives."""
        return self._text(REGIONS.get(region, REGIONS[""]))

    def step(self, state: ItemState) -> str:
        """Where something on a path stands."""
        return self._text(STEPS[state])

    def happened(self, type_: str) -> str:
        """What happened on a path."""
        return self._text(HAPPENED[type_]) if type_ in HAPPENED else type_

    def assignments(self, kind: AssignmentKind) -> str:
        """For whom assignments are."""
        return self._text(ASSIGNMENTS[kind])

    def kind(self, kind: MeetingKind) -> str:
        """What a meeting is."""
        return self._text(KINDS[kind])

    def booking(self, state: BookingState) -> str:
        """What somebody has to do with a meeting."""
        return self._text(BOOKINGS[state])

    def left_out(self, reason: str) -> str:
        """Why somebody does not get a notice."""
        return self._text(LEFT_OUT.get(reason, LEFT_OUT_OTHERWISE))

    def outcomes(self, summary: Summary) -> list[tuple[str, int]]:
        """Where the messages of a notice stand, and how many; nothing of what does not occur."""
        counted = {"waiting": summary.waiting}
        for status, number in summary.deliveries.items():
            name = DELIVERIES.get(status, ON_THE_WAY)
            counted[name] = counted.get(name, 0) + number
        return [(self._text(words), counted[name]) for name, words in OUTCOMES.items() if counted.get(name)]

    def answers(self, summary: Summary) -> list[tuple[str, int]]:
        """What people answered, and how many."""
        return [
            (self._text(words), summary.answers[name]) for name, words in ANSWERS.items() if name in summary.answers
        ]

    def without(self, summary: Summary) -> list[tuple[str, int]]:
        """Why people did not get it, and how many."""
        return [(self.left_out(reason), number) for reason, number in summary.left_out.items()]
