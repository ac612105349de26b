"""Few different cells are judged one by one, many are sieved by DuckDB first: the findings are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dashboard.intake import different, inspection
from dashboard.intake.inspection import Found
from intake_world import UPLOADS, csv_of, file_of, inspected, row

ODD_CELLS = [
    "Maria Santos", "A1234567", "=1+1", "#REF!", "total", "Sum:", "n/a", "x", "ann@example.org", "2026-02-30",
    "call 0812 345 6789", "14.5995, 120.9842", "'+999 2 555 01", "รวม", "Circular 12 (new)", "+999 2 555 01",
]  # fmt: skip


def ways(data: bytes, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Found, list[dict[str, Any]]]]:
    """What is found and kept of a file as a table, as Parquet with few cells, and as Parquet with many."""
    done = []
    for module, name in ((inspection, ""), (inspection, "LITTLE"), (different, "HANDFUL")):
        if name:
            monkeypatch.setattr(module, name, -1)
        with file_of(b"") as typed:
            found = inspected(data, parquet=typed)
            rows = pq.read_table(typed).to_pylist() if found.verdict == "clean" else []
        done.append((found, sorted(rows, key=lambda row: int(row["row_number"]))))
    return done


@pytest.mark.parametrize("path", sorted(UPLOADS.glob("*.csv")), ids=lambda path: path.stem)
def test_every_example_has_the_same_findings(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table, few, many = ways(path.read_bytes(), monkeypatch)
    assert table == few == many


@pytest.mark.parametrize("column", ["note", "evidence", "line", "contacts", "service", "languages", "checked_on"])
def test_odd_cells_have_the_same_findings(column: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table, few, many = ways(csv_of(*[row(**{column: cell}) for cell in ODD_CELLS]), monkeypatch)
    assert table[0].problems and table == few == many


def test_a_column_with_many_cells_or_a_long_one_goes_through_the_sieve() -> None:
    data = csv_of(
        *[row(note=f"Note number {i}") for i in range(different.HANDFUL + 1)], row(note="ask ann@example.org")
    )
    assert (different.HANDFUL + 3, "note", "cell-email") in [
        (p.row, p.column, p.code) for p in inspected(data).problems
    ]
    long = csv_of(row(note="x" * 2000), row(note="ask ann@example.org"))
    assert (3, "note", "cell-email") in [(p.row, p.column, p.code) for p in inspected(long).problems]
