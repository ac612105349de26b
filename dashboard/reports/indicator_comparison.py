"""One indicator in every country that has it, side by side on one scale.

Never adds up shares over countries, and never compares countries by what women reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.indicators import Indicator, value_words
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _
from dashboard.reports import indicator_place, indicator_reading, indicator_words
from dashboard.reports.indicator_cells import Cell, Found
from dashboard.reports.indicator_listing import recent

SOURCE = N_("Indicator values of the member organisations")


@dataclass(frozen=True)
class Panel:
    """One country of a comparison: its points (quarter, cell), oldest first, its newest value and what they say."""

    country: str
    name: str
    points: tuple[tuple[str, Cell], ...]
    value: str
    quarter: str
    finding: str


@dataclass(frozen=True)
class Comparison:
    """One indicator in every country that has it, on one scale (`low` to `high`), and the same as a table.

    `caveat` is the indicator's own, "" for none: it goes with each panel that is read alone.
    """

    panels: tuple[Panel, ...]
    table: Table
    low: float
    high: float
    scale: str
    caveat: str = ""

    @property
    def span(self) -> tuple[str, str]:
        """The first and the last quarter of all panels, for people."""
        quarters = sorted(period for panel in self.panels for period, _cell in panel.points)
        return periods.parse(quarters[0]).label, periods.parse(quarters[-1]).label


def comparison(viewer: Viewer, house: House, code: str, *, version: int | None = None) -> Comparison | None:
    """One indicator in each country that has a value; None for a count of contacts, which no country is judged by.

    Raises policy.Refused, and KeyError for an indicator that there is not.
    """
    indicator = house.library.indicators[code]
    if indicator.administrative:
        return None
    reading = indicator_reading.reading(viewer, house, version)
    panels, known = [], None
    for country, name in indicator_place.countries(reading):
        where = indicator_place.place(reading, country)
        known = where.known(indicator)
        if not known.shown:
            continue
        cells = indicator_place.filled(where, indicator, known)
        ends = [(periods.parse(p).label, cells[p].value or 0.0) for p in (known.shown[0], known.shown[-1])]
        value = value_words(indicator, ends[1][1])
        said = indicator_words.finding(indicator, ends[0], ends[1])
        panels.append(Panel(country, name, recent(indicator, cells), value, ends[1][0], said))
    if known is None or not panels:
        return None
    values = [cell.value for panel in panels for _period, cell in panel.points if cell.shown and cell.value is not None]
    low, high = min(0.0, *values), max(values) or 1.0
    scale = _("{low} to {high}", low=value_words(indicator, low), high=value_words(indicator, high))
    caveat = indicator_words.caveat(house.library, indicator)
    return Comparison(tuple(panels), _compared(house, indicator, panels, known), low, high, scale, caveat)


def _compared(house: House, indicator: Indicator, panels: list[Panel], known: Found) -> Table:
    """Countries against quarters."""
    index = sorted({period for panel in panels for period, _cell in panel.points})
    columns = (
        Column("country", _("Country")),
        *(Column(p, periods.parse(p).label, unit=_(indicator.unit_measure), numeric=True) for p in index),
    )
    rows: list[dict[str, Any]] = []
    marks: list[dict[str, Status]] = []
    for panel in panels:
        cells = dict(panel.points)
        rows.append({"country": panel.name} | {p: cells[p].value if p in cells else None for p in index})
        marks.append(
            {"country": Status.VALUE} | {p: cells[p].status if p in cells else Status.NOT_APPLICABLE for p in index}
        )
    names = [c.name for c in columns]
    caveat = indicator_words.caveat(house.library, indicator)
    notes = [
        _("{place}: {said}", place=panel.name, said=cell.caveat)
        for panel in panels
        for _period, cell in panel.points
        if cell.caveat
    ]
    return Table(
        title=_("{what}, by country", what=_(indicator.title)),
        columns=columns,
        frame=pd.DataFrame(rows, columns=names, index=[p.country for p in panels], dtype=object),
        statuses=pd.DataFrame(marks, columns=names, index=[p.country for p in panels], dtype=object),
        as_of=known.known,
        caveats=tuple(dict.fromkeys(c for c in (caveat, *known.told, *notes) if c)),
        source=known.source or _(SOURCE),
        period=indicator_words.span(index),
    )
