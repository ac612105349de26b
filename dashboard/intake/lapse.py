"""Let go of what was sent and never counted, when its days are over. Never touches what was accepted once."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from uuid_utils import uuid7

from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.errors import StoreUnwritable
from dashboard.record.house import House
from dashboard.record.store import Store


def sweep(viewer: Viewer, house: House, now: datetime | None = None) -> int:
    """Let files lapse that were staged and not submitted within the set days; returns how many.

    The bytes of these go, and of files that were returned or withdrawn so long ago and never accepted.
    """
    policy.require(viewer, "expunge")
    return _sweep(house, viewer, now or datetime.now(UTC))


def sweep_daily(house: House, now: datetime | None = None) -> None:
    """Sweep as the operator unless it was done within a day; a disk that cannot be written keeps nobody waiting."""
    now = now or datetime.now(UTC)
    with _one:
        if now - _swept.get(house.store, datetime.min.replace(tzinfo=UTC)) < timedelta(days=1):
            return
        _swept[house.store] = now
    with suppress(StoreUnwritable, OSError):
        _sweep(house, policy.operator(now.date()), now)


_one = Lock()
_swept: WeakKeyDictionary[Store, datetime] = WeakKeyDictionary()


def _sweep(house: House, viewer: Viewer, now: datetime) -> int:
    limit = now - timedelta(days=house.settings.staged_days)
    with house.store.alone():  # nobody stages while files go
        rows = house.store.read(_LAPSING, limit=limit)
        if rows:
            with house.store.write("intake", by=viewer.account_id) as write:
                for row in rows:
                    write.add("submission_event", row | _lapsed(viewer))
        house.files.sweep({row["sha256"] for row in house.store.read(_NEEDED, limit=limit)})
    return len(rows)


_LAPSING = "select submission_id from submission_now where state = 'staged' and state_at < $limit"
# What was accepted once stays, whatever became of it since: the record as it stood rests on it, and so does a rebuild.
_NEEDED = (
    "select distinct sha256 from submission_now where state <> 'expunged' and (state in ('staged', 'submitted')"
    " or (state in ('returned', 'withdrawn') and state_at >= $limit) or exists"
    " (select 1 from submission_event as e where e.submission_id = submission_now.submission_id"
    " and e.event = 'accepted'))"
)


def _lapsed(viewer: Viewer) -> dict[str, str]:
    return {"event_id": str(uuid7()), "event": "lapsed", "by_account": viewer.account_id, "comment": ""}
