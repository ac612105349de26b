"""All steps for one file, from bytes to verdict, as the child process takes them. Never starts a process itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from dashboard.intake import different, explained, marked, screen
from dashboard.intake.cells import Codes
from dashboard.intake.check import Context, check
from dashboard.intake.decode import memory_file
from dashboard.intake.problems import Problem, Severity, problem, without_value
from dashboard.intake.read import TextTable, read
from dashboard.record import scratch
from dashboard.reference.contracts import Contract, Field

SMALL = 2**20
"""Bytes up to which one thread is done before a second one is of use."""
_CAST = {"integer": "CAST({} AS BIGINT)", "number": "CAST({} AS DOUBLE)", "date": "CAST({} AS DATE)"}


@dataclass
class Found:
    """What one inspection found; the Parquet and the marked copy are in the files that were handed in."""

    verdict: str
    problems: list[Problem] = field(default_factory=list)
    tolerated: list[str] = field(default_factory=list)
    row_count: int = 0


def path(file: BinaryIO) -> str:
    """The name under which this process, and nobody else, can open a file that has none."""
    return f"/proc/self/fd/{file.fileno()}"


def inspect(
    source: BinaryIO,
    contract: Contract,
    context: Context,
    *,
    limit: int,
    codes: dict[str, Codes],
    parquet: BinaryIO,
    copy: BinaryIO | None = None,
) -> Found:
    """Read, screen and check `source`; write typed rows to `parquet` when clean, the marked copy to `copy` when not."""
    every = {name: [*known.valid, *known.expired] for name, known in codes.items()}
    table = read(source, contract.header, limit, explained.left_out(contract, every))
    if isinstance(table, list):
        return Found("unreadable", table)
    work = memory_file("work")
    connection: Any = None
    try:
        connection = _load(table, contract, work, parquet)
        found = _judge(connection, table, contract, context, codes)
        if found.verdict == "clean":
            scratch.write_parquet(connection, _typed(contract), path(parquet))
        elif found.verdict == "problems" and copy is not None:
            marked.write(
                table.whole,
                copy,
                found.problems,
                delimiter=table.delimiter,
                header_row=table.header.row,
                width=table.width,
            )
        return found
    finally:
        if connection is not None:
            connection.close()
        for file in (work, table.body, table.whole):
            file.close()


def _load(table: TextTable, contract: Contract, work: BinaryIO, parquet: BinaryIO) -> Any:
    columns = [table.header.place(name) for name in contract.header]

    def load() -> Any:
        threads = 1 if os.fstat(table.body.fileno()).st_size <= SMALL else 2
        connection = scratch.open_scratch([path(table.body), path(work), path(parquet)], threads=threads)
        try:
            scratch.load_text(
                connection,
                path(table.body),
                path(work),
                delimiter=table.delimiter,
                width=table.width,
                columns=columns,
                extra=table.header.extra,
                first_row=table.first_row,
                blank=table.blank,
            )
        except scratch.Refused:
            connection.close()
            raise
        return connection

    return _twice(load, table)


def _twice(load: Callable[[], Any], table: TextTable) -> Any:
    """Load; if DuckDB refuses the shape, walk the file with Python, which names every row at fault, and load again."""
    if table.even:
        try:
            return load()
        except scratch.OutOfMemory:
            raise
        except scratch.Refused:
            pass
    table.mended()
    return load()


def _judge(
    connection: Any,
    table: TextTable,
    contract: Contract,
    context: Context,
    codes: dict[str, Codes],
) -> Found:
    rows = int(connection.execute("SELECT count(*) FROM cells_read").fetchall()[0][0])
    problems = [*table.problems, *screen.header(table.header, connection)]
    if not rows and not table.problems:
        problems.append(problem("no-rows"))
    few = different.count(connection, [f"f{number}" for number in range(len(contract.fields))])
    screened = screen.cells(connection, contract, {name: known.valid for name, known in codes.items()}, few)
    present = [name for name in contract.header if name in table.header.names]
    checked = check(connection, contract, context, present, screened.hidden, few)
    found = checked.problems
    if screened.problems:
        # Cells gave persons away: then no other cell is quoted either, and nobody asks whether numbers fit.
        found = [without_value(p) for p in found if p.severity is Severity.ERROR]
    problems = list(dict.fromkeys([*problems, *screened.problems, *found]))
    problems.sort(key=lambda p: (p.row or 0, p.column or ""))
    persons = screen.persons(problems)
    wrong = any(p.severity is Severity.ERROR for p in problems)
    tolerated = list(dict.fromkeys([*table.tolerated, *checked.tolerated]))
    return Found("screened" if persons else "problems" if wrong else "clean", problems, tolerated, rows)


def _typed(contract: Contract) -> str:
    """The rows as the record keeps them: `row_number`, then the contract's fields with their types.

    In any order: to sort a million rows takes more memory than the child has, and `row_number` says where each stood.
    """
    columns = ", ".join(
        f'{_cast(column, f"f{number}")} AS "{column.name}"' for number, column in enumerate(contract.fields)
    )
    return f"SELECT CAST(row AS BIGINT) AS row_number, {columns} FROM cells"


def _cast(column: Field, name: str) -> str:
    return _CAST.get(column.type, "{}").format(name)
