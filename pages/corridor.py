"""/corridor/<origin>-<destination>: what holds for a woman at both ends, and where does it break?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import Input, Output, State, dcc, html

from dashboard.reference import periods, text
from dashboard.reference.text import N_, _
from dashboard.reports import agreements, corridor, corridors, coverage
from dashboard.reports.agreements import Agreement
from dashboard.reports.corridor import Ends
from dashboard.web import components, filters, marks, moments, tables
from dashboard.web.guard import callback, page
from dashboard.web.marks import aria

QUESTION = N_("{corridor}: what holds at both ends, and where does it break?")
NAMES = ("period", "framework", "as_of")
HERS = N_("Not shown to you; there may be some.")
_SAID = (
    ("parties", N_("Parties")),
    ("review_result", N_("What the last review found")),
    ("gap", N_("What is missing")),
    ("next_step", N_("Next step")),
    ("source", N_("Source")),
)


def layout(ends: str = "", period: str = "", framework: str = "", as_of: str = "", **_other: str) -> html.Div:
    """The filters, and the answer below them."""
    viewer, home, then = moments.looking(as_of)
    if _chosen(ends, viewer, home) is None:
        return html.Div(_unknown())
    quarters = coverage.reported_periods(viewer, home, then.version)
    chosen = period if period in quarters else coverage.default_period(viewer, home, then.version)
    known = coverage.frameworks(viewer, home)
    shown = framework if framework in dict(known) else known[0][0]
    return html.Div(
        [
            filters.row(
                [
                    filters.select("period", _("Quarter"), [(p, periods.parse(p).label) for p in quarters], chosen),
                    filters.select("framework", _("Services of"), known, shown),
                    moments.chooser(as_of),
                ],
                clear=False,
            ),
            html.Div(results(ends, chosen, shown, as_of), id="corridor-results"),
            dcc.Store(id="corridor-ends", data=ends),
        ]
    )


def _chosen(ends: str, viewer: Any, home: Any) -> Any:
    """The tracked corridor that the address names, in either case."""
    origin, _dash, destination = ends.upper().partition("-")
    return corridor.known(home, viewer, origin, destination)


def _unknown() -> list[Any]:
    return [
        components.page_head(
            _("There is no such corridor here"),
            _("The address names two countries between which no corridor is tracked."),
        ),
        html.P(html.A(_("See all corridors"), href="/corridors")),
    ]


def results(ends: str, period: str, framework: str, as_of: str) -> list[Any]:
    """Everything below the filters, drawn for the viewer who asks."""
    viewer, home, then = moments.looking(as_of)
    chosen = _chosen(ends, viewer, home)
    if chosen is None:
        return _unknown()
    found = corridor.corridor(viewer, home, chosen, period=period, framework=framework, version=then.version)
    kept = {"corridor": chosen.code, "period": found.period, "framework": framework, "as_of": then.key}

    def link(code: str, column: str) -> str:
        if ":" not in column:
            return ""
        where = kept | {"service": code, "place": column.split(":", 1)[1]}
        return "/coverage?" + urlencode({name: value for name, value in where.items() if value}) + "#providers"

    title = home.library.title
    return [
        part
        for part in (
            _head(found, then, {"period": found.period, "framework": framework, "as_of": then.key}),
            tables.matrix(
                found.services,
                figure_id="corridor-services",
                key="service",
                groups=[
                    ("origin", _("Where she comes from"), [f"origin:{chosen.origin}"]),
                    ("destination", _("Where she works"), [f"destination:{chosen.destination}"]),
                    ("link", _("Together"), ["link"]),
                ],
                mark=marks.end_or_link,
                href=link,
                title=found.finding,
                words=coverage.STATES | {corridor.LINK + name: words for name, words in corridors.LINKS.items()},
            ),
            _agreements(home, found),
            _section(
                "corridor-embassy",
                _("Is she put in touch with her embassy?"),
                [html.Ul([html.Li(said) for said in found.embassies])]
                if found.embassies
                else [html.P(_(HERS) if found.part else _("No agreement in force says how."), className="muted")],
            ),
            _section(
                "corridor-return",
                _("Do cases go on after she has returned?"),
                [tables.data_table(found.continued, figure_id="corridor-continued")]
                if found.continued is not None
                else [
                    html.P(
                        _(
                            "Counts of cases are read here by whoever was trained, within her own reach; for all others"
                            " they are not released."
                        )
                        if found.continued_hidden
                        else _(
                            "{country} has not reported cases for this corridor.",
                            country=title("countries", chosen.origin),
                        ),
                        className="muted",
                    )
                ],
            ),
            _section(
                "corridor-pathways",
                _("Which ways of referral lead along it?"),
                [tables.data_table(found.pathways, figure_id="corridor-referral")]
                if found.pathways is not None
                else [
                    html.P(
                        _(HERS) if found.part else _("No way of referral is registered for this corridor."),
                        className="muted",
                    )
                ],
            ),
        )
        if part is not None
    ]


def _head(found: Ends, then: Any, kept: dict[str, str]) -> html.Div:
    query = urlencode({name: value for name, value in kept.items() if value})
    trail = [html.Li(html.A(_("Corridors"), href="/corridors" + (f"?{query}" if query else ""))), html.Li(found.title)]
    flow = (
        _("Migrant workers on this corridor: {flow}. Source: {source}.", flow=found.flow, source=found.flow_source)
        if found.flow
        else _("How many go this way: no figure with a source is known.")
    )
    return html.Div(
        [
            moments.banner(then),
            html.Nav(html.Ol(trail), className="breadcrumbs", **aria(label=_("Where you are"))),
            html.H1(
                _("{corridor}: what holds at both ends, and where does it break?", corridor=found.title), tabIndex=-1
            ),
            components.answer_line(found.answer),
            html.P(flow, className="figure-subtitle"),
        ],
        className="page-head",
    )


def _agreements(home: Any, found: Ends) -> html.Section:
    parts: list[Any] = []
    if found.part and not found.agreements:
        parts.append(html.P(_(HERS), className="muted"))
    elif not found.agreements:
        parts.append(
            components.empty(
                _("No agreement is registered for this corridor."),
                _("Either country's coordinator registers one with the dataset “Agreements on labour migration”."),
                "/submit",
            )
        )
    parts += [_agreement(home, one) for one in found.agreements]
    if found.clauses is not None:
        parts.append(
            tables.matrix(
                found.clauses,
                figure_id="corridor-clauses",
                key="clause",
                groups=[("", "", [c.name for c in found.clauses.columns[1:]])],
                mark=marks.clause,
                words=marks.CLAUSES,
            )
        )
    return _section("corridor-agreement", _("What has been agreed between the two countries?"), parts)


def _agreement(home: Any, one: Agreement) -> html.Article:
    """One agreement in words: how it stands, since when, and what is to be done."""
    days = agreements.dates(one)
    said = [
        (_("State"), agreements.state_words(home, one) + (f" ({days})" if days else "")),
        *((_(words), one.said(field)) for field, words in _SAID if one.said(field)),
        (_("Registered by"), one.registered_by),
    ]
    if (checked := one.on("checked_on")) is not None:
        said.append((_("Checked on"), text.day(checked)))
    return html.Article(
        [
            html.H3(one.title),
            *(
                [
                    components.notice(
                        "warning",
                        _("It limits women's work or migration"),
                        _("Such a limit is not rights-based: it takes safe ways away and counts as no protection."),
                    )
                ]
                if one.restricts
                else []
            ),
            html.Dl([html.Div([html.Dt(words), html.Dd(value)]) for words, value in said]),
        ],
        className="record",
    )


def _section(name: str, title: str, parts: list[Any]) -> html.Section:
    return html.Section([html.H2(title, id=f"{name}-title"), *parts], id=name, **aria(labelledby=f"{name}-title"))


@callback(
    Output("corridor-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in NAMES),
    Input("head", "data"),
    State("corridor-ends", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(period: str, framework: str, as_of: str, _head: Any, ends: str) -> list[Any]:
    """Draw anew when a choice changed or the record moved."""
    return results(filters.chosen(ends), *map(filters.chosen, (period, framework, as_of)))


page(
    __name__,
    path_template="/corridor/<ends>",
    path="/corridor",
    title=N_("Corridor"),
    permission="view coverage",
    layout=layout,
    nav=None,
    order=26,
)
