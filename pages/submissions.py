"""/submissions: what was sent, and what waits for me?"""

from __future__ import annotations

from typing import Any

from dash import Input, Output, dcc, html

from dashboard.intake.submissions import STATES
from dashboard.reference import periods
from dashboard.reference.text import N_, _, moment, n_, number
from dashboard.reports import submissions
from dashboard.web import components, filters, marks, tables
from dashboard.web.guard import callback, current_viewer, house, page

QUESTION = N_("What was sent, and what waits for somebody?")


def layout(state: str = "", **_other: str) -> html.Div:
    """The filter, and the list below it."""
    return html.Div(
        [
            filters.row(
                [
                    filters.select(
                        "state",
                        _("State"),
                        [("", _("All"))] + [(key, _(words)) for key, words in STATES.items()],
                        state,
                    )
                ]
            ),
            html.Div(results(state), id="submissions-results"),
        ]
    )


def results(state: str) -> list[Any]:
    """The list, newest first."""
    viewer, home = current_viewer(), house()
    rows = submissions.listing(viewer, home, state if state in STATES else "")
    waiting = sum(row["state"] == "submitted" for row in rows)
    head = components.page_head(
        _(QUESTION),
        n_(
            "{count} file is shown; {waiting} waiting for review.",
            "{count} files are shown; {waiting} waiting for review.",
            len(rows),
            waiting=waiting,
        ),
    )
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
                                        dcc.Link(
                                            [
                                                _(home.library.contracts[row["dataset"]].title),
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
                                    html.Td(moment(row["state_at"])),
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
    Input({"type": "filter", "name": "state"}, "value"),
    Input("head", "data"),
    permission="view submissions",
    prevent_initial_call=True,
)
def redraw(state: str, _head: Any) -> list[Any]:
    """Draw anew when the filter changed or the record moved."""
    return results(filters.chosen(state))


page(
    __name__,
    path="/submissions",
    title=N_("Submissions"),
    permission="view submissions",
    layout=layout,
    nav=N_("Submissions"),
    order=70,
)
