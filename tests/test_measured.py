"""A check takes little longer than DuckDB takes to read the file. The bounds are loose: others may use the machine."""

from __future__ import annotations

import pytest

import measure_intake


@pytest.mark.long
@pytest.mark.parametrize("dataset", measure_intake.DATASETS)
@pytest.mark.parametrize(("rows", "most"), [(100_000, 4.0), (1_000_000, 3.0)])
def test_a_check_takes_little_longer_than_duckdb_alone(dataset: str, rows: int, most: float) -> None:
    """Within the worker's limits, and with the verdict that the file deserves; else `measure` raises."""
    ratios = measure_intake.measure(dataset, rows, turns=3)
    for kind, (_wall, cpu) in ratios.items():
        assert cpu <= most, kind


def test_a_small_file_is_measured_in_both_ways() -> None:
    ratios = measure_intake.measure("service_contacts", 2000, turns=1)
    assert set(ratios) == {"clean", "slips"} and all(ratio > 0 for pair in ratios.values() for ratio in pair)
