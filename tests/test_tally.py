"""What adds up to what: all figures of a few contributions, and the sums among them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.protection import tally
from protection_world import counted

FIRST = counted(
    "XAA health S1 XBA 2026-Q1 ONE 5",
    "XAA health _U _U 2026-Q1 ONE 7",
    "XAA social S2 XBA 2026-Q1 TWO 9",
    "XAB health S1 XBA 2026-Q1 SIX 20",
)
YEAR = pd.concat([FIRST.assign(period=f"2026-Q{n}") for n in range(1, 5)])


def sums(frame: pd.DataFrame) -> dict[str, int]:
    found = frame.groupby(list(tally.DIMENSIONS))["contacts"].sum()
    return {" ".join(key): int(value) for key, value in found.items()}


def test_every_figure_of_a_quarter_and_nothing_crossed() -> None:
    told = sums(tally.figures(FIRST))
    assert told["XAA _T _T _T 2026-Q1"] == 21
    assert told["XAA health _T _T 2026-Q1"] == 12
    assert told["XAA health _U _T 2026-Q1"] == told["XAA _T _T _U 2026-Q1"] == 7
    assert told["XAA _T _T XBA 2026-Q1"] == 14
    assert not [key for key in told if key.split()[3] != "_T" and key.split()[1] != "_T"]


def test_a_year_is_whole_or_not_there() -> None:
    quarters = tally.figures(YEAR)
    assert set(tally.whole_years(quarters)) == {("XAA", "2026"), ("XAB", "2026"), ("_T", "2026")}
    gone = quarters[~((quarters["country"] == "XAB") & (quarters["period"] == "2026-Q3"))]
    assert set(tally.whole_years(gone)) == {("XAA", "2026"), ("_T", "2026")}
    assert not len(tally.whole_years(tally.figures(FIRST)))


def test_all_countries_together_leave_out_what_came_late() -> None:
    quarters = tally.figures(YEAR)
    late = {("XAB", "health", "S1", "_T", "2026-Q2")}
    told = sums(tally.everything(quarters, tally.whole_years(quarters), late, late))
    assert told["_T health S1 _T 2026-Q1"] == 25 and told["_T health S1 _T 2026-Q2"] == 5
    assert told["_T health S1 _T 2026"] == 3 * 25 + 5 and told["XAB health S1 _T 2026"] == 80
    assert told["_T _T _T _T 2026"] == 4 * 41


def test_sums_hold_whatever_is_left_out() -> None:
    quarters = tally.figures(YEAR)
    late = {("XAB", "health", "S1", "_T", "2026-Q2"), ("XAA", "_T", "_T", "_T", "2026-Q4")}
    for left_out in (set(), late):
        for in_year in (set(), late):
            found = tally.everything(quarters, tally.whole_years(quarters), left_out, in_year)
            values = found.groupby(list(tally.DIMENSIONS))["contacts"].sum()
            matrix = tally.relations([tuple(key) for key in values.index], left_out, in_year)
            assert not np.any(matrix @ values.to_numpy())
            assert (matrix < 0).sum() == matrix.shape[0], "each sum has one total"
            totals = [key for key in values.index if key[0] == "_T" or "-" not in key[4]]
            assert matrix.shape[0] >= len(totals)
