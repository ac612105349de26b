"""Small sums of large datasets, made once for each file that was accepted. Never knows who asks, so pages ask reports.

The rows of a submission never change. What they add up to is therefore computed once, by SQL, when somebody first asks
after it was accepted; which submissions counted at a version is a filter on what is in memory. So an answer costs the
same at ten million rows as at a thousand, and a new file costs its own rows and its own quarter.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from dashboard.record import sums
from dashboard.record.house import House
from dashboard.record.store import Store
from dashboard.reports import marts

_KEPT = 48
_NUMBER = "file_number"
FILE = ("submission_id", "reported_by", "period")


@dataclass(frozen=True)
class Rollup:
    """What is summed of a dataset: `measures` (name, SQL aggregate) for each combination of the columns `by`.

    `where` leaves rows out. `reads` names columns that `where` and `measures` use; those, and those of `by`, that this
    deployment's contract does not have count as empty. All of it is SQL that stands in the code, never what somebody
    typed. `name` tells rollups apart; `by` and `measures` share no name with FILE.
    """

    name: str
    dataset: str
    by: tuple[str, ...]
    measures: tuple[tuple[str, str], ...]
    where: str = "true"
    reads: tuple[str, ...] = ()


@dataclass
class _Sums:
    """The sums of one rollup: of every file that was ever accepted, by quarter.

    `done` gives the files that are in them a number each, which stands in the column _NUMBER: to look a million names
    up takes a second, to look up numbers nothing.
    """

    done: dict[str, int] = field(default_factory=dict)
    built: bool = False
    quarters: dict[str, pd.DataFrame] = field(default_factory=dict)
    turn: threading.Lock = field(default_factory=threading.Lock)


class _Rollups:
    """One record's sums by rollup, and a few answers. All go when the record's file was swapped, as marts do."""

    def __init__(self) -> None:
        self._swaps = 0
        self._sums: defaultdict[str, _Sums] = defaultdict(_Sums)
        self._answers: OrderedDict[tuple[str, int, str], pd.DataFrame] = OrderedDict()
        self._lock = threading.Lock()

    def current(self, house: House, rollup: Rollup, version: int, period: str) -> pd.DataFrame:
        """The sums of the files of a quarter ("" for all) that were current at `version`, which is one that moved."""
        key, swaps = (rollup.name, version, period), house.store.swaps
        with self._lock:
            if swaps != self._swaps:
                self._sums.clear()
                self._answers.clear()
                self._swaps = swaps
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
            kept = self._sums[rollup.name]
        with kept.turn:  # one at a time builds what all who wait then find
            quarters = _complete(house, rollup, kept)
        counts = np.zeros(len(kept.done), dtype=bool)
        counts[[kept.done[found] for found in marts.files(house, rollup.dataset, version)["submission_id"]]] = True
        frames = [quarters[period]] if period in quarters else [] if period else list(quarters.values())
        found = [frame[counts[frame[_NUMBER].to_numpy()]] for frame in frames]
        made = pd.concat(found, ignore_index=True).drop(columns=_NUMBER) if found else _empty(rollup)
        with self._lock:
            if house.store.swaps == self._swaps == swaps:
                self._answers[key] = made
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return made


_kept: WeakKeyDictionary[Store, _Rollups] = WeakKeyDictionary()
_kept_lock = threading.Lock()


def at(house: House, rollup: Rollup, version: int, *, period: str = "") -> pd.DataFrame:
    """The rollup of what was current at `version`, of one quarter or of all: columns `by`, the measures, then FILE.

    One row for each submission and combination; adding up over submissions is the reader's, who knows which of them
    the viewer may see. Nobody may change the frame. Raises KeyError for a dataset that there is not.
    """
    if rollup.dataset not in house.library.contracts:
        raise KeyError(rollup.dataset)
    with _kept_lock:
        kept = _kept.setdefault(house.store, _Rollups())
    return kept.current(house, rollup, marts.moved(house, rollup.dataset, version), period)


def _complete(house: House, rollup: Rollup, kept: _Sums) -> dict[str, pd.DataFrame]:
    """The sums by quarter, once SQL has added up the files that are not in them yet. The caller has the turn."""
    wanted = sorted(set(marts.files(house, rollup.dataset)["submission_id"]) - set(kept.done))
    if wanted or not kept.built:
        more = _computed(house, rollup, wanted if kept.built else None)
        # A file that was accepted while SQL looked is in it already, and whole; it counts from its version on.
        numbers, names = pd.factorize(more["submission_id"])
        more[_NUMBER], quarters = numbers + len(kept.done), dict(kept.quarters)
        for period, of in more.groupby("period"):
            former = quarters.get(str(period))
            quarters[str(period)] = of if former is None else pd.concat([former, of], ignore_index=True)
        kept.quarters, kept.built = quarters, True
        for name in [*names, *wanted]:  # a file of which nothing is summed has a number, too
            kept.done.setdefault(str(name), len(kept.done))
    return kept.quarters


def _columns(rollup: Rollup) -> list[str]:
    return [*rollup.by, *(name for name, _said in rollup.measures), *FILE]


def _empty(rollup: Rollup) -> pd.DataFrame:
    whole = dict.fromkeys((name for name, _said in rollup.measures), "int64")
    return pd.DataFrame({name: pd.Series(dtype=whole.get(name, "str")) for name in _columns(rollup)})


def _computed(house: House, rollup: Rollup, submissions: list[str] | None) -> pd.DataFrame:
    """The sums of these submissions, or of all that have rows, as SQL adds them up."""
    columns = "select column_name from information_schema.columns where table_name = $name"
    asked = sums.question(
        rollup.dataset,
        rollup.by,
        rollup.measures,
        rollup.where,
        reads=rollup.reads,
        there=[row["column_name"] for row in house.store.read(columns, name=f"d_{rollup.dataset}")],
        some=submissions is not None,
    )
    if submissions is None:
        return house.store.frame(asked)
    return house.store.frame(asked, these=submissions, first=submissions[0], last=submissions[-1])
