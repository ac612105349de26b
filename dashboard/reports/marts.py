"""Small tables in memory that reports read, rebuilt whole when their subject moved. Never asked by pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import pandas as pd

from dashboard.record.house import House
from dashboard.reference.table import AsOf

_KEPT = 24


class Marts:
    """Frames by (name, version). The newest version is the mart; a few older ones serve questions `as of`."""

    def __init__(self) -> None:
        self._frames: OrderedDict[tuple[str, str, int], pd.DataFrame] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, house: House, name: str, version: int, build: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """The frame of this name at this version of its subject, built once."""
        key = (str(house.settings.data), name, version)
        with self._lock:
            if key in self._frames:
                self._frames.move_to_end(key)
                return self._frames[key]
        frame = build()
        with self._lock:
            self._frames[key] = frame
            while len(self._frames) > _KEPT:
                self._frames.popitem(last=False)
        return frame


_marts = Marts()


def as_of(house: House, version: int | None = None) -> AsOf:
    """The version that figures are read at: the one asked for, else the last that moved figures."""
    head = house.store.head()
    wanted = head.figures if version is None else min(version, head.version)
    rows = house.store.read(
        "select max(recorded_at) as recorded_at from submission_event where version <= $version"
        " and event in ('accepted', 'withdrawn', 'expunged')", version=wanted)
    return AsOf(wanted, rows[0]["recorded_at"] if rows else None)


def rows(house: House, dataset: str, version: int) -> pd.DataFrame:
    """All rows of a dataset that were current at `version`: its fields, reported_by and period."""
    if dataset not in house.library.contracts:
        raise KeyError(dataset)
    return _marts.get(house, dataset, version, lambda: house.store.frame(
        f"select * from {dataset}_rows where since <= $version"  # noqa: S608 - a contract's name, checked above
        " and (until is null or until > $version)", version=version))


def known_in(house: House, dataset: str, period: str, version: int, keep: int = 4) -> pd.DataFrame:
    """What each organisation last said of a dataset in `period` or in the `keep` - 1 quarters before it.

    An organisation's file for a quarter is its whole statement; older ones are not mixed in. The column
    `reported_in` says from which quarter a row is.
    """
    from dashboard.reference import periods

    frame = rows(house, dataset, version)
    oldest = str(periods.parse(period).shifted(1 - keep))
    frame = frame[(frame["period"] <= period) & (frame["period"] >= oldest)]
    newest = frame.groupby("reported_by")["period"].transform("max")
    return frame[frame["period"] == newest].rename(columns={"period": "reported_in"})
