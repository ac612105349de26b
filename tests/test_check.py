"""Every kind of problem has a bad file that gives it where it stands; and rules, groups and tolerances."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq
import pytest

from dashboard.intake import cells, check, screen, walk, worker
from dashboard.intake.cells import Codes, Fault, Fine
from dashboard.intake.problems import PROBLEMS, Severity
from dashboard.reference.contracts import Field
from intake_world import CONTRACT, HEADER, LISTS, RELATED, UPLOADS, csv_of, file_of, inspected, request, row, where

Spot = tuple[int | None, str | None]

# Where each bad file goes wrong; besides the spot named here nothing else is found, unless MORE says so.
SPOTS: dict[str, Spot] = {
    "file-empty": (None, None),
    "file-too-large": (None, None),
    "file-not-csv": (None, None),
    "file-encoding": (3, None),
    "file-damaged": (3, None),
    "line-too-long": (3, None),
    "quote-unclosed": (3, None),
    "quote-stray": (3, None),
    "header-missing": (1, None),
    "header-not-first": (3, None),
    "column-missing": (1, "service"),
    "column-unknown": (1, "remarks_2"),
    "column-duplicate": (1, "note"),
    "column-unnamed": (1, None),
    "column-of-problems": (1, "problems"),
    "too-many-columns": (1, None),
    "row-too-short": (3, None),
    "row-too-long": (3, None),
    "no-rows": (None, None),
    "column-personal": (1, "Survivor Name"),
    "cell-email": (3, "note"),
    "cell-phone": (3, "note"),
    "cell-passport": (3, "note"),
    "cell-coordinates": (3, "note"),
    "cell-full-date": (3, "note"),
    "cell-profile": (3, "note"),
    "cell-iban": (3, "note"),
    "cell-name": (3, "note"),
    "cell-age": (3, "note"),
    "cell-story": (3, "note"),
    "cell-address": (3, "note"),
    "cell-case": (3, "note"),
    "person-beside": (1, None),
    "text-near-unique": (None, "note"),
    "one-row-per-person": (None, None),
    "required-empty": (3, "contacts"),
    "row-not-filled": (3, None),
    "unknown-code": (3, "service"),
    "code-expired": (3, "service"),
    "not-a-number": (3, "contacts"),
    "not-whole": (3, "contacts"),
    "decimal-comma": (3, "share"),
    "thousands-separator": (3, "contacts"),
    "number-became-date": (3, "contacts"),
    "number-scientific": (3, "contacts"),
    "negative": (3, "contacts"),
    "out-of-range": (3, "contacts"),
    "placeholder": (3, "contacts"),
    "not-a-date": (3, "checked_on"),
    "not-a-period": (3, "period"),
    "other-period": (3, "period"),
    "too-long": (3, "evidence"),
    "wrong-form": (3, "line"),
    "duplicate-key": (4, None),
    "other-organisation": (3, "organisation_code"),
    "unknown-organisation": (3, "partner_code"),
    "outside-country": (3, "country"),
    "other-country-code": (3, "organisation_code"),
    "total-row": (4, "country"),
    "formula-cell": (3, "note"),
    "spreadsheet-error": (3, "contacts"),
    "evidence-missing": (3, "evidence"),
    "enforcement-mark-missing": (3, "enforcement_body"),
    "value-missing": (3, "checked_on"),
    "value-not-expected": (3, "evidence"),
    "value-not-allowed": (3, "firewall"),
    "same-place": (3, "country"),
    "day-before": (3, "due_on"),
    "not-your-action": (3, "action_code"),
    "more-than-whole": (3, "spent"),
    "totals-differ": (3, "people"),
    "parts-differ": (3, "promised"),
    "share-differs": (3, "share"),
    "too-many-values": (None, "service"),
    "file-too-heavy": (None, None),
    "check-failed": (None, None),
    "check-busy": (None, None),
    "as-utf-16": (None, None),
    "as-windows-1252": (None, None),
    "mixed-line-ends": (None, None),
    "hard-spaces": (None, None),
    "unseen-signs": (None, None),
    "other-separator": (None, None),
    "header-spelt": (1, None),
    "blank-above": (None, None),
    "blank-rows": (None, None),
    "tags-row": (2, None),
    "explained-row": (2, None),
    "apostrophe": (3, "line"),
    "code-spelt": (3, "service"),
    "other-digits": (3, "contacts"),
    "round-number": (3, "contacts"),
    "midnight": (3, "checked_on"),
    "list-sorted": (3, "languages"),
    "quarter-spelt": (3, "period"),
}
MORE = {
    "column-missing": {"column-unknown"},
    "person-beside": {"header-not-first"},
    "text-near-unique": {"one-row-per-person", "duplicate-key"},
    "one-row-per-person": {"duplicate-key"},
    "too-many-values": {"unknown-code"},
    "other-country-code": {"other-organisation"},
    "outside-country": {"other-country-code"},
}


# What needs cells that belong together, or a list that only the record has.
OF_RELATED = {
    "same-place",
    "day-before",
    "not-your-action",
    "more-than-whole",
    "totals-differ",
    "parts-differ",
    "share-differs",
}


@pytest.fixture
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits so low that a small file shows what happens at them."""
    code = request.node.callspec.params["code"]
    if code == "line-too-long":
        monkeypatch.setattr(walk, "LONGEST", 2000)
    if code == "too-many-values":
        monkeypatch.setattr(check, "MOST", 5)
        monkeypatch.setattr(screen, "MOST", 5)


