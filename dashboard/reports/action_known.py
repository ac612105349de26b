"""What the record knew of actions at a version, read once for whoever asks. Never asks who looks: `actions` does."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from dashboard.coordination.standing import Standing, standings
from dashboard.record.house import House
from dashboard.record.store import Store
from dashboard.reference.table import AsOf
from dashboard.reports import action_plan
from dashboard.reports.action_names import Names, names_at


@dataclass(frozen=True)
class Known:
    """What the record knew of actions at a version, for whoever asks: read once, and never changed afterwards."""

    as_of: AsOf
    names: Names
    plans: action_plan.Plans
    standings: dict[str, Standing]


_KEPT = 8
_kept: WeakKeyDictionary[Store, OrderedDict[tuple[int, ...], Known]] = WeakKeyDictionary()
_lock = Lock()


def known_at(house: House, version: int | None) -> Known:
    """As of a version, kept until something that is said here has moved, and for a few older versions beside it."""
    head, store = house.store.head(), house.store
    at = head.version if version is None else min(version, head.version)
    moved = (head.figures, head.coordination) if at == head.version else (at,)
    key = (*moved, store.swaps)
    with _lock:
        kept = _kept.setdefault(store, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    plans = action_plan.at(house, at)
    found = Known(_as_of(house, at), names_at(house, at), plans, {s.code: s for s in standings(store.read, at)})
    with _lock:
        kept[key] = found
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    return found


def _as_of(house: House, version: int) -> AsOf:
    rows = house.store.read(
        "select coalesce(max(version), 0) as version, max(recorded_at) as recorded_at from step"
        " where version <= $version and (contains(subjects, 'coordination') or contains(subjects, 'figures'))",
        version=version,
    )
    return AsOf(**rows[0])
