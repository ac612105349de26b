"""A richer world for questions of coverage, and how to read the answers. Never asks anything itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from dashboard.config import Settings
from dashboard.protection.policy import Viewer
from dashboard.record.house import open_house
from dashboard.reference.table import Status, Table
from dashboard.reports import coverage, places
from world import World, build, member, send, service, table

TODAY = date(2026, 11, 1)
FRESH, STALE = (TODAY - timedelta(days=10)).isoformat(), (TODAY - timedelta(days=184)).isoformat()
CODES = {
    "countries": "# replaces\ncode,title,source,verified,check_at\nXAA,Asterland,invented,no,nowhere\n"
    "XBA,Bravonia,invented,no,nowhere\nXCA,Castoria,invented,no,nowhere\n",
    "corridors": "# replaces\ncode,title,source,verified,check_at,valid_to,origin,destination,main_sectors,figure,"
    "figure_unit,figure_sex,figure_period\n"
    "XAA-XBA,Asterland to Bravonia,invented,no,nowhere,,XAA,XBA,,,,,\n"
    "XBA-XCA,Bravonia to Castoria,invented,no,nowhere,,XBA,XCA,,,,,\n"
    "XCA-XAA,Closed,invented,no,nowhere,2026-03-31,XCA,XAA,,,,,\n",
}
LIMITED = {"open_to_migrant_women": "documented_only"}


def dated(viewer: Viewer, day: date = TODAY) -> Viewer:
    return replace(viewer, today=day)


def rich_world(data: Path) -> World:
    """The small world, with a third country, a second provider in two of them, and a quarter half reported."""
    settings = Settings(data=data, min_free_bytes=0)
    (settings.overlay / "codes").mkdir(parents=True)
    for name, body in CODES.items():
        (settings.overlay / "codes" / f"{name}.csv").write_text(body, encoding="utf-8")
    house = open_house(settings)
    world = build(house)
    register = [member("XAA-COORD", "GOV-WOM", "coordination"), member("XAA-HEALTH", "GOV-HEA", "health"),
                member("XAA-SOCIAL", "GOV-SOC", "social")]  # fmt: skip
    send(world, "members", "XAA-COORD", "2026-Q3", table(house, "members", register))
    files = {
        ("XAA-SOCIAL", "2026-Q2"): [
            service("XAA-SOCIAL", "SEED-1", "planned", open_to_migrant_women=""),
            service("XAA-SOCIAL", "SEED-2", "limited", **LIMITED),
            service("XAA-SOCIAL", "SEED-3", "not_known"),
            service("XAA-SOCIAL", "ESP-H1"),
        ],
        ("XBA-POLICE", "2026-Q2"): [
            service("XBA-POLICE", "SEED-7", "limited", open_to_migrant_women="nationals_only"),
            service("XBA-POLICE", "SEED-9", contact_line="112", contact_line_checked_on=FRESH),
        ],
        ("XBA-UNION", "2026-Q2"): [
            service("XBA-UNION", "SEED-1"),
            service("XBA-UNION", "SEED-3", "not_available"),
            service("XBA-UNION", "SEED-9", contact_line="+999 22 33", contact_line_checked_on=STALE, areas="North"),
        ],
        ("XAA-HEALTH", "2026-Q3"): [
            service("XAA-HEALTH", "SEED-1", open_to_migrant_women="not_known"),
            service("XAA-HEALTH", "SEED-9", contact_line="+999 000 0101", contact_line_checked_on=FRESH),
        ],
    }
    for (organisation, period), rows in files.items():
        send(world, "service_coverage", organisation, period, table(house, "service_coverage", rows))
    return world


def cell(found: coverage.Coverage, service: str, column: str) -> tuple[str, Status]:
    return found.matrix.frame.loc[service, column], Status(found.matrix.statuses.loc[service, column])


def counted(found: coverage.Coverage, country: str, side: str) -> dict[str, int]:
    frame = found.counts.frame
    row = frame[(frame["country"] == country) & (frame["side"] == places.SIDES[side])].iloc[0]
    return {name: int(row[name]) for name in (*coverage.STATES, "not_reported")}


def shown(found: Table, column: str) -> list[tuple[str, Status]]:
    return [(found.frame.loc[i, column], Status(found.statuses.loc[i, column])) for i in found.frame.index]
