"""A difference as people see it: one table or parts to open, the spreadsheet's rows, and all of it as a file."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from dash import html
from plotly.utils import PlotlyJSONEncoder

from dashboard.reports.preview import Change, Preview
from dashboard.web import differences


def changes(kind: str, count: int, first: int = 2) -> tuple[Change, ...]:
    cells = (("Value", "1", "2"),) if kind == "changed" else ()
    return tuple(
        Change(kind, ("Asterland", f"Service {n}"), cells, None if kind == "removed" else first + n)
        for n in range(count)
    )


def preview(changed: int, added: int, removed: int, same: int = 0, most: int = 100) -> Preview:
    rows = [changes(kind, min(n, most)) for kind, n in (("changed", changed), ("added", added), ("removed", removed))]
    return Preview("2026-Q2", added, changed, removed, same, tuple(one for part in rows for one in part))


def drawn(part: Any) -> str:
    return json.dumps(part, cls=PlotlyJSONEncoder, ensure_ascii=False)


def parts(part: Any) -> list[html.Details]:
    return [one for one in part.children if isinstance(one, html.Details)]


def test_a_few_rows_are_one_table_with_the_spreadsheets_rows() -> None:
    found = differences.difference(preview(2, 1, 1, same=7), "/all.csv")
    said = drawn(found)
    assert parts(found) == [] and "7 rows are as they were." in said and "/all.csv" not in said
    assert ">2</td>" in said and ">3</td>" in said and "<del>1</del> → <ins>2</ins>" in said


def test_many_rows_are_parted_by_what_happens_to_them() -> None:
    found = differences.difference(preview(20, 30, 4), "/all.csv")
    summaries = [part.children[0].children for part in parts(found)]
    assert summaries == ["20 changed rows", "4 rows that are gone", "30 new rows"]
    assert [bool(part.open) for part in parts(found)] == [True, False, False]


def test_what_is_not_shown_is_offered_as_a_file() -> None:
    found = differences.difference(preview(3, 250, 0), "/all.csv")
    said = drawn(found)
    assert "250 new rows; the first 100 are shown" in said and "Download all 253 differences (CSV)" in said
    assert "/all.csv" in said
    assert "/all.csv" not in drawn(differences.difference(preview(3, 250, 0)))


def test_the_file_of_differences_has_every_cell_and_runs_nothing() -> None:
    odd = Change("changed", ("=1+1", "x"), (("Value", "-A", "@b"), ("Note", "", "c")), 5)
    text = differences.as_csv(Preview("2026-Q2", 0, 1, 1, 0, (odd, *changes("removed", 1))))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["Row", "About", "Is", "Column", "Before", "Now"]
    assert rows[1:] == [
        ["5", "'=1+1 · x", "changed", "Value", "'-A", "'@b"],
        ["5", "'=1+1 · x", "changed", "Note", "", "c"],
        ["", "Asterland · Service 0", "removed", "", "", ""],
    ]


def test_nothing_to_compare_is_nothing() -> None:
    assert differences.difference(None) is None
    assert differences.difference(Preview("", 0, 0, 0, 0, (), "Its rows are gone.")) is None
    assert "every row is as it was" in drawn(differences.difference(preview(0, 0, 0, same=4)))
