"""Find what has to be hidden beside what is hidden of itself, in one set of figures that hang together by sums.

Sequential linear programming as in CONFID (reliability.md 1.4): for each hidden figure and each value that it must be
able to have, the cheapest way for all figures to be others that would look the same from outside; what moves in it is
hidden too. Each such way is kept as a proof, for it shows as much of everything else that moves in it.
Never says why a figure is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from dashboard.protection.solver import FAR, LITTLE, Solver

NEARLY = 1e-3
"""So much less is as good as met: the solver's own tolerance, and the short numbers in which proofs are kept."""
ZERO = 0.2
"""What it costs to hide a zero, beside 0.3 to 1 for what is more."""
WHOLE = 4.0
"""How many times as much it costs to hide everything of a country and quarter: as good as never chosen where other
figures do, at the same number of hidden ones (of the third standard world 1,680 in place of 1,682, and all of the
counted total shown in place of 74 %)."""


@dataclass(frozen=True)
class Problem:
    """One set of n figures that hang together, and k who might attack; the first of them knows nothing of its own.

    `relations`: sums x n. `values`. `own` (k x n): what each attacker contributed. `where` (k x places): and in which
    places. `room` (k x n): by how much each figure can be less, as each attacker knows it. `primary`: hidden of
    itself; those are guarded against all k, the others against the first. `hidden`: has to stay hidden; `public`: has
    to stay shown. `threshold`: T.
    """

    relations: sp.csc_matrix
    values: NDArray[np.float64]
    own: NDArray[np.float64]
    where: NDArray[np.bool_]
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
    """What is hidden, and the proofs that it stays so. `hidden`: n; `refused`: n, figures that nothing can protect.

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
        self.more = np.where(p.values < p.threshold, p.threshold - 1 - p.values, p.threshold - 1.0)
        self.least = np.where(p.values < 2 * p.threshold - 1, np.minimum(1.0, p.values), p.values - (p.threshold - 1))
        # What only covers is cheap to take down as far as 1 from here, and seldom stops on the way if it is larger.
        # It is T or more and safe to show, so that nobody has to think that it is more than it is.
        covers = ~p.primary & (p.values >= p.threshold) & (p.values < 3 * p.threshold)
        self.least[covers], self.more[covers] = 1.0, 0.0
        self.highest, self.lowest = np.zeros((k, n), np.float32), np.zeros((k, n), np.float32)
        self.bounded, self.refused = np.zeros((k, n), bool), np.zeros(n, bool)
        self.proofs: list[Proof] = []
        # All alike, but large ones somewhat less, for they can cover more: that hides fewer than where large ones cost
        # more (reliability.md 1.4). Zeros cost little, so that nobody can take it that what is hidden is none.
        self.cost = np.where(p.values > 0, np.maximum(0.3, 1.0 - np.log2(p.values + 2.0) / 20), ZERO)
        # What adds up in two ways is everything of a country and quarter: it is read first, and others cover as well.
        self.cost[np.asarray((p.relations < 0).sum(axis=0)).ravel() >= 2] *= WHOLE
        self.insiders = self.insiders_of(p.own)
        self._solver = Solver(
            p.relations, np.where(self.hidden, LITTLE, self.cost), np.where(p.public, 0.0, FAR), self._less(0)
        )
        self._who = 0

    @staticmethod
    def insiders_of(own: NDArray[np.float64]) -> list[int]:
        """The attackers who know something of their own."""
        found: list[int] = np.flatnonzero(own.any(axis=1)).tolist()
        return found

    def _less(self, who: int) -> NDArray[np.float64]:
        return np.where(self.problem.public, 0.0, self.problem.room[who])

    def less(
        self, figures: NDArray[np.int64], who: int | slice = slice(None), least: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """By how much each attacker, or this one, must allow each figure to be less: at most nothing.

        `least`: how little each of all n has to be able to be, where it is not what protects it.
        """
        p = self.problem
        values, wanted = p.values[figures], (self.least if least is None else least)[figures]
        by: NDArray[np.float64] = np.minimum(0.0, np.maximum(wanted, p.own[who, figures]) - values)
        by[self.bounded[who, figures]] = 0.0
        return by

    def lacking(
        self, figures: NDArray[np.int64], least: NDArray[np.float64] | None = None
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """k x figures: which are not proved yet to be able to be more, and so much less, where they have to be."""
        guarded = np.repeat((self.hidden & self.problem.primary & ~self.refused)[None, figures], len(self.highest), 0)
        guarded[0] = (self.hidden & ~self.refused)[figures]
        up = guarded & (self.highest[:, figures] < self.more[figures] - NEARLY)
        return up, guarded & (self.lowest[:, figures] > self.less(figures, least=least) + NEARLY)

    def unmet(self, figures: NDArray[np.int64], who: int) -> list[tuple[int, float]]:
        """Which of these figures must be able to move by how much, and are not yet proved to."""
        more, less = self.more[figures], self.less(figures, who)
        up, down = self.highest[who, figures] < more - NEARLY, self.lowest[who, figures] > less + NEARLY
        # Down first: for that a zero can do, which is cheap, and not for up.
        found = np.r_[figures[down], figures[up]], np.r_[less[down], more[up]]
        return list(zip(found[0].tolist(), found[1].tolist(), strict=True))

    def is_met(self, figure: int, by: float, who: int) -> bool:
        """Whether a proof shows that this attacker must allow for that."""
        if by >= 0:
            return bool(self.highest[who, figure] >= by - NEARLY)
        return bool(self.lowest[who, figure] <= by + NEARLY)

    def meet(self, figure: int, by: float, who: int) -> None:
        """See to it that this attacker must allow the figure to differ by so much, hiding what that takes."""
        if self.is_met(figure, by, who) or self.refused[figure]:
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
            self._solver.price(new, LITTLE)

    def _cannot(self, figure: int, by: float, who: int) -> None:
        """What is public already keeps the figure from being less: no harm where it shows it to be T or more anyway."""
        p = self.problem
        reach = np.where(p.public, 0.0, FAR)
        free = Solver(p.relations, np.full(len(reach), LITTLE), reach, np.where(p.public, 0.0, p.values - p.own[who]))
        if by > 0 or p.values[figure] + free.lowest(figure) < p.threshold - NEARLY:
            self.refused[figure] = True
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

    def whole(self, moved: NDArray[np.float64]) -> NDArray[np.float64]:
        """How all n move where the hidden ones move so."""
        every = np.zeros(len(self.hidden))
        every[self.hidden] = moved
        return every

    def show(self, figure: int) -> None:
        """Show a figure again: it costs what it did, and what was proved of it does not count, should it be hidden."""
        self.hidden[figure] = False
        self.highest[:, figure] = self.lowest[:, figure] = 0
        self._solver.price(np.array([figure]), float(self.cost[figure]))

    def pattern(self, less: NDArray[np.float64]) -> tuple[Solver, NDArray[np.int64]]:
        """A programme of the hidden figures alone, in which moving costs LITTLE, and where in it each figure is.

        `less`: how far each of all figures may move down.
        """
        figures = np.flatnonzero(self.hidden)
        relations = self.problem.relations[:, figures]
        relations = relations[np.diff(relations.tocsr().indptr) > 0].tocsc()
        some = np.ones(len(figures))
        place = np.full(len(self.hidden), -1)
        place[figures] = np.arange(len(figures))
        return Solver(relations, LITTLE * some, FAR * some, less[figures]), place
