"""/submissions: what was sent, and what waits for me?"""

from __future__ import annotations

from typing import Any

from dash import Input, Output, State, ctx, dcc, html, no_update

from dashboard.intake.submissions import STATES
from dashboard.people import organisations
from dashboard.reference import periods
from dashboard.reference.text import N_, _, moment, n_, number
from dashboard.reports import review as waiting
from dashboard.reports import submissions
from dashboard.web import components, filters, marks, moments, review, tables
from dashboard.web.guard import callback, current_viewer, house, page

QUESTION = N_("What was sent, and what waits for somebody?")
MOST = 50
"""So many files one page shows; the filters lead to the others."""


def layout(
    state: str = "", dataset: str = "", country: str = "", period: str = "", as_of: str = "", **_other: str
) -> html.Div:
    """The filters, and the list below them; it is always of now, and says so where the address keeps a moment."""
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
            *([_always_now()] if moments.looking(as_of)[2].past else []),
            html.Div(id="submissions-moved", role="status"),
            html.Div(results(state, dataset, country, period), id="submissions-results"),
        ]
    )


def _always_now() -> html.Div:
    return components.notice(
        "warning",
        _("This page always shows now"),
        _("Other pages show the record as it stood; files, and what waits for somebody, are shown as they are today."),
    )


def results(state: str, dataset: str, country: str, period: str) -> list[Any]:
    """The list: what her own organisation has to do, what waits for review, then the newest.

    Whoever reviews gets what waits for review as a list to choose from.
    """
    viewer, home = current_viewer(), house()
    asked = {"dataset": dataset, "country": country, "period": period}
    state = state if state in STATES else ""
    if state == "submitted" and waiting.reviews(viewer):
        return _to_review(waiting.queue(viewer, home, **asked))
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
    several = [_several(totals.waiting)] if totals.waiting and waiting.reviews(viewer) else []
    steps = [submissions.next_step(viewer, home, row) for row in rows]
    header = [_("Dataset"), _("Organisation"), _("Quarter"), _("State"), _("Since"), _("Rows")]
    if any(steps):
        header.append(_("What you do next"))
    return [
        head,
        *several,
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
                                    *([html.Td(step)] if any(steps) else []),
                                ]
                            )
                            for row, step in zip(rows, steps, strict=True)
                        ]
                    ),
                ],
                className="table-plain",
            ),
            _("Submissions"),
        ),
    ]


def _several(count: int) -> html.Div:
    """The way to the list on which several files are reviewed with one step, before each is opened by itself."""
    said = n_("{count} file waits for review", "{count} files wait for review", count)
    # A target makes it a plain link: the page is this one, with another list.
    way = html.A(
        _("See what each changes, and accept or return several at once"), href="?state=submitted", target="_self"
    )
    return components.notice("info", said, html.P(way))


def _to_review(queue: waiting.Queue) -> list[Any]:
    """The review list: each file in a line, to choose several and take one step with all."""
    clean = sum(file.clean for file in queue.files)
    answer = n_(
        "{count} file waits for your review, {clean} without open warnings.",
        "{count} files wait for your review, {clean} without open warnings.",
        queue.total,
        clean=number(clean),
    )
    if len(queue.files) < queue.total:
        shown = number(len(queue.files))
        answer = f"{answer} {_('The {shown} oldest are shown.', shown=shown)}"
    head = components.page_head(_("Which files wait for your review?"), answer)
    known = dcc.Store(id="review-known", data=[list(one) for one in queue.known])
    if not queue.files:
        done = components.empty(_("Nothing waits for your review."), _("See all files."), "/submissions")
        return [head, done, known]
    return [head, review.form(queue), known]


@callback(
    Output("submissions-results", "children"),
    Output("submissions-moved", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in ("state", "dataset", "country", "period")),
    Input("head", "data"),
    State("review-known", "data", allow_optional=True),
    permission="view submissions",
    prevent_initial_call=True,
)
def redraw(state: str, dataset: str, country: str, period: str, _head: Any, known: Any) -> Any:
    """Draw anew when a filter changed or the record moved; a list that somebody chooses from stays, and is said to be
    of a while ago."""
    state, dataset, country, period = map(filters.chosen, (state, dataset, country, period))
    if known and ctx.triggered_id == "head" and state == "submitted" and waiting.reviews(current_viewer()):
        now = waiting.known(current_viewer(), house(), dataset=dataset, country=country, period=period)
        return no_update, _moved() if [list(one) for one in now] != known else None
    return results(state, dataset, country, period), None


def _moved() -> html.Div:
    # A target makes it a plain link: the address is that of the page, which a link of Dash's would not draw again.
    again = html.A(_("Load the list again"), href="/submissions?state=submitted", target="_self")
    return components.notice("info", _("Somebody sent or reviewed a file since"), html.P(again))


page(
    __name__,
    path="/submissions",
    title=N_("Submissions"),
    permission="view submissions",
    layout=layout,
    nav=N_("Submissions"),
    order=70,
)
