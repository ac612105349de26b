"""Decide on a draft: publish it or drop it. Never publishes what was not attacked, nor what changed since."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from dashboard.coordination.notes import screened, tidy
from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.publication import drafting, folders, sources
from dashboard.publication.help_lines import help_lines
from dashboard.record.errors import StoreUnwritable
from dashboard.record.house import House
from dashboard.reference import text
from dashboard.reference.text import _
from dashboard.reports import released

DRAFT_DAYS = 14
"""So long a draft may wait: what it says of today, its help lines first of all, must still hold."""
LONGEST = 200
_NO_COUNT = re.compile(r"\b20\d\d\b|\bQ[1-4]\b")


def publish(viewer: Viewer, house: House, release_id: str, *, note: str = "") -> Path:
    """Make a draft public; returns its folder. `note` is said of it in the list of releases, for everybody.

    The record is written first, then the folder moves and `current` leads to it: whatever ends the process, a start
    finds which one it is. Raises policy.Refused, NotPossible with what to do, and StoreUnwritable.
    """
    policy.require(viewer, "release")
    note = public_note(note)
    where = drafting.desk(house)
    with where.shelf:
        row = _draft(house, release_id)
        if row["state"] != "drafted":
            raise NotPossible(_("This draft cannot be published: it would give somebody away. Drop it."))
        _still_holds(viewer, house, row)
        with house.store.write("published", by=viewer.account_id) as write:
            write.add("release", step(row) | {"state": "published", "note": note, "by_account": viewer.account_id})
            house.store.audit("released", by=viewer.account_id, subject=release_id, detail={"sha256": row["sha256"]})
        settle(house)
        return folders.place(house.settings.releases, row["folder"], "published")


def drop(viewer: Viewer, house: House, release_id: str) -> None:
    """Remove a draft. Raises policy.Refused, NotPossible, and StoreUnwritable."""
    policy.require(viewer, "release")
    with drafting.desk(house).shelf:
        row = _draft(house, release_id)
        dropped(viewer.account_id, house, row)
        settle(house)


def dropped(by: str, house: House, row: dict[str, Any]) -> None:
    """Record that a draft is no more."""
    with house.store.write("published", by=by) as write:
        write.add("release", step(row) | {"state": "dropped", "by_account": by})
        house.store.audit("release dropped", by=by, subject=row["release_id"])


def settle(house: House) -> None:
    """Bring the folders in line with the record. Raises StoreUnwritable."""
    try:
        folders.settle(house.settings.releases, released.listing(house), drafting.desk(house).under_way)
    except OSError as error:
        raise StoreUnwritable(
            _(
                "This was recorded, but the public folder could not be brought in line ({reason}). It is tried again at"
                " the next step, and when the dashboard starts.",
                reason=error.strerror,
            )
        ) from error


def step(row: dict[str, Any]) -> dict[str, Any]:
    """The columns of a release that its next row carries on."""
    names = ("release_id", "folder", "sha256", "as_of_version", "note", "state", "figures_on", "told", "withdrawn_note")
    return {name: row[name] for name in names}


def public_note(note: str) -> str:
    """A note that everybody may read: in one line, not long, without a person and without a count.

    Raises NotPossible.
    """
    note = tidy(note)
    if len(note) > LONGEST:
        raise NotPossible(
            _("Write at most {most} characters; yours has {count}.", most=LONGEST, count=text.number(len(note)))
        )
    if re.search(r"\d", _NO_COUNT.sub("", note)):
        raise NotPossible(_("Everybody reads this note, so it holds no number but a year or a quarter, as Q2 2026."))
    return screened(note)


def draft_folder(viewer: Viewer, house: House, release_id: str) -> Path:
    """Where the files of a draft lie that may be published. Raises policy.Refused and NotPossible."""
    policy.require(viewer, "release")
    row = _draft(house, release_id)
    if row["state"] != "drafted":
        raise NotPossible(_("The files of a draft that would give somebody away are shown to nobody."))
    return folders.place(house.settings.releases, row["folder"], row["state"])


def _draft(house: House, release_id: str) -> dict[str, Any]:
    for row in released.listing(house):
        if row["release_id"] == release_id and row["state"] in released.UNDECIDED:
            return row
    raise NotPossible(_("There is no such draft. Somebody may have decided on it; load the page again."))


def _still_holds(viewer: Viewer, house: House, row: dict[str, Any]) -> None:
    """Pass, or raise NotPossible when the draft is not what was attacked, or should not be said any more."""
    folder = folders.place(house.settings.releases, row["folder"], row["state"])
    again = _("Drop it and prepare a new one.")
    if released.digest(folder) != row["sha256"]:
        raise NotPossible(_("The files of this draft are missing, or are not those that were attacked.") + " " + again)
    if viewer.today > row["figures_on"] + timedelta(days=DRAFT_DAYS):
        raise NotPossible(_("This draft is older than {days} days.", days=DRAFT_DAYS) + " " + again)
    if expunged_since(house, row):
        raise NotPossible(_("A file was removed for ever since this draft was made.") + " " + again)
    _day, shown = sources.shown(folder)
    now = help_lines(house, viewer.today, house.store.head().figures)
    if not shown <= {sources.key(line) for line in now}:
        raise NotPossible(_("A help line that this draft shows holds no longer.") + " " + again)


def expunged_since(house: House, row: dict[str, Any]) -> bool:
    """Whether any file was expunged after the version that a draft was made from."""
    found = house.store.read("select 1 from tombstone where version > $version limit 1", version=row["as_of_version"])
    return bool(found)
