"""The files that describe the demonstration, read into plain rows. Never makes a figure, never sends anything.

Small notations within a cell: quarters `1-3,8`; a path over quarters `1:20|12:60`, in a straight line from each to the
next; weights `XAA:50|XAB:30|:20`, where a code may be empty.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dashboard.demonstration.almanac import QUARTERS
from dashboard.reference.library import DATASETS

DEMO = DATASETS / "demo"
FILES = (
    "people",
    "members",
    "services",
    "contacts",
    "training",
    "referrals",
    "budgets",
    "progress",
    "indicators",
    "milestones",
    "actions",
    "action_changes",
    "meetings",
    "decisions",
    "releases",
    "sending",
    "story",
)

REGISTERS = "registers"
"""The folder with a file for each register, called as its dataset."""

Row = Mapping[str, str]


@dataclass(frozen=True)
class Knowledge:
    """The rows of each file of FILES, and of each register, by its name."""

    rows: Mapping[str, tuple[Row, ...]]

    def __getitem__(self, name: str) -> tuple[Row, ...]:
        return self.rows[name]


def read(folder: Path | None = None) -> Knowledge:
    """Read all files of `folder`, that of the demonstration without one. Raises OSError and ValueError."""
    place = folder or DEMO
    paths = [place / f"{name}.csv" for name in FILES] + sorted((place / REGISTERS).glob("*.csv"))
    return Knowledge({path.stem: table(path) for path in paths})


def table(path: Path) -> tuple[Row, ...]:
    """The rows of one file. Raises ValueError naming the line whose cells are too many or too few."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        found = []
        for cells in reader:
            if len(cells) != len(header):
                raise ValueError(f"{path.name}, line {reader.line_num}: {len(cells)} cells, not {len(header)}.")
            found.append(dict(zip(header, cells, strict=True)))
    return tuple(found)


def quarters(text: str) -> tuple[int, ...]:
    """The numbers in `1-3,8`, in order."""
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _dash, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return tuple(sorted(found))


def lasts(row: Row, quarter: int) -> bool:
    """Whether a row's `first` and `last` quarter, both empty for always, hold `quarter`."""
    return int(row["first"] or 1) <= quarter <= int(row["last"] or QUARTERS)


def path(text: str, quarter: int) -> float:
    """Where a path is in a quarter; before its first point and after its last it stays as it is there."""
    points = [(int(at), float(value)) for at, value in (part.split(":") for part in text.split("|"))]
    if quarter <= points[0][0]:
        return points[0][1]
    for (begin, low), (end, high) in zip(points, points[1:], strict=False):
        if quarter <= end:
            return low + (high - low) * (quarter - begin) / (end - begin)
    return points[-1][1]


def weights(text: str) -> tuple[tuple[str, float], ...]:
    """Codes with their shares, which add up to 1; a text that is empty is one share of no code."""
    found = [(code, float(share)) for code, _colon, share in (part.rpartition(":") for part in text.split("|") if part)]
    total = sum(share for _code, share in found)
    return tuple((code, share / total) for code, share in found) or (("", 1.0),)
