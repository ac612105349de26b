"""What was published of contacts: which release stood at a version, and its cells. Never reads a count of the record.

A cell is read from the file that the public gets, so that nobody inside reads another number than the public does.
"""

from __future__ import annotations

import csv
import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from dashboard.record.house import House
from dashboard.record.store import Store
from dashboard.reference.table import AsOf, Status

Key = tuple[str, str, str, str, str]
"""country, sector, service, origin, period of a published cell; TOTAL for all, UNRECORDED for not recorded."""
Cell = tuple[int | None, Status]
TOTAL, UNRECORDED = "_T", "_U"
DIMENSIONS = ("country", "sector", "service", "origin", "period")
CONTACTS = Path("data") / "contacts.csv"
PUBLISHED = "published"
UNDECIDED = ("drafted", "refused")
Row = dict[str, Any]


@dataclass(frozen=True)
class Release:
    """A release that stands, and what it says of contacts: empty where it holds none, or its folder is not whole."""

    release_id: str
    as_of: AsOf
    day: date
    figures_on: date
    cells: Mapping[Key, Cell] = field(repr=False)

    def cell(self, country: str, period: str, *, sector: str = "", service: str = "", origin: str = "") -> Cell | None:
        """One cell, "" for all of a dimension; None where this release says nothing of it."""
        found = (country or TOTAL, sector or TOTAL, service or TOTAL, origin or TOTAL, period)
        return self.cells.get(found)

    def quarters(self, country: str = "") -> list[str]:
        """The quarters of which it says something for a place, oldest first."""
        place = country or TOTAL
        return sorted({key[4] for key in self.cells if key[0] == place and "-Q" in key[4] and key[1:4] == (TOTAL,) * 3})


def listing(house: House) -> tuple[Row, ...]:
    """Every release with what became of it (a row of `release_now`), the one that was drafted last first.

    The rows are kept until a release moves; nobody may change them.
    """
    key, known = (house.store.head().published, house.store.swaps), _listed.get(house.store)
    if known is None or known[0] != key:
        rows = house.store.read("select * from release_now order by drafted_at desc, release_id desc")
        known = _listed[house.store] = key, tuple(rows)
    return known[1]


_listed: WeakKeyDictionary[Store, tuple[tuple[int, int], tuple[Row, ...]]] = WeakKeyDictionary()


def standing(house: House, version: int | None = None) -> Row | None:
    """The row of the release that stood at `version` (without one: stands now); None before the first.

    One that was withdrawn since stood never: what must not be read any more is not read by looking back either.
    """
    found = [
        row
        for row in listing(house)
        if row["state"] == PUBLISHED and (version is None or row["published_in"] <= version)
    ]
    return max(found, key=lambda row: int(row["published_in"]), default=None)


def figures_on(row: Row) -> date:
    """The day that the figures of a release are of; of one that does not say it, the day on which it was published."""
    return row["figures_on"] or (row["published_at"] or row["drafted_at"]).astimezone(UTC).date()  # type: ignore[no-any-return]


def release(house: House, version: int | None = None) -> Release | None:
    """The release that stood at `version`, with what it says of contacts; None before the first."""
    row = standing(house, version)
    if row is None:
        return None
    published: datetime = row["published_at"]
    return Release(
        row["release_id"],
        AsOf(row["as_of_version"], published),
        published.astimezone(UTC).date(),
        figures_on(row),
        _kept(house.store).of(house.settings.releases / row["folder"], row["sha256"]),
    )


class _Folders:
    """The cells of the folders that were asked for, each read once and only when whole: a folder never changes."""

    def __init__(self) -> None:
        self._cells: dict[Path, Mapping[Key, Cell]] = {}
        self._lock = threading.Lock()

    def of(self, folder: Path, sha256: str) -> Mapping[Key, Cell]:
        with self._lock:
            if folder not in self._cells:
                if digest(folder) != sha256:
                    return {}
                self._cells[folder] = cells(folder)
            return self._cells[folder]


_folders: WeakKeyDictionary[Store, _Folders] = WeakKeyDictionary()
_folders_lock = threading.Lock()


def _kept(store: Store) -> _Folders:
    with _folders_lock:
        return _folders.setdefault(store, _Folders())


def cells(folder: Path) -> dict[Key, Cell]:
    """The cells of contacts in a release's folder; none where it holds no such file. Raises ValueError, OSError."""
    path = folder / CONTACTS
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {_key(row): _cell(row) for row in csv.DictReader(file)}


def _key(row: Mapping[str, Any]) -> Key:
    country, sector, service, origin, period = (str(row[name]) for name in DIMENSIONS)
    return country, sector, service, origin, period


def _cell(row: Mapping[str, Any]) -> Cell:
    said = row["contacts"]
    return int(said) if said else None, Status(row["status"])


def digest(folder: Path) -> str:
    """The hash of a folder: of every file's name and bytes, in the order of the names. Empty where there is none."""
    if not folder.is_dir():
        return ""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return digest_of((name, paths[name].read_bytes()) for name in sorted(paths))


def digest_of(files: Iterable[tuple[str, bytes]]) -> str:
    """The same of files in memory, sorted by their names."""
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()
