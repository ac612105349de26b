"""Reading: encodings, separators, headers, and the row numbers that a spreadsheet shows."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pyarrow.parquet as pq
import pytest

from dashboard.intake import walk
from dashboard.intake.decode import decode
from dashboard.intake.problems import Problem
from dashboard.intake.read import TextTable, read
from intake_world import CONTRACT, GOOD, HEADER, csv_of, file_of, inspected, open_descriptors, row, where

PLAIN = csv_of(GOOD, row(service="shelter", note="Café Straße"))
TEXT = PLAIN.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (PLAIN, ""),
        (b"\xef\xbb\xbf" + PLAIN, ""),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("cp1252"), "Windows-1252"),
        (TEXT.replace("\n", "\r\n").encode(), ""),
        (TEXT.replace("\n", "\r").encode(), ""),
        (TEXT.replace("\n", "\r\n", 1).encode(), "in different ways"),
        (TEXT.replace(",", ";").encode(), "semicolons"),
        (TEXT.replace(",", "\t").encode(), "tabs"),
        (b"sep=;\r\n" + TEXT.replace(",", ";").encode(), "semicolons"),
        (b"\n\n" + PLAIN, "above the header"),
        (b",,,\n" + PLAIN, "above the header"),
        (PLAIN + b"\n\n\n" + b"," * 13 + b"\n", ""),
        (TEXT.replace("service,", "Service ,").replace("organisation_code", "Organisation Code").encode(), "capitals"),
        (TEXT.replace("\n", "\n#country+code,#org,#service,#period,#reached,,,,,,,,,\n", 1).encode(), "HXL"),
        (TEXT.replace("shelter", "\u00a0shelter\u00a0").encode(), "Non-breaking"),
        (TEXT.replace("Straße", "Stra\u202eße").encode(), "cannot be seen"),
        (TEXT.replace("\n", ",,\n").encode(), ""),
        (PLAIN[:-1], ""),
    ],
)
def test_a_file_as_people_save_it_is_read_and_the_tolerance_said(data: bytes, said: str) -> None:
    found = inspected(data)
    assert found.problems == [] and (found.verdict, found.row_count) == ("clean", 2)
    assert any(said in note.message for note in found.tolerated) if said else True
    if data == PLAIN:
        assert found.tolerated == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # A blank line is a row; so is one of separators only; a line break in quotation marks is none.
        ([GOOD, "", row(service="sheltr")], 4),
        ([GOOD, "," * 13, row(service="sheltr")], 4),
        ([GOOD, "", "", "", row(service="sheltr")], 6),
        ([row(note="one\ntwo\nthree"), row(service="sheltr")], 3),
        ([row(note="one\n\n\ntwo"), row(service="sheltr")], 3),
        ([row(note="one\n\n\ntwo"), "", row(service="sheltr")], 4),
        (["", row(note='say ""so""'), row(service="sheltr")], 4),
        (["", "#country,#org,#service", "", row(service="sheltr")], 5),
        (["   ", row(service="sheltr")], 3),
    ],
)
def test_rows_are_counted_as_the_spreadsheet_does(lines: list[str], expected: int) -> None:
    assert where(inspected(csv_of(*lines)).problems) == [(expected, "service", "unknown-code")]
    shifted = inspected(b"\r\n\r\n" + csv_of(*lines).replace(b"\n", b"\r\n"))
    assert where(shifted.problems) == [(expected + 2, "service", "unknown-code")]


def test_blank_lines_inside_a_cell_are_kept_as_they_are() -> None:
    with file_of(b"") as parquet:
        found = inspected(csv_of(row(note="one\n\n\ntwo"), "", row(service="shelter")), parquet=parquet)
        stored = pq.read_table(parquet).to_pylist()
    assert found.verdict == "clean"
    assert [(r["row_number"], r["note"]) for r in stored] == [(2, "one\n\n\ntwo"), (4, None)]


def test_blank_lines_over_the_edge_of_a_block_keep_their_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    filler = row(note="n" * 200)
    lines = [filler if i % 3 else "" for i in range(60_000)] + [row(service="sheltr")]
    found = inspected(csv_of(*lines)).problems
    assert [p.row for p in found if p.code == "unknown-code"] == [60_002]


def zipped(*names: str) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "what", "how"),
    [
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "Excel workbook", "CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old Excel", "CSV UTF-8"),
        (zipped("mimetype") + b"application/vnd.oasis.opendocument.spreadsheet", "OpenDocument", "LibreOffice"),
        (zipped("word/document.xml"), "Word", "template"),
        (zipped("data.csv"), "packed", "Unpack"),
        (b"\x1f\x8b\x08" + b"\0" * 50, "packed", "Unpack"),
        (b"%PDF-1.7\n", "PDF", "template"),
        (b"\x89PNG\r\n\x1a\n", "image", "template"),
        (b"\xff\xd8\xff\xe0", "image", "template"),
        (b"<!DOCTYPE html><html><table>", "HTML", "Excel"),
        (b"  \n<TABLE border=1>", "HTML", "Excel"),
        (b"<?xml version='1.0'?><Workbook>", "XML", "Excel"),
        (b'{"country": "XAA"}', "JSON", "Export"),
        (b'[{"country": "XAA"}]', "JSON", "Export"),
        (b"PAR1\x15\x04", "Parquet", "Export"),
        (b"SQLite format 3\x00", "database", "Export"),
        (b"{\\rtf1\\ansi", "RTF", "template"),
        (b"\x7fELF\x02", "program", "template"),
    ],
)
def test_another_format_is_named_and_the_way_to_csv(data: bytes, what: str, how: str) -> None:
    [found] = inspected(data).problems
    assert found.code == "file-not-csv" and what in found.message and how in found.fix


def test_a_wrong_column_name_says_which_was_meant() -> None:
    found = inspected(csv_of(GOOD, header=HEADER.replace("contacts", "contact_number")))
    missing, unknown = found.problems
    assert (missing.column, unknown.column) == ("contacts", "contact_number") or missing.code == "column-personal"
    found = inspected(csv_of(GOOD, header=HEADER.replace("languages", "langauges")))
    said = {p.code: p.fix for p in found.problems}
    assert "“langauges”" in said["column-missing"] and "“languages”" in said["column-unknown"]


def test_columns_may_stand_in_any_order() -> None:
    cells = list(zip(HEADER.split(","), GOOD.split(","), strict=True))[::-1]
    data = csv_of(",".join(c for _h, c in cells), header=",".join(h for h, _c in cells))
    assert inspected(data).verdict == "clean"


def test_an_unclosed_quotation_mark_names_its_row_and_the_rest_is_still_read() -> None:
    lines = [GOOD, GOOD.replace("Circular 12", '"Circular 12'), *[row(service="sheltr")] * 3]
    found = inspected(csv_of(*lines))
    assert where(found.problems)[0] == (3, None, "quote-unclosed")
    assert [p.row for p in found.problems if p.code == "unknown-code"] == [4, 5, 6]


def test_every_uneven_row_is_named() -> None:
    found = inspected(csv_of("a,b", GOOD, GOOD + ",c", "x"))
    assert where(found.problems) == [(2, None, "row-too-short"), (4, None, "row-too-long"), (5, None, "row-too-short")]


def test_a_line_over_the_limit_is_refused_with_its_row() -> None:
    [found] = inspected(csv_of(GOOD, row(service="shelter", note="x" * 10_000_000))).problems
    assert (found.code, found.row) == ("line-too-long", 3)
    [found] = inspected(b"x" * 3_000_000).problems
    assert (found.code, found.row) == ("line-too-long", 1)


def test_a_long_cell_of_many_lines_is_refused_with_its_row() -> None:
    data = csv_of(GOOD, row(service="shelter", note="\n".join(["x" * 100] * 30_000)))
    found = inspected(data).problems
    assert (3, None) in {(p.row, p.column) for p in found}
    assert {p.code for p in found if p.row == 3} & {"quote-unclosed", "line-too-long"}


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_a_title_above_the_header_is_refused_with_a_row(rows: int) -> None:
    data = b"Coverage report,,\n" + b"\n" * rows + csv_of(GOOD)
    assert where(inspected(data).problems) == [(rows + 2, None, "header-not-first")]


def test_utf_8_that_breaks_off_is_not_taken_for_another_encoding() -> None:
    data = csv_of(row(note="ភាសាខ្មែរ"), row(service="shelter", note="ភាសា"))[:-2] + b"\n"
    assert where(inspected(data).problems) == [(3, None, "file-encoding")]


def test_bytes_of_no_encoding_name_their_row() -> None:
    assert where(inspected(csv_of(GOOD) + b"\x81\x8d,a\n").problems) == [(3, None, "file-encoding")]


def test_a_letter_over_the_edge_of_a_block_is_whole() -> None:
    for shift in range(4):
        text = ("a" * shift + "ក" * 1_500_000).encode()
        with file_of(text) as source:
            found = decode(source)
            assert not isinstance(found, Problem)
            found.file.seek(0)
            assert found.file.read() == text
            found.file.close()


def test_nothing_stays_open() -> None:
    before = open_descriptors()
    for data in (PLAIN, b"", b"%PDF", b"x", csv_of("a"), csv_of(GOOD, '"open')):
        inspected(data)
    assert open_descriptors() == before


def test_the_table_says_where_its_records_begin() -> None:
    with file_of(b"\n" + csv_of(GOOD)) as source:
        table = read(source, CONTRACT.header)
        assert isinstance(table, TextTable)
        assert (table.header.row, table.first_row, table.width, table.even) == (2, 3, 14, True)
        table.body.close()
        table.whole.close()


def test_records_take_back_what_an_open_quotation_mark_swallowed() -> None:
    with file_of(b'a,"b\nc,d\n"e",f\n') as source:
        source.seek(0)
        found = [(r.row, r.cells, r.problem.code if r.problem else "") for r in walk.records(source, ",")]
    assert found == [(1, ["a", '"b'], "quote-unclosed"), (2, ["c", "d"], ""), (3, ["e", "f"], "")]
