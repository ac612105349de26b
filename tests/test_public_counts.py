"""The public rows as tables for people: every number is a cell as it stands, and what is hidden says nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.publication import absence, counts
from dashboard.reference import library
from dashboard.reference.table import AsOf, Status, Table
from public_world import CAVEAT, rows

KNOWN = AsOf(1, None)
LIBRARY = library.load()


def by_sector(counted: pd.DataFrame) -> Table:
    return counts.by_sector(counted, LIBRARY, KNOWN)


def test_the_newest_quarter_stands_beside_the_newest_whole_year() -> None:
    table = by_sector(rows())
    titles = [column.title for column in table.columns]
    assert titles[1:4] == ["Health", "Justice and policing", "Social services"]
    assert titles[4:] == ["All sectors", "All of 2025"]
    assert list(table.frame.index) == ["XAA", "XBA", "XCA", "_T"], "by name, all together last"
    assert list(table.frame.loc["XAA"])[1:] == [1203, 0, 44, 1247, 4031]
    assert list(table.statuses.loc["XAA"])[1:] == ["value", "zero", "revision pending", "value", "value"]
    assert table.caveats[0] == CAVEAT and table.period == "Q3 2026"


def test_what_is_hidden_has_no_number_and_what_is_not_there_says_why() -> None:
    table = by_sector(rows())
    assert list(table.frame.loc["XBA"])[1:] == [None] * 5
    absent = ["no count", "no count", "suppressed", "no total"]
    assert list(table.statuses.loc["XBA"])[1:] == ["suppressed", *absent], "XBA reported, XCA did not"
    assert list(table.statuses.loc["XCA"])[1:] == [*["not reported"] * 4, "no total"]


@pytest.mark.parametrize(("period", "whole", "said"), [
    ("2026-Q3", "value", Status.NO_COUNT), ("2026-Q3", "suppressed", Status.NO_COUNT),
    ("2026-Q3", "not reported", Status.NOT_REPORTED), ("2026-Q3", None, Status.NOT_REPORTED),
    ("2025", "zero", Status.NO_COUNT), ("2025", None, Status.NO_YEAR),
])  # fmt: skip
def test_why_a_release_has_no_row_rests_on_its_rows_alone(period: str, whole: str | None, said: Status) -> None:
    assert absence.status(period, whole) is said


def test_a_cell_names_the_row_that_it_is_and_no_other_has_a_name() -> None:
    table = by_sector(rows())
    keys = counts.keys(rows(), table)
    assert keys["XAA", "health 2026-Q3"] == "XAA|health|_T|_T|2026-Q3" and keys["_T", "_T 2025"] == "_T|_T|_T|_T|2025"
    assert ("XBA", "social 2026-Q3") not in keys and len(keys) == 11


def test_the_answer_counts_countries_and_adds_up_no_contacts() -> None:
    assert counts.answer(rows()) == (
        "1,275 contacts were reported by services for Q3 2026, in all countries together. Of 3 countries, the number is"
        " shown for 1, hidden to protect people for 1 and not reported for 1."
    )
    hidden = rows()
    whole = (hidden["country"] == "_T") & (hidden["sector"] == "_T")
    hidden.loc[whole, "contacts"], hidden.loc[whole, "status"] = pd.NA, str(Status.SUPPRESSED)
    assert counts.answer(hidden).startswith(
        "How many contacts were reported for Q3 2026 in all countries together is hidden"
    )
    assert "1,247" not in counts.answer(hidden), "what is shown is not added up in its place"


def test_countries_of_which_no_report_was_ever_accepted_are_said_too() -> None:
    """Somebody may have reported, and nobody accepted it yet."""
    every, more = ["XAA", "XBA", "XCA", "XDA", "XEA"], "Of 2 other countries no report was ever accepted."
    assert counts.answer(rows(), every) == f"{counts.answer(rows())} {more}"
    assert counts.answer(rows(), every[:3]) == counts.answer(rows())


def test_without_rows_nothing_is_said() -> None:
    empty = rows().iloc[:0]
    assert (counts.quarter(empty), counts.year(empty)) == ("", "")
    assert counts.answer(empty) == "No count of contacts has been released yet."
    assert by_sector(empty).frame.empty


def test_totals_and_gaps_have_names() -> None:
    named = [counts.named(LIBRARY, listed, "_T") for listed in ("countries", "sectors", "services")]
    assert named == ["All countries", "All sectors", "All services"]
    assert counts.named(LIBRARY, "services", "_U") == "Not recorded"
