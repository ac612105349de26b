"""Find the header of a file and say which of its columns are the contract's. Never looks at the cells below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import process, utils

_BETWEEN = re.compile(r"[\s\-./]+")
_COMPARED = 100
"""Letters of a name that are compared with others."""
HXL = re.compile(r"#[A-Za-z][A-Za-z0-9_]*([ ]?[+!][A-Za-z][A-Za-z0-9_]*)*")


def normal(text: str) -> str:
    """A header cell as column names are written: "  Service Code*" is service_code."""
    return _BETWEEN.sub("_", text.strip().strip("'\"*").strip().casefold()).strip("_")


@dataclass(frozen=True)
class Header:
    """The header row as it stands. `names` has the contract's column for each cell, or None when it is not one."""

    row: int
    cells: tuple[str, ...]
    names: tuple[str | None, ...]
    columns: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        return [column for column in self.columns if column not in self.names]

    @property
    def unknown(self) -> list[str]:
        """Header cells that are filled and no column of the contract."""
        both = zip(self.cells, self.names, strict=True)
        return [cell.strip() for cell, name in both if name is None and cell.strip()]

    @property
    def unnamed(self) -> list[int]:
        return [i for i, cell in enumerate(self.cells) if not cell.strip()]

    @property
    def extra(self) -> list[int]:
        """The places of all columns that are not the contract's, a column's second standing included."""
        return [i for i, name in enumerate(self.names) if name is None or self.names.index(name) != i]

    @property
    def duplicates(self) -> dict[str, int]:
        return {c: n for c in self.columns if (n := self.names.count(c)) > 1}

    def place(self, column: str) -> int | None:
        """Where the column first stands, counted from 0."""
        return self.names.index(column) if column in self.names else None

    def nearest_column(self, cell: str) -> str | None:
        """The missing column that this unknown header cell may have meant."""
        return _nearest(cell, self.missing)

    def nearest_cell(self, column: str) -> str | None:
        """The unknown header cell that may have meant this missing column."""
        return _nearest(column, self.unknown)

    @property
    def spelt(self) -> bool:
        """Whether a name of a column is written otherwise than in the contract."""
        return any(name and cell != name for cell, name in zip(self.cells, self.names, strict=True))


def _nearest(text: str, choices: Sequence[str]) -> str | None:
    match = process.extractOne(
        text[:_COMPARED].replace("_", " "),
        {c: c[:_COMPARED].replace("_", " ") for c in choices},
        processor=utils.default_process,
        score_cutoff=72,
    )
    return str(match[2]) if match else None


def match(row: int, cells: Sequence[str], columns: Sequence[str]) -> Header:
    """Lay a row beside the contract's columns. A name that stands alone counts in any spelling of its case."""
    known = {normal(column): column for column in columns}
    return Header(row, tuple(cells), tuple(known.get(normal(cell)) if cell else None for cell in cells), tuple(columns))


def is_hxl(cells: Sequence[str]) -> bool:
    """Whether the row holds HXL hashtags and nothing else. (HXL standard 1.1)"""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(HXL.fullmatch(cell) for cell in filled)
