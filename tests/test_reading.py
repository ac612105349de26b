"""A release read back from its folder: what its files say, and nothing that a status hides."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import released_folder
from dashboard.publication import reading
from dashboard.publication.reading import Unreadable
from dashboard.reference.table import Status


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return released_folder.write(tmp_path / "releases")


def change(folder: Path, table: str, was: str, instead: str) -> None:
    path = folder / "data" / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, instead, 1), encoding="utf-8", newline="")


def test_the_tables_are_those_of_the_files(folder: Path) -> None:
    release = reading.read(folder)
    assert (release.release_id, release.folder, release.threshold, release.demo) == (
        released_folder.NAME, released_folder.NAME, 11, True,
    )  # fmt: skip
    assert set(release.tables) == set(released_folder.tables()), "those with a row of hashtags are the same again"
    for name, (columns, rows, numbers, caveats) in released_folder.tables().items():
        table = release.tables[name]
        assert [c.name for c in table.columns] == columns and list(table.caveats) == caveats
        assert [[str(cell) for cell in row] for row in rows] == [list(line) for line in release.lines[name][1:]]
        for column in columns:
            held = [None if cell == "" else cell for cell in table.frame[column]]
            said = [row[columns.index(column)] for row in rows]
            expected = [None if cell == "" else float(str(cell)) if column in numbers else str(cell) for cell in said]
            assert held == expected, (name, column)
    assert release.named("services", "S-2") == "Hotlines <24 h>" and release.named("services", "S-77") == "S-77"


def test_a_status_stands_at_the_value_that_it_speaks_of(folder: Path) -> None:
    table = reading.read(folder).tables["contacts"]
    found = set(table.statuses["contacts"])
    assert found == {
        Status.VALUE, Status.ZERO, Status.SUPPRESSED, Status.REVISION_PENDING, Status.NOT_REPORTED,
    }  # fmt: skip
    hidden = table.frame.loc[table.statuses["contacts"] == Status.SUPPRESSED, "contacts"]
    assert len(hidden) and hidden.isna().all()
    assert set(table.statuses["country"]) == {Status.VALUE}


@pytest.mark.parametrize(
    ("was", "instead"),
    [
        (",suppressed,", ",7,suppressed,"),  # a cell more than the header has
        (",,suppressed,", ",7,suppressed,"),
        (",1007,value,", ",,value,"),
        (",1007,value,", ",1007,shown,"),
        (",1007,value,", ",<11,value,"),
        ("country,country_name", "country,name"),
    ],
)
def test_a_number_that_its_status_denies_closes_the_release(folder: Path, was: str, instead: str) -> None:
    change(folder, "contacts", was, instead)
    with pytest.raises(Unreadable):
        reading.read(folder)


def test_a_package_reaches_nothing_outside_of_its_folder(folder: Path) -> None:
    path = folder / "data" / "datapackage.json"
    (folder.parent.parent / "secret.csv").write_text("list,code,title,description,verified\r\n")
    package = json.loads(path.read_text())
    next(r for r in package["resources"] if r["name"] == "codes")["path"] = "../../../secret.csv"
    path.write_text(json.dumps(package))
    with pytest.raises(Unreadable):
        reading.read(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"resources": []}', '{"resources": [{}]}'])
def test_what_is_no_package_is_no_release(tmp_path: Path, text: str) -> None:
    (tmp_path / "r" / "data").mkdir(parents=True)
    with pytest.raises(Unreadable):
        reading.read(tmp_path / "r")
    (tmp_path / "r" / "data" / "datapackage.json").write_text(text)
    with pytest.raises(Unreadable):
        reading.read(tmp_path / "r")


def test_a_folder_is_read_once(folder: Path) -> None:
    first = reading.read(folder)
    (folder / "data" / "contacts.csv").unlink()
    assert reading.read(folder) is first
    assert reading.read(folder.parent / "current") is first, "the same folder by another way"
    for n in range(reading.KEPT):
        reading.read(released_folder.write(folder.parent.parent / f"more{n}"))
    with pytest.raises(Unreadable):
        reading.read(folder)


def test_reading_a_release_brings_no_way_to_the_record() -> None:
    """In a process of its own: what these modules bring with them, whoever imports them by whichever way."""
    said = (
        "import sys\nfrom dashboard.publication import reading\n"
        "from dashboard.publication.exploring import topics, saved\n"
        "print([m for m in sys.modules if m.startswith(('dashboard.record', 'dashboard.reports', 'dashboard.people',"
        " 'dashboard.intake', 'duckdb', 'flask', 'sqlite3'))])"
    )
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", said], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
