"""What the demonstration shows at the end of each quarter, looked at while it is being built. Never builds one."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dashboard import demonstration
from dashboard.demonstration.building import Mechanism
from dashboard.demonstration.story import Step
from dashboard.protection.policy import Grant, Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reports import actions, contacts, coverage, indicators, members, reporting

TODAY = datetime.now(UTC).date()


def viewer(role: str, organisation: str = "", country: str = "", **more: Any) -> Viewer:
    """Somebody whose rights never change, so that only the record can make a difference."""
    known: dict[str, Any] = {"enforcement": False, "training_until": date.max} | more
    return Viewer(role, role, organisation, country, (Grant(role, organisation, country),), today=TODAY, **known)


VIEWERS = {
    "secretariat": viewer("secretariat"),
    "coordinator": viewer("coordinator", "XAA-COORD", "XAA"),
    "untrained": viewer("member", "XAA-RETURN", "XAA", training_until=None),
    "enforcement": viewer("agency", "XBA-POLICE", "XBA", enforcement=True, training_until=None),
}


def told(table: Any) -> list[Any]:
    """A table as it is read: cells, statuses and caveats."""
    return [table.frame.astype(str).to_csv(), table.statuses.astype(str).to_csv(), table.caveats]


def shown(house: House, who: Viewer, day: date, version: int | None) -> dict[str, Any]:
    """Everything that the committee's pages show to one viewer of two countries, on a day."""
    who = replace(who, today=day)
    period = str(periods.last_ended(day))
    found: dict[str, Any] = {}
    seen = coverage.coverage(who, house, version=version)
    found["coverage"] = [seen.answer, seen.finding, seen.late, *told(seen.matrix), *told(seen.counts)]
    seated = members.members(who, house, version=version)
    found["members"] = [seated.answer, *told(seated.seats), *told(seated.register)]
    for country in ("XAA", "XBA"):
        cards = indicators.listing(who, house, country=country, version=version).cards
        found[f"indicators {country}"] = [(c.indicator.code, c.sentence, str(c.status), c.points) for c in cards]
        series = indicators.series(who, house, "P-CAP-1", country=country, version=version)
        found[f"series {country}"] = [series.answer, *told(series.table), series.revisions]
        asked = actions.actions(who, house, country=country, version=version)
        found[f"actions {country}"] = told(asked.table)
        found[f"contacts {country}"] = told(contacts.by_period(who, house, country=country, version=version))
        found[f"reports {country}"] = reporting.reporting(who, house, period=period, country=country, version=version)
    return found


@dataclass
class Seen:
    """What was shown at the end of each quarter to each of VIEWERS, by day and name; the version that the record was at
    on each day; and how many seconds it took to look."""

    shown: dict[tuple[date, str], dict[str, Any]] = field(default_factory=dict)
    versions: dict[date, int] = field(default_factory=dict)
    seconds: float = 0.0


def read(file: Path) -> Seen:
    """What `watched` wrote."""
    seen = pickle.loads(file.read_bytes())
    assert isinstance(seen, Seen)
    return seen


@contextmanager
def watched(file: Path) -> Iterator[None]:
    """Whatever demonstration is built within is looked at when the first step of a new quarter is about to be taken."""
    seen = Seen()

    class Watched(Mechanism):
        def live(self, steps: list[Step], said: Callable[[Step], None] = lambda _step: None) -> None:
            quarter = ""

            def before(step: Step) -> None:
                nonlocal quarter
                now = str(periods.of(self.clock.now.date()))
                if quarter and now != quarter:
                    _look(seen, self.house, periods.parse(quarter).end)
                quarter = now
                said(step)

            super().live(steps, before)

    usual, demonstration.Mechanism = demonstration.Mechanism, Watched  # type: ignore[misc]
    try:
        yield
    finally:
        demonstration.Mechanism = usual  # type: ignore[misc]
    file.write_bytes(pickle.dumps(seen))


def _look(seen: Seen, house: House, day: date) -> None:
    started = time.monotonic()
    seen.versions[day] = house.store.head().version
    seen.shown |= {(day, name): shown(house, who, day, None) for name, who in VIEWERS.items()}
    seen.seconds += time.monotonic() - started
