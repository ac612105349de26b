"""Actions in the small named world, sent and changed through the doors. Never a test itself.

XAA-2026-01  led by XAA-HEALTH, supported by XAA-COORD, due 40 days ago
XAA-2026-02  led by XAA-COORD, of the corridor, due in 100 days
XAA-2026-03  led by XBA-POLICE, restricts where women go, due in 10 days
XBA-2026-01  led by XBA-POLICE, due 5 days ago
XBA-2026-02  led by XBA-UNION, supported by XBA-POLICE, due in 200 days
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from dashboard.coordination import actions
from dashboard.protection.policy import Viewer
from dashboard.reference import periods
from world import World, send, table

TODAY = datetime.now(UTC).date()
AGREED = TODAY - timedelta(days=300)
HEALTH, COORD, POLICE, UNION = "XAA-2026-01", "XAA-2026-02", "XBA-2026-01", "XBA-2026-02"
ABROAD = "XAA-2026-03"
"""Agreed by the mechanism of XAA, led by an organisation of XBA, and restricting."""


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def row(code: str, lead: str, due: date, **more: str) -> dict[str, str]:
    """A row of the list of actions, kept by the coordinating body of the code's country."""
    return {
        "country": code[:3],
        "action_code": code,
        "organisation_code": f"{code[:3]}-COORD",
        "title": f"Do what {code} says",
        "changes_for_survivor": "She is asked once and not five times.",
        "lead": lead,
        "agreed_on": AGREED.isoformat(),
        "agreed_at": "First meeting",
        "due_on": due.isoformat(),
        "restricts_work_or_migration": "no",
    } | more


LISTS = {
    "XAA-COORD": [
        row(HEALTH, "XAA-HEALTH", day(-40), support="XAA-COORD", indicator_code="P-SVC-4"),
        row(COORD, "XAA-COORD", day(100), corridor="XAA-XBA"),
        row(ABROAD, "XBA-POLICE", day(10), restricts_work_or_migration="yes"),
    ],
    "XBA-COORD": [
        row(POLICE, "XBA-POLICE", day(-5)),
        row(UNION, "XBA-UNION", day(200), support="XBA-POLICE"),
    ],
}


def agree(world: World, organisation: str, rows: list[dict[str, str]], period: str = "") -> str:
    """Send a list of actions as an accepted file of a quarter (the last one that ended); returns its id."""
    quarter = period or str(periods.last_ended(TODAY))
    return send(world, "actions", organisation, quarter, table(world.house, "actions", rows))


def agreed(world: World) -> World:
    """The world with its five actions, untouched."""
    for organisation, rows in LISTS.items():
        agree(world, organisation, rows)
    return world


def change(world: World, name: str, code: str, **what: object) -> int:
    """A change by one of the world's people."""
    return actions.change(world.viewer(name), world.house, code, **what)  # type: ignore[arg-type]


def dated(viewer: Viewer, on: date) -> Viewer:
    return replace(viewer, today=on)
