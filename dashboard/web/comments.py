"""A reviewer's comments on rows: the list that everybody with the file reads, and her form. Never keeps one itself."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.intake import remarks
from dashboard.intake.remarks import Remark
from dashboard.reference.contracts import Contract
from dashboard.reference.text import _, moment
from dashboard.reports.submissions import Detail
from dashboard.web import tables


def section(found: Detail, contract: Contract | None) -> Any:
    """The comments so far, with the form for who reviews the file now; None where there is neither."""
    writes = "remark" in found.may and contract is not None
    if not (found.remarks or writes):
        return None
    return html.Section(
        [
            html.H2(_("Comments of the review")),
            *([_listed(found)] if found.remarks else []),
            *([_form(found, contract)] if writes and contract else []),
        ]
    )


def _where(remark: Remark) -> str:
    if remark.row_number is None:
        return " · ".join(part for part in (_("Whole file"), remark.column) if part)
    return " · ".join(part for part in (_("Row {row}", row=remark.row_number), remark.column) if part)


def _listed(found: Detail) -> html.Div:
    title = _("Comments of the review")
    header = [_("Where"), _("Comment"), _("What stands there")]
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(words, scope="col") for words in header])),
            html.Tbody(
                [
                    html.Tr(
                        [
                            html.Th(_where(remark), scope="row"),
                            html.Td(
                                [remark.text, html.Br(), html.Small(f"{remark.by_name}, {moment(remark.recorded_at)}")]
                            ),
                            html.Td(_stands(remark)),
                        ]
                    )
                    for remark in found.remarks
                ]
            ),
        ],
        className="table-plain",
    )
    address = f"/submission/{found.row['submission_id']}/remarks.csv"
    return html.Div(
        [
            tables.scrolling(table, title),
            html.P(html.A(_("Download the rows with a column of the comments (CSV)"), href=address, download="")),
        ]
    )


def _stands(remark: Remark) -> Any:
    if not remark.key and not remark.cells:
        return ""
    parts: list[Any] = [html.Strong(" · ".join(remark.key))]
    if remark.cells:
        parts += [html.Br(), html.Small("; ".join(f"{title}: {words}" for title, words in remark.cells))]
    return parts


def _form(found: Detail, contract: Contract) -> html.Div:
    return html.Div(
        [
            html.H3(_("Comment on a row")),
            html.Div(
                [
                    html.Div(
                        [
                            dbc.Label(_("Row, as the spreadsheet counts (empty: whole file)"), html_for="remark-row"),
                            dbc.Input(id="remark-row", inputmode="numeric", autocomplete="off", maxLength=8),
                        ],
                    ),
                    html.Div(
                        [
                            dbc.Label(_("Column"), html_for="remark-column"),
                            dbc.Select(
                                id="remark-column",
                                value="",
                                placeholder=_("The whole row"),
                                options=[{"value": "", "label": _("The whole row")}]
                                + [{"value": f.name, "label": _(f.title)} for f in contract.fields],
                            ),
                        ],
                    ),
                ],
                className="filters",
            ),
            dbc.Label(
                [
                    _("Comment"),
                    html.Span(_("No count of contacts and nothing about a person."), className="hint d-block"),
                ],
                html_for="remark-text",
            ),
            dbc.Textarea(id="remark-text", maxLength=remarks.LONGEST, rows=2),
            html.Div(
                dbc.Button(
                    _("Add the comment"),
                    id={"type": "step", "step": "remark", "id": found.row["submission_id"], "knows": ""},
                    color="secondary",
                    outline=True,
                    n_clicks=0,
                ),
                className="buttons",
            ),
        ],
        className="actions",
    )
