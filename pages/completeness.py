"""/completeness: who has reported, and who is late?"""

from __future__ import annotations

from typing import Any

from dash import Input, Output, html

from dashboard.reference import periods
from dashboard.reference.text import N_, _
from dashboard.reports import completeness, reminders
from dashboard.reports.completeness import STANDINGS
from dashboard.web import components, filters, marks, markup, moments, tables
from dashboard.web.guard import callback, page

QUESTION = N_("Who has reported, and who is late?")
NAMES = ("country", "dataset", "period", "as_of")
TEXT = "reminder-text"


def layout(country: str = "", dataset: str = "", period: str = "", as_of: str = "", **_other: str) -> html.Div:
    """The filters, and the answer below them."""
    viewer, home, then = moments.looking(as_of)
    countries, datasets, quarters = completeness.choices(viewer, home, then.version)
    last = completeness.chosen_period(viewer, "")
    named = [(q, periods.parse(q).label) for q in quarters]
    return html.Div(
        [
            filters.row(
                [
                    filters.select("country", _("Country"), [("", _("All countries")), *countries], country),
                    filters.select("dataset", _("Dataset"), [("", _("All datasets")), *datasets], dataset),
                    filters.select("period", _("Quarter"), named, period, last),
                    moments.chooser(as_of),
                ]
            ),
            html.Div(results(country, dataset, period, as_of), id="completeness-results"),
        ]
    )


def results(country: str, dataset: str, period: str, as_of: str) -> list[Any]:
    """Everything below the filters, drawn for the viewer who asks."""
    viewer, home, then = moments.looking(as_of)
    country = country if country in dict(completeness.choices(viewer, home, then.version)[0]) else ""
    found = completeness.completeness(
        viewer, home, period=period, dataset=dataset, country=country, version=then.version
    )
    head = moments.head(then, _(QUESTION), found.answer)
    if not found.files:
        return [
            head,
            components.empty(
                _("Nothing was expected for this choice."),
                _("A file is expected from whoever the register marks as reporting, or sent one lately."),
            ),
        ]
    return [
        head,
        tables.matrix(
            found.matrix,
            figure_id="completeness-matrix",
            key="organisation",
            groups=[("", "", found.columns)],
            mark=marks.reporting,
            href=lambda row, column: found.links.get((row, column), ""),
            legend=marks.reporting_key(),
            words=STANDINGS,
        ),
        html.H2(found.totals.title),
        tables.data_table(found.totals, figure_id="completeness-totals"),
        *_reminder(reminders.reminder(viewer, home, found), reminders.filename(home, found)),
        html.Details(
            [
                html.Summary(_("Show the same file by file")),
                tables.data_table(found.listed, figure_id="completeness-files"),
            ],
            className="as-table",
        ),
    ]


def _reminder(text: str, name: str) -> list[Any]:
    """The list to copy into an e-mail; as text, so that a press of the button copies what stands there now."""
    if not text:
        return []
    copy: dict[str, Any] = {
        "data-copy": TEXT,
        "data-copied": _("Copied."),
        "data-selected": _("The text is selected: copy it with Ctrl+C, or with your device's own menu."),
    }
    save: dict[str, Any] = {"data-download": name, "data-content": text.replace("\n", "\r\n")}
    lines = text.count("\n") + 1
    return [
        html.H2(_("What to remind organisations of"), id="reminder"),
        html.Div(
            [
                html.P(_("Copy it into an e-mail; it names organisations and files, and no person.")),
                markup.whole(
                    html.Div(
                        [
                            html.Textarea(
                                text,
                                id=TEXT,
                                readOnly="readonly",
                                rows=str(min(lines, 24)),
                                **marks.aria(label=_("What to remind organisations of")),
                            ),
                            html.Div(
                                [
                                    html.Button(_("Copy the text"), type="button", className="button", **copy),
                                    html.Button(
                                        _("Save it as a text file"), type="button", className="link-button", **save
                                    ),
                                    html.Span(id=f"{TEXT}-said", role="status"),
                                ],
                                className="buttons",
                            ),
                        ]
                    )
                ),
            ],
            className="table-figure copied",
        ),
    ]


@callback(
    Output("completeness-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in NAMES),
    Input("head", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(country: str, dataset: str, period: str, as_of: str, _head: Any) -> list[Any]:
    """Draw anew when a filter changed or the record moved."""
    return results(*map(filters.chosen, (country, dataset, period, as_of)))


page(
    __name__,
    path="/completeness",
    title=N_("Reporting"),
    permission="view coverage",
    layout=layout,
    nav=N_("Reporting"),
    order=40,
)
