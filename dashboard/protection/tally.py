"""Add contributions up to every figure that a release could say, and say which is the sum of which. Never hides one.

Published are, for each country and all of them, each quarter and whole years: the total, each sector, each service in
its sector, each country of origin. Services and origins are never crossed, so what is unknown to a reader are the
services and the origins of each country and quarter, each adding up to the same total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd
import scipy.sparse as sp

Key = tuple[str, str, str, str, str]
DIMENSIONS = ("country", "sector", "service", "origin", "period")
BLOCK = ["country", "period"]
"""What is corrected, waits and is shown as one: a country's quarter."""
TOTAL, UNRECORDED = "_T", "_U"
_BY = [*DIMENSIONS, "organisation_code"]
_SUMMED = (("sector", "service", "origin"), ("service", "origin"), ("origin",), ("sector", "service"))
"""What is summed over, that is `_T`, in each family: total, sector, service, origin."""


def keys(frame: pd.DataFrame) -> pd.MultiIndex:
    """The keys of a frame's rows."""
    return pd.MultiIndex.from_frame(frame[list(DIMENSIONS)])


def blocks(frame: pd.DataFrame) -> pd.MultiIndex:
    """The country and period of each of a frame's rows."""
    return pd.MultiIndex.from_frame(frame[BLOCK])


def figures(contributions: pd.DataFrame) -> pd.DataFrame:
    """A row for each figure of a country and quarter and each organisation that counted in it, with its contacts.

    `contributions`: the DIMENSIONS (leaves; a quarter, 2026-Q3), organisation_code, contacts.
    """
    leaves = contributions[[*_BY, "contacts"]].astype({name: str for name in _BY} | {"contacts": "int64"})
    leaves = leaves.groupby(_BY, sort=False)["contacts"].sum().reset_index()
    every = pd.concat([leaves.assign(**dict.fromkeys(summed, TOTAL)) for summed in _SUMMED])
    return every.groupby(_BY, sort=False)["contacts"].sum().reset_index()


def whole_years(quarters: pd.DataFrame) -> pd.MultiIndex:
    """Country and year of which all four quarters are there, `_T` for the countries together."""
    seen = quarters[BLOCK].drop_duplicates()
    seen = pd.concat([seen, seen.assign(country=TOTAL)]).drop_duplicates()
    count = seen.groupby(["country", seen["period"].str[:4]]).size()
    return pd.MultiIndex.from_tuples(list(count.index[count == 4]), names=BLOCK)


def everything(
    quarters: pd.DataFrame, years: pd.MultiIndex, late: Collection[Key] = (), late_in_year: Collection[Key] = ()
) -> pd.DataFrame:
    """The same with the countries together and with these years.

    `quarters`: as `figures` gives them. `late`: figures of a quarter that its total over countries leaves out;
    `late_in_year`: those that the year's total over countries leaves out.
    """
    yearly = quarters.assign(period=quarters["period"].str[:4])
    together = quarters[_without(quarters, late)].assign(country=TOTAL)
    together_yearly = yearly[_without(quarters, late_in_year)].assign(country=TOTAL)
    found = [quarters, together, *(part[blocks(part).isin(years)] for part in (yearly, together_yearly))]
    return pd.concat(found).groupby(_BY, sort=False)["contacts"].sum().reset_index()


def _without(frame: pd.DataFrame, left_out: Collection[Key]) -> pd.Series:
    return pd.Series(~keys(frame).isin(list(left_out)) if left_out else True, frame.index)


def relations(figured: Iterable[Key], late: Collection[Key] = (), late_in_year: Collection[Key] = ()) -> sp.csr_matrix:
    """The sums among these figures: a row each, 1 for the parts, -1 for what they add up to.

    Within a country's quarter sectors and origins make the total, services their sector; every figure of a year or of
    the countries together is the sum of a country's quarters or years, but for what it leaves out.
    """
    listed = list(figured)
    index = {key: i for i, key in enumerate(listed)}
    sums: dict[int, list[int]] = defaultdict(list)
    within: dict[tuple[str, Key], list[int]] = defaultdict(list)
    partly = {(c, s, v, o, p[:4]) for c, s, v, o, p in late_in_year}
    for i, key in enumerate(listed):
        country, sector, service, origin, period = key
        if country == TOTAL:
            continue
        if "-" not in period:
            if key not in partly and (TOTAL, *key[1:]) in index:
                sums[index[TOTAL, *key[1:]]].append(i)
            continue
        if origin != TOTAL:
            within["origin", (country, TOTAL, TOTAL, TOTAL, period)].append(i)
        elif service != TOTAL:
            within["service", (country, sector, TOTAL, TOTAL, period)].append(i)
        elif sector != TOTAL:
            within["sector", (country, TOTAL, TOTAL, TOTAL, period)].append(i)
        whole, together = (*key[:4], period[:4]), (TOTAL, *key[1:])
        if whole in index:
            sums[index[whole]].append(i)
        if key not in late and together in index:
            sums[index[together]].append(i)
        year = (*together[:4], period[:4])
        if (whole not in index or whole in partly) and key not in late_in_year and year in index:
            sums[index[year]].append(i)
    found = [*sums.items(), *((index[total], parts) for (_kind, total), parts in within.items())]
    data = [value for _total, parts in found for value in (-1.0, *(1.0 for _part in parts))]
    columns = [i for total, parts in found for i in (total, *parts)]
    starts = np.cumsum([0, *(1 + len(parts) for _total, parts in found)])
    return sp.csr_matrix((data, columns, starts), shape=(len(found), len(listed)))
