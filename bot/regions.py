"""Belgian postcodes and the regions they lie in (bpost: the first two digits)."""

from __future__ import annotations

from collections.abc import Mapping

FLANDERS = frozenset({"flemish_brabant", "antwerp", "limburg", "west_flanders", "east_flanders"})
"""Where VDAB itself helps; in Brussels Actiris does, in Wallonia Forem, in the German-speaking community ADG."""

_REGIONS = {
    "brussels": "10 11 12",
    "walloon_brabant": "13 14",
    "flemish_brabant": "15 16 17 18 19 30 31 32 33 34",
    "antwerp": "20 21 22 23 24 25 26 27 28 29",
    "limburg": "35 36 37 38 39",
    "liege": "40 41 42 43 44 45 46 48 49",
    "german_speaking": "47",
    "namur": "50 51 52 53 54 55 56 57 58 59",
    "hainaut": "60 61 62 63 64 65 70 71 72 73 74 75 76 77 78 79",
    "luxembourg": "66 67 68 69",
    "west_flanders": "80 81 82 83 84 85 86 87 88 89",
    "east_flanders": "90 91 92 93 94 95 96 97 98 99",
}
"""The first two digits of the postcodes of each region."""

REGIONS = frozenset(_REGIONS)
_BY_DIGITS = {digits: region for region, row in _REGIONS.items() for digits in row.split()}


def region_of(postcode: str) -> str:
    """The region of a postcode; empty when it is none."""
    return _BY_DIGITS.get(postcode[:2], "") if len(postcode) == 4 else ""


def derived(answers: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What the answers tell beside themselves, for conditions of the flow: ``@region``."""
    return {"@region": (region_of("".join(answers.get("postcode", ()))),)}
