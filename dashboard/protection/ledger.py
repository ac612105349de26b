"""What former releases said, which binds every later one. Never decides what a new one says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from dashboard.protection.tally import BLOCK, DIMENSIONS, TOTAL, Key
from dashboard.reference.table import Status


@dataclass(frozen=True)
class Ledger:
    """The public rows of all former releases, oldest first; of withdrawn ones too, for they were read.

    Each frame has the DIMENSIONS, `contacts` (empty where there is none) and `status`. `contributions`: what each of
    these releases was made of, a frame a release, as `statistics` was given it. Without them a country's quarter that
    was corrected since is known by its public figures alone: no correction of it is shown and no year of it begins.
    Raises ValueError where there are neither as many of them as releases nor none.
    """

    releases: Sequence[pd.DataFrame] = ()
    contributions: Sequence[pd.DataFrame] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if self.contributions and len(self.contributions) != len(self.releases):
            raise ValueError("The ledger needs the contributions of every former release, or of none.")

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every row that said a value or hid one, with the number of its release."""
        said = [
            rows.astype({name: str for name in DIMENSIONS})[[*DIMENSIONS]].assign(
                contacts=pd.to_numeric(rows["contacts"]).astype("Float64"),
                hidden=rows["status"] == Status.SUPPRESSED,
                release=number,
            )
            for number, rows in enumerate(self.releases)
        ]
        if not said:
            return pd.DataFrame(columns=[*DIMENSIONS, "contacts", "hidden", "release"])
        every = pd.concat(said, ignore_index=True)
        return every[every["hidden"] | every["contacts"].notna()]

    @cached_property
    def published(self) -> dict[Key, int]:
        """The value that stands of each figure that was ever shown."""
        shown = self.rows[self.rows["contacts"].notna()].drop_duplicates(list(DIMENSIONS), keep="last")
        return dict(zip(_keys(shown), shown["contacts"].astype("int64").tolist(), strict=True))

    @cached_property
    def values(self) -> dict[Key, frozenset[int]]:
        """Every value that was ever shown of each figure, also those that a revision replaced."""
        found: dict[Key, set[int]] = {}
        shown = self.rows[self.rows["contacts"].notna()].drop_duplicates([*DIMENSIONS, "contacts"])
        for key, value in zip(_keys(shown), shown["contacts"].astype("int64").tolist(), strict=True):
            found.setdefault(key, set()).add(value)
        return {key: frozenset(values) for key, values in found.items()}

    @cached_property
    def hidden(self) -> frozenset[Key]:
        """The figures that were hidden, and never shown."""
        return frozenset(set(_keys(self.rows[self.rows["hidden"].astype(bool)])) - set(self.published))

    @cached_property
    def first(self) -> dict[tuple[str, str], int]:
        """Country and period to the number of the release that had it first."""
        return _number_by_block(self.rows.drop_duplicates(BLOCK, keep="first"))

    @cached_property
    def shown_at(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """Of each country's quarter the releases whose figures of it were new: the first, and each that was revised."""
        shown = self.rows[self.rows["contacts"].notna() & (self.rows["country"] != TOTAL)]
        moved = shown.groupby(list(DIMENSIONS))["contacts"].diff().fillna(0) != 0
        found = {block: [number] for block, number in self.first.items() if block[0] != TOTAL}
        for block, number in sorted(_pairs(shown[moved])):
            if number not in found[block]:
                found[block].append(number)
        return {block: tuple(numbers) for block, numbers in found.items()}


def _keys(rows: pd.DataFrame) -> list[Key]:
    return list(rows[list(DIMENSIONS)].itertuples(index=False, name=None))


def _pairs(rows: pd.DataFrame) -> set[tuple[tuple[str, str], int]]:
    return {
        ((country, period), number) for country, period, number in rows[[*BLOCK, "release"]].itertuples(False, None)
    }


def _number_by_block(rows: pd.DataFrame) -> dict[tuple[str, str], int]:
    return dict(sorted(_pairs(rows)))
