"""The table that travels between rooms: values, a status for each, units and caveats. Never fetches its rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import pandas as pd

from dashboard.reference.text import N_


class Status(StrEnum):
    """What a cell says besides its value; shown by shape and word, never by colour alone.

    "Not released" waits for a release; "not shown" is of a register, which no release publishes: it may be there, and
    whoever reads a part of the register does not learn it. "No count" is of a place that reported, where no report
    counts this kind; "no total" of a year that a release gives no total of.
    """

    VALUE = "value"
    ZERO = "zero"
    SUPPRESSED = "suppressed"
    NOT_RELEASED = "not released"
    NOT_SHOWN = "not shown"
    REVISION_PENDING = "revision pending"
    NOT_REPORTED = "not reported"
    NO_COUNT = "no count"
    NO_YEAR = "no total"
    NOT_COLLECTED = "not collected"
    NOT_VERIFIED = "not verified"
    NOT_APPLICABLE = "not applicable"


STATUS_WORDS = {
    Status.SUPPRESSED: N_("hidden to protect people"),
    Status.NOT_RELEASED: N_("not released yet"),
    Status.NOT_SHOWN: N_("not shown to you"),
    Status.REVISION_PENDING: N_("revision pending"),
    Status.NOT_REPORTED: N_("not reported"),
    Status.NO_COUNT: N_("no count"),
    Status.NO_YEAR: N_("no total"),
    Status.NOT_COLLECTED: N_("not collected"),
    Status.NOT_VERIFIED: N_("not verified"),
    Status.NOT_APPLICABLE: N_("not applicable"),
}


@dataclass(frozen=True)
class Column:
    """A column's name in the frame, its title for people, and its unit; `codes` names the list its codes are from."""

    name: str
    title: str
    unit: str = ""
    codes: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class AsOf:
    """The version of the record that a table shows, and when that version was written (UTC)."""

    version: int
    recorded_at: datetime | None


Cells = tuple[list[Any], list[str]]
"""The values of a column from top to bottom, and the status of each."""


@dataclass(frozen=True)
class Table:
    """Rows with a status for each value. `statuses` has the frame's shape and labels; `caveats` are sentences.

    `period` says in words for which time the rows are, where that is known.
    """

    title: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    statuses: pd.DataFrame
    as_of: AsOf
    caveats: tuple[str, ...] = ()
    source: str = ""
    period: str = ""
    _cells: dict[str, Cells] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if (
            list(self.frame.columns) != names
            or not self.frame.columns.equals(self.statuses.columns)
            or not self.frame.index.equals(self.statuses.index)
        ):
            raise ValueError(f"Table “{self.title}”: columns, frame and statuses do not fit together.")

    def column(self, name: str) -> Column:
        """The column of this name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def cells(self, name: str) -> Cells:
        """A column's values and statuses, each as the frame holds it. Raises KeyError.

        Made once: a page reads thousands of cells, and to ask the frame for each takes longer than all else on it.
        """
        if name not in self._cells:
            self._cells[name] = list(self.frame[name].array), [str(status) for status in self.statuses[name].array]
        return self._cells[name]

    def with_caveats(self, *caveats: str) -> Table:
        return replace(self, caveats=self.caveats + tuple(c for c in caveats if c not in self.caveats))
