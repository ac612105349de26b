"""/members: who is at the table, and who is missing?"""

from __future__ import annotations

from typing import Any

from dash import Input, Output, html

from dashboard.charts.members import seats_by_group
from dashboard.reference.text import N_, _, n_
from dashboard.reports import governance, members
from dashboard.web import components, filters, marks, moments, tables
from dashboard.web.figure import figure
from dashboard.web.guard import callback, page

QUESTION = N_("Who is at the table, and who is missing?")
FEW = 3
"""Of so many countries the quarter of the register stands above the figure; of more it stands below, as a caveat."""
MOST = 80
"""So many entries of the register are read on one page."""


def layout(country: str = "", category: str = "", as_of: str = "", **_other: str) -> html.Div:
    """The filters, and the answer below them."""
    viewer, home, _then = moments.looking(as_of)
    return html.Div(
        [
            filters.row(
                [
                    filters.select(
                        "country", _("Country"), [("", _("All countries"))] + members.countries(viewer, home), country
                    ),
                    filters.select(
                        "category",
                        _("Register shows"),
                        [("", _("All categories"))]
                        + [(c.code, c.title) for c in home.library.codes["stakeholder_categories"].codes],
                        category,
                    ),
                    moments.chooser(as_of),
                ]
            ),
            html.Div(results(country, category, as_of), id="members-results"),
        ]
    )


def results(country: str, category: str, as_of: str) -> list[Any]:
    """Everything below the filters."""
    viewer, home, then = moments.looking(as_of)
    found = members.members(viewer, home, country=country, category=category, version=then.version)
    head = moments.head(then, _(QUESTION), found.answer)
    if not found.countries:
        return [
            head,
            components.empty(
                _("No member register has been accepted yet."),
                _("A coordinator sends it with the dataset “Members of the mechanism”."),
                "/submit",
            ),
        ]
    return [
        head,
        figure(
            found.groups,
            seats_by_group(found.groups),
            figure_id="members-groups",
            title=found.finding,
            subtitle=_("Number of stakeholder categories, by the state of their seat: {period}", period=found.period)
            if len(found.countries) <= FEW
            else _("Number of stakeholder categories, by the state of their seat, as each register last said"),
            reading=_("The longer the dark part, the more of the named categories have a seat that somebody takes."),
        ),
        *(
            [components.notice("info", _("Missing at the table"), html.Ul([html.Li(gap) for gap in found.gaps]))]
            if found.gaps
            else []
        ),
        tables.matrix(
            found.seats,
            figure_id="members-seats",
            key="category",
            groups=[("", _("Countries"), list(found.countries))],
            mark=marks.seat,
            legend=marks.seat_key(),
            words=members.SEATS,
        ),
        *_governed(viewer, home, found, then.version),
        html.H2(_("The register")),
        _register(found),
    ]


def _governed(viewer: Any, home: Any, found: members.Members, version: int | None) -> list[Any]:
    """How the mechanism of each country is led; of many countries, whom to ask about by choosing one."""
    if len(found.countries) > FEW:
        return []
    parts: list[Any] = []
    for country in found.countries:
        led = governance.governance(viewer, home, country=country, version=version)
        if led.terms or led.sentences:
            parts.append(
                html.Article(
                    [
                        html.H3(led.name),
                        *([html.Ul([html.Li(said) for said in led.sentences])] if led.sentences else []),
                        html.Dl([html.Div([html.Dt(what), html.Dd(words)]) for what, words in led.terms]),
                    ],
                    className="record",
                )
            )
    return [html.H2(_("How is it led, and who answers to women migrant workers?")), *parts] if parts else []


def _register(found: members.Members) -> Any:
    """The register as a table; of many organisations, how to come to those that one looks for."""
    entries = len(found.register.frame)
    if entries <= MOST:
        return tables.data_table(found.register, figure_id="members-register")
    return html.Div(
        [
            components.empty(
                n_("{count} entry.", "{count} entries.", entries),
                _("Choose a country or a category above to read them here; the download holds all of them."),
            ),
            tables.foot(found.register, "members-register"),
        ],
        id="members-register",
    )


@callback(
    Output("members-results", "children"),
    Input({"type": "filter", "name": "country"}, "value"),
    Input({"type": "filter", "name": "category"}, "value"),
    Input({"type": "filter", "name": "as_of"}, "value"),
    Input("head", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(country: str, category: str, as_of: str, _head: Any) -> list[Any]:
    """Draw anew when a filter changed or the record moved."""
    return results(*map(filters.chosen, (country, category, as_of)))


page(
    __name__,
    path="/members",
    title=N_("Members"),
    permission="view coverage",
    layout=layout,
    nav=N_("Members"),
    order=30,
    charts=True,
    requirements=("R23", "R37", "R38", "R39", "R42", "R43", "R44", "R125"),
)
