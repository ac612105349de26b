"""The one way to show a chart: with its title, reading, caveats, source, table and download. Never fetches a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.charts.template import CONTACTS, FILLS
from dashboard.reference.table import Table
from dashboard.reference.text import _
from dashboard.web import tables
from dashboard.web.marks import aria

# Nothing of a figure leaves for another site, and no picture leaves it without its caveats: so no mode bar at all.
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
}


def figure(
    table: Table,
    chart: dict[str, Any],
    *,
    figure_id: str,
    title: str,
    subtitle: str,
    reading: str,
    words: dict[str, str] | None = None,
    keys: Sequence[str] = (),
    saving: Component | None = None,
) -> html.Figure:
    """A chart of `table` in the frame that every figure has.

    `title` says what the figure says, `subtitle` its unit, population and period, `reading` one sentence to read it
    by. `words` turns codes into words in the download, in whose place `saving` may stand; `keys` are those of
    `tables.grid`.
    """
    heading, bare = f"{figure_id}-title", without_legend(chart)
    tall = f"{bare['layout'].get('height', 420)}px"
    return html.Figure(
        [
            html.H2(title, id=heading, className="figure-title"),
            html.P(subtitle, className="figure-subtitle"),
            chart_key(chart),
            html.Div(
                dcc.Graph(
                    id=f"{figure_id}-chart",
                    figure=bare,
                    config=cast(Any, CONFIG),
                    responsive=True,
                    style={"height": tall},
                ),
                role="img",
                className="chart",
                style={"--tall": tall},  # the style sheet makes it larger where the page is
                **aria(label=alternative(table, title, reading)),
            ),
            html.Figcaption(reading, className="reading"),
            tables.foot(
                table,
                figure_id,
                words,
                html.Details(
                    [
                        html.Summary(_("Show the same as a table")),
                        tables.scrolling(tables.grid(table, title, keys), title),
                    ],
                    className="as-table",
                ),
                saving=saving,
            ),
        ],
        className="figure",
        id=figure_id,
        role="group",
        **aria(labelledby=heading),
    )


def alternative(table: Table, title: str, reading: str) -> str:
    """What the chart says, for those who cannot see it, with what must be known to read it rightly."""
    return " ".join(
        [_("Chart: {title}.", title=title.rstrip(".")), reading, *table.caveats, _("The same as a table follows.")]
    )


def chart_key(chart: dict[str, Any]) -> html.Ul | None:
    """The parts of a chart by name, as text that wraps and grows with the page; None where nothing needs telling."""
    named = {
        _shape(trace): trace["meta"]["title"]
        for trace in chart["data"]
        if isinstance(trace.get("meta"), dict) and trace.get("showlegend", True)
    }
    if len(named) < 2:
        return None
    return html.Ul(
        [html.Li([html.Span(className=shape, **aria(hidden="true")), said]) for shape, said in named.items()],
        className="chart-key",
    )


def _shape(trace: dict[str, Any]) -> str:
    """The class of what stands for a part of a chart: a filled patch, or the mark of a status."""
    fill = trace["meta"]["fill"]
    return (
        f"mark {fill}" if trace["type"] == "scatter" else f"swatch {fill if fill in {**FILLS, **CONTACTS} else 'other'}"
    )


def without_legend(chart: dict[str, Any]) -> dict[str, Any]:
    """The figure without Plotly's own legend and the room for it, where `chart_key` stands instead."""
    layout = chart["layout"]
    if not layout.get("showlegend") or chart_key(chart) is None:
        return chart
    return chart | {"layout": layout | {"showlegend": False, "height": layout["height"] - layout.get("meta", 0)}}
