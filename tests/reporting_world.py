"""The small world with a clock that a test sets: who of XAA is asked for the services of 2026-Q3, and what came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.protection.policy import Viewer
from dashboard.record.house import House, open_house
from world import MEMBERS, Built, World, build, copied, lay_overlay, send, service, table

PERIOD, COVERAGE = "2026-Q3", "service_coverage"
HEALTH, COORD = "XAA-HEALTH", "XAA-COORD"
DUE = date(2026, 10, 30)
START = datetime(2026, 7, 10, 12, 0, tzinfo=UTC)


class Reporting(World):
    """Its register expects services from XAA-HEALTH, whose file waits since July, and from XAA-COORD."""

    time: list[datetime]

    def on(self, day: date) -> None:
        """From now on it is noon of this day."""
        self.time[0] = datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)

    def seen(self, name: str, day: date) -> Viewer:
        """Somebody of the world, or the operator, looking on a day."""
        return replace(self.operator if name == "operator" else self.viewer(name), today=day)

    def hands_in(self, organisation: str, day: date, *, accept: bool = False) -> str:
        """Send that organisation's services for the quarter, on a day."""
        self.on(day)
        rows = [service(organisation, "SEED-1"), service(organisation, "SEED-2", "not_available")]
        made = send(self, COVERAGE, organisation, PERIOD, table(self.house, COVERAGE, rows), accept=accept)
        self.sent[organisation] = made
        return made

    def accepts(self, name: str) -> None:
        submissions.accept(self.operator, self.house, self.sent[name])


def changed(house: House, dataset: str = COVERAGE, **more: Any) -> House:
    """The same house where a dataset's schema says something else."""
    contracts = dict(house.library.contracts)
    contracts[dataset] = replace(contracts[dataset], **more)
    return replace(house, library=replace(house.library, contracts=contracts))


@pytest.fixture(scope="session")
def built_reporting(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The world described above, built through the doors once a run."""
    settings = Settings(data=tmp_path_factory.mktemp("reporting") / "data", min_free_bytes=0, staged_days=9999)
    lay_overlay(settings)
    house = open_house(settings, clock=lambda: START)
    made = build(house)
    rows = [row | {"reports_quarterly": "yes"} for row in MEMBERS[COORD]]
    send(made, "members", COORD, PERIOD, table(house, "members", rows))
    house.close()
    return Built(settings.data, made.people, made.sent)


@pytest.fixture
def reporting_world(built_reporting: Built, tmp_path: Path) -> Iterator[Reporting]:
    """That world in a folder of this test's own, open; its clock stands at the day on which it was built."""
    folder, time = tmp_path / "reporting", [START]
    copied(built_reporting.folder, folder)
    house = open_house(Settings(data=folder, min_free_bytes=0, staged_days=9999), clock=lambda: time[0])
    world = Reporting(house, dict(built_reporting.people), dict(built_reporting.sent))
    world.time = time
    yield world
    house.close()
