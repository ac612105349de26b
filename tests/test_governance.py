"""How a mechanism is led: from the plan in force; who answers to women migrant workers is counted, not guessed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from coverage_world import dated, rich_world
from dashboard.protection.policy import Viewer
from dashboard.reports import governance
from test_plan import second
from world import World, member, send, table


@pytest.fixture(scope="module")
def led(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = rich_world(tmp_path_factory.mktemp("governance") / "data")
    register = [
        member("XAA-COORD", "GOV-WOM", "coordination") | {"responds_to_women_migrant_workers": "responds"},
        member("XAA-HEALTH", "GOV-HEA", "health") | {"responds_to_women_migrant_workers": "neither"},
        member("XAA-SOCIAL", "GOV-SOC", "social") | {"responds_to_women_migrant_workers": "not_known"},
        member("XAA-VACANT", "GOV-LAB", "labour_migration", seat="vacant"),
    ]
    send(made, "members", "XAA-COORD", "2026-Q3", table(made.house, "members", register))
    abroad = second(plan_code="XAA-MIG-1", title="Migration plan", kind="migration_plan", predecessor="",
                    cross_expertise="no")  # fmt: skip
    own = second(steering_body="XAA-COORD", steering_mandate="Decides", meetings_a_year="4", predecessor="",
                 cross_expertise="yes")  # fmt: skip
    send(made, "plans", "XAA-COORD", "2026-Q3", table(made.house, "plans", [own, abroad]))
    yield made
    made.house.close()


def who(world: World) -> Viewer:
    return dated(world.viewer("member"))


def test_the_terms_of_the_plan_in_force(led: World) -> None:
    found = governance.governance(who(led), led.house, country="XAA")
    terms = dict(found.terms)
    assert (
        terms["Plan"] == "Second plan (not verified)"
        and terms["Mandate"] == "Decides"
        and terms["Meetings"] == "4 a year"
    )
    assert terms["Led by"] != "XAA-COORD", "the body by its name"


def test_who_answers_is_counted_and_who_is_not_known_is_said(led: World) -> None:
    found = governance.governance(who(led), led.house, country="XAA").sentences
    assert found[0] == (
        "Of 3 organisations with a seat, 1 say that they represent or serve women migrant workers; of 1 it is not"
        " known."
    )
    assert "Those who know migration take part in this plan." in found
    assert "Nobody who knows violence against women takes part in the plan on migration." in found


def test_a_country_without_a_plan_has_no_terms(led: World) -> None:
    assert governance.governance(who(led), led.house, country="XBA").terms == ()
