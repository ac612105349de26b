"""The registers of the demonstration: what is in them, and that what one names is there in the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from dashboard.demonstration import knowledge, sheets
from dashboard.demonstration.almanac import Almanac
from dashboard.reference import library
from test_senders import REGISTERS

SHOWN, KNOWN, NOW = library.load(knowledge.DEMO), knowledge.read(), Almanac(date(2026, 11, 23))
Rows = list[dict[str, Any]]


def sent(dataset: str, quarter: int = 12) -> Rows:
    """All rows of a dataset that were sent for a quarter."""
    return [
        row
        for plan in KNOWN["sending"]
        if plan["dataset"] == dataset and quarter in knowledge.quarters(plan["quarters"])
        for row in sheets.made(KNOWN, NOW, dataset, plan["organisation_code"], quarter)
    ]


def codes(rows: Iterable[Mapping[str, Any]], column: str) -> set[str]:
    return {code for row in rows for code in str(row.get(column) or "").split("|")} - {""}


ACTIONS = sent("plan_actions")
PLANS = sent("plans")


@pytest.mark.parametrize("dataset", REGISTERS)
def test_each_register_has_rows_of_two_countries_and_no_real_one(dataset: str) -> None:
    rows = sent(dataset)
    countries = {row["country"] for row in rows}
    assert len(countries) >= 2 and all(re.fullmatch("X[A-Z]{2}", country) for country in countries)
    assert not any("{" in str(cell) for row in rows for cell in row.values())


def test_whatever_one_register_names_is_in_the_other() -> None:
    plans, actions = codes(PLANS, "plan_code"), codes(ACTIONS, "action_code")
    for row in ("parent_plan", "predecessor", "successor"):
        assert codes(PLANS, row) and codes(PLANS, row) <= plans
    for dataset in ("plan_actions", "evaluations", "adjustments"):
        assert codes(sent(dataset), "plan_code") <= plans, dataset
    for dataset in ("needs_and_gaps", "prevention_actions", "adjustments"):
        assert codes(sent(dataset), "action_code") <= actions, dataset
    assert codes(sent("adjustments"), "evaluation_code") <= codes(sent("evaluations"), "evaluation_code")
    assert codes(sent("pathways"), "protocol_code") <= codes(sent("protocols"), "protocol_code")
    assert codes(sent("needs_and_gaps"), "study_code") <= codes(sent("studies"), "study_code")
    assert codes(sent("non_citizen_safeguards"), "law_code") <= codes(sent("laws"), "law_code")
    tracked = codes(KNOWN["actions"], "action_code")
    assert codes(ACTIONS, "tracked_action") <= tracked and not actions & tracked
    assert codes(sent("budget_execution"), "action_code") <= actions | tracked


def test_who_follows_whom_is_told_from_both_sides() -> None:
    after = {row["plan_code"]: row["successor"] for row in PLANS if row["successor"]}
    before = {row["predecessor"]: row["plan_code"] for row in PLANS if row["predecessor"]}
    assert after == before and len(after) == 3
    assert {row["level"] for row in PLANS if row["parent_plan"]} == {"sector", "subnational"}
    late = [row["plan_code"] for row in PLANS if row["approved_on"] > row["period_start"] > ""]
    assert "XAA-PLAN-2" in late, "a plan is approved in its own period"


def organisations() -> Iterator[str]:
    columns = ("lead", "support", "signatories", "owner", "holder", "responsible", "convened_by", "steering_body")
    for dataset in REGISTERS:
        for column in (*columns, "embassy", "from_organisation", "to_organisation"):
            yield from codes(sent(dataset), column)


def test_whoever_is_named_has_a_seat() -> None:
    assert set(organisations()) <= codes(KNOWN["members"], "organisation_code")


def test_one_action_limits_migration_and_two_lack_an_indicator() -> None:
    (ban,) = [row for row in ACTIONS if row["restricts_work_or_migration"] == "yes"]
    assert (ban["action_code"], ban["state"], ban["tracked_action"]) == ("XAA-P2-14", "blocked", "XAA-BAN-1")
    assert ban["note"] and not ban["instruments"]
    bare = [row["action_code"] for row in ACTIONS if row["migrant_specific"] == "yes" and not row["indicators"]]
    assert bare == ["XAA-P2-09", "XBA-P2-07"]
    assert Counter(row["country"] for row in ACTIONS) == {"XAA": 18, "XBA": 16, "XBB": 9, "XAB": 4}
    narrow = [row for row in ACTIONS if row["country"] == "XAB"]
    assert codes(narrow, "forms_of_violence") == {"physical", "sexual"} and codes(narrow, "settings") == {"home"}


def test_agreements_are_in_force_expired_planned_or_not_there() -> None:
    found = sent("agreements")
    assert set(Counter(row["status"] for row in found)) == {
        "in_force", "under_review", "expired", "planned", "negotiating",
    }  # fmt: skip
    corridors = {code.code for code in SHOWN.codes["corridors"].codes}
    assert codes(found, "corridor") < corridors and "XAE-XBA" not in codes(found, "corridor")
    assert any(row["clause_violence"] == "not_verified" for row in found)


def test_agreements_say_what_the_indicator_says_of_them() -> None:
    """P-BLA-1 stands at 50 for Sunavera and for Norwenna: of four tracked corridors each, two name violence."""
    named = {row["corridor"] for row in sent("agreements") if row["clause_violence"] in ("yes", "partly")}
    for country in ("XAA", "XBA"):
        touching = [c.code for c in SHOWN.codes["corridors"].codes if country in c.code.split("-")]
        assert (len(touching), len(named & set(touching))) == (4, 2), country


def test_what_nobody_looked_up_is_not_verified() -> None:
    found = sent("ratifications")
    assert any(row["territory"] for row in found)
    assert {row["verified"] for row in found if row["status"] == "not_verified"} == {"no"}
    assert {"ratified", "signed", "not_ratified", "not_verified"} == {row["status"] for row in found}


def test_two_countries_answered_in_two_years() -> None:
    then, now = sent("assessment_answers", 8), sent("assessment_answers", 12)
    assert {(row["country"], row["year"]) for row in then} == {("XAA", "2025"), ("XBA", "2025")}
    assert {(row["country"], row["year"]) for row in now} == {("XAA", "2026"), ("XBA", "2026")}
    assert len(now) == 2 * 83 and 100 < len(then) < len(now)
    grade = {"yes": 2, "partly": 1}
    before = {(row["country"], row["item"]): grade.get(row["answer"], 0) for row in then}
    moved = [grade.get(r["answer"], 0) - before[k] for r in now if (k := (r["country"], r["item"])) in before]
    assert min(moved) < 0 < max(moved) and 0 in moved, "nearer, further away, and as it was"


def test_survivors_are_neither_named_nor_counted() -> None:
    for row in sent("participation"):
        assert not re.search(r"\d", " ".join(str(row.get(n) or "") for n in ("title", "finding", "changed", "note")))
