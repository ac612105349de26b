"""Publishing: the folder is whole or not there at all, swapped in, recorded; former ones stay as they were."""

from __future__ import annotations

import csv
import io
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.intake import submissions
from dashboard.protection.policy import Refused
from dashboard.publication import release
from dashboard.record.errors import StoreUnwritable
from dashboard.reference.table import AsOf, Column, Status, Table
from public_world import Read
from world import PEOPLE, World, member, send, table

HEALTH = "XAA-HEALTH"
TODAY = datetime.now(UTC).date()


def current(world: World) -> Path:
    return (world.house.settings.releases / "current").resolve()


def page(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- the folder ---


def test_a_release_is_a_small_folder_of_its_own(world: World) -> None:
    folder = release.publish(world.operator, world.house, note="for the meeting")
    assert folder == current(world)
    assert {"index.html", "leave.js", "coverage.csv", "seats.csv", "data/contacts.csv"} <= set(files(folder))
    assert not any(path.is_symlink() for path in folder.rglob("*"))
    row = world.house.store.read("select * from release_now order by version desc")[0]
    assert (row["folder"], row["note"], row["by_account"]) == (folder.name, "for the meeting", "operator")
    assert row["as_of_version"] == world.house.store.head().figures
    logged = world.house.store.read("select * from audit where action = 'released' order by seq desc")[0]
    assert logged["subject"] == folder.name and row["sha256"] in logged["detail"]


def test_former_releases_stay_as_they_were(world: World) -> None:
    first = current(world)
    before = files(first)
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    second = release.publish(world.operator, world.house)
    assert second != first == first.resolve() and current(world) == second
    assert files(first) == before and page(second) != page(first)


def test_the_page_stays_when_the_record_moves(world: World) -> None:
    before = files(current(world))
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    submissions.withdraw(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "wrong")
    assert files(current(world)) == before


def test_only_the_secretariat_publishes(world: World) -> None:
    before = sorted(world.house.settings.releases.iterdir())
    for name in ("anonymous", *PEOPLE):
        if name != "secretariat":
            with pytest.raises(Refused):
                release.publish(world.viewer(name), world.house)
    assert sorted(world.house.settings.releases.iterdir()) == before
    assert release.publish(world.viewer("secretariat"), world.house).is_dir()


def test_two_who_publish_at_once(world: World) -> None:
    with ThreadPoolExecutor(3) as pool:
        folders = list(pool.map(lambda _n: release.publish(world.operator, world.house), range(3)))
    assert len(set(folders)) == 3 and all(sorted(files(f)) == sorted(files(folders[0])) for f in folders)
    last = world.house.store.read("select folder from release_now order by version desc limit 1")[0]
    assert current(world).name == last["folder"], "what is shown is what was recorded last"


def test_a_release_that_cannot_be_written_leaves_the_former_one(world: World) -> None:
    releases, before, version = world.house.settings.releases, current(world), world.house.store.head().version
    shutil.rmtree(releases / "drafts", ignore_errors=True)
    (releases / "drafts").write_text("a file where the folder should be")
    with pytest.raises(StoreUnwritable, match="The former one stands"):
        release.publish(world.operator, world.house)
    (releases / "drafts").unlink()
    assert current(world) == before and world.house.store.head().version == version
    assert release.publish(world.operator, world.house) == current(world) != before


def test_what_a_killed_release_left_is_cleared_away(world: World) -> None:
    releases = world.house.settings.releases
    (releases / "20260101T000000Z-abc.tmp").mkdir()
    (releases / "20260101T000000Z-abc.tmp" / "index.html").write_text("half")
    (releases / "current.tmp").symlink_to("nowhere")
    folder = release.publish(world.operator, world.house)
    assert current(world) == folder and not list(releases.glob("*.tmp"))


def test_a_copy_that_followed_the_link_is_moved_aside(world: World) -> None:
    releases = world.house.settings.releases
    (releases / "current").unlink()
    (releases / "current").mkdir()
    (releases / "current" / "index.html").write_text("copied")
    folder = release.publish(world.operator, world.house)
    assert (releases / "current").is_symlink() and current(world) == folder
    assert (releases / f"former-{folder.name}" / "index.html").read_text() == "copied"


# --- what it says ---


def test_it_keeps_the_tables_that_others_linked_to(world: World) -> None:
    """The same table as before at the same address; what stood below the rows is in columns now, so that it is data."""
    folder = current(world)
    rows = list(csv.reader(io.StringIO((folder / "coverage.csv").read_text(encoding="utf-8"), newline="")))
    countries = ["Asterland (Countries of origin)", "Bravonia (Countries of destination)"]
    assert rows[0] == ["Service", "Sector", *countries, "Period", "Source", "Release", "Caveats"]
    assert {len(row) for row in rows} == {8} and len(rows) == 18
    body = {row[0]: row[2:4] for row in rows[1:]}
    titles = world.house.library.codes["services"].title
    assert body[titles("SEED-1")] == ["Open whatever the status", "not reported"]
    assert body[titles("SEED-2")] == ["Not offered by those who reported", "not reported"]
    assert body[titles("SEED-7")] == ["not reported", "Exists, with limits"]
    assert (rows[1][4], rows[1][6]) == ("Q2 2026", folder.name)
    assert "may still exist" in rows[1][7] and "nothing is passed on" in rows[1][7]
    seats = list(csv.reader(io.StringIO((folder / "seats.csv").read_text(encoding="utf-8"), newline="")))
    assert seats[0][2:5] == ["Asterland", "Bravonia", "Period"] and seats[1][4] == "Q2 2026"


def test_columns_of_a_country_on_both_sides_can_be_told_apart(world: World) -> None:
    overlay = world.house.settings.overlay / "codes" / "corridors.csv"
    overlay.write_text(overlay.read_text(encoding="utf-8") + "XBA-XAA,Back,invented,no,nowhere,XBA,XAA,,,,,\n")
    from dashboard.reference import library

    wider = replace(world.house, library=library.load(world.house.settings.overlay))
    header = (release.publish(world.operator, wider) / "coverage.csv").read_text(encoding="utf-8").splitlines()[0]
    assert len(set(header.split(","))) == 10


def test_a_cell_that_a_spreadsheet_would_run_is_made_safe(world: World) -> None:
    rows = [member("XAA-COORD", "GOV-WOM", "coordination") | {"organisation_name": "'=HYPERLINK(1)"}]
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", rows))
    for name, data in files(release.publish(world.operator, world.house)).items():
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(data.decode(), newline="")) for cell in row]
            assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_table_leaves_with_its_units_and_what_nobody_checked() -> None:
    from dashboard.publication.files import as_csv

    columns = (
        Column("name", "Service"),
        Column("line", "Line"),
        Column("count", "Open", unit="services", numeric=True),
    )
    frame = pd.DataFrame([["Clinic", "", 0]], columns=[c.name for c in columns])
    marks = pd.DataFrame([[Status.NOT_VERIFIED, Status.NOT_VERIFIED, Status.ZERO]], columns=frame.columns)
    table = Table("Services", columns, frame, marks, AsOf(1, None), source="A survey")
    rows = list(csv.reader(io.StringIO(as_csv(table), newline="")))
    assert rows == [
        ["Service", "Line", "Open (services)"],
        ["Clinic (not verified)", "not verified", "0"],
        [],
        ["Source", "A survey"],
    ]


def test_before_anything_was_reported_nothing_is_claimed(house: Any) -> None:
    from dashboard.protection import policy

    text = Read(page(release.publish(policy.operator(date(2026, 11, 1)), house))).text
    assert "No coverage has been reported yet." in text and "No member register has been accepted yet." in text
    assert "has a filled seat" not in text and "nan" not in text.lower().split()


def test_reports_carried_over_are_named(world: World) -> None:
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    text = Read(page(release.publish(world.operator, world.house))).text
    assert "What changed since in the reports of: XBA-POLICE office. Nothing was accepted yet for Q3 2026;" in text
