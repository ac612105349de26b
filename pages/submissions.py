"""/submissions: what was sent, and what waits for me?"""

from __future__ import annotations

from typing import Any

from dash import Input, Output, html

from dashboard.intake.submissions import STATES
from dashboard.people import organisations
from dashboard.reference import periods
from dashboard.reference.text import N_, _, moment, n_, number
from dashboard.reports import submissions
from dashboard.web import components, filters, marks, tables
from dashboard.web.guard import callback, current_viewer, house, page

QUESTION = N_("What was sent, and what waits for somebody?")
MOST = 50
"""So many files one page shows; the filters lead to the others."""


def layout(state: str = "", dataset: str = "", country: str = "", period: str = "", **_other: str) -> html.Div:
    """The filters, and the list below them."""
    viewer, home = current_viewer(), house()
    countries = sorted({o["country"] for o in organisations.known(viewer, home) if o["country"]})
    return html.Div(
        [
            filters.row(
                [
                    filters.select(
                        "state",
                        _("State"),
                        [("", _("All"))] + [(key, _(words)) for key, words in STATES.items()],
                        state,
                    ),
                    filters.select(
                        "dataset",
                        _("Dataset"),
                        [("", _("All"))] + [(name, _(c.title)) for name, c in home.library.contracts.items()],
                        dataset,
                    ),
                    filters.select(
                        "country",
                        _("Country"),
                        [("", _("All countries"))] + [(c, home.library.title("countries", c)) for c in countries],
                        country,
                    ),
                    filters.select(
                        "period",
                        _("Quarter"),
                        [("", _("All"))] + [(p, periods.parse(p).label) for p in submissions.periods_of(viewer, home)],
                        period,
                    ),
                ]
            ),
            html.Div(results(state, dataset, country, period), id="submissions-results"),
        ]
    )


def results(state: str, dataset: str, country: str, period: str) -> list[Any]:
    """The list: what waits for review, then the newest."""
    viewer, home = current_viewer(), house()
    asked = {"dataset": dataset, "country": country, "period": period}
    state = state if state in STATES else ""
    rows = submissions.listing(viewer, home, state, most=MOST, **asked)
    totals = submissions.totals(viewer, home, state, **asked)
    answer = n_(
        "{count} file; {waiting} waiting for review.",
        "{count} files; {waiting} waiting for review.",
        totals.files,
        waiting=number(totals.waiting),
    )
    if len(rows) < totals.files:
        cut = _(
            "Shown are those that wait for review and the newest, {shown} of {total}.",
            shown=number(len(rows)),
            total=number(totals.files),
        )
        answer = f"{answer} {cut}"
    head = components.page_head(_(QUESTION), answer)
    if not rows:
        return [head, components.empty(_("No file is here for this choice."), _("Send the first one."), "/submit")]
    header = [_("Dataset"), _("Organisation"), _("Quarter"), _("State"), _("Since"), _("Rows")]
    return [
        head,
        tables.scrolling(
            html.Table(
                [
                    html.Thead(html.Tr([html.Th(words, scope="col") for words in header])),
                    html.Tbody(
                        [
                            html.Tr(
                                [
                                    html.Th(
                                        html.A(
                                            [
                                                row["title"],
                                                # Links are read out one by one: each says where it leads.
                                                html.Span(
                                                    f", {row['organisation']}, {periods.parse(row['period']).label}",
                                                    className="visually-hidden",
                                                ),
                                            ],
                                            href=f"/submission/{row['submission_id']}",
                                        ),
                                        scope="row",
                                    ),
                                    html.Td(row["organisation"]),
                                    html.Td(periods.parse(row["period"]).label),
                                    html.Td(marks.state(row["state"], _(STATES[row["state"]]))),
                                    html.Td(moment(row["state_at"]), className="when"),
                                    html.Td(number(row["row_count"]), className="number"),
                                ]
                            )
                            for row in rows
                        ]
                    ),
                ],
                className="table-plain",
            ),
            _("Submissions"),
        ),
    ]


@callback(
    Output("submissions-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in ("state", "dataset", "country", "period")),
    Input("head", "data"),
    permission="view submissions",
    prevent_initial_call=True,
)
def redraw(state: str, dataset: str, country: str, period: str, _head: Any) -> list[Any]:
    """Draw anew when a filter changed or the record moved."""
    return results(*map(filters.chosen, (state, dataset, country, period)))


page(
    __name__,
    path="/submissions",
    title=N_("Submissions"),
    permission="view submissions",
    layout=layout,
    nav=N_("Submissions"),
    order=70,
)