@pytest.mark.parametrize("code", [c for c, kind in PROBLEMS.items() if kind.phase not in ("worker", "record")])
def test_every_kind_of_problem_has_a_bad_file_that_shows_it(code: str, small: None) -> None:
    data = (UPLOADS / f"{code}.csv").read_bytes()
    contract = RELATED if code in OF_RELATED else CONTRACT
    found = inspected(data, contract, limit=300 if code == "file-too-large" else 2**27)
    kind = PROBLEMS[code]
    told = found.problems
    if kind.severity is Severity.NOTE:
        assert told == []
        told = found.tolerated
    assert (*SPOTS[code], code) in where(told)
    assert {p.code for p in told} <= {code} | MORE.get(code, set())
    assert {p.severity for p in told} == {kind.severity}
    if kind.severity is not Severity.ERROR:
        assert found.verdict == "clean"
    else:
        assert found.verdict == "screened" if kind.phase == "screen" else found.verdict in ("problems", "unreadable")


def test_every_kind_has_its_file_and_its_spot() -> None:
    alone = {code for code, kind in PROBLEMS.items() if kind.phase != "record"}  # found in the file alone
    assert set(SPOTS) == alone
    assert [code for code in alone if not (UPLOADS / f"{code}.csv").is_file()] == []
    assert len(PROBLEMS) >= 40


def test_the_good_file_is_clean_and_typed() -> None:
    with file_of(b"") as parquet:
        found = inspected((UPLOADS / "good.csv").read_bytes(), parquet=parquet)
        table = pq.read_table(parquet)
    assert (found.verdict, found.problems, found.tolerated, found.row_count) == ("clean", [], [], 2)
    assert table.column_names == ["row_number", *CONTRACT.header]
    first = table.to_pylist()[0]
    assert first["row_number"] == 2 and first["contacts"] == 120 and first["share"] == 0.5
    assert first["checked_on"].isoformat() == "2026-06-30" and first["note"] is None


def test_all_problems_come_at_once_shape_and_meaning() -> None:
    found = inspected(
        csv_of(row(contacts="12o"), "XAA,short", row(service="sheltr", contacts=""), row(note="ask a.b@example.org"))
    )
    assert where(found.problems) == [
        (2, "contacts", "not-a-number"),
        (3, None, "row-too-short"),
        (4, "contacts", "required-empty"),
        (4, "service", "unknown-code"),
        (5, None, "duplicate-key"),
        (5, "note", "cell-email"),
    ]


