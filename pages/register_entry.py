"""/register/<dataset>/entry?key=...: what does one entry say, who sent it, and what became of it?"""

from __future__ import annotations

from typing import Any

from dash import Input, Output, State, dcc, html

from dashboard.reference.text import N_, _
from dashboard.reports import register_history
from dashboard.web import components, filters, moments, register_entry
from dashboard.web.guard import callback, page
from dashboard.web.registers import trail
from pages.register import known


def layout(dataset: str = "", key: list[str] | None = None, as_of: str = "", **_other: str) -> html.Div:
    """The moment to look at, and the entry below it."""
    return html.Div(
        [
            filters.row([moments.chooser(as_of)], clear=False),
            html.Div(results(dataset, list(key or ()), as_of), id="entry-results"),
            dcc.Store(id="entry-key", data=[dataset, *(key or ())]),
        ]
    )


def results(dataset: str, key: list[str], as_of: str) -> list[Any]:
    """One entry by its natural key, drawn for the viewer who asks."""
    viewer, home, then = moments.looking(as_of)
    path = f"/register/{dataset}"
    title = _(home.library.contracts[dataset].title)
    try:
        found = register_history.entry(viewer, home, dataset, key, then.version)
    except register_history.NoSuchEntry:
        head = components.page_head(
            _("There is no such entry"),
            _("This register does not have the entry at this moment, or it is not yours to see."),
        )
        return [moments.banner(then), head, html.P(html.A(_("See all entries"), href=path))]
    where = trail((_("Registers"), "/register"), (title, path), (register_entry.code(found), ""))
    head = html.Div(
        [moments.banner(then), where, components.page_head(found.title, register_entry.answer(found))],
        className="page-head",
    )
    return [head, *register_entry.body(found)]


@callback(
    Output("entry-results", "children"),
    Input(filters.identity("as_of"), "value"),
    Input("head", "data"),
    State("entry-key", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(as_of: str, _head: Any, asked: Any) -> list[Any]:
    """Draw anew when the moment changed or the record moved."""
    said = [filters.chosen(part) for part in asked] if isinstance(asked, list) and asked else [""]
    if not known(moments.looking("")[1], {"dataset": said[0]}):
        return [components.page_head(_("There is no such register"))]
    return results(said[0], said[1:], filters.chosen(as_of))


page(
    __name__,
    path_template="/register/<dataset>/entry",
    path="/register/members/entry",
    title=N_("Entry of a register"),
    permission="view coverage",
    layout=layout,
    nav=None,
    order=36,
    known=known,
)
