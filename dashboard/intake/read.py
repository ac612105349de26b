"""Read a CSV file as its makers meant it: encoding, separator, header, row numbers. Never judges what cells mean."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from dashboard.intake import beside, formats, walk
from dashboard.intake.decode import decode, memory_file, reopened
from dashboard.intake.header import Header, is_hxl, match
from dashboard.intake.problems import Problem, problem
from dashboard.reference.text import N_, _

DELIMITERS = (",", ";", "\t", "|")
_DELIMITER_NAMES = {";": N_("semicolons"), "\t": N_("tabs"), "|": N_("upright strokes")}
LOOK = 25
"""How many rows from the top may come before the header."""
WIDEST = 500
_SCORED = 10 * WIDEST
"""How many cells of a row are compared with the names of columns."""
_LOOKED = 1 << 18
Explains = Callable[[Sequence[str | None], Sequence[str]], bool]
"""Whether a row only explains the columns: given the contract's column of each cell, and the cells."""
BLANK = " \t\n\u200b"
"""What is no part of a cell at its ends; a zero-width space inside one is a letter in Thai, Khmer and Burmese."""


@dataclass
class TextTable:
    """A file whose shape is known: clean records in `body` (no header), the first of which is row `first_row`.

    `skip` lines of `body` come before them. `whole` is the clean file with all its rows. `even` says whether DuckDB
    may read `body` as it is; if not, or if it refuses, `mended` makes one that it can read.
    """

    header: Header
    delimiter: str
    whole: BinaryIO
    body: BinaryIO
    first_row: int
    even: bool
    skip: int = 0
    problems: list[Problem] = field(default_factory=list)
    tolerated: list[Problem] = field(default_factory=list)
    _start: int = 0

    @property
    def width(self) -> int:
        return len(self.header.cells)

    def mended(self) -> None:
        """Walk the file, keep its even records and add a problem for each of the others."""
        self.body.close()
        self.body = memory_file("body")
        self.whole.seek(self._start)
        self.problems += walk.mend(self.whole, self.body, self.delimiter, self.first_row, self.width)
        self.even, self.skip = True, 0


def read(
    source: BinaryIO, columns: Sequence[str], limit: int = 100 * 2**20, explains: Explains | None = None
) -> TextTable | list[Problem]:
    """Read `source` (a file in memory) for a contract with these columns. A list: the file cannot be read at all.

    A row below the header (and the HXL row) that `explains` tells is left out.
    Row numbers are those a spreadsheet shows: blank lines count, a line break in quotation marks does not.
    """
    size = source.seek(0, os.SEEK_END)
    if size > limit:
        return [problem("file-too-large", size=f"{size / 2**20:.1f}", limit=f"{limit / 2**20:.0f}")]
    source.seek(0)
    head = source.read(8192)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        rest = source.read(1 << 20)
        if not rest.strip(b" \t\r\n\x00"):
            return [problem("file-empty")]
    if wrong := formats.recognise(head):
        return [wrong]
    text = decode(source)
    if isinstance(text, Problem):
        return [text]
    table: TextTable | list[Problem] = []
    try:
        _end_with_line(text.file)
        too_long = _too_long(text.file)
        table = [too_long] if too_long else _table(text.file, columns, text.tolerated, explains)
    finally:
        if isinstance(table, list):
            text.file.close()
    return table


def _end_with_line(file: BinaryIO) -> None:
    size = file.seek(0, os.SEEK_END)
    if size:
        file.seek(size - 1)
        if file.read(1) != b"\n":
            file.write(b"\n")
            file.flush()


def _too_long(file: BinaryIO) -> Problem | None:
    """The first line over the limit. Steps from line end to line end as far as the limit reaches."""
    size = file.seek(0, os.SEEK_END)
    if size <= walk.LONGEST:
        return None
    with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as view:
        place = 0
        while size - place > walk.LONGEST:
            end = view.rfind(b"\n", place, place + walk.LONGEST)
            if end < 0:
                stop = view.find(b"\n", place)
                row = 1
                for start in range(0, place, 1 << 24):
                    row += view[start : min(place, start + (1 << 24))].count(b"\n")
                return problem("line-too-long", row=row, size=(size if stop < 0 else stop) - place, limit=walk.LONGEST)
            place = end + 1
    return None


