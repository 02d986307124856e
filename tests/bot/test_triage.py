"""Triage: what is proposed to whom, and what can never change it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import cli
from bot import content
from bot.flow import Answers, Flow
from bot.messages import Mode
from bot.regions import FLANDERS, REGIONS, region_of
from bot.triage import (
    SIGNALS,
    TOLD,
    VOLUNTEERED,
    Proposal,
    Rules,
    Tier,
    explain,
    propose,
)

TODAY = date(2026, 12, 1)
FLOW = content.load_intake()
RULES = content.load_rules(FLOW)
DIGITAL, PHONE, FACE = Tier


def said(text: str) -> tuple[dict[str, tuple[str, ...]], str]:
    """``age=from_18 worries=home,money`` → the answers, and the language (Dutch where none is named)."""
    answers = {key: tuple(values.split(",")) for key, _, values in (pair.partition("=") for pair in text.split())}
    return answers, answers.pop("language", ("nl",))[0]


def proposed(text: str, rules: Rules = RULES, today: date = TODAY) -> Proposal:
    answers, language = said(text)
    return propose(rules, answers, language, today)


# The table: signal → programme → who takes it over → tier

TABLE = [
    # finds jobs and fills in forms online alone, no worries
    ("digital=yes worries=none health=no", "tips", "service_line", DIGITAL),
    # phone yes, internet or forms no
    ("digital=some", "service_line", "service_line", PHONE),
    ("digital=no", "service_line", "service_line", PHONE),
    ("digital=no", "digital_course", "service_line", PHONE),
    # cannot read or use a phone menu well
    ("told=cannot_read", "office_talk", "office", FACE),
    # worries about home, money, children
    ("worries=home", "work_wellbeing", "work_wellbeing", FACE),
    ("worries=money", "work_wellbeing", "work_wellbeing", FACE),
    ("worries=children", "work_wellbeing", "work_wellbeing", FACE),
    # under 30, no work, no school
    ("age=under_18 situation=no_work", "missing_link", "youth", FACE),
    ("age=from_18 situation=no_work", "missing_link", "youth", FACE),
    # "my health makes work hard"
    ("health=yes", "gtb", "health", FACE),
    ("health=yes brings=training", "gob", "health", FACE),
    ("told=illness", "gtb", "health", FACE),
    # gets sickness money from the mutualiteit: by telephone, face to face where more asks for it
    ("situation=no_work income=sickness", "back_to_work", "back_to_work", PHONE),
    ("situation=no_work income=sickness health=yes", "back_to_work", "back_to_work", FACE),
    # "I cannot work now"
    ("situation=cannot", "activation", "work_care", FACE),
    # gets money from the OCMW
    ("situation=no_work income=ocmw", "ocmw_intake", "ocmw", FACE),
    # says of their own accord that they are in prison or leave it soon
    ("told=prison", "detention", "detention", FACE),
    # little Dutch
    ("language=ar", "language_help", "language", PHONE),
    ("language=ti", "language_help", "language", PHONE),
    # deaf or hard of hearing
    ("told=deaf", "deaf", "office", FACE),
    # letter that the unemployment benefit stops
    ("brings=letter letter=benefit_stops", "benefit_letter", "service_line", PHONE),
    ("told=benefit_stops", "benefit_letter", "service_line", PHONE),
    # wants to meet others, lonely
    ("worries=lonely", "group_offer", "group", FACE),
    ("told=lonely", "group_offer", "group", FACE),
    # and wishes
    ("way=visit", "office_talk", "office", FACE),
    ("way=call", "service_line", "service_line", PHONE),
    ("brings=letter letter=form", "service_line", "service_line", PHONE),
    ("brings=person", "service_line", "service_line", PHONE),
    # nothing known: a person, by telephone
    ("", "service_line", "service_line", PHONE),
]


@pytest.mark.parametrize(("signal", "programme", "team", "tier"), TABLE)
def test_the_table(signal: str, programme: str, team: str, tier: Tier) -> None:
    made = proposed(f"{signal} postcode=9000")
    assert programme in made.programmes
    assert made.tier is tier
    assert RULES.programmes[programme].team == team
    assert RULES.why(made, programme) is not None, "every programme has a reason"


ELSEWHERE = [
    ("1000", "brussels", "Actiris", "0800 35 123"),
    ("1300", "walloon_brabant", "Forem", "0800 93 947"),
    ("4000", "liege", "Forem", "0800 93 947"),
    ("4700", "german_speaking", "ADG", "080 28 00 60"),
    ("5000", "namur", "Forem", "0800 93 947"),
    ("6000", "hainaut", "Forem", "0800 93 947"),
    ("6700", "luxembourg", "Forem", "0800 93 947"),
    ("7000", "hainaut", "Forem", "0800 93 947"),
]


@pytest.mark.parametrize(("postcode", "region", "service", "number"), ELSEWHERE)
def test_who_lives_elsewhere_gets_the_right_number(postcode: str, region: str, service: str, number: str) -> None:
    made = proposed(f"age=from_18 situation=no_work postcode={postcode}")
    assert made.region == region
    assert "missing_link" not in made.programmes
    assert (RULES.elsewhere[region].service, RULES.elsewhere[region].number) == (service, number)


def test_a_dutch_speaker_in_brussels_may_still_ask_for_a_person() -> None:
    assert RULES.elsewhere["brussels"].person_for == ("nl",)
    assert proposed("postcode=1000").programmes == ("service_line",)


def test_a_prison_of_brussels_has_a_detention_counsellor_too() -> None:
    assert proposed("told=prison postcode=1190").programmes == ("detention",)


@pytest.mark.parametrize(
    ("postcode", "region"),
    [
        *[("1500", "flemish_brabant"), ("3000", "flemish_brabant"), ("2000", "antwerp"), ("3500", "limburg")],
        *[("8000", "west_flanders"), ("9999", "east_flanders"), ("0999", ""), ("", ""), ("900", ""), ("90000", "")],
    ],
)
def test_regions(postcode: str, region: str) -> None:
    assert region_of(postcode) == region


def test_every_region_is_flanders_or_has_another_service() -> None:
    assert set(RULES.elsewhere) == REGIONS - FLANDERS


# Order, urgency, time


def test_the_most_support_comes_first_then_the_order_of_the_file() -> None:
    made = proposed("worries=home,lonely digital=no told=benefit_stops age=from_18 situation=no_work language=fr")
    face = ("missing_link", "work_wellbeing", "group_offer")
    assert made.programmes == (*face, "benefit_letter", "language_help", "service_line", "digital_course")
    assert made.fired[0] == "young"


def test_a_programme_stands_there_once_whatever_speaks_for_it() -> None:
    made = proposed("health=yes told=illness")
    assert made.programmes == ("gtb",)
    assert made.fired == ("health", "illness")


@pytest.mark.parametrize(("signal", "urgency"), [("", 0), ("told=benefit_stops", 1), ("letter=benefit_stops", 1)])
def test_urgency(signal: str, urgency: int) -> None:
    assert proposed(signal).urgency == urgency


def test_a_programme_that_went_stale_is_not_promised_and_a_person_takes_its_place() -> None:
    stale = {**RULES.programmes, "missing_link": replace(RULES.programmes["missing_link"], valid_until=TODAY)}
    rules = replace(RULES, programmes=stale)
    assert proposed("age=from_18 situation=no_work", rules).programmes == ("missing_link",)
    made = proposed("age=from_18 situation=no_work", rules, date(2026, 12, 2))
    assert made.programmes == ("service_line",)
    assert made.fired == ("young", "otherwise")
    assert made.tier is FACE, "the need did not go away"


def test_tips_that_went_stale_leave_nobody_alone() -> None:
    stale = {**RULES.programmes, "tips": replace(RULES.programmes["tips"], ended=True)}
    assert proposed("digital=yes", replace(RULES, programmes=stale)).tier is PHONE


def test_a_proposal_keeps_the_version_of_its_rules() -> None:
    assert proposed("", replace(RULES, version=7)).version == 7


# What can never happen


def _options(step: str) -> list[str]:
    return [option.id for option in FLOW.steps[step].options]


SINGLE = sorted(SIGNALS - {"worries", TOLD})
LANGUAGES = st.sampled_from(_options("language"))
POSTCODES = st.integers(1000, 9999).map(str)
IN_FLANDERS = POSTCODES.filter(lambda code: region_of(code) in FLANDERS)


def _several(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, min_size=1).map(tuple)


def _one(step: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sampled_from(_options(step)).map(lambda value: (value,))


ANY = {
    **{step: _one(step) for step in SINGLE},
    "worries": _several(_options("worries")),
    TOLD: _several(sorted(VOLUNTEERED)),
    "postcode": POSTCODES.map(lambda code: (code,)),
}
ANSWERS = st.fixed_dictionaries({}, optional=ANY)
OTHER_INPUT = st.dictionaries(
    st.sampled_from(["name", "story", "phone", "hidden_phone", "review", "channel", "gender", "origin", "seconds"])
    | st.text().filter(lambda key: key not in ANY),
    st.lists(st.text(), max_size=2).map(tuple),
)


def made_of(answers: Answers, language: str = "nl") -> Proposal:
    return propose(RULES, answers, language, TODAY)


@given(ANSWERS, LANGUAGES, OTHER_INPUT)
def test_no_other_input_changes_a_proposal(answers: Answers, language: str, other: Answers) -> None:
    assert made_of({**other, **answers}, language) == made_of(answers, language)


@given(ANSWERS, LANGUAGES, IN_FLANDERS, IN_FLANDERS)
def test_where_in_flanders_somebody_lives_changes_no_help(
    answers: Answers, language: str, one: str, other: str
) -> None:
    here = made_of({**answers, "postcode": (one,)}, language)
    there = made_of({**answers, "postcode": (other,)}, language)
    assert replace(here, region="") == replace(there, region="")


@given(ANSWERS, LANGUAGES, st.sampled_from(sorted(set(ANY) - {"postcode"})), st.data())
def test_a_signal_never_lowers_the_support(answers: Answers, language: str, step: str, data: st.DataObject) -> None:
    """Of forms that go well alone: only where nothing else fires, and never below what fires."""
    without = {key: values for key, values in answers.items() if key != step}
    added = data.draw(ANY[step])
    before, after = made_of(without, language), made_of({**without, step: added}, language)
    if added != ("yes",) or step != "digital" or before.fired != ("otherwise",):
        assert after.tier.level >= before.tier.level
        assert set(after.programmes) >= set(before.programmes) - {"service_line", "tips"}
    assert after.urgency >= before.urgency


@given(ANSWERS, LANGUAGES, st.sampled_from(sorted(VOLUNTEERED)))
def test_what_is_said_besides_only_raises(answers: Answers, language: str, told: str) -> None:
    before = made_of(answers, language)
    after = made_of({**answers, TOLD: (*answers.get(TOLD, ()), told)}, language)
    assert after.tier.level >= before.tier.level
    assert after.urgency >= before.urgency


@given(ANSWERS, LANGUAGES, st.sampled_from(SINGLE))
def test_an_unknown_answer_never_gives_less_than_the_least_of_its_answers(
    answers: Answers, language: str, step: str
) -> None:
    unknown = made_of({key: values for key, values in answers.items() if key != step}, language)
    skipped = made_of({**answers, step: ()}, language)
    possible = [made_of({**answers, step: (option,)}, language) for option in _options(step)]
    assert unknown == skipped
    assert unknown.tier.level >= min(made.tier.level for made in possible)
    assert unknown.urgency >= min(made.urgency for made in possible)


@given(ANSWERS, LANGUAGES)
def test_another_language_never_lowers_the_support(answers: Answers, language: str) -> None:
    assert made_of(answers, language).tier.level >= made_of(answers, "nl").tier.level


@given(ANSWERS, LANGUAGES)
def test_the_internet_alone_only_for_who_said_that_it_goes_well(answers: Answers, language: str) -> None:
    made = made_of(answers, language)
    if made.tier is DIGITAL:
        assert answers["digital"] == ("yes",)
        assert made.fired == ("alone",)


@given(ANSWERS, LANGUAGES)
def test_what_is_proposed_is_a_door_that_is_open_and_has_a_reason(answers: Answers, language: str) -> None:
    made = made_of(answers, language)
    levels = [RULES.rule(rule_id).tier.level for rule_id in made.fired]  # type: ignore[union-attr]
    assert levels == sorted(levels, reverse=True)
    for programme_id in made.programmes:
        programme = RULES.programmes[programme_id]
        assert programme.can_be_proposed
        assert programme.is_open(made.region, TODAY)
        assert RULES.why(made, programme_id) is not None


@given(ANSWERS, LANGUAGES)
def test_the_explanation_tells_of_every_rule_what_the_proposal_made_of_it(answers: Answers, language: str) -> None:
    rows = explain(RULES, answers, language, TODAY)
    assert [row.rule for row in rows] == list(RULES.every_rule)
    assert {row.rule.id for row in rows if row.fired} == set(made_of(answers, language).fired)
    assert all(row.why for row in rows if not row.fired)


# The words

HIDDEN_IN_CHAT = re.compile(
    r"gezond|ziek|mutualiteit|ocmw|gevang|detent|straf|celstraf|hoort|doof|gebaren", re.IGNORECASE
)


def test_what_goes_over_a_chat_app_names_no_illness_no_prison_and_no_money() -> None:
    sensitive = {rule.id for rule in RULES.rules if rule.sensitive}
    reached = {rule.programme for rule in RULES.rules if rule.sensitive}
    words = [RULES.rule(rule_id).because for rule_id in sensitive]  # type: ignore[union-attr]
    words += [part for name in reached for part in (RULES.programmes[name].told, RULES.programmes[name].explain)]
    found = [text for text in (part.of(Mode.CHAT) for part in words) if HIDDEN_IN_CHAT.search(text)]
    assert found == []
    looked_at = {"prison", "illness", "deaf", "sickness", "ocmw"}
    assert {
        rule.id for rule in RULES.rules if looked_at & {v for values in rule.when.values() for v in values}
    } <= sensitive
    assert {rule.id for rule in RULES.rules if {"health", "income"} & set(rule.when)} <= sensitive


def test_prison_is_named_in_no_mode() -> None:
    rule = RULES.rule("prison")
    assert rule is not None
    words = (rule.because, RULES.programmes["detention"].told, RULES.programmes["detention"].explain)
    assert not any(re.search("gevang|detent|straf", words.of(mode)) for words in words for mode in Mode)


# The command


def run(*arguments: str) -> str:
    done = CliRunner().invoke(cli.triage, ["explain", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_explain_tells_the_proposal_and_rule_by_rule_why() -> None:
    told = run("age=from_18", "situation=no_work", "postcode=9000", "language=nl")
    lines = told.splitlines()
    assert lines[0] == f"face, urgency 0, east_flanders, nl (rules {RULES.version})"
    assert "missing_link: een gesprek met een jongerenconsulent, want u bent jong" in lines[1]
    assert "  fired      young → missing_link: age is from_18; situation is no_work" in lines
    assert "  not fired  health → gtb: health is unknown, not yes" in lines
    assert sum("fired" in line for line in lines) == len(RULES.every_rule)


def test_explain_says_what_is_not_there_and_who_helps_elsewhere() -> None:
    told = run("age=from_18", "situation=no_work", "postcode=1000")
    assert "helped elsewhere by Actiris 0800 35 123" in told
    assert "missing_link (not there now)" in told
    assert re.search(r"young → missing_link: .*; missing_link is not there on .* in brussels", told)


def test_explain_as_json() -> None:
    told = json.loads(run("worries=home,lonely", "told=benefit_stops", "language=ar", "--json"))
    assert told["proposal"]["programmes"] == ["work_wellbeing", "group_offer", "benefit_letter", "language_help"]
    assert told["answers"] == {"worries": ["home", "lonely"], "told": ["benefit_stops"], "language": "ar"}
    assert {row["id"]: row["fired"] for row in told["rules"]}["worries"] is True


def test_explain_a_table(tmp_path: Path) -> None:
    table = tmp_path / "answers.tsv"
    table.write_text("digital\tworries\tlanguage\nyes\tnone\tnl\nno\thome,money\tfr\n\t\t\n", encoding="utf-8")
    told = run("--table", str(table)).splitlines()
    assert [line for line in told if not line.startswith(" ")] == [
        "digital=yes worries=none language=nl",
        "digital, urgency 0, region unknown, nl (rules 1)",
        "digital=no worries=home,money language=fr",
        "face, urgency 0, region unknown, fr (rules 1)",
        "language=nl",
        "phone, urgency 0, region unknown, nl (rules 1)",
    ]
    rows = json.loads(run("--table", str(table), "--json"))
    assert [row["proposal"]["tier"] for row in rows] == ["digital", "face", "phone"]


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("name=An", "name: a proposal does not look at it"),
        ("age=18", "age is never 18"),
        ("language=xx", "language is never xx"),
        ("told=drugs", "told is never drugs"),
    ],
)
def test_explain_refuses_what_nobody_can_have_answered(argument: str, told: str) -> None:
    done = CliRunner().invoke(cli.triage, ["explain", argument])
    assert done.exit_code == 2
    assert told in done.output


def test_explain_tells_the_line_of_a_table_that_is_wrong(tmp_path: Path) -> None:
    table = tmp_path / "answers.tsv"
    table.write_text("age\nfrom_18\n18\n", encoding="utf-8")
    done = CliRunner().invoke(cli.triage, ["explain", "--table", str(table)])
    assert done.exit_code == 1
    assert "answers.tsv:3: age is never 18" in done.output


def test_every_answer_that_a_rule_looks_at_is_asked(flow: Flow) -> None:
    asked: Mapping[str, object] = flow.steps
    assert SIGNALS - {TOLD} <= set(asked)