def test_of_a_row_that_nobody_filled_in_no_more_is_said() -> None:
    """Each column that is empty in it would be a problem, and a rule on what the template gave another one."""
    bare = ",".join(["XAA", "XAA-HEALTH", "police", "2026-Q3"] + [""] * 10)
    found = inspected(csv_of(row(), bare, row(service="shelter", contacts=""), bare.replace("police", "helpline")))
    assert where(found.problems) == [
        (3, None, "row-not-filled"),
        (4, "contacts", "required-empty"),
        (5, None, "row-not-filled"),
    ]
    many = [row(), *(bare.replace("2026-Q3", f"x{number}") for number in range(1200))]
    (only,) = [p for p in inspected(csv_of(*many)).problems if p.code == "row-not-filled"]
    assert (only.row, only.count, len(only.rows)) == (3, 1200, 1000)


def test_words_say_what_to_do() -> None:
    [number] = inspected(csv_of(row(contacts="12o"))).problems
    assert number.message == "Row 2, contacts: “12o” is not a number."
    assert number.fix == "Use digits only, for example 120. Did you mean 120?"
    [code] = inspected(csv_of(row(service="Helth"))).problems
    assert code.fix.endswith("Did you mean “health”?")
    [old] = inspected(csv_of(row(service="hotline"))).problems
    assert old.fix.endswith("Use “helpline” instead.")
    [twice] = inspected(csv_of(row(), row(contacts="5"))).problems
    assert twice.message == "Rows 2 and 3 are about the same thing: XAA; XAA-HEALTH; health; 2026-Q3."
    assert twice.rows == (2, 3)


@pytest.mark.parametrize(
    ("changes", "kept", "said"),
    [
        ({"service": "HEALTH"}, {"service": "health"}, "Row 2, service: “HEALTH” was read as “health”."),
        ({"languages": "khm; eng"}, {"languages": "eng|khm"}, "“khm; eng” was read as eng|khm."),
        ({"contacts": "120.0"}, {"contacts": 120}, "Row 2, contacts: “120.0” was read as 120."),
        ({"contacts": "១២០"}, {"contacts": 120}, "“១២០” was read as 120."),
        ({"line": "'+999 2 555 01"}, {"line": "+999 2 555 01"}, "the apostrophe at the beginning was left out"),
        ({"checked_on": "2026-06-30 00:00:00"}, {}, "was read as the day 2026-06-30."),
        ({"period": "2026-q3"}, {"period": "2026-Q3"}, "“2026-q3” was read as 2026-Q3."),
        ({"organisation_code": "xaa-health"}, {"organisation_code": "XAA-HEALTH"}, "was read as “XAA-HEALTH”."),
        ({"contacts": "007"}, {"contacts": 7}, ""),
        ({"note": "  two   words "}, {"note": "two   words"}, ""),
    ],
)
def test_what_is_meant_is_kept_and_said(changes: dict[str, str], kept: dict[str, Any], said: str) -> None:
    with file_of(b"") as parquet:
        found = inspected(csv_of(row(**changes)), parquet=parquet)
        assert found.problems == [] and found.verdict == "clean"
        stored = pq.read_table(parquet).to_pylist()[0]
    assert {key: stored[key] for key in kept} == kept
    assert [said in note.message for note in found.tolerated] == ([True] if said else [])


def test_a_tolerance_is_told_once_with_all_its_rows_and_never_of_persons() -> None:
    wrong = [row(), row(service="Shelter"), row(service=" HEALTH", contacts="1.0", period="2026-q3")]
    found = inspected(csv_of(*wrong))
    assert [(p.row, p.column, p.code, p.count, p.rows) for p in found.tolerated] == [
        (3, "service", "code-spelt", 2, (3, 4)),
        (4, "period", "quarter-spelt", 1, ()),
        (4, "contacts", "round-number", 1, ()),
    ]
    assert "“Shelter” was read as “shelter”. In 2 rows in all; the first are 3, 4." in found.tolerated[0].message
    found = inspected(csv_of(*wrong, row(service="helpline", note="ask a.b@example.org"), header=HEADER.upper()))
    assert found.verdict == "screened"
    assert [p.code for p in found.tolerated] == ["header-spelt"], "no cell is quoted"


