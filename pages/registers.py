"""/register: which registers are there, and what do they hold?"""

from __future__ import annotations

from typing import Any

from dash import Input, Output, html

from dashboard.reference.text import N_, _
from dashboard.reports import registers
from dashboard.reports.entry import own_only
from dashboard.web import filters, moments, register_index
from dashboard.web.guard import callback, page

QUESTION = N_("Which registers are there, and what do they hold?")


def layout(as_of: str = "", **_other: str) -> html.Div:
    """The moment to look at, and the list below it."""
    return html.Div(
        [
            filters.row([moments.chooser(as_of)], clear=False),
            html.Div(results(as_of), id="registers-results"),
        ]
    )


def results(as_of: str) -> list[Any]:
    """The list of registers, those with entries first."""
    viewer, home, then = moments.looking(as_of)
    found, hers = registers.listed(viewer, home, then.version), own_only(viewer)
    return [
        moments.head(then, _(QUESTION), register_index.answer(found, hers)),
        *register_index.body(found, then.key, hers),
    ]


@callback(
    Output("registers-results", "children"),
    Input(filters.identity("as_of"), "value"),
    Input("head", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(as_of: str, _head: Any) -> list[Any]:
    """Draw anew when the moment changed or the record moved."""
    return results(filters.chosen(as_of))


page(
    __name__,
    path="/register",
    title=N_("Registers"),
    permission="view coverage",
    layout=layout,
    nav=N_("Registers"),
    order=36,
)
