"""Cells and rows that belong together: what does not fit is a warning that says both numbers, and keeps nothing out."""

from __future__ import annotations

import pytest

from dashboard.intake import screen
from dashboard.intake.problems import Problem, Severity
from intake_world import RELATED, csv_of, inspected, where

HEADER = ",".join(RELATED.header)
GOOD = {
    "country": "XAA", "organisation_code": "XAA-HEALTH", "action_code": "XAA-1", "promised": "100", "received": "80",
    "spent": "60", "women": "15", "men": "25", "people": "40", "share": "37.5", "elsewhere": "XBA",
}  # fmt: skip


def row(**cells: str) -> str:
    return ",".join((GOOD | cells).get(name, "") for name in RELATED.header)


def found(*rows: str) -> list[Problem]:
    return inspected(csv_of(*rows, header=HEADER), RELATED).problems


@pytest.mark.parametrize(
    ("changes", "spots"),
    [
        ({}, []),
        ({"spent": "80", "promised": "80.00"}, []),
        ({"spent": "80.01"}, [("spent", "more-than-whole")]),
        ({"received": "101"}, [("received", "more-than-whole")]),
        ({"received": "", "spent": "100.5"}, [("spent", "more-than-whole")]),
        ({"received": "101", "spent": "102"}, [("received", "more-than-whole"), ("spent", "more-than-whole")]),
        ({"promised": "", "received": ""}, []),
        ({"people": "41", "share": "36.6"}, [("people", "totals-differ")]),
        ({"men": "", "share": "37.5"}, []),
        ({"share": "37"}, []),
        ({"share": "38"}, []),
        ({"share": "36"}, [("share", "share-differs")]),
        ({"share": "37.6"}, [("share", "share-differs")]),
        ({"share": "0.375"}, [("share", "share-differs")]),
        ({"women": "0", "men": "0", "people": "0", "share": "0"}, []),
        ({"elsewhere": "XAA"}, [("country", "same-place")]),
        ({"elsewhere": ""}, []),
        ({"agreed_on": "2026-03-12", "due_on": "2026-03-11"}, [("due_on", "day-before")]),
        ({"agreed_on": "2026-03-12", "due_on": "2026-03-12"}, []),
        ({"agreed_on": "2026-03-12"}, []),
        ({"due_on": "2026-03-11"}, []),
    ],
)
def test_cells_of_a_row(changes: dict[str, str], spots: list[tuple[str, str]]) -> None:
    assert where(found(row(**changes))) == [(2, *spot) for spot in spots]


def parts(*numbers: str, whole: str = "100", by: str = "fund") -> list[str]:
    empty = dict.fromkeys(("received", "spent", "women", "men", "people", "share"), "")
    broken = [row(**empty, broken_by=by, category=f"k{n}", promised=one) for n, one in enumerate(numbers)]
    return [row(**empty, promised=whole), *broken]


def test_rows_that_are_broken_down_add_up_for_each_breakdown() -> None:
    assert found(*parts("70", "30")) == [] and found(*parts()) == []
    assert found(*parts("33.3", "33.3", "33.3")) == [], "what is rounded may be off by its last decimal"
    [one] = found(*parts("70", "20"))
    assert where([one]) == [(2, "promised", "parts-differ")]
    assert one.message == "Row 2, promised: 100, but the rows broken down by “fund” add up to 90. Nothing is lost."
    twice = [*parts("70", "30"), *parts("50", "20", by="place")[1:]]
    assert [p.words["by"] for p in found(*twice)] == ["place"]
    assert [p.row for p in found(*parts("70", "20"), *parts()) if p.code == "parts-differ"] == [2], "a key counts once"
    assert found(*parts("70", "20")[1:]) == [], "without a whole there is nothing to compare with"


def test_a_warning_says_both_numbers_and_keeps_nothing_out() -> None:
    result = inspected(csv_of(row(spent="90"), header=HEADER), RELATED)
    [one] = result.problems
    assert (result.verdict, one.severity) == ("clean", Severity.WARNING)
    assert one.message == "Row 2, spent: 90 is more than 80 in received. Nobody spends more than there is."
    assert one.fix == "Correct the number that is wrong. If both are right, say why, for whoever reviews the file."
    [total] = found(row(people="41", share="36.6"))
    assert total.message.startswith("Row 2, people: 41, but women and men add up to 40.")
    [share] = found(row(share="30"))
    assert share.message.startswith("Row 2, share: 30, but 15 of 40 is 37.5 %.")


def test_what_is_the_same_and_must_not_be_keeps_the_file_out() -> None:
    result = inspected(csv_of(row(elsewhere="XAA"), header=HEADER), RELATED)
    assert result.verdict == "problems"
    assert result.problems[0].message == "Row 2, country: “XAA” stands in elsewhere, too. Elsewhere is not here."


def test_many_are_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.intake.relations.LISTED", 3)
    rows = [row(spent="90", broken_by="", category=str(n)) for n in range(5)]
    [one] = [p for p in found(*rows) if p.code == "more-than-whole"]
    assert (one.count, one.rows) == (5, (2, 3, 4)) and screen.LISTED > 5


def test_a_file_with_persons_in_it_is_not_asked_whether_its_numbers_fit() -> None:
    result = inspected(csv_of(row(spent="90", broken_by="ask a.b@example.org"), header=HEADER), RELATED)
    assert result.verdict == "screened" and [p.code for p in result.problems] == ["cell-email"]


def test_a_column_that_is_missing_is_compared_with_nothing() -> None:
    header = HEADER.replace(",spent", "")
    line = ",".join(GOOD.get(name, "") for name in header.split(",")).replace("80", "101")
    codes = {p.code for p in inspected(csv_of(line, header=header), RELATED).problems}
    assert codes == {"column-missing"}, "received and promised are in the same relation"
