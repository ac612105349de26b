"""Few different cells are judged one by one, many are sieved by DuckDB first: the findings are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.intake import different
from dashboard.intake.inspection import Found
from intake_world import UPLOADS, csv_of, inspected, row

ODD_CELLS = [
    "Maria Santos", "A1234567", "=1+1", "#REF!", "total", "Sum:", "n/a", "x", "ann@example.org", "2026-02-30",
    "call 0812 345 6789", "14.5995, 120.9842", "'+999 2 555 01", "รวม", "Circular 12 (new)", "+999 2 555 01",
]  # fmt: skip


def both(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[Found, Found]:
    few = inspected(data)
    monkeypatch.setattr(different, "HANDFUL", -1)
    return few, inspected(data)


@pytest.mark.parametrize("path", sorted(UPLOADS.glob("*.csv")), ids=lambda path: path.stem)
def test_every_example_has_the_same_findings(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = both(path.read_bytes(), monkeypatch)
    assert few == many


@pytest.mark.parametrize("column", ["note", "evidence", "line", "contacts", "service", "languages", "checked_on"])
def test_odd_cells_have_the_same_findings(column: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = both(csv_of(*[row(**{column: cell}) for cell in ODD_CELLS]), monkeypatch)
    assert few.problems and few == many


def test_a_column_with_many_cells_or_a_long_one_goes_through_the_sieve() -> None:
    data = csv_of(
        *[row(note=f"Note number {i}") for i in range(different.HANDFUL + 1)], row(note="ask ann@example.org")
    )
    assert (different.HANDFUL + 3, "note", "cell-email") in [
        (p.row, p.column, p.code) for p in inspected(data).problems
    ]
    long = csv_of(row(note="x" * 2000), row(note="ask ann@example.org"))
    assert (3, "note", "cell-email") in [(p.row, p.column, p.code) for p in inspected(long).problems]
