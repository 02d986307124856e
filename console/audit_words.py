"""What each thing that happened is called, in plain words: a table for each kind of event, in Dutch.

Every name of ``bot.events`` has its words here; a test sees to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.catalogues import N_
from bot.events import AccountEventType, EventType


class Sort(StrEnum):
    """What one may look for."""

    LOOKS = "looks"
    ANSWERS = "answers"
    CASES = "cases"
    HELP = "help"
    ITSELF = "itself"


SORTS: Mapping[Sort, str] = {
    Sort.LOOKS: N_("Gekeken"),
    Sort.ANSWERS: N_("Geantwoord"),
    Sort.CASES: N_("Genomen, gegeven, gesloten"),
    Sort.HELP: N_("Voorstel, pad en momenten"),
}
"""Those that people do."""

EVENTS: Mapping[EventType, tuple[Sort, str]] = {
    "looked": (Sort.LOOKS, N_("keek naar het gesprek")),
    "message_out": (Sort.ANSWERS, N_("antwoordde")),
    "call_asked": (Sort.ANSWERS, N_("wilde bellen")),
    "call_answered": (Sort.ANSWERS, N_("belde")),
    "sent_again": (Sort.ANSWERS, N_("verstuurde een bericht opnieuw")),
    "draft_taken": (Sort.ANSWERS, N_("nam over wat een collega klaar had")),
    "noted": (Sort.ANSWERS, N_("schreef een notitie")),
    "claimed": (Sort.CASES, N_("nam het gesprek")),
    "released": (Sort.CASES, N_("zette het gesprek terug bij wie wacht")),
    "closed": (Sort.CASES, N_("sloot het gesprek af")),
    "reopened": (Sort.CASES, N_("opende het gesprek weer")),
    "handed_over": (Sort.CASES, N_("gaf het gesprek door")),
    "snoozed": (Sort.CASES, N_("stelde het gesprek uit")),
    "woken": (Sort.CASES, N_("haalde het gesprek terug")),
    "merged": (Sort.CASES, N_("bracht twee contacten samen")),
    "merge_undone": (Sort.CASES, N_("maakte twee contacten weer los")),
    "proposal_confirmed": (Sort.HELP, N_("bevestigde het voorstel")),
    "proposal_changed": (Sort.HELP, N_("veranderde het voorstel")),
    "plan_added": (Sort.HELP, N_("zette iets op het pad")),
    "plan_dropped": (Sort.HELP, N_("nam iets van het pad")),
    "meeting_invited": (Sort.HELP, N_("nodigde uit voor een groep")),
    "meeting_off": (Sort.HELP, N_("liet een moment vervallen")),
    "attachment_failed": (Sort.ITSELF, N_("een bestand kon niet worden opgehaald")),
    "attachment_kept": (Sort.ITSELF, N_("een bestand opgehaald")),
    "attachment_refused": (Sort.ITSELF, N_("een bestand niet aangenomen")),
    "call_bridged": (Sort.ITSELF, N_("een oproep kwam tot stand")),
    "call_busy": (Sort.ITSELF, N_("een oproep: de lijn was bezet")),
    "call_cancelled": (Sort.ITSELF, N_("een oproep afgebroken")),
    "call_ended": (Sort.ITSELF, N_("een oproep was voorbij")),
    "call_failed": (Sort.ITSELF, N_("een oproep lukte niet")),
    "call_no_answer": (Sort.ITSELF, N_("een oproep: niet opgenomen")),
    "call_ringing": (Sort.ITSELF, N_("de eigen telefoon ging over")),
    "case_opened": (Sort.ITSELF, N_("het gesprek kwam bij mensen")),
    "case_raised": (Sort.ITSELF, N_("het gesprek werd dringender")),
    "meeting_booked": (Sort.ITSELF, N_("een plaats genomen")),
    "meeting_cancelled": (Sort.ITSELF, N_("een plaats teruggegeven")),
    "meeting_moved_up": (Sort.ITSELF, N_("van de wachtlijst gehaald")),
    "meeting_waiting": (Sort.ITSELF, N_("op de wachtlijst gezet")),
    "message_in": (Sort.ITSELF, N_("een bericht gekregen")),
    "missed_call": (Sort.ITSELF, N_("een oproep gemist")),
    "not_reached": (Sort.ITSELF, N_("niet bereikt bij het terugbellen")),
    "plan_done": (Sort.ITSELF, N_("een opdracht klaar")),
    "plan_help": (Sort.ITSELF, N_("hulp gevraagd bij een opdracht")),
    "plan_later": (Sort.ITSELF, N_("een opdracht uitgesteld")),
    "plan_picked": (Sort.ITSELF, N_("een opdracht gekozen")),
    "plan_sent": (Sort.ITSELF, N_("een opdracht gestuurd")),
    "plan_started": (Sort.ITSELF, N_("een opdracht begonnen")),
    "postponed": (Sort.ITSELF, N_("een bericht lukte nog niet")),
    "proposed": (Sort.ITSELF, N_("een voorstel gemaakt")),
    "resumed": (Sort.ITSELF, N_("wil weer berichten")),
    "status": (Sort.ITSELF, N_("een bericht kwam verder")),
    "stopped": (Sort.ITSELF, N_("wil geen berichten meer")),
    "undelivered": (Sort.ITSELF, N_("een bericht niet bezorgd")),
}
"""With a case: after the name of who did it."""

ACCOUNT_EVENTS: Mapping[AccountEventType, tuple[str, str]] = {
    "account_made": (N_("maakte het eigen account"), N_("maakte het account van %(about)s, als %(role)s")),
    "account_changed": (N_("veranderde de eigen gegevens"), N_("veranderde de gegevens van %(about)s")),
    "account_closed": (N_("sloot het eigen account"), N_("sloot het account van %(about)s")),
    "account_opened": (N_("opende het eigen account"), N_("opende het account van %(about)s weer")),
    "account_locked": ("", N_("sloot %(about)s een kwartier buiten: te veel verkeerde pogingen")),
    "role_changed": (N_("veranderde de eigen rol"), N_("gaf %(about)s een andere rol: %(role)s")),
    "teams_changed": (N_("veranderde de eigen teams"), N_("veranderde de teams van %(about)s")),
    "password_changed": (N_("koos een ander wachtwoord"), ""),
    "password_given": ("", N_("gaf %(about)s een nieuw wachtwoord")),
    "logged_in": (N_("meldde zich aan"), ""),
    "logged_out": (N_("meldde zich af"), ""),
    "logins_ended": (N_("meldde zich elders af"), N_("meldde %(about)s overal af")),
    "code_on": (N_("voegde een code van de telefoon toe"), ""),
    "code_off": (N_("zette de eigen code uit"), N_("zette de code van %(about)s uit")),
    "spare_codes_made": (N_("maakte nieuwe reservecodes"), ""),
    "spare_code_used": (N_("gebruikte een reservecode"), ""),
    "went_away": (N_("is even weg"), ""),
    "came_back": (N_("is weer aan het werk"), ""),
    "identity_linked": (N_("koppelde het account aan de aanmelddienst"), ""),
    "identity_unlinked": (
        N_("maakte het account los van de aanmelddienst"),
        N_("maakte het account van %(about)s los van de aanmelddienst"),
    ),
}
"""With an account: what one did with the own one, and with another's. Empty where that does not occur."""

NOBODY: Mapping[str, str] = {"account_locked": N_("De computer")}
ON_THE_SERVER = N_("Op de server")
"""Who did it where nobody was logged in: the computer by itself, or somebody at the command line."""


def types_of(sort: Sort) -> tuple[str, ...]:
    """The events of one sort."""
    return tuple(name for name, (of, _) in EVENTS.items() if of is sort)
