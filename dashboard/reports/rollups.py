"""Small sums of large datasets, made once for each file that was accepted. Never knows who asks, so pages ask reports.

The rows of a submission never change. What they add up to is therefore computed once, by SQL, when somebody first asks
after it was accepted; which submissions counted at a version is a filter on what is in memory. So an answer costs the
same at ten million rows as at a thousand, and a new file costs no more than its own rows.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import pandas as pd

from dashboard.record.house import House
from dashboard.record.store import Store
from dashboard.reports import marts

_KEPT = 64
ACCEPTED = ("submission_id", "reported_by", "period", "since", "until", "accepted_at")


@dataclass(frozen=True)
class Rollup:
    """What is summed of a dataset: `measures` (name, SQL aggregate) for each combination of the columns `by`.

    `where` leaves rows out. `reads` names columns that `where` and `measures` use; those, and those of `by`, that this
    deployment's contract does not have count as empty. All of it is SQL that stands in the code, never what somebody
    typed. `name` tells rollups apart.
    """

    name: str
    dataset: str
    by: tuple[str, ...]
    measures: tuple[tuple[str, str], ...]
    where: str = "true"
    reads: tuple[str, ...] = ()


class _Sums:
    """One record's sums by rollup: of every submission that was ever accepted, and of those current at a version."""

    def __init__(self) -> None:
        self.swaps = 0
        self.frames: dict[str, pd.DataFrame] = {}
        self.done: dict[str, frozenset[str]] = {}
        self.current: OrderedDict[tuple[str, int], pd.DataFrame] = OrderedDict()
        self.accepted: dict[str, tuple[int, pd.DataFrame]] = {}
        self.lock = threading.Lock()
        self.turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def since(self, store: Store) -> int:
        """How often the file was swapped; when that is new, everything goes, with what was expunged. Under the lock."""
        if (swaps := store.swaps) != self.swaps:
            for kept in (self.frames, self.done, self.current, self.accepted):
                kept.clear()
            self.swaps = swaps
        return swaps

    def held(self, store: Store, key: tuple[str, int]) -> pd.DataFrame | None:
        with self.lock:
            self.since(store)
            if key in self.current:
                self.current.move_to_end(key)
            return self.current.get(key)


_kept: WeakKeyDictionary[Store, _Sums] = WeakKeyDictionary()
_kept_lock = threading.Lock()


def _sums(store: Store) -> _Sums:
    with _kept_lock:
        return _kept.setdefault(store, _Sums())


def at(house: House, rollup: Rollup, version: int) -> pd.DataFrame:
    """The rollup of what was current at `version`: columns `by`, the measures, then those of ACCEPTED.

    One row for each submission and combination; adding up over submissions is the reader's, who knows which of them
    the viewer may see. Nobody may change the frame. Raises KeyError for a dataset that there is not.
    """
    if rollup.dataset not in house.library.contracts:
        raise KeyError(rollup.dataset)
    sums, key = _sums(house.store), (rollup.name, marts.moved(house, rollup.dataset, version))
    if (found := sums.held(house.store, key)) is not None:
        return found
    with sums.lock:
        turn = sums.turns[rollup.name]
    with turn:
        if (found := sums.held(house.store, key)) is not None:
            return found
        with sums.lock:
            swaps = sums.since(house.store)
        frame, counting = _complete(house, sums, rollup, swaps), accepted(house, rollup.dataset, key[1])
        made = frame.merge(counting, on="submission_id", how="inner").reset_index(drop=True)
        with sums.lock:
            if sums.since(house.store) == swaps:
                sums.current[key] = made
            while len(sums.current) > _KEPT:
                sums.current.popitem(last=False)
        return made


def accepted(house: House, dataset: str, version: int) -> pd.DataFrame:
    """The files of a dataset that were current at `version`, one row each: the columns ACCEPTED."""
    every = _ever(house, _sums(house.store), dataset)
    over = (every["until"] <= version).astype("boolean").fillna(False).astype(bool)  # what has no end is not over
    return every[(every["since"] <= version) & ~over].reset_index(drop=True)


def _ever(house: House, sums: _Sums, dataset: str) -> pd.DataFrame:
    """Every acceptance of a file of this dataset, read anew when files of it began or ceased to count."""
    moved = marts.moved(house, dataset, house.store.head().version)
    with sums.lock:
        swaps = sums.since(house.store)
        known = sums.accepted.get(dataset)
    if known is not None and known[0] == moved:
        return known[1]
    frame = house.store.frame(
        "select submission_id, organisation_code as reported_by, period, since, until, accepted_at from accepted"
        " where dataset = $dataset order by since, submission_id",
        dataset=dataset,
    )
    with sums.lock:
        if sums.since(house.store) == swaps:
            sums.accepted[dataset] = (moved, frame)
    return frame


def _complete(house: House, sums: _Sums, rollup: Rollup, swaps: int) -> pd.DataFrame:
    """The sums of every submission ever accepted: those that are there, and SQL for those that are not yet."""
    with sums.lock:
        sums.since(house.store)
        frame, done = sums.frames.get(rollup.name), sums.done.get(rollup.name, frozenset())
    wanted = frozenset(_ever(house, sums, rollup.dataset)["submission_id"]) - done
    if frame is not None and not wanted:
        return frame
    more = _computed(house, rollup, None if frame is None else sorted(wanted))
    frame = (
        more if frame is None or frame.empty else pd.concat([frame, more], ignore_index=True) if len(more) else frame
    )
    with sums.lock:
        if sums.since(house.store) == swaps:
            sums.frames[rollup.name] = frame
            # A file that was accepted while SQL looked is there already, and whole.
            sums.done[rollup.name] = done | wanted | frozenset(more["submission_id"])
    return frame


def _computed(house: House, rollup: Rollup, submissions: list[str] | None) -> pd.DataFrame:
    """The sums of these submissions, or of all that have rows, as SQL adds them up."""
    table = f"d_{rollup.dataset}"
    there = {
        row["column_name"]
        for row in house.store.read(
            "select column_name from information_schema.columns where table_name = $name", name=table
        )
    }
    empty = "".join(f", null::varchar as {name}" for name in {*rollup.by, *rollup.reads} - there)
    by = ", ".join(["submission_id", *rollup.by])
    measures = ", ".join(f"{said} as {name}" for name, said in rollup.measures)
    only = "" if submissions is None else " where submission_id in (select unnest($submissions))"
    return house.store.frame(
        f"select {by}, {measures} from (select *{empty} from {table}{only}) where {rollup.where}"  # noqa: S608
        f" group by {by} order by {by}",
        **({} if submissions is None else {"submissions": submissions}),
    )
