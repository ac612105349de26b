"""Files of service coverage and their steps in the small named world. Never a test itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dashboard.intake import submissions
from dashboard.intake.submissions import Received
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from world import World, service, table

HEALTH, POLICE = "XAA-HEALTH", "XBA-POLICE"
SAID = "Please mend row 2."


def csv_of(world: World, organisation: str, *codes: str, **more: str) -> bytes:
    """A file of service coverage with one row for each service."""
    return table(world.house, "service_coverage", [service(organisation, code, **more) for code in codes])


def stage(
    world: World, data: bytes, organisation: str = HEALTH, period: str = "2026-Q1", *, by: Viewer | None = None,
    dataset: str = "service_coverage",
) -> Received:  # fmt: skip
    return submissions.stage(
        by or world.operator, world.house, data, dataset=dataset, organisation_code=organisation, period=period
    )


def staged(world: World, *codes: str, period: str = "2026-Q1", **more: str) -> str:
    return stage(world, csv_of(world, HEALTH, *(codes or ("SEED-1",)), **more), period=period).submission_id


def state(world: World, submission_id: str) -> str:
    rows = world.house.store.read("select state from submission_now where submission_id = $id", id=submission_id)
    return str(rows[0]["state"])


def steps(world: World, submission_id: str) -> list[str]:
    rows = world.house.store.read(
        "select event from submission_step where submission_id = $id order by since", id=submission_id
    )
    return [row["event"] for row in rows]


def figures(world: World, period: str = "2026-Q1", organisation: str = HEALTH) -> list[str]:
    """The services that count now, as the record holds them."""
    rows = world.house.store.read(
        "select service_code from service_coverage_rows where reported_by = $organisation and period = $period"
        " and until is null order by service_code",
        organisation=organisation, period=period,
    )  # fmt: skip
    return [row["service_code"] for row in rows]


CANARY = "Zqxwvu Kestrelmoor"


STEPS: dict[str, Callable[[Viewer, House, str], None]] = {
    "submit": submissions.submit,
    "accept": submissions.accept,
    "send back": lambda viewer, house, found: submissions.send_back(viewer, house, found, SAID),
    "withdraw": lambda viewer, house, found: submissions.withdraw(viewer, house, found, SAID),
}


def brought_to(world: World, wanted: str, number: int) -> str:
    """A submission in this state, of a quarter of its own."""
    found = staged(world, period=str(periods.parse("2020-Q1").shifted(number)))
    if wanted in ("submitted", "accepted", "returned"):
        submissions.submit(world.operator, world.house, found)
    if wanted == "lapsed":
        submissions.sweep(world.operator, world.house, now=datetime.now(UTC) + timedelta(days=15))
    elif wanted == "expunged":
        submissions.expunge(world.operator, world.house, found, "a name slipped in")
    elif step := {"accepted": "accept", "returned": "send back", "withdrawn": "withdraw"}.get(wanted):
        STEPS[step](world.operator, world.house, found)
    assert state(world, found) == wanted
    return found


def traces(folder: Path, *canaries: str) -> list[str]:
    """The files in a folder that hold one of these words, whole or as UTF-16."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if any(c.encode(code) in data for c in canaries for code in ("utf-8", "utf-16-le")):
                found.append(str(path.relative_to(folder)))
    return found
