"""Ways from sector to sector are for members to read; how often they were used, for the trained in their reach."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.protection.policy import Refused
from dashboard.reference.table import Status, Table
from dashboard.reports import referral_paths
from dashboard.reports.entry import own_only
from indicator_world import dated
from world import World, send, table

DAY, QUARTER = date(2026, 11, 26), "2026-Q3"


def way(code: str, first: str, second: str, **more: str) -> dict[str, str]:
    return {
        "country": "XAA", "pathway_code": f"XAA-{code}", "organisation_code": "XAA-COORD", "from_sector": first,
        "to_sector": second, "referral_type": "accompanied", "availability": "available",
        "migrant_organisation": "no", "agreement": "no", "risks_explained": "yes", "stay_explained": "yes",
        "interpretation": "yes", "verified": "no", "source": "Protocol of the offices",
    } | more  # fmt: skip


def referred(organisation: str, first: str, second: str, **counts: str) -> dict[str, str]:
    return {
        "country": organisation[:3], "organisation_code": organisation, "from_sector": first, "to_sector": second,
        "referral_type": "accompanied", "agreement": "no", "migrant_organisation": "no",
    } | counts  # fmt: skip


@pytest.fixture
def led(counting: World) -> World:
    """A register with two ways that work and one that does not, and referrals of two organisations of XAA."""
    house = counting.house
    ways = [
        way("P1", "health", "social", migrant_organisation="yes"),
        way("P2", "health", "social", availability="limited"),
        way("P3", "social", "justice_policing", availability="planned"),
    ]
    send(counting, "pathways", "XAA-COORD", QUARTER, table(house, "pathways", ways))
    for organisation, rows in {
        "XAA-HEALTH": [referred("XAA-HEALTH", "health", "social", referrals="47", completed="31")],
        "XAA-COORD": [referred("XAA-COORD", "coordination", "health", referrals="23")],
    }.items():
        data = table(house, "referrals", rows)
        send(counting, "referrals", organisation, QUARTER, data, by="trained secretariat")
    return counting


def asked(world: World, name: str) -> Table:
    return referral_paths.by_sectors(dated(world.viewer(name), DAY), world.house, period=QUARTER, country="XAA")


def test_ways_are_counted_by_what_works(led: World) -> None:
    found = asked(led, "secretariat")
    row = found.frame.loc["health social"]
    assert [row[name] for name in ("ways", "agreement", "migrant")] == [2, 0, 1]
    assert found.statuses.at["social justice_policing", "ways"] == Status.ZERO
    assert (
        referral_paths.answer(led.viewer("secretariat"), found)
        == "From one sector to another 1 of 2 ways that are registered work."
    )
    hers = referral_paths.answer(led.viewer("trained enforcement"), asked(led, "trained enforcement"))
    assert hers == own_only(led.viewer("enforcement")), "that she reads none does not mean that there is none"
    assert "prevalence" in found.caveats[0] or "how common" in found.caveats[0]


@pytest.mark.parametrize(
    ("name", "referrals", "rows"),
    [
        ("trained coordinator", {"health social": 47, "coordination health": 23}, 3),
        ("trained agency", {"health social": 47}, 2),
        ("coordinator", {}, 2),
        ("secretariat", {}, 2),
        ("trained enforcement", {}, 0),
    ],
)
def test_a_number_of_referrals_is_for_the_trained_within_their_reach(
    led: World, name: str, referrals: dict[str, int], rows: int
) -> None:
    found = asked(led, name)
    assert found.frame["referrals"].dropna().to_dict() == referrals
    assert len(found.frame) == rows, "a way that only others used is no row"
    hidden = found.statuses.loc[found.frame["referrals"].isna(), "referrals"]
    assert set(hidden) <= {Status.NOT_RELEASED}


def test_a_way_that_she_may_not_read_is_not_said_to_be_reported_by_nobody(led: World) -> None:
    rows = [referred("XBA-POLICE", "justice_policing", "health", referrals="17")]
    data = table(led.house, "referrals", rows)
    send(led, "referrals", "XBA-POLICE", QUARTER, data, by="trained secretariat")
    who = dated(led.viewer("trained enforcement"), DAY)
    found = referral_paths.by_sectors(who, led.house, period=QUARTER)
    assert found.frame["referrals"].to_dict() == {"justice_policing health": 17}
    assert set(found.statuses.loc["justice_policing health", ["ways", "agreement", "migrant"]]) == {Status.NOT_SHOWN}
    assert own_only(who) in found.caveats
    every = referral_paths.by_sectors(dated(led.viewer("trained secretariat"), DAY), led.house, period=QUARTER)
    assert every.statuses.at["justice_policing health", "ways"] == Status.NOT_REPORTED


def test_whoever_is_no_member_reads_none_of_it(led: World) -> None:
    with pytest.raises(Refused):
        asked(led, "anonymous")
