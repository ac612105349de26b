"""The open data: rectangles that a program reads, a status for each value, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboard.publication import open_data, package, reading, resource, summary
from dashboard.publication.contents import CONTACTS
from dashboard.publication.exploring import topics
from dashboard.publication.resource import Field, Resource
from dashboard.reference.table import Status
from dashboard.web import explored
from public_world import CAVEAT, Published, Read, published

NAMES = ("contacts", "coverage", "seats", "summary", "plan", "resourcing", "indicators", "surveys", "codes")
WITHOUT = {"suppressed", "not reported", "not released", "not collected", "not applicable"}
"""Statuses beside which no number stands."""


def table(release: Published, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(release.files[f"data/{name}.csv"], newline="")))


def by(release: Published, name: str, *key: str) -> dict[tuple[str, ...], dict[str, str]]:
    return {tuple(row[part] for part in key): row for row in table(release, name)}


def frictionless(folder: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=100, check=False)


def test_frictionless_finds_nothing_wrong_with_the_package(release: Published, tmp_path: Path) -> None:
    done = frictionless(release.folder / "data")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    report = json.loads(done.stdout)
    assert report["valid"] and report["stats"]["tasks"] == 2 * len(NAMES)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("contacts.csv", ",1247,value", ",many,value"),
        ("contacts.csv", ",suppressed,", ",masked,"),
        ("contacts-hxl.csv", "XAA,Asterland", ",Asterland"),
        ("plan.csv", "\r\nXBA", "\r\n\r\nSource,The plan\r\nXBA"),
    ],
)
def test_frictionless_finds_what_is_wrong(
    release: Published, tmp_path: Path, name: str, before: str, after: str
) -> None:
    shutil.copytree(release.folder / "data", tmp_path / "data")
    path = tmp_path / "data" / name
    text = path.read_bytes().decode()
    assert before in text
    path.write_bytes(text.replace(before, after, 1).encode())
    assert frictionless(tmp_path / "data").returncode == 1


def test_every_csv_of_the_folder_is_a_rectangle(release: Published) -> None:
    """A header, and then rows of its width alone: no caveat, source or empty line below them."""
    named = [name for name in release.files if name.endswith(".csv")]
    assert len(named) == 2 * len(NAMES) + 2
    for name in named:
        rows = list(csv.reader(io.StringIO(release.files[name], newline="")))
        assert len({len(row) for row in rows}) == 1 and len(set(rows[0])) == len(rows[0]), name
        assert all(any(row) for row in rows), name


def test_each_table_comes_with_and_without_a_row_of_hashtags(release: Published) -> None:
    for name in NAMES:
        plain, tagged = (release.files[f"data/{name}{ending}.csv"].split("\r\n") for ending in ("", resource.HXL))
        assert tagged[:1] + tagged[2:] == plain
        tags = next(csv.reader([tagged[1]]))
        assert all(tag.startswith("#") for tag in tags) and len(set(tags)) == len(tags), name


def test_the_rows_of_contacts_are_those_of_the_release(release: Published) -> None:
    """Each public row once, in its order, with its number or an empty cell, its status and the caveat."""
    rows = table(release, "contacts")
    given = [
        {n: str(row[n]) for n in CONTACTS if n != "contacts"}
        | {"contacts": "" if row["status"] in WITHOUT else str(row["contacts"])}
        for row in release.contents.contacts.to_dict("records")
    ]
    assert [{n: row[n] for n in CONTACTS} for row in rows] == given
    assert {row["caveat"] for row in rows} == {CAVEAT}
    first = rows[0]
    assert (first["country_name"], first["sector_name"], first["origin_name"]) == (
        "Asterland",
        "All sectors",
        "All countries of origin",
    )
    assert {row["service_name"] for row in rows if row["service"] == "_U"} == {"Not recorded"}


def test_a_hidden_value_is_empty_and_never_a_zero_or_a_sign(release: Published) -> None:
    for name in NAMES[:-1]:
        values = {"contacts": "contacts", "plan": "actions", "coverage": "state", "seats": "seat"}.get(name, "value")
        for row in table(release, name):
            assert row["status"] in set(Status), name
            assert (row[values] == "") == (row["status"] in WITHOUT), (name, row)
            if row["status"] == "zero":
                assert float(row[values]) == 0
            assert not row[values].startswith(("<", "*", "c")), name


def test_what_a_spreadsheet_would_run_is_defused() -> None:
    fields = (Field("name", "A name.", "#org+name"), Field("value", "A number.", "#value+num", "integer"))
    made = Resource("names", "Names", "One row a name.", fields, (("=HYPERLINK(1)", -3), ("+1 (2)", 4), ("@a", 0)))
    assert resource.as_csv(made) == "name,value\r\n'=HYPERLINK(1),-3\r\n'+1 (2),4\r\n'@a,0\r\n"


def test_the_other_tables_say_what_the_summary_says(release: Published) -> None:
    money = by(release, "resourcing", "country", "amount")
    amounts = {key[1]: (row["value"], row["status"]) for key, row in money.items() if key[0] == "XAA"}
    assert amounts == {
        "cost": ("100000", "value"),
        "committed": ("60000", "value"),
        "gap": ("40000", "value"),
        "disbursed": ("50000", "value"),
        "spent": ("45000", "value"),
    }
    assert money["XBA", "gap"]["status"] == money["XBA", "spent"]["status"] == "zero"
    plan = by(release, "plan", "country", "state")
    assert (plan["XAA", "actions"]["actions"], plan["XAA", "overdue"]["actions"]) == ("3", "1")
    assert by(release, "coverage", "country", "service")["XAA", "SEED-1"]["state"] == "open"
    assert by(release, "coverage", "country", "service")["XBA", "SEED-1"]["status"] == "not reported"
    assert by(release, "seats", "country", "category")["XBA", "SOC-WRK"]["seat"] == "vacant"
    whole = by(release, "summary", "country", "measure")
    assert (whole["_T", "actions"]["value"], whole["XAA", "open"]["value"]) == ("5", "2")


def test_surveys_and_counts_stay_out_of_the_other_indicators(release: Published) -> None:
    kinds = {name: {row["kind"] for row in table(release, name)} for name in ("indicators", "surveys")}
    assert kinds["surveys"] == {"survey"} and not kinds["indicators"] & {"survey", "administrative"}
    trained = by(release, "indicators", "country", "indicator", "period")["XAA", "P-CAP-1", "2026-Q3"]
    assert (trained["value"], trained["target"], trained["target_period"]) == ("410", "800", "2027-Q4")


def test_an_indicator_that_counts_people_is_not_published_as_any_other(release: Published, told: Any) -> None:
    """Where a deployment gives one a smallest count, it leaves through the protected counts or not at all."""
    from public_world import gathered

    library = told.house.library
    counted = replace(library.indicators["P-CAP-1"], minimum_count=11)
    narrower = replace(library, indicators={**library.indicators, "P-CAP-1": counted})
    world = replace(told, house=replace(told.house, library=narrower))
    assert "P-CAP-1" in {s.indicator.code for s in release.contents.indicators}
    assert "P-CAP-1" not in {s.indicator.code for s in gathered(world).indicators}


def test_the_package_describes_each_file(release: Published) -> None:
    said = json.loads(release.files[package.PATH])
    listed = {one["name"]: one for one in said["resources"]}
    assert list(listed) == [f"{name}{ending}" for name in NAMES for ending in ("", resource.HXL)]
    for one in listed.values():
        text = release.files[f"data/{one['path']}"].encode()
        assert (one["bytes"], one["hash"]) == (len(text), f"sha256:{hashlib.sha256(text).hexdigest()}")
        header = text.decode().split("\r\n")[0].split(",")
        assert [field["name"] for field in one["schema"]["fields"]] == header
        assert all(field["description"] for field in one["schema"]["fields"])
        assert set(one["schema"]["primaryKey"]) <= set(header)
    assert said["threshold"] == 11 and said["version"] == release.contents.release_id and said["demonstration"]
    assert said["licenses"][0]["name"] == "CC-BY-4.0"


@pytest.mark.parametrize("awaited", [("Asterland",), ()])
def test_what_is_awaited_goes_with_the_counts_wherever_they_go(
    release: Published, tmp_path: Path, awaited: tuple[str, ...]
) -> None:
    """Where nobody says so a fall that a missing report made is read as one: in the files, and where one explores."""
    made = published(replace(release.contents, awaited=awaited), tmp_path)
    said = summary.awaited(made.contents) if awaited else "not every expected report was accepted"
    listed = {one["name"]: one for one in json.loads(made.files[package.PATH])["resources"]}
    for name in ("contacts", f"contacts{resource.HXL}"):
        assert (said in listed[name]["caveats"]) == (said in listed[name]["description"]) == bool(awaited), name
        assert listed[name]["caveats"][0] == CAVEAT
    plain = {name: " ".join(Read(made.files[name]).text.split()) for name in ("index.html", "data/methodology.html")}
    plain["chart"] = " ".join(
        text.strip() for text in ElementTree.fromstring(made.files["charts/contacts.svg"]).itertext()
    )
    assert {name for name, text in plain.items() if said in text} == (set(plain) if awaited else set())
    read = reading.read(tmp_path)
    view = topics.view(read, {"topic": "contacts", "by": "quarter"})
    assert (said in view.figures[0].table.caveats) == bool(awaited)
    assert (said in str(explored.page(read, view, former=False, home=""))) == bool(awaited)


def test_each_status_that_can_stand_in_the_data_is_explained(release: Published) -> None:
    codes = {row["code"] for row in table(release, "codes") if row["list"] == "statuses"}
    used = {row["status"] for name in NAMES[:-1] for row in table(release, name)}
    assert used <= codes
    assert all(f"<code>{status}</code>" in release.files["data/methodology.html"] for status in used)


def test_the_tables_are_listed_for_people(release: Published) -> None:
    page = release.files["data/index.html"]
    for one in open_data.resources(release.contents):
        assert f'href="{one.name}.csv"' in page and f'href="{one.name}{resource.HXL}.csv"' in page
