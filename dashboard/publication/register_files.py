"""A register as a file: in words for people, or as codes below a row of HXL hashtags. Never a row that is not hers."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

from dashboard.protection.policy import Viewer
from dashboard.publication.files import DEMO, DEMO_MEANS, as_csv
from dashboard.record.house import House
from dashboard.reference import text
from dashboard.reference.cells import safe
from dashboard.reference.text import N_, _
from dashboard.reports import register_rows, registers
from dashboard.reports.registers import Asked

MARK = "\ufeff"
"""Tells spreadsheets that the letters are UTF-8."""
PAST = N_("The register as it stood then; what came later is not in this file.")
_ABOUT = (
    ("reported_by", "#org+reporting+code"),
    ("reported_in", "#period+reported"),
    ("source", "#meta+source"),
    ("as_of", "#meta+asof"),
    ("caveats", "#meta+caveat"),
)


def as_file(
    viewer: Viewer, house: House, dataset: str, asked: Asked, version: int | None, *, hxl: bool, past: bool
) -> str:
    """Every entry that fits what was asked and that the viewer may read, with every column, as CSV.

    For people: titles and words, and below the rows what must be known of them. With `hxl`: names and codes, the
    hashtags, and what must be known in columns at the end. Raises policy.Refused and registers.NoSuchRegister.
    """
    rows, order, table = registers.whole(viewer, house, dataset, asked, version)
    if past:
        table = table.with_caveats(_(PAST))
    if not hxl:
        frame = table.frame.map(lambda said: said.replace(register_rows.BETWEEN, "; "))
        return MARK + as_csv(replace(table, frame=frame), demo=house.settings.demo)
    recorded = table.as_of.recorded_at
    caveats = [f"{_(DEMO)}: {_(DEMO_MEANS)}"] if house.settings.demo else []
    about = (
        table.source,
        text.moment(recorded) if recorded else "",
        " ".join([*caveats, *table.caveats]),
    )
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*(f.name for f in rows.fields), *(name for name, _tag in _ABOUT)])
    writer.writerow([*(f.hxl for f in rows.fields), *(tag for _name, tag in _ABOUT)])
    names = [f.name for f in rows.fields]
    raw, words = rows.raw.loc[order].to_dict("records"), rows.words.loc[order].to_dict("records")
    for record, told in zip(raw, words, strict=True):
        cells = [_cell(record[name], told[name]) for name in names]
        writer.writerow([safe(cell) for cell in (*cells, record["reported_by"], record["reported_in"], *about)])
    return MARK + out.getvalue()


def _cell(value: Any, words: str) -> Any:
    """A value as the record has it, days as 2026-09-30; nothing where its words are kept back."""
    if register_rows.absent(value) or not words:
        return ""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.isoformat()[:10] if hasattr(value, "isoformat") else value
