"""An indicator as a card: its name, its newest value, how it moves and stands, and its caveat. Never fetches one."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.reference.text import _
from dashboard.reports.indicators import Card
from dashboard.web import marks


def card(one: Card, *, headline: bool = False) -> html.Article:
    """One card. `headline` makes the figure large, for the overview."""
    kind = "administrative" if one.indicator.administrative else one.indicator.kind
    value: Any = one.value if one.value else marks.status(one.status)
    return html.Article(
        [
            html.H3(html.A(_(one.indicator.title), href=f"/indicator/{one.indicator.code}"), className="card-title"),
            html.P(
                [value, html.Span(f" {one.quarter}", className="card-quarter") if one.quarter else None],
                className="card-value",
            ),
            html.P(one.change, className="card-change") if one.change else None,
            html.P(one.standing_words, className=f"card-standing {one.standing}") if one.standing_words else None,
            html.P(one.caveat, className="card-caveat") if one.caveat else None,
        ],
        className=f"card-indicator {kind}" + (" headline" if headline else ""),
    )
