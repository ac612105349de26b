"""How little each hidden figure is at least, as anybody can see from sums of what is shown: one sum after the other.

A linear programme finds more; but most of what is seen to be large is seen so, and for many figures at once. Never asks
one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.protection.cover import Cover

UNKNOWN = 1e9
"""More than anything is."""
ROUNDS = 6
"""How long a chain of sums is followed: from a service to its sector, the total, the year, all countries."""


def at_least(cover: Cover, own: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each of all n figures no more than what it must be to somebody who contributed `own`; shown ones are known."""
    p = cover.problem
    parts, totals = (p.relations > 0).astype(float).tocsr(), (p.relations < 0).astype(float).tocsr()
    low, high = np.where(cover.hidden, own, p.values), np.where(cover.hidden, UNKNOWN, p.values)
    part_rows, part_columns = parts.nonzero()
    total_rows, total_columns = totals.nonzero()
    for _round in range(ROUNDS):
        least, most = parts @ low, parts @ high
        np.maximum.at(low, total_columns, least[total_rows])
        np.minimum.at(high, total_columns, most[total_rows])
        above, below = totals @ high, totals @ low
        np.maximum.at(low, part_columns, below[part_rows] - most[part_rows] + high[part_columns])
        np.minimum.at(high, part_columns, above[part_rows] - least[part_rows] + low[part_columns])
    return low
