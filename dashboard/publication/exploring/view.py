"""What a view of a release is made of: choices, figures, a sentence. Never holds a number that is no cell of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dashboard.publication.reading import TOTAL, Release, Row
from dashboard.reference import periods, text
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reference.text import _

Option = tuple[str, str]
Asked = Mapping[str, str]
"""What the address asks for, name to value. Whatever is not on offer counts as not chosen."""
Held = tuple[str, tuple[int, ...]]
"""Rows of a table of the release, by their places in its file."""
SUMMARY = "summary"


@dataclass(frozen=True)
class Filter:
    """One choice: its name in the address, its label, what can be chosen, what is."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: str

    @property
    def title(self) -> str:
        """What is chosen, in words."""
        return dict(self.options).get(self.value, "")


@dataclass(frozen=True)
class Figure:
    """One figure. `kind` says how it is drawn (a name of `pages.explore`), `drawn` how many of the table's first rows.

    `held` are the rows of the release that it shows, which is what its download holds; `more` is what its kind needs.
    """

    name: str
    kind: str
    table: Table
    title: str
    subtitle: str
    reading: str
    held: Held
    drawn: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """One answer: a question, the sentence that answers it, the choices, the figures.

    `said` are rows whose numbers stand in the sentence beside those that the figures hold. `caveat` is said beside the
    sentence; `note` stands in the place of the figures where there is nothing to show.
    """

    topic: str
    question: str
    answer: str
    filters: tuple[Filter, ...]
    figures: tuple[Figure, ...] = ()
    said: tuple[Held, ...] = ()
    caveat: str = ""
    note: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """The address of this view: the topic and every choice that is not the first on offer."""
        kept = {f.name: f.value for f in self.filters if f.options and f.value != f.options[0][0]}
        return {"topic": self.topic} | kept


def choice(name: str, label: str, options: Sequence[Option], asked: Asked) -> Filter:
    """What is chosen of `options`: what is asked for, where it is on offer, else the first."""
    wanted = asked.get(name, "")
    codes = [code for code, _title in options]
    return Filter(name, label, tuple(options), wanted if wanted in codes else codes[0] if codes else "")


def countries(rows: Iterable[Row]) -> list[Option]:
    """The countries of these rows by name, without the total."""
    found = {row["country"]: row["country_name"] for row in rows if row["country"] != TOTAL}
    return sorted(found.items(), key=lambda item: item[1].casefold())


def everywhere(rows: Iterable[Row]) -> list[Option]:
    """The same with all countries together before them."""
    return [("", _("All countries")), *countries(rows)]


def quarter(period: str) -> str:
    """A quarter, or a year, for people."""
    return periods.parse(period).label if "-Q" in period else _("All of {year}", year=period)


def table(
    release: Release,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[tuple[Sequence[Any], Mapping[str, Status]]],
    caveats: Sequence[str] | None = None,
) -> Table:
    """A table of the release's own cells: each row its values, and by column the statuses that are no plain value.

    Source and, where none are given, caveats are those of the release's table `name`.
    """
    names = [column.name for column in columns]
    of = release.tables[name]
    return Table(
        title=title,
        columns=tuple(columns),
        frame=pd.DataFrame([list(values) for values, _marks in rows], columns=names, dtype=object),
        statuses=pd.DataFrame(
            [[marks.get(column, Status.VALUE) for column in names] for _values, marks in rows],
            columns=names,
            dtype=object,
        ),
        as_of=AsOf(0, None),
        caveats=of.caveats if caveats is None else tuple(dict.fromkeys(caveats)),
        source=source(release, of.source),
    )


def source(release: Release, said: str) -> str:
    """Where numbers are from, with the release that said them."""
    if release.day is None:
        return _("{source}, release {release}", source=said, release=release.release_id)
    return _("{source}, release {release} of {day}", source=said, release=release.release_id, day=text.day(release.day))


def places(rows: Iterable[Row]) -> tuple[int, ...]:
    """Where rows stand in their file, in its order."""
    return tuple(sorted(int(row["row"]) for row in rows))


def totals(release: Release, country: str) -> dict[str, Row]:
    """What the summary's table of countries says of a country (of all: ""), by measure."""
    return {row["measure"]: row for row in release.rows.get(SUMMARY, ()) if row["country"] == (country or TOTAL)}


def known(rows: Mapping[str, Row], *measures: str) -> bool:
    """Whether each of these measures has a value."""
    return all(name in rows and rows[name]["value"] is not None for name in measures)
