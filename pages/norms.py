"""/norms: which country has taken on which international norm, and who has looked it up?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import Input, Output, html

from dashboard.reference.text import N_, _
from dashboard.reports import norms
from dashboard.web import components, filters, marks, moments, tables
from dashboard.web.guard import callback, house, page

QUESTION = N_("Which country has taken on which international norm?")
NAMES = ("country", "kind", "as_of")


def layout(country: str = "", kind: str = "", as_of: str = "", **_other: str) -> html.Div:
    """The filters, and the answer below them."""
    viewer, home, then = moments.looking(as_of)
    kinds = [(c.code, _(c.title)) for c in house().library.codes["instrument_types"].codes]
    return html.Div(
        [
            filters.row(
                [
                    filters.select(
                        "country",
                        _("Country"),
                        [("", _("All countries")), *norms.countries(viewer, home, then.version)],
                        country,
                    ),
                    filters.select("kind", _("Type"), [("", _("All types")), *kinds], kind),
                    moments.chooser(as_of),
                ]
            ),
            html.Div(results(country, kind, as_of), id="norms-results"),
        ]
    )


def results(country: str, kind: str, as_of: str) -> list[Any]:
    """Everything below the filters, drawn for the viewer who asks."""
    viewer, home, then = moments.looking(as_of)
    found = norms.norms(viewer, home, country=country, kind=kind, version=then.version)
    head = moments.head(then, _(QUESTION), found.answer)
    if not found.countries:
        return [
            head,
            components.empty(
                _("There is no ratification here that you can read."),
                _("See all registers; a coordinator sends them with the dataset “Ratifications”."),
                "/register",
            ),
        ]

    def link(code: str, place: str) -> str:
        kept = {"country": place, "kind": kind, "as_of": then.key}
        return "/norms?" + urlencode({name: value for name, value in kept.items() if value}) + "#norms-listed"

    parts: list[Any] = [
        head,
        tables.matrix(
            found.matrix,
            figure_id="norms-matrix",
            key="instrument",
            groups=[("", _("Countries"), list(found.countries))],
            mark=marks.norm,
            href=link if len(found.countries) > 1 else None,
            title=found.finding,
            legend=marks.norm_key(found.part),
            words=norms.STATES,
        ),
    ]
    if found.silent:
        parts.append(
            components.notice(
                "info",
                _("Not looked up yet"),
                _("Of these countries nothing was registered: {names}.", names=", ".join(found.silent)),
            )
        )
    if len(found.countries) == 1:
        parts += [
            html.H2(found.listed.title),
            tables.data_table(found.listed, figure_id="norms-listed"),
        ]
    else:
        parts.append(
            html.P(
                _("Choose a country, or a mark in the table, to read dates, sources and notes one by one."),
                className="muted",
                id="norms-listed",
            )
        )
    return parts


@callback(
    Output("norms-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in NAMES),
    Input("head", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(country: str, kind: str, as_of: str, _head: Any) -> list[Any]:
    """Draw anew when a choice changed or the record moved."""
    return results(*map(filters.chosen, (country, kind, as_of)))


page(
    __name__,
    path="/norms",
    title=N_("Norms"),
    permission="view coverage",
    layout=layout,
    nav=N_("Norms"),
    order=45,
    requirements=("R33", "R34", "R35"),
)
