"""Measure five typical questions about contacts on records of several sizes, and who waits after a file is accepted.

.venv/bin/python tests/measure_questions.py [rows ...]        default: 100000 1000000; 10000000 takes some minutes

Rows are put straight into the record's tables, a thousand for each of its files, as accepted files would have left
them. Prints milliseconds; judges nothing.
"""

from __future__ import annotations

import itertools
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.protection.policy import Viewer
from dashboard.record.house import House, open_house
from dashboard.reports import contacts, marts, rollups
from world import World, build, contact, join, lay_overlay, table, train

EACH, TIMES = 1000, 15
HEALTH, QUARTER = "XAA-HEALTH", "2025-Q4"

QUESTIONS: dict[str, Callable[[Viewer, House, int | None], Any]] = {
    "line of all quarters": lambda v, h, n: contacts.totals(v, h, country="", version=n),
    "table of one country": lambda v, h, n: contacts.by_period(v, h, country="C07", version=n),
    "by service": lambda v, h, n: contacts.breakdown(v, h, country="", period=QUARTER, by="service", version=n),
    "by origin, one country": lambda v, h, n: contacts.breakdown(
        v, h, country="C07", period=QUARTER, by="origin", version=n
    ),
    "stages of cases": lambda v, h, n: contacts.stages(v, h, country="", period=QUARTER, version=n),
}


def fill(house: House, rows: int) -> None:
    """So many rows of contacts: twenty countries, twelve quarters, a file of a thousand rows each."""
    cursor, files, first = house.store._cursor(), rows // EACH, house.store.head().version + 1
    moment = "timestamptz '2026-01-01 00:00:00+00'"
    cursor.execute("begin transaction")
    cursor.execute(
        "create temp table made as select i, printf('0199%04x-0000-7000-8000-%012x', i, i) as submission_id,"
        " printf('C%02d', (i // 12) % 20) as country, printf('C%02d-ORG%04d', (i // 12) % 20, i // 240) as code,"
        f" printf('20%02d-Q%d', 23 + (i % 12) // 4, 1 + i % 4) as period, {first} + i as version"
        f" from range({files}) as t(i)"
    )
    cursor.execute(
        "insert into submission select submission_id, 'service_contacts', code, period, submission_id, 1, "
        f"{EACH}, '', 'operator', '[]', version, {moment} from made"
    )
    cursor.execute(
        "insert into submission_event select submission_id, submission_id, 'accepted', 'operator', '', version,"
        f" {moment} from made"
    )
    cursor.execute(
        "insert into d_service_contacts (submission_id, row_number, country, organisation_code, sector, service_code,"
        " origin, form_of_violence, stage, channel, contacts, version, recorded_at)"
        " select submission_id, r, country, code, case when r % 5 = 0 then 'justice_policing' else 'health' end,"
        " printf('SEED-%d', 1 + r % 17), printf('C%02d', r % 20),"
        " (['physical', 'sexual', 'economic', null])[1 + r % 4],"
        " case when r % 5 = 0 then (['reported', 'investigated', 'charged', null])[1 + (r // 5) % 4] end,"
        f" (['hotline', 'walk_in', null])[1 + r % 3], r % 40, version, {moment} from made, range({EACH}) as t(r)"
        " order by i, r"
    )
    cursor.execute(f"update head set version = {first + files}, figures = {first + files}")
    cursor.execute("commit")
    house.store._take_head()
    house.store.checkpoint()


@dataclass(frozen=True, order=True)
class Took:
    """Milliseconds that passed, and that this process worked: on a busy machine the second says more."""

    passed: float
    worked: float

    def __str__(self) -> str:
        return f"{self.passed:.1f} ({self.worked:.1f})"


def took(ask: Callable[[], Any]) -> Took:
    started, worked = time.perf_counter(), time.process_time()
    ask()
    return Took((time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000)


def middle_of(times: list[Took]) -> Took:
    return Took(statistics.median(t.passed for t in times), statistics.median(t.worked for t in times))


def one_more(world: World, viewer: Viewer, period: str) -> Took:
    """Send a file of a thousand rows through the doors; returns how long its acceptance took."""
    forms, ways = ("physical", "sexual", "economic", ""), ("hotline", "walk_in", "referral", "outreach", "online")
    kinds = itertools.product(range(1, 18), forms, ways, ("XAA", "XBA", ""))
    rows = [
        contact(HEALTH, "health", n % 40, service_code=f"SEED-{service}", form_of_violence=form, channel=way, origin=of)
        for n, (service, form, way, of) in enumerate(itertools.islice(kinds, EACH))
    ]
    data = table(world.house, "service_contacts", rows)
    received = submissions.stage(
        viewer, world.house, data, dataset="service_contacts", organisation_code=HEALTH, period=period
    )
    assert received.submission_id, received.outcome.problems[:3]
    submissions.submit(viewer, world.house, received.submission_id)
    return took(lambda: submissions.accept(viewer, world.house, received.submission_id))


def measure(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder) / "data", min_free_bytes=0)
        lay_overlay(settings)
        house = open_house(settings)
        world = build(house)
        join(world, "trained", "secretariat", "", "")
        train(world, "trained")
        fill(house, rows)
        house.close()
        world = World(open_house(settings), world.people, world.sent)
        house, viewer = world.house, world.viewer("trained")
        middle = house.store.head().version - rows // EACH // 2
        print(f"\n{rows:,} rows in {rows // EACH:,} files, ms that passed (and worked)")
        print(f"{'':28}{'cold':>17}{'warm':>17}{'as of':>17}{'after one more':>17}")
        cold = {name: took(lambda a=ask: a(viewer, house, None)) for name, ask in QUESTIONS.items()}
        warm = {
            name: middle_of([took(lambda a=ask: a(viewer, house, None)) for _n in range(TIMES)])
            for name, ask in QUESTIONS.items()
        }
        earlier = {name: took(lambda a=ask: a(viewer, house, middle)) for name, ask in QUESTIONS.items()}
        after: dict[str, list[Took]] = {name: [] for name in QUESTIONS}
        accepting = []
        for period in ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"):
            accepting.append(one_more(world, viewer, period))
            for name, ask in QUESTIONS.items():
                after[name].append(took(lambda a=ask: a(viewer, house, None)))
        for name in QUESTIONS:
            shown = (cold[name], warm[name], earlier[name], middle_of(after[name]))
            print(f"{name:28}" + "".join(f"{t!s:>17}" for t in shown))
        print(f"{'accepting 1,000 rows':28}{middle_of(accepting)!s:>17}")
        version = marts.as_of(house).version
        whole = took(lambda: house.store.read(_WHOLE, version=version))
        print(f"{'the same as one SQL question':28}{whole!s:>17}   (line of all quarters, over every row)")
        print(f"{'rows in the largest rollup':28}{len(rollups.at(house, contacts._SERVICES, version)):17,}")
        print(f"{'most memory, MB':28}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:17.0f}")
        house.close()


_WHOLE = (
    "select period, sum(contacts) from service_contacts_rows where coalesce(stage, 'reported') = 'reported'"
    " and since <= $version and (until is null or until > $version) group by 1"
)

if __name__ == "__main__":
    for asked in [int(a) for a in sys.argv[1:]] or [100_000, 1_000_000]:
        measure(asked)
