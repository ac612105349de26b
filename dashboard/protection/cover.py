"""Find what has to be hidden beside what is hidden of itself, in one set of figures that hang together by sums.

Sequential linear programming as in CONFID (reliability.md 1.4): for each hidden figure and each value that it must be
able to have, the cheapest way for all figures to be others that would look the same from outside; what moves in it is
hidden too. Each such way is kept as a proof, for it shows as much of everything else that moves in it.
Never says why a figure is hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from dashboard.protection.solver import FAR, Solver

NEARLY = 1e-3
"""So much less is as good as met: the solver's own tolerance, and the short numbers in which proofs are kept."""


@dataclass(frozen=True)
class Problem:
    """One set of n figures that hang together, and k who might attack; the first of them knows nothing of its own.

    `relations`: sums x n. `values`. `own` (k x n): what each attacker contributed. `room` (k x n): by how much each
    figure can be less, as each attacker knows it. `primary`: hidden of itself; those are guarded against all k, the
    others against the first. `hidden`: has to stay hidden; `public`: has to stay shown. `threshold`: T.
    """

    relations: sp.csc_matrix
    values: NDArray[np.float64]
    own: NDArray[np.float64]
    room: NDArray[np.float64]
    primary: NDArray[np.bool_]
    hidden: NDArray[np.bool_]
    public: NDArray[np.bool_]
    threshold: int


class Proof(NamedTuple):
    """A way for figures to move: `where` and `by` how much, and the `share` of it that each attacker must allow for."""

    where: NDArray[np.int64]
    by: NDArray[np.float64]
    share: NDArray[np.float32]


