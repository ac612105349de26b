"""Which statistics are hidden of themselves, by the rules of datasets/protection.toml. Never looks at the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.reference.thresholds import Rules

__all__ = ["CONTRIBUTORS", "DOMINANCE", "REMAINDER", "SMALL", "Rules", "primary"]

SMALL, CONTRIBUTORS, DOMINANCE, REMAINDER = "small", "contributors", "dominance", "remainder"
"""The reasons, the first that holds counts."""


def primary(
    rules: Rules,
    values: NDArray[np.int64] | NDArray[np.float64],
    contributors: NDArray[np.int64],
    largest: NDArray[np.int64],
) -> NDArray[np.object_]:
    """Of each statistic the reason why it is hidden of itself, "" for none.

    `values`: the counts; `contributors`: how many organisations contributed more than nothing; `largest`: the most
    that one of them contributed. All of one length. A zero is never primary: it tells of nobody.
    """
    T, some = rules.threshold, values > 0
    rest = values - largest
    reasons = np.full(len(values), "", object)
    for reason, holds in (
        (REMAINDER, (contributors <= rules.remainder_contributors) & (rest > 0) & (rest < T)),
        (DOMINANCE, largest > rules.dominance * values),
        (CONTRIBUTORS, contributors < rules.contributors),
        (SMALL, values < T),
    ):
        reasons[some & holds] = reason
    return reasons
