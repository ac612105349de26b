"""Give the uploader her own rows back with a column that names the problems. Never runs on a screened-out file."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from dashboard.intake.problems import Problem, Severity
from dashboard.intake.walk import records
from dashboard.reference.cells import safe
from dashboard.reference.text import N_, _

COLUMN = N_("problems")
WORDS = {Severity.WARNING: N_("Warning"), Severity.NOTE: N_("Note")}


def by_row(problems: Iterable[Problem], header_row: int) -> dict[int, list[str]]:
    """The sentences for each row; what has no row stands beside the header, a group beside each row it lists."""
    found: dict[int, list[str]] = {}
    for problem in problems:
        rows = problem.rows if problem.count > 1 and problem.rows else (problem.row or header_row,)
        for row in rows:
            found.setdefault(row, []).append(f"{_kind(problem)}{problem.message} {problem.fix}")
    return found


def _kind(problem: Problem) -> str:
    """What is no error says so first."""
    return f"{_(WORDS[problem.severity])}: " if problem.severity in WORDS else ""


def write(
    whole: BinaryIO,
    target: BinaryIO,
    problems: Sequence[Problem],
    *,
    delimiter: str,
    header_row: int,
    width: int,
) -> None:
    """Write every row of the clean file `whole` to `target`, blank rows too, so that row numbers stay the same."""
    said = by_row(problems, header_row)
    target.write(codecs.BOM_UTF8)
    writer = csv.writer(_Encoded(target), delimiter=delimiter, lineterminator="\r\n")
    whole.seek(0)
    for record in records(whole, delimiter, width=width):
        cells = [safe(cell) for cell in record.cells]
        cells += [""] * (width - len(cells))
        mark = [_(COLUMN)] if record.row == header_row else []
        writer.writerow([*cells, safe(" | ".join([*mark, *said.get(record.row, ())]))])
    target.flush()


class _Encoded:
    """What csv.writer needs of a text file, over a binary one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())
