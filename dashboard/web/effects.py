"""What a file does to the headline figures, as a short table: now, and with this file. Never judges a change."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.reference.text import _
from dashboard.reports.effects import Effects, Figure
from dashboard.web import marks, tables


def section(found: Effects | None) -> Any:
    """The table; None for a file that moves no figure that is shown here."""
    if found is None or not (found.rows or found.told):
        return None
    title = _("What it does to the headline figures")
    body: list[Any] = [html.H2(title)]
    if found.rows:
        header = [_("Figure"), _("Now"), _("With this file")]
        rows = [
            html.Tr(
                [
                    html.Th(row.title, scope="row"),
                    html.Td(_said(row.now), className="number"),
                    html.Td(
                        [html.Strong(_said(row.then))] if row.moves else [_said(row.then), *_same(row.then)],
                        className="number",
                    ),
                ]
            )
            for row in found.rows
        ]
        table = html.Table(
            [html.Thead(html.Tr([html.Th(words, scope="col") for words in header])), html.Tbody(rows)],
            className="table-plain",
        )
        body.append(tables.scrolling(table, title))
    body += [html.P(told, className="hint") for told in found.told]
    return html.Section(body)


def _said(figure: Figure) -> Any:
    """The figure, or why there is none; a figure that is not final says so beside it."""
    mark = marks.status(figure.status)
    return [figure.words, " ", mark] if figure.words and mark else figure.words or mark or ""


def _same(figure: Figure) -> list[Any]:
    """That a figure stays; of one that is not shown nothing is said."""
    return [html.Small([" ", _("as it is")], className="hint")] if figure.words else []
