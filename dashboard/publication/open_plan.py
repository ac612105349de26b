"""The plan as data: how actions stand, what was found of its cost, each indicator by quarter. Never counts contacts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboard.publication import summary
from dashboard.publication.contents import PLAN, Contents
from dashboard.publication.resource import COUNTRY, Field, Resource, status
from dashboard.reference.table import Status
from dashboard.reference.text import N_, _
from dashboard.reports.indicators import Series
from dashboard.reports.resourcing import AMOUNTS

_OF_OTHERS = (Status.SUPPRESSED, Status.NOT_RELEASED, Status.NOT_SHOWN, Status.NO_COUNT, Status.NO_YEAR)
"""Statuses that no value of an indicator has."""
MEASURES = {
    "open": N_("Services open whatever the status"),
    "silent": N_("Services that nobody reported on"),
    "filled": N_("Seats filled"),
    "needed": N_("Seats filled of the categories needed for women migrant workers"),
    "actions": N_("Actions agreed"),
    "done": N_("Actions done"),
    "overdue": N_("Actions overdue"),
}
"""The numbers of the summary's table of countries."""


def totals(contents: Contents) -> Resource:
    """The table of countries of the summary, and the sums that its sentences say."""
    placed = summary.by_country(contents)
    rows = []
    for name, title in MEASURES.items():
        values = {one.code: getattr(one, name) for one in placed}
        known = [value for value in values.values() if value is not None]
        whole = ("_T", _("All countries"), name, _(title), sum(known) if known else None)
        for row in [*((one.code, one.country, name, _(title), values[one.code]) for one in placed), whole]:
            mark = Status.NOT_REPORTED if row[4] is None else Status.ZERO if row[4] == 0 else Status.VALUE
            rows.append((*row, contents.figures_on, str(mark)))
    return Resource(
        name="summary",
        title=_("Country by country"),
        description=_("One row per country (_T: all together) and measure, as in the table of the summary."),
        fields=(
            *COUNTRY,
            Field("measure", N_("What is counted, by its code."), "#indicator+code", values=tuple(MEASURES)),
            Field("measure_name", N_("The same in words."), "#indicator+name"),
            Field("value", N_("How many."), "#indicator+value+num", "integer", required=False),
            Field("day", N_("The day as on which they are counted."), "#date", "date"),
            status(Status.VALUE, Status.ZERO, Status.NOT_REPORTED),
        ),
        rows=tuple(rows),
        key=("country", "measure"),
        caveats=contents.plan.caveats,
        source=_("Reports of the member organisations"),
    )


def plan(contents: Contents) -> Resource:
    plan = contents.plan
    return Resource(
        name="plan",
        title=plan.title,
        description=_("One row per country and state: how many actions of the plan stand so."),
        fields=(
            *COUNTRY,
            Field("state", N_("How the actions stand, by its code."), "#activity+state+code", values=tuple(PLAN)),
            Field("state_name", N_("The same in words."), "#activity+state+name"),
            Field("actions", N_("How many actions."), "#activity+num", "integer"),
            Field("day", N_("The day as on which they are counted."), "#date", "date"),
            status(Status.VALUE, Status.ZERO),
        ),
        rows=tuple(
            (
                code,
                row["country"],
                name,
                _(title),
                int(row[name]),
                contents.figures_on,
                str(plan.statuses.loc[str(code), name]),
            )
            for code, row in plan.frame.iterrows()
            for name, title in PLAN.items()
        ),
        key=("country", "state"),
        caveats=plan.caveats,
        source=plan.source,
    )


def money(contents: Contents) -> Resource:
    money = contents.money.table
    return Resource(
        name="resourcing",
        title=money.title,
        description=_(
            "One row per country, currency and kind of amount. Amounts of two currencies are never added up."
        ),
        fields=(
            *COUNTRY,
            Field("currency", N_("The currency, by its code."), "#currency+code"),
            Field("amount", N_("Which amount it is, by its code."), "#value+type+code", values=tuple(AMOUNTS)),
            Field("amount_name", N_("The same in words."), "#value+type+name"),
            Field("value", N_("How much."), "#value+num", "number", required=False),
            Field("lines", N_("From how many budget lines."), "#meta+lines+num", "integer"),
            Field("period", N_("Up to the end of this quarter."), "#period+quarter"),
            status(Status.VALUE, Status.ZERO, Status.NOT_REPORTED),
        ),
        rows=tuple(
            (
                str(index).partition(" ")[0],
                row["country"],
                row["currency"],
                name,
                _(title),
                row[name],
                int(row["lines"]),
                contents.money.period,
                str(money.statuses.loc[str(index), name]),
            )
            for index, row in money.frame.iterrows()
            for name, title in AMOUNTS.items()
        ),
        key=("country", "currency", "amount"),
        caveats=money.caveats,
        source=money.source,
    )


def measured(name: str, title: str, description: str, found: list[Series]) -> Resource:
    return Resource(
        name=name,
        title=title,
        description=description,
        fields=(
            *COUNTRY,
            Field("indicator", N_("The indicator, by its code."), "#indicator+code"),
            Field("indicator_name", N_("Its name."), "#indicator+name"),
            Field("kind", N_("What kind of indicator it is."), "#indicator+type"),
            Field("unit", N_("Its unit."), "#indicator+unit"),
            Field("desired_direction", N_("Where it should go: up, down or none."), "#indicator+direction"),
            Field("period", N_("The quarter."), "#period+quarter"),
            Field("value", N_("The value of the quarter."), "#indicator+value+num", "number", required=False),
            Field("numerator", N_("Of a share, its part."), "#indicator+numerator+num", "number", required=False),
            Field("denominator", N_("Of a share, its whole."), "#indicator+denominator+num", "number", required=False),
            Field("baseline", N_("The baseline of the plan."), "#indicator+baseline+num", "number", required=False),
            Field(
                "milestone", N_("The milestone of this quarter."), "#indicator+milestone+num", "number", required=False
            ),
            Field("target", N_("Where the plan ends."), "#indicator+target+num", "number", required=False),
            Field("target_period", N_("The quarter of the target."), "#period+target", required=False),
            status(*(s for s in Status if s not in _OF_OTHERS)),
            Field("source", N_("Where the value is from."), "#meta+source", required=False),
            Field("caveat", N_("What must be known of it."), "#meta+caveat", required=False),
        ),
        rows=tuple(row for series in found for row in _quarters(series)),
        key=("country", "indicator", "period"),
        caveats=tuple(dict.fromkeys(series.table.caveats[0] for series in found if series.table.caveats)),
        source=_("Reports of the member organisations"),
    )


def _quarters(series: Series) -> Iterator[tuple[Any, ...]]:
    indicator, goals = series.indicator, series.goals
    milestones = {goal.period: goal.value for goal in goals.milestones}
    own = series.table.caveats[:1] if indicator.caveat else ()
    for period, cell in series.points:
        yield (
            series.country,
            series.country_name,
            indicator.code,
            _(indicator.title),
            indicator.kind,
            _(indicator.unit_measure),
            indicator.desired_direction,
            period,
            cell.value if cell.shown else None,
            cell.numerator if cell.shown else None,
            cell.denominator if cell.shown else None,
            goals.baseline.value if goals.baseline else None,
            milestones.get(period),
            goals.target.value if goals.target else None,
            goals.target.period if goals.target else None,
            str(cell.status),
            cell.source or series.table.source,
            " ".join(said for said in (*own, cell.caveat) if said),
        )
