"""Contact counts in the small named world: two quarters, four organisations, a correction. Never used by the app.

Trained are, besides nobody of the small world itself:
"trained agency" (XAA-HEALTH), "trained coordinator" (XAA-COORD, of XAA), "trained secretariat",
"trained enforcement" (XBA-POLICE); "expired agency" (XAA-HEALTH) was, until yesterday.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from dashboard.people import roster
from dashboard.protection.policy import Viewer
from world import World, contact, join, send, table, train

HEALTH, COORD, POLICE, UNION = "XAA-HEALTH", "XAA-COORD", "XBA-POLICE", "XBA-UNION"
DATASET = "service_contacts"
TRAINED = {
    "trained agency": ("agency", HEALTH, "XAA"),
    "trained coordinator": ("coordinator", COORD, "XAA"),
    "trained secretariat": ("secretariat", "", ""),
    "trained enforcement": ("agency", POLICE, "XBA"),
}
EXPIRED = {"expired agency": ("agency", HEALTH, "XAA")}

Q1, Q2 = "2026-Q1", "2026-Q2"
FILES = {
    (HEALTH, Q1): [contact(HEALTH, "health", 40, service_code="SEED-1", origin="XBA", channel="hotline")],
    (HEALTH, Q2): [
        contact(
            HEALTH, "health", 24, service_code="SEED-1", origin="XBA", form_of_violence="physical", channel="walk_in"
        ),
        contact(HEALTH, "health", 37, service_code="SEED-1"),
        contact(HEALTH, "health", 0, service_code="SEED-2", channel="hotline"),
        contact(HEALTH, "social", 8, form_of_violence="economic"),
    ],
    (COORD, Q1): [contact(COORD, "coordination", 5)],
    (POLICE, Q2): [
        contact(POLICE, "justice_policing", 14, origin="XAA", stage="reported"),
        contact(POLICE, "justice_policing", 9, stage="investigated"),
        contact(POLICE, "justice_policing", 3, stage="charged"),
        contact(POLICE, "justice_policing", 2, origin="XAA"),
    ],
    (UNION, Q2): [contact(UNION, "world_of_work", 0, channel="outreach")],
}  # fmt: skip
TOTAL = {(HEALTH, Q1): 40, (HEALTH, Q2): 69, (COORD, Q1): 5, (POLICE, Q2): 16, (UNION, Q2): 0}


def counted(world: World, organisation: str, period: str, rows: list[dict[str, str]], accept: bool = True) -> str:
    """Send a file of contacts, accepted by the trained secretariat."""
    data = table(world.house, DATASET, rows)
    return send(world, DATASET, organisation, period, data, accept=accept, by="trained secretariat")


def fill(world: World) -> None:
    """The people and files described above."""
    for name, place in {**TRAINED, **EXPIRED}.items():
        join(world, name, *place)
    for name in TRAINED:
        train(world, name)
    train(world, "expired agency", roster.months_later(datetime.now(UTC).date(), -13))
    for (organisation, period), rows in FILES.items():
        world.sent[f"contacts {organisation} {period}"] = counted(world, organisation, period, rows)


def on(viewer: Viewer, day: date) -> Viewer:
    """The same person on another day."""
    return replace(viewer, today=day)
