"""What former releases said, which binds every later one. Never holds a number that was not public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from dashboard.reference.table import Status

DIMENSIONS = ("country", "sector", "service", "origin", "period")
Key = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Ledger:
    """The public rows of all former releases, oldest first; withdrawn ones too, for they were read.

    Each frame has the DIMENSIONS, `contacts` (empty where there is none) and `status`. `contributions`, where they are
    given, are those that each of these releases was made of, one frame a release.
    """

    releases: Sequence[pd.DataFrame] = ()
    contributions: Sequence[pd.DataFrame] = field(default=(), repr=False)

    def published(self) -> dict[Key, int]:
        """The value that stands of each statistic that was ever shown."""
        said: dict[Key, int] = {}
        for rows in self.releases:
            shown = rows[pd.to_numeric(rows["contacts"]).notna()]
            keys = shown[list(DIMENSIONS)].astype(str).itertuples(index=False, name=None)
            said.update(zip(keys, pd.to_numeric(shown["contacts"]).astype(int).tolist(), strict=True))
        return said

    def hidden(self) -> set[Key]:
        """The statistics that were ever hidden to protect people."""
        said: set[Key] = set()
        for rows in self.releases:
            kept = rows.loc[rows["status"] == Status.SUPPRESSED, list(DIMENSIONS)].astype(str)
            said |= set(kept.itertuples(index=False, name=None))
        return said
