"""/indicator/<code>: how does one indicator move, what was agreed for it, and what does it mean?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import Input, Output, State, dcc, html

from dashboard.charts import trend
from dashboard.protection.policy import Viewer
from dashboard.reference import periods
from dashboard.reference.indicators import LEVELS
from dashboard.reference.table import Status, Table
from dashboard.reference.text import N_, _
from dashboard.reports import indicator_tables, indicator_words, indicators, places
from dashboard.reports.indicators import Series
from dashboard.reports.moments import Moment
from dashboard.web import cards, components, filters, moments, tables
from dashboard.web.figure import figure
from dashboard.web.guard import callback, page
from dashboard.web.marks import aria

NAMES = ("country", "period", "as_of")


def layout(code: str = "", country: str = "", period: str = "", as_of: str = "", **_other: str) -> html.Div:
    """The choice of country, quarter and moment, and the answer below it."""
    viewer, home, then = moments.looking(as_of)
    if code not in home.library.indicators:
        return html.Div(_unknown())
    listed = indicators.countries(viewer, home, then.version)
    shown = _country(viewer, home, then, country)
    quarters = _quarters(viewer, home, code, shown, then)
    usual = _country(viewer, home, then, "")
    choice: list[Any] = [filters.select("country", _("Country"), listed, country, usual)]
    if quarters:  # the newest value that she may read, before a newer one that she may not
        newest = indicators.series(viewer, home, code, country=shown, version=then.version).latest
        options = [(quarter, periods.parse(quarter).label) for quarter in quarters]
        choice.append(filters.select("period", _("Breakdown of"), options, period, newest))
    else:  # what was chosen elsewhere stays in the address
        choice.append(dbc.Input(id=filters.identity("period"), type="hidden", value=period))
    return html.Div(
        [
            filters.row([*choice, moments.chooser(as_of)], clear=False),
            html.Div(results(code, shown, period, as_of), id="indicator-results"),
            dcc.Store(id="indicator-code", data=code),
        ]
    )


def results(code: str, country: str, period: str, as_of: str) -> list[Any]:
    """Everything below the filters, drawn for the viewer who asks."""
    viewer, home, then = moments.looking(as_of)
    if code not in home.library.indicators:
        return _unknown()
    country = _country(viewer, home, then, country)
    found = indicators.series(viewer, home, code, country=country, version=then.version)
    parts = [
        _head(found, period),
        moments.banner(then),
        _caveat(found),
        _trend(found),
        _beside(viewer, home, found, then),
        _part(_("What was agreed"), indicator_tables.goals(found), "indicator-goals"),
        *_breakdowns(viewer, home, found, period, then),
        _comparison(viewer, home, code, then),
        _part(_("What was corrected"), indicator_tables.revisions(found), "indicator-revisions"),
        _definition(home, found),
    ]
    return [part for part in parts if part is not None]


def _unknown() -> list[Any]:
    return [
        components.page_head(
            _("There is no indicator with this code"),
            _("The address names an indicator that this dashboard does not have."),
        ),
        html.P(html.A(_("See all indicators"), href="/indicators")),
    ]


def _country(viewer: Viewer, home: Any, then: Moment, country: str) -> str:
    """The country that was asked for, or the one that the pages of indicators open with."""
    listed = indicators.countries(viewer, home, then.version)
    return places.usual(viewer, home, [code for code, _name in listed], country)


def _quarters(viewer: Viewer, home: Any, code: str, country: str, then: Moment) -> list[str]:
    """The quarters that have a breakdown, newest first."""
    ways = indicators.breakdowns(viewer, home, code, country=country, version=then.version)
    return sorted({quarter for _by, _title, quarters in ways for quarter in quarters}, reverse=True)


def _head(found: Series, period: str) -> html.Div:
    indicator = found.indicator
    trail = [
        html.Li(html.A(_("Indicators"), href="/indicators?" + urlencode({"country": found.country}))),
        html.Li(indicator.number or indicator.code),
    ]
    return html.Div(
        [
            html.Div(
                [
                    html.Nav(html.Ol(trail), className="breadcrumbs", **aria(label=_("Where you are"))),
                    html.P(
                        _("{kind}, {level} level.", kind=found.kind_words, level=_(LEVELS[indicator.level]).lower())
                    ),
                ],
                className="where",
            ),
            html.H1(_(indicator.title), tabIndex=-1),
            components.answer_line(_("{country}: {answer}", country=found.country_name, answer=found.answer)),
            *([html.P(chosen)] if (chosen := indicators.chosen(found, period)) else []),
        ],
        className="page-head",
    )


def _caveat(found: Series) -> Any:
    """What must be known before the figure is read."""
    if not found.table.caveats:
        return None
    first, *others = found.table.caveats
    more = [said for said in others if said not in found.answer]
    return components.notice("info", first, html.Ul([html.Li(said) for said in more]) if more else None)


def _trend(found: Series) -> Any:
    if not indicator_tables.shown(found):  # why there is nothing to draw is the answer above
        hidden = any(cell.status == Status.SUPPRESSED for _period, cell in found.points)
        return _part(_("Quarter by quarter"), indicator_tables.lean(found.table), "indicator-trend") if hidden else None
    unit = _(found.indicator.unit_measure)
    return figure(
        indicator_tables.lean(found.table),
        trend.line(found),
        figure_id="indicator-trend",
        title=found.finding,
        subtitle=_(
            "{country}, {period}. Unit: {unit}", country=found.country_name, period=found.table.period, unit=unit
        ),
        reading=found.reading,
    )


def _beside(viewer: Viewer, home: Any, found: Series, then: Moment) -> Any:
    """What few or many reports may come from: whether women could report at all. Each on a scale of its own."""
    told = indicators.beside(viewer, home, found.indicator.code, country=found.country, version=then.version)
    if not told:
        return None
    kept = {"country": found.country, "as_of": then.key}
    return html.Section(
        [
            html.H2(_("Could women report?"), id="indicator-beside"),
            html.P(
                _(
                    "Few reports do not mean little violence, and many do not mean much: it depends on whether women"
                    " find a service that is open to them, and trust it. Each figure has its own scale."
                )
            ),
            html.Div([cards.card(card, kept=kept) for card in told], className="cards"),
        ],
        **aria(labelledby="indicator-beside"),
    )


def _part(title: str, table: Table, figure_id: str) -> Any:
    if table.frame.empty:
        return None
    return html.Section(
        [html.H2(title, id=f"{figure_id}-title"), tables.data_table(table, figure_id=figure_id, caption=table.title)],
        **aria(labelledby=f"{figure_id}-title"),
    )


def _shown(quarters: list[str], period: str, latest: str) -> str:
    """Which quarter is broken down: the chosen one, else that of the newest value that she reads, else the newest."""
    return next((one for one in (period, latest) if one in quarters), quarters[0])


def _breakdowns(viewer: Viewer, home: Any, found: Series, period: str, then: Moment) -> list[Any]:
    """Each breakdown that there is of the chosen quarter, or of the newest that has any."""
    code, country, latest = found.indicator.code, found.country, found.latest
    ways = indicators.breakdowns(viewer, home, code, country=country, version=then.version)
    shown: list[Any] = []
    for by, title, quarters in ways:
        quarter = _shown(quarters, period, latest)
        table = indicators.breakdown(viewer, home, code, country=country, period=quarter, by=by, version=then.version)
        heading = _("{way}, {quarter}", way=title, quarter=periods.parse(quarter).label)
        shown.append(
            html.Details(
                [
                    html.Summary(heading),
                    tables.data_table(indicator_tables.lean(table), figure_id=f"indicator-by-{by}", caption=heading),
                ],
                open=not shown,
            )
        )
    if not ways:
        return []
    return [
        html.Section([html.H2(_("Broken down")), *shown]),
        _stages(viewer, home, code, country, _shown(ways[0][2], period, latest), then),
    ]


def _stages(viewer: Viewer, home: Any, code: str, country: str, quarter: str, then: Moment) -> Any:
    """How far cases at police and justice came: a table of its own, for it is no part of the total."""
    table = indicators.stages(viewer, home, code, country=country, period=quarter, version=then.version)
    if table is None:
        return None
    heading = _("Stages of cases at police and justice, {quarter}", quarter=periods.parse(quarter).label)
    return _part(heading, table, "indicator-stages")


def _comparison(viewer: Viewer, home: Any, code: str, then: Moment) -> Any:
    """Each country's line on one scale; never of contacts."""
    found = indicators.comparison(viewer, home, code, version=then.version)
    if found is None or len(found.panels) < 2:
        return None
    pictures = dict(trend.multiples(found))
    first, last = found.span
    heading = _("In every country that has it")
    kept = {"as_of": then.key} if then.key else {}
    return html.Figure(
        [
            html.H2(heading, id="indicator-countries-title", className="figure-title"),
            html.P(_("The same scale in each: {scale}.", scale=found.scale), className="figure-subtitle"),
            html.Div(
                [
                    html.Div(
                        [
                            html.H3(
                                html.A(
                                    panel.name,
                                    href=f"/indicator/{code}?" + urlencode({"country": panel.country} | kept),
                                ),
                                className="card-title",
                            ),
                            html.P(
                                [panel.value, html.Span(f" {panel.quarter}", className="card-quarter")],
                                className="card-value",
                            ),
                            cards.picture(
                                pictures[panel.country],
                                ". ".join(said for said in (panel.finding, found.caveat) if said),
                                first,
                                last,
                            ),
                        ]
                    )
                    for panel in found.panels
                ],
                className="cards panels",
            ),
            html.Figcaption(
                _("Each country measures itself: a value says nothing of another country's plan."), className="reading"
            ),
            tables.foot(
                found.table,
                "indicator-countries",
                None,
                html.Details(
                    [
                        html.Summary(_("Show the same as a table")),
                        html.P(_("On paper: the last four quarters. The file has all of them."), className="on-paper"),
                        tables.scrolling(tables.grid(found.table, heading), heading),
                    ],
                    className="as-table",
                ),
            ),
        ],
        className="figure",
        id="indicator-countries",
        role="group",
        **aria(labelledby="indicator-countries-title"),
    )


def _definition(home: Any, found: Series) -> html.Section:
    indicator = found.indicator
    said = indicator_words.described(home.library, indicator)
    unverified = html.P(html.Em(_("Name and wording: not verified."))) if not indicator.verified else None
    return html.Section(
        [
            html.H2(_("What it measures"), id="indicator-definition"),
            html.P(_(indicator.definition)),
            unverified,
            html.Div(html.Dl([html.Div([html.Dt(term), html.Dd(words)]) for term, words in said]), className="record"),
            html.P(html.A(_("In the dictionary"), href=f"/dictionary#indicator-{indicator.code}")),
        ],
        **aria(labelledby="indicator-definition"),
    )


@callback(
    Output("indicator-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in NAMES),
    Input("head", "data"),
    State("indicator-code", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(country: str, period: str, as_of: str, _head: Any, code: str) -> list[Any]:
    """Draw anew when a choice changed or the record moved."""
    return results(filters.chosen(code), *map(filters.chosen, (country, period, as_of)))


page(
    __name__,
    path_template="/indicator/<code>",
    path="/indicator",
    title=N_("Indicator"),
    permission="view coverage",
    layout=layout,
    nav=None,
    order=16,
    charts=True,
)
