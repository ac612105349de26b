"""Make the folder of a release from one version of the record: protected, written, kept apart. Never publishes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from uuid_utils import uuid7

from dashboard.protection.policy import Viewer
from dashboard.publication import contacts, contents, folders, ledger, site, sources
from dashboard.publication.help_lines import LASTING_DAYS, HelpLine, help_lines
from dashboard.record.errors import StoreUnwritable
from dashboard.record.house import House
from dashboard.reference.text import _
from dashboard.reference.thresholds import Rules

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Draft:
    """A folder that is not public yet, and what it was made from. `told` is what is kept of it in the record."""

    release_id: str
    folder: Path
    sha256: str
    version: int
    figures_on: date
    former: tuple[Path, ...]
    inside: contacts.Inside
    told: dict[str, Any]

    @property
    def row(self) -> dict[str, Any]:
        """Its row of the table of releases, without a state."""
        return {
            "release_id": self.release_id,
            "folder": self.release_id,
            "sha256": self.sha256,
            "as_of_version": self.version,
            "figures_on": self.figures_on,
        }


def new_id(house: House) -> str:
    """A name for a release: when it was begun (UTC), and an ending that nobody guesses."""
    return house.store.clock().strftime("%Y%m%dT%H%M%SZ-") + str(uuid7())[-6:]


def newest(house: House) -> int:
    """The version that a release tells of: the one at which a file, or what was done on a page, moved last."""
    head = house.store.head()
    return max(head.figures, head.coordination)


def draft(viewer: Viewer, house: House, release_id: str, progress: Progress) -> Draft:
    """A draft of what the record knows now. `progress(stage, done, total)` is called now and then.

    Raises policy.Refused, NotPossible where a former release is missing, suppress.NotProtectable naming the cells that
    cannot be protected, svg.NotDrawn, and StoreUnwritable.
    """
    progress("gather", 0, 1)
    version, rules = newest(house), house.library.rules
    former = ledger.entries(viewer, house)
    counted = contacts.protected(
        viewer, house, version, viewer.today, former, lambda done, total: progress("protect", done, total)
    )
    lines = help_lines(house, viewer.today, version, days=LASTING_DAYS)
    progress("write", 0, 1)
    folder = folders.place(house.settings.releases, release_id, "drafted")
    first = ledger.first_on(house, (version, viewer.today))
    sha256 = written(viewer, house, folder, version, viewer.today, lines, counted.rows, rules, first)
    told = {"visible": counted.visible, "hidden": counted.hidden, "pending": counted.pending, "rules": asdict(rules)}
    return Draft(
        release_id, folder, sha256, version, viewer.today, tuple(entry.folder for entry in former), counted.inside, told
    )


def written(
    viewer: Viewer,
    house: House,
    folder: Path,
    version: int,
    figures_on: date,
    lines: list[HelpLine],
    rows: pd.DataFrame,
    rules: Rules,
    first: date | None = None,
) -> str:
    """Write the folder of a release with what lies beside it; returns its hash. Raises as `draft` does.

    `first` is when the same figures were first published, None where they are new.
    """
    found = contents.gather(
        viewer,
        house,
        release_id=folder.name,
        version=version,
        figures_on=figures_on,
        lines=lines,
        contacts=rows,
        rules=rules,
        former=ledger.former(house),
        first=first,
    )
    texts = site.files(found)
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        sources.keep(folder, figures_on, lines)
        return folders.write(folder, texts)
    except OSError as error:
        raise StoreUnwritable(
            _("The release could not be written ({reason}). The former one stands.", reason=error.strerror)
        ) from error
