"""Work out what a release hides, as a stranger with all public files would. Never sees a number that is not public.

It shares nothing with what hides: its sums are its own (`attack_sums`), and so is its solver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, identity, vstack
from scipy.sparse.csgraph import connected_components

from dashboard.protection.attack_parts import FAR, Part, Ranges
from dashboard.protection.attack_sums import ALL, COLUMNS, Cell, read, sums_of

RECOVERED, NEAR, NARROWED, SAFE = "recovered", "near", "narrowed", "safe"
Progress = Callable[[int, int], None]


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
    progress: Progress | None = None,
) -> Attacked:
    """Attack the newest of these releases, given all of them, oldest first, as the public reads them.

    `insider`: the rows that one organisation sent (country, sector, service, origin, period, contacts), if it is who
    attacks. `only`: keys of the figures to be judged; the others are solved as far as that needs. `whole`: on how many
    hidden cells to ask for whole numbers too. `progress(done, total)` now and then.
    """
    siege = Siege(releases, threshold)
    if insider is None:
        return siege.outside(only=only, whole=whole, progress=progress)
    return siege.inside({"": insider}, only=only, progress=progress)[""]


class Siege:
    """An attack on the newest of these releases, given all of them, oldest first, as the public reads them."""

    def __init__(self, releases: Sequence[pd.DataFrame], threshold: int) -> None:
        self._sums = sums_of([read(release) for release in releases], threshold)
        self._parts = list(self._solvable())
        self._cells = {name: cell for cell, name in self._sums.unknown.items()}
        self._threshold = threshold
        self._seen: list[Ranges | None] = [None for _part in self._parts]
        """What somebody who knows nothing of her own found out of each part."""

    def outside(self, only: pd.DataFrame | None = None, whole: int = 40, progress: Progress | None = None) -> Attacked:
        """What anybody could work out. `only`, `whole`, `progress`: as `attack` takes them."""
        cells = self._judged(only)
        told = _Told(progress, len(cells))
        ranges: dict[Cell, tuple[float, float]] = {}
        for number, part in enumerate(self._parts):
            seen = self._seen[number] = self._look(part, np.zeros((1, len(part.names))), cells, told)
            ranges |= self._found(seen, 0)
        verdicts = {cell: verdict(*ranges.get(cell, (0.0, np.inf)), self._threshold) for cell in cells}
        self._ask_for_whole_numbers(verdicts, ranges, whole)
        return self._attacked(cells, ranges, verdicts)

    def inside(
        self,
        known: Mapping[str, pd.DataFrame],
        only: pd.DataFrame | None = None,
        progress: Progress | None = None,
    ) -> dict[str, Attacked]:
        """What each of these organisations could work out, by its code, given the rows that it sent."""
        cells = self._judged(only)
        told = _Told(progress, len(cells) * len(known))
        own = {code: _own(rows) for code, rows in known.items()}
        ranges: dict[str, dict[Cell, tuple[float, float]]] = {code: {} for code in known}
        for number, part in enumerate(self._parts if known else []):
            if not any(self._cells.get(name) in cells for name in part.names):
                continue
            mine = np.array([self._own_of(part, own[code]) for code in known])
            seen = self._look(part, mine, cells, told, self._seen[number])
            for who, code in enumerate(known):
                if np.isinf(seen.low[who]).any():  # what it sent contradicts former releases, so it asks the newest
                    for alone in self._alone(part):
                        mine_alone = self._own_of(alone, own[code])[None, :]
                        ranges[code] |= self._found(self._look(alone, mine_alone, cells, told), 0)
                else:
                    ranges[code] |= self._found(seen, who)
        found = {}
        for code in known:
            verdicts = {
                cell: verdict(*ranges[code].get(cell, (0.0, np.inf)), self._threshold, own[code].get(cell, 0.0))
                for cell in cells
            }
            found[code] = self._attacked(cells, ranges[code], verdicts)
        return found

    def _solvable(self) -> Iterator[Part]:
        """The unknowns in parts that nothing links."""
        for part in _split(self._sums.equations, self._sums.count):
            yield from [part] if part.solved() is not None else self._alone(part)

    def _alone(self, part: Part) -> Iterator[Part]:
        """Where releases contradict one another: what the newest says alone."""
        mine = set(part.names)
        alone = {left: right for left, right in self._sums.newest.items() if {name for name, _f in left} & mine}
        return _split(alone, self._sums.count)

    def _judged(self, only: pd.DataFrame | None) -> dict[Cell, None]:
        """The hidden figures, or those of them that are asked for."""
        # Where nothing was counted there is nothing to be judged, and a table without a row may have no column either.
        asked = None if only is None else set(only.reindex(columns=COLUMNS).itertuples(index=False, name=None))
        return dict.fromkeys(cell for cell in self._sums.unknown if asked is None or cell in asked)

    def _look(
        self,
        part: Part,
        own: NDArray[np.float64],
        cells: dict[Cell, None],
        told: _Told,
        before: Ranges | None = None,
    ) -> Ranges:
        """All that attackers who contributed this can find out of a part; `before`: what somebody without any did."""
        judged = np.array([self._cells.get(name) in cells for name in part.names])
        seen = Ranges(part, own, judged, self._threshold)
        if before is not None:
            seen.learn(before)
        seen.try_together([self._places(part, row) for row in own], told)
        for who in range(len(own)):
            for i in np.flatnonzero(seen.open()[who]).tolist():
                told()
                seen.ask(who, i)
            told.done(int(judged.sum()))
        return seen

    def _own_of(self, part: Part, own: dict[Cell, float]) -> NDArray[np.float64]:
        return np.array([own.get(self._cells[name], 0.0) if name in self._cells else 0.0 for name in part.names])

    def _places(self, part: Part, own: NDArray[np.float64]) -> frozenset[str]:
        """The countries in which somebody who contributed this counts."""
        cells = (self._cells.get(part.names[i]) for i in np.flatnonzero(own))
        return frozenset(cell[0] for cell in cells if cell is not None) - {ALL}

    def _found(self, seen: Ranges, who: int) -> dict[Cell, tuple[float, float]]:
        """The ranges of the figures of a part. Where no numbers fit nothing vouches for a figure."""
        low, high = (ends[who] for ends in seen.rounded)
        return {
            self._cells[name]: (0.0, 0.0) if np.isinf(low[i]) else (low[i], np.inf if high[i] >= FAR else high[i])
            for i, name in enumerate(seen.part.names)
            if name in self._cells
        }

    def _attacked(
        self, cells: dict[Cell, None], ranges: dict[Cell, tuple[float, float]], verdicts: dict[Cell, str]
    ) -> Attacked:
        rows = [[*cell, *ranges.get(cell, (0.0, np.inf)), verdicts[cell]] for cell in cells]
        rows += [[*cell, 0.0, 0.0, RECOVERED] for cell in self._sums.contradictions]
        return Attacked(
            pd.DataFrame(rows, columns=[*COLUMNS, "low", "high", "verdict"]),
            pd.DataFrame(self._sums.differences, columns=COLUMNS).drop_duplicates(ignore_index=True),
            self._threshold,
        )

    def _ask_for_whole_numbers(
        self, told: dict[Cell, str], ranges: dict[Cell, tuple[float, float]], whole: int
    ) -> None:
        """Of the narrowest safe cells, and of others evenly, whether whole numbers fit at both ends and between."""
        holder = {name: part for part in self._parts for name in part.names}
        unknown = self._sums.unknown
        could = [
            cell
            for cell, said in told.items()
            if said == SAFE and unknown[cell] in holder and ranges[cell][0] < self._threshold
        ]
        could.sort(key=lambda cell: (ranges[cell][1] - ranges[cell][0], cell))
        chosen = could[: whole // 2] + could[whole // 2 :: max(1, len(could) // max(1, whole - whole // 2))]
        for cell in chosen[:whole]:
            for value in {1.0, float(self._threshold // 2), float(self._threshold - 1)}:
                if not holder[unknown[cell]].holds_whole(unknown[cell], value):
                    told[cell] = NARROWED


class _Told:
    """Tells now and then how many of all are done."""

    def __init__(self, progress: Progress | None, of: int) -> None:
        self._progress, self._of, self._done, self._calls = progress, of, 0, 0

    def __call__(self) -> None:
        if self._progress and self._calls % 20 == 0:
            self._progress(min(self._done, self._of), self._of)
        self._calls += 1

    def done(self, more: int) -> None:
        """So many more are done."""
        self._done += more


def _own(insider: pd.DataFrame) -> dict[Cell, float]:
    """What the insider contributed to every figure that could be published."""
    own: dict[Cell, float] = {}
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


def _split(equations: dict[frozenset[tuple[int, int]], float], count: int) -> Iterator[Part]:
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
            yield Part(names.tolist(), matrix[here][:, names], right[here])
