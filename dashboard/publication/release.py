"""A release through its doors: drafted, attacked, published or dropped, withdrawn. Never queried live.

    record ─ draft ─▶ drafts/<id> ─ attack ─ publish ─▶ <id>, and current leads to it ─ withdraw ─▶ withdrawn/<id>

What stands where is in `folders`, who may decide in `protection.policy`, what a former release binds a new one to in
`ledger`.
"""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from typing import Any

from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.publication import attacking, contacts, drafting, folders, ledger, publishing
from dashboard.publication.attacking import Report
from dashboard.publication.drafting import progress, start
from dashboard.publication.publishing import drop
from dashboard.publication.withdrawing import LINE_WITHDRAWN, follow, withdraw
from dashboard.record.errors import StoreError
from dashboard.record.house import House
from dashboard.reference.text import _
from dashboard.reports import released

__all__ = [
    "CANNOT",
    "LINE_WITHDRAWN",
    "attack",
    "draft",
    "drop",
    "find",
    "follow",
    "listed",
    "narrowed",
    "progress",
    "publish",
    "publish_draft",
    "report",
    "start",
    "withdraw",
]

publish_draft = publishing.publish
CANNOT = (NotPossible, policy.Refused, StoreError)
"""What these doors raise, each a sentence for whoever asked."""


def publish(viewer: Viewer, house: House, *, note: str = "") -> Path:
    """Draft, attack and publish in one go; returns the folder, which can be copied to any static host as it is.

    Raises policy.Refused, StoreUnwritable, and NotPossible where the draft is refused: it names the cells and is gone.
    """
    policy.require(viewer, "release")
    publishing.public_note(note)
    with drafting.desk(house).queue:
        release_id = drafting.make(viewer, house)
        row = next(row for row in released.listing(house) if row["release_id"] == release_id)
        if row["state"] == "drafted":
            return publish_draft(viewer, house, release_id, note=note)
        found = narrowed(house, report(row))
        drop(viewer, house, release_id)
        raise NotPossible(" ".join([_("Nothing was published, since the draft would give somebody away."), *found]))


def draft(viewer: Viewer, house: House) -> str:
    """Draft and attack, and return the id when it is done, whether it may be published or not.

    Raises as `publish` does.
    """
    with drafting.desk(house).queue:
        return drafting.make(viewer, house)


def find(viewer: Viewer, house: House, release_id: str) -> dict[str, Any]:
    """The row of a release. Raises policy.Refused, and NotPossible for one that there is not."""
    policy.require(viewer, "release")
    for row in released.listing(house):
        if row["release_id"] == release_id:
            return row
    raise NotPossible(_("There is no release “{name}”.", name=release_id[:40]))


def listed(viewer: Viewer, house: House) -> list[dict[str, str]]:
    """What is or was public and what waits for a decision, newest first: release, state, day. Raises policy.Refused."""
    policy.require(viewer, "release")
    return [
        {
            "release": row["release_id"],
            "state": row["state"],
            "day": (row["published_at"] or row["drafted_at"]).astimezone(UTC).date().isoformat(),
        }
        for row in released.listing(house)
        if row["state"] != "dropped"
    ]


def report(row: dict[str, Any]) -> Report:
    """The attack's report of a release, as the record keeps it (a row of `release_now`)."""
    told = json.loads(row["told"] or "{}")
    return Report.read(told["attack"]) if "attack" in told else Report()


def narrowed(house: House, found: Report) -> list[str]:
    """What a report found, each as a sentence without a number that nobody may know."""
    said = []
    for cell, by in found.narrowed:
        where = attacking.named(house, cell)
        if by:
            said.append(_("{cell}: {organisation}, which knows its own figures, could work it out.", cell=where,
                          organisation=by))  # fmt: skip
        else:
            said.append(_("{cell}: anybody could work it out.", cell=where))
    said += [_("{cell}: two releases lie too near to each other.", cell=attacking.named(house, c))
             for c in found.differences]  # fmt: skip
    return [*said, *found.faults]


def attack(viewer: Viewer, house: House, release_id: str) -> Report:
    """Attack a release again that was drafted, published or withdrawn, with those that were public before it.

    Raises policy.Refused, and NotPossible for a release that there is not.
    """
    row = find(viewer, house, release_id)
    folder = folders.place(house.settings.releases, row["folder"], row["state"])
    if not folder.is_dir():
        raise NotPossible(_("The folder of the release {name} is not there.", name=row["folder"]))
    former = ledger.entries(viewer, house, before=row["published_in"])
    rows = ledger.frame(released.cells(folder))
    inside = contacts.inside(viewer, house, row["as_of_version"], released.figures_on(row), former, rows)
    return attacking.attack(viewer, house, folder, former=[entry.folder for entry in former], inside=inside)
