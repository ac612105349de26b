"""Hide what is small, and beside it as little as keeps anybody from working it out. Never decides what is small.

The method is sequential linear programming as in CONFID: for each figure that is hidden of itself, the cheapest change
of the others that would look the same from outside; what has to change is hidden too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.protection import rules as reasons
from dashboard.protection.ledger import DIMENSIONS, Key, Ledger
from dashboard.protection.statistics import Statistics
from dashboard.reference.table import Status
from dashboard.reference.thresholds import Rules

SECONDARY = "secondary"
Progress = Callable[[int, int], None]


class NotProtectable(Exception):
    """No release can be made that hides these statistics: what former releases said stands in the way."""

    def __init__(self, keys: list[Key]) -> None:
        super().__init__(f"{len(keys)} statistics cannot be protected, the first is {' '.join(keys[0])}.")
        self.keys = keys


@dataclass(frozen=True)
class Protected:
    """What the public may read, and why.

    `rows`: country, sector, service, origin, period, contacts (whole or empty), status. `why`: for each row the reason
    of the primary rules, "secondary" for what covers another, "" for what is shown; never public. `pending`: whether
    a former value stands although a correction came in.
    """

    rows: pd.DataFrame
    why: pd.Series
    pending: pd.Series

    @property
    def visible(self) -> int:
        """How many statistics are shown, those that wait for a revision among them."""
        return len(self.rows) - self.hidden

    @property
    def hidden(self) -> int:
        """How many statistics are hidden."""
        return int((self.rows["status"] == Status.SUPPRESSED).sum())


def inherit(numerator: Status, denominator: Status) -> Status:
    """The status of a rate or share: that of whichever part says less, the numerator's where both say the same.

    A share of a hidden count would give the count away, and so would one over a hidden total (reliability.md 1.4, 2).
    What is hidden wins over what is missing, for the mark must not tell which of the two it was.
    """
    order = [
        Status.SUPPRESSED,
        Status.NOT_RELEASED,
        Status.NOT_REPORTED,
        Status.NOT_COLLECTED,
        Status.NOT_APPLICABLE,
        Status.REVISION_PENDING,
        Status.NOT_VERIFIED,
    ]
    for status in order:
        if status in (numerator, denominator):
            return status
    return Status.NOT_APPLICABLE if denominator is Status.ZERO else numerator


def protect(
    stats: Statistics, rules: Rules | None = None, ledger: Ledger | None = None, progress: Progress | None = None
) -> Protected:
    """The public rows of a release. `rules` and `ledger` are those of `stats` where they are left out.

    `progress(done, total)` is called now and then. Raises NotProtectable.
    """
    rules, ledger = rules or stats.rules, ledger or stats.ledger
    keys = list(stats.keys.itertuples(index=False, name=None))
    published, before = ledger.published(), ledger.hidden()
    values = np.array([published.get(key, value) for key, value in zip(keys, stats.values, strict=True)], np.int64)
    fixed = np.array([key in published for key in keys], bool)
    kept = np.array([key in before and key not in published for key in keys], bool)
    why = reasons.primary(rules, stats.values, stats.contributors, stats.largest)
    why[fixed] = ""
    hidden = _cover(stats, rules, (why != "") | kept, fixed, why, progress)
    why[hidden & (why == "")] = SECONDARY
    pending = fixed & (values != stats.values)
    status = np.where(values == 0, Status.ZERO, Status.VALUE).astype(object)
    status[pending], status[hidden] = Status.REVISION_PENDING, Status.SUPPRESSED
    rows = stats.keys.assign(contacts=pd.array(values, "Int64"), status=status)
    rows.loc[hidden, "contacts"] = pd.NA
    return Protected(rows, pd.Series(why, rows.index), pd.Series(pending, rows.index))


def _cover(
    stats: Statistics,
    rules: Rules,
    hidden: NDArray[np.bool_],
    fixed: NDArray[np.bool_],
    why: NDArray[np.object_],
    progress: Progress | None,
) -> NDArray[np.bool_]:
    m, values, T = len(stats.values), stats.values, rules.threshold
    lp = highspy.HighsLp()
    matrix = stats.relations.tocsc()
    lp.num_col_, lp.num_row_ = 2 * m, matrix.shape[0]
    cost = np.where(hidden, 0.0, np.log2(values + 2.0))
    lp.col_cost_, lp.col_lower_ = np.r_[cost, cost], np.zeros(2 * m)
    up, down = np.where(fixed, 0.0, 1e6), np.where(fixed, 0.0, values)
    lp.col_upper_ = np.r_[up, down]
    lp.row_lower_ = lp.row_upper_ = np.zeros(matrix.shape[0])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.r_[matrix.indptr, matrix.indptr[1:] + matrix.nnz]
    lp.a_matrix_.index_ = np.r_[matrix.indices, matrix.indices]
    lp.a_matrix_.value_ = np.r_[matrix.data, -matrix.data]
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.passModel(lp)
    highest, lowest = np.zeros(m), np.zeros(m)
    targets = [int(i) for i in np.argsort(-values, kind="stable") if why[i]]
    refused = []
    for done, p in enumerate(targets):
        if progress and done % 50 == 0:
            progress(done, len(targets))
        small = why[p] == reasons.SMALL
        aims = (T - 1 - values[p], 1 - values[p]) if small else (T - 1, -min(T - 1, values[p]))
        for aim in map(float, aims):
            if lowest[p] <= aim <= highest[p]:
                continue
            column, other = (p, p + m) if aim > 0 else (p + m, p)
            solver.changeColBounds(column, abs(aim), abs(aim))
            solver.changeColBounds(other, 0.0, 0.0)
            solver.run()
            if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                refused.append(tuple(stats.keys.loc[p, list(DIMENSIONS)]))
            else:
                found = np.array(solver.getSolution().col_value)
                moved = found[:m] - found[m:]
                highest, lowest = np.maximum(highest, moved + 1e-7), np.minimum(lowest, moved - 1e-7)
                for k in np.flatnonzero((np.abs(moved) > 1e-7) & ~hidden):
                    solver.changeColCost(int(k), 0.0)
                    solver.changeColCost(int(k) + m, 0.0)
                    hidden[k] = True
            solver.changeColBounds(p, 0.0, up[p])
            solver.changeColBounds(p + m, 0.0, down[p])
    if refused:
        raise NotProtectable(refused)
    return hidden
