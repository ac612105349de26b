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


def count(connection: Connection, names: Sequence[str], known: Mapping[str, Known], blank: str) -> Counted:
    """Count the cells of the columns `names` of view `cells_read`, of which so much is `known`.

    Makes `different_<name>` for each that has more than a few: cell, n (rows that hold it), first (the first row). A
    view where the cells are many: a rule's condition then goes before the counting, and few are counted.
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
    if parts:
        query = f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY first"
        for name, cell, several, first in connection.execute(query).fetchall():
            few[name].append(Cell(cell, several, first))
            if not cell or cell[0] in blank or cell[-1] in blank:
                untidy.add(name)
    return Counted(few, frozenset(untidy), frozenset(name for name in names if name in known and not known[name].empty))


def of(rows: Sequence[Sequence[int | str | None]], names: Sequence[str], blank: str) -> Counted:
    """As `count`, of a file that has a HANDFUL of rows or fewer: each holds its number, then the cells of `names`."""
    few: dict[str, list[Cell]] = {}
    for place, name in enumerate(names, start=1):
        counts: dict[str, list[int]] = {}
        for row in rows:
            if (cell := row[place]) is not None:
                counts.setdefault(str(cell), [0, int(row[0] or 0)])[0] += 1
        few[name] = [Cell(cell, several, first) for cell, (several, first) in counts.items()]
    untidy = (
        name
        for name, cells in few.items()
        if any(not cell.text or cell.text[0] in blank or cell.text[-1] in blank for cell in cells)
    )
    full = (name for name, cells in few.items() if sum(cell.count for cell in cells) == len(rows))
    return Counted(few, frozenset(untidy), frozenset(full))


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
