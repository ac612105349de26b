"""Show again what covers nothing any more: hiding one figure after the other hides too much. Never hides one.

Zeros stay hidden: where none were, everybody would know that what is hidden is 1 or more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dashboard.protection.cover import Cover


def spare(cover: Cover, most: int, progress: Callable[[], None] = lambda: None) -> int:
    """Show each covering figure again whose proofs can be replaced by others, the largest first; how many were.

    Asks the solver at most about `most` times.
    """
    return _Sparing(cover).run(most, progress)


class _Sparing:
    def __init__(self, cover: Cover) -> None:
        self.cover, self.problem = cover, cover.problem
        self.solver, self.place = cover.pattern(cover.problem.room[0])
        self.figures = np.flatnonzero(cover.hidden)
        self.parts_of, self.sums_of = cover.problem.relations.tocsr(), cover.problem.relations.tocsc()
        self.who = 0
        self.alive: set[int] = set()
        self.ways_of: dict[int, dict[int, float]] = defaultdict(dict)
        """Of each figure the proofs that move it, by their number, and by how much they do."""
        self.shares = np.zeros((0, len(cover.problem.own)), np.float32)
        self.listed = 0
        self._list_new()

    def run(self, most: int, progress: Callable[[], None]) -> int:
        p = self.problem
        could = np.flatnonzero(self.cover.hidden & ~p.primary & ~p.hidden & (p.values > 0))
        shown = 0
        for figure in could[np.argsort(-p.values[could], kind="stable")].tolist():
            if self.solver.asked > most:
                break
            progress()
            shown += self._try(figure)
        return shown

    def _list_new(self) -> None:
        """Take note of proofs that were added."""
        listed, proofs = self.listed, self.cover.proofs
        for number in range(listed, len(proofs)):
            self.alive.add(number)
            for figure, by in zip(proofs[number].where.tolist(), proofs[number].by.tolist(), strict=True):
                self.ways_of[figure][number] = by
        if len(proofs) > len(self.shares):  # in larger steps than are needed, for proofs come one by one
            more = np.zeros((2 * len(proofs), self.shares.shape[1]), np.float32)
            more[:listed] = self.shares[:listed]
            self.shares = more
        for number in range(listed, len(proofs)):
            self.shares[number] = proofs[number].share
        self.listed = len(proofs)

    def _known_with(self, figure: int) -> list[int]:
        """This figure and those that sums would tell if it were shown; none if one of them has to be hidden."""
        cover, p = self.cover, self.problem
        shown, look = {figure}, [figure]
        while look:
            at = look.pop()
            for row in self.sums_of.indices[self.sums_of.indptr[at] : self.sums_of.indptr[at + 1]]:
                parts = self.parts_of.indices[self.parts_of.indptr[row] : self.parts_of.indptr[row + 1]]
                left = [int(i) for i in parts[cover.hidden[parts]] if i not in shown]
                if len(left) == 1:
                    shown.add(left[0])
                    look.append(left[0])
        found = sorted(shown)
        return [] if (p.primary[found] | p.hidden[found] | (p.values[found] == 0)).any() else found

    def _try(self, figure: int) -> int:
        """Show this figure, and those that would be known with it, if all that is hidden can be proved without them."""
        cover = self.cover
        shown = self._known_with(figure) if cover.hidden[figure] else []
        if not shown:
            return 0
        lost = {number for i in shown for number in self.ways_of[i] if number in self.alive}
        moved = {int(i) for number in lost for i in cover.proofs[number].where} - set(shown)
        rows = np.array(sorted(moved), dtype=np.int64)
        before = cover.highest[:, rows].copy(), cover.lowest[:, rows].copy()
        self.alive -= lost
        for i in rows.tolist():
            self._prove_from_others(i)
        for i in shown:
            cover.hidden[i] = False
            self.solver.hold(int(self.place[i]))
        if self._provable(rows):
            for i in shown:
                cover.show(i)
            return len(shown)
        for i in shown:
            cover.hidden[i] = True
            self.solver.release(int(self.place[i]), float(self.problem.room[self.who, i]))
        self.alive |= lost
        cover.highest[:, rows] = np.maximum(cover.highest[:, rows], before[0])
        cover.lowest[:, rows] = np.minimum(cover.lowest[:, rows], before[1])
        return 0

    def _prove_from_others(self, figure: int) -> None:
        """Note how far the proofs that are left let this figure move, for each attacker it is guarded against."""
        left = [(number, by) for number, by in self.ways_of[figure].items() if number in self.alive]
        who = slice(None) if self.problem.primary[figure] else slice(0, 1)
        self.cover.highest[who, figure] = self.cover.lowest[who, figure] = 0
        if left:
            numbers, by = (np.array(column) for column in zip(*left, strict=True))
            ways = self.shares[numbers, who] * by.astype(np.float32)[:, None]
            self.cover.highest[who, figure] = np.maximum(ways.max(axis=0), 0)
            self.cover.lowest[who, figure] = np.minimum(ways.min(axis=0), 0)

    def _provable(self, rows: NDArray[np.int64]) -> bool:
        cover = self.cover
        guarded = rows[self.problem.primary[rows]]
        # Whoever knows nothing of their own first: most figures that have to stay hidden are found out by that.
        up, down = cover.lacking(guarded)
        lacking = np.flatnonzero((up | down).any(axis=1)).tolist()
        for who, figures in ((0, guarded), (0, rows), *((who, guarded) for who in lacking if who)):
            for figure, by in cover.unmet(figures, who):
                if not cover.is_met(figure, by, who) and not self._prove(figure, by, who):
                    return False
        return True

    def _prove(self, figure: int, by: float, who: int) -> bool:
        """Look for a proof among what is hidden now."""
        if who != self.who:
            held = np.where(self.cover.hidden, self.problem.room[who], 0.0)
            self.solver.limit_less(held[self.figures])
            self.who = who
        found = self.solver.move(int(self.place[figure]), by)
        if found is None:
            return False
        moved = np.zeros(len(self.problem.values))
        moved[self.figures] = found
        self.cover.keep(moved)
        self._list_new()
        return True
