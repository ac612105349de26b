"""Hide what is small, and beside it as little as keeps anybody from working it out. Never decides what is small.

What comes out are the rows that the public reads, and beside them why each is hidden, which stays inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from dashboard.protection import rules as primary_rules
from dashboard.protection.complete import complete
from dashboard.protection.cover import Cover, Problem
from dashboard.protection.ledger import Ledger
from dashboard.protection.sparing import spare
from dashboard.protection.statistics import Statistics
from dashboard.protection.tally import TOTAL, Key
from dashboard.reference.table import Status
from dashboard.reference.thresholds import Rules

__all__ = ["SECONDARY", "Ledger", "NotProtectable", "Protected", "inherit", "protect"]

SECONDARY = "secondary"
Progress = Callable[[int, int], None]


class NotProtectable(Exception):
    """No release can be made that hides these figures: what former releases said stands in the way. `keys`: which."""

    def __init__(self, keys: list[Key]) -> None:
        super().__init__(f"{len(keys)} figures cannot be protected, the first is {' '.join(keys[0])}.")
        self.keys = keys


@dataclass(frozen=True)
class Protected:
    """What the public may read, and why.

    `rows`: country, sector, service, origin, period, contacts (whole or empty), status; numbered from 0. `why`: for
    each row the reason of the primary rules, "secondary" for what covers another, "" for what is shown; never public.
    `pending`: whether a row waits for a revision: it says a former value, or one made of former values.
    """

    rows: pd.DataFrame
    why: pd.Series
    pending: pd.Series

    @property
    def visible(self) -> int:
        """How many figures are shown, those that wait for a revision among them."""
        return len(self.rows) - self.hidden

    @property
    def hidden(self) -> int:
        """How many figures are hidden."""
        return int((self.rows["status"] == Status.SUPPRESSED).sum())


_SAYS_LESS = (
    Status.SUPPRESSED,
    Status.NOT_RELEASED,
    Status.NOT_SHOWN,
    Status.NOT_REPORTED,
    Status.NOT_COLLECTED,
    Status.NOT_APPLICABLE,
    Status.REVISION_PENDING,
    Status.NOT_VERIFIED,
)


def inherit(numerator: Status, denominator: Status) -> Status:
    """The status of a rate or a share: that of whichever part says less; of nothing, "not applicable".

    A share of a hidden count would give the count away, and so would one over a hidden total (reliability.md 1.4, 2).
    Hidden comes before missing, so that nobody learns from a share which of its parts it was.
    """
    for status in _SAYS_LESS:
        if status in (numerator, denominator):
            return status
    return Status.NOT_APPLICABLE if denominator is Status.ZERO else numerator


def protect(
    stats: Statistics, rules: Rules | None = None, ledger: Ledger | None = None, progress: Progress | None = None
) -> Protected:
    """The public rows of a release.

    `rules` are those of `stats` where they are left out; `ledger` is the one that `stats` were made with and only has
    to be named where that is to be made sure (ValueError for another). `progress(done, total)` is called now and then.
    A correction that cannot be protected beside what was public before is left for later. Raises NotProtectable.
    """
    if ledger is not None and ledger is not stats.ledger:
        raise ValueError("These statistics were made with another ledger.")
    rules = rules or stats.rules
    why = primary_rules.primary(rules, stats.values, stats.contributors, stats.largest)
    why[stats.public] = ""
    hidden = (why != "") | stats.hidden
    refused: list[int] = []
    problems = list(_problems(stats, hidden, why != "", rules.threshold))
    for number, (figures, problem) in enumerate(problems):
        cover = Cover(problem)
        report = _Part(progress, number, len(problems))
        complete(cover, report)
        if not cover.refused.any() and spare(cover, SPARING // len(figures), report):
            complete(cover, report)
        hidden[figures] = cover.hidden
        refused += figures[cover.refused].tolist()
    if refused and stats.unrevised is not None:
        return protect(stats.unrevised, rules, ledger, progress)
    # A year's figure, or all countries', that what was public before has narrowed already is left out altogether.
    unsaid = np.array(sorted(i for i in refused if not (stats.base[i] or stats.hidden[i])), np.int64)
    if left := sorted(set(refused) - set(unsaid.tolist())):
        raise NotProtectable([tuple(key) for key in stats.keys.iloc[left].itertuples(index=False)])
    why[hidden & (why == "")] = SECONDARY
    return _published(stats, hidden, why, unsaid)


SPARING = 4_000_000
"""How often at most the solver is asked, to show figures of one set again, times the figures of the set."""


class _Part:
    """Tells of one set of figures after the other: how often it was called counts for little, the sets for much."""

    def __init__(self, progress: Progress | None, number: int, of: int) -> None:
        self._progress, self._done, self._of, self._calls = progress, number, of, 0

    def __call__(self) -> None:
        self._calls += 1
        if self._progress and self._calls % 20 == 1:
            within = 1 - 100 / (100 + self._calls)
            self._progress(round(1000 * (self._done + within)), 1000 * self._of)


def _problems(
    stats: Statistics, hidden: NDArray[np.bool_], primary: NDArray[np.bool_], threshold: int
) -> Iterator[tuple[NDArray[np.int64], Problem]]:
    """The sets of figures that hang together, those apart in which nothing is hidden."""
    relations, m = stats.relations, len(stats.values)
    together = sp.vstack([relations != 0, sp.identity(m)]).astype(np.int8)
    number, of = connected_components(together.T @ together, directed=False)
    for part in range(number):
        figures = np.flatnonzero(of == part)
        if not hidden[figures].any():
            continue
        sums = relations[:, figures]
        involved = np.asarray(stats.own[:, figures].sum(axis=1)).ravel() > 0
        involved[0] = True
        own = stats.own[involved][:, figures].toarray()
        most = stats.most[involved][:, figures].toarray()
        places = pd.get_dummies(stats.keys["country"].iloc[figures]).drop(columns=TOTAL, errors="ignore").to_numpy(bool)
        lowest = stats.lowest[figures]
        yield (
            figures,
            Problem(
                relations=sums[np.diff(sums.indptr) > 0].tocsc(),
                values=stats.values[figures],
                own=own,
                where=(own > 0) @ places,
                room=np.where(stats.leaf[figures], np.maximum(lowest - most, 0), lowest),
                primary=primary[figures],
                hidden=stats.hidden[figures],
                public=stats.public[figures],
                threshold=threshold,
            ),
        )


def _published(
    stats: Statistics, hidden: NDArray[np.bool_], why: NDArray[np.object_], unsaid: NDArray[np.int64]
) -> Protected:
    """The rows. What came late joins the total over countries where it is public itself: it tells nothing new there."""
    values, waits = stats.values.copy(), np.zeros(len(stats.values), bool)
    for total, part in stats.late:
        if hidden[part]:
            waits[total] = True
        else:
            values[total] += stats.values[part]
    pending = ~hidden & (waits | (np.abs(values - stats.truth) > 0.5))
    status = np.where(values == 0, Status.ZERO, Status.VALUE).astype(object)
    status[pending], status[hidden] = Status.REVISION_PENDING, Status.SUPPRESSED
    contacts = pd.array(np.where(hidden, 0, np.round(values)).astype(np.int64), "Int64")
    contacts[hidden] = pd.NA
    rows = stats.keys.assign(contacts=contacts, status=status).drop(index=pd.Index(unsaid)).reset_index(drop=True)
    return Protected(rows, *(pd.Series(np.delete(column, unsaid), rows.index) for column in (why, pending)))
