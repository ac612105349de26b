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


_ready: list[duckdb.DuckDBPyConnection] = []
"""An empty database without threads, from before the fork: to open one takes as long as half the check of a file."""


def open_scratch(paths: Iterable[str] = (), *, threads: int = 2, memory: str = "420MB") -> duckdb.DuckDBPyConnection:
    """Connect to a database that lives in memory, may touch `paths` only and spills nothing to disk.

    420 MB beside the interpreter and its libraries stay under an address space of 1 GiB (tests/measure_intake.py).
    """
    # At once, else DuckDB starts as many threads as the machine has cores and ends them again.
    connection = _ready.pop() if _ready else duckdb.connect(":memory:", config={"threads": threads})
    listed = ", ".join(f"'{path}'" for path in paths)
    for setting in (
        f"threads = {int(threads)}",
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
    """Make ready for a fork: leave no database with threads, and an empty one without any for each child to take.

    Importing DuckDB opens one for its own use. With one thread, which is the caller's own, a database starts none.
    """
    duckdb.default_connection().close()
    _ready[:] = [duckdb.connect(":memory:", config={"threads": 1})]


@dataclass(frozen=True)
class Column:
    """What a file's own index says of one column: how many rows are empty, and about how many different cells it has.

    `different` is how many the part of the file has that has most, or, where some part does not say, all filled rows.
    """

    empty: int
    different: int


@dataclass(frozen=True)
class Text:
    """Where a file's cells stand: below `skip` lines `source` holds clean records without a header, `width` cells each.

    The first one stands in row `first_row` of the spreadsheet. `columns` are read as f0, f1 ... (None: all empty),
    `extra` as x<i>.
    """

    source: str
    delimiter: str
    width: int
    columns: Sequence[int | None]
    extra: Sequence[int]
    first_row: int
    skip: int = 0

    @property
    def names(self) -> list[str]:
        """What the cells of a row are called, in their order."""
        return [f"f{n}" for n in range(len(self.columns))] + [f"x{i}" for i in self.extra]


def _cells(text: Text, blank: str, trimmed: Collection[str] | None) -> tuple[str, dict[str, str]]:
    """SQL for the cells as text, and what it is given."""
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(text.width))
    places = dict(zip(text.names, (*text.columns, *text.extra), strict=True))
    # To trim spaces alone takes a third of the time.
    trim = "nullif(trim(c{}), '')" if blank == " " else "nullif(trim(c{}, $blank), '')"
    cut = {name for name in places if blank and (trimmed is None or name in trimmed or name[0] == "x")}
    cells = {
        name: "NULL::VARCHAR" if i is None else (trim if name in cut else "c{}").format(i) for name, i in places.items()
    }
    wanted = ", ".join(f"{cell} AS {name}" for name, cell in cells.items())
    query = (
        f"SELECT {wanted} FROM read_csv('{text.source}', header = false, auto_detect = false, columns = {{{types}}},"
        " delim = $delimiter, quote = '\"', escape = '\"', new_line = '\\n', strict_mode = true, null_padding = false,"
        f" skip = {int(text.skip)}, max_line_size = {LONGEST * 2}, buffer_size = {LONGEST * 8})"
    )
    return query, {"delimiter": text.delimiter, **({"blank": blank} if "$blank" in wanted else {})}


def load_text(
    connection: Any, text: Text, target: str, *, blank: str, trimmed: Collection[str] | None = None
) -> dict[str, Column]:
    """Make view `cells_read`: row, then the cells of `text` by their names.

    The characters of `blank` are trimmed from the cells of columns that are `trimmed` (None: from all); empty cells are
    NULL; records without any filled cell are left out. `target` takes the text as Parquet, which needs a third of the
    memory of a table and lets a question read each different cell once. Returns what is known of each column. Raises
    Refused when the shape is not even.
    """
    query, bound = _cells(text, blank, trimmed)
    connection.execute(
        f"COPY ({query}) TO '{target}'"
        f" (FORMAT parquet, ROW_GROUP_SIZE {ROWS_TOGETHER}, COMPRESSION zstd, USE_TMP_FILE false)",
        bound,
    )
    known = _index(connection, target)
    # To ask each row whether it is blank would unpack every column at every question.
    some = all(column.empty for column in known.values())
    _view(connection, text, "file_row_number", f"read_parquet('{target}')", some)
    return known


def load_few(
    connection: Any, text: Text, *, blank: str, trimmed: Collection[str] | None = None
) -> list[tuple[int | str | None, ...]]:
    """As `load_text`, for a file so small that a table is light; returns the rows of the view, in their order."""
    query, bound = _cells(text, blank, trimmed)
    connection.execute(f"CREATE OR REPLACE TABLE text_read AS {query}", bound)
    _view(connection, text, "rowid", "text_read", True)
    return connection.execute("SELECT * FROM cells_read ORDER BY row").fetchall()  # type: ignore[no-any-return]


def _view(connection: Any, text: Text, number: str, source: str, some_blank: bool) -> None:
    listed = ", ".join(text.names)
    filled = f" WHERE coalesce({listed}) IS NOT NULL" if some_blank else ""
    connection.execute(
        f"CREATE OR REPLACE VIEW cells_read AS SELECT {number} + {int(text.first_row)} AS row, {listed}"
        f" FROM {source}{filled}"
    )


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
