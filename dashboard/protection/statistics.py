"""Every figure that a release could say of contacts, what it is made of and what binds it. Never hides one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog

from dashboard.protection import tally
from dashboard.protection.ledger import Ledger
from dashboard.protection.standing import Standing, standing
from dashboard.protection.tally import DIMENSIONS, TOTAL, UNRECORDED, Key
from dashboard.reference.thresholds import Rules

__all__ = ["DIMENSIONS", "TOTAL", "UNRECORDED", "Statistics", "statistics"]


@dataclass(frozen=True)
class Statistics:
    """One row a statistic, sorted by its key; every array has their number m.

    `keys`: the five dimensions. `values`: contacts that stand, whole but where `torn` left no other way; `truth`: all
    that are known now; `contributors`: how many organisations contributed more than nothing, `largest`: the most that
    one of them did. `own`: organisations x m, what each contributed; its first row is of somebody who knows nothing.
    `lowest` and `most`: the same as `values` and `own`, the least and the most of every state that was public.
    `relations`: k x m, the sums that a reader can make, 1 for the parts and -1 for the total. `base`: figures of a
    country and quarter, `leaf`: those of them that nothing is a part of. `public`: shown by a former release, so it has
    to stay; `hidden`: hidden by one, so it has to stay so. `late`: pairs of rows, a total over countries and a part
    that it leaves out because it came after the total was public. `unrevised`: where a correction shows, the same
    without any, in case it cannot be protected beside what was public before.
    """

    keys: pd.DataFrame
    values: NDArray[np.float64]
    truth: NDArray[np.int64]
    contributors: NDArray[np.int64]
    largest: NDArray[np.int64]
    own: sp.csr_matrix
    lowest: NDArray[np.float64]
    most: sp.csr_matrix
    relations: sp.csr_matrix
    base: NDArray[np.bool_]
    leaf: NDArray[np.bool_]
    public: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    late: tuple[tuple[int, int], ...]
    rules: Rules
    ledger: Ledger
    unrevised: Statistics | None = None


def statistics(
    contributions: pd.DataFrame, ledger: Ledger | None = None, rules: Rules | None = None, *, revise: bool = True
) -> Statistics:
    """What could be said of these contributions, after what former releases said.

    `contributions`: country, sector, service, origin, period (a quarter, 2026-Q3), organisation_code, contacts; a row
    for each leaf that an organisation counted, `_U` where service or origin were not recorded. A year is there with
    its fourth quarter. Without `rules` those of the code; without `revise` no correction of what was released shows.
    Raises ValueError for former releases that contradict
    themselves.
    """
    rules, ledger = rules or Rules(), ledger or Ledger()
    now = tally.figures(contributions)
    stands = standing(now, ledger, rules, revise)
    index = pd.MultiIndex.from_frame(stands.figures[list(DIMENSIONS)].drop_duplicates()).sort_values()
    listed: list[Key] = list(index)
    names = pd.Index(sorted({"", *stands.figures["organisation_code"]}))
    own = _own(stands.figures, index, names)
    public = np.array([key in ledger.published for key in listed], bool)
    quarterly = np.array([key[0] != TOTAL and "-" in key[4] for key in listed], bool)
    relations = tally.relations(listed, stands.late, stands.late_in_year)
    values = np.asarray(own.sum(axis=0), np.float64).ravel()
    if stands.torn:
        values[public] = [ledger.published[key] for key in listed if key in ledger.published]
        torn = np.array([(key[0], key[4]) in stands.torn for key in listed], bool)
        values = _fitted(values, relations, public | (quarterly & ~torn))
    truth = tally.everything(now, tally.whole_years(now)).groupby(list(DIMENSIONS))["contacts"].sum()
    lowest, most = values.copy(), own
    for frame in stands.former:
        was = _own(frame, index, names)
        there = np.zeros(len(listed), bool)
        there[index.get_indexer(tally.keys(frame).drop_duplicates())] = True
        lowest[there] = np.minimum(lowest, np.asarray(was.sum(axis=0)).ravel())[there]
        most = most.maximum(was)
    return Statistics(
        keys=index.to_frame(index=False),
        values=values,
        truth=truth.reindex(index, fill_value=0).to_numpy(np.int64),
        contributors=np.asarray((own > 0).sum(axis=0), np.int64).ravel(),
        largest=own.max(axis=0).toarray().astype(np.int64).ravel(),
        own=own,
        lowest=lowest,
        most=most,
        relations=relations,
        base=quarterly,
        leaf=quarterly & np.array([TOTAL != key[2] or TOTAL != key[3] for key in listed], bool),
        public=public,
        hidden=np.array([key in ledger.hidden for key in listed], bool),
        late=tuple(_late(listed, stands)),
        rules=rules,
        ledger=ledger,
        unrevised=statistics(contributions, ledger, rules, revise=False) if stands.revised else None,
    )


def _own(figures: pd.DataFrame, index: pd.MultiIndex, names: pd.Index) -> sp.csr_matrix:
    """Organisations x statistics; what stands for nobody is left out."""
    rows, columns = names.get_indexer(pd.Index(figures["organisation_code"])), index.get_indexer(tally.keys(figures))
    there = (rows > 0) & (columns >= 0)
    data = figures["contacts"].to_numpy(np.float64)[there]
    return sp.csr_matrix((data, (rows[there], columns[there])), shape=(len(names), len(index)))


def _late(listed: list[Key], stands: Standing) -> Iterator[tuple[int, int]]:
    index = {key: i for i, key in enumerate(listed)}
    for left_out, length in ((stands.late, None), (stands.late_in_year, 4)):
        for key in sorted(left_out):
            together = (TOTAL, *key[1:4], key[4][:length])
            if together in index:
                yield index[together], index[key]


def _fitted(values: NDArray[np.float64], relations: sp.csr_matrix, known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The values nearest to these that add up, those that are known untouched. Raises ValueError where none do."""
    m, free = len(values), np.where(known, 0.0, np.inf)
    found = linprog(
        np.ones(2 * m),
        A_eq=sp.hstack([relations, -relations]),
        b_eq=-(relations @ values),
        bounds=np.c_[np.zeros(2 * m), np.r_[free, np.where(known, 0.0, values)]],
    )
    if found.status != 0:
        raise ValueError("The former releases contradict themselves: their public figures do not add up.")
    fitted: NDArray[np.float64] = np.round(values + found.x[:m] - found.x[m:], 6)
    return fitted
