"""One linear programme over figures that hang together by sums, asked again and again. Never decides what is asked."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

EASE = 1e-6
"""What is nothing to a solver of linear programmes."""
LITTLE = 2e-4
"""What it costs to move a figure by one where that costs nothing: so nothing moves that does not have to."""
FAR = 1e6
"""More contacts than any figure has to move by."""


class Solver:
    """How figures can move so that every sum still adds up: by how much each is more, and by how much it is less.

    `relations`: sums x n. `cost`: what moving a figure by one costs. `more`, `less`: how far each may move, at most.
    """

    def __init__(
        self,
        relations: sp.csc_matrix,
        cost: NDArray[np.float64],
        more: NDArray[np.float64],
        less: NDArray[np.float64],
    ) -> None:
        self._n = n = relations.shape[1]
        self._most = np.r_[more, less]
        self.asked = 0
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = 2 * n, relations.shape[0]
        programme.col_cost_, programme.col_lower_, programme.col_upper_ = np.r_[cost, cost], np.zeros(2 * n), self._most
        programme.row_lower_ = programme.row_upper_ = np.zeros(relations.shape[0])
        matrix = programme.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.start_ = np.r_[relations.indptr, relations.indptr[1:] + relations.nnz]
        matrix.index_ = np.r_[relations.indices, relations.indices]
        matrix.value_ = np.r_[relations.data, -relations.data]
        quiet = highspy.Highs.__bases__[0]  # the class itself prints a line about itself when it is made
        self._highs: Any = quiet()
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", 1)  # the same answer each time, and the web beside it keeps its processor
        self._highs.passModel(programme)

    def limit_less(self, less: NDArray[np.float64]) -> None:
        """How far each figure may move down, from now on."""
        columns = np.flatnonzero(self._most[self._n :] != less) + self._n
        self._limit(columns, less[columns - self._n])

    def hold(self, figure: int) -> None:
        """This figure does not move any more."""
        self._limit(np.array([figure, figure + self._n]), np.zeros(2))

    def release(self, figure: int, less: float) -> None:
        """This figure may move again."""
        self._limit(np.array([figure, figure + self._n]), np.array([FAR, less]))

    def _limit(self, columns: NDArray[np.int64], most: NDArray[np.float64]) -> None:
        self._most[columns] = most
        if len(columns):
            self._highs.changeColsBounds(len(columns), columns.astype(np.int32), np.zeros(len(columns)), most)

    def price(self, figures: NDArray[np.int64], cost: float) -> None:
        """What moving these figures by one costs, either way."""
        columns = np.r_[figures, figures + self._n]
        self._cost(columns, np.full(len(columns), cost))

    def _cost(self, columns: NDArray[np.int64], costs: NDArray[np.float64]) -> None:
        self._highs.changeColsCost(len(columns), columns.astype(np.int32), costs)

    def move(self, figure: int, by: float) -> NDArray[np.float64] | None:
        """The cheapest way for all n to move in which this figure moves by so much; None where there is none."""
        way, back = (figure, figure + self._n) if by > 0 else (figure + self._n, figure)
        self._highs.changeColBounds(way, abs(by), abs(by))
        self._highs.changeColBounds(back, 0.0, 0.0)
        found = self._run()
        for column in (way, back):
            self._highs.changeColBounds(column, 0.0, float(self._most[column]))
        return found

    def towards(self, figures: NDArray[np.int64], by: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """A way for all n to move in which these figures move as far as can be, up to `by`; moving costs LITTLE."""
        columns = np.where(by > 0, figures, figures + self._n)
        kept = self._most[columns].copy()
        self._limit(columns, np.minimum(np.abs(by), kept))
        self._cost(columns, np.full(len(columns), -1.0))
        found = self._run()
        self._cost(columns, np.full(len(columns), LITTLE))
        self._limit(columns, kept)
        return found

    def lowest(self, figure: int) -> float:
        """By how much this figure can be less at most, as a number below nothing, where moving costs LITTLE."""
        columns = np.array([figure, figure + self._n])
        self._cost(columns, np.array([1.0, -1.0]))
        found = self._run()
        self._cost(columns, np.full(2, LITTLE))
        return 0.0 if found is None else float(found[figure])

    def _run(self) -> NDArray[np.float64] | None:
        self.asked += 1
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        columns = np.array(self._highs.getSolution().col_value)
        moved: NDArray[np.float64] = columns[: self._n] - columns[self._n :]
        moved[np.abs(moved) < EASE] = 0.0
        return moved
