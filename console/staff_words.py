"""What people who work here are called, and what cannot be done with an account: tables in Dutch."""

from __future__ import annotations

from collections.abc import Mapping

from bot.catalogues import N_
from bot.roles import Role
from bot.service.account_errors import (
    AccountError,
    BadLanguage,
    BadLimit,
    BadLogin,
    BadName,
    BadNumber,
    LastAdministrator,
    NameTaken,
    NoSuchTeam,
    Oneself,
    SamePassword,
    TooShort,
)

ROLES: Mapping[Role, str] = {
    Role.COUNSELLOR: N_("Consulent"),
    Role.LEAD: N_("Teamverantwoordelijke"),
    Role.ADMINISTRATOR: N_("Beheerder"),
}

MEANS: Mapping[Role, str] = {
    Role.COUNSELLOR: N_("Ziet en beantwoordt de gesprekken van de eigen teams."),
    Role.LEAD: N_("Ziet ook wie er werkt en wie wat deed, in de eigen teams."),
    Role.ADMINISTRATOR: N_("Ziet alle teams en beheert de accounts."),
}
"""What each role may do."""

PROBLEMS: Mapping[type[AccountError], tuple[str, str]] = {
    BadLogin: ("login", N_("Schrijf een gebruikersnaam van hoogstens 120 tekens.")),
    NameTaken: ("login", N_("Die gebruikersnaam is al van iemand. Kies een andere.")),
    BadName: ("name", N_("Schrijf een naam van hoogstens 120 tekens.")),
    BadNumber: ("phone", N_("Dit is geen gewoon telefoonnummer. Schrijf het zo: 0470 00 00 00.")),
    BadLimit: ("most_open", N_("Schrijf een getal van 1 tot 99, of laat dit leeg.")),
    BadLanguage: ("language", N_("Kies een van de talen.")),
    NoSuchTeam: ("teams", N_("Dat team bestaat niet. Kies een van de teams.")),
    Oneself: ("role", N_("Dit is uw eigen account. Uw rol verandert een andere beheerder.")),
    LastAdministrator: ("role", N_("Dit is de laatste beheerder. Maak eerst iemand anders beheerder.")),
    TooShort: ("new", N_("Dit wachtwoord is te kort. Neem minstens 12 tekens.")),
    SamePassword: ("new", N_("Dit is uw oude wachtwoord. Kies een ander.")),
}
"""The field that each is about, and what is said beside it."""
