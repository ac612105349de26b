"""What is said of a plan: its life apart from its time, cost apart from resources, and what needs a second look."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coverage_world import dated, rich_world
from dashboard.protection.policy import Viewer
from dashboard.reports import plan, plan_register
from world import World, send, table

EXAMPLES = Path(__file__).resolve().parents[1] / "datasets" / "examples"


def example(dataset: str) -> list[dict[str, Any]]:
    with (EXAMPLES / f"{dataset}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PLAN = example("plans")[0] | {"country": "XAA", "organisation_code": "XAA-COORD"}
ACTION = example("plan_actions")[0] | {"country": "XAA", "organisation_code": "XAA-COORD"}


def first(**more: Any) -> dict[str, Any]:
    return PLAN | {
        "plan_code": "XAA-PLAN-1",
        "title": "First plan",
        "kind": PLAN["kind"],
        "level": "national",
        "parent_plan": "",
        "predecessor": "",
        "successor": "XAA-PLAN-2",
        "period_start": "2018-01-01",
        "period_end": "2022-12-31",
        "state": "closed",
        "drafted_on": "2017-02-01",
        "consulted_on": "2017-05-01",
        "approved_on": "2017-11-30",
        "launched_on": "2018-01-15",
        "review_began_on": "",
        "closed_on": "2023-02-01",
        "steering_body": "",
        **more,
    }


def second(**more: Any) -> dict[str, Any]:
    own: dict[str, Any] = dict(
        plan_code="XAA-PLAN-2",
        title="Second plan",
        predecessor="XAA-PLAN-1",
        successor="",
        period_start="2023-01-01",
        period_end="2027-12-31",
        state="launched",
        approved_on="2023-03-02",
        launched_on="2023-04-01",
        drafted_on="2022-02-01",
        consulted_on="2022-05-01",
        closed_on="",
    )
    return first(**own | more)


def action(code: str, **more: Any) -> dict[str, Any]:
    return ACTION | {
        "plan_code": "XAA-PLAN-2",
        "action_code": code,
        "pillar": "Protection",
        "lead": "XAA-HEALTH",
        "support": "",
        "corridor": "XAA-XBA",
        "migrant_specific": "no",
        "indicators": "P-CAP-1",
        "restricts_work_or_migration": "no",
        "state": "in_progress",
        "tracked_action": "",
        **more,
    }


ACTIONS = [
    action("XAA-P2-01", state="done"),
    action("XAA-P2-02", migrant_specific="yes", indicators=""),
    action("XAA-P2-03", restricts_work_or_migration="yes", state="done", note="To be withdrawn"),
    action("XAA-P2-04", pillar="Justice", state="open"),
]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = rich_world(tmp_path_factory.mktemp("plan") / "data")
    made.sent["before"] = str(made.house.store.head().version)
    part = second(plan_code="XAA-PLAN-2A", title="Plan of the province", parent_plan="XAA-PLAN-2", predecessor="",
                  level="subnational")  # fmt: skip
    send(made, "plans", "XAA-COORD", "2026-Q3", table(made.house, "plans", [part, second(), first()]))
    send(made, "plan_actions", "XAA-COORD", "2026-Q3", table(made.house, "plan_actions", ACTIONS))
    yield made
    made.house.close()


def member(world: World) -> Viewer:
    return dated(world.viewer("member"))


def test_the_plan_in_force_is_shown_and_the_lives_in_their_order(planned: World) -> None:
    found = plan.plan(member(planned), planned.house, country="XAA")
    assert found.chosen is not None and found.chosen.code == "XAA-PLAN-2"
    assert [p.code for p in found.plans] == ["XAA-PLAN-1", "XAA-PLAN-2", "XAA-PLAN-2A"], "a part after its whole"
    assert found.chosen.late == 60, "approved on 2 March of the year that it began in"
    assert found.plans[0].late == 0
    assert found.chosen.period == "1 January 2023 to 31 December 2027"
    chosen = plan.plan(member(planned), planned.house, country="XAA", plan="XAA-PLAN-1").chosen
    assert chosen is not None and chosen.code == "XAA-PLAN-1"


def test_a_measure_that_limits_is_flagged_and_no_progress(planned: World) -> None:
    found = plan.plan(member(planned), planned.house, country="XAA")
    assert "Of 3 actions 1 are done." in found.answer, "the one that limits counts neither way"
    assert found.pillars.frame.set_index("pillar").loc["Protection", ["done", "restricted"]].tolist() == [1, 1]
    flags = dict(found.flags)
    limits = next(which for what, which in flags.items() if "Limits" in what)
    assert "XAA-P2-03" in limits and "XAA-P2-01" not in limits


def test_what_a_plan_covers_in_part_is_said_once(planned: World) -> None:
    house = planned.house
    chosen = plan_register.Plan({"covers_migrant_women": "partly", "costed": "no", "monitoring_framework": "yes"})
    assert plan._flags(house, chosen, ()) == (("Covers women migrant workers", "Partly"), ("Is costed", "No"))


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2025-01-01", "2027-12-31", "1 January 2025 to 31 December 2027"),
        ("2025-01-01", "", "from 1 January 2025, end not reported"),
        ("", "2027-12-31", "until 31 December 2027, begin not reported"),
        ("", "", "not reported"),
    ],
)
def test_what_is_known_of_a_period_is_said(first: str, last: str, said: str) -> None:
    """A plan that is late for the beginning of its period has one."""
    assert plan_register.Plan({"period_start": first, "period_end": last}).period == said


def test_a_strategy_for_migrant_women_without_an_indicator_is_flagged(planned: World) -> None:
    flags = dict(plan.plan(member(planned), planned.house, country="XAA").flags)
    unmeasured = next(which for what, which in flags.items() if "without an indicator" in what)
    assert "XAA-P2-02" in unmeasured and "XAA-P2-01" not in unmeasured


def test_where_least_is_done(planned: World) -> None:
    assert plan.plan(member(planned), planned.house, country="XAA").finding == "Least is done under “Justice”: 0 of 1"


def test_a_country_without_a_plan_says_so(planned: World) -> None:
    found = plan.plan(member(planned), planned.house, country="XBA")
    assert (found.chosen, found.actions, found.flags) == (None, (), ())
    assert found.answer == "Bravonia has not registered a plan yet."
    assert plan.countries(member(planned), planned.house) == [("XAA", "Asterland")]


def test_before_it_was_registered_and_for_whoever_reads_what_was_published_there_is_none(planned: World) -> None:
    then = plan.plan(member(planned), planned.house, country="XAA", version=int(planned.sent["before"]))
    assert then.chosen is None
    assert plan.plan(dated(planned.viewer("enforcement")), planned.house, country="XAA").chosen is None
