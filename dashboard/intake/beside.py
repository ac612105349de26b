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
HEADER_WITHIN = 25
"""In how many rows from the top another header is looked for."""
FILLED, DIFFERENT = 4, 0.9
"""From so many filled cells on, words that differ in this share of them tell of somebody in each row."""


def tells(cell: str, allows: frozenset[str] = frozenset({"full_date"})) -> bool:
    """Whether a cell that belongs to no column gives a person away; the day of a report does not."""
    return personal.in_a_cell(cell, allows) is not None


def above(file: BinaryIO, start: int, delimiter: str, header_row: int) -> list[Problem]:
    """The first row above the header that holds what looks like data about a person."""
    file.seek(start)
    for record in walk.records(file, delimiter):
        if record.row >= header_row:
            break
        if any(tells(cell) for cell in record.cells):
            return [problem("person-beside", row=record.row)]
    return []


def instead(file: BinaryIO, start: int, delimiters: Sequence[str], width: int) -> list[Problem]:
    """Whether a file without our header, which has `width` columns, lists persons: by its columns or by its cells."""
    seen = False
    for record in walk.records(file, _widest(file, start, delimiters)):
        if record.row > LOOKED_AT:
            break
        filled = [cell.strip() for cell in record.cells if cell.strip()]
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


def columns(found: Header, connection: Connection) -> list[Problem]:
    """A problem for each column outside the template whose cells tell of persons, or differ as persons do."""
    problems = []
    for place in map(int, found.extra):
        cells = connection.execute(
            f"SELECT x{place}, min(row), count(*) FROM cells_read WHERE x{place} IS NOT NULL GROUP BY 1 ORDER BY 2"
            f" LIMIT {LOOKED_AT}"
        ).fetchall()
        told = [row for cell, row, _n in cells if personal.in_a_cell(cell)]
        filled = sum(n for _cell, _row, n in cells)
        words = sum(any(map(str.isalpha, cell)) for cell, _row, _n in cells)
        if told:
            problems.append(problem("person-beside", row=told[0]))
        elif filled >= FILLED and words > DIFFERENT * filled:
            problems.append(problem("person-beside", row=cells[0][1]))
    return problems
