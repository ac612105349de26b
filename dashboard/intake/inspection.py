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
from dashboard.intake.read import BLANK, TextTable, read
from dashboard.record import scratch
from dashboard.reference.contracts import Contract, Field

SMALL = 2**20
"""Bytes up to which one thread is done before a second one is of use."""
LITTLE = 2**18
"""Bytes up to which a file may be taken as a table, and its cells be counted here: DuckDB gets ready for longer."""
MANY = 20_000
"""Rows from which on it pays to number the different cells of a column before they are written."""
_CAST = {"integer": "CAST({} AS BIGINT)", "number": "CAST({} AS DOUBLE)", "date": "CAST({} AS DATE)"}


@dataclass
class Found:
    """What one inspection found; the Parquet and the marked copy are in the files that were handed in.

    `changed`: columns of view `cells` of which some cells are kept otherwise than they stand in the file.
    """

    verdict: str
    problems: list[Problem] = field(default_factory=list)
    tolerated: list[Problem] = field(default_factory=list)
    row_count: int = 0
    changed: frozenset[str] = frozenset()


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
        return Found("screened" if screen.persons(table) else "unreadable", table)
    # Where cells have to be trimmed the text is written again: DuckDB keeps parts of a file that it has read, and would
    # take them for those of another that is written in its place.
    work = (memory_file("work"), memory_file("trimmed"))
    loaded: _Loaded | None = None
    try:
        loaded = _load(table, contract, work, parquet)
        found = _judge(loaded, table, contract, context, codes)
        if found.verdict == "clean":
            _write(loaded, contract, found, path(parquet))
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
        if loaded is not None:
            loaded.connection.close()
        for file in (*work, table.body, table.whole):
            file.close()


@dataclass(frozen=True)
class _Loaded:
    """A connection with view `cells_read`, and its different cells."""

    connection: Any
    counted: different.Counted


def _load(table: TextTable, contract: Contract, work: tuple[BinaryIO, BinaryIO], parquet: BinaryIO) -> _Loaded:
    columns = [table.header.place(name) for name in contract.header]
    names = [f"f{number}" for number in range(len(columns))]

    def load() -> _Loaded:
        threads = 1 if os.fstat(table.body.fileno()).st_size <= SMALL else 2
        connection = scratch.open_scratch([path(file) for file in (table.body, *work, parquet)], threads=threads)
        text = scratch.Text(
            path(table.body), table.delimiter, table.width, columns, table.header.extra, table.first_row, table.skip
        )
        few = _has_few(table.body)

        def counted(untidy: frozenset[str]) -> different.Counted:
            if few:
                return different.of(scratch.load_few(connection, text, blank=BLANK, trimmed=untidy), names, BLANK)
            target = work[1 if untidy else 0]
            target.truncate(0)
            known = scratch.load_text(connection, text, path(target), blank=BLANK, trimmed=untidy)
            return different.count(connection, names, known, BLANK)

        try:
            found = counted(frozenset())
            # To trim every cell takes as long as to read the file: only where it has to be.
            return _Loaded(connection, counted(found.untidy) if found.untidy else found)
        except scratch.Refused:
            connection.close()
            raise

    return _twice(load, table)


def _has_few(body: BinaryIO) -> bool:
    """Whether a file has so few lines that no column can have more than a handful of different cells."""
    beginning = os.pread(body.fileno(), LITTLE + 1, 0)
    return len(beginning) <= LITTLE and beginning.count(b"\n") <= different.HANDFUL


def _twice(load: Callable[[], _Loaded], table: TextTable) -> _Loaded:
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
    loaded: _Loaded,
    table: TextTable,
    contract: Contract,
    context: Context,
    codes: dict[str, Codes],
) -> Found:
    connection, counted = loaded.connection, loaded.counted
    rows = int(connection.execute("SELECT count(*) FROM cells_read").fetchall()[0][0])
    listed = {code for known in codes.values() for code in (*known.valid, *known.expired)}
    known = frozenset(listed | set(context.organisations or ()))
    problems = [*table.problems, *screen.header(table.header, connection, known)]
    if not rows and not table.problems:
        problems.append(problem("no-rows"))
    screened = screen.cells(
        connection,
        contract,
        {name: known.valid for name, known in codes.items()},
        counted,
        lambda: (title for known in codes.values() for title in known.titles),
    )
    present = [name for name in contract.header if name in table.header.names]
    checked = check(connection, contract, context, present, counted, screened.hidden, screened.repeated)
    found = checked.problems
    if screened.problems or any(p.code == "person-beside" for p in problems):
        # Cells gave persons away: then no other cell is quoted either, and nobody asks whether numbers fit.
        found = [without_value(p) for p in found if p.severity is Severity.ERROR]
    problems = list(dict.fromkeys([*problems, *screened.problems, *found]))
    problems.sort(key=lambda p: (p.row or 0, p.column or ""))
    persons = screen.persons(problems)
    wrong = any(p.severity is Severity.ERROR for p in problems)
    # Of a file about persons no cell is quoted, tolerated or not.
    tolerated = [*table.tolerated, *([] if persons else checked.tolerated)]
    return Found(
        "screened" if persons else "problems" if wrong else "clean", problems, tolerated, rows, checked.changed
    )


def _write(loaded: _Loaded, contract: Contract, found: Found, target: str) -> None:
    """The rows as the record keeps them: `row_number`, then the contract's fields with their types.

    In any order: to sort a million rows takes more memory than the child has, and `row_number` says where each stood.
    """
    columns, bound = [], dict[str, object]()
    for number, column in enumerate(contract.fields):
        name = f"f{number}"
        cell, few = _cast(column, name), loaded.counted.few.get(name)
        if (
            found.row_count >= MANY
            and few
            and len(few) <= different.HANDFUL
            and cell == name
            and name not in found.changed
        ):
            # Where each different cell has a number, it is not looked at again in every row.
            bound[f"v{number}"] = [each.text for each in few]
            loaded.connection.execute(
                f"CREATE TYPE kind_{name} AS ENUM (SELECT unnest($cells))", {"cells": bound[f"v{number}"]}
            )
            cell = f"map_extract_value(map($v{number}::VARCHAR[], $v{number}::kind_{name}[]), {name})"
        columns.append(f'{cell} AS "{column.name}"')
    query = f"SELECT CAST(row AS BIGINT) AS row_number, {', '.join(columns)} FROM cells"
    scratch.write_parquet(loaded.connection, query, target, bound)


def _cast(column: Field, name: str) -> str:
    return _CAST.get(column.type, "{}").format(name)
