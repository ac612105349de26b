"""The small named world with enough contact counts that a release shows some and hides some. Never used by the app.

In each of XAA and XBA four organisations counted contacts in four quarters, 2025-Q3 to 2026-Q2; XAA-LATE began in the
last. Everybody of contacts_world is there. Of each country a service is small, so that it and others are hidden.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import contacts_world
from contacts_world import DATASET, counted
from dashboard.reports.released import Cell, Key
from world import MEMBERS, Built, World, contact, member, send, table

QUARTERS = ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2")
LAST = QUARTERS[-1]
ORGANISATIONS = tuple(f"{country}-{name}" for country in ("XAA", "XBA") for name in ("ONE", "TWO", "THREE", "FOUR"))
LATE = "XAA-LATE"
SERVICES = (("health", "SEED-3"), ("social", "SEED-9"), ("social", "SEED-10"), ("civil_society", ""))
ORIGINS = ("XAA", "XBA", "")


def count(*words: str) -> int:
    """From 20 to 79, the same for the same words."""
    return 20 + zlib.crc32(" ".join(words).encode()) % 60


def rows_of(organisation: str, period: str, **instead: int) -> list[dict[str, str]]:
    """What an organisation counted in a quarter; `instead` gives another count for a service, as SEED_9=12."""
    found = []
    for sector, service in SERVICES:
        for origin in ORIGINS:
            number = count(organisation, period, service, origin)
            if service == "SEED-10":  # the small one
                number = number % 3
            number = instead.get(service.replace("-", "_"), number) if origin == "XBA" else number
            found.append(contact(organisation, sector, number, service_code=service, origin=origin))
    return found


def file(world: World, organisation: str, period: str, **instead: int) -> str:
    """Send an organisation's file and accept it; returns its id."""
    key = f"contacts {organisation} {period}"
    world.sent[key] = counted(world, organisation, period, rows_of(organisation, period, **instead))
    return world.sent[key]


def fill(world: World) -> None:
    """The register with all of them, and their files."""
    house = world.house
    contacts_world.fill(world)
    for country in ("XAA", "XBA"):
        coordinator = f"{country}-COORD"
        names = [*ORGANISATIONS, LATE]
        more = [member(name, "NGO-SOC", "social") for name in names if name.startswith(country)]
        send(world, "members", coordinator, "2026-Q3", table(house, "members", [*MEMBERS[coordinator], *more]))
    for organisation in ORGANISATIONS:
        for period in QUARTERS:
            file(world, organisation, period)


def build(built: Built, folder: Path) -> Built:
    """That world in a folder of its own, closed."""
    made = built.opened(folder)
    try:
        fill(made)
    finally:
        made.house.close()
    return Built(made.house.settings.data, made.people, made.sent)


def truth(world: World) -> dict[Key, int]:
    """Every count that a release could say of these files as they are accepted now, added up apart from the app."""
    rows = world.house.store.read(
        f"select country, sector, coalesce(service_code, '_U') as service, coalesce(origin, '_U') as origin, period,"
        f" sum(contacts)::bigint as contacts from {DATASET}_rows"
        " where until is null and coalesce(stage, 'reported') = 'reported' group by all"
    )
    found: dict[Key, int] = {}
    for row in rows:
        for country in (row["country"], "_T"):
            for period in (row["period"], row["period"][:4]):
                for sector, service, origin in (
                    ("_T", "_T", "_T"),
                    (row["sector"], "_T", "_T"),
                    (row["sector"], row["service"], "_T"),
                    ("_T", "_T", row["origin"]),
                ):
                    key = (country, sector, service, origin, period)
                    found[key] = found.get(key, 0) + int(row["contacts"])
    return found


def shown(cells: dict[Key, Cell]) -> dict[Key, int]:
    """The cells that say a number."""
    return {key: count for key, (count, _status) in cells.items() if count is not None}
