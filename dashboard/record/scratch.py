"""A DuckDB in memory for the one file a worker checks. Never opens the record, the disk or the network."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

Refused = duckdb.Error
"""What DuckDB raises when a file's shape, or a query, is not to its liking."""

OutOfMemory = (duckdb.OutOfMemoryException, MemoryError)

LONGEST = 1_000_000
"""Bytes that one record may have."""

ROWS_TOGETHER = 61_440
"""Rows in one part of the text as Parquet: 100,000 are read by two threads."""


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


@dataclass(frozen=True)
class Column:
    """What a file's own index says of one column: how many rows are empty, and about how many different cells it has.

    `different` is how many the part of the file has that has most, or, where some part does not say, all filled rows.
    """

    empty: int
    different: int


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
    skip: int = 0,
    trimmed: Collection[str] | None = None,
) -> dict[str, Column]:
    """Make view `cells_read`: row, then text f0, f1 ... for `columns` (None: all empty) and x<i> for `extra`.

    Below `skip` lines `source` holds clean records without a header, `width` cells each; the first one stands in row
    `first_row` of the spreadsheet. The characters of `blank` are trimmed from the cells of columns that are `trimmed`
    (None: from all); empty cells are NULL; records without any filled cell are left out. `target` takes the text as
    Parquet, which needs a third of the memory of a table and lets a question read each different cell once. Returns
    what is known of each column. Raises Refused when the shape is not even.
    """
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    names = [f"f{n}" for n in range(len(columns))] + [f"x{i}" for i in extra]
    places = dict(zip(names, (*columns, *extra), strict=True))
    # To trim spaces alone takes a third of the time.
    text = "nullif(trim(c{}), '')" if blank == " " else "nullif(trim(c{}, $blank), '')"
    cut = {name for name in names if blank and (trimmed is None or name in trimmed or name[0] == "x")}
    cells = {
        name: "NULL::VARCHAR" if i is None else (text if name in cut else "c{}").format(i) for name, i in places.items()
    }
    wanted = ", ".join(f"{cell} AS {name}" for name, cell in cells.items())
    connection.execute(
        f"COPY (SELECT {wanted} FROM read_csv('{source}', header = false, auto_detect = false, columns = {{{types}}},"
        f" delim = $delimiter, quote = '\"', escape = '\"', new_line = '\\n', strict_mode = true, null_padding = false,"
        f" skip = {int(skip)}, max_line_size = {LONGEST * 2}, buffer_size = {LONGEST * 8}))"
        f" TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE {ROWS_TOGETHER}, COMPRESSION zstd, USE_TMP_FILE false)",
        {"delimiter": delimiter, **({"blank": blank} if "$blank" in wanted else {})},
    )
    known = _index(connection, target)
    # To ask each row whether it is blank would unpack every column at every question.
    filled = (
        "" if any(not column.empty for column in known.values()) else f" WHERE coalesce({', '.join(names)}) IS NOT NULL"
    )
    connection.execute(
        f"CREATE OR REPLACE VIEW cells_read AS SELECT file_row_number + {int(first_row)} AS row, {', '.join(names)}"
        f" FROM read_parquet('{target}'){filled}"
    )
    return known


def _index(connection: Any, path: str) -> dict[str, Column]:
    """What the Parquet file at `path` says of its columns, without a look at its rows; nothing when it has none."""
    found = connection.execute(
        "SELECT path_in_schema, sum(stats_null_count), sum(num_values), max(stats_distinct_count),"
        " count(*) FILTER (stats_distinct_count IS NULL AND stats_null_count IS DISTINCT FROM num_values)"
        f" FROM parquet_metadata('{path}') GROUP BY 1"
    ).fetchall()
    known = {}
    for name, empty, rows, different, uncounted in found:
        empty = int(rows if empty is None else empty)
        known[name] = Column(empty, int(rows) - empty if uncounted else int(different or 0))
    return known


def write_parquet(connection: Any, query: str, path: str, bound: Mapping[str, object] | None = None) -> None:
    """Write the rows of `query`, which names only identifiers of a contract, to `path`."""
    connection.execute(
        f"COPY ({query}) TO '{path}' (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, USE_TMP_FILE false)",
        dict(bound or {}),
    )
