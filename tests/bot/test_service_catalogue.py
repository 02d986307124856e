"""The files of the service catalogue: whole, and every mistake told with file, line and reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot import content
from bot.checks import services
from bot.content import CONTENT
from bot.extraction import _comment, service_texts
from bot.flow import FlowError
from bot.hours import BELGIUM
from bot.regions import FLANDERS, region_of
from bot.teams import team_for
from bot.triage import AskedBy, Rules

TODAY = date(2026, 12, 1)
FLOW = content.load_intake()
RULES = content.load_rules(FLOW)

NO_DOORS = {"btom", "screening"}
ENDED = {"local_services", "vop_sine", "group_contracts", "outreach_activation"}
BY_COUNSELLORS = {
    *("interpreter", "care_activities", "intensive", "screening", "btom"),
    *("collective_custom_work", "individual_custom_work"),
}


# The catalogue


def test_nobody_is_sent_to_what_is_no_door() -> None:
    assert {p.id for p in RULES.programmes.values() if not p.door} == NO_DOORS | ENDED | {"individual_custom_work"}
    assert not {rule.programme for rule in RULES.every_rule} & (NO_DOORS | ENDED)


def test_some_programmes_only_a_counsellor_asks_for() -> None:
    asked = {p.id for p in RULES.programmes.values() if p.asked_by is AskedBy.COUNSELLOR and not p.ended}
    assert asked == BY_COUNSELLORS


def test_what_is_over_is_kept_with_its_last_day_and_open_to_nobody() -> None:
    ended = [programme for programme in RULES.programmes.values() if programme.ended]
    assert {programme.id for programme in ended} == ENDED
    assert all(programme.valid_until is not None and programme.valid_until < TODAY for programme in ended)
    assert not any(programme.is_open("antwerp", date(2022, 1, 1)) for programme in ended)


def test_the_four_parts_of_the_reserved_budget_add_up() -> None:
    parts = [budget for budget in RULES.budgets.values() if budget.part_of == "reserved"]
    amounts = sorted(part.amount for part in parts)
    assert amounts == [2_717_471, 3_150_000, 32_383_680, 54_916_497]
    assert sum(amounts) == RULES.budgets["reserved"].amount == 93_167_648
    assert RULES.budgets["non_digital"].amount == 266_225_260
    assert RULES.budgets["non_digital"].year == 2019
    assert RULES.budgets["group_offer"].amount == 2_500_000


def test_programmes_that_share_a_budget_share_its_name() -> None:
    assert RULES.programmes["gtb"].budget is RULES.programmes["gob"].budget
    assert RULES.programmes["tips"].budget is None


def test_every_budget_of_one_initiative_is_beside_its_programme() -> None:
    of_programmes = {programme.budget.id for programme in RULES.programmes.values() if programme.budget}
    assert set(RULES.budgets) - of_programmes == {"non_digital", "reserved"}, "the sums"


def test_every_text_has_a_place_and_translators_are_told_its_budget() -> None:
    rows = list(service_texts(RULES))
    assert len({context for context, _, _ in rows}) == len(rows)
    assert all("Budget" in _comment(context, mode) for context, words, _ in rows for mode in words.by_mode)


# Mistakes in the files


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The content files, to spoil."""
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


