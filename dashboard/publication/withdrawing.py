"""Take a release back, and bring what is public in line with the record. Never looks at figures anew.

The same figures are published again where only what stands around them changes: a help line that holds no longer, the
list of former releases.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from dashboard.charts import svg
from dashboard.people.errors import NotPossible
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.publication import draft, drafting, folders, ledger, publishing, read_back, sources
from dashboard.publication.help_lines import HelpLine, help_lines
from dashboard.record.errors import StoreError, StoreUnwritable
from dashboard.record.house import House
from dashboard.reference.text import N_, _
from dashboard.reference.thresholds import Rules
from dashboard.reports import released

LINE_WITHDRAWN = N_("a help line was withdrawn")
RELEASE_WITHDRAWN = N_("another release was withdrawn")
NOTES = (LINE_WITHDRAWN, RELEASE_WITHDRAWN)
"""What is said of figures that the dashboard published again of itself."""


def withdraw(viewer: Viewer, house: House, release_id: str, note: str) -> str:
    """Take a release back, with a note that everybody reads in its place; every other release of the same figures too.

    What was read once stays in the ledger. The newest release that stands takes its place and says so. Returns what
    could not be renewed, as a sentence. Raises policy.Refused, NotPossible, and StoreUnwritable.
    """
    policy.require(viewer, "release")
    note = publishing.public_note(note)
    if not note:
        raise NotPossible(_("Say why it is withdrawn. Everybody who looks for it reads this note."))
    with drafting.desk(house).shelf:
        standing = {row["release_id"]: row for row in released.listing(house) if row["state"] == released.PUBLISHED}
        if release_id not in standing:
            raise NotPossible(_("This release is not public, so it cannot be withdrawn."))
        figures = ledger.figures(standing[release_id])
        same = [row for row in standing.values() if ledger.figures(row) == figures]
        with house.store.write("published", by=viewer.account_id) as write:
            more = {"state": "withdrawn", "withdrawn": True, "withdrawn_note": note, "by_account": viewer.account_id}
            write.add("release", *(publishing.step(row) | more for row in same))
            for row in same:
                house.store.audit("release withdrawn", by=viewer.account_id, subject=row["release_id"])
        publishing.settle(house)
    return follow(house)


def follow(house: House) -> str:
    """Bring what is public in line with the record: call it after every step that may end a file's being current.

    `current` leads to the newest release that stands. When that shows a help line which no current file would bring
    any more, or does not say that another was withdrawn, the same figures are published anew: a wrong number can hurt
    a woman, and waits for nobody. A draft that counts a file which was expunged since is dropped.
    Returns what could not be done, as a sentence; empty when all is well.
    """
    desk = drafting.desk(house)
    with desk.shelf:
        try:
            desk.undone = _follow(house)
        except (OSError, ValueError, StoreError, svg.NotDrawn) as error:
            desk.undone = _("The public summary could not be renewed: {reason}", reason=str(error))
        return desk.undone


def _follow(house: House) -> str:
    for row in released.listing(house):
        if row["state"] in released.UNDECIDED and publishing.expunged_since(house, row):
            publishing.dropped("operator", house, row)
    publishing.settle(house)
    newest = released.standing(house)
    if newest is None:
        return ""
    folder = folders.place(house.settings.releases, newest["folder"], newest["state"])
    if not (folder / "index.html").is_file():
        return _("The folder of the release {name} is missing. Bring it back from a backup.", name=newest["folder"])
    _day, shown = sources.shown(folder)
    today = datetime.now(UTC).date()
    now = help_lines(house, today, house.store.head().figures)
    kept = [line for line in now if sources.key(line) in shown]
    if len(kept) != len(shown):
        _renew(house, newest, LINE_WITHDRAWN, kept)
    elif any(row["state"] == "withdrawn" and row["version"] > newest["version"] for row in released.listing(house)):
        _renew(house, newest, RELEASE_WITHDRAWN, kept)
    return ""


def _renew(house: House, former: dict[str, Any], note: str, lines: list[HelpLine]) -> None:
    """Publish the figures of a release anew, to the letter; only what stands around them is as it is today."""
    releases = house.settings.releases
    operator = policy.operator(datetime.now(UTC).date())
    old = folders.place(releases, former["folder"], former["state"])
    release_id = draft.new_id(house)
    folder = folders.place(releases, release_id, "drafted")
    rows = ledger.frame(released.cells(old))
    rules = Rules(**told["rules"]) if (told := json.loads(former["told"] or "{}")) else house.library.rules
    figures_on = released.figures_on(former)
    first = ledger.first_on(house, ledger.figures(former))
    sha256 = draft.written(operator, house, folder, former["as_of_version"], figures_on, lines, rows, rules, first)
    again = read_back.read(folder)
    if again.faults or not read_back.equal(again.rows, read_back.read(old).rows):
        raise StoreUnwritable(_("What was written is not what was published before. The former release stands."))
    with house.store.write("published", by=operator.account_id) as write:
        row = {"release_id": release_id, "folder": release_id, "sha256": sha256, "note": note, "state": "published"}
        write.add(
            "release",
            publishing.step(former) | row | {"by_account": operator.account_id, "figures_on": figures_on},
        )
        house.store.audit("released", by=operator.account_id, subject=release_id, detail={"sha256": sha256})
    publishing.settle(house)
