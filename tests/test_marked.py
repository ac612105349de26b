"""The marked copy: the same rows under the same numbers, the problems beside them, and nothing a spreadsheet runs."""

from __future__ import annotations

import csv
import io

import pytest

from dashboard.intake import marked, worker
from dashboard.intake.problems import problem
from dashboard.reference.cells import safe
from intake_world import GOOD, HEADER, csv_of, file_of, inspected, request, row


def marked_rows(data: bytes) -> list[list[str]]:
    with file_of(b"") as copy:
        inspected(data, copy=copy)
        copy.seek(0)
        text = copy.read().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if "country;" in text else ","))


def test_rows_keep_their_numbers_and_get_their_problems() -> None:
    rows = marked_rows(b"\n" + csv_of(GOOD, "", row(service="sheltr", note="two\nlines"), row(contacts="12o")))
    assert len(rows) == 6
    assert rows[1][:-1] == HEADER.split(",") and rows[1][-1] == "problems"
    assert rows[2][-1] == "" and rows[4][-1].startswith("Row 5, service: “sheltr” is not on the list.")
    assert "Row 6, contacts: “12o”" in rows[5][-1]
    assert rows[4][13] == "two\nlines"


def test_the_separator_stays_and_semicolons_come_back_as_semicolons() -> None:
    rows = marked_rows(csv_of(row(contacts="12o")).replace(b",", b";"))
    assert rows[0][-1] == "problems" and rows[1][4] == "12o"


def test_a_problem_without_a_row_stands_beside_the_header() -> None:
    rows = marked_rows(csv_of(GOOD, header=HEADER.replace("languages", "x")))
    assert "The column “languages” is missing." in rows[0][-1]


def test_uneven_rows_come_back_whole() -> None:
    rows = marked_rows(csv_of("a,b", GOOD + ",c", GOOD.replace("Circular 12", '"Circular 12')))
    assert rows[1][:2] == ["a", "b"] and rows[1][-1].startswith("Row 2 has 2 cells")
    assert rows[2][14] == "c" and "Row 4" in rows[3][-1]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-A1",
        "@SUM(A1)",
        "\tx",
        '=HYPERLINK("x")',
        " =1+1",
        "\uff1d1+1",
        "-",
        "+999 2 555 01",
        "\n=1",
    ],
)
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    assert safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-5", "+5", "-1.5", "1,200", "-12%", "health", "", "a=b", "2026-Q3"])
def test_numbers_and_plain_text_stay_as_they_are(cell: str) -> None:
    assert safe(cell) == cell


def test_every_row_of_a_group_is_marked() -> None:
    marks = marked.by_row([problem("negative", row=2, column="x", value="-1", count=3, rows=(2, 5, 9))], 1)
    assert sorted(marks) == [2, 5, 9]


def test_a_warning_says_that_it_is_one() -> None:
    found = [problem("negative", row=2, column="x", value="-1"), problem("same-as-last", row=2, period="x", many="3")]
    first, second = marked.by_row(found, 1)[2]
    assert first.startswith("Row 2") and second.startswith("Warning: All 3 rows")


def test_only_a_file_with_problems_that_is_not_screened_out_comes_back_marked() -> None:
    wrong, clean = csv_of(row(contacts="12o")), csv_of(GOOD)
    assert worker.check_file(wrong, request(marked=True)).marked
    assert worker.check_file(wrong, request()).marked is None
    assert worker.check_file(clean, request(marked=True)).marked is None
    assert worker.check_file(csv_of(row(note="A1234567")), request(marked=True)).marked is None


def test_the_marked_copy_sent_back_says_to_delete_its_column() -> None:
    again = worker.check_file(csv_of(row(contacts="12o")), request(marked=True)).marked
    assert again is not None
    assert [p.code for p in inspected(again).problems] == ["column-of-problems", "not-a-number"]
