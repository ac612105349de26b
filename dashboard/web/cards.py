"""An indicator as a card: its name, its newest value, how it moves and stands, and its caveat. Never fetches one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from dash import html

from dashboard.charts import spark
from dashboard.reference import periods
from dashboard.reference.table import Status
from dashboard.reference.text import _
from dashboard.reports import indicator_words
from dashboard.reports.indicators import Card
from dashboard.web import marks


def card(one: Card, *, headline: bool = False, kept: Mapping[str, str] | None = None) -> html.Article:
    """One card. `headline` makes the figure large, for the overview; `kept` is what the link keeps of the address.

    The caveat of a count of contacts stands before its number: no screen ends between the two, whatever its height.
    """
    kind = "administrative" if one.indicator.administrative else one.indicator.kind
    value: Any = one.value if one.value else marks.status(one.status)
    small = ", ".join(filter(None, [one.count, one.quarter]))
    unsure = marks.status(one.status) if one.value else None
    query = urlencode({name: said for name, said in (kept or {}).items() if said})
    caveats = [html.P(said, className="card-caveat") for said in (one.caveat, *one.notes) if said]
    before = caveats[:1] if one.indicator.administrative and one.caveat else []
    href = f"/indicator/{one.indicator.code}" + (f"?{query}" if query else "")
    return html.Article(
        [
            html.H3(html.A(_(one.indicator.title), href=href), className="card-title"),
            *before,
            html.P(
                [value, html.Span(f" {small}", className="card-quarter") if small else None],
                className="card-value",
            ),
            html.P(unsure) if unsure is not None else None,
            html.P(one.change, className="card-change") if one.change else None,
            line(one),
            html.P(marks.standing(one.standing, one.standing_words), className=f"card-standing {one.standing}")
            if one.standing_words
            else None,
            html.P(one.reason) if one.reason and one.status != Status.NOT_RELEASED else None,  # its mark says so
            *caveats[len(before) :],
        ],
        className=f"card-indicator {kind}" + (" headline" if headline else ""),
    )


def line(one: Card) -> Any:
    """The card's small chart with the names of its ends; nothing where one value is no line."""
    shown = [(period, cell.value) for period, cell in one.points if cell.shown and cell.value is not None]
    if len(shown) < 2:
        return None
    ends = [(periods.parse(period).label, value) for period, value in (shown[0], shown[-1])]
    told = indicator_words.finding(one.indicator, ends[0], ends[1], one.count)
    finding = _("Line: {finding}.", finding=told)
    said = " ".join([finding, one.caveat]).strip()
    goal = one.goal.value if one.goal else None
    drawn = spark.svg(one.points, title=said, neutral=one.indicator.administrative, goal=goal)
    first, last = (periods.parse(period).label for period in (one.points[0][0], one.points[-1][0]))
    return picture(spark.address(drawn), said, first, last)


def picture(address: str, said: str, first: str, last: str) -> html.Div:
    """A small chart as an image, with the quarters at its two ends."""
    return html.Div(
        [
            html.Img(src=address, alt=said),
            html.Div([html.Span(first), html.Span(last)], className="spark-ends", **marks.aria(hidden="true")),
        ],
        className="spark",
    )
