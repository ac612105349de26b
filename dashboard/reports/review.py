"""What waits for a reviewer: each file in one line, what it changes and what stands in the way. Decides nothing."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from dashboard.intake import counts, versions, warnings
from dashboard.intake.reviewing import MOST
from dashboard.intake.warnings import Warned
from dashboard.protection import policy
from dashboard.protection.policy import Reach, Viewer
from dashboard.record.house import House
from dashboard.record.store import Store
from dashboard.reference import text
from dashboard.reports import submissions
from dashboard.reports.preview import Preview, preview
from dashboard.reports.reporting import due_on

_KEPT = 500


@dataclass(frozen=True)
class Waiting:
    """One file to review: `row` of the list, what it changes (no rows), its warnings that this viewer may see with what
    was said to explain them, whether the place sends for the first time, since when, late or not. `newer` is the id of
    a file that was accepted in between, `cannot` says why she may not accept it."""

    row: dict[str, Any]
    preview: Preview
    warned: tuple[Warned, ...]
    first: bool
    since: datetime
    late: bool
    newer: str = ""
    cannot: str = ""

    @property
    def warnings(self) -> int:
        return len(self.warned)

    @property
    def explained(self) -> int:
        return sum(one.explanation is not None for one in self.warned)

    @property
    def clean(self) -> bool:
        """Whether nothing asks for a look at this file by itself: it can be accepted, and no warning is open."""
        return not (self.cannot or self.newer or self.preview.cannot or self.warnings > self.explained)


@dataclass(frozen=True)
class Queue:
    """The files that wait for this reviewer, the oldest first, at most MOST of `total`; `known` is told apart from a
    later look at the same list when a file came, went or moved."""

    files: tuple[Waiting, ...]
    total: int
    known: tuple[tuple[str, int], ...]


def reviews(viewer: Viewer) -> bool:
    """Whether anything at all can wait for this viewer's review."""
    return policy.reach(viewer, "review submissions") >= Reach.OWN_ORGANISATION


def queue(viewer: Viewer, house: House, **asked: str) -> Queue:
    """What waits for this viewer's review, narrowed as `submissions.listing` is. Raises policy.Refused."""
    rows = _rows(viewer, house, **asked)
    return Queue(tuple(_one(viewer, house, row) for row in rows[:MOST]), len(rows), _known(rows))


def known(viewer: Viewer, house: House, **asked: str) -> tuple[tuple[str, int], ...]:
    """What `queue` says as `known`, without a look at any file. Raises policy.Refused."""
    return _known(_rows(viewer, house, **asked))


def _known(rows: list[dict[str, Any]]) -> tuple[tuple[str, int], ...]:
    return tuple((row["submission_id"], row["state_version"]) for row in rows)


def _rows(viewer: Viewer, house: House, **asked: str) -> list[dict[str, Any]]:
    policy.require(viewer, "view submissions")
    scope = policy.scope(viewer, "review submissions")
    found = submissions.listing(viewer, house, "submitted", most=None, **asked)
    mine = [row for row in found if scope.holds(row["organisation_code"], row["country"])]
    return sorted(mine, key=lambda row: (row["state_at"], row["submission_id"]))


def _one(viewer: Viewer, house: House, row: dict[str, Any]) -> Waiting:
    newer, contract = versions.newer(house, row), house.library.contracts.get(row["dataset"])
    sent = house.store.read(_HANDED_IN, **{n: row[n] for n in ("dataset", "organisation_code", "period")})
    first_on = min(one["recorded_at"] for one in sent).astimezone(UTC).date()
    return Waiting(
        row=row,
        preview=_preview(viewer, house, row),
        warned=warnings.of(viewer, house, row["submission_id"]),
        first=len(sent) == 1,
        since=row["state_at"],
        late=contract is not None and first_on > due_on(contract, row["period"]),
        newer=newer["submission_id"] if newer else "",
        cannot=counts.may_accept(viewer, house, row).reason,
    )


_HANDED_IN = (
    "select e.recorded_at from submission_event as e join submission using (submission_id) where event = 'submitted'"
    " and dataset = $dataset and organisation_code = $organisation_code and period = $period"
)


@dataclass
class _Kept:
    made: OrderedDict[tuple[Any, ...], Preview] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_stores: WeakKeyDictionary[Store, _Kept] = WeakKeyDictionary()
_stores_lock = threading.Lock()


def _preview(viewer: Viewer, house: House, row: dict[str, Any]) -> Preview:
    """The preview without its rows, made once for a file at a step against a state of the figures.

    It depends on the viewer only by whether she sees counts and by the language; what was expunged is in none kept.
    """
    with _stores_lock:
        kept = _stores.setdefault(house.store, _Kept())
    key = (
        row["submission_id"],
        row["state_version"],
        house.store.head().figures,
        house.store.swaps,
        counts.sees(viewer, row),
        text.language(),
    )
    with kept.lock:
        if key in kept.made:
            kept.made.move_to_end(key)
            return kept.made[key]
    made = replace(preview(viewer, house, row, most=0), rows=())
    with kept.lock:
        kept.made[key] = made
        while len(kept.made) > _KEPT:
            kept.made.popitem(last=False)
    return made