@pytest.mark.parametrize(
    ("cell", "kind", "expected"),
    [
        ("5.7", "integer", "not-whole"),
        ("1e309", "integer", "number-scientific"),
        ("inf", "number", "not-a-number"),
        ("0x10", "integer", "not-a-number"),
        ("1.234", "integer", "thousands-separator"),
        ("1 234", "integer", "thousands-separator"),
        ("1.234,00", "integer", "thousands-separator"),
        ("1.234,5", "integer", "not-whole"),
        ("1.234,5", "number", "thousands-separator"),
        ("½", "integer", "not-a-number"),
        ("--5", "integer", "not-a-number"),
        ("12,5", "integer", "not-whole"),
        ("3,14", "number", "decimal-comma"),
        ("31/12", "integer", "not-a-number"),
        ("2026-02-30", "date", "not-a-date"),
        ("0000-01-01", "date", "not-a-date"),
        ("2026-Q5", "period", "not-a-period"),
        ("=1+1", "string", "formula-cell"),
        ("@SUM(A1)", "string", "formula-cell"),
        ("+cmd|' /C'!A0", "string", "formula-cell"),
        ("-A1", "integer", "formula-cell"),
        ("#N/A", "string", "spreadsheet-error"),
        ("####", "integer", "spreadsheet-error"),
    ],
)
def test_a_cell_that_is_wrong(cell: str, kind: str, expected: str) -> None:
    column = Field("x", "X", "", kind, "#x")
    found = cells.judge(cell, column, None)
    assert isinstance(found, Fault) and found.code == expected


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("-5", "integer"), ("-1.5", "number"), ("- see the note", "string"), ("+999 2", "string"), ("2024-02-29", "date")],
)
def test_a_cell_that_is_right(cell: str, kind: str) -> None:
    assert cells.judge(cell, Field("x", "X", "", kind, "#x"), None) == Fine(cell)


def test_codes_that_differ_in_capitals_only_stay_apart() -> None:
    codes = Codes("x", [{"code": "a", "title": "A"}, {"code": "A", "title": "B"}, {"code": "b-c", "title": "C"}])
    assert codes.judge("A") == Fine("A") and codes.judge("B_C") == Fine("b-c", "code-spelt")
    found = Codes("x", [{"code": "ab", "title": ""}, {"code": "AB", "title": ""}]).judge("Ab")
    assert isinstance(found, Fault)


def test_a_thousand_rows_of_one_cause_stand_alone_and_more_are_grouped() -> None:
    rows = [row(contacts=str(i + 2), share="0,5") for i in range(1500)]
    found = inspected(csv_of(*rows)).problems
    [comma] = [p for p in found if p.code == "decimal-comma"]
    assert (comma.row, comma.count, comma.rows[:3], len(comma.rows)) == (2, 1500, (2, 3, 4), 1000)
    assert "In 1,500 rows in all; the first are 2, 3, 4" in comma.message
    twice = [p for p in found if p.code == "duplicate-key"]
    assert len(twice) == 1001 and twice[0].rows == (2, 3)
    assert sum(p.count for p in twice) == 1499


def test_many_different_wrong_cells_are_counted_in_full() -> None:
    rows = [row(contacts=str(i + 2), share=f"{i % 700},5") for i in range(2100)]
    commas = [p for p in inspected(csv_of(*rows)).problems if p.code == "decimal-comma"]
    assert len(commas) == check.GROUPS + 1 and sum(p.count for p in commas) == 2100


def test_a_row_of_totals_brings_no_other_problem() -> None:
    found = inspected((UPLOADS / "total-row.csv").read_bytes())
    assert where(found.problems) == [(4, "country", "total-row")]


def test_organisations_are_not_checked_when_nobody_knows_them() -> None:
    data = csv_of(row(partner_code="NOBODY-KNOWS", organisation_code="XAA-OTHER"))
    outcome = worker.check_file(data, request(organisations=None, organisation_code="", country=None))
    assert outcome.verdict == "clean"


def test_a_rule_sees_each_code_of_a_cell() -> None:
    assert LISTS["languages"]
    found = inspected(csv_of(row(firewall="Yes", evidence="")))
    assert where(found.problems) == [(2, "evidence", "evidence-missing")]
