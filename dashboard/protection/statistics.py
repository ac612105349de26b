"""Every number that a release could say of contacts, and how they add up. Never hides one, never asks for rows.

Published are, for each country and all of them, each quarter and whole years: the total, each sector, each service in
its sector, each country of origin. Services and origins are never crossed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from dashboard.protection.ledger import DIMENSIONS, Key, Ledger
from dashboard.protection.rules import Rules

TOTAL, UNRECORDED = "_T", "_U"
_FAMILIES = (("sector", "service", "origin"), ("service", "origin"), ("origin",), ("sector", "service"))
"""What is summed over, that is `_T`, in each family: total, sector, service, origin."""


@dataclass(frozen=True)
class Statistics:
    """One row a statistic. `keys`: its five dimensions; the arrays have its length.

    `values`: contacts; `contributors`: organisations that contributed more than nothing; `largest`: the most that one
    of them contributed; `relations`: a matrix with a row for each sum, 1 for its parts and -1 for what they add up to,
    so that relations @ values is nothing.
    """

    keys: pd.DataFrame
    values: NDArray[np.int64]
    contributors: NDArray[np.int64]
    largest: NDArray[np.int64]
    relations: sp.csr_matrix
    rules: Rules
    ledger: Ledger


def statistics(contributions: pd.DataFrame, ledger: Ledger | None = None, rules: Rules | None = None) -> Statistics:
    """What could be said of these contributions.

    `contributions`: country, sector, service, origin, period (a quarter, 2026-Q3), organisation_code, contacts; a row
    for each leaf that an organisation counted, `_U` where service or origin were not recorded. A year is there when
    all four of its quarters are.
    """
    rows = _rows(contributions)
    groups = rows.groupby(list(DIMENSIONS), sort=True, observed=True)["contacts"]
    table = groups.agg(["sum", "max"]).assign(count=rows["contacts"].gt(0).groupby([rows[d] for d in DIMENSIONS]).sum())
    keys = table.index.to_frame(index=False)
    return Statistics(
        keys,
        table["sum"].to_numpy(np.int64),
        table["count"].to_numpy(np.int64),
        table["max"].to_numpy(np.int64),
        relations(list(keys.itertuples(index=False, name=None))),
        rules or Rules(),
        ledger or Ledger(),
    )


def _rows(contributions: pd.DataFrame) -> pd.DataFrame:
    """One row for each statistic and organisation, its contacts added up."""
    by = [*DIMENSIONS, "organisation_code"]
    leaves = contributions.astype({d: str for d in by} | {"contacts": "int64"})
    quarters = pd.concat([leaves.assign(**dict.fromkeys(summed, TOTAL)) for summed in _FAMILIES])
    quarters = quarters.groupby(by, sort=False)["contacts"].sum().reset_index()
    everywhere = pd.concat([quarters, quarters.assign(country=TOTAL)])
    years = everywhere.assign(year=everywhere["period"].str[:4])
    whole = years.groupby(["country", "year"])["period"].transform("nunique") == 4
    years = years[whole].assign(period=years["year"]).drop(columns="year")
    return pd.concat([everywhere, years]).groupby(by, sort=False)["contacts"].sum().reset_index()


def relations(keys: list[Key]) -> sp.csr_matrix:
    """The sums among these statistics: a row each, 1 for the parts, -1 for the total."""
    index = {key: i for i, key in enumerate(keys)}
    sums: dict[tuple[str, Key], list[int]] = defaultdict(list)
    for i, (country, sector, service, origin, period) in enumerate(keys):
        if origin != TOTAL:
            sums["origins", (country, TOTAL, TOTAL, TOTAL, period)].append(i)
        elif service != TOTAL:
            sums["services", (country, sector, TOTAL, TOTAL, period)].append(i)
        elif sector != TOTAL:
            sums["sectors", (country, TOTAL, TOTAL, TOTAL, period)].append(i)
        if country != TOTAL:
            sums["countries", (TOTAL, sector, service, origin, period)].append(i)
        if "-" in period:
            sums["quarters", (country, sector, service, origin, period[:4])].append(i)
    found = [(index[total], parts) for (_kind, total), parts in sums.items() if total in index]
    data = [value for _total, parts in found for value in [-1.0, *[1.0] * len(parts)]]
    columns = [i for total, parts in found for i in [total, *parts]]
    starts = np.cumsum([0, *[1 + len(parts) for _total, parts in found]])
    return sp.csr_matrix((data, columns, starts), shape=(len(found), len(keys)))
