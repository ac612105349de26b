"""Nothing of a refused file stays: every byte of the data folder, the temporary folder and the log is searched."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.intake.senders import NotPossible
from dashboard.people import links
from dashboard.record.house import House, open_house
from dashboard.reference.periods import last_ended
from world import World, lay_overlay, service, table

CANARY = "Zanzibarcanary"


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    lay_overlay(settings)
    house = open_house(settings)
    world = World(house)
    links.invite(
        world.operator,
        house,
        email="a@example.org",
        name="A",
        role="agency",
        organisation_code="XAA-HEALTH",
        country="XAA",
        now=None,
    )
    yield world
    house.close()


def refused(house: House) -> dict[str, bytes]:
    good = table(house, "service_coverage", [service("XAA-HEALTH", "SEED-1")])
    header, rows = good.split(b"\r\n", 1) if b"\r\n" in good else good.split(b"\n", 1)
    rows = rows.strip()
    return {
        "a forbidden column": header + b",survivor name\r\n" + rows + f",{CANARY} A".encode(),
        "a wrong code": good.replace(b"SEED-1", CANARY.encode()),
        "an e-mail": good.replace(b"SEED-1", f"{CANARY}@example.org".encode()),
        "an open quotation mark": good + f'"{CANARY}'.encode(),
        "a row too long": header + b"\r\n" + rows + f",{CANARY}".encode(),
        "no CSV": b"%PDF-1.4 " + CANARY.encode(),
        "zero bytes": good + CANARY.encode() + b"\0",
    }


def holding(folder: Path) -> list[str]:
    return [str(path) for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


def test_nothing_of_a_refused_file_stays_anywhere(
    world: World,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "HOME"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.chdir(temporary)
    with caplog.at_level(logging.DEBUG):
        for what, data in refused(world.house).items():
            assert CANARY.encode() in data
            received = submissions.stage(
                world.operator,
                world.house,
                data,
                dataset="service_coverage",
                organisation_code="XAA-HEALTH",
                period=str(last_ended(world.operator.today)),
                marked=True,
            )
            assert received.submission_id == "" and received.outcome.problems, what
    world.house.store.checkpoint()
    assert holding(tmp_path) == []
    assert list(temporary.rglob("*")) == []
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capfd.readouterr())


def test_nothing_stays_of_a_file_for_which_the_disk_has_no_room(world: World, tmp_path: Path) -> None:
    house = replace(world.house, settings=replace(world.house.settings, min_free_bytes=2**60))
    data = table(house, "service_coverage", [service("XAA-HEALTH", "SEED-1", source=CANARY)])
    with pytest.raises(NotPossible, match="nearly full") as refused:
        submissions.stage(
            world.operator,
            house,
            data,
            dataset="service_coverage",
            organisation_code="XAA-HEALTH",
            period=str(last_ended(world.operator.today)),
        )
    house.store.checkpoint()
    assert holding(tmp_path) == [] and CANARY not in str(refused.value)


def test_the_search_would_find_it(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"..." + CANARY.encode())
    assert len(holding(tmp_path)) == 1
