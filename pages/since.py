"""/since: what changed since the last meeting, in sentences and as a table?"""

from __future__ import annotations

from typing import Any

from dash import Input, Output, html

from dashboard.reference.text import N_, _
from dashboard.reports import moments as moments_report
from dashboard.reports import since
from dashboard.reports.since import SUBJECTS, Since
from dashboard.web import components, filters, moments, tables
from dashboard.web.guard import callback, current_viewer, house, page
from dashboard.web.marks import aria

QUESTION = N_("What changed since the last meeting?")
NAMES = ("country", "from_moment", "as_of")
NAMED = 25
"""So many changes of one kind are said in sentences; of more, the rest is in the table."""


def layout(country: str = "", from_moment: str = "", as_of: str = "", **_other: str) -> html.Div:
    """The country and both moments, and what changed between them."""
    viewer, home = current_viewer(), house()
    found = since.since(viewer, home, country=country, earlier=from_moment, later=as_of)
    usual = _("The last meeting before it")
    past = [(key, title or usual) for key, title in moments_report.options(viewer, home, from_moment) if key]
    return html.Div(
        [
            filters.row(
                [
                    filters.select("country", _("Country"), since.choices(viewer, home), found.country),
                    filters.select("from_moment", _("From"), [("", usual), *past], from_moment),
                    filters.select("as_of", _("To"), moments_report.options(viewer, home, as_of), as_of),
                ]
            ),
            html.Div(_drawn(found), id="since-results"),
        ]
    )


def _drawn(found: Since) -> list[Any]:
    """Everything below the filters."""
    parts: list[Any] = [
        moments.head(found.then, _(QUESTION), found.answer),
        *(html.P(said) for said in found.told),
        *(
            [
                components.notice(
                    "info",
                    _("The earlier moment comes first"),
                    _("They were chosen the other way round, so they were exchanged."),
                )
            ]
            if found.exchanged
            else []
        ),
        html.Div([_section(found, subject) for subject in SUBJECTS], className="since-parts"),
    ]
    if not found.changes:
        return [*parts, _foot(found)]
    return [
        *parts,
        _foot(found),
        html.H2(_("The same as a table")),
        tables.data_table(found.table, figure_id="since-table"),
    ]


def _section(found: Since, subject: str) -> html.Section:
    changes = [change for change in found.changes if change.subject == subject]
    head = html.H2(_(SUBJECTS[subject]), id=f"since-{subject}")
    if not changes:
        body: Any = html.P(_("Nothing changed."))
    else:
        body = html.Ul([html.Li([change.said, *_more(change.href, change.what)]) for change in changes[:NAMED]])
    rest = len(changes) - NAMED
    more = [html.P(_("And {count} more, in the table below.", count=rest))] if rest > 0 else []
    return html.Section([head, body, *more], **aria(labelledby=f"since-{subject}"))


def _more(href: str, what: str) -> list[Any]:
    """A link to where a change is told at length, where there is such a place."""
    said: list[Any] = [_("Open"), html.Span(f": {what}", className="visually-hidden")]
    return [" ", html.A(said, href=href, className="since-open")] if href else []


def _foot(found: Since) -> html.P:
    """The sentences to take along."""
    name = f"since-{found.country}-{found.former.day.isoformat()}.txt"
    if house().settings.demo:
        name = f"demo-{name}"
    text = found.text if not house().settings.demo else _("Demonstration data.") + "\n" + found.text
    save: dict[str, Any] = {"data-download": name, "data-content": text.replace("\n", "\r\n")}
    return html.P(
        html.Button(_("Save these sentences as text"), type="button", className="link-button", **save),
        className="figure-actions",
    )


@callback(
    Output("since-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in NAMES),
    Input("head", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(country: str, from_moment: str, as_of: str, _head: Any) -> list[Any]:
    """Draw anew when a choice changed or the record moved."""
    country, earlier, later = map(filters.chosen, (country, from_moment, as_of))
    return _drawn(since.since(current_viewer(), house(), country=country, earlier=earlier, later=later))


page(__name__, path="/since", title=N_("Since the last meeting"), permission="view coverage", layout=layout)
