"""Walk a file with Python's csv and name every row whose shape is wrong. Never judges what cells mean."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from dashboard.intake.problems import Problem, problem

LONGEST = 1_000_000
"""Characters that one record may have; as in dashboard.record.scratch."""
AGAIN = 8 * LONGEST
"""Characters that are read a second time where quotation marks misled; then no cell goes on in the next line."""


@dataclass(frozen=True)
class Record:
    """One record: the row that the spreadsheet shows, its cells, and what is wrong with its quotation marks, if so."""

    row: int
    cells: list[str]
    problem: Problem | None = None


class _Lines:
    """The lines of a file, of which some may be taken back and read again."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self._size, self._reread = 0, 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        else:
            # A line is read up to the limit and no further, so that one without an end does not fill the memory.
            line = self._file.readline(LONGEST + 1).decode("utf-8", "replace")
            if not line:
                raise StopIteration
        self._size += len(line)
        if self.taken and (self._size > 2 * LONGEST or self._reread > AGAIN):
            # One cell that swallows the file: stop here, csv then says that it was not closed.
            self._again.appendleft(line)
            raise StopIteration
        self.taken.append(line)
        return line

    def fresh(self) -> None:
        """A new record begins."""
        self.taken, self._size = [], 0

    def take_back(self) -> str:
        """Put all lines of this record but the first one back; returns the first."""
        first, rest = self.taken[0], self.taken[1:]
        self._again.extendleft(reversed(rest))
        self._reread += sum(map(len, rest))
        return first


def records(file: BinaryIO, delimiter: str, first_row: int = 1, width: int | None = None) -> Iterator[Record]:
    """Every record from where `file` stands. A blank line is a record without cells.

    A quotation mark that is never closed would swallow the rows below it: it is named where it opened, and reading
    goes on with the next line, so that every row after it is still looked at; where that has happened AGAIN and again,
    every line is a record of its own from there on. When `width` is given, a record over
    several lines that does not have that many cells is taken for such a case, too.
    """
    csv.field_size_limit(2 * LONGEST)
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row = first_row - 1
    while True:
        lines.fresh()
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            if not lines.taken:
                return
            code = "quote-unclosed" if len(lines.taken) > 1 or _open(lines.taken[0]) else "quote-stray"
            yield Record(row, _plain(lines.take_back(), delimiter), problem(code, row=row))
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if len(lines.taken) > 1 and width is not None and (len(cells) < width or any(cells[width:])):
            yield Record(row, _plain(lines.take_back(), delimiter), problem("quote-unclosed", row=row))
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        yield Record(row, cells)


def _open(line: str) -> bool:
    return line.count('"') % 2 == 1


def _plain(line: str, delimiter: str) -> list[str]:
    """The cells of a line whose quotation marks cannot be trusted."""
    return line.rstrip("\n").split(delimiter)


def mend(
    source: BinaryIO,
    target: BinaryIO,
    delimiter: str,
    first_row: int,
    width: int,
    most: int = 20_000,
) -> list[Problem]:
    """Write each record of `source` to `target` with `width` cells and return every problem of shape.

    A record whose shape is wrong becomes a blank one, so that the rows after it keep their numbers and the meaning of
    all the others can be checked in the same turn. Stops after `most` problems.
    """
    found: list[Problem] = []
    writer = csv.writer(_Bytes(target), delimiter=delimiter, lineterminator="\n")
    blank = [""] * width if width > 1 else [""]
    for record in records(source, delimiter, first_row, width):
        cells, wrong = record.cells, record.problem
        if wrong is None and len(cells) != width and any(cell.strip() for cell in cells):
            used = len(cells)
            while used > width and not cells[used - 1].strip():
                used -= 1
            cells = cells[:used]
            if used != width:
                wrong = problem(
                    "row-too-short" if used < width else "row-too-long",
                    row=record.row,
                    cells=used,
                    expected=width,
                    delimiter=NAMES.get(delimiter, delimiter),
                )
        if wrong is None and sum(map(len, cells)) > LONGEST:
            wrong = problem("line-too-long", row=record.row, size=sum(map(len, cells)), limit=LONGEST)
        if wrong is not None:
            found.append(wrong)
            if len(found) >= most:
                break
        writer.writerow(blank if wrong is not None or len(cells) != width else cells)
    target.flush()
    return found


NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "|"}


class _Bytes:
    """What csv.writer needs of a text file, over a binary one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())