class Cover:
    """What is hidden, and the proofs that it stays so. `hidden`: n; `refused`: figures that nothing can protect.

    A figure hidden of itself is protected when whoever attacks must allow that it is 1 and that it is T - 1, or, if it
    is 2 T - 1 or more, that it is T - 1 less and T - 1 more; if it is between, that it is 1 and T - 1 more. Any other
    is when a stranger must allow that it is 1, or that it is T - 1 less and more: so every range that holds less than
    1 to T - 1 is one of figures that are known to be T or more. Where what is public shows that anyway (a year of
    which three quarters are), it is 2 (T - 1) more.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = p = problem
        k, n = p.own.shape
        self.hidden = p.hidden | p.primary
        self.cost = np.log2(p.values + 2.0)
        self.more = np.where(p.values < p.threshold, p.threshold - 1 - p.values, p.threshold - 1.0)
        self.least = np.where(p.values < 2 * p.threshold - 1, np.minimum(1.0, p.values), p.values - (p.threshold - 1))
        # What only covers is cheap to take down as far as 1 from here, and seldom stops on the way if it is larger.
        # It is T or more and safe to show, so that nobody has to think that it is more than it is.
        covers = ~p.primary & (p.values >= p.threshold) & (p.values < 3 * p.threshold)
        self.least[covers], self.more[covers] = 1.0, 0.0
        self.highest, self.lowest = np.zeros((k, n), np.float32), np.zeros((k, n), np.float32)
        self.bounded, self.eased = np.zeros((k, n), bool), np.zeros((k, n), bool)
        self.proofs: list[Proof] = []
        self.refused: set[int] = set()
        self.insiders = self.insiders_of(p.own)
        self._solver = Solver(
            p.relations, np.where(self.hidden, 0.0, self.cost), np.where(p.public, 0.0, FAR), self._less(0)
        )
        self._who = 0

    @staticmethod
    def insiders_of(own: NDArray[np.float64]) -> list[int]:
        """The attackers who know something of their own."""
        found: list[int] = np.flatnonzero(own.any(axis=1)).tolist()
        return found

    def _less(self, who: int) -> NDArray[np.float64]:
        return np.where(self.problem.public, 0.0, self.problem.room[who])

    def less(self, figures: NDArray[np.int64], who: int) -> NDArray[np.float64]:
        """By how much this attacker must allow each figure to be less: at most nothing."""
        p = self.problem
        values = p.values[figures]
        least = np.where(self.eased[who, figures], values - (p.threshold - 1), self.least[figures])
        floor = np.maximum(least, p.own[who, figures])
        by: NDArray[np.float64] = np.minimum(0.0, floor - values)
        by[self.bounded[who, figures]] = 0.0
        return by

    def unmet(self, figures: NDArray[np.int64], who: int) -> list[tuple[int, float]]:
        """Which of these figures must be able to move by how much, and are not yet proved to."""
        more, less = self.more[figures], self.less(figures, who)
        up, down = self.highest[who, figures] < more - NEARLY, self.lowest[who, figures] > less + NEARLY
        found = np.r_[figures[up], figures[down]], np.r_[more[up], less[down]]
        return list(zip(found[0].tolist(), found[1].tolist(), strict=True))

    def is_met(self, figure: int, by: float, who: int) -> bool:
        """Whether a proof shows that this attacker must allow for that."""
        if by >= 0:
            return bool(self.highest[who, figure] >= by - NEARLY)
        return bool(self.lowest[who, figure] <= by + NEARLY)

    def meet(self, figure: int, by: float, who: int) -> None:
        """See to it that this attacker must allow the figure to differ by so much, hiding what that takes."""
        if self.is_met(figure, by, who) or figure in self.refused:
            return
        if who != self._who:
            self._solver.limit_less(self._less(who))
            self._who = who
        moved = self._solver.move(figure, by)
        if moved is None:
            self._cannot(figure, by, who)
            return
        self.keep(moved)
        new = np.flatnonzero((moved != 0) & ~self.hidden)
        if len(new):
            self.hidden[new] = True
            self._solver.price(new, 0.0, 0.0)

    def _cannot(self, figure: int, by: float, who: int) -> None:
        """What is public already keeps the figure from being less: no harm where it shows it to be T or more anyway."""
        p = self.problem
        reach = np.where(p.public, 0.0, FAR)
        free = Solver(p.relations, np.zeros(len(reach)), reach, np.where(p.public, 0.0, p.values - p.own[who]))
        if by > 0 or p.values[figure] + free.lowest(figure) < p.threshold - NEARLY:
            if who and by < 1 - p.threshold:  # only a stranger has to think that it may be as little as 1
                self.eased[who, figure] = True
                self.meet(figure, 1.0 - p.threshold, who)
            else:
                self.refused.add(figure)
            return
        self.bounded[who, figure] = True
        self.more[figure] = 2 * (p.threshold - 1)
        self.meet(figure, float(self.more[figure]), who)

    def keep(self, moved: NDArray[np.float64]) -> None:
        """Keep this way to move as a proof."""
        room = self.problem.room
        where = np.flatnonzero(moved)
        less = where[moved[where] < 0]
        share = np.minimum(1.0, (room[:, less] / -moved[less]).min(axis=1, initial=1.0)).astype(np.float32)
        by = moved[where]
        shown = share[:, None] * by.astype(np.float32)
        self.highest[:, where] = np.maximum(self.highest[:, where], shown)
        self.lowest[:, where] = np.minimum(self.lowest[:, where], shown)
        self.proofs.append(Proof(where, by, share))

    def show(self, figure: int) -> None:
        """Show a figure again: it costs what it did, and what was proved of it does not count, should it be hidden."""
        self.hidden[figure] = False
        self.highest[:, figure] = self.lowest[:, figure] = 0
        self._solver.price(np.array([figure]), float(self.cost[figure]), float(self.cost[figure]))

    def complete(self, progress: Callable[[], None] = lambda: None) -> None:
        """Hide until every hidden figure is protected; those for which nothing can be done are `refused`."""
        first = np.flatnonzero(self.problem.primary)
        # The largest first: what covers it covers smaller ones too, seldom the other way round.
        for figure in first[np.argsort(-self.problem.values[first], kind="stable")]:
            progress()
            for _figure, by in self.unmet(np.array([figure]), 0):
                self.meet(int(figure), by, 0)
        before = None
        while before != (before := (int(self.hidden.sum()), float(self.more.sum()))) or self._stopped_half_way():
            for who in (0, *self.insiders):
                progress()
                for figure, by in self.unmet(np.flatnonzero(self.problem.primary if who else self.hidden), who):
                    self.meet(figure, by, who)

    def _stopped_half_way(self) -> bool:
        """Whether a figure that is T or more could seem to be less, and not as little as 1: then it has to reach 1."""
        p = self.problem
        large = np.flatnonzero(self.hidden & (self.least >= p.threshold) & (p.values + self.lowest[0] > 1 + NEARLY))
        if not len(large):
            return False
        solver, place = self.pattern(p.values)
        found = False
        for figure in large:
            lowest = p.values[figure] + solver.lowest(int(place[figure]))
            if 1 + NEARLY < lowest < p.threshold - NEARLY:
                self.least[figure], found = 1.0, True
        return found

    def pattern(self, less: NDArray[np.float64]) -> tuple[Solver, NDArray[np.int64]]:
        """A programme of the hidden figures alone, in which moving costs nothing, and where in it each figure is.

        `less`: how far each of all figures may move down.
        """
        figures = np.flatnonzero(self.hidden)
        relations = self.problem.relations[:, figures]
        relations = relations[np.diff(relations.tocsr().indptr) > 0].tocsc()
        nothing = np.zeros(len(figures))
        place = np.full(len(self.hidden), -1)
        place[figures] = np.arange(len(figures))
        return Solver(relations, nothing, nothing + FAR, less[figures]), place
