"""Indicators in the small named world: values, milestones, a correction, a dispute. Never used by the app.

XAA-COORD    P-CAP-1 and its milestones, SDG-5.1.1, SDG-5.2.1 (a survey), P-REF-1 (contacts); P-CAP-1 by sector and by
             corridor
XAA-HEALTH   P-CAP-1 too (they add up), SDG-5.1.1 with another score, P-REF-1 and SPOT-4.1 (contacts)
XBA-COORD    P-CAP-1
XBA-POLICE   SPOT-4.1 (contacts), P-SVC-2
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.protection.policy import Viewer
from dashboard.reference.table import Status, Table
from dashboard.reports import indicators
from world import Built, World, send, table

COORD, HEALTH, POLICE, ABROAD = "XAA-COORD", "XAA-HEALTH", "XBA-POLICE", "XBA-COORD"
VALUES, GOALS = "indicator_values", "milestones"
TODAY = date(2026, 11, 2)
PLAN = "Plan of Asterland, monitoring framework"


def value(organisation: str, code: str, period: str, number: float, **more: object) -> dict[str, str]:
    """A row of indicator values."""
    return {
        "country": organisation[:3],
        "indicator_code": code,
        "organisation_code": organisation,
        "period": period,
        "value": str(number),
        "source": f"Records of {organisation}",
    } | {name: str(said) for name, said in more.items()}


def goal(organisation: str, code: str, what: str, due: str, number: float) -> dict[str, str]:
    """A row of milestones."""
    return {
        "country": organisation[:3],
        "indicator_code": code,
        "organisation_code": organisation,
        "what": what,
        "due_period": due,
        "value": str(number),
        "agreed_in": PLAN,
    }


def survey(organisation: str, period: str, number: float) -> dict[str, str]:
    return value(organisation, "SDG-5.2.1", period, number, study="Household survey, 2,400 women, statistics office")


GOAL_ROWS = [
    goal(COORD, "P-CAP-1", "baseline", "2024-Q4", 100),
    goal(COORD, "P-CAP-1", "milestone", "2026-Q2", 300),
    goal(COORD, "P-CAP-1", "milestone", "2026-Q4", 500),
    goal(COORD, "P-CAP-1", "target", "2027-Q4", 800),
    goal(COORD, "SDG-5.2.1", "target", "2028-Q4", 20),
    goal(COORD, "P-COO-1", "milestone", "2026-Q4", 50),
    goal(COORD, "SPOT-4.1", "baseline", "2025-Q2", 77),
]
FILES = {
    (COORD, "2025-Q3"): [survey(COORD, "2025-Q3", 31.5), value(COORD, "SDG-5.1.1", "2025-Q3", 40)],
    (COORD, "2026-Q1"): [value(COORD, "P-CAP-1", "2026-Q1", 150)],
    (COORD, "2026-Q3"): [
        value(COORD, "P-CAP-1", "2026-Q3", 320),
        value(COORD, "P-CAP-1", "2026-Q3", 120, disaggregation="sector", category="health"),
        value(COORD, "P-CAP-1", "2026-Q3", 200, disaggregation="sector", category="justice_policing"),
        value(COORD, "P-CAP-1", "2026-Q3", 60, corridor="XAA-XBA"),
        value(COORD, "SDG-5.1.1", "2026-Q3", 52),
        value(COORD, "P-REF-1", "2026-Q3", 1409),
        survey(COORD, "2026-Q3", 28.4),
    ],
    (HEALTH, "2026-Q1"): [value(HEALTH, "P-CAP-1", "2026-Q1", 50), value(HEALTH, "SPOT-4.1", "2026-Q1", 611)],
    (HEALTH, "2026-Q3"): [
        value(HEALTH, "P-CAP-1", "2026-Q3", 90),
        value(HEALTH, "SDG-5.1.1", "2026-Q3", 48),
        value(HEALTH, "SPOT-4.1", "2026-Q3", 733),
        value(HEALTH, "SPOT-4.1", "2026-Q3", 419, disaggregation="sector", category="health"),
        value(HEALTH, "P-REF-1", "2026-Q3", 87),
    ],
    (ABROAD, "2026-Q3"): [value(ABROAD, "P-CAP-1", "2026-Q3", 12)],
    (POLICE, "2026-Q3"): [
        value(POLICE, "SPOT-4.1", "2026-Q3", 947),
        value(POLICE, "P-SVC-2", "2026-Q3", 25, numerator=5, denominator=20),
    ],
}


def fill(world: World) -> World:
    """The files described above, accepted; the last value of XAA-HEALTH's training is a correction of 70.

    The world is one of contacts_world: only its trained people may accept contacts.
    """
    first = [dict(row, value="70") if row["value"] == "90" else row for row in FILES[(HEALTH, "2026-Q3")]]
    sent(world, HEALTH, "2026-Q3", first)
    for (organisation, period), rows in FILES.items():
        sent(world, organisation, period, rows)
    send(world, GOALS, COORD, "2026-Q3", table(world.house, GOALS, GOAL_ROWS), by="trained secretariat")
    return world


def build(built_contacts: Built, folder: Path) -> Built:
    """The filled world in a folder, closed, for tests to open copies of it."""
    world = built_contacts.opened(folder)
    try:
        fill(world)
    finally:
        world.house.close()
    return Built(world.house.settings.data, world.people, world.sent)


def sent(world: World, organisation: str, period: str, rows: list[dict[str, str]]) -> str:
    return send(world, VALUES, organisation, period, table(world.house, VALUES, rows), by="trained secretariat")


def dated(viewer: Viewer, day: date = TODAY) -> Viewer:
    return replace(viewer, today=day)


def column(found: Table, name: str = "value") -> dict[str, tuple[object, Status]]:
    """A column's values with their statuses, by the row's key."""
    return {str(key): (found.frame.loc[key, name], Status(found.statuses.loc[key, name])) for key in found.frame.index}


def series(world: World, code: str, country: str = "XAA", name: str = "secretariat", **more: Any) -> indicators.Series:
    """An indicator as somebody reads it on TODAY."""
    return indicators.series(dated(world.viewer(name)), world.house, code, country=country, **more)


def listing(world: World, name: str = "secretariat", day: date = TODAY, **more: Any) -> indicators.Listing:
    """All indicators of a country as somebody reads them."""
    return indicators.listing(dated(world.viewer(name), day), world.house, **more)


def card(found: indicators.Listing, code: str) -> indicators.Card:
    """The card of one indicator, also where it has nothing to show."""
    return next(c for c in (*found.cards, *found.silent) if c.indicator.code == code)
