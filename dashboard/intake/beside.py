"""Persons outside the columns of a template: above the header, under another header, in columns nobody asked for.

Nobody reads these cells for what they mean, so none of them may be quoted. Never changes what is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from dashboard.intake import personal, walk
from dashboard.intake.different import Connection
from dashboard.intake.header import Header
from dashboard.intake.problems import Problem, problem

LOOKED_AT = 2000
"""How many rows of a list under another header, and different cells of a further column, are looked at."""
LETTERS, CELL, WIDE = 1_500_000, 30, 2000
"""How many letters of them, where each cell counts for so many more, and cells of a row: what stands there is refused
anyway, so this much tells enough."""
HEADER_WITHIN = 25
"""In how many rows from the top another header is looked for."""
FILLED, DIFFERENT = 4, 0.9
"""From so many filled cells on, words that differ in this share of them tell of somebody in each row."""


def tells(cell: str, allows: frozenset[str] = frozenset({"full_date"})) -> bool:
    """Whether a cell that belongs to no column gives a person away; the day of a report does not."""
    return personal.in_a_cell(cell, allows) is not None


def _size(cells: Sequence[str]) -> int:
    return sum(map(len, cells[:WIDE])) + CELL * min(len(cells), WIDE)


def above(file: BinaryIO, start: int, delimiter: str, header_row: int) -> list[Problem]:
    """The first row above the header that holds what looks like data about a person."""
    file.seek(start)
    looked = 0
    for record in walk.records(file, delimiter):
        if record.row >= header_row or looked > LETTERS:
            break
        looked += _size(record.cells)
        if any(tells(cell) for cell in record.cells[:WIDE]):
            return [problem("person-beside", row=record.row)]
    return []


def instead(file: BinaryIO, start: int, delimiters: Sequence[str], width: int) -> list[Problem]:
    """Whether a file without our header, which has `width` columns, lists persons: by its columns or by its cells."""
    seen, looked = False, 0
    for record in walk.records(file, _widest(file, start, delimiters)):
        if record.row > LOOKED_AT or looked > LETTERS:
            break
        looked += _size(record.cells)
        filled = [cell.strip() for cell in record.cells[:WIDE] if cell.strip()]
        # A code can be spelt like such a name ("shelter"), so below the top one alone says nothing.
        named = len(filled) > 1 and sum(map(personal.about_a_person, filled if record.row <= HEADER_WITHIN else ()))
        # A good file whose header was lost has days and the telephone lines of offices, too.
        ours = frozenset({"full_date", "office_phone"} if len(record.cells) == width else {"full_date"})
        if named > 1 or named and not seen or any(tells(cell, ours) for cell in filled):
            return [problem("person-beside", row=record.row)]
        seen = seen or bool(filled)
    return []


def _widest(file: BinaryIO, start: int, delimiters: Sequence[str]) -> str:
    """The separator that makes most cells of the first rows; the file stands at `start` again."""
    cells = dict.fromkeys(delimiters, 0)
    for delimiter in delimiters:
        file.seek(start)
        for record in walk.records(file, delimiter):
            if record.row > HEADER_WITHIN:
                break
            cells[delimiter] += len(record.cells)
    file.seek(start)
    return max(delimiters, key=cells.__getitem__)


def filled(found: Header, connection: Connection) -> list[int]:
    """The places of the columns outside the template that have a filled cell below the header."""
    places = [int(place) for place in found.extra]
    counted = ", ".join(f"count(x{place})" for place in places)
    counts = connection.execute(f"SELECT {counted} FROM cells_read").fetchall()[0] if places else ()
    return [place for place, count in zip(places, counts, strict=True) if count]


def columns(places: Sequence[int], connection: Connection, known: frozenset[str] = frozenset()) -> list[Problem]:
    """A problem for each of these columns outside the template whose cells tell of persons, or differ as they do.

    Codes that are `known` tell of nobody: a column of them is one of ours under another name.
    """
    problems = []
    for place in map(int, places):
        cells = connection.execute(
            f"SELECT x{place}, min(row), count(*) FROM cells_read WHERE x{place} IS NOT NULL GROUP BY 1 ORDER BY 2"
            f" LIMIT {LOOKED_AT}"
        ).fetchall()
        told, looked = list[int](), 0
        for cell, row, _n in cells:
            if looked <= LETTERS and cell not in known and personal.in_a_cell(cell):
                told.append(row)
            looked += CELL + len(cell)
        rows = sum(n for _cell, _row, n in cells)
        words = sum(cell not in known and any(map(str.isalpha, cell)) for cell, _row, _n in cells)
        if told:
            problems.append(problem("person-beside", row=told[0]))
        elif rows >= FILLED and words > DIFFERENT * rows:
            problems.append(problem("person-beside", row=cells[0][1]))
    return problems
