"""Work out what a release hides, as a stranger with all public files would. Never sees a number that is not public.

It shares nothing with what hides: its sums are its own (`attack_sums`), and so is its solver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, identity, vstack
from scipy.sparse.csgraph import connected_components

from dashboard.protection.attack_sums import ALL, COLUMNS, Cell, Sums, read, sums_of

RECOVERED, NEAR, NARROWED, SAFE = "recovered", "near", "narrowed", "safe"
SECONDS = 10.0
"""How long to look for whole numbers in one case; what is not refuted in that time stands."""


@dataclass(frozen=True)
class Attacked:
    """What could be worked out. `cells`: a row for each hidden figure: its key, low, high, verdict.

    recovered: one whole number is left; near: at most two apart; narrowed: less is left than all of 1 to T - 1, or,
    of what is known to be T or more, a range narrower than 2 (T - 1); safe. For an insider who contributed a to it, 1
    is the larger of 1 and a. Of safe cells the range is at least low to high. `differences`: keys of figures whose
    published values differ by 1 to T - 1 between two releases, and of sums whose hidden rest does.
    """

    cells: pd.DataFrame
    differences: pd.DataFrame
    threshold: int

    @property
    def narrowed(self) -> pd.DataFrame:
        """The keys of all cells that are not safe."""
        return self.cells.loc[self.cells["verdict"] != SAFE, COLUMNS]

    @property
    def safe(self) -> bool:
        """Whether nothing was narrowed and no difference is small."""
        return self.narrowed.empty and self.differences.empty

    def count(self, verdict: str) -> int:
        """How many cells got this verdict."""
        return int((self.cells["verdict"] == verdict).sum())

    def as_json(self) -> dict[str, Any]:
        """The report as plain values: how many cells got which verdict, and which are not safe."""
        unsafe = self.cells[self.cells["verdict"] != SAFE]
        plain = [
            {**row, "low": int(row["low"]), "high": None if np.isinf(row["high"]) else int(row["high"])}
            for row in unsafe.to_dict("records")
        ]
        return {
            "threshold": self.threshold,
            "hidden": len(self.cells),
            **{verdict: self.count(verdict) for verdict in (RECOVERED, NEAR, NARROWED)},
            "safe": self.safe,
            "cells": plain,
            "differences": self.differences.to_dict("records"),
        }


def verdict(low: float, high: float, threshold: int, own: float = 0.0) -> str:
    """What a range of whole numbers says of a figure to whoever contributed `own` to it."""
    if high <= low:
        return RECOVERED
    if high - low <= 2:
        return NEAR
    if low <= max(1.0, own):
        return SAFE if high >= threshold - 1 + (own if own >= threshold else 0) else NARROWED
    return SAFE if low >= threshold and high - low >= 2 * (threshold - 1) else NARROWED


def attack(
    releases: Sequence[pd.DataFrame],
    threshold: int,
    *,
    insider: pd.DataFrame | None = None,
    only: pd.DataFrame | None = None,
    whole: int = 40,
    progress: Callable[[int, int], None] | None = None,
) -> Attacked:
    """Attack the newest of these releases, given all of them, oldest first, as the public reads them.

    `insider`: the rows that one organisation sent (country, sector, service, origin, period, contacts), if it is who
    attacks. `only`: keys of the figures to be judged; the others are solved as far as that needs. `whole`: on how many
    hidden cells to ask for whole numbers too. `progress(done, total)` now and then.
    """
    sums = sums_of([read(release) for release in releases], threshold)
    own = _own(insider)
    judged = set(sums.unknown) & set(only[COLUMNS].itertuples(index=False, name=None)) if only is not None else None
    cells = [cell for cell in sums.unknown if judged is None or cell in judged]
    least = np.zeros(sums.count)
    for cell, name in sums.unknown.items():
        least[name] = own.get(cell, 0.0)
    found: dict[int, tuple[float, float]] = {}
    parts = list(_parts(sums, least))
    wanted = {sums.unknown[cell]: own.get(cell, 0.0) for cell in cells}
    for part in parts:
        for name in [name for name in part.names if name in wanted]:
            if progress and len(found) % 20 == 0:
                progress(len(found), len(cells))
            found[name] = part.range(name, threshold, wanted[name])
    ranges = {cell: found.get(sums.unknown[cell], (own.get(cell, 0.0), np.inf)) for cell in cells}
    told = {cell: verdict(*ranges[cell], threshold, own.get(cell, 0.0)) for cell in cells}
    _ask_for_whole_numbers(parts, sums, told, ranges, own, threshold, whole)
    rows = [[*cell, *ranges[cell], told[cell]] for cell in cells]
    rows += [[*cell, 0.0, 0.0, RECOVERED] for cell in sums.contradictions]
    return Attacked(
        pd.DataFrame(rows, columns=[*COLUMNS, "low", "high", "verdict"]),
        pd.DataFrame(sums.differences, columns=COLUMNS).drop_duplicates(ignore_index=True),
        threshold,
    )


def _own(insider: pd.DataFrame | None) -> dict[Cell, float]:
    """What the insider contributed to every figure that could be published."""
    own: dict[Cell, float] = {}
    if insider is None:
        return own
    for country, sector, service, origin, period, contacts in insider[[*COLUMNS, "contacts"]].itertuples(False, None):
        for place in (country, ALL):
            for when in (period, period[:4]):
                for cell in (
                    (place, ALL, ALL, ALL, when),
                    (place, sector, ALL, ALL, when),
                    (place, sector, service, ALL, when),
                    (place, ALL, ALL, origin, when),
                ):
                    own[cell] = own.get(cell, 0.0) + float(contacts)
    return own


class _Part:
    """Unknowns that hang together: their names, and the equations over them."""

    def __init__(
        self, names: NDArray[np.int64], matrix: csr_matrix, right: NDArray[np.float64], least: NDArray[np.float64]
    ) -> None:
        self.names = names.tolist()
        self._place = {name: i for i, name in enumerate(self.names)}
        self._matrix, self._right, self._least = matrix, right, least
        self._low, self._high = np.full(len(names), np.inf), np.full(len(names), -np.inf)

    def solved(self) -> bool:
        """Whether any numbers fit at all."""
        return self._ask(np.zeros(len(self.names))) is not None

    def range(self, name: int, threshold: int, own: float) -> tuple[float, float]:
        """The least and the most that the figure can be: of what is safe at least as far as has been seen so far."""
        i = self._place[name]
        for sign in (1.0, -1.0):
            seen = np.ceil(self._low[i] - 1e-4), np.floor(self._high[i] + 1e-4)
            if seen[0] <= max(1.0, own) and verdict(*seen, threshold, own) == SAFE:
                return float(seen[0]), float(seen[1])
            aim = np.zeros(len(self.names))
            aim[i] = sign
            if self._ask(aim) is None and sign < 0:
                self._high[i] = np.inf
        if np.isinf(self._low[i]):  # no numbers fit, so nothing vouches for this one
            return 0.0, 0.0
        return float(np.ceil(self._low[i] - 1e-4)), float(np.floor(self._high[i] + 1e-4))

    def _ask(self, aim: NDArray[np.float64]) -> NDArray[np.float64] | None:
        found = linprog(
            aim,
            A_eq=self._matrix,
            b_eq=self._right,
            bounds=np.c_[self._least, np.full(len(self.names), np.inf)],
            method="highs-ds",
        )
        if found.status != 0:
            return None
        self._low, self._high = np.minimum(self._low, found.x), np.maximum(self._high, found.x)
        numbers: NDArray[np.float64] = found.x
        return numbers

    def holds_whole(self, name: int, value: float) -> bool:
        """Whether whole numbers fit in which the figure has this value."""
        n, i = len(self.names), self._place[name]
        least, most = self._least.copy(), np.full(n, np.inf)
        least[i] = most[i] = value
        found = milp(
            np.zeros(n),
            integrality=np.ones(n),
            bounds=Bounds(least, most),
            constraints=LinearConstraint(self._matrix, self._right, self._right),
            options={"time_limit": SECONDS},
        )
        return bool(found.status != 2)


def _parts(sums: Sums, least: NDArray[np.float64]) -> Iterator[_Part]:
    """The unknowns in parts that nothing links. Where releases contradict one another, what the newest says alone."""
    for names, part in _split(sums.equations, sums.count, least):
        if part.solved():
            yield part
            continue
        mine = set(names)
        alone = {left: right for left, right in sums.newest.items() if {name for name, _factor in left} & mine}
        for _names, smaller in _split(alone, sums.count, least):
            yield smaller


def _split(
    equations: dict[frozenset[tuple[int, int]], float], count: int, least: NDArray[np.float64]
) -> Iterator[tuple[list[int], _Part]]:
    if not equations:
        return
    entries = [(row, name, factor) for row, left in enumerate(equations) for name, factor in left]
    rows, columns, factors = (np.array(found) for found in zip(*entries, strict=True))
    matrix = csr_matrix((factors.astype(float), (rows, columns)), shape=(len(equations), count))
    right = np.array(list(equations.values()))
    links = vstack([matrix != 0, identity(count)]).astype(np.int8)
    number, of = connected_components(links.T @ links, directed=False)
    used = np.asarray((matrix != 0).sum(axis=0)).ravel() > 0
    of_row = of[matrix.indices[matrix.indptr[:-1]]]
    for part in range(number):
        names = np.flatnonzero(of == part)
        if used[names].any():
            here = np.flatnonzero(of_row == part)
            yield names.tolist(), _Part(names, matrix[here][:, names], right[here], least[names])


def _ask_for_whole_numbers(
    parts: list[_Part],
    sums: Sums,
    told: dict[Cell, str],
    ranges: dict[Cell, tuple[float, float]],
    own: dict[Cell, float],
    threshold: int,
    whole: int,
) -> None:
    """Of the narrowest safe cells, and of others evenly, whether whole numbers fit at both ends and between."""
    holder = {name: part for part in parts for name in part.names}
    could = [
        cell
        for cell, said in told.items()
        if said == SAFE and ranges[cell][0] < threshold and sums.unknown[cell] in holder
    ]
    could.sort(key=lambda cell: (ranges[cell][1] - ranges[cell][0], cell))
    chosen = could[: whole // 2] + could[whole // 2 :: max(1, len(could) // max(1, whole - whole // 2))]
    for cell in chosen[:whole]:
        name, floor = sums.unknown[cell], max(1.0, own.get(cell, 0.0))
        for value in {floor, np.floor((floor + threshold - 1) / 2), float(max(threshold - 1, floor))}:
            if not holder[name].holds_whole(name, value):
                told[cell] = NARROWED
