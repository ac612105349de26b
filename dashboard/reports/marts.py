"""Small tables in memory that reports read, rebuilt whole when their subject moved. Never asked by pages."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.policy import Reach, Scope, Viewer
from dashboard.record.house import House
from dashboard.record.store import Store
from dashboard.reference import periods
from dashboard.reference.table import AsOf
from dashboard.reference.text import N_, _
from dashboard.reports import released

_KEPT = 64
"""Every register stands beside the others on one page, now and as of a meeting."""


class Marts:
    """One record's frames by (name, version). The newest version is the mart; a few older ones serve questions `as of`.

    All go when the record's file was swapped: what was expunged is in no frame either, of whatever version. Whoever
    asks for a frame that is being built waits for that one, so that many readers at once build it once.
    """

    def __init__(self) -> None:
        self._frames: OrderedDict[tuple[str, int], pd.DataFrame] = OrderedDict()
        self._swaps = 0
        self._lock = threading.Lock()
        self._building: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def get(self, store: Store, name: str, version: int, build: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """The frame of this name at this version of its subject, built once."""
        key = (name, version)
        if (found := self._held(store, key)) is not None:
            return found
        with self._lock:
            turn = self._building[name]
        with turn:
            if (found := self._held(store, key)) is not None:
                return found
            swaps = store.swaps
            frame = build()
            with self._lock:
                if store.swaps == self._swaps == swaps:
                    self._frames[key] = frame
                while len(self._frames) > _KEPT:
                    self._frames.popitem(last=False)
        return frame

    def _held(self, store: Store, key: tuple[str, int]) -> pd.DataFrame | None:
        swaps = store.swaps
        with self._lock:
            if swaps != self._swaps:
                self._frames.clear()
                self._swaps = swaps
            if key in self._frames:
                self._frames.move_to_end(key)
                return self._frames[key]
        return None


_marts: WeakKeyDictionary[Store, Marts] = WeakKeyDictionary()
_marts_lock = threading.Lock()


def _marts_of(store: Store) -> Marts:
    with _marts_lock:
        return _marts.setdefault(store, Marts())


def as_of(house: House, version: int | None = None) -> AsOf:
    """The version that figures are read at: the one asked for, else the last that moved figures."""
    head = house.store.head()
    wanted = head.figures if version is None else min(version, head.version)
    rows = house.store.read(
        "select max(recorded_at) as recorded_at from submission_event where version <= $version"
        " and event in ('accepted', 'withdrawn', 'expunged')",
        version=wanted,
    )
    return AsOf(wanted, rows[0]["recorded_at"] if rows else None)


PUBLISHED_ONLY = N_("You see what was published, and your own organisation's reports.")


def readable(viewer: Viewer, house: House, version: int | None = None) -> tuple[AsOf, Scope, tuple[str, ...]]:
    """At which version this viewer reads figures that count no survivors, whose working rows, and what to tell her.

    Members read the record as it is now (or at `version`). An enforcement body reads it as it was last published, and
    besides that only its own rows (DESIGN section 5). Raises policy.Refused for whoever has no working reach.
    """
    policy.require(viewer, "view coverage")
    if policy.reach(viewer, "view coverage") < Reach.OWN_ORGANISATION:
        raise policy.Refused(_("This is read here by members; the public summary is at the front page."))
    scope = policy.scope(viewer, "view coverage")
    if scope.everything:
        return as_of(house, version), scope, ()
    found = released.standing(house, version)
    return as_of(house, found["as_of_version"] if found else 0), scope, (_(PUBLISHED_ONLY),)


def published_on(house: House, version: int | None = None) -> date | None:
    """The day of the figures that are read by whoever reads only what was published; None before the first release.

    That a line was taken off, which makes a release anew, publishes no later quarter.
    """
    found = released.standing(house, version)
    return released.figures_on(found) if found else None


@dataclass(frozen=True)
class _Acceptances:
    """Every acceptance that there ever was, and the versions at which each dataset's accepted files changed."""

    figures: int
    swaps: int
    frame: pd.DataFrame
    moves: Mapping[str, list[int]]


_acceptances: WeakKeyDictionary[Store, _Acceptances] = WeakKeyDictionary()


def _accepted(house: House) -> _Acceptances:
    figures, swaps = house.store.head().figures, house.store.swaps  # before the rows: at worst these are newer
    known = _acceptances.get(house.store)
    if known is None or (known.figures, known.swaps) != (figures, swaps):
        frame = house.store.frame(
            "select dataset, submission_id, organisation_code as reported_by, period, since, until from accepted"
            " order by since, submission_id"
        )
        moves = {
            str(dataset): sorted({*(int(v) for v in of["since"]), *(int(v) for v in of["until"].dropna())})
            for dataset, of in frame.groupby("dataset")
        }
        known = _acceptances[house.store] = _Acceptances(figures, swaps, frame, moves)
    return known


def moved(house: House, dataset: str, version: int) -> int:
    """The last version up to `version` at which other files of a dataset began to count; 0 before the first.

    What was read of the dataset then is what would be read now, whatever was accepted of other datasets since.
    """
    versions = _accepted(house).moves.get(dataset, [])
    before = bisect_right(versions, version)
    return versions[before - 1] if before else 0


def files(house: House, dataset: str, version: int | None = None) -> pd.DataFrame:
    """The accepted files of a dataset that were current at `version` (without one: all that ever were).

    Columns submission_id, reported_by, period, since, until: the versions between which the file counted.
    """
    every = _accepted(house).frame
    every = every[every["dataset"] == dataset].drop(columns="dataset")
    if version is None:
        return every
    over = (every["until"] <= version).astype("boolean").fillna(False).astype(bool)  # what has no end is not over
    return every[(every["since"] <= version) & ~over]


def rows(house: House, dataset: str, version: int) -> pd.DataFrame:
    """All rows of a dataset that were current at `version`: its fields, reported_by and period.

    The frame is the same object until a file of this dataset begins or ceases to count; nobody may change it.
    """
    if dataset not in house.library.contracts:
        raise KeyError(dataset)
    version = moved(house, dataset, version)
    return _marts_of(house.store).get(
        house.store,
        dataset,
        version,
        lambda: house.store.frame(
            f"select * from {dataset}_rows where since <= $version"  # noqa: S608 - a contract's name, checked above
            " and (until is null or until > $version)",
            version=version,
        ),
    )


def known_in(house: House, dataset: str, period: str, version: int, keep: int = 4) -> pd.DataFrame:
    """What each organisation last said of a dataset in `period` or in the `keep` - 1 quarters before it.

    An organisation's file for a quarter is its whole statement; older ones are not mixed in. The column
    `reported_in` says from which quarter a row is.
    """
    frame = rows(house, dataset, version)
    oldest = str(periods.parse(period).shifted(1 - keep))
    frame = frame[(frame["period"] <= period) & (frame["period"] >= oldest)]
    newest = frame.groupby("reported_by")["period"].transform("max")
    return frame[frame["period"] == newest].rename(columns={"period": "reported_in"})
