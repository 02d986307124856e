"""Which voices speak which language, and which languages Twilio's Gather understands.

Source: Twilio's pages "Text-to-Speech: available voices and languages" and "TwiML Voice: Gather,
languages". Only voices that a Belgian service is likely to use are listed; add one with its language.
"""

from __future__ import annotations

import re

POLLY: dict[str, str] = {
    "Lisa": "nl-BE",
    "Lotte": "nl-NL",
    "Ruben": "nl-NL",
    "Laura": "nl-NL",
    "Isabelle": "fr-BE",
    "Celine": "fr-FR",
    "Lea": "fr-FR",
    "Mathieu": "fr-FR",
    "Remi": "fr-FR",
    "Amy": "en-GB",
    "Brian": "en-GB",
    "Emma": "en-GB",
    "Arthur": "en-GB",
    "Joanna": "en-US",
    "Matthew": "en-US",
    "Zeina": "arb",
    "Hala": "ar-AE",
    "Filiz": "tr-TR",
    "Burcu": "tr-TR",
    "Tatyana": "ru-RU",
    "Maxim": "ru-RU",
    "Ola": "pl-PL",
    "Ewa": "pl-PL",
    "Carmen": "ro-RO",
    "Lucia": "es-ES",
    "Conchita": "es-ES",
    "Vicki": "de-DE",
    "Marlene": "de-DE",
    "Ines": "pt-PT",
}
POLLY_NAME = re.compile(r"Polly\.(?P<name>[A-Z][a-z]+)(-Neural|-Generative)?")
GOOGLE_NAME = re.compile(r"Google\.(?P<language>[a-z]{2,3}-[A-Z]{2})-[A-Za-z0-9]+(-[A-Z])?")
BASIC = frozenset({"man", "woman", "alice"})
"""Voices of several languages."""

_UNDERSTOOD = """
af-ZA sq-AL am-ET ar-DZ ar-BH ar-EG ar-IQ ar-IL ar-JO ar-KW ar-LB ar-MA ar-OM ar-QA ar-SA ar-PS ar-TN
ar-AE hy-AM az-AZ eu-ES bn-BD bn-IN bg-BG ca-ES hr-HR cs-CZ da-DK nl-BE nl-NL en-AU en-CA en-GH en-GB
en-IN en-IE en-KE en-NZ en-NG en-PH en-ZA en-TZ en-US et-EE fil-PH fi-FI fr-CA fr-FR gl-ES ka-GE de-DE
el-GR gu-IN he-IL hi-IN hu-HU is-IS id-ID it-IT ja-JP kk-KZ ko-KR lv-LV lt-LT mk-MK ms-MY ne-NP nb-NO
fa-IR pl-PL pt-BR pt-PT pa-Guru-IN ro-RO ru-RU sr-RS sk-SK sl-SI es-AR es-CL es-CO es-MX es-ES es-US
sw-KE sw-TZ sv-SE ta-IN th-TH tr-TR uk-UA ur-PK ur-IN uz-UZ vi-VN
"""
GATHER = frozenset(_UNDERSTOOD.split())
"""There is no fr-BE, no ar-SY, and nothing for Pashto, Tigrinya or Somali."""


def fault_of(voice: str | None, language: str | None) -> tuple[int, str] | None:
    """Why Say would fail with this voice and language: (13511, …), (13512, …), or None when it would not."""
    if voice is None or voice in BASIC:
        return None
    spoken = language_of(voice)
    if spoken is None:
        return 13511, f"unknown voice {voice}"
    if language is not None and language != spoken:
        return 13512, f"voice {voice} speaks {spoken}, not {language}"
    return None


def language_of(voice: str) -> str | None:
    """The one language of a voice, None for a voice that Twilio does not have."""
    if polly := POLLY_NAME.fullmatch(voice):
        return POLLY.get(polly["name"])
    google = GOOGLE_NAME.fullmatch(voice)
    return google["language"] if google else None
