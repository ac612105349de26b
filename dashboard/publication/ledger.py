"""What was ever published of contacts, in its order: what a new release must fit to. Never forgets a withdrawn one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.publication import folders
from dashboard.publication.contents import Former
from dashboard.record.house import House
from dashboard.reference.table import Status
from dashboard.reference.text import _
from dashboard.reports import released
from dashboard.reports.released import DIMENSIONS, Cell, Key

COLUMNS = (*DIMENSIONS, "contacts", "status")
"""The columns of a public row."""
Figures = tuple[int, date]
"""Of which version and day of the record: releases with the same of both say the same."""


def published(house: House) -> list[dict[str, Any]]:
    """The rows of all releases that ever were public, oldest first."""
    rows = [row for row in released.listing(house) if row["published_in"]]
    return sorted(rows, key=lambda row: int(row["published_in"]))


@dataclass(frozen=True)
class Entry:
    """Figures that were public: of which version and day of the record, and a folder that says them."""

    version: int
    figures_on: date
    folder: Path

    @property
    def rows(self) -> pd.DataFrame:
        """What the folder says, as public rows."""
        return frame(released.cells(self.folder))


def entries(viewer: Viewer, house: House, before: int | None = None) -> list[Entry]:
    """All figures that ever were public, oldest first; what was published again to the letter stands there once.

    `before`: only what was public before this version of the record.

    Raises policy.Refused, and NotPossible naming a folder that is missing or was changed: without it nobody can say
    whether a new release gives somebody away.
    """
    policy.require(viewer, "release")
    found: dict[Figures, Entry] = {}
    for row in published(house):
        if before is not None and row["published_in"] >= before:
            continue
        folder = folders.place(house.settings.releases, row["folder"], row["state"])
        if released.digest(folder) != row["sha256"]:
            raise NotPossible(
                _(
                    "The folder of the release {name} is missing or was changed. A new release must fit to every former"
                    " one, so none can be made until that folder is brought back from a backup.",
                    name=row["folder"],
                )
            )
        found.setdefault(figures(row), Entry(*figures(row), folder))
    return list(found.values())


def counting(viewer: Viewer, house: House, submission_id: str) -> list[dict[str, Any]]:
    """The rows of the releases, oldest first, that were made of a version at which this file counted.

    What they say of it stays as it was published, whatever becomes of the file. Raises policy.Refused.
    """
    policy.require(viewer, "release")
    spans = house.store.read(
        "select since, until from accepted where submission_id = $id", id=submission_id
    )  # it may have counted more than once
    return [
        row
        for row in published(house)
        if any(
            span["since"] <= row["as_of_version"] and (span["until"] is None or row["as_of_version"] < span["until"])
            for span in spans
        )
    ]


def frame(cells: Mapping[Key, Cell]) -> pd.DataFrame:
    """Cells as public rows."""
    made = [(*key, pd.NA if count is None else count, str(status)) for key, (count, status) in cells.items()]
    return pd.DataFrame(made, columns=list(COLUMNS)).astype({"contacts": "Int64"})


def figures(row: Mapping[str, Any]) -> Figures:
    """Which figures a release has: what was published again has those of its first, and is told with it."""
    return int(row["as_of_version"]), released.figures_on(dict(row))


def first_of(rows: Sequence[dict[str, Any]], wanted: Figures) -> dict[str, Any] | None:
    """The one of `rows` (oldest first) that first published these figures; None where none did."""
    return next((one for one in rows if figures(one) == wanted), None)


def first_on(house: House, wanted: Figures) -> date | None:
    """The day on which these figures first became public; None where they never were."""
    first = first_of(published(house), wanted)
    return published_on(first) if first else None


def former(house: House) -> tuple[Former, ...]:
    """What a new release says of those before it, newest first."""
    rows = published(house)
    return tuple(
        Former(
            row["release_id"],
            published_on(row),
            row["note"],
            row["withdrawn_note"] if row["state"] == "withdrawn" else None,
            None if (first := first_of(rows, figures(row))) is None or first is row else published_on(first),
        )
        for row in reversed(rows)
    )


def published_on(row: Mapping[str, Any]) -> date:
    """The day on which a release became public."""
    moment: datetime = row["published_at"]
    return moment.astimezone(UTC).date()


@dataclass(frozen=True)
class Changes:
    """What a draft changes against what was public before, each by key; `former` says whether anything was.

    `new`: said for the first time. `revised`: another number, with both. `pending`: the old number stays, under
    revision. `gone`: was said and is no longer.
    """

    former: bool
    new: tuple[Key, ...] = ()
    revised: tuple[tuple[Key, int, int], ...] = ()
    pending: tuple[Key, ...] = ()
    gone: tuple[Key, ...] = ()


def changes(before: Mapping[Key, Cell] | None, after: Mapping[Key, Cell]) -> Changes:
    """How a draft differs from the release that stands (None: there is none)."""
    if before is None:
        return Changes(False, new=tuple(after))
    revised = [
        (key, old, new)
        for key, (new, _status) in after.items()
        if new is not None and (old := before.get(key, (None, ""))[0]) is not None and old != new
    ]
    silent = Status.NOT_REPORTED
    return Changes(
        True,
        new=tuple(
            key for key, cell in after.items()
            if cell[1] != silent and (key not in before or before[key][1] == silent)
        ),
        revised=tuple(revised),
        pending=tuple(
            key for key, cell in after.items()
            if cell[1] == Status.REVISION_PENDING and before.get(key, cell)[1] != Status.REVISION_PENDING
        ),
        gone=tuple(key for key in before if key not in after),
    )  # fmt: skip


def quarters(cells: Mapping[Key, Cell]) -> Sequence[str]:
    """The quarters that these cells speak of, oldest first."""
    return sorted({key[4] for key in cells if "-Q" in key[4]})