def _table(
    file: BinaryIO, columns: Sequence[str], tolerated: list[Problem], explains: Explains | None
) -> TextTable | list[Problem]:
    file.seek(0)
    first = file.readline(64)
    hint = first.decode(errors="replace").strip().casefold()
    told, start = "", 0
    if hint.startswith("sep=") and len(hint) == 5 and hint[4] in DELIMITERS or hint == "sep=":
        # Excel hides this line, so it is no row there.
        told, start = (first.decode()[4:5] if hint != "sep=" else "\t"), len(first)
    best = _find_header(file, start, columns, told)
    if best is None:
        missing = problem("header-missing", row=_first_filled(file, start), header=",".join(columns))
        return [missing, *beside.instead(file, start, (told,) if told else DELIMITERS, len(columns))]
    record, delimiter, above = best
    filled = max((place for place, cell in enumerate(record.cells, start=1) if cell.strip()), default=0)
    if filled > WIDEST:
        return [problem("too-many-columns", row=record.row, cells=filled, limit=WIDEST)]
    header = match(record.row, record.cells[:WIDEST], columns)
    found: list[Problem] = []
    if above:
        found += [*beside.above(file, start, delimiter, header.row), problem("header-not-first", row=header.row)]
    elif header.row > 1:
        tolerated.append(problem("blank-above"))
    if delimiter in _DELIMITER_NAMES:
        tolerated.append(problem("other-separator", what=_(_DELIMITER_NAMES[delimiter])))
    if header.spelt:
        tolerated.append(problem("header-spelt", row=header.row))
    offset, row = _after(file, start, delimiter, header.row)
    row, offset, hxl = _skip(file, offset, row, delimiter, is_hxl)
    if hxl:
        tolerated.append(problem("tags-row", row=row - 1))
    if explains is not None:
        row, offset, explained = _skip(file, offset, row, delimiter, lambda cells: explains(header.names, cells))
        if explained:
            tolerated.append(problem("explained-row", row=row - 1))
    if (skip := _lines_above(file, offset)) is not None:
        return TextTable(header, delimiter, file, reopened(file), row, True, skip, found, tolerated, offset)
    body, even, gaps = _body(file, offset, delimiter, len(header.cells))
    if gaps:
        tolerated.append(problem("blank-rows"))
    return TextTable(header, delimiter, file, body, row, even, 0, found, tolerated, offset)


def _find_header(
    file: BinaryIO,
    start: int,
    columns: Sequence[str],
    told: str,
) -> tuple[walk.Record, str, bool] | None:
    """The row and separator that give most of the contract's columns, and whether something is filled above it."""
    best: tuple[int, walk.Record, str, bool] | None = None
    for delimiter in (told,) if told else DELIMITERS:
        file.seek(start)
        filled = False
        for record in walk.records(file, delimiter):
            if record.row > LOOK or record.row > 1 and record.problem:
                break
            header = match(record.row, record.cells[:_SCORED], columns)
            score = len({name for name in header.names if name})
            if score and (best is None or score > best[0]):
                best = score, record, delimiter, filled
            filled = filled or any(cell.strip() for cell in record.cells)
    return best[1:] if best else None


def _first_filled(file: BinaryIO, start: int) -> int:
    file.seek(start)
    for number, line in enumerate(iter(lambda: file.readline(walk.LONGEST + 1), b""), start=1):
        if line.strip():
            return number
    return 1


def _after(file: BinaryIO, start: int, delimiter: str, row: int) -> tuple[int, int]:
    """Where the record after `row` begins (a byte offset), and its row."""
    file.seek(start)
    for record in walk.records(file, delimiter):
        if record.row == row:
            break
    return file.tell(), row + 1


def _skip(
    file: BinaryIO, offset: int, row: int, delimiter: str, known: Callable[[Sequence[str]], bool]
) -> tuple[int, int, bool]:
    """The row and offset after the first filled row where that is `known` to hold no data, and whether it is."""
    file.seek(offset)
    for record in walk.records(file, delimiter, row):
        if record.problem or record.row > row + LOOK:
            break
        if known(record.cells):
            return record.row + 1, file.tell(), True
        if any(cell.strip() for cell in record.cells):
            break
    return row, offset, False


def _lines_above(file: BinaryIO, offset: int) -> int | None:
    """How many lines come before `offset`, where DuckDB may read the rest of the file as it is: no blank line in it."""
    if offset == file.seek(0, os.SEEK_END):
        return None
    file.seek(0)
    above = file.read(offset)
    if b'"' in above or b"\n\n" in b"\n" + above or not all(line.strip() for line in above.splitlines()):
        return None
    last = b"\n"
    while block := file.read(_LOOKED):
        if block.rfind(b"\n\n") >= 0 or block.startswith(b"\n") and last == b"\n":
            return None
        last = block[-1:]
    return above.count(b"\n")


def _body(file: BinaryIO, offset: int, delimiter: str, width: int) -> tuple[BinaryIO, bool, bool]:
    """The records below the header, blank lines filled with separators so that each keeps its place.

    Where blank lines and quotation marks meet, only walking tells a blank row from a break inside a cell: not even.
    Says, too, whether blank lines were filled.
    """
    body, mark = memory_file("body"), delimiter.encode()
    filler = b"\n" + (mark * (width - 1) or b'""') + b"\n"
    quoted, gaps = False, False
    file.seek(offset)
    carried = b"\n"
    while block := file.read(1 << 22):
        block = carried + block
        if b"\n\n" in block:
            stripped = block.rstrip(b"\n")
            # Blank lines at the end of a block wait for the next one: at the end of the file they are no rows.
            carried = block[len(stripped) :]
            gaps = gaps or b"\n\n" in stripped
            while b"\n\n" in stripped:
                stripped = stripped.replace(b"\n\n", filler)
            block = stripped
        else:
            carried = b"\n" if block.endswith(b"\n") else b""
            block = block[: len(block) - len(carried)]
        quoted = quoted or b'"' in block
        body.write(block[1:] if body.tell() == 0 and block.startswith(b"\n") else block)
    if body.tell():
        body.write(b"\n")
    body.flush()
    return body, not (quoted and gaps), gaps and not quoted
