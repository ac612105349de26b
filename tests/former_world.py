"""What XAA-HEALTH reported quarter by quarter before a file that is unusual. Never used by the app."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from contacts_world import DATASET, HEALTH, counted
from dashboard.intake import submissions
from dashboard.intake.submissions import Received
from dashboard.intake.warnings import Warned
from dashboard.reference import periods
from world import World, send, service, table

FORMER = Path(__file__).resolve().parent / "uploads" / "former"
"""`before.csv` is a file of a usual quarter, `<code>.csv` the file of the next that shows a kind of warning."""
NOW = "2026-Q2"
USUAL = (41, 44, 40, 46, 43)


def example(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((FORMER / f"{name}.csv").read_text(encoding="utf-8"))))


def fill(world: World, quarters: int = len(USUAL), name: str = "before") -> World:
    """Accept so many files before NOW, in which the hotline's contacts are USUAL; the organisation offers no SEED-2."""
    for n, contacts in zip(range(quarters, 0, -1), USUAL, strict=False):
        rows = [dict(row, contacts=str(contacts)) if row["channel"] == "hotline" else row for row in example(name)]
        counted(world, HEALTH, str(periods.parse(NOW).shifted(-n)), rows)
    offered = [service(HEALTH, "SEED-1"), service(HEALTH, "SEED-2", "not_available"), service(HEALTH, "SEED-9")]
    send(world, "service_coverage", HEALTH, NOW, table(world.house, "service_coverage", offered))
    return world


def staged(
    world: World,
    rows: list[dict[str, str]],
    *,
    by: str = "trained agency",
    dataset: str = DATASET,
    period: str = NOW,
    organisation: str = HEALTH,
) -> Received:
    received = submissions.stage(
        world.viewer(by),
        world.house,
        table(world.house, dataset, rows),
        dataset=dataset,
        organisation_code=organisation,
        period=period,
    )
    assert received.submission_id, [p.message for p in received.outcome.problems]
    return received


def where(warned: tuple[Warned, ...]) -> list[tuple[int | None, str | None, str]]:
    """Warnings as tests name them: row, column, code."""
    return [(one.problem.row, one.problem.column, one.problem.code) for one in warned]
