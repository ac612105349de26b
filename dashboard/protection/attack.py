"""Work out what a release hides, as a stranger with all public files would. Never sees a number that is not public.

It shares nothing with what hides: it reads the keys by itself, makes its own sums and asks another solver.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

COLUMNS = ["country", "sector", "service", "origin", "period"]
RECOVERED, NEAR, NARROWED, SAFE = "recovered", "near", "narrowed", "safe"


@dataclass(frozen=True)
class Attacked:
    """What could be worked out. `cells`: a row for each hidden statistic: its key, low, high, verdict.

    recovered: one whole number is left; near: at most two apart; narrowed: less is left than 1 to T - 1 (or, of what is
    known to be T or more, a range narrower than 2 (T - 1)); safe. `differences`: keys whose published values differ by
    1 to T - 1 between two releases.
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

    def as_json(self) -> dict[str, Any]:
        """The report as plain values: counts of verdicts, and the keys that are not safe."""
        counts = self.cells["verdict"].value_counts()
        return {
            "threshold": self.threshold,
            "hidden": len(self.cells),
            **{verdict: int(counts.get(verdict, 0)) for verdict in (RECOVERED, NEAR, NARROWED)},
            "safe": self.safe,
            "cells": self.cells[self.cells["verdict"] != SAFE].to_dict("records"),
            "differences": self.differences.to_dict("records"),
        }


def attack(
    releases: Sequence[pd.DataFrame],
    threshold: int,
    *,
    insider: pd.DataFrame | None = None,
    whole: int = 40,
    progress: Callable[[int, int], None] | None = None,
) -> Attacked:
    """Attack the newest of these releases, given all of them, oldest first, as the public reads them.

    `insider`: the rows that one organisation sent (country, sector, service, origin, period, contacts), if it is who
    attacks. `whole`: on how many hidden cells to ask for whole numbers too. `progress(done, total)` now and then.
    """
    values: dict[tuple[str, ...], float | None] = {}
    differences = []
    for release in releases:
        numbers = pd.to_numeric(release["contacts"])
        for key, number in zip(release[COLUMNS].itertuples(index=False, name=None), numbers, strict=True):
            if pd.isna(number):
                values.setdefault(key, None)
                continue
            before = values.get(key)
            if before is not None and 0 < abs(before - number) < threshold:
                differences.append(key)
            values[key] = float(number)
    keys = list(values)
    place = {key: i for i, key in enumerate(keys)}
    rows, columns, data = [], [], []
    count = 0

    def add(total: tuple[str, ...], parts: list[tuple[str, ...]]) -> None:
        nonlocal count
        if total in place and parts:
            rows.extend([count] * (len(parts) + 1))
            columns.extend([place[total], *map(place.__getitem__, parts)])
            data.extend([-1.0, *[1.0] * len(parts)])
            count += 1

    frame = pd.DataFrame(keys, columns=COLUMNS)
    single, quarterly = frame["country"] != "_T", frame["period"].str.len() > 4
    services, origins = frame["service"] != "_T", frame["origin"] != "_T"
    sectors = (frame["sector"] != "_T") & ~services
    for where, summed in (
        (services, ["service"]),
        (sectors, ["sector"]),
        (origins, ["origin"]),
        (single, ["country"]),
    ):
        for _group, found in frame[where].groupby([c for c in COLUMNS if c not in summed], sort=False):
            parts = list(found.itertuples(index=False, name=None))
            add(tuple("_T" if c in summed else value for c, value in zip(COLUMNS, parts[0], strict=True)), parts)
    quarters = frame[quarterly].assign(year=frame["period"].str[:4])
    for _group, found in quarters.groupby(["country", "sector", "service", "origin", "year"], sort=False):
        parts = list(found[COLUMNS].itertuples(index=False, name=None))
        add((*parts[0][:4], parts[0][4][:4]), parts)
    matrix = csr_matrix((data, (rows, columns)), shape=(count, len(keys)))
    bounds = [(0.0, None) if values[key] is None else (values[key], values[key]) for key in keys]
    hidden = [i for i, key in enumerate(keys) if values[key] is None]
    cells = []
    for done, i in enumerate(hidden):
        if progress and done % 50 == 0:
            progress(done, len(hidden))
        ends = []
        for sign in (1.0, -1.0):
            objective = np.zeros(len(keys))
            objective[i] = sign
            found = linprog(objective, A_eq=matrix, b_eq=np.zeros(count), bounds=bounds, method="highs")
            ends.append(found.x[i] if found.status == 0 else (0.0 if sign > 0 else np.inf))
        low, high = np.ceil(ends[0] - 1e-6), np.floor(ends[1] + 1e-6)
        cells.append([*keys[i], low, high, _verdict(low, high, threshold)])
    return Attacked(
        pd.DataFrame(cells, columns=[*COLUMNS, "low", "high", "verdict"]),
        pd.DataFrame(differences, columns=COLUMNS).drop_duplicates(),
        threshold,
    )


def _verdict(low: float, high: float, threshold: int) -> str:
    if high <= low:
        return RECOVERED
    if high - low <= 2:
        return NEAR
    if low < threshold and (low > 1 or high < threshold - 1):
        return NARROWED
    return SAFE
