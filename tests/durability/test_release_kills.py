"""The serving process is killed while it drafts, publishes and withdraws: what is public is always a whole release."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from quick_start import ask, serve

from dashboard import cli
from dashboard.config import Settings, from_environment
from dashboard.publication import withdrawing
from dashboard.record.house import House, open_house
from dashboard.reports import released
from world import Built, copied


@dataclass
class Count:
    """What was killed, what was answered, and what was found wrong afterwards."""

    kills: int = 0
    answered: list[str] = field(default_factory=list)
    tried: int = 0
    wrong: list[str] = field(default_factory=list)


@pytest.fixture
def settings(built_releases: Built, tmp_path: Path) -> Iterator[Settings]:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    copied(built_releases.folder, tmp_path / "data")
    yield from_environment({"DASHBOARD_DATA": str(tmp_path / "data"), "PORT": str(port)})


def steps(settings: Settings, stop: threading.Event, count: Count) -> None:
    """One after the other: publish in one go, draft and publish, withdraw."""
    turn = 0
    while not stop.is_set():
        turn += 1
        count.tried += 1
        try:
            for one in ask(settings, "releases", {})["releases"]:
                if one["state"] in released.UNDECIDED:
                    ask(settings, "release", {"step": "drop", "release": one["release"]})
            said: dict[str, Any] = ask(settings, "release", {"note": "in one go"} if turn % 2 else {"step": "draft"})
            if "release" in said:
                said = ask(settings, "release", {"step": "publish", "release": said["release"]})
            count.answered.append(Path(said["folder"]).name)
        except (cli.Failed, OSError, KeyError):
            time.sleep(0.05)


def wait_for_more_than(number: int, count: Count) -> None:
    """Return when one more was answered than `number`, or after a minute."""
    until = time.monotonic() + 60
    while len(count.answered) == number and time.monotonic() < until:
        time.sleep(0.01)


def look(house: House, count: Count) -> None:
    """What a start finds, before and after it brought the folders in line."""
    releases = house.settings.releases
    for settled in (False, True):
        if settled and (undone := withdrawing.follow(house)):
            count.wrong.append(undone)
        rows = {row["folder"]: row for row in released.listing(house)}
        current = releases / "current"
        if current.is_symlink():
            row = rows.get(current.resolve().name)
            if row is None or row["state"] != "published" or released.digest(current.resolve()) != row["sha256"]:
                count.wrong.append(f"current is no whole release ({'after' if settled else 'before'} the start)")
        public = {p.name for p in releases.iterdir() if p.is_dir() and not p.is_symlink()} - {"drafts", "withdrawn"}
        if extra := {name for name in public if name not in rows or rows[name]["published_in"] is None}:
            count.wrong.append(f"{extra} can be read and was never published")
    newest = released.standing(house)
    if newest is None or current.resolve().name != newest["folder"]:
        count.wrong.append("current is not the release that was recorded last")
    for name, row in rows.items():
        if row["state"] == "published" and released.digest(releases / name) != row["sha256"]:
            count.wrong.append(f"{name} is public and not what was attacked")
    count.wrong += [f"{name} was answered and is not public" for name in count.answered if name not in rows]
    left = {p.name.split(".")[0] for p in (releases / "drafts").iterdir()} if (releases / "drafts").is_dir() else set()
    count.wrong += [
        f"{name} is left over" for name in left if rows.get(name, {}).get("state") not in released.UNDECIDED
    ]
    count.wrong += house.store.verify_audit()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kills", [4, pytest.param(10, marks=pytest.mark.long)])
def test_kills_during_draft_and_publish(settings: Settings, kills: int) -> None:
    chance, count, started = random.Random(31), Count(), datetime.now(UTC)
    for _turn in range(kills):
        server = serve(settings)
        stop = threading.Event()
        sender = threading.Thread(target=steps, args=(settings, stop, count))
        sender.start()
        if chance.random() < 0.5:  # on a busy machine hardly anything would be answered within six seconds
            wait_for_more_than(len(count.answered), count)
        time.sleep(chance.uniform(0.2, 6.0))
        server.kill()
        stop.set()
        sender.join(60)
        count.kills += 1
        house = open_house(replace(settings, min_free_bytes=0))
        try:
            look(house, count)
        finally:
            house.close()
    print(
        f"{count.kills} kills, {count.tried} tried, {len(count.answered)} answered,"
        f" wrong {len(count.wrong)}, {datetime.now(UTC) - started}"
    )
    assert count.wrong == []
    assert count.answered and count.tried > len(count.answered), "some were answered, and some were killed in the midst"
