"""What the plan costs and what was found of it: by currency, with gaps, what nobody knows, and the chart of shares."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.charts import resourcing as chart
from dashboard.protection.policy import Refused
from dashboard.reference.table import Status
from dashboard.reports import resourcing
from indicator_world import dated
from public_world import budget
from world import World, send, table

DAY = date(2026, 11, 26)


def asked(world: World, name: str = "secretariat") -> resourcing.Resourcing:
    return resourcing.resourcing(dated(world.viewer(name), DAY), world.house)


def sent(world: World, organisation: str, period: str, *lines: dict[str, str]) -> None:
    send(world, "budget_execution", organisation, period, table(world.house, "budget_execution", list(lines)))


def test_cost_and_resources_are_two_numbers_and_the_gap_a_third(world: World) -> None:
    sent(
        world,
        "XAA-HEALTH",
        "2026-Q3",
        budget("XAA-HEALTH", "Interpreters", "USD", cost=80000, committed=60000, disbursed=50000, spent=45000),
        budget("XAA-HEALTH", "Shelter", "USD", cost=20000, committed=0),
        budget("XAA-HEALTH", "Abroad", "EUR", cost=500, committed=200, disbursed=0, spent=0),
    )
    found = asked(world)
    row = found.table.frame.loc["XAA USD"]
    assert [row[name] for name in resourcing.AMOUNTS] == [100000, 60000, 40000, 50000, 45000]
    assert list(found.table.frame.index) == ["XAA EUR", "XAA USD"], "two currencies are never added up"
    assert found.table.statuses.loc["XAA EUR", "spent"] == Status.ZERO
    assert "Asterland: for 1 of 2 budget lines it is not known how much was spent." in found.table.caveats
    assert found.sentences[1] == (
        "USD 100,000 is what the plan of 1 country costs; 60,000 (60\N{NO-BREAK SPACE}%) is committed, so 40,000 is"
        " missing. Disbursed: 50,000; spent: 45,000."
    )
    assert found.period == "2026-Q3" and found.finding == (
        "In Asterland (EUR), 60\N{NO-BREAK SPACE}% of the cost is committed by nobody"
    )


def test_what_nobody_knows_is_not_nothing(world: World) -> None:
    sent(world, "XAA-HEALTH", "2026-Q3", budget("XAA-HEALTH", "Shelter", "USD", cost=20000, committed=0))
    found = asked(world)
    assert found.table.frame.loc["XAA USD", "spent"] is None
    assert found.table.statuses.loc["XAA USD", "spent"] == Status.NOT_REPORTED
    assert "spent: an unknown amount" in found.sentences[0]


def test_an_older_report_counts_until_a_newer_one_and_is_named(world: World) -> None:
    sent(world, "XAA-HEALTH", "2026-Q1", budget("XAA-HEALTH", "Shelter", "USD", cost=20000, committed=5000))
    found = asked(world)
    assert found.table.frame.loc["XAA USD", "committed"] == 5000
    assert "Counts reports of Q1 2026 too, because none was accepted since." in found.table.caveats
    sent(world, "XAA-HEALTH", "2026-Q3", budget("XAA-HEALTH", "Shelter", "USD", cost=20000, committed=7000))
    assert asked(world).table.frame.loc["XAA USD", "committed"] == 7000


def test_without_a_budget_nothing_is_claimed(world: World) -> None:
    found = asked(world)
    assert (
        found.table.frame.empty
        and found.sentences == ()
        and found.finding == "No organisation has reported a budget yet"
    )


def test_the_public_asks_the_release_and_an_enforcement_body_sees_its_own(world: World) -> None:
    sent(world, "XAA-HEALTH", "2026-Q3", budget("XAA-HEALTH", "Shelter", "USD", cost=20000, committed=0))
    with pytest.raises(Refused):
        asked(world, "anonymous")
    assert asked(world, "enforcement").table.frame.empty
    assert not asked(world, "member").table.frame.empty


def test_the_chart_shows_shares_that_add_up_to_the_cost(world: World) -> None:
    lines = [budget("XAA-HEALTH", "A", "USD", cost=3, committed=2, disbursed=1, spent=0.5)]
    sent(world, "XAA-HEALTH", "2026-Q3", *lines)
    figure = chart.shares_of_cost(asked(world).table)
    parts = {trace["meta"]["fill"]: trace["x"][0] for trace in figure["data"]}
    assert sum(parts.values()) == 100 and parts == {"spent": 17, "paid_out": 17, "committed": 33, "gap": 33}
    assert figure["data"][0]["y"] == ["Asterland (USD)"]


@pytest.mark.parametrize(
    ("shares", "whole"),
    [
        ([1 / 3, 1 / 3, 1 / 3, 0], [34, 33, 33, 0]),
        ([0, 0, 0, 1], [0, 0, 0, 100]),
        ([0.996, 0.004, 0, 0], [100, 0, 0, 0]),
    ],
)
def test_whole_percentages_add_up(shares: list[float], whole: list[int]) -> None:
    assert chart._whole(shares) == whole
