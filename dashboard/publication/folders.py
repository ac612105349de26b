"""Where releases lie: drafts, what is public, what was withdrawn. Moves whole folders, and never decides which.

releases/<id>/            public, and nothing else is
releases/current          leads to the one that is shown
releases/drafts/<id>/     written and not published
releases/withdrawn/<id>/  was public; kept, since what was read once cannot be taken back, and no longer served
releases/withdrawn/<id>.json   what is said in its place
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from dashboard.publication import sources
from dashboard.record.folder import replace_file, sync
from dashboard.reports import released

PUBLIC, DRAFTS, GONE = ("published",), ("drafted", "refused"), ("withdrawn",)
"""The states of a release by where its folder lies; one that was dropped has none."""


def place(releases: Path, folder: str, state: str) -> Path:
    """Where the folder of a release lies while it is in this state."""
    under = "" if state in PUBLIC else "withdrawn" if state in GONE else "drafts"
    return releases / under / folder


def write(folder: Path, texts: Mapping[str, str]) -> str:
    """Write a folder, whole and lasting or not there at all; returns its hash. Raises OSError."""
    writing = folder.with_suffix(".tmp")
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    writing.mkdir(mode=0o700)
    for name, content in texts.items():
        (writing / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(writing / name, content.encode())
        sync((writing / name).parent.parent)
    digest = released.digest(writing)
    writing.rename(folder)
    sync(folder.parent)
    return digest


def settle(releases: Path, rows: Iterable[Mapping[str, Any]], keep: frozenset[str] = frozenset()) -> None:
    """Bring the folders in line with the record, whose rows (of `release_now`) these are, however a process ended.

    Each lies where its state says; what was dropped, or was never recorded, is gone; what is half is gone; all but the
    drafts of these names, which are being made. `current` leads to the one that was published last and stands, or is
    not there. Raises OSError.
    """
    rows = list(rows)
    _tidy(releases, keep)
    known = {row["folder"] for row in rows if row["state"] in DRAFTS} | keep
    for row in rows:
        _put(releases, row["folder"], row["state"])
        if row["state"] in GONE:
            _note(releases, row)
    for path in (releases / "drafts").glob("*"):
        if path.name.removesuffix(sources.SUFFIX).removesuffix(".tmp") not in known:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    standing = [row for row in rows if row["state"] in PUBLIC]
    if standing:
        newest = max(standing, key=lambda row: int(row["published_in"]))["folder"]
        if (releases / newest).is_dir() and not leads(releases, newest):
            _swap(releases, newest)
    elif rows and any(row["published_in"] for row in rows):
        (releases / "current").unlink(missing_ok=True)


def _put(releases: Path, folder: str, state: str) -> None:
    """The folder where its state says, with what lies beside it."""
    if state == "dropped":
        return
    target = place(releases, folder, state)
    for beside in (sources.beside, lambda path: path):
        wanted = beside(target)
        if wanted.exists():
            continue
        for other in (*PUBLIC, *DRAFTS[:1], *GONE):
            there = beside(place(releases, folder, other))
            if there.exists():
                target.parent.mkdir(mode=0o700, exist_ok=True)
                there.rename(wanted)
                sync(wanted.parent)
                sync(there.parent)
                break


def _note(releases: Path, row: Mapping[str, Any]) -> None:
    """What is said where a withdrawn release stood."""
    path = releases / "withdrawn" / f"{row['folder']}.json"
    if path.exists():
        return
    published = row["published_at"].astimezone(UTC).date()
    said = {
        "day": published.isoformat(),
        "withdrawn_on": row["recorded_at"].astimezone(UTC).date().isoformat(),
        "note": row["withdrawn_note"] or "",
    }
    path.parent.mkdir(mode=0o700, exist_ok=True)
    replace_file(path, json.dumps(said).encode())


def leads(releases: Path, folder: str) -> bool:
    """Whether `current` is the release of this name: as a link, or as a file that holds its name."""
    current = releases / "current"
    if current.is_file():
        return current.read_text(encoding="utf-8").strip() == folder
    return current.is_symlink() and current.resolve() == (releases / folder).resolve()


def _swap(releases: Path, folder: str) -> None:
    pointer, current = releases / "current.tmp", releases / "current"
    pointer.unlink(missing_ok=True)
    os.symlink(folder, pointer)
    if current.is_dir() and not current.is_symlink():  # a copy of the data folder that followed the link
        current.rename(releases / f"former-{folder}")
    pointer.replace(current)
    sync(releases)


def _tidy(releases: Path, keep: frozenset[str]) -> None:
    """Remove what an interrupted release left half written."""
    for half in (*releases.glob("*.tmp"), *releases.glob("*/*.tmp")):
        if any(name in half.name for name in keep):
            continue
        shutil.rmtree(half) if half.is_dir() and not half.is_symlink() else half.unlink()
