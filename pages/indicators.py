"""/indicators: how do the indicators move against the plan?"""

from __future__ import annotations

from typing import Any

from dash import Input, Output, html

from dashboard.reference import periods
from dashboard.reference.indicators import KIND_WORDS
from dashboard.reference.text import N_, _
from dashboard.reports import indicators
from dashboard.reports.indicators import Group, Listing
from dashboard.reports.moments import Moment
from dashboard.web import cards, components, filters, moments, tables
from dashboard.web.guard import callback, page
from dashboard.web.marks import aria

QUESTION = N_("How do the indicators move against the plan?")
NAMES = ("country", "period", "kind", "as_of")


def layout(country: str = "", period: str = "", kind: str = "", as_of: str = "", **_other: str) -> html.Div:
    """The filters, and the answer below them."""
    viewer, home, then = moments.looking(as_of)
    found = indicators.listing(viewer, home, country=country, period=period, kind=kind, version=then.version)
    quarters = [(q, periods.parse(q).label) for q in found.quarters]
    return html.Div(
        [
            filters.row(
                [
                    filters.select("country", _("Country"), found.countries, country, found.usual),
                    filters.select("period", _("Up to quarter"), quarters, period),
                    filters.select(
                        "kind",
                        _("Kind"),
                        [("", _("All kinds")), *((key, _(words)) for key, words in KIND_WORDS.items())],
                        kind,
                    ),
                    moments.chooser(as_of),
                ]
            ),
            html.Div(_drawn(found, then), id="indicators-results"),
        ]
    )


def results(country: str, period: str, kind: str, as_of: str) -> list[Any]:
    """Everything below the filters, drawn for the viewer who asks."""
    viewer, home, then = moments.looking(as_of)
    return _drawn(
        indicators.listing(viewer, home, country=country, period=period, kind=kind, version=then.version), then
    )


def _drawn(found: Listing, then: Moment) -> list[Any]:
    kept = {"country": found.country, "as_of": then.key}
    groups = [*([found.headline] if found.headline else []), *found.groups]
    head = [
        part for part in (components.page_head(_(QUESTION), found.answer), moments.banner(then)) if part is not None
    ]
    if not groups:
        nothing = components.empty(
            _("No indicator has a value here yet."),
            _("Organisations send values with the dataset “Indicator values”."),
            "/submit",
        )
        return [*head, nothing, _silent(found)]
    return [*head, *(_group(group, kept) for group in groups), _silent(found)]


def _group(group: Group, kept: dict[str, str]) -> html.Section:
    """The cards of one kind, and below them the same figures as a table."""
    name = f"indicators-{group.kind or 'headline'}"
    as_table = _("{title}, as a table", title=group.title)  # the section has the title to itself
    return html.Section(
        [
            html.H2(group.title, id=name),
            html.P(group.meaning),
            html.Div([cards.card(card, kept=kept) for card in group.cards], className="cards"),
            tables.foot(
                group.table,
                name,
                None,
                html.Details(
                    [
                        html.Summary(_("Show the same as a table")),
                        tables.scrolling(tables.grid(group.table, as_table), as_table),
                    ],
                    className="as-table",
                ),
            ),
        ],
        className="indicator-group",
        **aria(labelledby=name),
    )


def _silent(found: Listing) -> Any:
    """The indicators that have nothing to show, by the reason for it."""
    if not found.silent:
        return None
    by: dict[str, list[indicators.Card]] = {}
    for card in found.silent:
        by.setdefault(card.reason, []).append(card)
    return html.Section(
        [
            html.H2(_("Nothing to show yet"), id="indicators-silent"),
            *(
                html.Div(
                    [
                        html.H3(reason),
                        html.Ul(
                            [
                                html.Li(html.A(_(card.indicator.title), href=f"/indicator/{card.indicator.code}"))
                                for card in listed
                            ]
                        ),
                    ]
                )
                for reason, listed in by.items()
            ),
        ],
        className="contents",
        **aria(labelledby="indicators-silent"),
    )


@callback(
    Output("indicators-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in NAMES),
    Input("head", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(country: str, period: str, kind: str, as_of: str, _head: Any) -> list[Any]:
    """Draw anew when a filter changed or the record moved."""
    return results(*map(filters.chosen, (country, period, kind, as_of)))


page(
    __name__,
    path="/indicators",
    title=N_("Indicators"),
    permission="view coverage",
    layout=layout,
    nav=N_("Indicators"),
    order=15,
    requirements=("R3", "R57", "R67", "R68", "R69", "R72", "R92", "R116", "R123"),
)
