"""The different cells of each column, counted once, so that a rule reads a list of codes and not a million rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

FEW = 20_000
"""Up to about this many different cells a column's list is kept; a longer one is counted again for each rule."""

HANDFUL = 1000
"""Up to about this many different cells are looked at one by one sooner than a pattern is made ready for them."""

_UNTIDY = (
    "cell < '!' OR starts_with(cell, chr(8203))"  # All signs up to the space come before the exclamation mark.
    " OR suffix(cell, ' ') OR suffix(cell, chr(9)) OR suffix(cell, chr(10)) OR suffix(cell, chr(8203))"
)


class Connection(Protocol):
    """What the rules need of a database: to be asked. It is handed in."""

    def execute(self, query: str, parameters: object = ...) -> Any: ...


class Known(Protocol):
    """What is known of a column before it is counted: about how many different cells it has, and how many empty."""

    @property
    def different(self) -> int: ...

    @property
    def empty(self) -> int: ...


@dataclass(frozen=True)
class Cell:
    """One of the different cells of a column: its text, how many rows hold it, and the first of them."""

    text: str
    count: int
    first: int


@dataclass(frozen=True)
class Counted:
    """`few`: the different cells, in the order of the rows, of each column that has about a HANDFUL or fewer.

    `untidy`: columns in which a cell begins or ends with a blank. `full`: columns without an empty cell.
    """

    few: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    untidy: frozenset[str] = frozenset()
    full: frozenset[str] = frozenset()

    def source(self, name: str) -> str:
        """What SQL reads for a column of view `cells_read`: its different cells as cell, n, first."""
        return f"(SELECT cell, n, first FROM few WHERE name = '{name}')" if name in self.few else f"different_{name}"


def count(connection: Connection, names: Sequence[str], known: Mapping[str, Known], blank: str) -> Counted:
    """Count the cells of the columns `names` of view `cells_read`, of which so much is `known`.

    Makes `different_<name>` for each that has more than a few: cell, n (rows that hold it), first (the first row). A
    view where the cells are many: a rule's condition then goes before the counting, and few are counted. Table `few`
    holds those of all other columns, with the column's name before them.
    """
    few: dict[str, list[Cell]] = {}
    untidy: set[str] = set()
    for name in names:
        several = known[name].different if name in known else 0
        if several <= HANDFUL:
            few[name] = []
            continue
        kind = "TABLE" if several <= FEW else "VIEW"
        connection.execute(
            f"CREATE OR REPLACE {kind} different_{name} AS SELECT {name} AS cell, count(*) AS n, min(row) AS first"
            f" FROM cells_read WHERE {name} IS NOT NULL GROUP BY 1"
        )
        listed = f"different_{name}" if kind == "TABLE" else f"(SELECT {name} AS cell FROM cells_read)"
        if connection.execute(f"SELECT 1 FROM {listed} WHERE {_UNTIDY} LIMIT 1").fetchall():
            untidy.add(name)
    parts = [
        f"SELECT '{name}' AS name, {name} AS cell, count(*) AS n, min(row) AS first FROM cells_read"
        f" WHERE {name} IS NOT NULL GROUP BY cell"
        for name in few
        if name in known and known[name].different
    ]
    none = "SELECT NULL::VARCHAR AS name, NULL::VARCHAR AS cell, 0 AS n, 0 AS first WHERE false"
    connection.execute(f"CREATE OR REPLACE TABLE few AS {' UNION ALL '.join(parts) or none}")
    for name, cell, several, first in connection.execute("SELECT * FROM few ORDER BY first").fetchall():
        few[name].append(Cell(cell, several, first))
        if not cell or cell[0] in blank or cell[-1] in blank:
            untidy.add(name)
    return Counted(few, frozenset(untidy), frozenset(name for name in names if name in known and not known[name].empty))


@dataclass(frozen=True)
class Repeated:
    """Keys that come more than once: their hashes, at most as many as were asked for, and how many rows have one."""

    hashes: list[int]
    rows: int


def repeated(connection: Connection, view: str, names: Sequence[str], most: int) -> Repeated:
    """Which rows of `view` have the same cells in these columns. By hash, so that a million rows need little memory."""
    found = connection.execute(
        f"SELECT same, sum(n) OVER () FROM (SELECT hash({', '.join(names)}) AS same, count(*) AS n FROM {view}"
        f" GROUP BY 1 HAVING count(*) > 1) LIMIT {int(most)}"
    ).fetchall()
    return Repeated([same for same, _rows in found], int(found[0][1]) if found else 0)
