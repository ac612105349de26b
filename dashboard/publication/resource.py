"""A public table as a value, and as a CSV that a program reads. Never a line that is no row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dashboard.reference.cells import safe
from dashboard.reference.table import Status
from dashboard.reference.text import N_

FOLDER = "data"
HXL = "-hxl"


@dataclass(frozen=True)
class Field:
    """A column: its name in the file, what it holds, its type in a Table Schema, its HXL hashtag."""

    name: str
    description: str
    hxl: str
    type: str = "string"
    required: bool = True
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resource:
    """One table: its name in the package and as a file, its words, its columns and rows, and which columns are its key.

    `caveats` are sentences, the first the one without which no number of it may be read.
    """

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Any, ...], ...] = field(repr=False)
    key: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    source: str = ""

    @property
    def path(self) -> str:
        """Its file, beside the package."""
        return f"{self.name}.csv"


COUNTRY = (
    Field("country", N_("The country or territory, by its three-letter code."), "#country+code"),
    Field("country_name", N_("Its name."), "#country+name"),
)


def status(*possible: Status) -> Field:
    """The column that says of each value which of these it is."""
    return Field(
        "status",
        N_("What the value is, or why there is none. A value that is hidden is empty, never 0."),
        "#status+code",
        values=tuple(str(s) for s in possible),
    )


def files(listed: Iterable[Resource]) -> dict[str, str]:
    """Each table as CSV, plain and with a second row of HXL hashtags, by its path in the folder of the release."""
    return {
        f"{FOLDER}/{resource.name}{ending}.csv": as_csv(resource, hxl=bool(ending))
        for resource in listed
        for ending in ("", HXL)
    }


def as_csv(resource: Resource, *, hxl: bool = False) -> str:
    """A table as CSV (RFC 4180, UTF-8): a header, with `hxl` a row of hashtags, and then rows of data alone."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in resource.fields])
    if hxl:
        writer.writerow([column.hxl for column in resource.fields])
    writer.writerows([safe(cell) for cell in row] for row in resource.rows)
    return out.getvalue()
