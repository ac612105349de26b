"""A DuckDB in memory for the one file a worker checks. Never opens the record, the disk or the network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

Refused = duckdb.Error
"""What DuckDB raises when a file's shape, or a query, is not to its liking."""

OutOfMemory = (duckdb.OutOfMemoryException, MemoryError)

LONGEST = 1_000_000
"""Bytes that one record may have."""


def open_scratch(paths: Iterable[str] = (), *, threads: int = 2, memory: str = "420MB") -> duckdb.DuckDBPyConnection:
    """Connect to a database that lives in memory, may touch `paths` only and spills nothing to disk.

    420 MB beside the interpreter and its libraries stay under an address space of 1 GiB (tests/measure_intake.py).
    """
    # At once, else DuckDB starts as many threads as the machine has cores and ends them again.
    connection = duckdb.connect(":memory:", config={"threads": threads})
    listed = ", ".join(f"'{path}'" for path in paths)
    for setting in (
        f"memory_limit = '{memory}'",
        "temp_directory = ''",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "preserve_insertion_order = true",
        "enable_progress_bar = false",
        f"allowed_paths = [{listed}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")
    return connection


def rest() -> None:
    """Close the database that importing DuckDB opens for its own use, so that its threads end and a fork is safe."""
    duckdb.default_connection().close()


def load_text(
    connection: Any,
    source: str,
    target: str,
    *,
    delimiter: str,
    width: int,
    columns: Sequence[int | None],
    extra: Sequence[int],
    first_row: int,
    blank: str,
) -> int:
    """Make view `cells_read`: row, then trimmed text f0, f1 ... for `columns` (None: all empty) and x<i> for `extra`.

    `source` holds clean records without a header, `width` cells each; the first one stands in row `first_row` of the
    spreadsheet. The characters of `blank` are trimmed from cells; empty cells are NULL; records without any filled
    cell are left out. `target` takes the text as Parquet, which needs a third of the memory of a table. Returns the
    number of records, blank ones included. Raises Refused when the shape is not even.
    """
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    names = [f"f{n}" for n in range(len(columns))] + [f"x{i}" for i in extra]
    # To trim spaces alone takes a third of the time.
    text = "c{}" if not blank else "nullif(trim(c{}), '')" if blank == " " else "nullif(trim(c{}, $blank), '')"
    cells = [None if i is None else text.format(i) for i in (*columns, *extra)]
    wanted = ", ".join(f"{cell or 'NULL::VARCHAR'} AS {name}" for cell, name in zip(cells, names, strict=True))
    found = connection.execute(
        f"COPY (SELECT {wanted} FROM read_csv('{source}', header = false, auto_detect = false, columns = {{{types}}},"
        " delim = $delimiter, quote = '\"', escape = '\"', new_line = '\\n', strict_mode = true, null_padding = false,"
        f" max_line_size = {LONGEST * 2}, buffer_size = {LONGEST * 4}))"
        f" TO '{target}' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)",
        {"delimiter": delimiter, **({"blank": blank} if blank.strip(" ") else {})},
    ).fetchall()
    connection.execute(
        f"CREATE OR REPLACE VIEW cells_read AS SELECT file_row_number + {int(first_row)} AS row, {', '.join(names)}"
        f" FROM read_parquet('{target}') WHERE coalesce({', '.join(names)}) IS NOT NULL"
    )
    return int(found[0][0])


def write_parquet(connection: Any, query: str, path: str) -> None:
    """Write the rows of `query`, which names only identifiers of a contract, to `path`."""
    connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)")
