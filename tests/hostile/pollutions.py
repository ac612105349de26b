"""Fifty-odd ways in which a good file goes wrong on its way through offices, and the verdict that each must get.

Never a test itself: a pollution takes a sheet and gives bytes, and says whether these are still the same figures
("clean") or which problem must be named.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dashboard.reference.contracts import Contract, Field

CLEAN = frozenset({"clean"})
ROW = 2  # which of the sheet's rows is polluted, counted from 0, where there are so many; row 4 of the spreadsheet


@dataclass(frozen=True)
class Sheet:
    """A good file as its cells, and what its columns are."""

    contract: Contract
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def place(self, name: str) -> int:
        return self.header.index(name)

    def _first(self, *wanted: Callable[[Field], bool]) -> Field | None:
        fields = [self.contract.field(name) for name in self.header]
        return next((field for want in wanted for field in fields if want(field)), None)

    @cached_property
    def measured(self) -> Field:
        """The column of figures: a number that is filled in, else a date, else one whose codes are on a list."""

        def filled(field: Field) -> bool:
            return bool(self.rows[self.at][self.place(field.name)])

        found = self._first(
            lambda f: f.type in ("integer", "number") and f.required and filled(f),
            lambda f: f.type in ("integer", "number") and filled(f),
            lambda f: f.type == "date" and filled(f),
            lambda f: f.type == "code" and f.required and f.name != "country" and f.codes != "organisations",
        )
        assert found is not None
        return found

    @property
    def counts(self) -> bool:
        return self.measured.type in ("integer", "number")

    @cached_property
    def words(self) -> Field:
        """A column of words, else an optional one whose codes are on a list."""
        found = self._first(
            lambda f: (
                f.type == "string" and not f.codes and not f.pattern and not f.own and f.name not in self.contract.key
            ),
            lambda f: f.type == "code" and not f.required,
        )
        assert found is not None
        return found

    @property
    def says(self) -> bool:
        """Whether there is a column of words at all."""
        return self.words.type == "string"

    @property
    def at(self) -> int:
        """Which row is polluted, counted from 0: ROW, or the last of fewer."""
        return min(ROW, len(self.rows) - 1)

    def put(self, field: Field, value: str, row: int | None = None) -> Sheet:
        row = self.at if row is None else row
        cells = list(self.rows[row])
        cells[self.place(field.name)] = value
        return replace(self, rows=(*self.rows[:row], tuple(cells), *self.rows[row + 1 :]))

    def figure(self, value: str) -> Sheet:
        return self.put(self.measured, value)

    def amount(self) -> str:
        return self.rows[self.at][self.place(self.measured.name)]

    def without(self, name: str) -> Sheet:
        at = self.place(name)
        return Sheet(
            self.contract,
            tuple(n for i, n in enumerate(self.header) if i != at),
            tuple(tuple(c for i, c in enumerate(row) if i != at) for row in self.rows),
        )

    def text(
        self,
        delimiter: str = ",",
        end: str = "\r\n",
        quoting: int = csv.QUOTE_MINIMAL,
        header: Sequence[str] | None = None,
    ) -> str:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
        writer.writerow(header or self.header)
        writer.writerows(self.rows)
        return out.getvalue()

    def lines(self) -> list[str]:
        return self.text(end="\n").splitlines()


Expect = Callable[[Sheet], frozenset[str]]


@dataclass(frozen=True)
class Pollution:
    """What is done to a sheet, and which of these codes must be among the problems; "clean" for the same figures."""

    make: Callable[[Sheet], bytes]
    expect: Expect


def _is(*codes: str) -> Expect:
    return lambda sheet: frozenset(codes)


def _number(*codes: str) -> Expect:
    """In a column of numbers one of these; a date or a code says in its own way that it is none."""

    def expect(sheet: Sheet) -> frozenset[str]:
        if sheet.counts:
            return frozenset(codes)
        return frozenset({"not-a-date"} if sheet.measured.type == "date" else {"unknown-code", "not-your-action"})

    return expect


def _words(sheet: Sheet) -> frozenset[str]:
    """Words are taken where words belong; a list knows its own codes only."""
    return CLEAN if sheet.says else frozenset({"unknown-code"})


def _utf8(text: str) -> bytes:
    return text.encode()


def _with_lines(change: Callable[[list[str]], list[str]]) -> Callable[[Sheet], bytes]:
    return lambda sheet: ("\n".join(change(sheet.lines())) + "\n").encode()


def _figure(value: str) -> Callable[[Sheet], bytes]:
    return lambda sheet: _utf8(sheet.figure(value).text())


def _same_figure(change: Callable[[str], str]) -> Callable[[Sheet], bytes]:
    return lambda sheet: _utf8(sheet.figure(change(sheet.amount())).text())


def _word(value: str) -> Callable[[Sheet], bytes]:
    return lambda sheet: _utf8(sheet.put(sheet.words, value).text())


def _digits(zero: int) -> Callable[[str], str]:
    return lambda amount: "".join(chr(zero + int(c)) if c.isdigit() and c.isascii() else c for c in amount)


def _ended(amount: str) -> str:
    return f"{amount}.0" if amount.isdigit() else amount


def _zipped(sheet: Sheet) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("xl/workbook.xml", sheet.text())
    return out.getvalue()


def _total_row(sheet: Sheet) -> bytes:
    cells = ["" for _name in sheet.header]
    cells[0] = "Total"
    if sheet.counts:
        cells[sheet.place(sheet.measured.name)] = "999"
    return _utf8(replace(sheet, rows=(*sheet.rows, tuple(cells))).text())


def _foot_note(sheet: Sheet) -> bytes:
    cells = ["Source: our own records", *("" for _name in sheet.header[1:])]
    return _utf8(replace(sheet, rows=(*sheet.rows, tuple(cells))).text())


def _mixed_ends(sheet: Sheet) -> bytes:
    ends = ("\r\n", "\n", "\r")
    return "".join(line + ends[n % 3] for n, line in enumerate(sheet.lines())).encode()


def _merged_header(sheet: Sheet) -> bytes:
    """What is left of a heading that spans the columns, with the real header in the second row."""
    return _utf8("Quarterly report" + "," * (len(sheet.header) - 1) + "\n" + sheet.text(end="\n"))


def _one_cell_header(sheet: Sheet) -> bytes:
    first, rest = sheet.text(end="\n").split("\n", 1)
    return _utf8(f'"{first}"\n{rest}')


def _cut_letter(sheet: Sheet) -> bytes:
    """The transfer ended in the middle of a letter."""
    return sheet.put(sheet.words, "ภาษาไทย").text().encode().rstrip() + "ก".encode()[:2]


def _cut_row(sheet: Sheet) -> bytes:
    """The transfer ended after the third cell of the last row."""
    first = ",".join(sheet.rows[-1][:3])
    return _utf8(replace(sheet, rows=sheet.rows[:-1]).text() + first)


def _negative(sheet: Sheet) -> bytes:
    """Some figures may be below nothing; twice below it none is."""
    return _utf8(sheet.figure("-5" if sheet.measured.minimum == 0 else "--5").text())


def _cell_with_zero(sheet: Sheet) -> bytes:
    return sheet.figure("1\0").text().encode()


def _broken_quote(sheet: Sheet) -> bytes:
    return _with_lines(lambda lines: [*lines[:-1], '"' + lines[-1]])(sheet)


def _other_office(sheet: Sheet) -> bytes:
    own = next(field for field in sheet.contract.fields if field.own or field.defines)
    return _utf8(sheet.put(own, "XZZ-NOBODY").text())


def _person(sheet: Sheet) -> bytes:
    return ("\n".join(line + (",survivor_name" if n == 0 else ",x") for n, line in enumerate(sheet.lines()))).encode()


def _old_code_page(sheet: Sheet) -> bytes:
    return (sheet.put(sheet.words, "café à côté") if sheet.says else sheet).text().encode("cp1252")


POLLUTIONS: dict[str, Pollution] = {
    # The same figures in another dress.
    "byte order mark": Pollution(lambda s: codecs.BOM_UTF8 + _utf8(s.text()), _is("clean")),
    "UTF-16, little end first": Pollution(lambda s: codecs.BOM_UTF16_LE + s.text().encode("utf-16-le"), _is("clean")),
    "UTF-16, big end first": Pollution(lambda s: codecs.BOM_UTF16_BE + s.text().encode("utf-16-be"), _is("clean")),
    "windows-1252": Pollution(_old_code_page, _is("clean")),
    "semicolons": Pollution(lambda s: _utf8(s.text(";")), _is("clean")),
    "tabs": Pollution(lambda s: _utf8(s.text("\t")), _is("clean")),
    "upright strokes": Pollution(lambda s: _utf8(s.text("|")), _is("clean")),
    "a line that names the separator": Pollution(lambda s: _utf8("sep=;\r\n" + s.text(";")), _is("clean")),
    "line ends of Unix": Pollution(lambda s: _utf8(s.text(end="\n")), _is("clean")),
    "line ends of an old Macintosh": Pollution(lambda s: _utf8(s.text(end="\r")), _is("clean")),
    "mixed line ends": Pollution(_mixed_ends, _is("clean")),
    "every cell in quotation marks": Pollution(lambda s: _utf8(s.text(quoting=csv.QUOTE_ALL)), _is("clean")),
    "no end of the last line": Pollution(lambda s: _utf8(s.text().rstrip()), _is("clean")),
    "blank rows below": Pollution(lambda s: _utf8(s.text()) + b"\r\n" * 20, _is("clean")),
    "blank rows above": Pollution(lambda s: b"\r\n\r\n" + _utf8(s.text()), _is("clean")),
    "a blank row between": Pollution(_with_lines(lambda ls: [*ls[:2], "", *ls[2:]]), _is("clean")),
    "rows of separators below": Pollution(
        lambda s: _utf8(s.text(end="\n") + ("," * (len(s.header) - 1) + "\n") * 5), _is("clean")
    ),
    "empty columns to the right": Pollution(_with_lines(lambda ls: [line + ",,," for line in ls]), _is("clean")),
    "the row of HXL hashtags": Pollution(
        lambda s: _utf8(replace(s, rows=(tuple(s.contract.field(name).hxl for name in s.header), *s.rows)).text()),
        _is("clean"),
    ),
    "spaces around the cells": Pollution(
        lambda s: _utf8(replace(s, rows=tuple(tuple(f"  {c} " for c in row) for row in s.rows)).text()), _is("clean")
    ),
    "hard spaces around the cells": Pollution(
        lambda s: _utf8(replace(s, rows=tuple(tuple(f"\u00a0{c}\u00a0" for c in row) for row in s.rows)).text()),
        _is("clean"),
    ),
    "spaces that cannot be seen": Pollution(_same_figure(lambda amount: f"\u200b{amount}\ufeff"), _is("clean")),
    "columns in another order": Pollution(
        lambda s: _utf8(
            Sheet(s.contract, tuple(reversed(s.header)), tuple(tuple(reversed(row)) for row in s.rows)).text()
        ),
        _is("clean"),
    ),
    "a header in capitals": Pollution(
        lambda s: _utf8(s.text(header=[name.upper().replace("_", " ") for name in s.header])), _is("clean")
    ),
    "codes in small letters": Pollution(
        lambda s: _utf8(
            replace(
                s, rows=tuple((*row[:i], row[i].lower(), *row[i + 1 :]) for row in s.rows for i in [s.place("country")])
            ).text()
        ),
        _is("clean"),
    ),
    "Thai digits": Pollution(_same_figure(_digits(0x0E50)), _number("clean")),
    "Arabic digits": Pollution(_same_figure(_digits(0x0660)), _number("clean")),
    "Khmer digits": Pollution(_same_figure(_digits(0x17E0)), _number("clean")),
    "whole numbers with a point": Pollution(_same_figure(_ended), _is("clean")),
    "words in Thai": Pollution(_word("บริการภาษาไทย"), _words),
    "words in Khmer": Pollution(_word("សេវាកម្ម\u200bភាសាខ្មែរ"), _words),
    "words in Burmese": Pollution(_word("မြန်မာဘာသာ"), _words),
    "words in Lao": Pollution(_word("ພາສາລາວ"), _words),
    # Nothing that anybody could read.
    "nothing at all": Pollution(lambda s: b"", _is("file-empty")),
    "a workbook": Pollution(_zipped, _is("file-not-csv")),
    "a page of the web": Pollution(
        lambda s: b"<html><table><tr><td>" + _utf8(s.text()) + b"</td></tr></table></html>", _is("file-not-csv")
    ),
    "a zero byte": Pollution(_cell_with_zero, _is("file-damaged")),
    "a letter cut in two": Pollution(_cut_letter, _is("file-encoding")),
    "a line of 10 MB": Pollution(_with_lines(lambda ls: [*ls[:3], "x" * 10_000_000]), _is("line-too-long")),
    # The shape is wrong.
    "the header only": Pollution(_with_lines(lambda ls: ls[:1]), _is("no-rows")),
    "no header": Pollution(_with_lines(lambda ls: ls[1:]), _is("header-missing")),
    "a merged header above": Pollution(_merged_header, _is("header-not-first")),
    "a header in one cell": Pollution(_one_cell_header, _is("header-missing")),
    "a column twice": Pollution(
        _with_lines(lambda ls: [line + "," + line.split(",")[0] for line in ls]), _is("column-duplicate")
    ),
    "a column that nobody asked for": Pollution(
        _with_lines(lambda ls: [ls[0] + ",remarks", *[line + "," for line in ls[1:]]]), _is("column-unknown")
    ),
    "a column of persons": Pollution(_person, _is("column-personal")),
    "a column missing": Pollution(lambda s: _utf8(s.without(s.measured.name).text()), _is("column-missing")),
    "a cell missing": Pollution(_with_lines(lambda ls: [*ls[:-1], ls[-1].split(",", 1)[1]]), _is("row-too-short")),
    "a cell too many": Pollution(_with_lines(lambda ls: [*ls[:-1], ls[-1] + ",x"]), _is("row-too-long")),
    "a quotation mark left open": Pollution(_broken_quote, _is("quote-unclosed")),
    "cut off in the middle of a row": Pollution(_cut_row, _is("row-too-short")),
    # The cells are wrong.
    "a row of totals": Pollution(_total_row, _is("total-row")),
    "a note below the table": Pollution(_foot_note, _is("unknown-code")),
    "a row twice": Pollution(_with_lines(lambda ls: [*ls, ls[1]]), _is("duplicate-key")),
    "another office": Pollution(_other_office, _is("other-organisation", "other-country-code")),
    "thousands apart": Pollution(_figure("1,234"), _number("thousands-separator")),
    "a decimal comma": Pollution(_figure("12,5"), _number("decimal-comma", "not-whole")),
    "a date where a figure belongs": Pollution(_figure("12-Jan"), _number("number-became-date")),
    "a number beyond all": Pollution(_figure("1e309"), _number("number-scientific")),
    "no number at all": Pollution(_figure("NaN"), _is("placeholder")),
    "a letter for a digit": Pollution(_figure("12o"), _number("not-a-number", "not-whole")),
    "below nothing": Pollution(_negative, _number("negative", "not-a-number", "not-whole")),
    "a formula": Pollution(_figure("=SUM(A1:A9)"), _is("formula-cell")),
    "an error of the spreadsheet": Pollution(_figure("#REF!"), _is("spreadsheet-error")),
    "not available": Pollution(_figure("n/a"), _is("placeholder")),
}
