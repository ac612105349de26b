"""/register/<dataset>: what does this register hold? Made from its contract alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import ALL, Input, Output, State, ctx, dcc, html
from flask import Response, abort, request

from dashboard.intake import templates
from dashboard.publication import register_files
from dashboard.reference.registers import is_register
from dashboard.reference.text import N_, _
from dashboard.reports import registers
from dashboard.reports.registers import Asked
from dashboard.web import components, moments
from dashboard.web import registers as shown
from dashboard.web.guard import callback, page, route

FILTERS = {"type": "filter", "name": ALL}


def known(home: Any, parts: Mapping[str, str]) -> bool:
    """Whether there is a register of this name."""
    contract = home.library.contracts.get(parts.get("dataset", ""))
    return contract is not None and is_register(contract)


def layout(dataset: str = "", query: Mapping[str, str] | None = None) -> html.Div:
    """What can be chosen, and the answer below it."""
    said = dict(query or {})
    what, as_of = shown.asked(said), said.get("as_of", "")
    viewer, home, then = moments.looking(as_of)
    usual = registers.usual(viewer, home, dataset, then.version)
    return html.Div(
        [
            shown.choice(
                registers.choices(viewer, home, dataset, then.version),
                registers.columns(viewer, home, dataset, then.version),
                usual,
                what,
                moments.chooser(as_of),
            ),
            html.Div(results(dataset, what, as_of), id="register-results"),
            dcc.Store(id="register-dataset", data=dataset),
        ]
    )


def results(dataset: str, what: Asked, as_of: str) -> list[Any]:
    """Everything below the filters, drawn for the viewer who asks."""
    viewer, home, then = moments.looking(as_of)
    found = registers.register(viewer, home, dataset, what, then.version)
    trail = shown.trail((_("Registers"), "/register"), (_(found.contract.title), ""))
    head = html.Div(
        [moments.banner(then), trail, components.page_head(found.shape.question, found.answer)], className="page-head"
    )
    if not found.total:
        return [
            head,
            shown.nothing(found.contract, registers.sends(viewer, home, dataset) and not then.past, found.told),
        ]
    return [head, *shown.body(found, what, then.key)]


@callback(
    Output("register-results", "children"),
    Input(FILTERS, "value"),
    Input("head", "data"),
    State(FILTERS, "id"),
    State("register-dataset", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(values: list[Any], _head: Any, names: list[Any], dataset: Any) -> list[Any]:
    """Draw anew when a choice changed or the record moved."""
    said = {
        str(one["name"]): value
        for one, value in zip(names, values, strict=False)
        if isinstance(one, dict) and "name" in one and isinstance(value, str)
    }
    moved = getattr(ctx, "triggered_id", None)
    if isinstance(moved, dict) and moved.get("name") not in ("page", "columns"):
        said["page"] = ""  # what fits now begins on the first page
    if not isinstance(dataset, str) or not known(moments.looking("")[1], {"dataset": dataset}):
        return [components.page_head(_("There is no such register"))]
    return results(dataset, shown.asked(said), said.get("as_of", ""))


@route("/register/<dataset>.csv", permission="view coverage")
def save(dataset: str) -> Response:
    """Every entry that fits what the address asks: for people, or with `hxl` as codes below a row of HXL hashtags."""
    said = request.args.to_dict()
    what, tagged = shown.asked(said), bool(said.get("hxl"))
    viewer, home, then = moments.looking(said.get("as_of", ""))
    try:
        text = register_files.as_file(viewer, home, dataset, what, then.version, hxl=tagged, past=then.past)
    except registers.NoSuchRegister:
        abort(404)
    name = templates.filename(home, dataset, "register-hxl" if tagged else "register")
    return Response(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


page(
    __name__,
    path_template="/register/<dataset>",
    path="/register/members",
    title=N_("Register"),
    permission="view coverage",
    layout=layout,
    nav=None,
    order=36,
    known=known,
    requirements=("R130",),
)
