"""/coverage: which essential services exist on which side of a corridor, and are they open to migrant women?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import Input, Output, html

from dashboard.charts.coverage import services_by_country
from dashboard.reference import periods
from dashboard.reference.table import Table
from dashboard.reference.text import N_, _
from dashboard.reports import coverage, places, referral_paths, trained_staff
from dashboard.reports.moments import Moment
from dashboard.web import components, filters, marks, moments, tables
from dashboard.web.figure import figure
from dashboard.web.guard import callback, house, page

QUESTION = N_("Which services exist on which side of a corridor, and are they open to migrant women?")
NAMES = ("corridor", "country", "period", "framework", "service", "place", "as_of")


def layout(
    corridor: str = "",
    country: str = "",
    period: str = "",
    framework: str = "",
    service: str = "",
    place: str = "",
    as_of: str = "",
    **_other: str,
) -> html.Div:
    """The filters, and the answer below them."""
    viewer, home, then = moments.looking(as_of)
    quarters = coverage.reported_periods(viewer, home, then.version)
    last = coverage.default_period(viewer, home, then.version)
    chosen = period if period in quarters else last
    known = coverage.frameworks(viewer, home)
    shown = framework if framework in dict(known) else known[0][0]
    tracked = places.corridors(home, periods.parse(chosen).end)
    services, countries = _on_offer(chosen, shown)
    return html.Div(
        [
            filters.row(
                [
                    filters.select(
                        "corridor",
                        _("Corridor"),
                        [("", _("All corridors"))] + [(c.code, places.corridor_title(home, c)) for c in tracked],
                        corridor,
                    ),
                    filters.select("country", _("Country"), [("", _("All countries")), *countries.items()], country),
                    filters.select(
                        "period", _("Quarter"), [(p, periods.parse(p).label) for p in quarters], period, last
                    ),
                    filters.select("framework", _("Services of"), known, framework),
                    filters.select(
                        "service",
                        _("Who offers"),
                        [("", _("Choose a service")), *services.items()],
                        service,
                    ),
                    filters.select("place", _("Offered in"), [("", _("Choose a country")), *countries.items()], place),
                    moments.chooser(as_of),
                ]
            ),
            html.Div(results(corridor, country, chosen, shown, service, place, as_of), id="coverage-results"),
        ]
    )


def _on_offer(period: str, framework: str) -> tuple[dict[str, str], dict[str, str]]:
    """Services and countries that can be chosen, code to name."""
    home, day = house(), periods.parse(period).end
    services = home.library.codes["services"].where(framework=framework)
    shown = dict.fromkeys(c for by in places.sides(home, day).values() for c in by)
    return {c.code: coverage.named(c) for c in services}, {c: home.library.title("countries", c) for c in shown}


def results(
    corridor: str, country: str, period: str, framework: str, service: str, place: str, as_of: str
) -> list[Any]:
    """Everything below the filters, drawn for the viewer who asks."""
    viewer, home, then = moments.looking(as_of)
    if period not in coverage.reported_periods(viewer, home, then.version):
        period = coverage.default_period(viewer, home, then.version)
    known = coverage.frameworks(viewer, home)
    framework = framework if framework in dict(known) else known[0][0]
    corridor = corridor if corridor in {c.code for c in places.corridors(home, periods.parse(period).end)} else ""
    services, countries = _on_offer(period, framework)
    service, place = service if service in services else "", place if place in countries else ""
    found = coverage.coverage(
        viewer,
        home,
        period=period,
        framework=framework,
        corridor=corridor,
        country=country,
        version=then.version,
    )
    head = moments.head(then, _(QUESTION), found.answer)
    if not found.late and (found.counts.frame.empty or not found.counts.frame[list(coverage.STATES)].to_numpy().any()):
        return [
            head,
            components.empty(
                _("No coverage has been reported for this choice."),
                _("Agencies send it quarterly. Choose another quarter, or send a file."),
                "/submit",
            ),
        ]

    kept = {"corridor": corridor, "country": country, "period": found.period, "framework": framework}
    kept["as_of"] = then.key

    def link(code: str, column: str) -> str:
        where = kept | {"service": code, "place": column.split(":", 1)[1]}
        return "/coverage?" + urlencode({name: value for name, value in where.items() if value}) + "#providers"

    parts: list[Any] = [
        head,
        _who_offers(service, place, found, as_of),
        figure(
            found.counts,
            services_by_country(found.counts),
            figure_id="coverage-counts",
            title=found.finding,
            subtitle=_("Number of services by what was reported, {period}", period=periods.parse(found.period).label),
            reading=_(
                "Each bar is the same {total} services; the longer its dark part, the more of them are reported as open"
                " whatever the status.",
                total=len(found.matrix.frame),
            ),
        ),
        tables.matrix(
            found.matrix,
            figure_id="coverage-matrix",
            key="service",
            groups=[
                (side, _(places.SIDES[side]), [f"{side}:{c}" for c in on_side]) for side, on_side in found.sides.items()
            ],
            mark=marks.coverage,
            href=link,
            legend=marks.coverage_key(),
            words=coverage.STATES,
        ),
    ]
    if found.late:
        parts.append(
            components.notice(
                "info",
                _("Not handed in for {period}, or returned", period=periods.parse(found.period).label),
                _(
                    "{names}. What they last said is shown, as with those whose newer report waits for review.",
                    names=", ".join(found.late),
                ),
            )
        )
    return [*parts, *_around(country, found.period, then)]


def _around(country: str, period: str, then: Moment) -> list[html.Section]:
    """How women are led from one service to the next (R90), and who behind the services was trained on them (R56)."""
    viewer, home, _then = moments.looking(then.key)
    ways = referral_paths.by_sectors(viewer, home, period=period, country=country, version=then.version)
    trained = trained_staff.by_sector(viewer, home, period=period, country=country, version=then.version)
    return [
        _unfolding("ways", _("By which ways is a woman led on?"), referral_paths.answer(viewer, ways), ways),
        _unfolding(
            "training", _("Whose staff were told what women migrant workers face?"), trained.answer, trained.table
        ),
    ]


def _unfolding(name: str, title: str, answer: str, table: Table) -> html.Section:
    """A question with its answer, and the table behind it for whoever wants it."""
    return html.Section(
        [
            html.H2(title, id=f"{name}-title"),
            html.P(answer),
            tables.foot(
                table,
                name,
                None,
                html.Details(
                    [
                        html.Summary(_("Show the same as a table")),
                        tables.scrolling(tables.grid(table, table.title), table.title),
                    ],
                    className="as-table",
                ),
            ),
        ],
        className="figure",
        **marks.aria(labelledby=f"{name}-title"),
    )


def _who_offers(service: str, place: str, found: coverage.Coverage, as_of: str) -> Any:
    if not service or not place:
        return None
    viewer, home, then = moments.looking(as_of)
    table = coverage.providers(viewer, home, service=service, country=place, period=found.period, version=then.version)
    if table.frame.empty:
        cells = found.matrix.frame
        told = service in cells.index and any(
            cells.at[service, column] for column in cells.columns if column.endswith(f":{place}")
        )
        said = (
            _("It was reported on by others, whose reports you do not see.")
            if told
            else _("Nobody reported on this service in this country; it may still exist.")
        )
        return html.Section(components.empty(table.title, said), id="providers")
    return html.Section([html.H2(table.title), tables.records(table)], id="providers")


@callback(
    Output("coverage-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in NAMES),
    Input("head", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(
    corridor: str, country: str, period: str, framework: str, service: str, place: str, as_of: str, _head: Any
) -> list[Any]:
    """Draw anew when a filter changed or the record moved."""
    return results(*map(filters.chosen, (corridor, country, period, framework, service, place, as_of)))


page(
    __name__,
    path="/coverage",
    title=N_("Service coverage"),
    permission="view coverage",
    layout=layout,
    nav=N_("Services"),
    order=20,
    charts=True,
    requirements=("R3", "R17", "R18", "R20", "R82", "R84", "R85", "R104"),
)
