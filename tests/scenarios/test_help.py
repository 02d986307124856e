"""From answers to help: proposals, plans, meetings, groups, notices, the same counsellor again; over the real doors."""

from __future__ import annotations

from tests.scenarios.people import Writer
from town import Town

INTAKE = ("hallo", "1", "An", "9000", "1", "1", "3", "3", "5", "4", "2")


def answered(writer: Writer, *rest: str) -> list[str]:
    said: list[str] = []
    for text in (*INTAKE, *rest):
        said = writer.sms(text)
    return said


def test_the_proposal_comes_in_one_message_with_its_reason(town: Town) -> None:
    an = Writer(town)
    proposal, done = answered(an, "1", "1")
    assert proposal.startswith("Ons voorstel: ")
    assert "Want " in proposal
    assert proposal.endswith("Een mens beslist, niet ik.")
    assert done.startswith("Dank u.")
