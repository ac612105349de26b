"""What is read back from a release's files: the same from CSV, JSON and page, and each contradiction found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.publication import read_back
from dashboard.publication.read_back import ATTRIBUTE, COLUMNS, KEY

ROWS = [
    ("XAA", "_T", "_T", "_T", "2026-Q2", "1240", "value"),
    ("XAA", "health", "_T", "_T", "2026-Q2", "", "suppressed"),
    ("XAA", "health", "SEED-3", "_T", "2026-Q2", "0", "zero"),
    ("XAA", "_T", "_T", "_U", "2026-Q2", "96", "revision pending"),
    ("XBA", "_T", "_T", "_T", "2026-Q2", "", "not reported"),
]
WORDS = {
    "value": "1,240", "suppressed": "hidden to protect people", "zero": "0",
    "revision pending": "96 (revision pending)", "not reported": "Not reported",
}  # fmt: skip


def csv_of(rows: list[tuple[str, ...]], tags: str = "") -> str:
    lines = [",".join(COLUMNS), *([tags] if tags else []), *(",".join(row) for row in rows)]
    return "\r\n".join(lines) + "\r\n"


def page_of(cells: list[tuple[str, str]]) -> str:
    body = "".join(f'<td class="number" {ATTRIBUTE}="{key}"><span>{words}</span></td>' for key, words in cells)
    return f"<!doctype html><table><tr><th>Total</th><td>7</td>{body}</tr></table>"


def key(row: tuple[str, ...]) -> str:
    return "|".join(row[: len(KEY)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    write(tmp_path, "data/contacts.csv", csv_of(ROWS))
    write(tmp_path, "data/contacts-hxl.csv", csv_of(ROWS, "#country,#sector,#s,#o,#p,#n,#status"))
    objects = [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]
    typed = [o | {"contacts": int(o["contacts"]) if o["contacts"] else None} for o in objects]
    write(tmp_path, "data/contacts.json", json.dumps({"caveat": "reported", "rows": typed}))
    write(tmp_path, "index.html", page_of([(key(row), WORDS[row[-1]]) for row in ROWS]))
    write(tmp_path, "data/seats.csv", "country,seats\r\nXAA,3\r\n")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8", newline="")


def test_all_files_say_the_same(folder: Path) -> None:
    found = read_back.read(folder)
    assert found.faults == []
    assert list(found.rows.columns) == list(COLUMNS) and len(found.rows) == len(ROWS)
    first = found.rows.iloc[0]
    assert (first["contacts"], first["status"]) == (1240, "value")
    assert found.rows["contacts"].isna().sum() == 2 and str(found.rows["contacts"].dtype) == "Int64"


def test_a_folder_without_counts_holds_none(tmp_path: Path) -> None:
    write(tmp_path, "index.html", "<p>No count</p>")
    found = read_back.read(tmp_path)
    assert found.rows.empty and found.faults == [] and list(found.rows.columns) == list(COLUMNS)


def changed(n: int, column: str, value: str) -> list[tuple[str, ...]]:
    rows = [list(row) for row in ROWS]
    rows[n][COLUMNS.index(column)] = value
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("data/contacts-hxl.csv", csv_of(changed(0, "contacts", "1241")), "differ on XAA|_T|_T|_T|2026-Q2"),
        ("data/contacts-hxl.csv", csv_of(ROWS[1:]), "differ on XAA|_T|_T|_T|2026-Q2"),
        ("data/contacts.json", json.dumps([dict(zip(COLUMNS, ROWS[0], strict=True))]), "differ on XAA|health"),
        ("data/contacts.json", "{", "is no JSON"),
        ("data/contacts.csv", csv_of([*ROWS, ROWS[0]]), "twice"),
        ("data/contacts.csv", csv_of(changed(1, "contacts", "7")), "does not go together"),
        ("data/contacts.csv", csv_of(changed(0, "contacts", "")), "does not go together"),
        ("data/contacts.csv", csv_of(changed(0, "contacts", "<11")), "does not go together"),
        ("data/contacts.csv", csv_of(changed(2, "contacts", "3")), "does not go together"),
        ("data/contacts.csv", csv_of(changed(1, "status", "c")), "does not go together"),
        ("index.html", page_of([(key(ROWS[0]), "1,204")]), "something else for XAA|_T"),
        ("index.html", page_of([(key(ROWS[1]), "7")]), "something else for XAA|health"),
        ("index.html", page_of([(key(ROWS[1]), "hidden to protect people (7)")]), "something else"),
        ("index.html", page_of([(key(ROWS[1]), "not reported")]), "something else"),
        ("index.html", page_of([(key(ROWS[3]), "96")]), "something else"),
        ("index.html", page_of([("XAA|social|_T|_T|2026-Q2", "5")]), "do not hold"),
    ],
)  # fmt: skip
def test_what_contradicts_is_found_and_no_number_is_repeated(folder: Path, name: str, text: str, fault: str) -> None:
    write(folder, name, text)
    faults = read_back.read(folder).faults
    assert any(fault in said for said in faults), faults
    without_keys = [said.replace("2026-Q2", "").replace("SEED-3", "") for said in faults]
    assert not any(char.isdigit() for said in without_keys for char in said), "a fault may be an unprotected number"


def test_equal_in_whatever_order(folder: Path) -> None:
    rows = read_back.read(folder).rows
    assert read_back.equal(rows, rows.iloc[::-1].reset_index(drop=True))
    other: Any = rows.copy()
    other.loc[0, "contacts"] = 1239
    assert not read_back.equal(rows, other) and not read_back.equal(rows, rows.iloc[1:])
    assert read_back.equal(pd.DataFrame(columns=list(COLUMNS)), pd.DataFrame(columns=list(COLUMNS)))
