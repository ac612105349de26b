"""One indicator of a country through time: quarter by quarter, against the plan, revised, and broken down.

Never measures a count of contacts against a goal. The questions about all indicators and about all countries have their
own modules, and are asked through this one.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.indicators import KIND_WORDS, Indicator, value_words
from dashboard.reference.table import STATUS_WORDS, Column, Status, Table
from dashboard.reference.text import N_, _
from dashboard.reports import (
    contact_words,
    contacts,
    indicator_cells,
    indicator_goals,
    indicator_place,
    indicator_reading,
    indicator_values,
    indicator_words,
)
from dashboard.reports.indicator_cells import NOT_RELEASED, SHOWN, Cell, Found
from dashboard.reports.indicator_comparison import Comparison, Panel, comparison
from dashboard.reports.indicator_goals import Goals
from dashboard.reports.indicator_listing import Card, Group, Listing, beside, headlines, listing
from dashboard.reports.indicator_place import Place
from dashboard.reports.indicator_values import CORRIDOR, Revision

__all__ = [
    "Card",
    "Comparison",
    "Group",
    "Listing",
    "Panel",
    "beside",
    "breakdown",
    "breakdowns",
    "chosen",
    "comparison",
    "countries",
    "headlines",
    "listing",
    "series",
    "stages",
]

SOURCE = N_("Indicator values of the member organisations")
ALL = "all"
# Whose codes the categories of a breakdown are from.
_LISTS = {
    "origin": "countries",
    "form_of_violence": "forms_of_violence",
    "stage": "justice_stages",
    "channel": "contact_channels",
    "sector": "sectors",
    "service": "services",
    "language": "languages",
    "stakeholder_category": "stakeholder_categories",
    "age_band": "age_bands",
}


@dataclass(frozen=True)
class Series:
    """One indicator in one country through time: a row a quarter, what was agreed, what was changed, and the words.

    `table` has period, value, numerator, denominator, milestone, target, source, study, note and reported_by, indexed
    by quarter. Its first caveat is the indicator's own, where it has one; of a survey the study follows (R58). Where
    the plan's baseline is of a quarter without a value, that quarter's row holds it and names the plan as its source;
    `points` are the same quarters with their cells, without that row.
    `latest` is the quarter of the newest value, "" for none.
    """

    indicator: Indicator
    country: str
    country_name: str
    table: Table
    points: tuple[tuple[str, Cell], ...]
    goals: Goals
    latest: str
    standing: str
    standing_words: str
    answer: str
    finding: str
    reading: str
    kind_words: str
    revisions: tuple[Revision, ...]
    open: bool

    @property
    def asked(self) -> tuple[tuple[str, Cell], ...]:
        """The points of which somebody was asked."""
        return indicator_cells.asked(self.indicator, self.points)


def countries(viewer: Viewer, house: House, version: int | None = None) -> list[tuple[str, str]]:
    """The countries that have any value that this viewer may read, as (code, name), by name. Raises policy.Refused."""
    return indicator_place.countries(indicator_reading.reading(viewer, house, version))


def series(viewer: Viewer, house: House, code: str, *, country: str, version: int | None = None) -> Series:
    """One indicator of a country, quarter by quarter up to the last that ended.

    A quarter without a value says why; where organisations disagree the value is not verified and a caveat names each.
    Raises policy.Refused, and KeyError for an indicator that there is not.
    """
    indicator = house.library.indicators[code]
    reading = indicator_reading.reading(viewer, house, version)
    where = indicator_place.place(reading, country)
    known = where.known(indicator)
    cells = indicator_place.filled(where, indicator, known)
    goals = where.goals_of(indicator) if known.whole else indicator_goals.NONE
    caveat = indicator_words.caveat(house.library, indicator)
    latest = known.shown[-1] if known.shown else ""
    value = cells[latest].value or 0.0 if latest else 0.0
    goal = goals.after(latest) if latest and indicator_place.final(known, cells[latest]) else None
    stands = indicator_words.standing_words(indicator, value, goal)
    answer, finding = _said(where, indicator, known, cells, stands)
    notes = [cell.caveat for cell in cells.values() if cell.caveat]
    study = _("Study: {study}", study=cells[latest].study) if latest and cells[latest].study else ""
    caveats = tuple(dict.fromkeys(c for c in (caveat, study, *known.told, *notes) if c))
    return Series(
        indicator=indicator,
        country=country,
        country_name=where.name,
        table=_table(where, indicator, known, cells, goals, caveats),
        points=tuple(cells.items()),
        goals=goals,
        latest=latest,
        standing=indicator_goals.standing(indicator, value, goal),
        standing_words=stands,
        answer=" ".join([answer, caveat]) if indicator.administrative and latest else answer,
        finding=finding,
        reading=indicator_words.reading(
            indicator, goals, unsure=any(c.shown and not c.settled for c in cells.values())
        ),
        kind_words=_(KIND_WORDS[indicator.kind]),
        revisions=indicator_values.revisions(reading, indicator, country),
        open=known.open,
    )


def chosen(found: Series, period: str) -> str:
    """What the series says of the quarter that somebody looks at, where the answer is of another one; else nothing.

    The line goes up to the last quarter whatever is chosen. Raises nothing: a quarter that is none says nothing.
    """
    cell = dict(found.points).get(period)
    if cell is None or period == found.latest or not found.latest:
        return ""
    said = {"quarter": periods.parse(period).label, "last": periods.parse(found.points[-1][0]).label}
    if cell.shown and cell.value is not None:
        value = indicator_words.with_count(
            value_words(found.indicator, cell.value), indicator_words.counted(found.indicator, cell)
        )
        if cell.status in STATUS_WORDS:
            value = _("{value} ({status})", value=value, status=_(STATUS_WORDS[Status(cell.status)]))
        told = _("In {quarter} it was {value}; the line goes up to {last}.", value=value, **said)
        # A count of contacts goes nowhere without its caveat, which is the first.
        return " ".join([told, *found.table.caveats[:1]]) if found.indicator.administrative else told
    why = _(STATUS_WORDS[Status(cell.status)])
    return _("{quarter}: {why}; the line goes up to {last}.", why=why, **said)


def _said(where: Place, indicator: Indicator, known: Found, cells: dict[str, Cell], stands: str) -> tuple[str, str]:
    """The answer, and what the figure says."""
    shown = known.shown
    if shown:
        ends = [(periods.parse(p).label, cells[p].value or 0.0) for p in (shown[0], shown[-1])]
        moved = indicator_place.moved(indicator, cells, known)
        count = indicator_words.counted(indicator, cells[shown[-1]])
        value = indicator_words.with_count(value_words(indicator, ends[1][1]), count)
        answer = indicator_words.answer(indicator, value, ends[1][0], moved, stands)
        return answer, indicator_words.finding(indicator, ends[0], ends[1], count)
    if indicator_place.suppressed(known):
        return _("Every quarter is hidden to protect people."), _("Hidden to protect people")
    if indicator_place.hidden(where, known):
        why = contact_words.reach_elsewhere(where.reading.viewer)
        return why if indicator.administrative else _("Not released yet."), _("Not released yet")
    return indicator_words.nothing(indicator, where.name, source=where.source(indicator)), _("No value yet")


def _table(
    where: Place,
    indicator: Indicator,
    known: Found,
    cells: dict[str, Cell],
    goals: Goals,
    caveats: tuple[str, ...],
) -> Table:
    unit = _(indicator.unit_measure)
    target = goals.target
    columns = (
        Column("period", _("Quarter")),
        Column("value", _("Value"), unit=unit, numeric=True),
        Column("numerator", _("Numerator"), numeric=True),
        Column("denominator", _("Denominator"), numeric=True),
        Column("milestone", _("Milestone"), unit=unit, numeric=True),
        Column("target", _("Target for {quarter}", quarter=target.label) if target else _("Target"), numeric=True),
        Column("source", _("Source")),
        Column("study", _("Study")),
        Column("note", _("Note")),
        Column("reported_by", _("Reported by")),
    )
    milestones = {m.period: m.value for m in goals.milestones}
    points = dict(cells)
    if goals.baseline and not (goals.baseline.period in points and points[goals.baseline.period].shown):
        said = _("Baseline: {plan}", plan=goals.baseline.agreed_in)
        points[goals.baseline.period] = Cell(goals.baseline.value, Status.VALUE, source=said)
    index = sorted(points)
    names = [c.name for c in columns]
    rows = [
        (
            periods.parse(period).label,
            points[period].value,
            points[period].numerator,
            points[period].denominator,
            milestones.get(period),
            target.value if target else None,
            points[period].source,
            points[period].study,
            points[period].note,
            "; ".join(points[period].reported_by),
        )
        for period in index
    ]
    marks = [dict.fromkeys(names, Status.VALUE) | {"value": points[period].status} for period in index]
    return Table(
        title=_("{what}: {place}", what=_(indicator.title), place=where.name),
        columns=columns,
        frame=pd.DataFrame(rows, columns=names, index=index, dtype=object),
        statuses=pd.DataFrame(marks, columns=names, index=index, dtype=object),
        as_of=known.known,
        caveats=caveats,
        source=known.source or _(SOURCE),
        period=indicator_words.span(index),
    )


# Broken down, as far as the viewer may see it.


def breakdowns(
    viewer: Viewer, house: House, code: str, *, country: str, version: int | None = None
) -> list[tuple[str, str, list[str]]]:
    """By what the indicator is broken down in this country: (code, title, its quarters, newest first).

    Raises policy.Refused, and KeyError for an indicator that there is not.
    """
    indicator = house.library.indicators[code]
    if indicator.computed == "contacts":
        if not contact_words.reaches(house, policy.scope(viewer, "view contacts"), country):
            quarters = contacts.published_periods(viewer, house, country=country, version=version)
            return [(by, _way(house, by), quarters) for by in contacts.PUBLISHED_BY] if quarters else []
        quarters = contacts.reported_periods(viewer, house, country=country, version=version)
        return [(by, _way(house, by), quarters) for by in contacts.BY] if quarters else []
    reading = indicator_reading.reading(viewer, house, version)
    ways = indicator_values.broken_down(reading, indicator, country)
    return [(by, _way(house, by), quarters) for by, quarters in ways.items()]


def breakdown(
    viewer: Viewer, house: House, code: str, *, country: str, period: str, by: str, version: int | None = None
) -> Table:
    """The values of a quarter by category of `by` (a disaggregation, or "corridor"): category, value and its parts.

    Of contacts that the viewer may not see there is one row, "all", that is not released. Raises policy.Refused,
    KeyError for an indicator that there is not, and ValueError for a quarter that is none.
    """
    indicator, quarter = house.library.indicators[code], periods.parse(period)
    if indicator.computed == "contacts":
        return contacts.breakdown(viewer, house, country=country, period=str(quarter), by=by, version=version)
    reading = indicator_reading.reading(viewer, house, version)
    found, told = indicator_values.breakdown(reading, indicator, country, str(quarter), by), reading.told
    if indicator.administrative:
        told = indicator_values.whose(reading, country)
        if not reading.open(country):
            found = [(ALL, NOT_RELEASED)]
    late = indicator_values.silent(reading, indicator, country, str(quarter), by) if found else ""
    columns = (
        Column("category", _way(house, by)),
        Column("value", _("Value"), unit=_(indicator.unit_measure), numeric=True),
        Column("numerator", _("Numerator"), numeric=True),
        Column("denominator", _("Denominator"), numeric=True),
        Column("source", _("Source")),
        Column("study", _("Study")),
        Column("note", _("Note")),
        Column("reported_by", _("Reported by")),
    )
    names, codes = [c.name for c in columns], [category for category, _cell in found]
    cells = [
        (
            _category(house, by, category),
            c.value,
            c.numerator,
            c.denominator,
            c.source,
            c.study,
            c.note,
            "; ".join(c.reported_by),
        )
        for category, c in found
    ]
    marks = [dict.fromkeys(names, Status.VALUE) | {"value": cell.status} for _category, cell in found]
    notes = [cell.caveat for _category, cell in found if cell.caveat]
    caveat = indicator_words.caveat(house.library, indicator)
    return Table(
        title=_(
            "{what}, by {way}: {place}",
            what=_(indicator.title),
            way=_way(house, by).lower(),
            place=house.library.title("countries", country),
        ),
        columns=columns,
        frame=pd.DataFrame(cells, columns=names, index=codes, dtype=object),
        statuses=pd.DataFrame(marks, columns=names, index=codes, dtype=object),
        as_of=reading.now if indicator.administrative else reading.known,
        caveats=tuple(dict.fromkeys(c for c in (caveat, *told, late, *notes) if c)),
        source=_(SOURCE),
        period=quarter.label,
    )


def stages(
    viewer: Viewer, house: House, code: str, *, country: str, period: str, version: int | None = None
) -> Table | None:
    """The stages of cases at police and justice in a quarter, apart from the total of contacts (R92).

    None for any other indicator, and where nothing that this viewer may see was counted at any stage. Raises as
    `breakdown` does.
    """
    if house.library.indicators[code].computed != "contacts":
        return None
    table = contacts.stages(viewer, house, country=country, period=period, version=version)
    return table if any(status in SHOWN for status in table.statuses["number"]) else None


def _way(house: House, by: str) -> str:
    own = {CORRIDOR: N_("Corridor"), "organisation": N_("Organisation")}
    return _(own[by]) if by in own else _(house.library.title("disaggregations", by))


def _category(house: House, by: str, category: str) -> str:
    if category == ALL:
        return _("All")
    return _(house.library.title("corridors" if by == CORRIDOR else _LISTS.get(by, ""), category))
