"""What is said of norms: a ratification that somebody verified, silence as silence, and nothing of what cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.config import Settings
from dashboard.protection.policy import Viewer
from dashboard.record.house import open_house
from dashboard.reference.table import Status
from dashboard.reports import norms
from dashboard.web import marks
from world import World, build, lay_overlay, send, table


def row(instrument: str, status: str, verified: str = "yes", **more: Any) -> dict[str, Any]:
    return {
        "country": "XAA",
        "instrument_code": instrument,
        "territory": "",
        "organisation_code": "XAA-COORD",
        "status": status,
        "status_date": "1999-05-06" if verified == "yes" and status == "ratified" else "",
        "source": "Register of the depositary",
        "verified": verified,
        "checked_on": "2026-09-01" if verified == "yes" else "",
        **more,
    }


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    settings = Settings(data=tmp_path_factory.mktemp("norms") / "data", min_free_bytes=0)
    lay_overlay(settings)
    made = build(open_house(settings))
    rows = [
        row("CEDAW", "ratified"),
        row("C97", "ratified", territory="Western provinces"),
        row("C189", "not_verified", "no"),
        row("C190", "not_ratified"),
    ]
    send(made, "ratifications", "XAA-COORD", "2026-Q3", table(made.house, "ratifications", rows))
    yield made
    made.house.close()


def member(world: World) -> Viewer:
    return world.viewer("member")


def test_each_state_is_named_explained_and_drawn() -> None:
    assert set(norms.STATES) == set(norms.MEANINGS) == set(marks.NORM_SHAPES)
    assert len(set(marks.NORM_SHAPES.values())) == len(marks.NORM_SHAPES), "told apart without colour"


def test_a_cell_says_what_somebody_verified(bound: World) -> None:
    found = norms.norms(member(bound), bound.house)
    column = found.matrix.frame["XAA"]
    assert column["CEDAW"] == "ratified"
    assert column["C97"] == "territory", "a part of the country is not the country"
    assert column["C190"] == "not_ratified"
    assert column["C189"] == column["C143"] == "not_verified", "not looked up, or said so: never a no"
    assert column["R206"] == column["CEDAW-GR35"] == "not_applicable"
    assert found.matrix.statuses.loc["C143", "XAA"] == Status.NOT_VERIFIED


def test_what_is_not_verified_has_no_date(bound: World) -> None:
    found = norms.norms(member(bound), bound.house, country="XAA")
    listed = found.listed.frame.set_index(found.listed.frame["instrument"].str.split("[ :]", regex=True).str[0])
    assert listed.loc["CEDAW", "date"] == "6 May 1999"
    assert listed.loc["C189", ["date", "state"]].tolist() == ["", ""]
    assert "R206" not in listed.index


def test_a_country_of_which_nobody_spoke_is_named(bound: World) -> None:
    found = norms.norms(member(bound), bound.house)
    assert found.countries == ("XAA",) and found.silent == ("Bravonia",)
    assert norms.norms(member(bound), bound.house, country="XBA").matrix.frame["XBA"]["CEDAW"] == "not_verified"


def test_the_type_narrows_and_an_unknown_one_does_not(bound: World) -> None:
    only = norms.norms(member(bound), bound.house, kind="convention")
    assert list(only.matrix.frame.index) == ["CEDAW"]
    assert len(norms.norms(member(bound), bound.house, kind="treaty").matrix.frame) > 15


def test_facts_that_ship_stand_beside_registers(bound: World, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", min_free_bytes=0)
    lay_overlay(settings)
    (settings.overlay / "facts").mkdir()
    (settings.overlay / "facts" / "ratifications.csv").write_text(
        "# replaces\ncountry,instrument_code,status,source,verified,checked_on\nXBA,C190,ratified,s,yes,2026-01-01\n"
        "XBA,C189,ratified,s,no,\nXAA,C190,ratified,s,yes,2026-01-01\n",
        encoding="utf-8",
    )
    made = build(open_house(settings))
    rows = [row("C190", "not_ratified")]
    send(made, "ratifications", "XAA-COORD", "2026-Q3", table(made.house, "ratifications", rows))
    found = norms.norms(member(made), made.house)
    assert found.matrix.frame["XBA"][["C190", "C189"]].tolist() == ["ratified", "not_verified"]
    assert found.matrix.frame["XAA"]["C190"] == "not_ratified", "the country's own register speaks before a fact"
    assert found.finding == "Bravonia has ratified the convention on violence and harassment (C190)"
    capped = norms.norms(made.viewer("enforcement"), made.house)
    assert capped.matrix.frame["XBA"]["C190"] == "ratified", "a fact with its source is everybody's"
    made.house.close()


def test_an_enforcement_body_reads_what_was_published(bound: World) -> None:
    found = norms.norms(bound.viewer("enforcement"), bound.house)
    assert found.countries == (), "it was registered after the release"
