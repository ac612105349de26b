"""The house: everything a door needs, on the real words."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.record.house import open_house
from dashboard.record.store import StoreBusy
from durability import little_record


def test_open_and_close(tmp_path: Path) -> None:
    house = open_house(little_record.settings(tmp_path / "data"))
    try:
        assert house.store.head().version == 0
        for name in house.library.contracts:
            assert house.store.read(f"select * from {name}_rows") == []
        with pytest.raises(StoreBusy, match=f"process {os.getpid()}"):
            open_house(house.settings)
    finally:
        house.close()
        house.close()
    again = open_house(little_record.settings(tmp_path / "data"))
    assert again.store.healthy()
    again.close()


def test_everything_in_the_folder_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    house = open_house(little_record.settings(folder))
    with house.store.write("people", by="tester") as write:
        write.add("account", {"account_id": "a"})
    found = {path: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}
    house.close()
    assert {path.name for path in found} >= {"data", "dashboard.duckdb", "dashboard.duckdb.wal", "journal", "secret"}
    assert {path: oct(mode) for path, mode in found.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}


def test_an_overlay_of_the_deployment_is_read(tmp_path: Path) -> None:
    schemas = tmp_path / "data" / "datasets" / "schemas"
    schemas.mkdir(parents=True)
    seats = little_record.library().contracts["seats"]
    (schemas / "seats.json").write_text(seats.source)
    house = open_house(little_record.settings(tmp_path / "data"))
    assert house.store.read("select * from seats_rows") == []
    house.close()


def test_a_record_can_be_built_by_another_clock(tmp_path: Path) -> None:
    told = iter(
        [datetime(2024, 1, 31, 23, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC)]
    )
    house = open_house(little_record.settings(tmp_path / "data"), clock=lambda: next(told))
    for name in ("a", "b", "c"):
        with house.store.write("people", by="tester") as write:
            write.add("account", {"account_id": name})
    found = house.store.read("select account_id, recorded_at from account order by version")
    may = datetime(2024, 5, 1, tzinfo=UTC)
    assert [row["recorded_at"] for row in found] == [datetime(2024, 1, 31, 23, tzinfo=UTC), may, may], "never back"
    assert [house.store.version_on(datetime(2024, month, 2, tzinfo=UTC)) for month in (1, 2, 5)] == [0, 1, 3]
    assert [path.name for path in house.store.journal.paths()] == ["2024-01.jsonl", "2024-05.jsonl"]
    house.close()
    again = open_house(house.settings)
    again.store.audit("looked", by="tester")
    assert again.store.read("select happened_at from audit")[0]["happened_at"].year >= 2026
    again.close()
