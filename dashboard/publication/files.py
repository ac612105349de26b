"""A table as the file that leaves the house, with what must be known to read it. Never drops a status."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from dashboard.reference import text
from dashboard.reference.cells import safe
from dashboard.reference.table import STATUS_WORDS, Status, Table
from dashboard.reference.text import N_, _

DEMO = N_("Demonstration data")
DEMO_MEANS = N_("Countries, organisations and figures are invented.")
_WITH_VALUE = (Status.VALUE, Status.ZERO)


def as_csv(table: Table, words: dict[str, str] | None = None, *, demo: bool = False, release_id: str = "") -> str:
    """A table as CSV: one column a column with its unit, a status in words where there is no value.

    Below the rows and an empty line stands what belongs to them: that they are invented, period, source, how fresh,
    the release, and each caveat.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(f"{c.title} ({c.unit})" if c.unit else c.title) for c in table.columns])
    for cells in _rows(table, words or {}):
        writer.writerow(cells)
    writer.writerow([])
    recorded = table.as_of.recorded_at
    for name, value in (
        (_(DEMO), _(DEMO_MEANS) if demo else ""),
        (_("Period"), table.period),
        (_("Source"), table.source),
        (_("Data as of"), text.moment(recorded) if recorded else ""),
        (_("Release"), release_id),
        *((_("Caveat"), caveat) for caveat in table.caveats),
    ):
        if value:
            writer.writerow([safe(name), safe(value)])
    return out.getvalue()


def as_rectangle(table: Table, words: dict[str, str], *, demo: bool, release_id: str) -> str:
    """The same table without a line that is no row: what belongs to all rows stands in columns at their end."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    caveats = [f"{_(DEMO)}: {_(DEMO_MEANS)}"] if demo else []
    same = {
        _("Period"): table.period,
        _("Source"): table.source,
        _("Release"): release_id,
        _("Caveats"): " ".join([*caveats, *table.caveats]),
    }
    titles = [f"{c.title} ({c.unit})" if c.unit else c.title for c in table.columns]
    writer.writerow([safe(title) for title in (*titles, *same)])
    for cells in _rows(table, words):
        writer.writerow([*cells, *(safe(value) for value in same.values())])
    return out.getvalue()


def _rows(table: Table, words: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """The rows as they are written. Column by column, since taking a frame apart by rows takes ten times as long."""
    columns = [
        [_cell(value, status, words) for value, status in zip(*table.cells(c.name), strict=True)] for c in table.columns
    ]
    return zip(*columns, strict=True)


def _cell(value: Any, status: str, words: dict[str, str]) -> str:
    said = safe(_(words.get(str(value), "")) or value)
    if status in _WITH_VALUE:
        return said
    if status == Status.NOT_VERIFIED and said:
        return _("{name} (not verified)", name=said)
    if status == Status.REVISION_PENDING and said:
        return _("{value} (revision pending)", value=said)
    return _(STATUS_WORDS[Status(status)])
