"""Find numbers that fit what is public, as far apart as they can be. Never sees a number that is not public.

Each set of numbers that fits is a point, and proves for every hidden figure at once that it can be so small or so
large. A few points with many aims leave few figures for which the least and the most have to be asked one by one. A
point serves whoever contributed no more than it says, so whoever knows rows of their own are tried together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix

SECONDS = 10.0
"""How long to look for whole numbers in one case; what is not refuted in that time stands."""
FAR = 1e7
"""More than any figure is: what can be so much has no most."""
EASE = 1e-4
"""What is nothing where whole numbers are meant."""
WORTH = 0.03
"""Of what is not yet known of somebody, a point with many aims has to show this part, else questions are put singly."""

RECENT = 200
"""Of so many points, the last ones, the middle is where the next are looked for."""


class Part:
    """Unknowns that hang together: n `names`, and the equations over them."""

    def __init__(self, names: Sequence[int], matrix: csr_matrix, right: NDArray[np.float64]) -> None:
        self.names = list(names)
        self.place = {name: i for i, name in enumerate(self.names)}
        self._matrix, self._right = matrix, right

    def solved(self, least: NDArray[np.float64] | None = None) -> NDArray[np.float64] | None:
        """Numbers that fit, None where none do."""
        n = len(self.names)
        return self.aimed(np.zeros(n), np.zeros(n) if least is None else least)

    def aimed(
        self, aim: NDArray[np.float64], least: NDArray[np.float64], most: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64] | None:
        """The numbers that fit and make the aim least; None where none fit, or where it has no least."""
        found = linprog(
            aim,
            A_eq=self._matrix,
            b_eq=self._right,
            bounds=np.c_[least, np.full(len(aim), np.inf) if most is None else most],
            method="highs-ds",
        )
        numbers: NDArray[np.float64] | None = found.x if found.status == 0 else None
        return numbers

    def holds_whole(self, name: int, value: float, least: NDArray[np.float64] | None = None) -> bool:
        """Whether whole numbers fit in which the figure has this value."""
        n, i = len(self.names), self.place[name]
        least, most = np.zeros(n) if least is None else least.copy(), np.full(n, np.inf)
        least[i] = most[i] = value
        found = self.aimed(np.zeros(n), least, most)
        if found is None:
            return False
        if np.abs(found - np.round(found)).max() < EASE:
            return True
        whole = milp(
            np.zeros(n),
            integrality=np.ones(n),
            bounds=Bounds(least, most),
            constraints=LinearConstraint(self._matrix, self._right, self._right),
            options={"time_limit": SECONDS},
        )
        return bool(whole.status != 2)


class Ranges:
    """What is known of one part's unknowns to k attackers, of whom each contributed something (`own`, k x n).

    `low`, `high` (k x n): how far numbers that fit were seen to go. `surely`: k x n, the least that was proved; 0 where
    nothing was.
    """

    def __init__(self, part: Part, own: NDArray[np.float64], judged: NDArray[np.bool_], threshold: int) -> None:
        self.part, self.own, self._judged, self._threshold = part, own, judged, threshold
        self.low, self.high = np.full(own.shape, np.inf), np.full(own.shape, -np.inf)
        self.surely = np.zeros(own.shape)
        self._floor = np.maximum(1.0, own)
        self._need = threshold - 1 + np.where(own >= threshold, own, 0.0)
        self._rng = np.random.default_rng(1)
        self._points: list[NDArray[np.float64]] = []

    def learn(self, other: Ranges) -> None:
        """What somebody who knows nothing of her own found out of the same part."""
        self.surely = np.maximum(self.surely, other.surely[0])
        for point in other._points:
            self._note(point)

    def _note(self, point: NDArray[np.float64]) -> None:
        """Numbers that fit: they count for everybody who contributed no more than they say."""
        self._points.append(point)
        fits = (point >= self.own - 1e-6).all(axis=1)
        self.low[fits] = np.minimum(self.low[fits], point)
        self.high[fits] = np.maximum(self.high[fits], point)

    @property
    def rounded(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The least and the most, in whole numbers."""
        return np.ceil(self.low - EASE), np.floor(self.high + EASE)

    def open(self) -> NDArray[np.bool_]:
        """k x n: of which judged figures it is not known yet that their range says no more than the mark does."""
        low, high = self.rounded
        wide = (low <= self._floor) & (high >= self._need)
        large = (np.ceil(self.surely - EASE) >= self._threshold) & (high - low >= 2 * (self._threshold - 1))
        return self._judged & ~((high - low > 2) & (wide | large))

    def try_together(self, places: Sequence[frozenset[str]], tell: Callable[[], None]) -> None:
        """Aim at many figures at once, for several attackers at once, as long as that shows much.

        `places`: of each attacker where it counts; of those that are tried together no two count in one place.
        """
        done = np.zeros(len(self.own), bool)
        every = sorted(frozenset().union(*places))
        while True:
            left = np.where(done, 0, self.open().sum(axis=1))
            if not left.any():
                return
            tell()
            tried = self._chosen(left, places, every)
            self._aim(tried)
            shown = left[tried] - self.open()[tried].sum(axis=1)
            done[tried] |= shown <= WORTH * left[tried]

    def _chosen(self, left: NDArray[np.int64], places: Sequence[frozenset[str]], every: list[str]) -> list[int]:
        """In half of all places the attackers of whom most is left: in the other half nobody binds them."""
        half = {every[i] for i in self._rng.permutation(len(every))[: (len(every) + 1) // 2]}
        chosen: list[int] = []
        for who in np.argsort(-left, kind="stable").tolist():
            if left[who] and places[who] <= half:
                chosen.append(who)
                half -= places[who]
        return chosen or [int(np.argmax(left))]

    def _aim(self, tried: list[int]) -> None:
        """Numbers in which each figure that is open to one of these is as small, or as large, as is wanted, by lot."""
        least, inside = self.own[tried].max(axis=0), self._inside(tried)
        if inside is None:
            return
        open_, (low, high) = self.open()[tried], self.rounded
        down = (open_ & (low[tried] > self._floor[tried])).any(axis=0)
        up = (open_ & (high[tried] < self._need[tried])).any(axis=0)
        lot = self._rng.random(len(least)) < 0.5
        weight = self._rng.uniform(1.0, 2.0, len(least))
        lower, upper = down & (lot | ~up), up & (~lot | ~down)
        aim = np.where(lower, weight, np.where(upper, -weight, 0.0))
        # No further than is wanted, so that there is something left for the others; the point inside is left possible.
        bottom = np.maximum(least, np.minimum(self._floor[tried].max(axis=0), inside))
        top = np.where(upper, np.maximum(self._need[tried].max(axis=0), inside), np.inf)
        found = self.part.aimed(aim, np.where(lower, bottom, least), top)
        if found is not None:
            self._note(found)

    def _inside(self, tried: list[int]) -> NDArray[np.float64] | None:
        """A point that fits all of these and is at no edge, if there is one that is at none."""
        least = self.own[tried].max(axis=0)
        fitting = [point for point in self._points[-RECENT:] if (point >= least - 1e-6).all()]
        if fitting:
            middle: NDArray[np.float64] = np.maximum(np.mean(fitting, axis=0), least)
            return middle
        found = self.part.solved(least)
        if found is not None:
            self._note(found)
        return found

    def ask(self, who: int, i: int) -> None:
        """The least and the most that the figure can be for this attacker, as far as that is not known yet."""
        aim, most = np.zeros(len(self.part.names)), np.full(len(self.part.names), np.inf)
        most[i] = FAR
        for sign in (1.0, -1.0):
            if not self.open()[who, i]:
                return
            aim[i] = sign
            found = self.part.aimed(aim, self.own[who], most)
            if found is None:
                return
            self._note(found)
            if sign > 0:
                knows_more = (self.own >= self.own[who]).all(axis=1)
                self.surely[knows_more, i] = np.maximum(self.surely[knows_more, i], found[i])
