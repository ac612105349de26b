"""Which sectors' staff were told what women migrant workers face: gaps by name, and nobody else's rows."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.protection.policy import Refused
from dashboard.publication import release
from dashboard.publication.files import as_csv
from dashboard.reference.table import Status
from dashboard.reports import trained_staff
from indicator_world import dated
from world import World, send, table

DAY, QUARTER = date(2026, 11, 26), "2026-Q3"


def session(organisation: str, sector: str, topics: str, staff: int, **more: str) -> dict[str, str]:
    return {
        "country": organisation[:3], "organisation_code": organisation, "sector": sector, "jurisdiction": "national",
        "accredited": "no", "topics": topics, "sessions": "2", "staff_trained": str(staff),
    } | more  # fmt: skip


def sent(world: World, organisation: str, *rows: dict[str, str], period: str = QUARTER) -> None:
    send(world, trained_staff.DATASET, organisation, period, table(world.house, trained_staff.DATASET, list(rows)))


def asked(world: World, name: str = "secretariat", country: str = "") -> trained_staff.Training:
    return trained_staff.by_sector(dated(world.viewer(name), DAY), world.house, period=QUARTER, country=country)


def test_a_sector_at_the_table_without_such_a_training_is_a_gap(world: World) -> None:
    sent(
        world,
        "XAA-HEALTH",
        session("XAA-HEALTH", "health", "migration_cycle|other", 40),
        session("XAA-HEALTH", "health", "other", 25, standard="Handbook"),
        session("XAA-HEALTH", "labour_migration", "other", 12),
    )
    found = asked(world, country="XAA")
    row = found.table.frame.loc["XAA health"]
    assert [row[name] for name in ("about", "staff", "sessions")] == [40, 65, 4]
    assert ("XAA", "labour_migration") in found.gaps, "another subject is no training on this"
    assert found.table.statuses.at["XAA labour_migration", "about"] == Status.ZERO
    assert ("XAA", "health") not in found.gaps
    silent = [pair for pair in found.gaps if pair != ("XAA", "labour_migration")]
    assert silent and all(sector in {"coordination", "social"} for _country, sector in silent), silent
    place = f"XAA {silent[0][1]}"
    assert found.table.frame.at[place, "staff"] is None and found.table.frame.at[place, "flag"] == "Gap: none reported"
    assert found.table.statuses.at[place, "staff"] == Status.NOT_REPORTED
    assert f"For {len(found.gaps)} of {len(found.table.frame)} sectors" in found.answer
    assert "Labour migration" in found.answer and found.table.period in found.answer
    assert found.table.caveats[0] == "Says that somebody was trained, not that a woman was served better."


def test_another_quarter_and_another_country_fill_no_gap(world: World) -> None:
    sent(world, "XAA-HEALTH", session("XAA-HEALTH", "health", "employer", 9), period="2026-Q2")
    assert ("XAA", "health") in asked(world).gaps
    assert {place for place, _sector in asked(world).gaps} == {"XAA", "XBA"}
    assert "(Asterland)" in asked(world).answer and "(Asterland)" not in asked(world, country="XAA").answer


def test_an_enforcement_body_reads_its_own_and_learns_of_no_gap_of_others(world: World) -> None:
    sent(world, "XAA-HEALTH", session("XAA-HEALTH", "health", "employer", 9))
    sent(world, "XBA-POLICE", session("XBA-POLICE", "justice_policing", "employer", 7))
    found = asked(world, "enforcement")
    assert set(found.table.frame.index) <= {"XBA justice_policing"} and not found.gaps
    assert found.answer == "You see what was published, and your own organisation's reports."
    assert not any("member register" in said for said in found.table.caveats), "she is told of no expectation"
    with pytest.raises(Refused):
        asked(world, "anonymous")


def test_an_enforcement_body_is_told_of_no_gap_of_its_sector(world: World) -> None:
    """Another organisation may have told the staff of her sector; she reads only what her own reported."""
    sent(world, "XBA-POLICE", session("XBA-POLICE", "justice_policing", "other", 7))
    sent(world, "XBA-UNION", session("XBA-UNION", "justice_policing", "employer", 9))
    release.publish(world.viewer("secretariat"), world.house, note="With the trainings")
    found = asked(world, "enforcement")
    assert list(found.table.frame.index) == ["XBA justice_policing"]
    assert found.table.statuses.at["XBA justice_policing", "flag"] == Status.NOT_SHOWN and not found.gaps
    assert "Gap" not in as_csv(found.table)
    assert asked(world).table.frame.at["XBA justice_policing", "flag"] == "Told"
