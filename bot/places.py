"""Reads ``content/offices.yaml`` and ``content/hours.yaml``: where people of VDAB are, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from bot.hours import Hours, Openings
from bot.meetings import Office
from bot.reading import Row, each, only, stop_at
from bot.regions import region_of


def read_offices(data: Row, where: str) -> dict[str, Office]:
    """The towns with an office by their id. Raises FlowError with every problem found."""
    problems: list[str] = []
    only(data, "checked valid_until offices")
    offices: dict[str, Office] = {}

    def read(row: Row) -> None:
        office = _office(row)
        if office.id in offices:
            raise ValueError(f"there are two {office.id}")
        offices[office.id] = office

    each(data["offices"], read, where, problems)
    stop_at(problems)
    return offices


def _office(row: Row) -> Office:
    only(row, "id town postcode region")
    office = Office(str(row["id"]), str(row["town"]), str(row["postcode"]), str(row["region"]))
    if not office.region or region_of(office.postcode) != office.region:
        raise ValueError(f"{office.postcode} does not lie in {office.region}")
    return office


def read_hours(data: Row, where: str) -> Openings:
    """The hours of people and of messages. Raises FlowError with every problem found."""
    problems: list[str] = []
    only(data, "checked valid_until office outreach")
    found = {name: hours_of(data[name], where, problems) for name in ("office", "outreach")}
    stop_at(problems)
    return Openings(found["office"], found["outreach"])


def hours_of(rows: Sequence[Row], where: str, problems: list[str]) -> Hours:
    """Opening hours from the rows of a file; what is wrong with one is added to ``problems``."""
    spans = [span for row in each(rows, _spans, where, problems) for span in row.items()]
    return Hours(dict(spans))


def _spans(row: Row) -> dict[int, tuple[time, time]]:
    only(row, "days opens closes")
    opens, closes = time.fromisoformat(row["opens"]), time.fromisoformat(row["closes"])
    if opens >= closes:
        raise ValueError("closes before it opens")
    return dict.fromkeys(map(_weekday, row["days"]), (opens, closes))


def _weekday(day: object) -> int:
    if not isinstance(day, int) or day not in range(7):
        raise ValueError(f"{day}: no day; 0 is Monday, 6 is Sunday")
    return day
