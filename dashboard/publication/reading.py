"""Read a release back from its folder, as tables. Never asks the record, adds up nothing, and shows no hidden number.

What is read is what everybody gets: the open data beside the summary, data/datapackage.json and the files it names.
"""

from __future__ import annotations

import csv
import io
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.reference.cells import bare
from dashboard.reference.table import AsOf, Column, Status, Table

PACKAGE = Path("data") / "datapackage.json"
TOTAL, UNRECORDED = "_T", "_U"
"""SDMX codes: all together, and what was not recorded."""
WITH_VALUE = (Status.VALUE, Status.ZERO, Status.REVISION_PENDING, Status.NOT_VERIFIED)
MEASURED = {
    "contacts": "contacts",
    "coverage": "state",
    "seats": "seat",
    "summary": "value",
    "plan": "actions",
    "resourcing": "value",
    "indicators": "value",
    "surveys": "value",
}
"""The column of each table that its status speaks of."""
KEPT = 4
"""So many releases are kept: the one that everybody reads, and former ones that somebody follows a link to."""
Row = Mapping[str, Any]
_NUMBERS = {"integer": int, "number": float}


class Unreadable(Exception):
    """A folder holds no release that can be read; the text says what is wrong with it."""


@dataclass(frozen=True, eq=False)
class Release:
    """A release as its folder says it.

    `tables` are by name; the frame of each has the columns of its file, numbers as numbers, and is indexed by the
    row's place in the file. `rows` are the same as mappings, `lines` as they stand in the file, the header first.
    `names` says what a code of a list means. `threshold` is the smallest count that is shown; `caveat` goes wherever a
    count of contacts goes.
    """

    release_id: str
    folder: str
    title: str
    day: date | None
    caveat: str
    demo: bool
    threshold: int
    tables: Mapping[str, Table] = field(repr=False)
    rows: Mapping[str, tuple[Row, ...]] = field(repr=False)
    lines: Mapping[str, tuple[tuple[str, ...], ...]] = field(repr=False)
    names: Mapping[tuple[str, str], str] = field(repr=False)

    def named(self, listed: str, code: str) -> str:
        """What a code of a list means; the code itself where the release does not say."""
        return self.names.get((listed, code), code)


_kept: OrderedDict[str, Release] = OrderedDict()
_lock = threading.Lock()


def read(folder: Path) -> Release:
    """The release in a folder, which never changes: it is read once and kept by its name. Raises Unreadable."""
    key = str(folder.resolve())
    with _lock:
        if key not in _kept:
            _kept[key] = _read(folder.resolve())
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
        return _kept[key]


def _read(folder: Path) -> Release:
    try:
        package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        plain = [r for r in package["resources"] if "commentRows" not in r.get("dialect", {})]
        lines = {r["name"]: _lines((folder / PACKAGE).parent, r) for r in plain}
        tables = {r["name"]: _table(r, lines[r["name"]]) for r in plain}
        rows = {name: _mappings(table) for name, table in tables.items()}
        made = str(package.get("created", ""))[:10]
        return Release(
            release_id=str(package["id"]),
            folder=folder.name,
            title=str(package.get("title", "")),
            day=date.fromisoformat(made) if made else None,
            caveat=str(package["caveat"]),
            demo=bool(package.get("demonstration", False)),
            threshold=int(package["threshold"]),
            tables=tables,
            rows=rows,
            lines=lines,
            names={(row["list"], row["code"]): row["title"] for row in rows.get("codes", ())},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Unreadable(f"The release {folder.name} cannot be read: {type(error).__name__}.") from error


def _lines(folder: Path, resource: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    path = (folder / str(resource["path"])).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError("A file of a release lies in its folder.")
    text = path.read_text(encoding="utf-8-sig")
    return tuple(tuple(line) for line in csv.reader(io.StringIO(text, newline="")))


def _table(resource: Mapping[str, Any], lines: tuple[tuple[str, ...], ...]) -> Table:
    """A resource as a table whose measured column has the status of its row.

    Raises ValueError where a number stands beside a status that has none: such a release shows nothing here.
    """
    fields = resource["schema"]["fields"]
    names = [str(f["name"]) for f in fields]
    if list(lines[0]) != names or any(len(line) != len(names) for line in lines):
        raise ValueError(f"{resource['name']}: the columns are not those of the package.")
    types = [_NUMBERS.get(str(f.get("type")), None) for f in fields]
    values = [[_value(cell, kind) for cell, kind in zip(line, types, strict=True)] for line in lines[1:]]
    measured = MEASURED.get(str(resource["name"]), "")
    marks = [[Status.VALUE] * len(names) for _line in values]
    if measured and "status" in names:
        at, said = names.index(measured), names.index("status")
        for line, mark in zip(values, marks, strict=True):
            mark[at] = Status(str(line[said]))
            if (mark[at] in WITH_VALUE) != (line[at] not in (None, "")):
                raise ValueError(f"{resource['name']}: a cell and its status do not fit together.")
    return Table(
        title=str(resource["title"]),
        columns=tuple(Column(name, name, numeric=kind is not None) for name, kind in zip(names, types, strict=True)),
        frame=pd.DataFrame(values, columns=names, dtype=object),
        statuses=pd.DataFrame(marks, columns=names, dtype=object),
        as_of=AsOf(0, None),
        caveats=tuple(str(c) for c in resource.get("caveats", ())),
        source=str(next((s["title"] for s in resource.get("sources", ())), "")),
    )


def _value(cell: str, kind: type | None) -> Any:
    if kind is None:
        return bare(cell)
    return kind(cell) if cell else None


def _mappings(table: Table) -> tuple[Row, ...]:
    """The rows of a table, each with its place in the file as `row`."""
    names = list(table.frame.columns)
    lines = table.frame.to_numpy().tolist()
    return tuple(dict(zip(names, line, strict=True)) | {"row": row} for row, line in enumerate(lines))