def spoilt(directory: Path, file: str, old: str, new: str) -> int:
    """Changes the file; the line of the entry that it was changed in."""
    path = directory / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    at = text.index(old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    entry = max(text.rfind("\n  - ", 0, at + 5), text.rfind("\notherwise:", 0, at))
    return text.count("\n", 0, entry + 1) + 1 + text[entry:].startswith("\notherwise:")


RULE = "  - id: worries\n    when: {worries: [home, money, children]}\n    programme: work_wellbeing\n"
MISTAKES = [
    ("programme: missing_link", "programme: missing_lynk", "missing_lynk: no such programme"),
    ("programme: missing_link", "programme: local_services", "is not for a rule to propose"),
    ("programme: missing_link", "programme: btom", "is not for a rule to propose"),
    ("when: {health: [yes]}", "when: {helth: [yes]}", "rule health: may not look at helth"),
    ("when: {health: [yes]}", "when: {name: [An]}", "rule health: may not look at name"),
    ("when: {health: [yes]}", "when: {health: [often]}", "rule health: health is never often"),
    ("when: {health: [yes]}", "when: {health: yes}", "when: health needs a list of answers"),
    ("when: {health: [yes]}", "when: {health: []}", "when: health needs a list of answers"),
    ("when: {health: [yes]}", "unless: {health: [no]}", "no answer switches a rule off"),
    ("when: {health: [yes]}", "when: {}", "rule health: fires for everybody"),
    ("when: {told: [illness]}", "when: {told: [cancer]}", "rule illness: told is never cancer"),
    ('unless: {"@language": [nl]}', 'unless: {"@language": [xx]}', "@language is never xx"),
    ('unless: {"@language": [nl]}', 'unless: {"@channel": [sms]}', "may not look at @channel"),
    ("team: youth", "team: elders", "elders: no such kind of team"),
    ("tier: digital", "tier: online", "'online' is not a valid Tier"),
    ("regions: [flanders, brussels]", "regions: [flanders, holland]", "holland: no region"),
    ("budget: gtb_gob", "budget: gtb", "gtb: no such budget"),
    ("since: 2024-01-01", "since: 2024", "since is no date: 2024"),
    ("valid_until: 2023-06-30  #", "valid_until: soon  #", "valid_until is no date: soon"),
    ('    because: {text: "u hebt zorgen thuis"}\n', "", "because is missing"),
    ('{text: "u hebt zorgen thuis"}', '{text: ""}', "because/text: no words"),
    ('{text: "u hebt zorgen thuis"}', '{chat: "u hebt zorgen thuis"}', "text is missing"),
    ('{text: "u hebt zorgen thuis"}', f'{{text: "{"x" * 46}"}}', "because/text: 46 characters, 45 at most"),
    ('told: {text: "een korte', f'told: {{text: "{"x" * 45}', "characters, 45 at most"),
    ('explain: {text: "U leert werken', f'explain: {{text: "{"x" * 150}', "characters, 150 at most"),
    ('"u kunt nu niet werken", chat: "u wilt vooruit op uw eigen tempo"', '"u kunt nu niet werken"', "coarser words"),
    ("urgency: 1", "urgency: 3", "urgency 3: 0 to 2"),
    ("urgency: 1", "urgancy: 1", "urgancy: not known here"),
    ("  - id: worries\n", "  - id: visit\n", "there are two visit"),
    ("  - id: tips\n", "  - id: gtb\n", "there are two gtb"),
    ("asked_by: counsellor", "asked_by: anybody", "'anybody' is not a valid AskedBy"),
    (RULE, f"{RULE}    tier: phone\n", "the tier phone is below that of work_wellbeing, face"),
    ('  because: {text: "u hebt een vraag voor VDAB"}\n', "", "because is missing"),
    ("regions: [german_speaking]", "regions: [eupen]", "eupen: no region"),
]


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES)
def test_a_mistake_in_the_catalogue_is_told_with_its_line(directory: Path, old: str, new: str, told: str) -> None:
    line = spoilt(directory, "programmes.yaml", old, new)
    with pytest.raises(FlowError) as caught:
        content.load_rules(FLOW, directory)
    problems = caught.value.problems
    assert any(told in problem for problem in problems), problems
    if "there are two" not in told:  # there the second of the two is told
        assert any(problem.startswith(f"programmes.yaml:{line}: ") for problem in problems), (line, problems)


def test_a_day_that_no_calendar_has_is_told_with_its_line(directory: Path) -> None:
    spoilt(directory, "hours.yaml", "valid_until: 2027-11-29", "valid_until: 2027-11-31")
    with pytest.raises(FlowError, match="2027-11-31 is no date: day is out of range") as caught:
        content.load_hours(directory)
    assert caught.value.problems[0].startswith("hours.yaml:5: ")


def test_every_mistake_is_told_at_once(directory: Path) -> None:
    spoilt(directory, "programmes.yaml", "when: {health: [yes]}", "when: {health: [often]}")
    spoilt(directory, "programmes.yaml", "when: {way: [visit]}", "when: {way: [swim]}")
    with pytest.raises(FlowError) as caught:
        content.load_rules(FLOW, directory)
    assert len(caught.value.problems) == 2


OTHER_MISTAKES: list[tuple[Callable[[Path], object], str, str, str, str]] = [
    (content.load_teams, "teams.yaml", "wait: {0: 240, 1: 60, 2: 0}", "wait: {0: 240}", "wait needs minutes"),
    (content.load_teams, "teams.yaml", "known_first: 60", "known_first: an hour", "an hour: no number of minutes"),
    (content.load_teams, "teams.yaml", "{id: office,", "{id: service_line,", "there are two service_line"),
    (content.load_offices, "offices.yaml", 'postcode: "9300"', 'postcode: "2300"', "does not lie in east_flanders"),
    (content.load_offices, "offices.yaml", "{id: aarschot,", "{id: aalst,", "there are two aalst"),
    (content.load_hours, "hours.yaml", 'closes: "16:30"', 'closes: "07:30"', "closes before it opens"),
    (content.load_hours, "hours.yaml", "days: [5]", "days: [7]", "7: no day"),
    (content.load_hours, "hours.yaml", 'opens: "09:00"', 'opens: "nine"', "Invalid isoformat string: 'nine'"),
]


