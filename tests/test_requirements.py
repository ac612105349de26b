"""Each requirement has its place, and each safeguard stands where it says: so that a gap is seen and not believed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.factory import create_app
from dashboard.reference import registers, requirements
from dashboard.reference.library import DATASETS, load
from dashboard.reports.requirements import Places, places
from dashboard.web import guard
from world import PEOPLE, World

ROOT = Path(__file__).resolve().parents[1]
OURS = load()
WITHOUT_A_PLACE: tuple[str, ...] = ()
"""Gaps that are known; the list only shrinks."""
NUMBERS = {one.number for one in OURS.requirements}


@pytest.fixture
def found(world: World) -> Places:
    app = create_app(world.house.settings, house=world.house)
    with app.server.test_request_context("/dictionary"):
        return places(world.viewer("anonymous"), world.house, guard.serving())


def test_there_are_those_of_the_list_in_its_order() -> None:
    assert [one.number for one in OURS.requirements] == [f"R{n}" for n in range(1, 131)]
    assert {one.type for one in OURS.requirements} == set(requirements.TYPES)
    assert len({one.title for one in OURS.requirements}) == 130
    assert all(re.match(r"S([1-9]|1[0-7]|0)\b", one.section) and len(one.title) <= 100 for one in OURS.requirements)


def test_none_is_without_a_place(found: Places) -> None:
    assert found.gaps == WITHOUT_A_PLACE, "a requirement lost its place, or found one: then shorten the list"
    assert len(found.rows) == 130 and found.answer.startswith("130 requirements, each with a place")


def test_a_gap_is_said(world: World) -> None:
    bare = places(world.viewer("anonymous"), world.house, {})
    assert "R128" not in bare.gaps, "a safeguard serves it too"
    from dataclasses import replace

    less = replace(world.house, library=replace(world.house.library, safeguards=(), indicators={}, contracts={}))
    gaps = places(world.viewer("anonymous"), less, {("Overview", "/overview"): ("R116",)})
    assert gaps.gaps == tuple(f"R{n}" for n in range(1, 131) if n != 116)
    assert gaps.answer.startswith("130 requirements; 129 have no place yet: R1, R2, ")


def test_whoever_names_a_requirement_names_one_that_there_is() -> None:
    named = [(s.name, s.requirements) for s in OURS.safeguards]
    named += [(i.code, i.requirements) for i in OURS.indicators.values()]
    named += [(f"{c.name}.{f.name}", f.requirements) for c in OURS.contracts.values() for f in c.fields]
    named += [(p.rule, p.requirements) for p in guard.REGISTRY.pages]
    named += [(r.rule, r.requirements) for r in guard.REGISTRY.routes]
    assert {where: set(numbers) - NUMBERS for where, numbers in named if set(numbers) - NUMBERS} == {}


@pytest.mark.parametrize("one", OURS.safeguards, ids=lambda one: one.name)
def test_a_safeguard_stands_where_it_says(one: requirements.Safeguard) -> None:
    path = ROOT / one.module
    assert path.is_file() and re.search(rf"\b{re.escape(one.does)}\b", path.read_text(encoding="utf-8"))
    assert one.title and one.requirements and len(set(one.requirements)) == len(one.requirements)


def test_what_protects_has_more_than_a_column(found: Places) -> None:
    """A safeguard that is only asked about in a file is no safeguard; these are, for they describe what others do."""
    asked = {row.requirement.number for row in found.rows if row.type == "Safeguard" and not row.safeguards}
    assert asked <= {"R29", "R59", "R60", "R91", "R97", "R126"}, asked


def test_a_register_is_the_page_of_its_columns(found: Places) -> None:
    by = {row.requirement.number: row for row in found.rows}
    assert ("Laws and policies", "/register/laws") in by["R45"].pages
    assert ("Members", "/members") in by["R42"].pages and "P-COO-1" in [i.code for i in by["R42"].indicators]
    for row in found.rows:
        for contract, names in row.fields:
            listed = f"/register/{contract.name}" in [href for _title, href in row.pages]
            assert listed is registers.is_register(contract) and names


def test_the_dictionary_shows_each_with_links_that_lead_somewhere(world: World) -> None:
    app = create_app(world.house.settings, house=world.house)
    client: FlaskClient = app.server.test_client()
    page = client.get("/dictionary").text
    part = page.split('id="requirements"')[1]
    assert part.count('<tr id="requirement-R') == 130 and "no place yet" not in part
    for href in {h for h in re.findall(r'href="(/[^"]*)"', part)}:
        assert client.get(href).status_code in (200, 302), href
    for anchor in {h for h in re.findall(r'href="#([^"]*)"', part)}:
        assert f'id="{anchor}"' in page, anchor
    assert not any(name in part for name in ("XAA-HEALTH", "XBA-POLICE"))


def test_everybody_reads_the_same(world: World) -> None:
    read = {places(world.viewer(name), world.house, {}).rows for name in ("anonymous", *PEOPLE)}
    assert len(read) == 1


@pytest.mark.parametrize(
    "line",
    ["X1,S0,feature,A", "R1,S0,wish,A", "R1,S0,feature,", "R1,S0,feature,A,B", "R2,S0,feature,A\nR2,S0,feature,B"],
)
def test_a_fault_in_the_list_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "requirements.csv"
    path.write_text("number,section,type,title\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match="requirements.csv, line"):
        requirements.read(path)


def test_a_fault_in_a_safeguard_is_named(tmp_path: Path) -> None:
    path = tmp_path / "safeguards.toml"
    path.write_text('[a]\ntitle = "A"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="a safeguard has title"):
        requirements.safeguards(path)
    assert (DATASETS / "safeguards.toml").is_file()
