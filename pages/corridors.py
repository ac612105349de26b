"""/corridors: on which corridors does help stand at both ends, and where does it break?"""

from __future__ import annotations

from typing import Any

from dash import Input, Output, html

from dashboard.charts import stacked
from dashboard.reference import periods
from dashboard.reference.text import N_, _
from dashboard.reports import corridors, coverage
from dashboard.web import components, filters, grid, moments, tables
from dashboard.web.figure import figure
from dashboard.web.guard import callback, page

QUESTION = N_("On which corridors does help stand at both ends, and where does it break?")
NAMES = ("country", "period", "framework", "as_of")


def layout(country: str = "", period: str = "", framework: str = "", as_of: str = "", **_other: str) -> html.Div:
    """The filters, and the answer below them."""
    viewer, home, then = moments.looking(as_of)
    quarters = coverage.reported_periods(viewer, home, then.version)
    chosen = period if period in quarters else coverage.default_period(viewer, home, then.version)
    known = coverage.frameworks(viewer, home)
    shown = framework if framework in dict(known) else known[0][0]
    countries = corridors.tracked(viewer, home, then.version)
    return html.Div(
        [
            filters.row(
                [
                    filters.select("country", _("Country"), [("", _("All countries")), *countries], country),
                    filters.select("period", _("Quarter"), [(p, periods.parse(p).label) for p in quarters], chosen),
                    filters.select("framework", _("Services of"), known, shown),
                    moments.chooser(as_of),
                ]
            ),
            html.Div(results(country, chosen, shown, as_of), id="corridors-results"),
        ]
    )


def results(country: str, period: str, framework: str, as_of: str) -> list[Any]:
    """Everything below the filters, drawn for the viewer who asks."""
    viewer, home, then = moments.looking(as_of)
    found = corridors.corridors(viewer, home, country=country, period=period, framework=framework, version=then.version)
    head = moments.head(then, _(QUESTION), found.answer)
    if not found.lines:
        return [
            head,
            components.empty(
                _("No corridor is tracked here."),
                _("Which corridors are followed is set in the list “corridors” of the dictionary."),
                "/dictionary",
            ),
        ]
    kept = {"period": period, "framework": framework, "as_of": then.key}
    return [
        head,
        html.Figure(
            [
                html.H2(found.finding, className="figure-title", id="corridors-picture-title"),
                html.P(
                    _(
                        "Services reported as open at both ends whatever the status, of {total}, and how the agreement"
                        " stands; {period}. The darker, the more. An empty place is no tracked corridor.",
                        total=found.services,
                        period=periods.parse(found.period).label,
                    ),
                    className="figure-subtitle",
                ),
                grid.corridors(home, found, kept),
                tables.foot(found.table, "corridors-table"),
            ],
            className="figure matrix-figure",
            id="corridors-picture",
        ),
        figure(
            found.gaps,
            stacked.bars(found.gaps, panel="group", label="service"),
            figure_id="corridors-gaps",
            title=_gaps(found),
            subtitle=_("Number of corridors by how a service links the two ends, {period}", period=found.table.period),
            reading=_("Each bar is the same {total} corridors.", total=len(found.lines)),
        ),
        html.H2(_("Every corridor, the weakest first")),
        tables.data_table(found.table, figure_id="corridors-all", caption=found.table.title),
    ]


def _gaps(found: corridors.Corridors) -> str:
    worst = found.gaps.frame.iloc[0]
    if not worst["none"]:
        return _("No service is reported as missing on a corridor")
    return _(
        "{service} breaks most corridors: {count} of {total}",
        service=worst["service"],
        count=worst["none"],
        total=len(found.lines),
    )


@callback(
    Output("corridors-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in NAMES),
    Input("head", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(country: str, period: str, framework: str, as_of: str, _head: Any) -> list[Any]:
    """Draw anew when a filter changed or the record moved."""
    return results(*map(filters.chosen, (country, period, framework, as_of)))


page(
    __name__,
    path="/corridors",
    title=N_("Corridors"),
    permission="view coverage",
    layout=layout,
    nav=N_("Corridors"),
    order=25,
    charts=True,
    requirements=("R19", "R23", "R30", "R47", "R82", "R90", "R91", "R95", "R111", "R112", "R113"),
)
