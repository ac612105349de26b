"""The sums that anybody can make with the public rows of all releases. Never sees a number that is not public.

It shares nothing with what hides: the keys alone say what is the sum of what. A hidden figure is the same unknown in
every release in which nothing that is public beside it moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

COLUMNS = ["country", "sector", "service", "origin", "period"]
ALL = "_T"
Cell = tuple[str, ...]
Known = dict[Cell, "float | None"]
"""What a release says of each figure; None where it is hidden."""


@dataclass
class Sums:
    """Equations over unknowns: each a map of unknowns to their factor, and what they add up to.

    `unknown`: of each hidden figure the unknown that it is in the newest release that hid it. `known`: unknowns that a
    release said, as it were by mistake. `newest`: the equations of the newest release alone. `differences`: figures, or
    what is left of a sum for its hidden parts, that moved by less than the threshold.
    """

    equations: dict[frozenset[tuple[int, int]], float] = field(default_factory=dict)
    newest: dict[frozenset[tuple[int, int]], float] = field(default_factory=dict)
    unknown: dict[Cell, int] = field(default_factory=dict)
    count: int = 0
    differences: list[Cell] = field(default_factory=list)
    contradictions: list[Cell] = field(default_factory=list)


def read(release: pd.DataFrame) -> Known:
    """What a release says: rows that neither say a number nor hide one are left out."""
    cells = list(release[COLUMNS].astype(str).itertuples(index=False, name=None))
    numbers = pd.to_numeric(release["contacts"]).astype("Float64")
    hidden = (release["status"].astype(str) == "suppressed") & numbers.isna()
    shown = numbers.notna().to_numpy(bool)
    said: Known = {cell: None for cell, here in zip(cells, hidden, strict=True) if here}
    told = [cell for cell, here in zip(cells, shown, strict=True) if here]
    return said | dict(zip(told, numbers[shown].astype(float).tolist(), strict=True))


def sums_of(releases: Sequence[Known], threshold: int) -> Sums:
    """All that these releases, oldest first, say together."""
    found = Sums()
    first: dict[tuple[str, str], int] = {}
    values: dict[Cell, set[float]] = defaultdict(set)
    before: Known = {}
    rests: dict[Cell, tuple[frozenset[Cell], float]] = {}
    for number, said in enumerate(releases):
        for cell, value in said.items():
            first.setdefault((cell[0], cell[4]), number)
            if value is not None:
                if any(0 < abs(value - old) < threshold for old in values[cell]):
                    found.differences.append(cell)
                values[cell].add(value)
        found.newest = {}
        totals = _totals(said, before, first)
        moved: set[Cell] = set()
        now: dict[Cell, tuple[frozenset[Cell], float]] = {}
        for name, (total, parts) in totals.items():
            hidden = frozenset(cell for cell in (total, *parts) if said[cell] is None)
            rest = (said[total] or 0.0) - sum(said[part] or 0.0 for part in parts)
            now[name] = hidden, rest
            was = rests.get(name)
            if was is None:
                continue
            if was[0] == hidden and was[1] != rest:
                moved |= hidden
                if hidden and abs(was[1] - rest) < threshold:
                    found.differences.append(total)
            elif was[0] != hidden and any(
                None not in (said[cell], before.get(cell)) and said[cell] != before[cell] for cell in (total, *parts)
            ):
                moved |= hidden
        _name_unknowns(found, said, before, moved)
        for name, (total, parts) in totals.items():
            _add(found, total, parts, said, now[name][1])
        rests, before = now, said
    return found


def _name_unknowns(found: Sums, said: Known, before: Known, moved: set[Cell]) -> None:
    """Each hidden figure gets its unknown; what another release says of the same one is an equation too."""
    for cell, value in said.items():
        if value is None and (cell not in found.unknown or cell in moved):
            found.unknown[cell] = found.count
            found.count += 1
            if (old := before.get(cell)) is not None and cell not in moved:
                found.equations[frozenset({(found.unknown[cell], 1)})] = old
        elif value is not None and before.get(cell, 0.0) is None:
            found.equations[frozenset({(found.unknown[cell], 1)})] = value


def _add(found: Sums, total: Cell, parts: list[Cell], said: Known, rest: float) -> None:
    factors: dict[int, int] = defaultdict(int)
    for cell, factor in ((total, -1), *((part, 1) for part in parts)):
        if said[cell] is None:
            factors[found.unknown[cell]] += factor
    left = frozenset((name, factor) for name, factor in factors.items() if factor)
    if left:
        found.equations[left] = found.newest[left] = rest
    elif rest:
        found.contradictions.append(total)


def _totals(said: Known, before: Known, first: dict[tuple[str, str], int]) -> dict[Cell, tuple[Cell, list[Cell]]]:
    """Every sum, by a name of its own: the figure that is a total, and its parts."""
    parts: dict[Cell, list[Cell]] = defaultdict(list)
    for cell in said:
        country, sector, service, origin, period = cell
        if country == ALL or len(period) == 4:
            continue
        if service != ALL:
            parts["services", country, sector, ALL, ALL, period].append(cell)
        elif sector != ALL:
            parts["sectors", country, ALL, ALL, ALL, period].append(cell)
        elif origin != ALL:
            parts["origins", country, ALL, ALL, ALL, period].append(cell)
        parts["year", country, sector, service, origin, period[:4]].append(cell)
        parts["all", ALL, sector, service, origin, period].append(cell)
        parts["all", ALL, sector, service, origin, period[:4]].append(cell)
    found = {}
    for name, cells in parts.items():
        total = name[1:]
        if total in said:
            found[name] = total, (_joined(total, cells, said, before, first) if name[0] == "all" else cells)
    return found


def _joined(
    total: Cell, cells: list[Cell], said: Known, before: Known, first: dict[tuple[str, str], int]
) -> list[Cell]:
    """The parts of a total over countries: what came after it was public is in it where public, or where it shows."""
    since = first[ALL, total[4]]
    late = {cell for cell in cells if first[cell[0], cell[4]] > since and said[cell] is None}
    others = [cell for cell in cells if cell not in late]
    value, old = said[total], before.get(total)
    if late and value is not None and old is not None and all(said[cell] is not None for cell in others):
        explained = sum((said[cell] or 0.0) - (before.get(cell) or 0.0) for cell in others)
        if value - old != explained:
            return cells
    return others
