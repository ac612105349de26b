"""Cells that leave the house and come back: text that no spreadsheet runs, and the same text again at the door."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from dashboard.intake import cells as intake
from dashboard.intake.cells import Fault, Fine
from dashboard.reference.cells import bare, safe
from dashboard.reference.contracts import Field

DANGEROUS = [
    "=1+1", "=cmd|'/C calc'!A0", "+1 (555)", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "\0=1", "+999 000 0101",
    " =1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)",
]  # fmt: skip
HARMLESS = ["", "a=b", "health", "'quoted'", "5", "5-10 km", "a@b", "-5", "+7,5", "(+999)", "ก", "''=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_begins_like_a_formula_is_shown_and_never_run(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert bare(safe(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text and bare(text) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (float("nan"), ""),
        (pd.NaT, ""),
        (pd.NA, ""),
        (0, "0"),
        (-5, "-5"),
        (-5.5, "-5.5"),
        (12.0, "12"),
        (date(2026, 6, 30), "2026-06-30"),
        (datetime(2026, 6, 30, 23, 59), "2026-06-30"),
        (pd.Timestamp("2026-06-30"), "2026-06-30"),
        (True, "True"),
    ],
)
def test_numbers_and_dates_stay_numbers_and_dates(value: Any, cell: str) -> None:
    assert safe(value) == cell


def test_a_cell_survives_the_csv_around_it() -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([safe(text) for text in [*DANGEROUS, *HARMLESS]])
    back = next(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert [bare(cell) for cell in back] == [*DANGEROUS, *HARMLESS]


TEXT = Field(name="source", title="Source", description="", type="string", hxl="#meta")
LINE = Field(name="line", title="Line", description="", type="string", hxl="#line", pattern="^[+]?[0-9 ]{3,}$",
             pattern_words="digits")  # fmt: skip


def test_the_door_takes_back_what_the_template_wrote() -> None:
    assert intake.judge("'+999 000 0101", LINE, None) == Fine("+999 000 0101", "apostrophe")
    assert intake.judge("+999 000 0101", LINE, None) == Fine("+999 000 0101")
    for text in ("=1+1", "-2 to 5 km", "@office", "\uff1d1"):
        assert intake.judge(safe(text), TEXT, None) == Fine(text, "apostrophe")


def test_the_door_tolerates_no_other_apostrophe() -> None:
    assert intake.judge("'999 000", LINE, None) == Fault("wrong-form", {"form": "digits"})
    assert intake.judge("''+999 000", LINE, None) == Fault("wrong-form", {"form": "digits"})
    assert intake.judge("=1+1", TEXT, None) == Fault("formula-cell")
    assert intake.judge("'plain", TEXT, None) == Fine("'plain")
