"""The different cells of each column, counted once, so that a rule reads a list of codes and not a million rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

FEW = 20_000
"""Up to about this many different cells a column's list is kept; a longer one is counted again for each rule."""

HANDFUL = 100
"""Up to about this many different cells are looked at one by one sooner than a long pattern is made ready for them."""


class Connection(Protocol):
    """What the rules need of a database: to be asked. It is handed in."""

    def execute(self, query: str, parameters: object = ...) -> Any: ...


def count(connection: Connection, names: Sequence[str]) -> frozenset[str]:
    """Make `different_<name>` for each column of view `cells_read`: cell, n (rows that hold it), first (the first row).

    A view where the cells are many: a rule's condition then goes before the counting, and few are counted. Returns
    the columns with about a HANDFUL of different cells or fewer.
    """
    estimated = connection.execute(
        f"SELECT {', '.join(f'approx_count_distinct({name})' for name in names)} FROM cells_read"
    ).fetchall()[0]
    for name, several in zip(names, estimated, strict=True):
        kind = "TABLE" if several <= FEW else "VIEW"
        connection.execute(
            f"CREATE OR REPLACE {kind} different_{name} AS SELECT {name} AS cell, count(*) AS n, min(row) AS first"
            f" FROM cells_read WHERE {name} IS NOT NULL GROUP BY 1"
        )
    return frozenset(name for name, several in zip(names, estimated, strict=True) if several <= HANDFUL)
