"""The demonstration as tests read it: built once a run for all workers, never opened where it was built."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import quarters_shown
from dashboard import demonstration
from dashboard.config import DEMONSTRATION, Settings, from_environment
from dashboard.demonstration.almanac import Almanac
from dashboard.people import roster
from dashboard.protection import policy
from dashboard.record.house import House, open_house

TODAY = datetime.now(UTC).date()
NOW = Almanac(TODAY)
QUARTERS = [str(NOW.period(n)) for n in range(1, 13)]
LAST = QUARTERS[-1]


@pytest.fixture(scope="session")
def demonstration_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its data folder, with nobody in it, which the tests in a browser share. Never opened: take a copy."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "built"
    with (shared / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with quarters_shown.watched(watched_while_built(folder)):
                demonstration.prepare(Settings(data=folder, demo=True, min_free_bytes=0))
    return folder


def watched_while_built(folder: Path) -> Path:
    """The file beside the folder that says what was shown at the end of each quarter (see tests/quarters_shown.py)."""
    return folder.with_name(folder.name + ".shown")


@pytest.fixture(scope="session")
def demo(demonstration_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A copy of it, open, by the settings that anybody would read for this folder. Only to be read."""
    copy = tmp_path_factory.mktemp("open") / "d"
    shutil.copytree(demonstration_folder, copy, symlinks=True)
    house = open_house(replace(from_environment({"DASHBOARD_DATA": str(copy)}), min_free_bytes=0))
    yield house
    house.close()


def seconds(folder: Path) -> float:
    """How long it took to build, without what the tests looked at meanwhile: from the first file that the record makes
    to the mark that is put on last."""
    took = (folder / DEMONSTRATION).stat().st_mtime - (folder / "secret").stat().st_mtime
    return took - quarters_shown.read(watched_while_built(folder)).seconds


def viewer() -> policy.Viewer:
    return policy.operator(TODAY)


def who(house: House, email: str) -> policy.Viewer:
    """An account of the demonstration, as it is today."""
    return roster.viewer(house, roster.roster(house).by_email[email], TODAY)