@pytest.mark.parametrize(("load", "file", "old", "new", "told"), OTHER_MISTAKES)
def test_a_mistake_in_another_file_is_told_with_its_line(
    directory: Path, load: Callable[[Path], object], file: str, old: str, new: str, told: str
) -> None:
    line = spoilt(directory, file, old, new)
    with pytest.raises(FlowError) as caught:
        load(directory)
    assert [problem.startswith(f"{file}:{line}: ") and told in problem for problem in caught.value.problems] == [True]


# The checks of the catalogue as a whole: each must be able to fail


def problems_of(rules: Rules) -> str:
    return "\n".join(services.problems(rules, FLOW, TODAY))


def test_nothing_is_wrong_with_our_own() -> None:
    assert problems_of(RULES) == ""


def test_budgets_that_do_not_add_up_are_told_with_their_line() -> None:
    btom = replace(RULES.budgets["btom"], amount=2_717_472)
    told = problems_of(replace(RULES, budgets={**RULES.budgets, "btom": btom}))
    assert told == (
        f"programmes.yaml:{RULES.budgets['reserved'].line}: the parts of reserved add up to 93167649, not to 93167648"
    )
    lost = replace(RULES.budgets["btom"], part_of="nothing")
    assert "btom is part of nothing" in problems_of(replace(RULES, budgets={**RULES.budgets, "btom": lost}))


def test_a_programme_that_no_rule_proposes_is_told() -> None:
    rules = tuple(rule for rule in RULES.rules if rule.programme != "deaf")
    assert "no rule proposes deaf" in problems_of(replace(RULES, rules=rules))


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ({"letter": ("form",), "brings": ("work",)}, "letter is asked only when brings is letter"),
        ({"brings": ("letter",), "age": ("from_18",)}, "age is not asked when brings is letter"),
        ({"income": ("ocmw",), "situation": ("work",)}, "income is asked only when situation is no_work or cannot"),
    ],
)
def test_a_rule_that_can_never_fire_is_told(when: dict[str, tuple[str, ...]], told: str) -> None:
    rules = (*RULES.rules, replace(RULES.rules[0], id="never", when=when))
    assert f"rule never can never help: {told}" in problems_of(replace(RULES, rules=rules))


def test_a_rule_whose_wish_is_unwanted_too_is_told() -> None:
    never = replace(RULES.rules[0], id="never", when={"@language": ("nl",)}, unless={"@language": ("nl", "fr")})
    assert "@language is wanted and unwanted" in problems_of(replace(RULES, rules=(*RULES.rules, never)))


def test_a_rule_for_a_programme_that_is_over_is_told() -> None:
    over = replace(RULES.programmes["deaf"], valid_until=date(2026, 11, 30))
    rules = replace(RULES, programmes={**RULES.programmes, "deaf": over})
    assert "rule deaf can never help: deaf is there in no region on 2026-12-01" in problems_of(rules)


# Teams, offices, hours


def test_every_programme_has_a_team_and_every_kind_a_default() -> None:
    teams = content.load_teams()
    for programme in RULES.programmes.values():
        assert team_for(teams, programme.team, "antwerp", "nl") is not None


def test_the_nearest_team_is_of_the_region_then_of_the_language_then_the_first() -> None:
    first = content.load_teams()[0]
    limburg = replace(first, id="limburg", regions=frozenset({"limburg"}), languages=("nl", "tr"))
    french = replace(first, id="french", languages=("fr",))
    teams = (first, limburg, french)
    assert team_for(teams, first.kind, "limburg", "tr") == limburg
    assert team_for(teams, first.kind, "antwerp", "fr") == french
    assert team_for(teams, first.kind, "antwerp", "tr") == first
    assert team_for(teams, first.kind, "", "") == first
    assert team_for(teams, "no such kind", "antwerp", "nl") is None


def test_an_urgent_case_waits_for_nobody_and_none_waits_longer_than_an_ordinary_one() -> None:
    for team in content.load_teams():
        assert team.wait[2] <= team.wait[1] <= team.wait[0]
        assert team.wait[2] == 0


def test_every_province_of_flanders_has_an_office() -> None:
    offices = content.load_offices()
    assert {office.region for office in offices.values()} == FLANDERS
    assert all(region_of(office.postcode) == office.region for office in offices.values())


def test_when_people_work_and_when_it_is_decent_to_write() -> None:
    hours = content.load_hours()
    assert hours.office.days == dict.fromkeys(range(5), (time(8), time(16, 30)))
    saturday, sunday = (datetime(2026, 12, day, 12, 0, tzinfo=BELGIUM) for day in (5, 6))
    assert hours.outreach.is_open(saturday, ())
    assert not hours.outreach.is_open(sunday, ())
    assert not hours.outreach.is_open(datetime(2026, 12, 25, 12, 0, tzinfo=UTC), {date(2026, 12, 25)})
