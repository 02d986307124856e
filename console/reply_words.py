"""What stands at the answer box: how much an answer takes, and what the parts of a ready answer are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.catalogues import N_
from bot.ready import Gap, Subject
from bot.service.counting import Counted

SUBJECTS: Mapping[Subject, str] = {
    Subject.GREETING: N_("Begroeten"),
    Subject.WAITING: N_("Laten wachten"),
    Subject.ASKING: N_("Iets vragen"),
    Subject.MEETING: N_("Bellen en langskomen"),
    Subject.PAPERS: N_("Papieren"),
    Subject.REFERRAL: N_("Doorverwijzen"),
    Subject.GOODBYE: N_("Afscheid"),
}

GAPS: Mapping[Gap, str] = {
    Gap.NAME: N_("Naam van deze persoon"),
    Gap.COUNSELLOR: N_("Uw naam"),
    Gap.OFFICE: N_("Kantoor"),
    Gap.TIME: N_("Dag en uur"),
}

SIZES: Mapping[str, str] = {
    "one": N_("1 sms, %(euro)s"),
    "many": N_("%(n)s sms, %(euro)s"),
    "free": N_("gratis"),
    "aloud": N_("ongeveer %(n)s seconden voorlezen"),
    "long": N_("Te lang: %(n)s tekens. Hoogstens %(most)s kan langs deze weg."),
    "pieces": N_("Te lang: %(n)s sms. Hoogstens %(most)s kan."),
    "costly": N_("Door %(signs)s kost dit meer."),
    "script": N_("Dit schrift kost meer: er passen minder letters in een sms."),
    "wrote": N_("Er kwam een nieuw bericht terwijl u schreef. Lees het eerst."),
    "read": N_("Ik heb het gelezen"),
    "kept": N_("Bewaard"),
    "here": N_("Geen verbinding. Uw tekst blijft in dit venster bewaard."),
}
"""The page says these by itself while somebody types; the server says the first eight in a preview."""

MOST_NAMED = 5
"""Signs that are named one by one: of more, it is the script."""


def size(counted: Counted, euro: str, say: Callable[[str], str]) -> str:
    """What an answer takes, in a few words."""
    if counted.seconds:
        return say(SIZES["aloud"]) % {"n": counted.seconds}
    if not counted.pieces:
        return say(SIZES["free"])
    return say(SIZES["one" if counted.pieces == 1 else "many"]) % {"n": counted.pieces, "euro": euro}


def costly(signs: Sequence[str], say: Callable[[str], str]) -> str:
    """Which signs make an SMS dearer; empty when none do."""
    if not signs:
        return ""
    if len(signs) > MOST_NAMED:
        return say(SIZES["script"])
    return say(SIZES["costly"]) % {"signs": " ".join(f"“{sign}”" for sign in signs)}
